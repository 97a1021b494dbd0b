/**
 * One collection's records: those of the scenario, shared by every workspace made from it, and what a workspace changed.
 *
 * Records are immutable per version, and so are the maps of changes: a workspace is made from a scenario, or from another
 * workspace, in O(1).
 *
 * The only module that imports immutable.
 */
import type * as Immutable from 'immutable';
import type { Key } from '../api.js';
import { deepFreeze } from '../frozen.js';
import type { JsonObject, JsonValue } from '../json.js';
import { loadPackage } from '../load-package.js';

const { Map: ImmutableMap, Set: ImmutableSet, OrderedMap } = loadPackage<typeof Immutable>('immutable');

/** What a transaction did to a collection: the record that now has the key, or `null` if it was taken away. */
export type Changes = ReadonlyMap<Key, JsonObject | null>;

/** The records that a scenario gives to a collection, in its order, indexed once for all workspaces. */
export class BaseRecords {
  readonly #records: ReadonlyMap<Key, JsonObject>;
  readonly #positions = new Map<Key, number>();
  readonly #indexes = new Map<string, Map<Key, Key[]>>();
  /** The highest key, for collections with numeric keys; 0 if there is none. */
  readonly highest: number;

  constructor(
    readonly name: string,
    readonly key: string,
    readonly indexed: readonly string[],
    records: readonly JsonObject[],
  ) {
    this.#records = new Map(records.map((record) => [keyOf(record, key), deepFreeze(record)]));
    let highest = 0;
    let position = 0;
    for (const each of this.#records.keys()) {
      if (typeof each === 'number') highest = Math.max(highest, each);
      this.#positions.set(each, position++);
    }
    this.highest = highest;
  }

  get size(): number {
    return this.#records.size;
  }

  get(key: Key): JsonObject | undefined {
    return this.#records.get(key);
  }

  has(key: Key): boolean {
    return this.#records.has(key);
  }

  keys(): Iterable<Key> {
    return this.#records.keys();
  }

  values(): Iterable<JsonObject> {
    return this.#records.values();
  }

  /** Where the record stands in the scenario. */
  position(key: Key): number | undefined {
    return this.#positions.get(key);
  }

  /** The keys of the records whose indexed property holds the value, in the scenario's order. */
  where(property: string, value: Key): readonly Key[] {
    let index = this.#indexes.get(property);
    if (index === undefined) {
      index = new Map();
      for (const [key, record] of this.#records) {
        const held = record[property];
        if (!isKey(held)) continue;
        const keys = index.get(held);
        if (keys === undefined) index.set(held, [key]);
        else keys.push(key);
      }
      this.#indexes.set(property, index);
    }
    return index.get(value) ?? [];
  }
}

/**
 * One collection in one workspace: the scenario's records under the workspace's changes. What it holds are persistent maps,
 * so that a fork shares all that neither side has written since; what is shared with no fork is written in its place.
 */
export class Records {
  /** Latest version by key, `null` for a record of the scenario that was taken away. */
  #changes = ImmutableMap<Key, JsonObject | null>();
  /** By indexed property and its value, the keys of changed records that hold it. */
  #indexes: Immutable.Map<string, Immutable.Map<Key, Immutable.Set<Key>>>;
  /** The place in the order of insertion of each key that the scenario lacks. */
  #added = OrderedMap<Key, number>();
  #nextPosition: number;
  #size: number;
  /** All of them in order, until something changes; made when somebody asks. */
  #ordered: readonly JsonObject[] | undefined;
  /** By indexed property and its value, what {@link candidates} gave for it, until its order changes; only what is long. */
  #sorted: Map<string, Map<Key, Key[]>> | undefined;

  constructor(readonly base: BaseRecords) {
    this.#indexes = ImmutableMap(base.indexed.map((property) => [property, ImmutableMap()]));
    this.#size = base.size;
    this.#nextPosition = base.size;
  }

  /** A copy that goes its own way from here, made in O(1). */
  fork(): Records {
    const fork = new Records(this.base);
    fork.#changes = this.#changes = this.#changes.asImmutable();
    fork.#indexes = this.#indexes;
    fork.#added = this.#added = this.#added.asImmutable();
    fork.#nextPosition = this.#nextPosition;
    fork.#size = this.#size;
    fork.#ordered = this.#ordered;
    return fork;
  }

  /** Whether both hold the same versions of the same records; `false` may be said of equal ones. */
  isSame(other: Records): boolean {
    return this.base === other.base && this.#changes === other.#changes;
  }

  get size(): number {
    return this.#size;
  }

  get(key: Key): JsonObject | undefined {
    const changed = this.#changes.get(key);
    return changed === undefined ? this.base.get(key) : (changed ?? undefined);
  }

