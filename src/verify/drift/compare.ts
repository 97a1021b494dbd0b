/**
 * The comparison of two answers to the same request: where they differ, and what may differ.
 *
 * Ids may: of one thing, each server has its own, and each stays the id of that thing. Stamps may, and what the caller has
 * seen to differ between two answers of one server alone. What the client sent may not: it is no server's to choose.
 */
import type { Operation } from '../../document.js';
import { excerpt } from '../../excerpt.js';
import { parseInstant } from '../../instant.js';
import { isArray, isNumberText, isObject, type JsonObject, type JsonValue, numberText } from '../../json.js';
import { escapePointer } from '../../json-pointer.js';
import { compare } from '../../money.js';
import type { Case, DriftCheck, WireResponse } from '../case.js';
import { essenceOf } from '../client.js';
import type { VerifiedContract } from '../contract.js';
import { readJson } from '../read-json.js';
import { itemOf, keyOf, keyOfRecord, type Resource, recordsIn } from '../resources.js';
import type { Placed } from '../sites.js';
import { type Counterparts, withoutServer } from './counterparts.js';
import { compareHeaders } from './headers.js';
import { documentedBody, elementOf, memberOf, responsePointer } from './place.js';
import { isStampOfNow, type Sent } from './stamps.js';

/** A place where two answers differ. */
export interface Difference {
  readonly check: DriftCheck;
  /** JSON pointers into the two bodies; they differ where lists have the same thing in different places. */
  readonly pointers: readonly [first: string, second: string];
  /** The name of a header; absent where the difference is none of headers. */
  readonly header?: string;
  /** What each has, for messages. */
  readonly has: readonly [first: string, second: string];
  /** JSON pointer into the document; empty where it says nothing of this. */
  readonly documented: string;
  /** What tells it from others at this place. */
  readonly kind: string;
  /** Whether it may be one that the server has with itself too. */
  readonly mayBeVolatile: boolean;
}

/** What may differ, and did. */
export interface Excused {
  readonly what: 'ids' | 'stamps';
  readonly pointer: string;
}

/** What a comparison came to. */
export interface Compared {
  readonly differences: readonly Difference[];
  readonly excused: readonly Excused[];
}

/** The two answers to a case, neither of them missing. */
export interface Pair {
  readonly case: Case;
  readonly first: WireResponse;
  readonly second: WireResponse;
  /** Where the servers are, without a slash at the end: their own URLs in texts are the same. */
  readonly baseUrls: readonly [first: string, second: string];
}

/** What comparisons share: they learn from each other. */
export interface Knowledge {
  readonly contract: VerifiedContract;
  readonly resources: readonly Resource[];
  readonly ids: Counterparts;
  readonly sent: Sent;
}

/** Compares two answers; ids are learned from them. */
export function compareAnswers(knowledge: Knowledge, pair: Pair): Compared {
  return new Comparison(knowledge, pair).run();
}

/** Statuses of one class mean the same: a success, a refusal. */
export function isOfOneClass(first: WireResponse, second: WireResponse): boolean {
  return Math.floor(first.status / 100) === Math.floor(second.status / 100);
}

class Comparison {
  readonly #differences: Difference[] = [];
  readonly #excused: Excused[] = [];
  readonly #resource: Resource | undefined;
  /** The list of records in the first answer to a list; undefined for other answers. */
  #records: readonly JsonValue[] | undefined;
  /** Ids that are known to be of different things, and told. */
  readonly #contradictions = new Set<string>();

