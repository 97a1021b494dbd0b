/**
 * Bodies of answers, which may be anything.
 */
import { type JsonValue, MalformedJson, parse } from '../json.js';

/** A body as JSON, or why it is none. */
export function readJson(text: string): JsonValue | MalformedJson {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof MalformedJson) return error;
    throw error;
  }
}

/** The body of an answer as JSON; undefined if it is none. */
export function bodyOf({ text }: { readonly text: string }): JsonValue | undefined {
  const body = readJson(text);
  return body instanceof Error ? undefined : body;
}
