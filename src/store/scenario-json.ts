/**
 * A scenario as JSON that says all of it, every record computed: what `paydouble scenarios show` prints, and what the state
 * directory keeps for worlds that were made from it.
 */
import { type ApiDocument, list, object } from '../document.js';
import { formatInstant, parseInstant } from '../instant.js';
import { isArray, isObject, type JsonObject, type JsonValue } from '../json.js';
import { BaseRecords } from './records.js';
import type { Scenario } from './scenario.js';

/** A scenario as a file of its own would say it. */
export function scenarioToJson(scenario: Scenario): JsonObject {
  const { story, seed, clock, credentials, settings, nextIds, uuids, faults, collections } = scenario;
  const next = {
    ...(nextIds.size === 0 ? {} : { ids: Object.fromEntries(nextIds) }),
    ...(uuids.length === 0 ? {} : { uuids }),
  };
  const records = [...collections].filter(([, { size }]) => size > 0).map(([name, each]) => [name, [...each.values()]]);
  return {
    story,
    seed,
    ...(clock === undefined
      ? {}
      : { clock: formatInstant(clock, { digits: clock.nanoseconds === 0 ? 3 : 9, zone: 'Z' }) }),
    credentials: Object.fromEntries(credentials),
    ...(Object.keys(settings).length === 0 ? {} : { settings }),
    ...(Object.keys(next).length === 0 ? {} : { next }),
    ...(faults.length === 0 ? {} : { faults }),
    records: Object.fromEntries(records),
  };
}

/** The reverse of {@link scenarioToJson}, for content that was judged before; what is not of its form is left out. */
export function scenarioFromJson(document: ApiDocument, name: string, json: JsonObject, fingerprint: string): Scenario {
  const next = object(json.next);
  const given = object(json.records);
  return {
    api: document.api,
    name,
    story: typeof json.story === 'string' ? json.story : '',
    seed: typeof json.seed === 'number' ? json.seed : 1,
    clock: typeof json.clock === 'string' ? parseInstant(json.clock) : undefined,
    credentials: new Map(Object.entries(object(json.credentials)).map(([scheme, values]) => [scheme, texts(values)])),
    settings: object(json.settings),
    nextIds: new Map(
      Object.entries(object(next.ids)).flatMap(([each, id]) => (typeof id === 'number' ? [[each, id]] : [])),
    ),
    uuids: texts(next.uuids),
    faults: list(json.faults).filter(isObject),
    collections: new Map(
      document.collections.map(({ name: collection, key, indexes }) => {
        const records = list(given[collection]).filter(isObject);
        return [collection, new BaseRecords(collection, key, indexes, records)];
      }),
    ),
    fingerprint,
  };
}

function texts(value: JsonValue | undefined): readonly string[] {
  const values = isArray(value) ? value : [value ?? null];
  return values.filter((each): each is string => typeof each === 'string');
}
