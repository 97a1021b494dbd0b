/**
 * Puts what a scenario extends and what it says itself together: later layers win, member by member.
 */
import type { Key } from '../api.js';
import { isArray, isObject, type JsonObject, type JsonValue, stringify } from '../json.js';
import { escapePointer } from '../json-pointer.js';
import { isKey } from '../store/records.js';
import { type Layer, listed, type Placed } from './layers.js';
import { below, type Complaints, type Place } from './place.js';

/** A record as files give it, which may be a template. */
export interface RecordSource {
  readonly value: JsonValue;
  readonly place: Place;
  /** Where members stand that are not at `place`, because another file said them. */
  readonly origins: ReadonlyMap<string, Place>;
}

/** A scenario, all its layers in one. */
export interface Merged {
  readonly members: ReadonlyMap<string, Placed>;
  readonly credentials: ReadonlyMap<string, Placed>;
  readonly settings: ReadonlyMap<string, Placed>;
  readonly nextIds: ReadonlyMap<string, Placed>;
  readonly nextUuids: Placed | undefined;
  /** Of all layers, in their order. */
  readonly faults: readonly Placed[];
  readonly records: ReadonlyMap<string, Collected>;
  /** Where a layer takes a record away, by collection and {@link idOf}; another may have brought it back since. */
  readonly removed: ReadonlyMap<string, ReadonlyMap<string, Place>>;
}

/** The records that a scenario gives to a collection. */
export interface Collected {
  /** Where the last layer that gives any does so. */
  readonly place: Place;
  readonly sources: readonly RecordSource[];
}

const known = ['story', 'seed', 'clock', 'credentials', 'settings', 'next', 'faults', 'records', 'extends'];

/** `keys` are the key properties by collection. */
export function merge(layers: readonly Layer[], keys: ReadonlyMap<string, string>, complaints: Complaints): Merged {
  for (const { members } of layers) {
    for (const [member, { place }] of members) {
      if (!known.includes(member)) {
        complaints.add(place, `${member} is not known here; expected ${known.join(', ')}`);
      }
    }
  }
  for (const { place, members } of layers) {
    if (members.size === 0) complaints.add(place, 'nothing is said here; expected at least a story or records');
  }
  const nexts = layers.map((layer) => membersOf([layer], 'next', complaints));
  const records = new Map<string, Collected>();
  const removed = new Map<string, Map<string, Place>>();
  for (const layer of layers) {
    for (const [collection, given] of membersOf([layer], 'records', complaints)) {
      const before = records.get(collection)?.sources ?? [];
      const sources = mergeRecords(before, given, keys.get(collection) ?? '', complaints);
      records.set(collection, { place: given.place, sources });
      const gone = removals(given, keys.get(collection) ?? '');
      removed.set(collection, new Map([...(removed.get(collection) ?? []), ...gone]));
    }
  }
  for (const [collection, { place, sources }] of records) {
    records.set(collection, { place, sources: alike(sources, complaints) });
  }
  return {
    members: new Map(layers.flatMap(({ members }) => [...members])),
    credentials: membersOf(layers, 'credentials', complaints),
    settings: membersOf(layers, 'settings', complaints),
    nextIds: new Map(nexts.flatMap((next) => [...nested(next.get('ids'), complaints)])),
    nextUuids: nexts.map((next) => next.get('uuids')).findLast((uuids) => uuids !== undefined),
    faults: layers.flatMap(({ members }) => {
      const faults = members.get('faults');
      if (faults === undefined || isArray(faults.value)) return faults === undefined ? [] : listed(faults);
      complaints.add(faults.place, 'expected a list of rules');
      return [];
    }),
    records,
    removed,
  };
}

/** What the layers say of a member that is an object, the latest word on each of its own members. */
function membersOf(layers: readonly Layer[], member: string, complaints: Complaints): ReadonlyMap<string, Placed> {
  return new Map(layers.flatMap(({ members }) => [...nested(members.get(member), complaints)]));
}

function nested(node: Placed | undefined, complaints: Complaints): ReadonlyMap<string, Placed> {
  if (node === undefined || node.value === null) return new Map();
  const { value, place } = node;
  if (isObject(value)) {
    return new Map(
      Object.entries(value).map(([name, member]) => [name, { value: member ?? null, place: below(place, name) }]),
    );
  }
  complaints.add(place, `expected members with names. Received ${stringify(value)}`);
  return new Map();
}

