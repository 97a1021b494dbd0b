/**
 * Worlds as they are kept on disk: the scenario of each api by name, and what changed since.
 *
 * A world whose records came with an upload has no scenario file; its content is kept once, and referred to by fingerprint.
 */
import { isObject, type JsonObject, type JsonValue } from '../json.js';
import { FileError } from '../yaml.js';
import { clockFromJson, clockToJson } from './clock.js';
import type { Scenario } from './scenario.js';
import { changesFromJson, changesToJson } from './transaction.js';
import { ApiState, World } from './workspace.js';

/** What is needed to lay a kept world over the records that it began with. */
export interface WorldSource {
  /** What a file says for an api; the default one if it has no scenario of that name. */
  scenario(api: string, name: string): Scenario;
  /** What an upload said for an api; `undefined` if it is not kept. */
  upload(fingerprint: string): Scenario | undefined;
  readonly apis: readonly string[];
}

/** A world as JSON. `onUpload` is told of every scenario in it that came with an upload. */
export function worldToJson(world: World, onUpload: (scenario: Scenario) => void): JsonObject {
  const apis = [...world.apis].flatMap(([api, state]) => {
    const changes = state.changes();
    const { fingerprint, uploaded, name } = state.scenario;
    if (uploaded !== undefined) onUpload(state.scenario);
    else if (changes === undefined) return [];
    const kept = changes === undefined ? {} : { changes: changesToJson(changes) };
    return [[api, { scenario: name, fingerprint, ...kept }] as const];
  });
  return {
    scenario: world.scenario,
    ...(world.seed === undefined ? {} : { seed: world.seed }),
    clock: clockToJson(world.clock),
    requests: world.requests,
    apis: Object.fromEntries(apis),
  };
}

/**
 * The reverse of {@link worldToJson}.
 *
 * @throws {FileError} if an api is not served any more, or a scenario file is not the one that the world was made from
 */
export function worldFromJson(json: JsonValue | undefined, whose: string, source: WorldSource): World {
  const kept = isObject(json) ? json : {};
  const scenario = typeof kept.scenario === 'string' ? kept.scenario : 'default';
  const states = new Map(source.apis.map((api) => [api, new ApiState(source.scenario(api, scenario))]));
  for (const [api, part] of Object.entries(isObject(kept.apis) ? kept.apis : {})) {
    if (!states.has(api)) throw notServed(api, whose);
    const state = isObject(part) ? stateFromJson(api, part, whose, source) : undefined;
    if (state !== undefined) states.set(api, state);
  }
  const seed = typeof kept.seed === 'number' ? kept.seed : undefined;
  const world = new World(scenario, states, clockFromJson(kept.clock), seed);
  if (typeof kept.requests === 'number') world.requests = kept.requests;
  return world;
}

function stateFromJson(api: string, part: JsonObject, whose: string, source: WorldSource): ApiState {
  const fingerprint = typeof part.fingerprint === 'string' ? part.fingerprint : '';
  const name = typeof part.scenario === 'string' ? part.scenario : 'default';
  const base = source.upload(fingerprint) ?? source.scenario(api, name);
  requireSame(base, fingerprint, whose);
  const state = new ApiState(base);
  if (part.changes !== undefined) state.apply(changesFromJson(part.changes));
  return state;
}

/** @throws {FileError} if a scenario is not the one with the fingerprint */
export function requireSame({ api, name, fingerprint }: Scenario, kept: JsonValue | undefined, whose: string): void {
  if (fingerprint === kept) return;
  throw new FileError(
    `The scenario ${name} of ${api} has changed since ${whose} was made from it. ` +
      'Put the old one back, or begin anew with --fresh.',
  );
}

/** What is said of kept state of an api that this sandbox does not serve. */
export function notServed(api: string, whose: string): FileError {
  return new FileError(
    `The kept ${whose} has state of the api ${api}, which is not served. Serve it, or begin anew with --fresh.`,
  );
}
