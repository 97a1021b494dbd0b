/**
 * Whether the expected requests came: how often, in which order, and whether anything else did. What fails is told with
 * the requests that came nearest.
 */
import type { components } from '../../specs/_sandbox/openapi.js';
import { compileMatch, type Difference, type KnownOperations, type Matcher } from '../match.js';
import { Problem, type ProblemDetail } from '../problem.js';
import type { Entry } from './entry.js';
import type { JournalRenderer } from './render.js';

type Schemas = components['schemas'];
type Failure = Schemas['JournalVerdict']['failures'][number];

/** A kind of request that is expected, made ready. */
interface Call {
  /** Its place in the expectation. */
  readonly index: number;
  readonly match: Matcher;
  readonly atLeast: number;
  /** Infinity for no limit. */
  readonly atMost: number;
}

/** How many near misses are told of each failure. */
const mostNearest = 3;

/** Makes an expectation ready. @throws {Problem} `invalid-request` with every field of every call that is wrong */
export function compileCalls({ calls }: Schemas['JournalExpectation'], known: KnownOperations): readonly Call[] {
  const faults: ProblemDetail[] = [];
  const ready = calls.flatMap(({ match, times }, index): Call[] => {
    const range = rangeOf(times);
    if (range.atLeast > range.atMost) {
      const message = `Received atLeast ${range.atLeast} and atMost ${range.atMost}; no number is both.`;
      faults.push({ in: 'body', pointer: `/calls/${index}/times`, rule: 'range', message });
    }
    try {
      return [{ index, match: compileMatch(match, { at: `/calls/${index}/match`, known }), ...range }];
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      faults.push(...error.details);
      return [];
    }
  });
  if (faults.length > 0) throw new Problem('invalid-request', { details: faults });
  return ready;
}

function rangeOf(times: Schemas['JournalExpectation']['calls'][number]['times']): Pick<Call, 'atLeast' | 'atMost'> {
  if (times === undefined) return { atLeast: 1, atMost: Number.POSITIVE_INFINITY };
  if (typeof times === 'number') return { atLeast: times, atMost: times };
  return { atLeast: times.atLeast ?? 0, atMost: times.atMost ?? Number.POSITIVE_INFINITY };
}

/** An entry with its differences from each call. */
interface Judged {
  readonly entry: Entry;
  readonly differences: readonly (readonly Difference[])[];
}

/** Judges the entries of one workspace's journal. */
export class Verification {
  readonly #judged: readonly Judged[];

