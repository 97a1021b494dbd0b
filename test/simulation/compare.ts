/**
 * What a model expects, and where what came is otherwise.
 */
import Big from 'big.js';
import { isArray, isNumberText, isObject, type JsonValue, numberText } from '../../src/json.js';

/**
 * A value as a model expects it. A `Big` is compared by its value. Of an object, the members that it has are compared, and
 * those that are `undefined` are not; an array is compared whole.
 */
export type Expected =
  | null
  | boolean
  | string
  | number
  | Big
  | Absent
  | readonly Expected[]
  | { readonly [name: string]: Expected | undefined };

class Absent {
  readonly #isThere = false;

  toString(): string {
    return this.#isThere ? '' : 'nothing';
  }
}

/** In the place of a member that must not be there. */
export const absent = new Absent();

/** Where what came is not what was expected, in words; at most a few. */
export function differences(expected: Expected, came: JsonValue | undefined, at: string): readonly string[] {
  const told = [...eachDifference(expected, came, at)];
  return told.slice(0, 5);
}

function* eachDifference(expected: Expected, came: JsonValue | undefined, at: string): Iterable<string> {
  if (expected instanceof Absent) {
    if (came !== undefined) yield `${at}: expected no such member, received ${shown(came)}`;
  } else if (expected instanceof Big) {
    if (!isSame(expected, came)) yield `${at}: expected ${expected.toFixed()}, received ${shown(came)}`;
  } else if (isList(expected)) {
    if (!isArray(came)) yield `${at}: expected a list, received ${shown(came)}`;
    else {
      if (came.length !== expected.length) yield `${at}: expected ${expected.length} elements, received ${came.length}`;
      for (const [index, each] of expected.entries()) {
        if (index < came.length) yield* eachDifference(each, came[index], `${at}[${index}]`);
      }
    }
  } else if (typeof expected === 'object' && expected !== null) {
    if (!isObject(came)) yield `${at}: expected an object, received ${shown(came)}`;
    else {
      for (const [name, each] of Object.entries(expected)) {
        if (each !== undefined) yield* eachDifference(each, came[name], `${at}.${name}`);
      }
    }
  } else if (expected !== came) yield `${at}: expected ${shown(expected)}, received ${shown(came)}`;
}

function isSame(expected: Big, came: JsonValue | undefined): boolean {
  return (typeof came === 'number' || isNumberText(came)) && expected.eq(numberText(came));
}

function isList(expected: Expected): expected is readonly Expected[] {
  return Array.isArray(expected);
}

function shown(value: JsonValue | undefined): string {
  if (value === undefined) return 'nothing';
  const text = isNumberText(value) ? value.value : JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
