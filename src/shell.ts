/**
 * Text for a POSIX shell.
 */

/** In single quotes, as a shell reads them. */
export function quote(value: string): string {
  return `'${value.replaceAll("'", `'\\''`)}'`;
}

/** A comment on one line; what would end it, or move about on the screen, is a space. */
export function shellComment(text: string): string {
  return `# ${text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')}`;
}
