/**
 * The control API's operations on records: read, added, changed, taken away. What they store is judged like a scenario's.
 */
import type { operations } from '../../specs/_sandbox/openapi.js';
import type { ApiDefinition, Key } from '../api.js';
import type { Api } from '../apis.js';
import type { CollectionDeclaration } from '../document.js';
import { excerpt } from '../excerpt.js';
import { isArray, isObject, type JsonObject, type JsonValue, own } from '../json.js';
import { escapePointer } from '../json-pointer.js';
import { Problem } from '../problem.js';
import { keySchema, takeId } from '../store/next-rules.js';
import { judgeRecords, referencesTo, type Stored } from '../store/record-rules.js';
import { WorkingCopy } from '../store/transaction.js';
import type { Transaction, Workspace } from '../store/workspace.js';
import { properties } from './apis.js';
import { findRecords, type Search, wanted } from './find-records.js';
import type { Found, Steered } from './handlers.js';
import { conflict, conflicts, invalid, notFound } from './refusals.js';

/** Records that an answer shows if the request does not say. */
const usual = 1000;

interface Place {
  readonly workspace: Workspace;
  readonly api: Api;
  readonly declared: CollectionDeclaration;
}

/** The handlers of state. */
export function stateHandlers({ workspaces }: Steered, found: Found) {
  function place(path: { name: string; api: string; collection: string }): Place {
    const workspace = found.workspace(path.name);
    const api = found.api(path.api);
    const { collections } = api.document;
    const declared = collections.find(({ name }) => name === path.collection);
    if (declared !== undefined) return { workspace, api, declared };
    const names = collections.map(({ name }) => name).join(', ');
    throw notFound('/collection', `${path.api} has no collection ${path.collection}. It has ${names}.`);
  }

  /** Runs a change as one transaction; nothing is kept if it throws, or only asks what would be. */
  function write<T>({ workspace, api }: Place, isDry: boolean | undefined, change: (transaction: Transaction) => T): T {
    const transaction = workspace.change(api.name);
    const result = change(transaction);
    if (isDry !== true) workspaces.commit(workspace, api.name, transaction);
    return result;
  }

  return {
    readState: ({ path, query }) => {
      const { workspace, api, declared } = place(path);
      const state = workspace.apis.get(api.name);
      const all = state === undefined ? [] : new WorkingCopy(() => state.records(declared.name)).all();
      requireProperties(api, declared, query, all);
      const records = findRecords(all, query);
      const offset = query.offset ?? 0;
      const shown = records.slice(offset, offset + (query.limit ?? usual));
      const body = { api: api.name, collection: declared.name, total: records.length, records: shown };
      return { status: 200, body };
    },
    insertRecords: ({ path, query, body }) => {
      const at = place(path);
      const given = isArray(body) ? body : [body];
      return {
        status: 201,
        body: write(at, query.dryRun, (transaction) => {
          const records = insert(at, transaction, given, !isArray(body));
          const total = transaction.collection(at.declared.name).size;
          return { api: at.api.name, collection: at.declared.name, total, records };
        }),
      };
    },
    readRecord: ({ path }) => {
      const at = place(path);
      return {
        status: 200,
        body: stored(at, at.workspace.change(at.api.name).collection(path.collection), path.key).record,
      };
    },
    patchRecord: ({ path, query, body }) => {
      const at = place(path);
      const patch = (stored: JsonObject) => ({ ...stored, ...body });
      return { status: 200, body: write(at, query.dryRun, (transaction) => replace(at, transaction, path.key, patch)) };
    },
    replaceRecord: ({ path, query, body }) => {
      const at = place(path);
      const { key } = at.declared;
      const whole = (stored: JsonObject) => (body[key] === undefined ? { [key]: stored[key], ...body } : body);
      return { status: 200, body: write(at, query.dryRun, (transaction) => replace(at, transaction, path.key, whole)) };
    },
    deleteRecord: ({ path }) => {
      const at = place(path);
      write(at, false, (transaction) => remove(at, transaction, path.key));
      return { status: 204, body: undefined };
    },
  } satisfies ApiDefinition<operations, object>['handlers'];
}

/** @throws {Problem} if records are searched or sorted by a property that they never have */
function requireProperties(
  { document }: Api,
  declared: CollectionDeclaration,
  search: Search,
  all: JsonObject[],
): void {
  const known = new Set(properties(document, declared).map(({ name }) => name));
  const unknown = wanted(search).filter(
    ({ property }) => !known.has(property) && !all.some((record) => Object.hasOwn(record, property)),
  );
  if (unknown.length === 0) return;
  const names = [...known].join(', ');
  throw new Problem('invalid-request', {
    details: unknown.map(({ parameter, property }) => ({
      in: 'query',
      pointer: `/${parameter}`,
      rule: 'exists',
      message: `Records of ${declared.name} have no ${property}. They have ${names}.`,
    })),
  });
}

