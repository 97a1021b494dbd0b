/**
 * The patterns of schemas: regular expressions of JavaScript that are read with Unicode's rules, as JSON Schema wants it, or
 * without where they only mean something so: `[\w\-]`, `\_`.
 */

/** A schema's pattern made ready. @throws {SyntaxError} if it is none either way */
export function schemaPattern(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'u');
  } catch {
    return new RegExp(pattern);
  }
}

/** Whether a pattern is a regular expression. */
export function compilesPattern(pattern: string): boolean {
  try {
    schemaPattern(pattern);
    return true;
  } catch {
    return false;
  }
}
