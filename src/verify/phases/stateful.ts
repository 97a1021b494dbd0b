/**
 * Sequences on what operations make: it can be read, is listed, holds what was sent, changes when it is changed, and is gone
 * when it is deleted; pages neither repeat nor skip, filters filter, and a request that may be repeated is carried out once.
 */
import type { Operation } from '../../document.js';
import { excerpt } from '../../excerpt.js';
import { isArray, isNumberText, isObject, type JsonObject, type JsonValue, stringify } from '../../json.js';
import { compare } from '../../money.js';
import type { Base } from '../bases.js';
import {
  type Case,
  type Check,
  type Exchange,
  type Failure,
  isCarriedOut,
  type Subject,
  type WireResponse,
} from '../case.js';
import type { VerifiedContract } from '../contract.js';
import { readJson } from '../read-json.js';
import { type Authority, render } from '../request.js';
import {
  isPaging,
  type Key,
  keyOf,
  keyOfRecord,
  type Paging,
  pagingOf,
  type Resource,
  recordIn,
  recordsIn,
} from '../resources.js';
import { operationPointer, put } from '../sites.js';

/** What a sequence needs. */
export interface Sequence {
  readonly contract: VerifiedContract;
  readonly authority: Authority;
  /** An accepted request of each operation. */
  readonly bases: ReadonlyMap<Operation, Base>;
  /** Sends a case, and judges its answer by what the document says of it. */
  readonly send: (each: Case) => Promise<Exchange>;
  /** Tells what a sequence found. */
  readonly fail: (exchange: Exchange, failure: Failure) => void;
}

/** Pages are asked for until one is empty, but not for ever. */
const mostPages = 200;

/** Runs every sequence that a resource's operations allow, one after the other. */
export async function runSequences(sequence: Sequence, resource: Resource): Promise<void> {
  await new Sequences(sequence, resource).run();
}

class Sequences {
  #step = 0;

  constructor(
    private readonly sequence: Sequence,
    private readonly resource: Resource,
  ) {}

  async run(): Promise<void> {
    const { create, list, read, updates, remove } = this.resource;
    const before = list === undefined ? undefined : await this.#all(list);
    const created = await this.#send(create, 'create');
    const key = created === undefined ? undefined : keyOf(this.resource, created.body, created.location);
    if (created === undefined || key === undefined) return;
    const sent = this.sequence.bases.get(create)?.values.body;
    if (read !== undefined) {
      const shown = await this.#read(read, key, 'ensure_resource_availability', `${create.operationId} made ${key}`);
      if (shown !== undefined) this.#same(shown, sent, 'stored_as_sent', create);
    }
    if (list !== undefined && before !== undefined) await this.#listed(list, before, key);
    for (const update of updates) await this.#update(update, key);
    if (list !== undefined) {
      await this.#pages(list);
      await this.#filters(list);
    }
    await this.#replay(create);
    if (remove !== undefined) await this.#remove(remove, key);
  }

  /** A request of an operation, on the thing with the key if there is one; undefined if it was not carried out. */
  async #send(operation: Operation, what: string, key?: Key, more: JsonObject = {}) {
    const base = this.sequence.bases.get(operation);
    if (base === undefined) return undefined;
    let values = base.values;
    for (const [pointer, value] of Object.entries(more)) values = put(values, pointer.split('/'), value) ?? values;
    if (key !== undefined) values = put(values, ['path', this.resource.parameter], key) ?? values;
    const exchange = await this.sequence.send(this.#case({ ...base, values }, what));
    const { response } = exchange;
    if (response instanceof Error || !isCarriedOut(exchange)) return undefined;
    return { exchange, body: bodyOf(response), location: response.headers.get('location') };
  }

