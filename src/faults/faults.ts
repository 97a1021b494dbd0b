/**
 * The faults of one workspace: its rules in order, what each has seen, and what strikes a request. They are not kept on
 * disk: a restart puts those of the scenario back, and a reset those that the workspace began with.
 */
import type { JsonObject } from '../json.js';
import type { Seen } from '../match.js';
import type { FaultWish } from '../prefer.js';
import type { Scenario } from '../store/scenario.js';
import type { Effect } from './effect.js';
import { cap } from './latency.js';
import { bytesOf, type Fault, Rule } from './rule.js';

/** What strikes a request. */
export interface Struck {
  /** What struck, for the journal: names of rules, or what `Prefer` said. */
  readonly name: string;
  /** How long the answer waits; 0 for not at all. */
  readonly delayMilliseconds: number;
  /** Absent: the answer is late and nothing else. */
  readonly effect: Effect | undefined;
}

/** What {@link Faults} reads of a scenario. */
export type FaultScenario = Pick<Scenario, 'api' | 'seed' | 'faults'>;

/** A rule as it was written, under the name that it has. */
export type NamedRule = Pick<Rule, 'name' | 'json'>;

/** The rules of a workspace. */
export class Faults {
  #rules: readonly Rule[] | undefined;
  readonly #seeds = new Map<string, number>();

  /**
   * `scenarios` gives those that the workspace was made from; they are read when they are needed first. `first` are the
   * rules that it begins with in the place of theirs.
   */
  constructor(
    private readonly scenarios: () => Iterable<FaultScenario>,
    private readonly first?: readonly NamedRule[],
  ) {}

  /** In order: the first that strikes wins. */
  get rules(): readonly Rule[] {
    this.#rules ??= this.first?.map(({ name, json }) => new Rule(name, json)) ?? this.#fromScenarios();
    return this.#rules;
  }

  /** Whether any rule stands: if none does, a request need not be looked at. */
  get any(): boolean {
    return this.rules.length > 0;
  }

  /** About what its rules take; those of a scenario are its own to keep. */
  get bytes(): number {
    return (this.#rules ?? []).reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** The rule of a name; `undefined` if there is none. */
  find(name: string): Rule | undefined {
    return this.rules.find((rule) => rule.name === name);
  }

  /** Adds a rule that was judged before, behind the others. */
  add(json: JsonObject): Rule {
    const rule = new Rule(nameOf(json, this.rules), json, bytesOf(json));
    this.#rules = [...this.rules, rule];
    return rule;
  }

  /** Puts rules that were judged before in the place of all; they have seen nothing yet. */
  replace(rules: readonly JsonObject[]): readonly Rule[] {
    this.#rules = named(rules, bytesOf);
    return this.#rules;
  }

  /** Takes a rule away, and says whether there was one. */
  remove(name: string): boolean {
    const left = this.rules.filter((rule) => rule.name !== name);
    const found = left.length < this.rules.length;
    this.#rules = left;
    return found;
  }

  /** Back to the rules that it began with, which have seen nothing. */
  reset(): void {
    this.#rules = undefined;
    this.#seeds.clear();
  }

  /** Counts a request with every rule whose match takes it; what strikes it, the client's own wish first. */
  strike(seen: Seen, wish: FaultWish | undefined): Struck | undefined {
    const seed = this.#seed(seen.api);
    const blow = new Blow();
    if (wish !== undefined) this.#grant(wish, seed, blow);
    for (const rule of this.rules) {
      // Counted in any case: what a rule has seen does not hang on the rules before it.
      const meets = rule.meets(seen, seed);
      if (meets && blow.effect === undefined) blow.add(rule.name, rule.strike(seed), rule.fault);
    }
    return blow.result();
  }

  #grant(wish: FaultWish, seed: number, blow: Blow): void {
    if ('fault' in wish) {
      const { latency } = wish.fault;
      blow.add(wish.name, latency?.(zero, zero) ?? 0, wish.fault);
      return;
    }
    const rule = this.find(wish.rule);
    if (rule !== undefined) blow.add(rule.name, rule.strike(seed), rule.fault);
  }

  #seed(api: string): number {
    if (this.#seeds.size === 0) for (const scenario of this.scenarios()) this.#seeds.set(scenario.api, scenario.seed);
    return this.#seeds.get(api) ?? 1;
  }

  #fromScenarios(): readonly Rule[] {
    return named([...this.scenarios()].flatMap(({ faults }) => [...(faults ?? [])]));
  }
}

const zero = () => 0;

/** What strikes one request, put together rule by rule: latencies add up until there is an effect. */
class Blow {
  effect: Effect | undefined;
  readonly #names: string[] = [];
  #milliseconds = 0;

  add(name: string, milliseconds: number, fault: Fault): void {
    this.#names.push(name);
    this.#milliseconds += milliseconds;
    this.effect = fault.effect;
  }

  result(): Struck | undefined {
    if (this.#names.length === 0) return undefined;
    return { name: this.#names.join(', '), delayMilliseconds: cap(this.#milliseconds), effect: this.effect };
  }
}

/** Rules with a name each: their own, or `fault-1`, `fault-2` … */
function named(rules: readonly JsonObject[], bytes = (_: JsonObject) => 0): readonly Rule[] {
  const taken = rules.flatMap(({ name }) => (typeof name === 'string' ? [{ name }] : []));
  const made: Rule[] = [];
  for (const json of rules) made.push(new Rule(nameOf(json, [...taken, ...made]), json, bytes(json)));
  return made;
}

function nameOf({ name }: JsonObject, taken: readonly { readonly name: string }[]): string {
  if (typeof name === 'string') return name;
  let number = 1;
  while (taken.some((each) => each.name === `fault-${number}`)) number++;
  return `fault-${number}`;
}
