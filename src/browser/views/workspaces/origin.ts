/**
 * What a workspace is made from, or what is put into one.
 */

export const originKinds = ['scenario', 'workspace', 'snapshot'] as const;

/** A scenario, or what a workspace or a snapshot holds. */
export interface Origin {
  readonly kind: (typeof originKinds)[number];
  readonly name: string;
}

/** As the control API takes it: `{ scenario: 'month-end' }`. */
export function originBody({
  kind,
  name,
}: Origin): { scenario: string } | { workspace: string } | { snapshot: string } {
  if (kind === 'scenario') return { scenario: name };
  return kind === 'workspace' ? { workspace: name } : { snapshot: name };
}