  #case(base: Base, what: string): Case {
    const { operation } = base;
    const subject: Subject = { in: 'state', pointer: '', constraint: what, documented: operationPointer(operation) };
    return {
      id: `stateful/${this.resource.create.operationId}/${++this.#step}-${operation.operationId}-${what}`,
      phase: 'stateful',
      operation,
      subject,
      request: render(this.sequence.contract.document, base, this.sequence.authority),
      expectation: { kind: 'answered' },
    };
  }

  #fail(exchange: Exchange, check: Check, message: string): void {
    const { documented } = exchange.case.subject;
    this.sequence.fail(exchange, { check, pointer: '', message, documented });
  }

  /** The record that is there now; a failure if it is not. */
  async #read(read: Operation, key: Key, check: Check, because: string): Promise<JsonObject | undefined> {
    const base = this.sequence.bases.get(read);
    if (base === undefined) return undefined;
    const values = put(base.values, ['path', this.resource.parameter], key) ?? base.values;
    const exchange = await this.sequence.send(this.#case({ ...base, values }, 'read'));
    const { response } = exchange;
    if (response instanceof Error) return undefined;
    const record = response.status < 300 ? recordIn(this.resource, bodyOf(response), key) : undefined;
    if (record === undefined) {
      this.#fail(
        exchange,
        check,
        `${because}, and ${read.operationId} of ${key} gives ${response.status}, not that record.`,
      );
      return undefined;
    }
    this.#last = exchange;
    return record;
  }

  #last: Exchange | undefined;

  /** What was sent stands in the record, member by member, where the record has such members. */
  #same(record: JsonObject, sent: JsonValue | undefined, check: Check, by: Operation): void {
    if (!isObject(sent) || this.#last === undefined) return;
    for (const [name, value] of Object.entries(sent)) {
      const stored = record[name];
      if (value === undefined || stored === undefined || alike(value, stored)) continue;
      const message = `${by.operationId} sent ${name} ${excerpt(value)}, and it is read back as ${excerpt(stored)}.`;
      this.#fail(this.#last, check, message);
    }
  }

  async #listed(list: Operation, before: Listed, key: Key): Promise<void> {
    const after = await this.#all(list);
    if (after === undefined) return;
    const { create } = this.resource;
    if (!after.keys.includes(key)) {
      this.#fail(
        after.exchange,
        'ensure_resource_availability',
        `${create.operationId} made ${key}, and ${list.operationId} does not list it.`,
      );
    }
    const more = after.keys.length - before.keys.length;
    if (more > 1) {
      this.#fail(
        after.exchange,
        'stored_as_sent',
        `One ${create.operationId}, and ${list.operationId} lists ${more} more than before.`,
      );
    }
    const total = totalOf(after.exchange.response);
    if (total !== undefined && total !== after.keys.length) {
      this.#fail(after.exchange, 'list_is_complete', `Received a total of ${total}; ${after.keys.length} are listed.`);
    }
  }

  async #update(update: Operation, key: Key): Promise<void> {
    const { read } = this.resource;
    const changed = await this.#send(update, 'update', key);
    if (changed === undefined || read === undefined) return;
    const shown = await this.#read(read, key, 'ensure_resource_availability', `${update.operationId} changed ${key}`);
    if (shown !== undefined)
      this.#same(shown, this.sequence.bases.get(update)?.values.body, 'update_is_stored', update);
  }

  async #remove(remove: Operation, key: Key): Promise<void> {
    const { read, list } = this.resource;
    const removed = await this.#send(remove, 'delete', key);
    if (removed === undefined) return;
    const gone = `${remove.operationId} deleted ${key}`;
    const wasRead = read === undefined ? undefined : await this.#send(read, 'read after delete', key);
    this.#gone(wasRead, gone);
    this.#gone(await this.#send(remove, 'delete after delete', key), gone);
    for (const update of this.resource.updates) {
      const updated = await this.#send(update, 'update after delete', key);
      // An update that speaks of other things too may be carried out; one that answers with what is gone may not.
      if (recordIn(this.resource, updated?.body, key) !== undefined) this.#gone(updated, gone);
    }
    const after = list === undefined ? undefined : await this.#all(list);
    if (list === undefined || after === undefined || !after.keys.includes(key)) return;
    this.#fail(after.exchange, 'use_after_free', `${gone}, and ${list.operationId} still lists it.`);
  }

  #gone(again: { readonly exchange: Exchange } | undefined, gone: string): void {
    if (again === undefined) return;
    const { exchange } = again;
    const message = `${gone}, and ${exchange.case.operation?.operationId} of it still gives ${statusOf(exchange)}.`;
    this.#fail(exchange, 'use_after_free', message);
  }

  /** Everything that a list has, page by page if it has pages; undefined if it has more pages than are asked for. */
  async #all(list: Operation, more: JsonObject = {}): Promise<Listed | undefined> {
    const paging = pagingOf(list);
    const size = paging === undefined ? undefined : this.sequence.contract.document.resolve(paging.size.schema).maximum;
    if (paging === undefined || typeof size !== 'number') return this.#page(list, more);
    const records: JsonValue[] = [];
    for (let number = 0; number < mostPages; number++) {
      const at = pageAt(paging, size, number);
      const part = await this.#page(list, { ...at, ...more });
      if (part === undefined) return undefined;
      records.push(...part.records);
      if (part.records.length < size || Object.keys(at).length < 2) return this.#asListed(part.exchange, records);
    }
    return undefined;
  }

  async #page(list: Operation, more: JsonObject): Promise<Listed | undefined> {
    const answer = await this.#send(list, 'list', undefined, more);
    const records = recordsIn(answer?.body);
    if (answer === undefined || records === undefined) return undefined;
    return this.#asListed(answer.exchange, records);
  }

  #asListed(exchange: Exchange, records: readonly JsonValue[]): Listed {
    const keys = records.map((record) => keyOfRecord(this.resource, record)).filter((key) => key !== undefined);
    return { exchange, records, keys };
  }

  /** Pages of two, until one is empty: together they are the whole list, and none is longer than was asked. */
  async #pages(list: Operation): Promise<void> {
    const paging = pagingOf(list);
    if (paging === undefined || (paging.page === undefined && paging.offset === undefined)) return;
    const { size } = paging;
    for (let count = 0; count < 3; count++) await this.#send(this.resource.create, 'create more');
    const whole = await this.#all(list);
    if (whole === undefined) return;
    const seen: Key[] = [];
    for (let number = 0; number < mostPages; number++) {
      const part = await this.#page(list, pageAt(paging, 2, number));
      if (part === undefined || part.keys.length === 0) break;
      if (part.keys.length > 2) {
        const message = `${list.operationId} with ${size.name} 2 gives ${part.keys.length} records.`;
        this.#fail(part.exchange, 'page_size_is_kept', message);
        return;
      }
      const repeated = part.keys.filter((key) => seen.includes(key));
      seen.push(...part.keys);
      if (repeated.length === 0) continue;
      this.#fail(
        part.exchange,
        'list_is_complete',
        `Page ${number + 1} of ${list.operationId} repeats ${repeated.join(', ')}.`,
      );
      return;
    }
    const skipped = whole.keys.filter((key) => !seen.includes(key));
    if (skipped.length > 0 && seen.length < mostPages * 2) {
      this.#fail(
        whole.exchange,
        'list_is_complete',
        `The pages of ${list.operationId} skip ${skipped.slice(0, 10).join(', ')}.`,
      );
    }
  }

  /** A query parameter that is named like a member of the records keeps those that have its value, and only those. */
  async #filters(list: Operation): Promise<void> {
    const whole = await this.#all(list);
    if (whole === undefined) return;
    for (const parameter of list.parameters) {
      if (parameter.in !== 'query' || isPaging(parameter)) continue;
      const values = new Set(
        whole.records.flatMap((record) => (isObject(record) ? textsOf(record[parameter.name]) : [])),
      );
      const documented = this.sequence.contract.document.resolve(parameter.schema).enum;
      for (const text of isArray(documented) ? documented.flatMap(textsOf) : []) if (values.size > 0) values.add(text);
      for (const value of [...values].slice(0, 5)) {
        const wanted = whole.records.filter(
          (record) => isObject(record) && textsOf(record[parameter.name])[0] === value,
        );
        const filtered = await this.#all(list, { [`query/${parameter.name}`]: value });
        if (filtered === undefined || filtered.records.length === wanted.length) continue;
        const message = `${list.operationId} with ${parameter.name} ${value} gives ${filtered.records.length} records; ${wanted.length} of ${whole.records.length} have that value.`;
        this.#fail(filtered.exchange, 'filter_is_applied', message);
      }
    }
  }

  /** The same request with the same idempotency key makes one thing. */
  async #replay(create: Operation): Promise<void> {
    const header = create.parameters.find(
      (each) => each.in === 'header' && /^(?:x-)?idempotency-key$/i.test(each.name),
    );
    if (header === undefined) return;
    const more = { [`header/${header.name}`]: 'paydouble-replay-1' };
    const first = await this.#send(create, 'create', undefined, more);
    const again = await this.#send(create, 'create again', undefined, more);
    if (first === undefined || again === undefined) return;
    const keys = [first, again].map(({ body, location }) => keyOf(this.resource, body, location));
    if (keys[0] === keys[1]) return;
    const message = `The same ${header.name} twice made ${keys[0]}, and then ${keys[1]}.`;
    this.#fail(again.exchange, 'replay_replays', message);
  }
}