/** A record takes members over the one before with its key; a template, over the one before with its `$name`. */
function mergeRecords(
  before: readonly RecordSource[],
  given: Placed,
  key: string,
  complaints: Complaints,
): readonly RecordSource[] {
  if (given.value !== null && !isArray(given.value)) {
    complaints.add(given.place, `expected a list of records. Received ${stringify(given.value)}`);
    return before;
  }
  const merged: (RecordSource | undefined)[] = [...before];
  const places = new Map(before.map((source, index) => [idOf(source.value, key), index]));
  for (const { value, place } of given.value === null ? [] : listed(given)) {
    const source = { value, place, origins: new Map() };
    const id = idOf(value, key);
    const at = id === undefined ? undefined : places.get(id);
    const known = at === undefined ? undefined : merged[at];
    if (isObject(value) && value.$remove !== undefined) {
      if (at === undefined || known === undefined) complaints.add(place, `nothing to remove: ${removal(key)}`);
      else merged[at] = undefined;
    } else if (at === undefined || known === undefined || !isObject(value) || !isObject(known.value)) {
      merged.push(source);
    } else merged[at] = override(known, value, place);
  }
  return merged.filter((source) => source !== undefined);
}

function removals(given: Placed, key: string): readonly (readonly [string, Place])[] {
  return (isArray(given.value) ? listed(given) : []).flatMap(({ value, place }) => {
    const id = isObject(value) && value.$remove !== undefined ? idOf(value, key) : undefined;
    return id === undefined ? [] : [[id, place] as const];
  });
}

function removal(key: string): string {
  return `expected the ${key}, or the $name, of a record that the scenario extends`;
}

function override(source: RecordSource, members: JsonObject, place: Place): RecordSource {
  const origins = new Map(source.origins);
  for (const member of Object.keys(members)) origins.set(member, below(place, member));
  const value = isObject(source.value) ? { ...source.value, ...members } : members;
  return { value, place: source.place, origins };
}

/** The records with the members of the template that each is `$like`, where it has none of that name itself. */
function alike(sources: readonly RecordSource[], complaints: Complaints): readonly RecordSource[] {
  const named = new Map(sources.map((source) => [nameOf(source.value), source]));
  const resolve = (source: RecordSource, above: readonly string[]): RecordSource => {
    const { value } = source;
    if (!isObject(value) || value.$like === undefined) return source;
    const place = placeIn(source, '/$like');
    const like = typeof value.$like === 'string' ? value.$like : '';
    const model = like === '' ? undefined : named.get(like);
    if (model === undefined || above.includes(like)) {
      const fault =
        model === undefined ? 'no template of this collection has that $name' : 'it is like itself, in a circle';
      complaints.add(place, `$like ${stringify(value.$like)}: ${fault}`);
      return source;
    }
    const { value: inherited, place: modelPlace, origins } = resolve(model, [...above, like]);
    const { $name: _, $repeat: __, ...members } = isObject(inherited) ? inherited : {};
    const { $like: ___, ...own } = value;
    const places = new Map([...Object.keys(members)].map((member) => [member, below(modelPlace, member)]));
    for (const [member, at] of origins) places.set(member, at);
    for (const member of Object.keys(own)) places.set(member, placeIn(source, `/${escapePointer(member)}`));
    return { value: { ...members, ...own }, place: source.place, origins: places };
  };
  return sources.map((source) => resolve(source, []));
}

/** `$name` of a record; `undefined` if it has none. */
export function nameOf(value: JsonValue): string | undefined {
  return isObject(value) && typeof value.$name === 'string' ? value.$name : undefined;
}

/** What a later layer names the record by; `undefined` if it cannot. */
function idOf(value: JsonValue, key: string): string | undefined {
  if (!isObject(value)) return undefined;
  if (typeof value.$name === 'string') return `$${value.$name}`;
  const id = value[key];
  return isKey(id) ? idOfKey(id) : undefined;
}

/** What a record is named by that has no `$name`. */
export function idOfKey(key: Key): string {
  return `${typeof key} ${key}`;
}

/** Where a part of a record stands, by its JSON pointer relative to the record. */
export function placeIn({ place, origins }: RecordSource, pointer: string): Place {
  const [, first = '', ...rest] = pointer.split('/');
  const origin = origins.get(first.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (origin === undefined) return { yaml: place.yaml, pointer: `${place.pointer}${pointer}` };
  return { yaml: origin.yaml, pointer: [origin.pointer, ...rest].join('/') };
}
