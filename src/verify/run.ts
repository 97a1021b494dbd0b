/**
 * A run: requests that are accepted are found first, then every phase varies them, and what comes back is judged.
 */
import type { Operation } from '../document.js';
import type { JsonObject } from '../json.js';
import type { Sample } from '../samples.js';
import { searchCounterexample } from './arbitrary.js';
import { type Base, bases } from './bases.js';
import {
  type Case,
  type Check,
  type Exchange,
  type Failure,
  isCarriedOut,
  type Phase,
  type WireResponse,
} from './case.js';
import type { Judgement } from './checks.js';
import type { VerifiedContract } from './contract.js';
import type { Examiner } from './examiner.js';
import { type Finding, Findings } from './findings.js';
import { withOwnKey } from './idempotency.js';
import type { Exchanged } from './links.js';
import { fuzzCase, randomParts } from './phases/fuzz.js';
import { negativeCases, strayCases } from './phases/negative.js';
import { positiveCases } from './phases/positive.js';
import { sampleCases } from './phases/samples.js';
import { runSequences } from './phases/stateful.js';
import { Reach } from './reach.js';
import { shownFailure } from './report/shown.js';
import { render } from './request.js';
import { keyOf, type Resource, resourceOf, resourcesOf } from './resources.js';
import { idStem } from './sequences/steps.js';
import { operationPointer, put } from './sites.js';
import type { Session, Target } from './target.js';

/** How a run is made. */
export interface RunOptions {
  readonly phases: ReadonlySet<Phase>;
  /** The checks that count; what others find is left out. */
  readonly checks: ReadonlySet<Check>;
  /** How many requests are under way at once. */
  readonly workers: number;
  readonly samples: readonly Sample[];
  /** What tells the run from every other, for keys that must be new; absent: when it began, and the seed. */
  readonly run?: string;
  /** Of the random requests. */
  readonly seed: number;
  /** How many random requests there are for each operation, and how long they may take together. */
  readonly maxExamples: number;
  readonly maxMilliseconds: number;
  /** The security schemes to name if everything is refused for want of a credential; absent: none. */
  readonly missingCredentials?: readonly string[];
  /** The id of the only case to run; absent: all. */
  readonly replay?: string;
  /** Told of every request what came of it, as soon as it is judged; what it throws ends the run. */
  readonly judged?: (exchange: Exchange, judgement: Judgement) => void;
  /** Told how far it is, and how many defects were found so far. */
  readonly progress?: (phase: Phase, done: number, total: number, findings: number) => void;
}

/** What a case came to. The answer's body is not kept: there are thousands, of any length. */
export interface Outcome {
  readonly case: Case;
  /** Or why there was none. */
  readonly answer: Omit<WireResponse, 'text'> | Error;
  readonly failures: readonly Failure[];
  /** Whether a rule beyond the schemas refused it. */
  readonly ruled: boolean;
}

/** More defects are counted, not kept. */
const mostFindings = 1_000;

/** What a run came to. */
export interface RunResult {
  readonly findings: readonly Finding[];
  readonly outcomes: readonly Outcome[];
  /** What could not be judged, a sentence each. */
  readonly notes: readonly string[];
  /** The requests that others were variations of; none where no phase needed them. */
  readonly bases: ReadonlyMap<Operation, Base>;
}

/** A request to begin from, and, where it was accepted, what came of it. */
interface Accepted {
  readonly base: Base;
  readonly exchanged?: Exchanged;
}

/** Judges a server by a contract. */
export class Run {
  readonly #findings = new Findings(mostFindings);
  readonly #outcomes: Outcome[] = [];
  readonly #resources: readonly Resource[];
  readonly #known = new Map<Operation, Promise<Accepted>>();
  readonly #reach = new Reach();
  readonly #begun: string;
  readonly #ids = new Set<string>();
  /** How often each case was sent. */
  readonly #sent = new Map<string, number>();
  readonly #notes = new Set<string>();

  constructor(
    private readonly contract: VerifiedContract,
    private readonly target: Target,
    private readonly examiner: Examiner,
    private readonly options: RunOptions,
  ) {
    this.#begun = `${new Date().toISOString()} ${options.seed}`;
    this.#resources = resourcesOf(contract.document);
  }

