/**
 * Text for a POSIX shell.
 */

/** In single quotes, as a shell reads them. */
export function quote(value: string): string {
  return `'${value.replaceAll("'", `'\\''`)}'`;
}
