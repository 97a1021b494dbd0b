/**
 * How two worlds differ: the records that one has and the other has not, and those that are not the same.
 */
import { isDeepStrictEqual } from 'node:util';
import type { JsonObject, JsonValue } from '../json.js';
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
  readonly key: string | number;
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

function compare(api: string, collection: string, before: Records, after: Records): Differences {
  if (before.isSame(after)) return { added: [], removed: [], changed: [] };
  const { key } = after.base;
  const [old, now] = [new WorkingCopy(() => before).all(), new WorkingCopy(() => after).all()];
  const lone = (record: JsonObject): LoneRecord => ({ api, collection, record });
  return {
    added: now.filter((record) => before.get(keyOf(record, key)) === undefined).map(lone),
    removed: old.filter((record) => after.get(keyOf(record, key)) === undefined).map(lone),
    changed: old.flatMap((record) => {
      const id = keyOf(record, key);
      const other = after.get(id);
      if (other === undefined || other === record) return [];
      const members = memberDifferences(record, other);
      return members.length === 0 ? [] : [{ api, collection, key: id, members }];
    }),
  };
}

function memberDifferences(before: JsonObject, after: JsonObject): ChangedRecord['members'] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names]
    .filter((name) => !isDeepStrictEqual(before[name], after[name]))
    .map((name) => ({
      pointer: `/${escapePointer(name)}`,
      before: before[name] ?? null,
      after: after[name] ?? null,
    }));
}
