/**
 * What a header can have.
 */

/** A name: a token, as RFC 9110, 5.6.2 has it. For a regular expression. */
export const headerName = "[!#$%&'*+.^_`|~\\w-]+";

/** A value: HTTP's clients refuse control characters, and what is no Latin-1. For a regular expression. */
export const headerValue = '[\\t\\x20-\\x7e\\x80-\\xff]*';

const wholeName = new RegExp(`^${headerName}$`);
const wholeValue = new RegExp(`^${headerValue}$`);

/** Whether a header can be called so. */
export function isHeaderName(text: string): boolean {
  return wholeName.test(text);
}

/** Whether a header can have a text at all. */
export function canStandInHeader(text: string): boolean {
  return wholeValue.test(text);
}
