/**
 * JSON pointers (RFC 6901) into messages.
 */
import { isArray, isObject, type JsonValue } from './json.js';

const syntax = /^(?:\/(?:[^/~]|~[01])*)*$/;

/** The names and indexes that a pointer goes through; `undefined` if it is none. */
export function pointerTokens(pointer: string): readonly string[] | undefined {
  if (!syntax.test(pointer)) return undefined;
  return pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** What stands where the tokens lead; `undefined` if nothing does. */
export function valueAt(value: JsonValue | undefined, tokens: readonly (string | number)[]): JsonValue | undefined {
  let found = value;
  for (const token of tokens) {
    if (isArray(found)) found = /^(?:0|[1-9]\d*)$/.test(String(token)) ? found[Number(token)] : undefined;
    else found = isObject(found) && Object.hasOwn(found, token) ? found[token] : undefined;
  }
  return found;
}

/** A member's name as a JSON pointer's token. */
export function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
