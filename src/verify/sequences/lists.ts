/**
 * What lists promise: pages neither repeat nor skip and are as long as asked, filters filter, a sorted list is sorted.
 */
import { list as listValue, type Operation, type Parameter } from '../../document.js';
import { isObject, type JsonObject, type JsonValue } from '../../json.js';
import { compare } from '../../money.js';
import { isArrangement, type Key, keyOfRecord, type Paging, pagingOf, sortingOf } from '../resources.js';
import { amount, edges } from '../values.js';
import { type Listed, textsOf, totalOf } from './records.js';
import { mostPages, type Parts, type Steps } from './steps.js';

/** Judges a list. There are a few things in it that differ from each other, if a creation can make them. */
export async function judgeList(steps: Steps, list: Operation, made: Key): Promise<void> {
  await judgePages(steps, list);
  await judgeFilters(steps, list, made);
  await judgeSorting(steps, list);
}

/** A list's total is the number of what it lists. */
export function judgeTotal(steps: Steps, { step, keys }: Listed): void {
  const total = totalOf(step);
  if (total === undefined || total === keys.length) return;
  steps.fail(step, 'list_is_complete', `Received a total of ${total}; ${keys.length} are listed.`);
}

/** Makes some more, each with other values of what lists can be asked for. */
export async function makeVaried(steps: Steps): Promise<void> {
  const { create, lists } = steps.resource;
  const names = new Set(lists.flatMap((list) => list.parameters.map(({ name }) => name)));
  for (const list of lists) for (const { member } of sortings(steps, list)) names.add(member);
  const base = steps.sequence.bases.get(create);
  const sites = base === undefined ? [] : steps.sequence.contract.sitesOf(base);
  for (let count = 0; count < 3; count++) {
    const varied: Record<string, JsonValue> = {};
    for (const { tokens, placed } of sites) {
      const values = edges(placed.schema, undefined).map(({ value }) => value);
      const value = values[count % values.length];
      const asked = tokens[0] === 'body' && tokens.length === 2 && names.has(String(tokens[1]));
      if (asked && value !== undefined && value !== null) varied[tokens.join('/')] = value;
    }
    const values = steps.values(create, varied);
    const allowed = values !== undefined && steps.sequence.contract.faults(create, values).length === 0;
    // What a rule refuses is made as usual.
    if (!allowed || (await steps.make('create more', varied)) === undefined) await steps.make('create more');
  }
}

/** Pages of several lengths, until one is empty: together they are the whole list, and none is longer than was asked. */
async function judgePages(steps: Steps, list: Operation): Promise<void> {
  const paging = pagingOf(list);
  if (paging?.size === undefined || (paging.page === undefined && paging.offset === undefined)) return;
  const count = (await steps.all(list))?.keys.length ?? 0;
  // Both kinds of a last page: one that is full, and one that is not.
  if (count % 2 === 1) await steps.make('create one more');
  const whole = await steps.all(list);
  if (whole === undefined) return;
  const partly = [3, 4, 5, 7].find((length) => whole.keys.length % length > 0) ?? 3;
  for (const length of [2, partly]) {
    steps.begin(whole.step);
    const parts = steps.pageAt(paging, length, 0);
    const values = steps.values(list, parts);
    if (values === undefined || steps.sequence.contract.faults(list, values).length > 0) continue;
    if (!(await pagesAreWhole(steps, list, paging, length, whole))) return;
  }
}

async function pagesAreWhole(
  steps: Steps,
  list: Operation,
  paging: Paging,
  length: number,
  whole: Listed,
): Promise<boolean> {
  const seen = new Set<Key>();
  for (let number = 0; number < mostPages; number++) {
    const part = await steps.page(list, steps.pageAt(paging, length, number));
    if (part === undefined || part.keys.length === 0) break;
    const { step, keys } = part;
    if (keys.length > length) {
      const message = `${list.operationId} with ${paging.size?.name} ${length} gives ${keys.length} records.`;
      steps.fail(step, 'page_size_is_kept', message);
      return false;
    }
    const repeated = keys.filter((key) => seen.has(key));
    for (const key of keys) seen.add(key);
    if (repeated.length === 0) continue;
    const message = `Page ${number + 1} of ${list.operationId} repeats ${repeated.slice(0, 10).join(', ')}.`;
    steps.fail(step, 'list_is_complete', message);
    return false;
  }
  const skipped = whole.keys.filter((key) => !seen.has(key));
  if (skipped.length === 0 || seen.size >= mostPages * length) return true;
  const message = `The pages of ${list.operationId} with ${paging.size?.name} ${length} skip ${skipped.slice(0, 10).join(', ')}.`;
  steps.fail(whole.step, 'list_is_complete', message);
  return false;
}

/** A value that a filter is asked for. */
interface Wanted {
  readonly parameter: Parameter;
  readonly value: string;
}