  /** The ids of cases so far that are likest to one that there is not: of the same phase and operation. */
  likest(id: string): readonly string[] {
    const stem = /^[^/]+\/[^/]+\//.exec(id)?.[0];
    const near = [...this.#ids].filter((each) => stem !== undefined && each.startsWith(stem));
    const shared = (each: string) => [...each].findIndex((character, index) => character !== id[index]);
    return near.sort((one, other) => shared(other) - shared(one)).slice(0, 3);
  }

  async run(): Promise<RunResult> {
    const { samples, phases } = this.options;
    const { authority, isolated } = this.target;
    let begun: readonly Base[] = [];
    if (phases.has('samples')) {
      await this.#each('samples', sampleCases(this.contract, samples, authority, isolated));
    }
    if ([...phases].some((phase) => phase !== 'samples')) {
      const operations = deletingLast(this.contract.document.operations);
      const accepted = await pool(operations, this.options.workers, async (operation) => {
        return (await this.#accepted(operation)).base;
      });
      begun = accepted;
      this.#reach.checkCredential(this.options.missingCredentials ?? []);
      this.#reach.checkPath(this.contract.document);
      const cases = (of: (contract: VerifiedContract, base: Base, authority: Target['authority']) => readonly Case[]) =>
        accepted.flatMap((base) => of(this.contract, base, authority));
      // Forbidden requests first: on a server that all cases share, allowed ones take away what they need.
      if (phases.has('negative')) {
        const stray = strayCases(this.contract, accepted, authority);
        await this.#negative([...cases(negativeCases), ...stray], accepted);
      }
      if (phases.has('positive')) {
        // What a deletion at the edge of a range of ids takes away may be anybody's.
        const strange = ({ operation, subject }: Case) => operation?.method === 'DELETE' && subject.in === 'path';
        await this.#each(
          'positive',
          cases(positiveCases).filter((each) => isolated || !strange(each)),
        );
      }
      if (phases.has('stateful')) await this.#stateful(accepted);
      if (phases.has('fuzz')) await this.#fuzz(accepted);
    }
    const known = new Map(begun.map((base) => [base.operation, base]));
    const { more } = this.#findings;
    if (more > 0) this.#notes.add(`${more} more failures are of defects beyond the first ${mostFindings}`);
    return { findings: this.#findings.all(), outcomes: this.#outcomes, bases: known, notes: [...this.#notes] };
  }

  /** A request of an operation that is accepted; the first that is valid, if none is. Tried once. */
  #accepted(operation: Operation): Promise<Accepted> {
    const known = this.#known.get(operation) ?? this.#tried(operation);
    this.#known.set(operation, known);
    return known;
  }

  async #tried(operation: Operation): Promise<Accepted> {
    const candidates = bases(this.contract, operation);
    const valid = candidates.filter(({ values }) => this.contract.faults(operation, values).length === 0);
    // On a server that all cases share, a deletion would leave the others nothing.
    const tried = operation.method === 'DELETE' && !this.target.isolated ? [] : valid;
    for (const base of tried) {
      const exchange = await this.#inSession((session) => this.#send(session, this.#trial(base)));
      this.#reach.note(exchange);
      const exchanged = carriedOut(exchange, base);
      if (exchanged !== undefined) return { base, exchanged };
    }
    const made = await this.#onNewOne(operation, valid);
    if (made !== undefined) return { base: made };
    const [first] = [...valid, ...candidates];
    if (valid.length === 0) {
      this.#notes.add(
        `${operation.operationId}: no request was made that the document allows; others begin from a wrong one`,
      );
    }
    if (first === undefined) throw new Error(`${operation.operationId} has no request to begin from.`);
    return { base: first };
  }

  /** On a server that all cases share, what the document names may be gone: a request on something that is made for it. */
  async #onNewOne(operation: Operation, valid: readonly Base[]): Promise<Base | undefined> {
    const resource = resourceOf(this.#resources, operation);
    const parameter = resource?.parameters.get(operation);
    const [base] = valid;
    if (this.target.isolated || resource === undefined || parameter === undefined || base === undefined)
      return undefined;
    const key = await this.#make(resource);
    const values = key === undefined ? undefined : put(base.values, ['path', parameter], key);
    return values === undefined ? undefined : { ...base, values };
  }

  /** The key of a new thing; undefined if none was made. */
  async #make(resource: Resource): Promise<string | undefined> {
    const isFirst = !this.#known.has(resource.create);
    const { base, exchanged } = await this.#accepted(resource.create);
    // The trial has made one already.
    if (isFirst) return exchanged && keyOf(resource, exchanged);
    const made = carriedOut(await this.#inSession((session) => this.#send(session, this.#trial(base))), base);
    return made && keyOf(resource, made);
  }

  #trial(base: Base): Case {
    const documented = operationPointer(base.operation);
    return {
      id: `trial/${base.operation.operationId}/${base.name}`,
      phase: 'positive',
      operation: base.operation,
      subject: { in: 'request', pointer: '', constraint: base.name, documented },
      request: render(this.contract.document, base, this.target.authority),
      expectation: { kind: 'accepted' },
    };
  }

  /** Runs cases that may change something, each in a session of its own. */
  async #each(phase: Phase, cases: readonly Case[]): Promise<void> {
    const wanted = this.#wanted(cases);
    let done = 0;
    await pool(wanted, this.options.workers, async (each) => {
      const exchange = await this.#inSession((session) => this.#send(session, each), each.scenario);
      this.#record(exchange);
      this.#progress(phase, ++done, wanted.length);
    });
  }

  /** Runs cases that must change nothing, many in one session; where something changed, each again in one of its own. */
  async #negative(cases: readonly Case[], accepted: readonly Base[]): Promise<void> {
    const wanted = this.#wanted(cases);
    let done = 0;
    const groups = byOperation(wanted);
    // On a server that all cases share, one group's requests must not be taken for another's.
    await pool(groups, this.target.isolated ? this.options.workers : 1, async (group) => {
      const seen = nearest(accepted, group[0]?.operation);
      const changes = await this.#inSession(async (session) => {
        const before = await this.#seen(session, seen);
        for (const each of group) {
          this.#record(await this.#send(session, each));
          this.#progress('negative', ++done, wanted.length);
        }
        return this.#changes(session, seen, before);
      });
      if (changes.length === 0 || !this.options.checks.has('refusal_changes_nothing')) return;
      for (const each of group) await this.#changesNothing(each, seen);
    });
  }

  /** What changed since the server was looked at. */
  async #changes(session: Session, seen: readonly Base[], before: string | undefined): Promise<readonly string[]> {
    const told = await session.changes();
    if (told !== undefined) return told;
    return before === (await this.#seen(session, seen)) ? [] : ['what the server lists is no longer the same'];
  }

  /** What can be read of a server that does not tell its changes: its answers to some requests that only read. */
  async #seen(session: Session, reading: readonly Base[]): Promise<string | undefined> {
    if (this.target.isolated || !this.options.checks.has('refusal_changes_nothing')) return undefined;
    const answers: (WireResponse | Error)[] = [];
    for (const base of reading) answers.push((await this.#send(session, this.#trial(base))).response);
    return answers.map((answer) => (answer instanceof Error ? answer.message : answer.text)).join('\n');
  }

  async #changesNothing(each: Case, seen: readonly Base[]): Promise<void> {
    const { exchange, changes } = await this.#inSession(async (session) => {
      const before = await this.#seen(session, seen);
      const sent = await this.#send(session, each);
      return { exchange: sent, changes: await this.#changes(session, seen, before) };
    });
    const { response } = exchange;
    // What was accepted in the place of a refusal is told already.
    if (changes.length === 0 || response instanceof Error || response.status < 400) return;
    const message = `Received ${response.status}, and ${changes.join('; ')}; a refusal changes nothing.`;
    const { documented } = each.subject;
    this.#findings.add(exchange, [{ check: 'refusal_changes_nothing', pointer: '', message, documented }]);
  }

  /** Sends random requests to every operation; one that fails is made as small as it still fails. */
  async #fuzz(accepted: readonly Base[]): Promise<void> {
    const { seed, maxExamples, maxMilliseconds, replay } = this.options;
    const wanted = accepted.filter(
      ({ operation }) => replay === undefined || replay === `fuzz/${operation.operationId}`,
    );
    let done = 0;
    await pool(wanted, this.options.workers, async (base) => {
      const send = (values: JsonObject) => {
        const each = fuzzCase(this.contract, base, values, this.target.authority);
        return this.#inSession((session) => this.#send(session, each));
      };
      const holds = async (values: JsonObject) => {
        const exchange = await send(values);
        const judgement = this.examiner.judge(exchange);
        if (judgement.failures.some(({ check }) => this.options.checks.has(check))) return false;
        this.#keep(exchange, { failures: [], ruled: judgement.ruled });
        return true;
      };
      const parts = randomParts(this.contract, base);
      const limits = { seed, examples: maxExamples, milliseconds: maxMilliseconds / wanted.length };
      const counterexample = await searchCounterexample(parts, holds, limits);
      if (counterexample !== undefined) this.#record(await send(counterexample));
      this.#progress('fuzz', ++done, wanted.length);
    });
  }

  /** Runs the sequences of every resource, each in a session of its own; a replay runs those of its resource, and tells of one case. */
  async #stateful(accepted: readonly Base[]): Promise<void> {
    const { replay } = this.options;
    const resources = this.#resources.filter((each) => replay === undefined || replay.startsWith(idStem(each)));
    const { authority } = this.target;
    const known = new Map(accepted.map((base) => [base.operation, base]));
    let done = 0;
    // On a server that all cases share, one sequence's things would be in the other's lists.
    await pool(resources, this.target.isolated ? this.options.workers : 1, async (resource) => {
      await this.#inSession(async (session) => {
        const send = async (each: Case) => {
          const exchange = await this.#send(session, each);
          if (this.#wanted([each]).length > 0) this.#record(exchange);
          return exchange;
        };
        const fail = (exchange: Exchange, failure: Failure) => {
          if (!this.options.checks.has(failure.check) || this.#wanted([exchange.case]).length === 0) return;
          this.#keep(exchange, { failures: [failure], ruled: false });
        };
        await runSequences(
          {
            contract: this.contract,
            authority,
            bases: known,
            run: this.options.run ?? this.#begun,
            send,
            note: (words: string) => this.#notes.add(words),
            fail,
          },
          resource,
        );
      });
      this.#progress('stateful', ++done, resources.length);
    });
  }

  #wanted(cases: readonly Case[]): readonly Case[] {
    const { replay } = this.options;
    for (const { id } of cases) this.#ids.add(id);
    return replay === undefined ? cases : cases.filter(({ id }) => id === replay);
  }

  async #inSession<T>(use: (session: Session) => Promise<T>, scenario?: string): Promise<T> {
    const session = await this.target.session(scenario);
    try {
      return await use(session);
    } finally {
      await session.close();
    }
  }

  async #send(session: Session, each: Case): Promise<Exchange> {
    const exchange = await this.examiner.send(session, this.#keyed(each));
    this.#reach.watch(exchange);
    return exchange;
  }

  /** On a server that all cases share, keys that must be new are; sequences have seen to theirs. */
  #keyed(each: Case): Case {
    if (this.target.isolated || each.phase === 'stateful') return each;
    const time = (this.#sent.get(each.id) ?? 0) + 1;
    this.#sent.set(each.id, time);
    return withOwnKey(this.contract, each, [this.options.run ?? this.#begun, each.id, String(time)]);
  }

  #progress(phase: Phase, done: number, total: number): void {
    this.options.progress?.(phase, done, total, this.#findings.size);
  }

  #record(exchange: Exchange): void {
    const { failures: all, ruled } = this.examiner.judge(exchange);
    const failures = all.filter(({ check }) => this.options.checks.has(check));
    this.#keep(exchange, { failures, ruled });
  }

  #keep(exchange: Exchange, judgement: Judgement): void {
    const { case: tried, response } = exchange;
    const { failures, ruled } = judgement;
    this.#findings.add(exchange, failures);
    this.#outcomes.push({ case: tried, answer: withoutText(response), failures: failures.map(shownFailure), ruled });
    this.options.judged?.(exchange, judgement);
  }
}

