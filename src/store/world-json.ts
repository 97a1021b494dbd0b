/**
 * Worlds as they are kept on disk: the scenario of each api by its fingerprint, and what changed since.
 */
import { isArray, isObject, type JsonObject, type JsonValue } from '../json.js';
import { FileError } from '../yaml.js';
import { clockFromJson, clockToJson } from './clock.js';
import type { Scenario } from './scenario.js';
import { changesFromJson, changesToJson } from './transaction.js';
import { ApiState, World } from './workspace.js';

/** What is needed to lay a kept world over the records that it began with. */
export interface WorldSource {
  readonly apis: readonly string[];
  /** The scenario of an api that a world was made from. @throws {FileError} if it is kept nowhere */
  base(api: string, scenario: string, fingerprint: string): Scenario;
  /** What an api begins with that was not served when the world was kept. */
  begin(api: string, scenario: string): ApiState;
}

/** What a world rests on, by api, as it is kept: `{nuntiq: {scenario: "default", fingerprint: "0f3a…"}}`. */
export function basesToJson(world: World, keep: (scenario: Scenario) => void): JsonObject {
  return Object.fromEntries(
    [...world.apis].map(([api, { scenario }]) => {
      keep(scenario);
      return [api, { scenario: scenario.name, fingerprint: scenario.fingerprint }];
    }),
  );
}

/** A world as JSON. `keep` is told of every scenario that it rests on. */
export function worldToJson(world: World, keep: (scenario: Scenario) => void): JsonObject {
  const { apis: bases, ...head } = worldHead(world, keep);
  const apis = Object.entries(isObject(bases) ? bases : {}).map(([api, base]) => {
    const changes = world.apis.get(api)?.changes();
    const changed = changes === undefined ? {} : { changes: changesToJson(changes) };
    return [api, { ...(isObject(base) ? base : {}), ...changed }] as const;
  });
  return { ...head, apis: Object.fromEntries(apis) };
}

/** The same without what changed since the scenarios; {@link worldPieces} has that. */
export function worldHead(world: World, keep: (scenario: Scenario) => void): JsonObject {
  return {
    scenario: world.scenario,
    ...(world.seed === undefined ? {} : { seed: world.seed }),
    clock: clockToJson(world.clock),
    requests: world.requests,
    apis: basesToJson(world, keep),
  };
}

/** Records in one piece; making and writing it takes well below a millisecond. */
const recordsPerPiece = 32;

/** What changed in a world since its scenarios, `{api, changes}` after each other, made when they are asked for. */
export function* worldPieces(world: World): Iterable<JsonObject> {
  for (const [api, state] of world.apis) {
    for (const changes of state.changesInPieces(recordsPerPiece)) yield { api, changes: changesToJson(changes) };
  }
}

/** How many versions of records an entry of the state directory has; 1 for one that has none, such as a moved clock. */
export function weightOf({ changes, world }: JsonObject): number {
  let weight = versionsIn(changes);
  const parts = isObject(world) && isObject(world.apis) ? Object.values(world.apis) : [];
  for (const part of parts) weight += isObject(part) ? versionsIn(part.changes) : 0;
  return Math.max(1, weight);
}

function versionsIn(changes: JsonValue | undefined): number {
  let versions = 0;
  const collections = isObject(changes) && isObject(changes.collections) ? Object.values(changes.collections) : [];
  for (const records of collections) versions += isArray(records) ? records.length : 0;
  return versions;
}

/** Lays a piece over a world. @throws {FileError} if its api is not served */
export function applyPiece({ api, changes }: JsonObject, world: Pick<World, 'apis'>, whose: string): void {
  const name = typeof api === 'string' ? api : '';
  const state = world.apis.get(name);
  if (state === undefined) throw notServed(name, whose);
  state.apply(changesFromJson(changes));
}

/**
 * The reverse of {@link worldToJson}.
 *
 * @throws {FileError} if an api that was changed is not served any more, or a scenario that it was made from is not kept
 */
export function worldFromJson(json: JsonValue | undefined, whose: string, source: WorldSource): World {
  const kept = isObject(json) ? json : {};
  const scenario = typeof kept.scenario === 'string' ? kept.scenario : 'default';
  const parts = isObject(kept.apis) ? kept.apis : {};
  const stranger = Object.entries(parts).find(
    ([api, part]) => !source.apis.includes(api) && isObject(part) && part.changes !== undefined,
  );
  if (stranger !== undefined) throw notServed(stranger[0], whose);
  const states = statesFromJson(parts, scenario, source);
  const seed = typeof kept.seed === 'number' ? kept.seed : undefined;
  const world = new World(scenario, states, clockFromJson(kept.clock), seed);
  if (typeof kept.requests === 'number') world.requests = kept.requests;
  return world;
}

/** The reverse of {@link basesToJson}, for every api that is served, with what each part says that changed. */
export function statesFromJson(parts: JsonObject, scenario: string, source: WorldSource): Map<string, ApiState> {
  return new Map(
    source.apis.map((api) => {
      const part = parts[api];
      return [api, isObject(part) ? stateFromJson(api, part, source) : source.begin(api, scenario)];
    }),
  );
}

function stateFromJson(api: string, part: JsonObject, source: WorldSource): ApiState {
  const fingerprint = typeof part.fingerprint === 'string' ? part.fingerprint : '';
  const name = typeof part.scenario === 'string' ? part.scenario : 'default';
  const state = new ApiState(source.base(api, name, fingerprint));
  if (part.changes !== undefined) state.apply(changesFromJson(part.changes));
  return state;
}

/** What is said of kept state of an api that this sandbox does not serve. */
export function notServed(api: string, whose: string): FileError {
  return new FileError(
    `The kept ${whose} has state of the api ${api}, which is not served. Serve it, or begin anew with --fresh.`,
  );
}
