/**
 * Texts of objects that cannot change, such as stored records: written once for each way of writing them, and kept as long
 * as the object is there.
 */
import { isDeeplyFrozen } from './frozen.js';
import type { JsonObject } from './json.js';

/** A text of an object; nearly all have one. */
interface Written {
  /** Whatever stands for the way in which it was written. */
  readonly by: object;
  readonly text: string;
  /** Whether `JSON.stringify` gives the same. */
  readonly isPlain: boolean;
  readonly next: Written | undefined;
}

const known = new WeakMap<JsonObject, Written>();

/** What an object was written as in a way; `undefined` if it was not, or could change. */
export function writtenText(value: JsonObject, by: object): string | undefined {
  return find(value, (written) => written.by === by);
}

/** The text that `JSON.stringify` gives of an object, if any way of writing it came to the same; else `undefined`. */
export function plainText(value: JsonObject): string | undefined {
  return find(value, (written) => written.isPlain);
}

/** Keeps a text of an object, if it cannot change. */
export function keepText(value: JsonObject, by: object, text: string, isPlain: boolean): void {
  if (isDeeplyFrozen(value)) known.set(value, { by, text, isPlain, next: known.get(value) });
}

function find(value: JsonObject, fits: (written: Written) => boolean): string | undefined {
  let written = known.get(value);
  while (written !== undefined && !fits(written)) written = written.next;
  return written?.text;
}