function withoutText(response: WireResponse | Error): Outcome['answer'] {
  if (response instanceof Error) return response;
  const { status, headers, milliseconds } = response;
  return { status, headers, milliseconds };
}

/** So many answers are looked at to see whether a refusal changed something. */
const mostSeen = 20;

/** The requests that only read, those of paths that have most in common with an operation's first. */
function nearest(accepted: readonly Base[], operation: Operation | undefined): readonly Base[] {
  const own = operation?.path.split('/') ?? [];
  const shared = ({ operation: { path } }: Base) => {
    const segments = path.split('/');
    const end = segments.findIndex((segment, index) => segment !== own[index]);
    return end < 0 ? segments.length : end;
  };
  return accepted
    .filter((base) => base.operation.method === 'GET')
    .sort((one, other) => shared(other) - shared(one))
    .slice(0, mostSeen);
}

/** What came of a trial; undefined unless every server carried it out. */
function carriedOut(exchange: Exchange, { operation, values }: Base): Exchanged | undefined {
  const { url, response } = exchange;
  return response instanceof Error || !isCarriedOut(exchange) ? undefined : { operation, url, values, response };
}

function deletingLast(operations: readonly Operation[]): readonly Operation[] {
  return [...operations].sort((left, right) => Number(left.method === 'DELETE') - Number(right.method === 'DELETE'));
}

/** Does something for every item, so many at once; the results in the order of the items. */
async function pool<Item, Result>(
  items: readonly Item[],
  workers: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(workers, items.length) }, worker));
  return results;
}

function byOperation(cases: readonly Case[]): readonly (readonly Case[])[] {
  const groups = new Map<Operation | undefined, Case[]>();
  for (const each of cases) groups.set(each.operation, [...(groups.get(each.operation) ?? []), each]);
  return [...groups.values()];
}