  constructor(
    private readonly knowledge: Knowledge,
    private readonly pair: Pair,
  ) {
    const { operation } = pair.case;
    this.#resource = knowledge.resources.find(({ create, lists, reads, updates }) =>
      [create, ...lists, ...reads, ...updates].some((each) => each === operation),
    );
  }

  run(): Compared {
    const { first, second } = this.pair;
    this.#status();
    if (isOfOneClass(first, second)) {
      const bodies = [readJson(first.text), readJson(second.text)] as const;
      if (first.status < 300) this.#learn(bodies[0]);
      const { differences, excused } = compareHeaders(this.knowledge, this.pair);
      this.#differences.push(...differences);
      this.#excused.push(...excused);
      this.#bodies(bodies);
    }
    return { differences: this.#differences, excused: this.#excused };
  }

  #status(): void {
    const { first, second, case: tried } = this.pair;
    if (first.status === second.status) return;
    // Two refusals, or two successes, differ in the same way wherever they do; a refusal here and a success there is of its own.
    const documented = isOfOneClass(first, second)
      ? responsePointer(tried, first.status).replace(/\/\d+$/, '')
      : tried.subject.documented;
    const kind = `${first.status} ${second.status}`;
    const has = [`status ${first.status}`, `status ${second.status}`] as const;
    this.#add({ check: 'status_drift', pointers: ['', ''], has, documented, kind });
  }

  /** The ids of what both answers speak of. */
  #learn(first: JsonValue | Error): void {
    const resource = this.#resource;
    const item = resource && itemOf(resource);
    const { operation } = this.pair.case;
    if (resource === undefined || item === undefined || operation === undefined) return;
    if (resource.lists.includes(operation)) {
      this.#records = first instanceof Error ? undefined : recordsIn(first);
      return;
    }
    const [left, right] = [this.#key(resource, operation, 0), this.#key(resource, operation, 1)];
    if (left === undefined || right === undefined) return;
    this.#pairIds(item.path, item.parameter, left, right, ['', ''], this.#body().documented);
  }

  /** The key of the thing that an answer is about. */
  #key(resource: Resource, operation: Operation, server: 0 | 1): string | undefined {
    const { case: tried, first, second, baseUrls } = this.pair;
    const body = readJson(tried.request.body ?? '');
    const values = body instanceof Error ? {} : { body };
    const url = `${baseUrls[server]}${tried.request.path}`;
    const exchanged = { operation, url, values, response: server === 0 ? first : second };
    // What a link says is said of the creation alone.
    return keyOf(operation === resource.create ? resource : { ...resource, key: undefined }, exchanged);
  }

  #body(): Placed {
    return documentedBody(this.knowledge.contract, this.pair.case, this.pair.first);
  }

  /** Whether two ids may be of the same thing; told if not. */
  #pairIds(
    kind: string,
    name: string,
    first: string,
    second: string,
    pointers: readonly [string, string],
    documented: string,
  ): boolean {
    const { ids } = this.knowledge;
    if (ids.pair(kind, name, first, second)) return true;
    this.#contradictions.add(`${first}\n${second}`);
    const [other, another] = [ids.second(kind, first), ids.first(kind, second)];
    const has = [
      `${first}, which is ${other ?? 'unknown'} at B`,
      `${second}, which is ${another ?? 'unknown'} at A`,
    ] as const;
    this.#add({ check: 'identity_drift', pointers, has, documented, kind: '' });
    return false;
  }

  #bodies([first, second]: readonly [JsonValue | Error, JsonValue | Error]): void {
    const { first: left, second: right } = this.pair;
    const placed = this.#body();
    if (left.text === '' && right.text === '') return;
    const pointers = ['', ''] as const;
    const { documented } = placed;
    const ways = [left.text === '', right.text === '', first instanceof Error, second instanceof Error];
    if (first instanceof Error || second instanceof Error) {
      // Neither is JSON: the texts as they are.
      if (first instanceof Error && second instanceof Error && left.text !== '' && right.text !== '') {
        // Of another media type, which is told: texts of two forms are not the same.
        if (essenceOf(left) !== essenceOf(right)) return;
        this.#value(left.text, right.text, pointers, placed, '');
        return;
      }
      if (essenceOf(left) !== essenceOf(right) && left.text !== '' && right.text !== '') return;
      const form = ({ text }: WireResponse, body: JsonValue | Error) =>
        text === '' ? 'no body' : body instanceof Error ? `a body that is no JSON, ${excerpt(text)}` : 'a JSON body';
      const has = [form(left, first), form(right, second)] as const;
      this.#add({ check: 'body_drift', pointers, has, documented, kind: ways.join(' ') });
      return;
    }
    this.#value(first, second, pointers, placed, '');
  }

  #value(first: JsonValue, second: JsonValue, pointers: readonly [string, string], placed: Placed, name: string): void {
    const { documented } = placed;
    const has = [excerpt(first), excerpt(second)] as const;
    if (first === null && second === null) return;
    if (first === null || second === null) this.#add({ check: 'null_drift', pointers, has, documented, kind: '' });
    else if (typeOf(first) !== typeOf(second)) this.#add({ check: 'type_drift', pointers, has, documented, kind: '' });
    else if (isArray(first) && isArray(second)) this.#lists(first, second, pointers, placed);
    else if (isObject(first) && isObject(second)) this.#objects(first, second, pointers, placed);
    else this.#scalars(first, second, pointers, placed, name);
  }

  #objects(first: JsonObject, second: JsonObject, [left, right]: readonly [string, string], placed: Placed): void {
    for (const name of new Set([...Object.keys(first), ...Object.keys(second)])) {
      const pointers = [`${left}/${escapePointer(name)}`, `${right}/${escapePointer(name)}`] as const;
      const [one, other] = [first[name], second[name]];
      const below = memberOf(this.knowledge.contract.sites, placed, name);
      if (one !== undefined && other !== undefined) this.#value(one, other, pointers, below, name);
      else {
        const has = [excerpt(one), excerpt(other)] as const;
        this.#add({ check: 'member_drift', pointers, has, documented: below.documented, kind: '' });
      }
    }
  }

  #scalars(
    first: JsonValue,
    second: JsonValue,
    pointers: readonly [string, string],
    { schema, documented }: Placed,
    name: string,
  ): void {
    const [left, right] = [textOf(first), textOf(second)];
    if (left === right) return;
    const { ids, sent, contract } = this.knowledge;
    const { baseUrls } = this.pair;
    const [pointer] = pointers;
    const has = [excerpt(first), excerpt(second)] as const;
    if (this.#contradictions.has(`${left}\n${right}`)) return;
    if (ids.areAlike(withoutServer(left, baseUrls[0]), withoutServer(right, baseUrls[1]))) {
      this.#excused.push({ what: 'ids', pointer });
      return;
    }
    const isNumber = typeof first !== 'string' && typeof first !== 'boolean';
    if (isNumber && compare(amountOf(first), amountOf(second)) === 0) {
      this.#add({ check: 'number_text_drift', pointers, has, documented, kind: '' });
      return;
    }
    if (sent.hasOne(name, [left, right])) {
      this.#add({ check: 'value_drift', pointers, has, documented, kind: '' });
      return;
    }
    if (isKey(contract, schema, name)) {
      if (this.#pairIds(documented, name, left, right, pointers, documented))
        this.#excused.push({ what: 'ids', pointer });
      return;
    }
    if (typeof first === 'string' && typeof second === 'string' && this.#areStamps(schema, first, second)) {
      sent.noteStamp(first);
      this.#excused.push({ what: 'stamps', pointer });
      return;
    }
    this.#add({ check: 'value_drift', pointers, has, documented, kind: '', mayBeVolatile: true });
  }

  #areStamps({ format }: JsonObject, first: string, second: string): boolean {
    if (format === 'date-time') return parseInstant(first) !== undefined && parseInstant(second) !== undefined;
    if (format === 'date') return [first, second].every((each) => parseInstant(`${each}T00:00:00Z`) !== undefined);
    return isStampOfNow(first, this.pair.first) && isStampOfNow(second, this.pair.second);
  }

  /** Elements side by side: the same thing where they have ids, else in the order in which they come. */
  #lists(
    first: readonly JsonValue[],
    second: readonly JsonValue[],
    [left, right]: readonly [string, string],
    placed: Placed,
  ): void {
    const { documented } = placed;
    const pointers = [left, right] as const;
    const has = [`a list of ${first.length}`, `a list of ${second.length}`] as const;
    const aligned = this.#align(first, second);
    if (first.length !== second.length) this.#add({ check: 'list_drift', pointers, has, documented, kind: 'length' });
    else if (aligned.length < first.length) {
      const others = [`a list of ${first.length}`, `one of as many, but of other things`] as const;
      this.#add({ check: 'list_drift', pointers, has: others, documented, kind: 'elements' });
    }
    if (aligned.some(([, index], at) => index < (aligned[at - 1]?.[1] ?? 0))) {
      const orders = ['a list', 'the same things in another order'] as const;
      this.#add({ check: 'order_drift', pointers, has: orders, documented, kind: '' });
    }
    const below = elementOf(this.knowledge.contract.sites, placed);
    for (const [one, other] of aligned) {
      const at = [`${left}/${one}`, `${right}/${other}`] as const;
      this.#value(first[one] ?? null, second[other] ?? null, at, below, '');
    }
  }

  /** Which element of the first list stands beside which of the second, by their indexes. */
  #align(first: readonly JsonValue[], second: readonly JsonValue[]): readonly (readonly [number, number])[] {
    const resource = this.#resource;
    const keys = (list: readonly JsonValue[]) =>
      list.map((record) => (resource === undefined ? undefined : keyOfRecord(resource, record)));
    const [left, right] = [keys(first), keys(second)];
    const item = resource && itemOf(resource);
    if (item === undefined || first !== this.#records || [...left, ...right].includes(undefined)) {
      return first.slice(0, second.length).map((_, index) => [index, index]);
    }
    const kind = item.path;
    const { ids } = this.knowledge;
    const places = new Map([...right.entries()].reverse().map(([index, key]) => [key, index] as const));
    const known = left.flatMap((key, index): readonly (readonly [number, number])[] => {
      const other = places.get(ids.second(kind, key ?? ''));
      return other === undefined ? [] : [[index, other]];
    });
    // Things that neither server was seen to have until now, such as those that it began with, in their order.
    const unseen = [...left.keys()].filter((index) => ids.second(kind, left[index] ?? '') === undefined);
    const others = [...right.keys()].filter((index) => ids.first(kind, right[index] ?? '') === undefined);
    if (unseen.length !== others.length) return known;
    const together = unseen.map((index, at) => [index, others[at] ?? 0] as const);
    for (const [one, other] of together) ids.pair(kind, item.parameter, left[one] ?? '', right[other] ?? '');
    return [...known, ...together].sort(([one], [other]) => one - other);
  }

  #add(difference: Omit<Difference, 'mayBeVolatile'> & { readonly mayBeVolatile?: boolean }): void {
    this.#differences.push({ mayBeVolatile: false, ...difference });
  }
}

/** Whether the document says that servers choose it to tell things apart: a key of `x-collections`, or a UUID. */
function isKey({ document }: VerifiedContract, { format }: JsonObject, name: string): boolean {
  return format === 'uuid' || document.collections.some(({ key }) => key === name);
}

function typeOf(value: JsonValue): string {
  if (isArray(value)) return 'array';
  return isNumberText(value) ? 'number' : typeof value;
}

function textOf(value: JsonValue): string {
  return isNumberText(value) ? numberText(value) : String(value);
}

function amountOf(value: JsonValue) {
  return typeof value === 'number' || isNumberText(value) ? value : 0;
}
