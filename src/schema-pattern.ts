/**
 * The patterns of schemas: regular expressions of JavaScript that are read with Unicode's rules, as JSON Schema wants it, or
 * without where they only mean something so: `[\w\-]`, `\_`.
 *
 * The only module that imports randexp.
 */
import RandExp from 'randexp';

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

/** How a text is chosen: the most that is repeated where there is no limit, and a number between two. */
export interface Choice {
  readonly most: number;
  readonly choose: (least: number, most: number) => number;
}

/** A text that matches; undefined for a pattern with parts that randexp cannot make texts of. */
export function textMatching(pattern: string, { most, choose }: Choice): string | undefined {
  try {
    const expression = new RandExp(pattern);
    expression.max = most;
    expression.randInt = choose;
    const text = expression.gen();
    return schemaPattern(pattern).test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}
