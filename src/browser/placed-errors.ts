/**
 * Which field of a form each thing that was refused belongs to.
 */

/** One thing that is wrong: where, and a sentence. */
export interface PlacedError {
  readonly pointer: string;
  readonly message: string;
}

/**
 * The messages by field. An error stands at the field with its pointer, or with the nearest one around it; those of no field
 * are under the pointer ''.
 */
export function placeErrors(
  errors: readonly PlacedError[],
  fields: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const placed = new Map<string, string[]>();
  for (const { pointer, message } of errors) {
    const around = fields.filter((field) => pointer === field || pointer.startsWith(`${field}/`));
    const at = around.reduce((nearest, field) => (field.length > nearest.length ? field : nearest), '');
    placed.set(at, [...(placed.get(at) ?? []), message]);
  }
  return placed;
}