/** A query parameter that is named like a member of the records keeps those that have its value, and only those; two, those that have both. */
async function judgeFilters(steps: Steps, list: Operation, made: Key): Promise<void> {
  const whole = await steps.all(list);
  if (whole === undefined) return;
  // The values of what was just made come first: it is the likeliest to be left out.
  const records = [...whole.records].sort((one, other) => Number(isMade(other)) - Number(isMade(one)));
  function isMade(record: JsonValue): boolean {
    return keyOfRecord(steps.resource, record) === made;
  }
  const filters = list.parameters.flatMap((parameter): (readonly Wanted[])[] => {
    if (parameter.in !== 'query' || isArrangement(parameter)) return [];
    const values = new Set(records.flatMap((record) => textsOf(memberOf(record, parameter.name))));
    if (values.size === 0) return [];
    for (const each of listValue(steps.sequence.contract.document.resolve(parameter.schema).enum)) {
      for (const text of textsOf(each)) values.add(text);
    }
    return [[...values].slice(0, 5).map((value) => ({ parameter, value }))];
  });
  for (const wanted of filters.flat()) await judgeFilter(steps, list, whole, [wanted]);
  for (const [index, ones] of filters.entries()) {
    for (const others of filters.slice(index + 1)) {
      // Of all pairs, few: that one parameter makes another be ignored, each of them shows.
      const pairs = ones.slice(0, 2).flatMap((one) => others.slice(0, 2).map((other) => [one, other] as const));
      for (const pair of pairs) await judgeFilter(steps, list, whole, pair);
    }
  }
}

async function judgeFilter(steps: Steps, list: Operation, whole: Listed, wanted: readonly Wanted[]): Promise<void> {
  const parts: Parts = Object.fromEntries(wanted.map(({ parameter, value }) => [`query/${parameter.name}`, value]));
  steps.begin(whole.step);
  const filtered = await steps.all(list, parts);
  if (filtered === undefined) return;
  const has = (record: JsonValue) =>
    wanted.every(({ parameter, value }) => textsOf(memberOf(record, parameter.name))[0] === value);
  const missing = whole.records.filter(has).length - filtered.records.filter(has).length;
  // A text may be asked for by a part of it, in any case.
  const strays = filtered.records.filter((record) =>
    wanted.some(({ parameter, value }) =>
      textsOf(memberOf(record, parameter.name)).some((text) => !text.toLowerCase().includes(value.toLowerCase())),
    ),
  );
  if (missing <= 0 && strays.length === 0) return;
  const asked = wanted.map(({ parameter, value }) => `${parameter.name} ${value}`).join(' and ');
  const message = `${list.operationId} with ${asked} gives ${filtered.records.length} records, ${strays.length} of them without; ${whole.records.filter(has).length} of ${whole.records.length} have it.`;
  steps.fail(filtered.step, 'filter_is_applied', message);
}

/** A documented value of the parameter that sorts, and the member that it names. */
interface Sorting {
  readonly parameter: Parameter;
  readonly value: string;
  readonly member: string;
  /** Undefined: the value does not say. */
  readonly descending: boolean | undefined;
}

/** The values of a list's sorting, where the document has them as an enumeration. */
function sortings({ sequence: { contract } }: Steps, list: Operation): readonly Sorting[] {
  const parameter = sortingOf(list);
  if (parameter === undefined) return [];
  return listValue(contract.document.resolve(parameter.schema).enum)
    .flatMap(textsOf)
    .map((value) => {
      const [, sign, member = '', word] = /^([+-]?)(.+?)(?:[:. _-](asc|desc)(?:ending)?)?$/i.exec(value) ?? [];
      const descending = sign === '-' || word?.toLowerCase() === 'desc';
      return { parameter, value, member, descending: sign === '' && word === undefined ? undefined : descending };
    });
}

async function judgeSorting(steps: Steps, list: Operation): Promise<void> {
  for (const { parameter, value, member, descending } of sortings(steps, list)) {
    steps.begin();
    const sorted = await steps.all(list, { [`query/${parameter.name}`]: value });
    const values = (sorted?.records ?? []).map((record) => memberOf(record, member) ?? null);
    if (sorted === undefined || isSorted(values, descending)) continue;
    const shown = values.slice(0, 5).flatMap(textsOf).join(', ');
    steps.fail(
      sorted.step,
      'sort_is_applied',
      `${list.operationId} with ${parameter.name} ${value} gives ${member} ${shown} ….`,
    );
  }
}

/** Whether values are in order, by any order that there is for their kind; mixed ones and nulls have none. */
function isSorted(values: readonly JsonValue[], descending: boolean | undefined): boolean {
  const orders: ((one: JsonValue, other: JsonValue) => number)[] = [];
  if (values.every((value) => amount(value) !== undefined)) {
    orders.push((one, other) => compare(amount(one) ?? 0, amount(other) ?? 0));
  } else if (values.every((value) => typeof value === 'string')) {
    orders.push((one, other) => (String(one) < String(other) ? -1 : Number(String(one) > String(other))));
    orders.push((one, other) => String(one).localeCompare(String(other), 'en'));
    if (values.every((value) => /^\d{4}-\d\d-\d\d/.test(String(value)))) {
      orders.splice(0, 2, (one, other) => Date.parse(String(one)) - Date.parse(String(other)));
    }
  } else {
    return true;
  }
  const signs = descending === undefined ? [1, -1] : [descending ? -1 : 1];
  return orders.some((order) =>
    signs.some((sign) => values.slice(1).every((value, index) => sign * order(values[index] ?? null, value) <= 0)),
  );
}

function memberOf(record: JsonValue, name: string): JsonValue | undefined {
  const members: JsonObject = isObject(record) ? record : {};
  return members[name];
}
