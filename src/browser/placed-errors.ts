/**
 * Which field of a form each thing that was refused belongs to.
 */

/** One thing that is wrong: where, the rule that it breaks, and a sentence. */
export interface PlacedError {
  readonly pointer: string;
  readonly rule: string;
  readonly message: string;
}

/**
 * The errors by field. An error stands at the field with its pointer, or with the nearest one around it; those of no field are
 * under the pointer ''.
 */
export function placeErrors(
  errors: readonly PlacedError[],
  fields: readonly string[],
): ReadonlyMap<string, readonly PlacedError[]> {
  const placed = new Map<string, readonly PlacedError[]>();
  for (const error of errors) {
    const around = fields.filter((field) => error.pointer === field || error.pointer.startsWith(`${field}/`));
    const at = around.reduce((nearest, field) => (field.length > nearest.length ? field : nearest), '');
    placed.set(at, [...(placed.get(at) ?? []), error]);
  }
  return placed;
}

/** An error as a field tells it that says itself, in words, what a pattern says in signs: `"a b" is not like that.` */
export function inWords({ rule, message }: PlacedError, saysFormat: boolean): string {
  if (rule !== 'pattern' || !saysFormat) return message;
  const [, received = 'This'] = /Received (.*)\.$/.exec(message) ?? [];
  return `${received} is not like that.`;
}
