/**
 * A sequence of steps, carried out on a sandbox and on a model side by side: requests, with faults on their way, and what may
 * happen to a workspace between them.
 */
import fc from 'fast-check';
import { isArray, isObject, type JsonObject, type JsonValue, parse, stringify } from '../../src/json.js';
import { differences } from './compare.js';
import type { Answered, Sent } from './connection.js';
import type { Books, Outcome, Simulated } from './simulated.js';
import { member, objects, type Subject } from './subject.js';

/** What goes wrong on a request's way: rules of the workspace, each for requests that ask for it by a header. */
const faults = {
  late: { latency: { milliseconds: 700 } },
  halfReply: { connection: 'half' },
  lostReply: { loseReply: true },
  unavailable: { respond: { status: 503, force: true } },
  resetBefore: { connection: 'reset' },
} as const;

type Fault = keyof typeof faults;

const faultHeader = 'x-simulated-fault';

/** Whether a request that the fault strikes is carried out all the same. */
const carriesOut: Readonly<Record<Fault, boolean>> = {
  late: true,
  halfReply: true,
  lostReply: true,
  unavailable: false,
  resetBefore: false,
};

const struck = Object.keys(faults).filter(isFault);

const rules = struck.map((name) => ({ name, match: { header: { [faultHeader]: name } }, fault: faults[name] }));

export type Step<Operation> =
  | { readonly do: 'ask'; readonly operation: Operation; readonly fault?: Fault }
  | { readonly do: 'reset' | 'fork' | 'snapshot' | 'replay' | 'restart' | 'kill' }
  | { readonly do: 'restore'; readonly which: number }
  | { readonly do: 'advance'; readonly seconds: number };

/** The most steps of one sequence. */
const mostSteps = 200;

/** Sequences of steps; those that restart the sandbox need one that keeps its state. */
export function sequences<Operation>(
  operations: fc.Arbitrary<Operation>,
  durable: boolean,
): fc.Arbitrary<readonly Step<Operation>[]> {
  const step = (weight: number, arbitrary: fc.Arbitrary<Step<Operation>>) => ({ weight, arbitrary });
  const plain = (name: 'reset' | 'fork' | 'snapshot' | 'replay' | 'restart' | 'kill') =>
    fc.constant<Step<Operation>>({ do: name });
  const steps = fc.oneof(
    step(220, fc.record({ do: fc.constant('ask'), operation: operations })),
    step(20, fc.record({ do: fc.constant('ask'), operation: operations, fault: fc.constantFrom(...struck) })),
    step(2, plain('reset')),
    step(2, plain('fork')),
    step(3, plain('snapshot')),
    step(2, fc.record({ do: fc.constant('restore'), which: fc.nat(9) })),
    step(4, fc.record({ do: fc.constant('advance'), seconds: fc.integer({ min: 1, max: 90_000 }) })),
    step(2, plain('replay')),
    ...(durable ? [step(1, plain('restart')), step(2, plain('kill'))] : []),
  );
  return fc.array(steps, { minLength: 1, maxLength: mostSteps, size: 'max' });
}

/** A moment of a workspace that can be gone back to. */
interface Moment<State> {
  readonly snapshot: string;
  readonly state: State;
  readonly now: number;
}

/** How often all records are looked at when nothing else asks for it, in steps. */
const lookEvery = 4;

/** When every clock stands at first. */
const beginning = Date.parse('2026-03-15T10:00:00.000Z');

/** What a sandbox did that the model does not allow. */
export class Mismatch extends Error {
  override readonly name = 'Mismatch';

  constructor(
    message: string,
    /** How many steps lead to it. */
    readonly steps: number,
  ) {
    super(message);
  }
}

