/**
 * A scenario of one api: the starting state that a workspace is made from. Read once, shared by all workspaces. How it is read
 * is in src/scenario/.
 */
import type { Instant } from '../instant.js';
import type { JsonObject } from '../json.js';
import type { BaseRecords } from './records.js';

export interface Scenario {
  readonly api: string;
  readonly name: string;
  /** Who these people are and what can be tried with them. */
  readonly story: string;
  /** Of the random numbers. */
  readonly seed: number;
  /** The clock is frozen there; absent: the real time. */
  readonly clock: Instant | undefined;
  /** Accepted values by security scheme. */
  readonly credentials: ReadonlyMap<string, readonly string[]>;
  /** Switches of behaviour that the api's handlers read. */
  readonly settings: JsonObject;
  /** What the number generators give first, by collection. */
  readonly nextIds: ReadonlyMap<string, number>;
  /** What the uuid generator gives first. */
  readonly uuids: readonly string[];
  /** Rules for what goes wrong on purpose, in the order in which they are tried; each names the scenario's api. */
  readonly faults: readonly JsonObject[];
  readonly collections: ReadonlyMap<string, BaseRecords>;
  /** Changes when anything of it does: a stored workspace is only laid over the scenario that it was made from. */
  readonly fingerprint: string;
}

/** The scenario of an api that has no records. */
export function emptyScenario(api: string): Scenario {
  return {
    api,
    name: 'default',
    story: '',
    seed: 1,
    clock: undefined,
    credentials: new Map(),
    settings: {},
    nextIds: new Map(),
    uuids: [],
    faults: [],
    collections: new Map(),
    fingerprint: '',
  };
}