/** The parts of a request for a page, counted from 0; without a number where a list has sizes only. */
function pageAt({ size, page, offset }: Paging, length: number, number: number): JsonObject {
  return {
    [`query/${size.name}`]: length,
    ...(page === undefined ? {} : { [`query/${page.name}`]: number + 1 }),
    ...(offset === undefined ? {} : { [`query/${offset.name}`]: number * length }),
  };
}

/** An answer to a list. */
interface Listed {
  readonly exchange: Exchange;
  readonly records: readonly JsonValue[];
  readonly keys: readonly Key[];
}

function bodyOf({ text }: WireResponse): JsonValue | undefined {
  const body = readJson(text);
  return body instanceof Error ? undefined : body;
}

function statusOf({ response }: Exchange): number {
  return response instanceof Error ? 0 : response.status;
}

/** The number of all that a list says that there are; undefined if it says none. */
function totalOf(response: WireResponse | Error): number | undefined {
  const body = response instanceof Error ? undefined : bodyOf(response);
  for (const part of [body, ...(isObject(body) ? Object.values(body) : [])]) {
    if (!isObject(part)) continue;
    const [, total] =
      Object.entries(part).find(([name]) => /^(?:total|totalcount|total_count|totalItems)$/i.test(name)) ?? [];
    if (typeof total === 'number') return total;
  }
  return undefined;
}

function textsOf(value: JsonValue | undefined): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'number' || typeof value === 'boolean' || isNumberText(value) ? [stringify(value)] : [];
}

/** Whether a value was kept: numbers by their amount, instants however they are written, objects by the members that were sent. */
function alike(sent: JsonValue, stored: JsonValue): boolean {
  const [left, right] = [amount(sent), amount(stored)];
  if (left !== undefined && right !== undefined) return compare(left, right) === 0;
  if (typeof sent === 'string' && typeof stored === 'string') {
    return sent === stored || (/^\d{4}-\d\d-\d\d/.test(sent) && Date.parse(sent) === Date.parse(stored));
  }
  if (isArray(sent) && isArray(stored)) {
    return sent.length === stored.length && sent.every((each, index) => alike(each, stored[index] ?? null));
  }
  if (!isObject(sent) || !isObject(stored)) return sent === stored;
  return Object.entries(sent).every(([name, member]) => {
    const other = stored[name];
    return member === undefined || other === undefined || alike(member, other);
  });
}

function amount(value: JsonValue) {
  return typeof value === 'number' || isNumberText(value) ? value : undefined;
}