/** One workspace, and then its forks, from the first step to the last. */
export class Life<Operation, State> {
  /** How many requests were made of the vendor's api, those that replay a journal left out. */
  asked = 0;
  /** What the steps did: kinds of steps, and statuses of answers. */
  readonly tally = new Map<string, number>();
  #workspace = '';
  #state: State;
  #now = beginning;
  #first: Moment<State>;
  readonly #moments: Moment<State>[] = [];
  /** Workspaces that were left behind in a fork, and that nothing may change any more. */
  readonly #left: { readonly workspace: string; readonly snapshot: string }[] = [];
  /** What the sandbox holds of this life. */
  readonly #made: string[] = [];
  /** Whether the journal has every request since the workspace was what its scenario says. */
  #isReplayable = true;
  /** Whether a reset leads back to the scenario, rather than to what was forked. */
  #isOfScenario = true;

  private constructor(
    private readonly simulated: Simulated<Operation, State>,
    private readonly subject: Subject,
    private readonly seed: number,
    state: State,
  ) {
    this.#state = state;
    this.#first = { snapshot: '', state, now: beginning };
  }

  static async begin<Operation, State>(
    simulated: Simulated<Operation, State>,
    subject: Subject,
    seed: number,
  ): Promise<Life<Operation, State>> {
    const workspace = fresh('life');
    await create(subject, workspace, seed);
    const state = simulated.begin(readBooks(simulated, subject, workspace));
    const life = new Life(simulated, subject, seed, state);
    life.#workspace = workspace;
    life.#made.push(`/workspaces/${workspace}`);
    life.#first = await life.#moment();
    return life;
  }

  /** @throws {Mismatch} where the sandbox does what the model does not */
  async live(steps: readonly Step<Operation>[]): Promise<void> {
    for (const [index, step] of steps.entries()) {
      try {
        await this.#take(step);
        if (index % lookEvery === lookEvery - 1 || index === steps.length - 1) this.#look();
      } catch (error) {
        throw new Mismatch(`step ${index + 1} of ${steps.length}, ${step.do}: ${messageOf(error)}`, index + 1);
      }
    }
    try {
      await this.#lookBack();
    } catch (error) {
      throw new Mismatch(`after step ${steps.length}, the last: ${messageOf(error)}`, steps.length);
    }
  }

