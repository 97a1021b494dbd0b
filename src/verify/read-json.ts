/**
 * Bodies of answers, which may be anything.
 */
import { JsonTooLarge, type JsonValue, MalformedJson, parse } from '../json.js';

/** A body as JSON, or why it is none, or none that can be read. */
export function readJson(text: string): JsonValue | Error {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof MalformedJson || error instanceof JsonTooLarge) return error;
    throw error;
  }
}

/** The body of an answer as JSON; undefined if it is none. */
export function bodyOf({ text }: { readonly text: string }): JsonValue | undefined {
  const body = readJson(text);
  return body instanceof Error ? undefined : body;
}
