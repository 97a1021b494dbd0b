/**
 * A handler's view of a workspace's state while it carries out one request: what it reads is what it wrote. Nothing
 * reaches the workspace before {@link Transaction.changes} are committed.
 */
import type { Collection, Key } from '../api.js';
import { deepFreeze } from '../frozen.js';
import { isObject, type JsonObject, type JsonValue } from '../json.js';
import { type Changes, isKey, keyOf, type Records } from './records.js';

/** Of a copy that nothing was written to, which most are. */
const nothing: Changes = new Map();

/** The working copy of one collection. Making one costs nearly nothing: a request has one of each collection. */
export class WorkingCopy implements Collection<JsonObject> {
  /** Absent until something is written. */
  #written: Map<Key, JsonObject | null> | undefined;
  #records: Records | undefined;

  /** `find` is called when somebody asks for a record. */
  constructor(private readonly find: () => Records) {}

  private get records(): Records {
    this.#records ??= this.find();
    return this.#records;
  }

  /** What was written; empty if nothing was. */
  get changes(): Changes {
    return this.#written ?? nothing;
  }

  get size(): number {
    let size = this.records.size;
    for (const [key, record] of this.changes) {
      size += (record === null ? 0 : 1) - (this.records.get(key) === undefined ? 0 : 1);
    }
    return size;
  }

  get(key: Key): JsonObject | undefined {
    const written = this.changes.get(key);
    return written === undefined ? this.records.get(key) : (written ?? undefined);
  }

  has(key: Key): boolean {
    return this.get(key) !== undefined;
  }

  all(): JsonObject[] {
    if (this.#written === undefined) return [...this.records.all()];
    return this.#present([...this.records.base.keys(), ...this.records.added(), ...this.#new()]);
  }

  where(property: string, value: Key): JsonObject[] {
    return this.#present(this.#candidates(property, value)).filter((record) => record[property] === value);
  }

  first(property: string, value: Key): JsonObject | undefined {
    const key = this.#candidates(property, value).find((each) => this.#holds(each, property, value));
    return key === undefined ? undefined : this.get(key);
  }

  last(property: string, value: Key): JsonObject | undefined {
    const key = this.#candidates(property, value).findLast((each) => this.#holds(each, property, value));
    return key === undefined ? undefined : this.get(key);
  }

  insert(record: JsonObject): void {
    const key = this.#key(record);
    if (this.has(key)) throw new Error(`${this.records.base.name} already has a record ${key}.`);
    // A record that this request took away and brings back stands where it was inserted last.
    const written = this.#writing();
    written.delete(key);
    written.set(key, deepFreeze(record));
  }

  replace(record: JsonObject): void {
    const key = this.#key(record);
    if (!this.has(key)) throw new Error(`${this.records.base.name} has no record ${key} to replace.`);
    this.#writing().set(key, deepFreeze(record));
  }

  remove(key: Key): void {
    if (!this.has(key)) throw new Error(`${this.records.base.name} has no record ${key} to remove.`);
    this.#writing().set(key, null);
  }

  #writing(): Map<Key, JsonObject | null> {
    this.#written ??= new Map();
    return this.#written;
  }

  #key(record: JsonObject): Key {
    return keyOf(record, this.records.base.key);
  }

  /** The keys that this transaction adds to those that were there. */
  #new(): Key[] {
    return [...this.changes.keys()].filter((key) => !this.records.knows(key));
  }

  #holds(key: Key, property: string, value: Key): boolean {
    return this.get(key)?.[property] === value;
  }

  /** The keys of records that may hold the value, every written one among them, in the order of `all`. */
  #candidates(property: string, value: Key): readonly Key[] {
    const stored = this.records.candidates(property, value);
    if (this.changes.size === 0) return stored;
    const known = new Set(stored);
    const more = [...this.changes.keys()].filter((key) => !known.has(key));
    const keys = [...stored, ...more];
    // What is new stands behind all others, in the order in which it was written.
    if (!more.some((key) => this.records.knows(key))) return keys;
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
