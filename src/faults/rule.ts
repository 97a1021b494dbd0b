/**
 * A rule made ready: which requests it takes, when it strikes, and the fault.
 */
import { isArray, type JsonObject, stringify } from '../json.js';
import { compileMatch, type Matcher, type Seen } from '../match.js';
import { seedOf } from '../scenario/dice.js';
import { draw } from './draw.js';
import { type Effect, readEffect } from './effect.js';
import { type Latency, readLatency } from './latency.js';
import { numeric, objectAt } from './read.js';

/** A fault: latency, an effect, or both. */
export interface Fault {
  readonly latency: Latency | undefined;
  readonly effect: Effect | undefined;
}

/** Whether a rule strikes at its `count`th request; `chance` gives a number from 0 to 1. */
type When = (count: number, chance: () => number) => boolean;

/** What sets apart the draws of one request to one rule. */
const draws = { strike: 0, first: 1, second: 2 } as const;

/** One rule of a workspace, and what it has seen. */
export class Rule {
  readonly fault: Fault;
  /** How many requests its match took. */
  matched = 0;
  /** How often its fault was applied. */
  struck = 0;
  readonly #match: Matcher;
  readonly #api: string | undefined;
  readonly #operationIds: ReadonlySet<string> | undefined;
  readonly #when: When;
  /** What chance hangs on: the name, not the place, so that rules which come and go leave the luck of others alone. */
  readonly #luck: number;

  constructor(
    readonly name: string,
    /** The rule as it was written; judged before. */
    readonly json: JsonObject,
    /** About what it takes; 0 if somebody else keeps it anyway. */
    readonly bytes = 0,
  ) {
    const { api, operationId, match } = json;
    this.#luck = seedOf(name);
    this.#api = typeof api === 'string' ? api : undefined;
    this.#operationIds = operationIdsOf(operationId);
    this.#match = compileMatch(match ?? {});
    this.#when = readWhen(objectAt(json, 'when'));
    this.fault = readFault(objectAt(json, 'fault') ?? {});
  }

  /** Counts a request if the match takes it, and says whether the rule would strike. `seed`: the scenario's. */
  meets(seen: Seen, seed: number): boolean {
    if (this.#api !== undefined && this.#api !== seen.api) return false;
    if (this.#operationIds !== undefined && !this.#operationIds.has(seen.operationId ?? '')) return false;
    if (this.#match(seen).length > 0) return false;
    this.matched++;
    return this.#when(this.matched, () => draw(seed, this.#luck, this.matched, draws.strike));
  }

  /** Counts a strike, and says how long the answer waits. */
  strike(seed: number): number {
    this.struck++;
    // Struck by its name in a request, a rule may have matched nothing yet: what struck counts on from there.
    const count = this.matched + this.struck;
    return (
      this.fault.latency?.(
        () => draw(seed, this.#luck, count, draws.first),
        () => draw(seed, this.#luck, count, draws.second),
      ) ?? 0
    );
  }
}

/** About what a rule takes that is kept for itself: as JSON, and its match made ready beside it. */
export function bytesOf(json: JsonObject): number {
  return Buffer.byteLength(stringify(json)) + readyWeight * Buffer.byteLength(stringify(json.match ?? null));
}

/** How many times as long as its text a match is when its paths have been read. */
const readyWeight = 30;

/** A fault as it is written, judged before or made by {@link faultOfWord}. */
export function readFault(json: JsonObject): Fault {
  return { latency: readLatency(objectAt(json, 'latency') ?? {}), effect: readEffect(json) };
}

/** One operation or a list; `undefined` for any. */
export function operationIdsOf(operationId: JsonObject[string]): ReadonlySet<string> | undefined {
  if (operationId === undefined) return undefined;
  return new Set((isArray(operationId) ? operationId : [operationId]).map(String));
}

function readWhen(when: JsonObject | undefined): When {
  if (when === undefined) return () => true;
  const [first, every, after] = [numeric(when.first), numeric(when.every), numeric(when.after)];
  if (when.first !== undefined) return (count) => count <= first;
  if (when.every !== undefined) return (count) => count % every === 0;
  if (when.after !== undefined) return (count) => count > after;
  const probability = numeric(when.probability);
  return (_, chance) => chance() < probability;
}