/** @throws {Problem} with all that is wrong with any of them, and then none is stored */
function insert(at: Place, transaction: Transaction, given: readonly JsonValue[], single: boolean): JsonObject[] {
  const { api, declared } = at;
  const candidates = given.map((each, index) => ({
    record: withKey(each, declared, api, transaction),
    at: single ? '' : `/${index}`,
  }));
  const found = judgeRecords(api, new Map([[declared.name, candidates]]), storedIn(transaction, false));
  const faults = found.map(({ candidate, pointer, message }) => ({ pointer: `${candidate.at}${pointer}`, message }));
  const unreachable = candidates.flatMap((candidate) => {
    const key = isObject(candidate.record) ? own(candidate.record, declared.key) : undefined;
    if (typeof key !== 'string' || isReachable(key)) return [];
    const message = `A key stands in the record's URL: 1 to ${longestKey} characters, and neither . nor .. alone. Received ${excerpt(key)}.`;
    return [{ pointer: `${candidate.at}/${escapePointer(declared.key)}`, message }];
  });
  if (unreachable.length > 0 || found.some(({ isTaken }) => !isTaken)) throw invalid([...faults, ...unreachable]);
  if (found.length > 0) throw conflicts(faults.map((each) => ({ ...each, message: `${each.message} ${advice}` })));
  const records = candidates.map(({ record }) => record).filter(isObject);
  for (const record of records) transaction.collection(declared.name).insert(record);
  return records;
}

/** As the control API's document has it. */
const longestKey = 1_000;

/** Whether a URL can name a key. */
function isReachable(key: string): boolean {
  return key !== '' && key !== '.' && key !== '..' && key.length <= longestKey;
}

const advice = 'PATCH it, or choose another.';

/** What records are judged beside. */
function storedIn(transaction: Transaction, isReplaced: boolean): Stored {
  return { has: (collection, key) => transaction.collection(collection).has(key), isReplaced };
}

/** Gives a record the next number for a key where it has none, and keys of its collection are numbers. */
function withKey(record: JsonValue, declared: CollectionDeclaration, api: Api, transaction: Transaction): JsonValue {
  const { key, name } = declared;
  if (!isObject(record) || record[key] !== undefined) return record;
  if (keySchema(api.document, declared).type !== 'integer') return record;
  return { [key]: takeId(api, transaction, name), ...record };
}

/** Puts what becomes of a record in its place. @throws {Problem} with all that is wrong with it */
function replace(at: Place, transaction: Transaction, key: string, change: (stored: JsonObject) => JsonObject) {
  const { api, declared } = at;
  const collection = transaction.collection(declared.name);
  const { id, record } = stored(at, collection, key);
  const changed = change(record);
  const found = judgeRecords(api, new Map([[declared.name, [{ record: changed }]]]), storedIn(transaction, true));
  const pointer = `/${escapePointer(declared.key)}`;
  const moved =
    changed[declared.key] === id ? [] : [{ pointer, message: `The key of a record stays ${id}. Leave it out.` }];
  const faults = [...moved, ...found.filter((fault) => moved.length === 0 || fault.pointer !== pointer)];
  if (faults.length > 0) throw invalid(faults);
  collection.replace(changed);
  return changed;
}

function remove(at: Place, transaction: Transaction, key: string): void {
  const { api, declared } = at;
  const collection = transaction.collection(declared.name);
  const { id } = stored(at, collection, key);
  const naming = referencesTo(api.document, declared.name, id, (name) => transaction.collection(name).all());
  if (naming.length > 0) {
    const shown = naming.slice(0, 10).join(', ');
    const message = `The record ${id} of ${declared.name} is named by ${naming.length} others (${shown}). Change or delete them first.`;
    throw conflict('/key', message, 'path');
  }
  collection.remove(id);
}

/** A record by what stands in a URL: its key as a text, or else as a number. */
function stored({ declared }: Place, collection: WorkingCopy, key: string): { id: Key; record: JsonObject } {
  for (const id of [key, ...(String(Number(key)) === key ? [Number(key)] : [])]) {
    const record = collection.get(id);
    if (record !== undefined) return { id, record };
  }
  throw notFound('/key', `${declared.name} has no record ${key}.`);
}
