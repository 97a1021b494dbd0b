/**
 * What a record must be to stand in a collection, whether a scenario, an uploaded snapshot or the control API puts it
 * there: valid by the collection's schema, with a key of its own, and naming nothing that is not there.
 */
import type { Key } from '../api.js';
import type { ApiDocument, CollectionDeclaration } from '../document.js';
import { isObject, type JsonObject, type JsonValue } from '../json.js';
import type { Validator } from '../validator.js';
import { isKey } from './records.js';

/** A place in a record, or in several, and what is wrong there. */
export interface RecordFault {
  /** JSON pointer into what was judged. */
  readonly pointer: string;
  readonly message: string;
}

/** Records by key, or why they cannot be told apart and stored. `at` is the pointer of the list. */
export function readRecords(
  { name, key, schema }: CollectionDeclaration,
  validator: Validator,
  given: readonly JsonValue[],
  at: string,
): { readonly records: ReadonlyMap<Key, JsonObject>; readonly faults: readonly RecordFault[] } {
  const records = new Map<Key, JsonObject>();
  const faults = given.flatMap((record, index): RecordFault[] => {
    const pointer = `${at}/${index}`;
    const invalid = validator.check(schema, 'response', record, 'body');
    if (invalid.length > 0 || !isObject(record)) {
      return invalid.map((detail) => ({ pointer: `${pointer}${detail.pointer}`, message: detail.message }));
    }
    const id = record[key];
    if (!isKey(id)) return [{ pointer, message: `${key} is the record's key; expected a string or a number.` }];
    if (records.has(id)) {
      return [{ pointer: `${pointer}/${key}`, message: `Another record of ${name} has the ${key} ${id}.` }];
    }
    records.set(id, record);
    return [];
  });
  return { records, faults };
}

/** Every reference of a record to a key that its collection does not hold. Null, 0 and the empty text are none. */
export function danglingReferences(
  { references }: CollectionDeclaration,
  record: JsonObject,
  at: string,
  holds: (collection: string, key: Key) => boolean,
): readonly RecordFault[] {
  return [...references].flatMap(([property, target]) => {
    const key = record[property];
    if (!isKey(key) || key === 0 || key === '' || holds(target, key)) return [];
    return [{ pointer: `${at}/${property}`, message: `There is no record ${key} in ${target}.` }];
  });
}

/** The records of the state that name a record: `{collection, key}` of each. */
export function referencesTo(
  document: ApiDocument,
  collection: string,
  key: Key,
  all: (collection: string) => readonly JsonObject[],
): readonly string[] {
  return document.collections.flatMap((declared) => {
    const naming = [...declared.references].filter(([, target]) => target === collection).map(([property]) => property);
    if (naming.length === 0) return [];
    return all(declared.name)
      .filter((record) => naming.some((property) => record[property] === key))
      .map((record) => `${declared.name} ${String(record[declared.key])}`);
  });
}
