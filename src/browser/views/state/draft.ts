/**
 * The text of a record while it is written.
 */
import { isObject, type JsonObject, MalformedJson, parse } from '../../../json.js';
import { reasonOf } from '../../../reason.js';

/** What a text is: a record, or what keeps it from being one. */
export type Draft =
  | { readonly record: JsonObject; readonly fault?: undefined }
  | { readonly record?: undefined; readonly fault: string };

/** Reads a text; numbers keep theirs. */
export function readDraft(text: string): Draft {
  try {
    const value = parse(text);
    return isObject(value) ? { record: value } : { fault: 'A record is an object: { … }.' };
  } catch (error) {
    // Where it stops being JSON, the editor says.
    return { fault: error instanceof MalformedJson ? 'This is no JSON yet.' : `Received ${reasonOf(error)}.` };
  }
}
