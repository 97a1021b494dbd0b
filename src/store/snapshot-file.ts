/**
 * A snapshot as a file: everything that a world holds, readable, in an order that does not change, so that two of them
 * differ in git where the worlds differ. What is uploaded may have been edited, and is judged like a scenario.
 */
import { createHash } from 'node:crypto';
import type { components } from '../../specs/_sandbox/openapi.js';
import type { Api } from '../apis.js';
import type { ApiDocument } from '../document.js';
import { excerpt } from '../excerpt.js';
import { formatInstant, parseInstant } from '../instant.js';
import { isArray, isObject, type JsonObject, type JsonValue, stringify } from '../json.js';
import { escapePointer } from '../json-pointer.js';
import { schemesOf } from '../security.js';
import { clockFromJson, clockToJson } from './clock.js';
import { nextIdFault, nextUuidFault } from './next-rules.js';
import { judgeRecords, unknownCollections } from './record-rules.js';
import type { Scenario } from './scenario.js';
import { scenarioFromJson } from './scenario-json.js';
import { judgeSettings } from './setting-rules.js';
import { WorkingCopy } from './transaction.js';
import { ApiState, World } from './workspace.js';

export type SnapshotFile = components['schemas']['SnapshotFile'];

/** A world as a file's content: the part of every api in `apis`. */
export function worldToFile(world: World, apis: ReadonlyMap<string, Api>): SnapshotFile {
  const parts = [...apis].flatMap(([name, api]) => {
    const state = world.apis.get(name);
    return state === undefined ? [] : [[name, stateToFile(state, api)] as const];
  });
  return {
    paydouble: 'snapshot 1',
    scenario: world.scenario,
    ...(world.seed === undefined ? {} : { seed: world.seed }),
    clock: clockToJson(world.clock),
    requests: world.requests,
    apis: Object.fromEntries(parts),
  };
}

function stateToFile(state: ApiState, api: Api): components['schemas']['SnapshotPart'] {
  const { scenario } = state;
  const names = [...scenario.collections.keys()];
  const records = names.map((name) => [name, new WorkingCopy(() => state.records(name)).all()] as const);
  const ids = records
    .filter(([, held]) => held.length > 0 || scenario.nextIds.size > 0)
    .flatMap(([name, held]) => {
      const key = scenario.collections.get(name)?.key ?? '';
      const numbered = held.length === 0 ? scenario.nextIds.has(name) : typeof held[0]?.[key] === 'number';
      const next = state.nextId(name);
      // Where the last number was given there is none to write down; the record that has it says so.
      return numbered && nextIdFault(api, name, next) === undefined ? [[name, next] as const] : [];
    });
  const uuids = scenario.uuids.slice(state.uuids);
  return {
    scenario: scenario.name,
    seed: scenario.seed,
    credentials: Object.fromEntries([...scenario.credentials].map(([scheme, values]) => [scheme, [...values]])),
    settings: scenario.settings,
    next: { ids: Object.fromEntries(ids), ...(uuids.length === 0 ? {} : { uuids: [...uuids] }) },
    records: Object.fromEntries(records),
  };
}

/** A place in a file, by its JSON pointer, and what is wrong there. */
export interface FileFault {
  readonly pointer: string;
  readonly message: string;
}

/**
 * Everything that is wrong with a file: a part of an api that is not served, a record that breaks its schema, a key that
 * is taken, a reference to nothing. Empty if it can be read by {@link worldFromFile}.
 */
export function fileFaults(file: JsonObject, apis: ReadonlyMap<string, Api>): readonly FileFault[] {
  const parts = isObject(file.apis) ? file.apis : {};
  const clock = isObject(file.clock) ? file.clock.frozen : undefined;
  const badClock = typeof clock === 'string' && parseInstant(clock) === undefined;
  return [
    ...(badClock
      ? [{ pointer: '/clock/frozen', message: `Received ${excerpt(clock)}; expected a date-time with its zone.` }]
      : []),
    ...Object.entries(parts).flatMap(([name, part]) => {
      const api = apis.get(name);
      const at = `/apis/${escapePointer(name)}`;
      if (api === undefined) {
        return [{ pointer: at, message: `${name} is not served. Served are ${[...apis.keys()].join(', ')}.` }];
      }
      return isObject(part) ? partFaults(api, part, at) : [];
    }),
  ];
}

