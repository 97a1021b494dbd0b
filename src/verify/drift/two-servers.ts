/**
 * Two servers that are compared: every case is put to both, and where they differ is what is wrong with its answer.
 */
import { faultHeader } from '../../faults/reply.js';
import type { Case, Exchange, Failure, WireResponse } from '../case.js';
import type { Judgement } from '../checks.js';
import type { WireClient } from '../client.js';
import type { VerifiedContract } from '../contract.js';
import type { Examiner } from '../examiner.js';
import { readJson } from '../read-json.js';
import type { Authority } from '../request.js';
import { resourcesOf } from '../resources.js';
import { differences as leafDifferences } from '../sample-checks.js';
import type { Session } from '../target.js';
import { breachesOf, verdictOn } from './breaches.js';
import { compareAnswers, type Difference, type Knowledge, type Pair } from './compare.js';
import { Counterparts } from './counterparts.js';
import { SecondRequests } from './second-request.js';
import { Sent } from './stamps.js';

/** How often a request is sent again that met a fault: rules strike the first few, or one in so many. */
const mostFaults = 5;

/** One of two servers. */
export interface Server {
  /** Without a slash at the end. */
  readonly baseUrl: string;
  readonly authority: Authority;
}

/** What differs and is left aside: told, not judged. */
export interface Aside {
  readonly what: 'ids' | 'stamps' | 'volatile' | 'faults' | 'ignored';
  /** The operation, and JSON pointer or the name of a header. */
  readonly place: string;
  readonly count: number;
}

/** Compares two servers. */
export class TwoServers implements Examiner {
  readonly #judgements = new WeakMap<Exchange, Judgement>();
  readonly #aside = new Map<string, { -readonly [Member in keyof Aside]: Aside[Member] }>();
  /** Whether what differs at a place differs between answers of one server too, for every place where that was tried. */
  readonly #volatile = new Map<string, boolean>();
  readonly #knowledge: Knowledge;
  readonly #requests: SecondRequests;
  #last: Promise<unknown> = Promise.resolve();
  /** The id of the first case that changed one server and not the other. */
  #apartSince: string | undefined;

  constructor(
    private readonly contract: VerifiedContract,
    private readonly client: WireClient,
    private readonly servers: readonly [first: Server, second: Server],
    /** JSON pointers and names of headers that do not count. */
    private readonly ignored: readonly string[],
  ) {
    const resources = resourcesOf(contract.document);
    const ids = new Counterparts();
    this.#knowledge = { contract, resources, ids, sent: new Sent() };
    this.#requests = new SecondRequests(resources, ids, servers[0].authority, servers[1].authority);
  }

  /** What was left aside so far. */
  get aside(): readonly Aside[] {
    return [...this.#aside.values()];
  }

  /** One after the other, also where a run sends two at once: both servers are to see the same requests in the same order. */
  send(_: Session, each: Case): Promise<Exchange> {
    const sent = this.#last.then(() => this.#sendAlone(each));
    this.#last = sent;
    return sent;
  }

  async #sendAlone(each: Case): Promise<Exchange> {
    const [exchange, other] = await this.#both(each);
    const together: Exchange = { ...exchange, other };
    this.#judgements.set(together, { failures: await this.#failures(exchange, other), ruled: false });
    return together;
  }

  judge(exchange: Exchange): Judgement {
    return this.#judgements.get(exchange) ?? { failures: [], ruled: false };
  }

  async #both(each: Case): Promise<readonly [Exchange, Exchange]> {
    const request = this.#requests.of(each);
    const { sent } = this.#knowledge;
    sent.note(each.request);
    sent.note(request);
    const [first, second] = this.servers;
    const answers = await Promise.all([this.#ask(first, each), this.#ask(second, { ...each, request })]);
    this.#requests.note(answers[0].response, answers[1].response);
    return answers;
  }

  /** The answer of a server; another, where a fault gave it. */
  async #ask({ baseUrl }: Server, each: Case): Promise<Exchange> {
    const url = `${baseUrl}${each.request.path}`;
    let response = await this.client.send(baseUrl, each.request);
    for (let count = 0; count < mostFaults && isFault(response); count++) {
      this.#leaveAside('faults', each, '');
      response = await this.client.send(baseUrl, each.request);
    }
    return { case: each, url, response };
  }

