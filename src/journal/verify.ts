/**
 * Whether the expected requests came: how often, in which order, and whether anything else did. What fails is told with
 * the requests that came nearest.
 */
import type { components } from '../../specs/_sandbox/openapi.js';
import { compileMatch, type Difference, type KnownApis, type Matcher } from '../match.js';
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

/** How many numbers a sentence names. */
const mostNamed = 5;

/** Makes an expectation ready. @throws {Problem} `invalid-request` with every field of every call that is wrong */
export function compileCalls({ calls }: Schemas['JournalExpectation'], known: KnownApis): readonly Call[] {
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
    return numbers(this.#judged.filter((judged) => matches(judged, call)));
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
      if (next.length === 0) return this.#misplaced(ways, judged, relevant, position);
      ways = this.#reachable(next);
    }
    if (ways.some(([at]) => at === this.calls.length)) return [];
    return this.#misplaced(ways, undefined, relevant, relevant.length);
  }

  /** The ways, and those that go on to the next calls because a call has had enough. */
  #reachable(ways: readonly Way[]): readonly Way[] {
    const found = new Map<string, Way>();
    const pending = [...ways];
    for (let way = pending.pop(); way !== undefined; way = pending.pop()) {
      this.renderer.work.spend(stepsOfWay);
      const [at, count] = way;
      if (found.has(`${at} ${count}`)) continue;
      found.set(`${at} ${count}`, way);
      const call = this.calls[at];
      if (call !== undefined && count >= call.atLeast) pending.push([at + 1, 0]);
    }
    return undominated([...found.values()], this.calls);
  }

  /**
   * Why the requests are not in order: the calls that came too often, and the call that the way which came furthest waits
   * for. `judged` is the request that fits nowhere, at its position among the relevant ones; absent, there are too few.
   */
  #misplaced(
    ways: readonly Way[],
    judged: Judged | undefined,
    relevant: readonly Judged[],
    position: number,
  ): Failure[] {
    const tooOften = this.calls.flatMap((call) => this.#tooOften(call, relevant));
    const isComplete = ways.some(([at]) => at === this.calls.length);
    if (isComplete) {
      const own = judged && this.calls.findLast((call) => matches(judged, call));
      if (tooOften.length > 0 || judged === undefined || own === undefined) return tooOften;
      const requests = numbers([judged]);
      const expected = 'nothing more of these calls';
      return [{ call: own.index, expected, received: '1', requests, nearest: [] }];
    }
    const [furthest] = [...ways].sort(([one], [other]) => other - one);
    const [at, count] = furthest ?? [0, 0];
    const call = this.calls[at];
    if (call === undefined) return tooOften;
    // Those of the call that waits came last: between them was nothing that matches any call.
    const requests = numbers(relevant.slice(position - count, position));
    const left = relevant.slice(position);
    const later = left.findIndex((each) => matches(each, call));
    const because =
      later === -1 ? this.#tooEarly(call, relevant.slice(0, position - count)) : this.#inTheWay(left, later);
    const nearest = because === undefined ? this.#nearest(call, this.#judged) : [];
    const expected = `${often(call)}, in this order`;
    const failure = { call: at, expected, received: `${count}`, requests, nearest };
    return [...tooOften, because === undefined ? failure : { ...failure, because }];
  }

  /** A call that would have come too often in any order; requests that match other calls, too, are left to those. */
  #tooOften(call: Call, relevant: readonly Judged[]): Failure[] {
    const others = this.calls.filter((each) => each !== call);
    const own = relevant.filter((each) => matches(each, call) && !others.some((other) => matches(each, other)));
    if (own.length <= call.atMost) return [];
    const requests = numbers(own);
    return [{ call: call.index, expected: often(call), received: `${own.length}`, requests, nearest: [] }];
  }

  /** What stands between a call and the request that matches it later. */
  #inTheWay(left: readonly Judged[], later: number): string {
    const before = left.slice(0, later);
    const calls = this.calls.filter((call) => before.some((each) => matches(each, call))).map(({ index }) => index);
    const [is, come] = before.length === 1 ? ['matches', 'comes'] : ['match', 'come'];
    const first = named('request', numbers(left.slice(later, later + 1)));
    return `${first} matches, but ${named('request', numbers(before))}, which ${is} ${named('call', calls)}, ${come} before it`;
  }

  #tooEarly(call: Call, before: readonly Judged[]): string | undefined {
    const early = before.filter((each) => matches(each, call));
    if (early.length === 0) return undefined;
    const [match, come] = early.length === 1 ? ['matches', 'comes'] : ['match', 'come'];
    return `${named('request', numbers(early))} ${match}, but ${come} where an earlier call is expected`;
  }

  #others(): Failure[] {
    const others = this.#judged.filter((judged) => !this.calls.some((call) => matches(judged, call)));
    if (others.length === 0) return [];
    const requests = numbers(others);
    const nearest = others.slice(0, mostNearest).map((judged) => {
      const [closest = []] = [...judged.differences].sort((left, right) => left.length - right.length);
      return this.#near(judged.entry, closest);
    });
    return [{ expected: 'none', received: `${others.length}`, requests, nearest }];
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

/** Following a way takes about as long as so many steps of matching. */
const stepsOfWay = 100;

/**
 * Of ways whose call has had enough, the one with the fewest requests can all that the others can: it may go on as well, and
 * has more room.
 */
function undominated(ways: readonly Way[], calls: readonly Call[]): readonly Way[] {
  const fewest = new Map<number, number>();
  const hasEnough = ([at, count]: Way) => count >= (calls[at]?.atLeast ?? 0);
  for (const [at, count] of ways.filter(hasEnough)) fewest.set(at, Math.min(count, fewest.get(at) ?? count));
  return ways.filter((way) => !hasEnough(way) || fewest.get(way[0]) === way[1]);
}

function matches({ differences }: Judged, call: Call): boolean {
  return differences[call.index]?.length === 0;
}

function numbers(judged: readonly Judged[]): number[] {
  return judged.map(({ entry }) => entry.number);
}

/** `request 5`, `requests 3 and 4`, `requests 3, 4, 5 and 7 more`. */
function named(what: string, all: readonly number[]): string {
  if (all.length === 1) return `${what} ${all[0]}`;
  const shown = all.slice(0, mostNamed);
  const rest = all.length > mostNamed ? `${all.length - mostNamed} more` : shown.pop();
  return `${what}s ${shown.join(', ')} and ${rest}`;
}

function often({ atLeast, atMost }: Call): string {
  if (atLeast === atMost) return `exactly ${atLeast}`;
  if (atMost === Number.POSITIVE_INFINITY) return `at least ${atLeast}`;
  return atLeast === 0 ? `at most ${atMost}` : `${atLeast} to ${atMost}`;
}