  constructor(
    private readonly calls: readonly Call[],
    entries: Iterable<Entry>,
    private readonly renderer: JournalRenderer,
    private readonly workspace: string,
  ) {
    this.#judged = [...entries].map((entry) => {
      const seen = renderer.see(entry);
      return { entry, differences: calls.map(({ match }) => match(seen)) };
    });
  }

  /** What does not hold; empty if all does. */
  failures(inOrder: boolean, nothingElse: boolean): Failure[] {
    const failures = inOrder ? this.#order() : this.calls.flatMap((call) => this.#times(call));
    return nothingElse ? [...failures, ...this.#others()] : failures;
  }

  #times(call: Call): Failure[] {
    const requests = this.#matching(call);
    const count = requests.length;
    if (count >= call.atLeast && count <= call.atMost) return [];
    // Of too many, those that match tell more than those that nearly do.
    const nearest = count < call.atLeast ? this.#nearest(call, this.#judged) : [];
    return [{ call: call.index, expected: often(call), received: `${count}`, requests, nearest }];
  }

  /** The numbers of the requests that match. */
  #matching(call: Call): number[] {
    return this.#judged.filter((judged) => matches(judged, call)).map(({ entry }) => entry.number);
  }

  /**
   * Follows every way in which the requests can be told off to the calls, one call after the other; where two calls
   * overlap there may be several. A way is a call and how many requests it has had.
   */
  #order(): Failure[] {
    const relevant = this.#judged.filter((judged) => this.calls.some((call) => matches(judged, call)));
    let ways = this.#reachable([[0, 0]]);
    for (const [position, judged] of relevant.entries()) {
      const next = ways.flatMap(([at, count]): Way[] => {
        const call = this.calls[at];
        if (call === undefined || !matches(judged, call) || count >= call.atMost) return [];
        // Beyond what is wanted at least, an unlimited call does not count.
        const most = call.atMost === Number.POSITIVE_INFINITY ? Math.max(call.atLeast, 1) : call.atMost;
        return [[at, Math.min(count + 1, most)]];
      });
      if (next.length === 0) return [this.#misplaced(ways, judged, relevant.slice(position))];
      ways = this.#reachable(next);
    }
    if (ways.some(([at]) => at === this.calls.length)) return [];
    return [this.#misplaced(ways, undefined, [])];
  }

  /** The ways, and those that go on to the next calls because a call has had enough. */
  #reachable(ways: readonly Way[]): readonly Way[] {
    const found = new Map<string, Way>();
    const pending = [...ways];
    for (let way = pending.pop(); way !== undefined; way = pending.pop()) {
      const [at, count] = way;
      if (found.has(`${at} ${count}`)) continue;
      found.set(`${at} ${count}`, way);
      const call = this.calls[at];
      if (call !== undefined && count >= call.atLeast) pending.push([at + 1, 0]);
    }
    return [...found.values()];
  }

  /** The failure of the way that came furthest. `judged` is the request that fits nowhere, `left` those from it on. */
  #misplaced(ways: readonly Way[], judged: Judged | undefined, left: readonly Judged[]): Failure {
    const isComplete = ways.some(([at]) => at === this.calls.length);
    const [furthest] = [...ways].filter(([at]) => at < this.calls.length).sort(([one], [other]) => other - one);
    const own = judged && this.calls.find((call) => matches(judged, call));
    const [at, had] = furthest ?? [0, 0];
    const call = isComplete ? own : this.calls[at];
    if (call === undefined) return { expected: 'nothing more', received: 'nothing', requests: [], nearest: [] };
    const next = judged === undefined ? 'nothing more' : `request ${judged.entry.number}`;
    const requests = this.#matching(call);
    if (isComplete)
      return { call: call.index, expected: 'nothing more of these calls', received: next, requests, nearest: [] };
    const nearest = this.#nearest(call, left.length > 0 ? left : this.#judged);
    return { call: at, expected: `${often(call)}, in this order`, received: `${had}, then ${next}`, requests, nearest };
  }

  #others(): Failure[] {
    const others = this.#judged.filter((judged) => !this.calls.some((call) => matches(judged, call)));
    if (others.length === 0) return [];
    const requests = others.map(({ entry }) => entry.number);
    const nearest = others.slice(0, mostNearest).map((judged) => {
      const [closest = []] = [...judged.differences].sort((left, right) => left.length - right.length);
      return this.#near(judged.entry, closest);
    });
    return [{ expected: 'nothing else', received: `${others.length} other`, requests, nearest }];
  }

  #nearest(call: Call, among: readonly Judged[]): Failure['nearest'] {
    return among
      .map(({ entry, differences }) => ({ entry, differences: differences[call.index] ?? [] }))
      .filter(({ differences }) => differences.length > 0)
      .sort((left, right) => left.differences.length - right.differences.length)
      .slice(0, mostNearest)
      .map(({ entry, differences }) => this.#near(entry, differences));
  }

  #near(entry: Entry, differences: readonly Difference[]): Failure['nearest'][number] {
    return {
      entry: this.renderer.render(entry, this.workspace),
      differences: this.renderer.differences(entry, differences),
    };
  }
}

/** The index of a call, and how many requests it has had; behind the last call, all of them had enough. */
type Way = readonly [at: number, count: number];

function matches({ differences }: Judged, call: Call): boolean {
  return differences[call.index]?.length === 0;
}

function often({ atLeast, atMost }: Call): string {
  if (atLeast === atMost) return `exactly ${atLeast}`;
  if (atMost === Number.POSITIVE_INFINITY) return `at least ${atLeast}`;
  return atLeast === 0 ? `at most ${atMost}` : `${atLeast} to ${atMost}`;
}