  async #failures(first: Exchange, second: Exchange): Promise<readonly Failure[]> {
    const { case: tried } = first;
    const [left, right] = [first.response, second.response];
    if (isFault(left) || isFault(right)) return [];
    if (left instanceof Error || right instanceof Error) {
      if (left instanceof Error && right instanceof Error) return [];
      const has = [left, right].map((each) =>
        each instanceof Error ? `no answer: ${each.message}` : `status ${each.status}`,
      );
      const difference: Difference = {
        check: 'answer_drift',
        pointers: ['', ''],
        has: [has[0] ?? '', has[1] ?? ''],
        documented: tried.subject.documented,
        kind: String(left instanceof Error),
        mayBeVolatile: false,
      };
      return this.#tell(first, second, [difference]);
    }
    if (this.#knowledge.sent.asksForStamp(tried.request)) {
      this.#leaveAside('stamps', tried, '(asked for in the query)');
      return [];
    }
    const pair = this.#pair(tried, left, right);
    const { method } = tried.request;
    const changed = [left, right].filter(({ status }) => status < 300).length === 1;
    if (changed && method !== 'GET' && method !== 'HEAD') this.#apartSince ??= tried.id;
    const { differences, excused } = compareAnswers(this.#knowledge, pair);
    for (const { what, pointer } of excused) this.#leaveAside(what, tried, pointer);
    await this.#tryAgain(pair, differences);
    const counting = differences.filter((difference) => !this.#isLeftAside(pair, difference));
    return this.#tell(first, second, counting);
  }

  #pair(tried: Case, first: WireResponse, second: WireResponse): Pair {
    const [{ baseUrl }, { baseUrl: other }] = this.servers;
    return { case: tried, first, second, baseUrls: [baseUrl, other] };
  }

  /** Sends a request to both once more where they differ in values: what a server has otherwise each time tells nothing. */
  async #tryAgain(pair: Pair, differences: readonly Difference[]): Promise<void> {
    const untried = differences.filter(
      (difference) => difference.mayBeVolatile && !this.#volatile.has(volatileKey(pair, difference)),
    );
    if (untried.length === 0) return;
    const [{ response: first }, { response: second }] = await this.#both(pair.case);
    if (first instanceof Error || second instanceof Error) return;
    // Of the things that were made by it, too, each server has its own.
    compareAnswers(this.#knowledge, this.#pair(pair.case, first, second));
    const moved = new Set([...movedPlaces(pair.first, first), ...movedPlaces(pair.second, second)]);
    for (const difference of untried) this.#volatile.set(volatileKey(pair, difference), moved.has(placeOf(difference)));
  }

  #isLeftAside(pair: Pair, difference: Difference): boolean {
    const place = placeOf(difference);
    if (this.ignored.some((each) => isWithin(place, each))) this.#leaveAside('ignored', pair.case, place);
    else if (this.#volatile.get(volatileKey(pair, difference)) === true) this.#leaveAside('volatile', pair.case, place);
    else return false;
    return true;
  }

  #leaveAside(what: Aside['what'], { operation }: Case, pointer: string): void {
    const place = `${operation?.operationId ?? '(no operation)'} ${generic(pointer)}`.trim();
    const key = `${what}\n${place}`;
    const known = this.#aside.get(key);
    if (known === undefined) this.#aside.set(key, { what, place, count: 1 });
    else known.count++;
  }

  #tell(first: Exchange, second: Exchange, differences: readonly Difference[]): readonly Failure[] {
    if (differences.length === 0) return [];
    const breaches = breachesOf(this.contract, first, second);
    const since =
      this.#apartSince === undefined || this.#apartSince === first.case.id
        ? ''
        : ` Since ${this.#apartSince}, one server holds what the other does not.`;
    return differences.map((difference) => {
      const { check, pointers, header, has, documented, kind } = difference;
      const name = header === undefined ? '' : `Header ${header}: `;
      const about = check === 'status_drift' ? aboutSubject(first.case) : '';
      const verdict = verdictOn(breaches, difference);
      const message = `${name}A has ${has[0]}, B has ${has[1]}${about}. ${verdict}${since}`;
      return { check, pointer: pointers[0], message, documented, kind };
    });
  }
}

function isFault(response: WireResponse | Error): boolean {
  return !(response instanceof Error) && response.headers.has(faultHeader.toLowerCase());
}

/** What a case about one constraint is about, for its message. */
function aboutSubject({ subject }: Case): string {
  return subject.in === 'state' ? '' : ` (${`${subject.in} ${subject.pointer}`.trim()}: ${subject.constraint})`;
}

/** A pointer with 0 for every index. */
function generic(pointer: string): string {
  return pointer.replaceAll(/\/(?:\d+|\*)(?=\/|$)/g, '/0');
}

function placeOf({ header, pointers: [pointer] }: Difference): string {
  return header ?? generic(pointer);
}

function volatileKey({ case: { operation }, first }: Pair, difference: Difference): string {
  return [operation?.operationId ?? '', first.status, placeOf(difference)].join('\n');
}

function isWithin(place: string, ignored: string): boolean {
  if (!ignored.startsWith('/')) return place === ignored.toLowerCase();
  const wanted = generic(ignored);
  return place === wanted || place.startsWith(`${wanted}/`);
}

/** The places at which two answers of one server to the same request differ; none if they are of another kind. */
function movedPlaces(before: WireResponse, after: WireResponse): readonly string[] {
  if (before.status !== after.status) return [];
  const headers = [...before.headers]
    .filter(([name, value]) => after.headers.get(name) !== value)
    .map(([name]) => name);
  const [left, right] = [readJson(before.text), readJson(after.text)];
  if (left instanceof Error || right instanceof Error) return before.text === after.text ? headers : [...headers, ''];
  return [...headers, ...leafDifferences(left, right).map(({ pointer }) => generic(pointer))];
}