  /** Every record: those of the scenario first, in its order, then in order of insertion. */
  all(): readonly JsonObject[] {
    this.#ordered ??= [...this.base.keys(), ...this.#added.keys()]
      .map((key) => this.get(key))
      .filter((record) => record !== undefined);
    return this.#ordered;
  }

  /** The keys that the workspace added to the scenario's, in order of insertion. */
  added(): Iterable<Key> {
    return this.#added.keys();
  }

  /** Whether the key has its place in the order: it is stored, or was in the scenario. */
  knows(key: Key): boolean {
    return this.base.has(key) || this.#added.has(key);
  }

  /** Where a record stands in the order of `all`; the end, for a key that is not stored yet. */
  position(key: Key): number {
    return this.base.position(key) ?? this.#added.get(key) ?? this.#nextPosition;
  }

  /** How many records changed since the scenario; those that it gives and that were taken away are among them. */
  get changed(): number {
    return this.#changes.size;
  }

  /** Every change since the scenario, as it is kept on disk: the scenario's records first, then what was added, in order. */
  *changes(): Iterable<[Key, JsonObject | null]> {
    for (const [key, record] of this.#changes) if (this.base.has(key)) yield [key, record];
    for (const key of this.#added.keys()) yield [key, this.#changes.get(key) ?? null];
  }

  /**
   * The keys of records whose indexed property may hold the value, in the order of `all`; the caller checks them, and is done
   * with them before the next change.
   */
  candidates(property: string, value: Key): readonly Key[] {
    const changed = this.#indexes.get(property);
    if (changed === undefined) {
      throw new Error(`${this.base.name} has no index on ${property}: declare it under x-collections.`);
    }
    const own = changed.get(value);
    const known = this.base.where(property, value);
    if (own === undefined) return known;
    const kept = this.#sorted?.get(property)?.get(value);
    if (kept !== undefined) return kept;
    const keys = [...new Set([...known, ...own])].sort((left, right) => this.position(left) - this.position(right));
    if (keys.length >= leastKept) this.#keep(property, value, keys);
    return keys;
  }

  #keep(property: string, value: Key, keys: Key[]): void {
    this.#sorted ??= new Map();
    const known = this.#sorted.get(property) ?? new Map<Key, Key[]>();
    this.#sorted.set(property, known.set(value, keys));
  }

  /** Takes a transaction's changes over. */
  apply(changes: Changes): void {
    this.#ordered = undefined;
    // Copied once after a fork, and not for each change.
    this.#changes = this.#changes.asMutable();
    this.#added = this.#added.asMutable();
    for (const [key, record] of changes) {
      const before = this.get(key);
      this.#size += (record === null ? 0 : 1) - (before === undefined ? 0 : 1);
      this.#index(key, before, record);
      if (this.base.has(key)) {
        this.#changes.set(key, record);
      } else if (record === null) {
        this.#changes.remove(key);
        this.#added.remove(key);
      } else {
        this.#changes.set(key, record);
        if (!this.#added.has(key)) this.#added.set(key, this.#nextPosition++);
      }
    }
  }

  #index(key: Key, before: JsonObject | undefined, after: JsonObject | null): void {
    for (const property of this.base.indexed) {
      const old = before?.[property];
      const held = after?.[property];
      if (old === held) continue;
      let index = this.#indexes.get(property, noIndex);
      // Not `update`: it takes no key of the name __proto__ or constructor.
      if (isKey(old)) index = index.set(old, index.get(old, noKeys).remove(key));
      if (isKey(held)) index = index.set(held, index.get(held, noKeys).add(key));
      this.#indexes = this.#indexes.set(property, index);
      this.#sort(this.#sorted?.get(property), key, old, held);
    }
  }

  /** Keeps what was sorted in order: a record that is new stands behind all others. Not yet among them when it is asked. */
  #sort(sorted: Map<Key, Key[]> | undefined, key: Key, old: JsonValue | undefined, held: JsonValue | undefined): void {
    if (sorted === undefined) return;
    if (isKey(old)) sorted.delete(old);
    if (!isKey(held)) return;
    if (this.knows(key)) sorted.delete(held);
    else sorted.get(held)?.push(key);
  }
}

/** Fewer keys than these are sorted each time: a value that somebody makes up, or uses once, leaves nothing behind. */
const leastKept = 8;

const noIndex = ImmutableMap<Key, Immutable.Set<Key>>();
const noKeys = ImmutableSet<Key>();

/** Whether a value can be a key. */
export function isKey(value: JsonValue | undefined): value is Key {
  return typeof value === 'string' || typeof value === 'number';
}

/** The key of a record. @throws {Error} if the property holds neither a string nor a number */
export function keyOf(record: JsonObject, property: string): Key {
  const key = record[property];
  if (!isKey(key)) throw new Error(`A record's ${property} is its key and must be a string or a number.`);
  return key;
}
