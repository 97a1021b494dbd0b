/**
 * The steps of sequences: requests on one kind of thing, what they gave, and what is wrong with it.
 */
import type { Operation, Parameter } from '../../document.js';
import { excerpt } from '../../excerpt.js';
import { isObject, type JsonObject, type JsonValue } from '../../json.js';
import { valueAt } from '../../json-pointer.js';
import type { Base } from '../bases.js';
import { type Case, type Check, type Exchange, type Failure, isCarriedOut, type Subject } from '../case.js';
import type { VerifiedContract } from '../contract.js';
import { idempotencyHeader, idempotencyKey } from '../idempotency.js';
import type { Exchanged } from '../links.js';
import { bodyOf } from '../read-json.js';
import { type Authority, render } from '../request.js';
import { cursorOf, type Key, keyOf, type Paging, pagingOf, type Resource, recordIn, recordsIn } from '../resources.js';
import { operationPointer, put } from '../sites.js';
import { nextPage } from './cursors.js';
import { alike, type Listed, listed, saysMore } from './records.js';

/** What a sequence needs. */
export interface Sequence {
  readonly contract: VerifiedContract;
  readonly authority: Authority;
  /** An accepted request of each operation. */
  readonly bases: ReadonlyMap<Operation, Base>;
  /** What tells this run from every other. */
  readonly run: string;
  /** Sends a case, and judges its answer by what the document says of it. */
  readonly send: (each: Case) => Promise<Exchange>;
  /** Tells what cannot be judged, and why. */
  readonly note: (words: string) => void;
  /** Tells what a sequence found. */
  readonly fail: (exchange: Exchange, failure: Failure) => void;
}

/** Parts of a request in the place of the usual ones, by place and name: `query/size`; `body` for the whole body. */
export type Parts = JsonObject;

/** A request that was answered, with its parts. */
export interface Step extends Exchanged {
  readonly exchange: Exchange;
  readonly body: JsonValue | undefined;
}

/** The thing as it is read. */
export interface Shown {
  readonly step: Step;
  readonly record: JsonObject;
}

/** Pages are asked for until one is empty, but not for ever. */
export const mostPages = 200;

/** What the ids of all steps on a kind of thing begin with. */
export function idStem({ create }: Resource): string {
  return `stateful/${create.operationId}/`;
}

/** Whether an operation changes nothing, so that what others ask does not hang on it. */
function isReading(operation: Operation | undefined): boolean {
  return operation?.method === 'GET' || operation?.method === 'HEAD';
}

/** Takes steps. */
export class Steps {
  /** How often something was done with an operation. */
  readonly #done = new Map<string, number>();
  #keys = 0;
  /** What was sent since a part of the sequences began. */
  #part: Exchange[] = [];

  constructor(
    readonly sequence: Sequence,
    readonly resource: Resource,
  ) {}

  /** Begins a part of the sequences. What fails in it is told with its requests, these before them. */
  begin(...before: readonly Step[]): void {
    this.#part = before.map(({ exchange }) => exchange);
  }

  /** The parts of an accepted request of an operation, changed; undefined if there is none. */
  values(operation: Operation, parts: Parts = {}, key?: Key): JsonObject | undefined {
    let values = this.sequence.bases.get(operation)?.values;
    const header = idempotencyHeader(operation);
    const repeats =
      header !== undefined && values !== undefined && valueAt(values, ['header', header.name]) !== undefined;
    // With the same key, whatever is sent again would be answered from the first time.
    if (repeats) values = put(values, ['header', header.name], this.newIdempotencyKey(header));
    for (const [place, value] of Object.entries(parts)) values = values && put(values, place.split('/'), value);
    const parameter = this.resource.parameters.get(operation);
    return key === undefined || parameter === undefined ? values : values && put(values, ['path', parameter], key);
  }

