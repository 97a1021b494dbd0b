/**
 * How two worlds differ: the records that one has and the other has not, and those that are not the same.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Key } from '../api.js';
import { type JsonObject, type JsonValue, own } from '../json.js';
import { escapePointer } from '../json-pointer.js';
import { keyOf, type Records } from './records.js';
import { WorkingCopy } from './transaction.js';
import type { World } from './workspace.js';

/** A record of one side alone. */
export interface LoneRecord {
  readonly api: string;
  readonly collection: string;
  readonly record: JsonObject;
}

/** A record that both sides have, with the members that are not the same; `null` where a side has none. */
export interface ChangedRecord {
  readonly api: string;
  readonly collection: string;
  readonly key: Key;
  readonly members: readonly { readonly pointer: string; readonly before: JsonValue; readonly after: JsonValue }[];
}

export interface Differences {
  readonly added: readonly LoneRecord[];
  readonly removed: readonly LoneRecord[];
  readonly changed: readonly ChangedRecord[];
}

/** What `after` has otherwise than `before`, in the order of apis, collections and records. */
export function differences(before: World, after: World): Differences {
  const parts = [...after.apis].flatMap(([api, state]) => {
    const earlier = before.apis.get(api);
    if (earlier === undefined) return [];
    return [...state.scenario.collections.keys()]
      .filter((collection) => earlier.scenario.collections.has(collection))
      .map((collection) => compare(api, collection, earlier.records(collection), state.records(collection)));
  });
  return {
    added: parts.flatMap(({ added }) => added),
    removed: parts.flatMap(({ removed }) => removed),
    changed: parts.flatMap(({ changed }) => changed),
  };
}

/** A record as it was and as it is; `undefined` where it is not there. */
export interface Versions {
  readonly collection: string;
  readonly key: Key;
  readonly before: JsonObject | undefined;
  readonly after: JsonObject | undefined;
}

/** How the records of one api differ, in their order; those that do not are left out. */
export function versionDifferences(api: string, records: readonly Versions[]): Differences {
  return {
    added: records.flatMap(({ collection, before, after }) =>
      before === undefined && after !== undefined ? [{ api, collection, record: after }] : [],
    ),
    removed: records.flatMap(({ collection, before, after }) =>
      before !== undefined && after === undefined ? [{ api, collection, record: before }] : [],
    ),
    changed: records.flatMap(({ collection, key, before, after }) => {
      if (before === undefined || after === undefined || before === after) return [];
      const members = memberDifferences(before, after);
      return members.length === 0 ? [] : [{ api, collection, key, members }];
    }),
  };
}

function compare(api: string, collection: string, before: Records, after: Records): Differences {
  if (before.isSame(after)) return versionDifferences(api, []);
  const { key } = after.base;
  const old = new WorkingCopy(() => before).all().map((record): Versions => {
    const id = keyOf(record, key);
    return { collection, key: id, before: record, after: after.get(id) };
  });
  const added = new WorkingCopy(() => after).all().flatMap((record): Versions[] => {
    const id = keyOf(record, key);
    return before.get(id) === undefined ? [{ collection, key: id, before: undefined, after: record }] : [];
  });
  return versionDifferences(api, [...old, ...added]);
}

function memberDifferences(before: JsonObject, after: JsonObject): ChangedRecord['members'] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names]
    .filter((name) => !isDeepStrictEqual(own(before, name), own(after, name)))
    .map((name) => ({
      pointer: `/${escapePointer(name)}`,
      before: own(before, name) ?? null,
      after: own(after, name) ?? null,
    }));
}