function partFaults(api: Api, part: JsonObject, at: string): readonly FileFault[] {
  const records = isObject(part.records) ? part.records : {};
  const next = isObject(part.next) ? part.next : {};
  const ids = isObject(next.ids) ? next.ids : {};
  const schemes = schemesOf(api.document);
  const given = new Map(
    Object.entries(records).map(([name, list]) => [
      name,
      (isArray(list) ? list : []).map((record, index) => ({
        record,
        at: `${at}/records/${escapePointer(name)}/${index}`,
      })),
    ]),
  );
  const strangers = Object.keys(isObject(part.credentials) ? part.credentials : {})
    .filter((scheme) => !schemes.includes(scheme))
    .map((scheme) => ({
      pointer: `${at}/credentials/${escapePointer(scheme)}`,
      message: `${api.name} has no security scheme ${scheme}. It has ${schemes.join(', ')}.`,
    }));
  const settings = judgeSettings(api, present(isObject(part.settings) ? part.settings : {}));
  return [
    ...strangers,
    ...settings.map(({ name, pointer, message }) => ({
      pointer: `${at}/settings/${escapePointer(name)}${pointer}`,
      message,
    })),
    ...unknownIn(api.document, ids, `${at}/next/ids`),
    ...nextFaults(api, ids, isArray(next.uuids) ? next.uuids : [], `${at}/next`),
    ...unknownIn(api.document, records, `${at}/records`),
    ...judgeRecords(api, given).map(({ candidate, pointer, message }) => ({
      pointer: `${candidate.at}${pointer}`,
      message,
    })),
  ];
}

function nextFaults(api: Api, ids: JsonObject, uuids: readonly JsonValue[], at: string): readonly FileFault[] {
  const judged = [
    ...present(ids).map(([name, id]) => [`/ids/${escapePointer(name)}`, nextIdFault(api, name, id)] as const),
    ...uuids.map((each, index) => [`/uuids/${index}`, nextUuidFault(each)] as const),
  ];
  return judged.flatMap(([pointer, message]) =>
    message === undefined ? [] : [{ pointer: `${at}${pointer}`, message }],
  );
}

function present(members: JsonObject): readonly (readonly [string, JsonValue])[] {
  return Object.entries(members).map(([name, value]) => [name, value ?? null]);
}

function unknownIn(document: ApiDocument, byCollection: JsonObject, at: string): readonly FileFault[] {
  return unknownCollections(document, Object.keys(byCollection)).map(({ name, message }) => ({
    pointer: `${at}/${escapePointer(name)}`,
    message,
  }));
}

/** The world that a file without faults holds. `begin` gives each api that the file leaves out. */
export function worldFromFile(
  file: JsonObject,
  apis: ReadonlyMap<string, Api>,
  begin: (api: string, scenario: string) => ApiState,
): World {
  const scenario = typeof file.scenario === 'string' ? file.scenario : 'default';
  const parts = isObject(file.apis) ? file.apis : {};
  const states = [...apis].map(([name, { document }]) => {
    const part = parts[name];
    const state = isObject(part) ? new ApiState(partScenario(document, scenario, part)) : begin(name, scenario);
    return [name, state] as const;
  });
  const seed = typeof file.seed === 'number' ? file.seed : undefined;
  const world = new World(scenario, new Map(states), clockFromJson(file.clock), seed);
  if (typeof file.requests === 'number') world.requests = file.requests;
  return world;
}

/** What a file says of one api, as a scenario that stands in no file of data/. */
function partScenario(document: ApiDocument, name: string, part: JsonObject): Scenario {
  const own = typeof part.scenario === 'string' ? part.scenario : name;
  const content = stringify([document.api, own, part]);
  const fingerprint = createHash('sha256').update(content).digest('hex').slice(0, 16);
  return scenarioFromJson(document, own, part, fingerprint);
}

/** An instant as the control API shows it. */
export const shown = { digits: 3, zone: 'Z' } as const;

/** When something happened, as the control API shows it. */
export function shownInstant(epochMilliseconds: number): string {
  return formatInstant({ epochMilliseconds, nanoseconds: 0 }, shown);
}