  /** A key that no request had before, in this run or an earlier one. */
  newIdempotencyKey(header: Parameter): string {
    const { run, contract } = this.sequence;
    return idempotencyKey(contract, header, [run, this.resource.create.operationId, String(++this.#keys)]);
  }

  /** The answer to a request; undefined if there is none. `key` names the thing that it is about. */
  async ask(operation: Operation, what: string, parts: Parts = {}, key?: Key): Promise<Step | undefined> {
    const values = this.values(operation, parts, key);
    return values && this.askWith(operation, what, values);
  }

  /** The answer to a request by its parts. */
  async askWith(operation: Operation, what: string, values: JsonObject): Promise<Step | undefined> {
    const base = this.sequence.bases.get(operation);
    if (base === undefined) return undefined;
    const exchange = await this.sequence.send(this.#case({ ...base, values }, what));
    this.#part.push(exchange);
    const { response, url } = exchange;
    return response instanceof Error
      ? undefined
      : { exchange, operation, url, values, response, body: bodyOf(response) };
  }

  /** As {@link ask}, if the request was carried out. */
  async send(operation: Operation, what: string, parts: Parts = {}, key?: Key): Promise<Step | undefined> {
    const step = await this.ask(operation, what, parts, key);
    return step !== undefined && isCarriedOut(step.exchange) ? step : undefined;
  }

  #case(base: Base, what: string): Case {
    const { operation } = base;
    const subject: Subject = { in: 'state', pointer: '', constraint: what, documented: operationPointer(operation) };
    const deed = `${operation.operationId}-${what}`;
    // Not the number of the step: that hangs on what the server holds.
    const time = (this.#done.get(deed) ?? 0) + 1;
    this.#done.set(deed, time);
    return {
      id: `${idStem(this.resource)}${deed}${time === 1 ? '' : `-${time}`}`,
      phase: 'stateful',
      operation,
      subject,
      request: render(this.sequence.contract.document, base, this.sequence.authority),
      expectation: { kind: 'answered' },
    };
  }

  fail({ exchange }: Step, check: Check, message: string, documented = exchange.case.subject.documented): void {
    const { operation } = exchange.case;
    const telling = this.#part.filter((each) => each.case.operation === operation || !isReading(each.case.operation));
    const steps = telling.includes(exchange) ? telling : [...telling, exchange];
    this.sequence.fail({ ...exchange, steps }, { check, pointer: '', message, documented });
  }

  /** Makes one more; its key too, undefined if none was made. */
  async make(what: string, parts: Parts = {}): Promise<{ readonly made: Step; readonly key: Key } | undefined> {
    const made = await this.send(this.resource.create, what, parts);
    const key = made && keyOf(this.resource, made);
    return made === undefined || key === undefined ? undefined : { made, key };
  }

  /** The record that is there now; a failure if it is not. */
  async read(read: Operation, key: Key, because: string): Promise<Shown | undefined> {
    const step = await this.ask(read, 'read', {}, key);
    const shown = step && this.#shown(step, key);
    if (step === undefined || shown !== undefined) return shown;
    const message = `${because}, and ${read.operationId} of ${key} gives ${step.response.status}, not that record.`;
    this.fail(step, 'ensure_resource_availability', message);
    return undefined;
  }

  /** The record that is there now; undefined, and nothing said, if it is not. */
  async look(read: Operation, key: Key): Promise<Shown | undefined> {
    const step = await this.send(read, 'read', {}, key);
    return step && this.#shown(step, key);
  }

  #shown(step: Step, key: Key): Shown | undefined {
    const record = step.response.status < 300 ? recordIn(this.resource, step.body, key) : undefined;
    return record && { step, record };
  }

  /** What was sent stands in a record, member by member, where the record has such members. */
  same({ step, record }: Shown, sent: JsonValue | undefined, check: Check, by: Operation): void {
    for (const [name, value] of Object.entries(isObject(sent) ? sent : {})) {
      const stored = record[name];
      if (value === undefined || stored === undefined || alike(value, stored)) continue;
      const shows = `${step.operation.operationId} shows ${excerpt(stored)}`;
      this.fail(step, check, `${by.operationId} sent ${name} ${excerpt(value)}, and ${shows}.`);
    }
  }

  /** Everything that a list has, page by page if it has pages; undefined, and noted, if that may not be all of it. */
  async all(list: Operation, parts: Parts = {}): Promise<Listed | undefined> {
    const { document } = this.sequence.contract;
    const paging = pagingOf(list);
    const { maximum, default: usual } = paging?.size === undefined ? {} : document.resolve(paging.size.schema);
    const most = typeof maximum === 'number' ? maximum : undefined;
    const sized = paging?.size === undefined || most === undefined ? {} : { [`query/${paging.size.name}`]: most };
    const cursor = cursorOf(list, document.resolve);
    if (cursor !== undefined) return this.#byCursor(list, cursor, { ...sized, ...parts }, most);
    if (paging?.page !== undefined || paging?.offset !== undefined) return this.#byNumber(list, paging, parts, most);
    const only = await this.page(list, { ...sized, ...parts });
    const asked = paging?.size && valueAt(only?.step.values, ['query', paging.size.name]);
    const isFull =
      paging !== undefined && Number(asked ?? usual ?? Number.POSITIVE_INFINITY) <= Number(only?.records.length);
    if (only === undefined || !(isFull || saysMore(only.step, only.records))) return only;
    this.sequence.note(`${list.operationId}: what it lists may not be all that there is, and is not judged as a whole`);
    return undefined;
  }

  async #byNumber(
    list: Operation,
    paging: Paging,
    parts: Parts,
    size: number | undefined,
  ): Promise<Listed | undefined> {
    const records: JsonValue[] = [];
    const seen = new Set<Key>();
    for (let number = 0; number < mostPages; number++) {
      const at = this.pageAt(paging, size, number, records.length);
      const part = await this.page(list, { ...at, ...parts });
      if (part === undefined) return undefined;
      // Without a length, a server that knows no pages gives the same again.
      const isOver = part.records.length === 0 || (size === undefined && part.keys.every((key) => seen.has(key)));
      if (!isOver) for (const record of part.records) records.push(record);
      for (const key of part.keys) seen.add(key);
      const isLast = size !== undefined && part.records.length < size && !saysMore(part.step, records);
      if (isOver || isLast) return listed(this.resource, part.step, records);
    }
    return undefined;
  }

  async #byCursor(
    list: Operation,
    parameter: Parameter,
    parts: Parts,
    size: number | undefined,
  ): Promise<Listed | undefined> {
    const records: JsonValue[] = [];
    const followed = new Set<string>();
    const place = `query/${parameter.name}`;
    for (let at: Parts = { [place]: undefined }; ; ) {
      const part = await this.page(list, { ...parts, ...at });
      if (part === undefined) return undefined;
      for (const record of part.records) records.push(record);
      const next = nextPage(part, parameter, followed.size > 0, size);
      if (next === 'end' && !saysMore(part.step, records)) return listed(this.resource, part.step, records);
      if (typeof next === 'string' || followed.has(next.cursor) || followed.size === mostPages) break;
      followed.add(next.cursor);
      at = { [place]: next.cursor };
    }
    this.sequence.note(`${list.operationId}: pages by cursor are not followed`);
    return undefined;
  }

  /** One answer of a list; undefined if it is no list of records. */
  async page(list: Operation, parts: Parts): Promise<Listed | undefined> {
    const step = await this.send(list, 'list', parts);
    const records = step && recordsIn(step.body);
    return step === undefined || records === undefined ? undefined : listed(this.resource, step, records);
  }

  /** The parts of a request for a page, counted from 0 here; `before` records stand before it, if that is known. */
  pageAt({ size, page, offset }: Paging, length: number | undefined, number: number, before?: number): Parts {
    const { default: usual, minimum } = page === undefined ? {} : this.sequence.contract.document.resolve(page.schema);
    const first = Number(usual ?? minimum ?? 1) === 0 ? 0 : 1;
    return {
      ...(size === undefined || length === undefined ? {} : { [`query/${size.name}`]: length }),
      ...(page === undefined ? {} : { [`query/${page.name}`]: number + first }),
      ...(offset === undefined ? {} : { [`query/${offset.name}`]: before ?? number * (length ?? 0) }),
    };
  }
}
