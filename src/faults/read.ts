/**
 * Parts of a rule's JSON that its schema has judged already.
 */
import { isObject, type JsonObject, type JsonValue } from '../json.js';

/** A number, also one whose text is kept; NaN for what is none. */
export function numeric(value: JsonValue | undefined): number {
  return value === undefined || value === null ? Number.NaN : Number(String(value));
}

/** A member that is an object; `undefined` if it is none. */
export function objectAt(json: JsonObject, name: string): JsonObject | undefined {
  const member = json[name];
  return isObject(member) ? member : undefined;
}
