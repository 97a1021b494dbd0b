/**
 * Regular expressions that a client gives: matched in linear time, so that no expression and no text can hang the sandbox.
 *
 * The only module that imports re2js; it is loaded when the first expression comes, because few starts need it.
 */
import { createRequire } from 'node:module';
import type * as Re2js from 're2js';

/** The longest expression. A few nested counts make a much longer program of it; RE2 limits those by itself. */
const mostCharacters = 500;

/** Thrown for a text that is no regular expression of RE2, or is too long. `message` says why. */
export class MalformedPattern extends Error {
  override readonly name = 'MalformedPattern';
}

let loaded: typeof Re2js | undefined;

function library(): typeof Re2js {
  loaded ??= load();
  return loaded;
}

function load(): typeof Re2js {
  return createRequire(import.meta.url)('re2js');
}

/** Whether the expression is found anywhere in a text. @throws {MalformedPattern} */
export function compilePattern(expression: string): (text: string) => boolean {
  if (expression.length > mostCharacters) {
    throw new MalformedPattern(`longer than ${mostCharacters} characters`);
  }
  try {
    const pattern = library().RE2JS.compile(expression);
    return (text) => pattern.test(text);
  } catch (error) {
    throw new MalformedPattern(error instanceof Error ? error.message : String(error));
  }
}