  /** Throws away all that it made. */
  async end(): Promise<void> {
    for (const path of this.#made.splice(0)) await this.subject.control('DELETE', path);
  }

  async #take(step: Step<Operation>): Promise<void> {
    this.#count(step.do);
    switch (step.do) {
      case 'ask':
        return step.fault === undefined ? this.#ask(step.operation) : this.#askWithFault(step.operation, step.fault);
      case 'advance':
        await this.subject.control('POST', this.#path('/clock'), { advance: `PT${step.seconds}S` });
        this.#now += step.seconds * 1000;
        return;
      case 'snapshot':
        this.#moments.push(await this.#moment());
        return;
      case 'restore':
        return this.#restore(step.which);
      case 'reset':
        return this.#reset();
      case 'fork':
        return this.#fork();
      case 'restart':
        return this.#restart(() => this.subject.restart());
      case 'kill':
        return this.#restart(() => this.subject.restartKilled());
      case 'replay':
        return this.#replay();
    }
  }

  async #ask(operation: Operation): Promise<void> {
    const outcome = this.simulated.carryOut(operation, this.#state, new Date(this.#now));
    judge(outcome, await this.#send(outcome), `${outcome.request.method} ${outcome.request.path}`);
  }

  async #askWithFault(operation: Operation, fault: Fault): Promise<void> {
    this.#count(fault);
    const trial = structuredClone(this.#state);
    const outcome = this.simulated.carryOut(operation, trial, new Date(this.#now));
    const answer = await this.#send(outcome, fault);
    if (outcome.byDocument === true || carriesOut[fault]) this.#state = trial;
    const what = `${outcome.request.method} ${outcome.request.path} with ${fault}`;
    if (outcome.byDocument === true || fault === 'late') judge(outcome, answer, what);
    else if (fault === 'unavailable') judge({ ...outcome, status: 503, body: {} }, answer, what);
    else if (answer !== undefined) throw new Error(`${what}: expected no answer, received ${answer.status}`);
    this.#look();
  }

  async #send({ request }: Outcome, fault?: Fault): Promise<Answered | undefined> {
    this.asked++;
    const answer = await this.subject.ask(this.#workspace, request, headersOf(fault));
    this.#count(String(answer?.status ?? 'no answer'));
    return answer;
  }

  async #restore(which: number): Promise<void> {
    const moment = this.#moments[which % Math.max(1, this.#moments.length)];
    if (moment === undefined) return;
    await this.subject.control('POST', this.#path('/restore'), { snapshot: moment.snapshot });
    this.#go(moment);
    this.#isReplayable = false;
    await this.#requireSame(moment.snapshot, this.#workspace, 'what was restored');
    this.#look();
  }

  async #reset(): Promise<void> {
    await this.subject.control('POST', this.#path('/reset'));
    await plant(this.subject, this.#workspace);
    this.#go(this.#first);
    this.#isReplayable = this.#isOfScenario;
    await this.#requireSame(this.#first.snapshot, this.#workspace, 'what was reset');
    this.#look();
  }

  async #fork(): Promise<void> {
    const fork = fresh('life');
    const { snapshot } = await this.#moment();
    await this.subject.control('POST', '/workspaces', { name: fork, workspace: this.#workspace });
    this.#made.push(`/workspaces/${fork}`);
    this.#left.push({ workspace: this.#workspace, snapshot });
    this.#workspace = fork;
    this.#isReplayable = false;
    this.#isOfScenario = false;
    this.#first = { snapshot, state: structuredClone(this.#state), now: this.#now };
    await this.#requireSame(snapshot, fork, 'the fork');
    this.#look();
  }

  async #restart(restart: () => Promise<void>): Promise<void> {
    const { snapshot } = await this.#moment();
    await restart();
    // Neither faults nor the journal of requests are kept.
    await plant(this.subject, this.#workspace);
    this.#isReplayable = false;
    await this.#requireSame(snapshot, this.#workspace, 'what was kept');
    this.#look();
  }

  /** Sends what the journal has to a new workspace, which must then hold the same, and have answered the same. */
  async #replay(): Promise<void> {
    if (!this.#isReplayable) return;
    const { snapshot } = await this.#moment();
    const entries = await this.#journal(this.#workspace);
    const replay = fresh('replay');
    await create(this.subject, replay, this.seed);
    let now = '';
    for (const { request, time, fault } of entries) {
      if (time !== now) await this.subject.control('POST', `/workspaces/${replay}/clock`, { freeze: time });
      now = time;
      // A request that a fault refuses takes a place among the random numbers, too.
      await this.subject.ask(replay, request, headersOf(fault));
    }
    const answers = (await this.#journal(replay)).map(({ answer }) => answer);
    const different = entries.findIndex(({ answer }, index) => answer !== answers[index]);
    await this.#requireSame(snapshot, replay, 'the journal, replayed');
    if (different >= 0) {
      throw new Error(
        `replayed, request ${different + 1} was answered ${answers[different]} instead of ${entries[different]?.answer}`,
      );
    }
    await this.subject.control('DELETE', `/workspaces/${replay}`);
  }

  /** The requests that a workspace had, the faults that struck them, and their answers. */
  async #journal(workspace: string) {
    const { subject } = this;
    const entries = objects(
      member(await subject.control('GET', `/workspaces/${workspace}/journal?limit=1000`), 'entries'),
    );
    return entries.map(({ request, response, time, fault }) => ({
      time: String(time),
      request: requestOf(request),
      fault: typeof fault === 'string' && isFault(fault) ? fault : undefined,
      answer: stringify([member(response, 'status'), member(response, 'body')]),
    }));
  }

  /** Holds every record against the model. */
  #look(): void {
    const { simulated, subject } = this;
    const books = readBooks(simulated, subject, this.#workspace);
    requireNone(simulated.sound?.(books) ?? []);
    simulated.learn?.(this.#state, books);
    const expected = simulated.books(this.#state);
    requireNone(simulated.collections.flatMap((name) => differences(expected[name] ?? [], books[name], name)));
    const now = subject.now(this.#workspace);
    if (now !== this.#now) throw new Error(`the clock says ${new Date(now).toISOString()}`);
  }

  /** What was left behind in a fork is what it was. */
  async #lookBack(): Promise<void> {
    for (const { workspace, snapshot } of this.#left) {
      await this.#requireSame(snapshot, workspace, 'the workspace that was forked');
    }
  }

  async #requireSame(snapshot: string, workspace: string, what: string): Promise<void> {
    const found = await this.subject.control('GET', `/snapshots/${snapshot}/diff?workspace=${workspace}`);
    const kinds = ['added', 'removed', 'changed'];
    const different = kinds.filter((kind) => objects(member(found, kind)).length > 0);
    if (different.length > 0) throw new Error(`${what} is not the same: ${stringify(found).slice(0, 500)}`);
  }

  async #moment(): Promise<Moment<State>> {
    const snapshot = fresh('moment');
    await this.subject.control('POST', '/snapshots', { name: snapshot, workspace: this.#workspace });
    this.#made.push(`/snapshots/${snapshot}`);
    return { snapshot, state: structuredClone(this.#state), now: this.#now };
  }

  #go({ state, now }: Moment<State>): void {
    this.#state = structuredClone(state);
    this.#now = now;
  }

  #path(part: string): string {
    return `/workspaces/${this.#workspace}${part}`;
  }

  #count(what: string): void {
    this.tally.set(what, (this.tally.get(what) ?? 0) + 1);
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Names never come twice, not even when a sequence is cut short. */
let named = 0;

function fresh(what: string): string {
  named++;
  return `${what}-${named}`;
}

function isFault(name: string): name is Fault {
  return Object.hasOwn(faults, name);
}

async function create(subject: Subject, name: string, seed: number): Promise<void> {
  await subject.control('POST', '/workspaces', { name, seed, clock: new Date(beginning).toISOString() });
  await plant(subject, name);
}

function plant(subject: Subject, workspace: string): Promise<JsonValue> {
  return subject.control('PUT', `/workspaces/${workspace}/faults`, rules);
}

function headersOf(fault: Fault | undefined): Readonly<Record<string, string>> {
  return fault === undefined ? {} : { [faultHeader]: fault };
}

function readBooks(
  { collections }: Pick<Simulated<never, never>, 'collections'>,
  subject: Subject,
  workspace: string,
): Books<JsonObject> {
  return Object.fromEntries(collections.map((name) => [name, subject.records(workspace, name)]));
}

/** @throws {Error} if an answer is not what the model says */
function judge({ status, body }: Outcome, answer: Answered | undefined, what: string): void {
  if (answer === undefined) throw new Error(`${what}: expected ${status}, received no answer`);
  if (answer.status !== status)
    throw new Error(`${what}: expected ${status}, received ${answer.status} ${answer.text.slice(0, 500)}`);
  if (body !== undefined) requireNone(differences(body, parse(answer.text), what));
}

function requireNone(found: readonly string[]): void {
  if (found.length > 0) throw new Error(found.join('; '));
}

/** A request as a journal tells it. */
function requestOf(request: JsonValue | undefined): Sent {
  const [method, path, query, body] = ['method', 'path', 'query', 'body'].map((name) => member(request, name));
  const asked = Object.entries(isObject(query) ? query : {}).flatMap(([name, values]) =>
    (isArray(values) ? values : []).map((value): [string, string] => [name, String(value)]),
  );
  const search = asked.length === 0 ? '' : `?${new URLSearchParams(asked)}`;
  const hasBody = isObject(request) && request.body !== undefined;
  const text = hasBody ? stringify(body ?? null) : undefined;
  if (text?.includes('"***') === true) throw new Error(`The journal hides what a model sends: ${text}`);
  return { method: String(method), path: `${path}${search}`, ...(text === undefined ? {} : { body: text }) };
}
