/**
 * A handler's view of a workspace's state while it carries out one request: what it reads is what it wrote. Nothing
 * reaches the workspace before {@link Transaction.changes} are committed.
 */
import type { Collection, Key } from '../api.js';
import { deepFreeze } from '../frozen.js';
import { isObject, type JsonObject, type JsonValue } from '../json.js';
import { type Changes, isKey, keyOf, type Records } from './records.js';

/** The working copy of one collection. */
export class WorkingCopy implements Collection<JsonObject> {
  readonly #written = new Map<Key, JsonObject | null>();

  constructor(private readonly records: Records) {}

  /** What was written; empty if nothing was. */
  get changes(): Changes {
    return this.#written;
  }

  get size(): number {
    let size = this.records.size;
    for (const [key, record] of this.#written) {
      size += (record === null ? 0 : 1) - (this.records.get(key) === undefined ? 0 : 1);
    }
    return size;
  }

  get(key: Key): JsonObject | undefined {
    const written = this.#written.get(key);
    return written === undefined ? this.records.get(key) : (written ?? undefined);
  }

  has(key: Key): boolean {
    return this.get(key) !== undefined;
  }

  all(): JsonObject[] {
    return this.#present([...this.records.base.keys(), ...this.records.added(), ...this.#new()]);
  }

  where(property: string, value: Key): JsonObject[] {
    const candidates = this.records.candidates(property, value);
    const keys = this.#written.size === 0 ? candidates : this.#ordered(candidates);
    return this.#present(keys).filter((record) => record[property] === value);
  }

  insert(record: JsonObject): void {
    const key = this.#key(record);
    if (this.has(key)) throw new Error(`${this.records.base.name} already has a record ${key}.`);
    // A record that this request took away and brings back stands where it was inserted last.
    this.#written.delete(key);
    this.#written.set(key, deepFreeze(record));
  }

  replace(record: JsonObject): void {
    const key = this.#key(record);
    if (!this.has(key)) throw new Error(`${this.records.base.name} has no record ${key} to replace.`);
    this.#written.set(key, deepFreeze(record));
  }

  remove(key: Key): void {
    if (!this.has(key)) throw new Error(`${this.records.base.name} has no record ${key} to remove.`);
    this.#written.set(key, null);
  }

  #key(record: JsonObject): Key {
    return keyOf(record, this.records.base.key);
  }

  /** The keys that this transaction adds to those that were there. */
  #new(): Key[] {
    return [...this.#written.keys()].filter((key) => !this.records.knows(key));
  }

  /** The candidates and every written key, in the order of `all`; the sort is stable, so new keys keep their order. */
  #ordered(candidates: readonly Key[]): readonly Key[] {
    const keys = [...new Set([...candidates, ...this.#written.keys()])];
    return keys.sort((left, right) => this.records.position(left) - this.records.position(right));
  }

  #present(keys: Iterable<Key>): JsonObject[] {
    const records: JsonObject[] = [];
    for (const key of keys) {
      const record = this.get(key);
      if (record !== undefined) records.push(record);
    }
    return records;
  }
}

/** What one request changed in one api, as it is committed and kept on disk. */
export interface ApiChanges {
  readonly collections: ReadonlyMap<string, Changes>;
  /** The next number by collection, where it moved. */
  readonly nextIds: ReadonlyMap<string, number>;
  /** How many of the scenario's pinned uuids are used up. */
  readonly uuids: number;
}

/** Changes as JSON: `{collections: {payments: [[1, {…}], [2, null]]}, nextIds: {payments: 3}, uuids: 1}`. */
export function changesToJson(changes: ApiChanges): JsonObject {
  const collections = [...changes.collections].map(([name, records]) => [name, [...records]] as const);
  return {
    collections: Object.fromEntries(collections),
    nextIds: Object.fromEntries(changes.nextIds),
    uuids: changes.uuids,
  };
}

/** The reverse of {@link changesToJson}; what is not of its form is left out. */
export function changesFromJson(json: JsonValue | undefined): ApiChanges {
  const source = isObject(json) ? json : {};
  const collections = Object.entries(isObject(source.collections) ? source.collections : {}).map(
    ([name, records]) => [name, new Map(changedRecords(records))] as const,
  );
  const nextIds = Object.entries(isObject(source.nextIds) ? source.nextIds : {}).flatMap(([name, next]) =>
    typeof next === 'number' ? [[name, next] as const] : [],
  );
  return {
    collections: new Map(collections),
    nextIds: new Map(nextIds),
    uuids: typeof source.uuids === 'number' ? source.uuids : 0,
  };
}

function changedRecords(records: JsonValue | undefined): [Key, JsonObject | null][] {
  return (Array.isArray(records) ? records : []).flatMap((entry: JsonValue): [Key, JsonObject | null][] => {
    if (!Array.isArray(entry)) return [];
    const [key, record]: JsonValue[] = entry;
    return isKey(key) && (record === null || isObject(record)) ? [[key, record]] : [];
  });
}
