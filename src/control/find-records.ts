/**
 * Records that are searched for, in the order that is asked for. Each record is looked at once, and what it is sorted by is
 * read once.
 */
import { type Amount, isAmount, isArray, isObject, type JsonObject, type JsonValue, numberText, own } from '../json.js';
import { compare } from '../money.js';

/** What is asked for; what is absent leaves the records as they are. */
export interface Search {
  /** A text in any value, letter case aside. */
  readonly search?: string | undefined;
  /** `property:text`: the whole of a value. */
  readonly where?: string | undefined;
  /** A property, `-` before it for descending. */
  readonly sort?: string | undefined;
}

/** The properties that a search names, each with the parameter that names it. */
export function wanted({ where, sort }: Search): readonly { readonly parameter: string; readonly property: string }[] {
  return [
    ...(where === undefined ? [] : [{ parameter: 'where', property: condition(where).property }]),
    ...(sort === undefined ? [] : [{ parameter: 'sort', property: order(sort).property }]),
  ];
}

/** Those of the records that match, sorted; equal ones in the order in which they came. */
export function findRecords(records: readonly JsonObject[], { search, where, sort }: Search): readonly JsonObject[] {
  let found = records;
  if (where !== undefined) {
    const { property, text } = condition(where);
    found = found.filter((record) => textOf(own(record, property)) === text);
  }
  if (search !== undefined) {
    const text = search.toLowerCase();
    found = found.filter((record) => holds(record, text));
  }
  return sort === undefined ? found : sorted(found, order(sort));
}

function condition(where: string): { readonly property: string; readonly text: string } {
  const colon = where.indexOf(':');
  return { property: where.slice(0, colon), text: where.slice(colon + 1) };
}

interface Order {
  readonly property: string;
  readonly isDescending: boolean;
}

function order(sort: string): Order {
  return sort.startsWith('-')
    ? { property: sort.slice(1), isDescending: true }
    : { property: sort, isDescending: false };
}

/** The text of a value that is one; `undefined` for null, lists, objects and what is not there. */
function textOf(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'string') return value;
  if (isAmount(value)) return numberText(value);
  return typeof value === 'boolean' ? String(value) : undefined;
}

/** Whether a text in lower case stands in a value, or in any within it. */
function holds(value: JsonValue | undefined, text: string): boolean {
  if (isArray(value)) return value.some((each) => holds(each, text));
  if (isObject(value)) return Object.values(value).some((each) => holds(each, text));
  return textOf(value)?.toLowerCase().includes(text) === true;
}

/** What a record is sorted by. */
type Rank =
  | { readonly kind: 0; readonly value: Amount }
  | { readonly kind: 1; readonly value: string }
  | { readonly kind: 2 | 3 | 4 };

function sorted(records: readonly JsonObject[], { property, isDescending }: Order): readonly JsonObject[] {
  const ranked: { readonly record: JsonObject; readonly rank: Rank }[] = [];
  const last: JsonObject[] = [];
  for (const record of records) {
    const found = rank(own(record, property));
    if (found === undefined) last.push(record);
    else ranked.push({ record, rank: found });
  }
  const sign = isDescending ? -1 : 1;
  ranked.sort((left, right) => sign * compareRanks(left.rank, right.rank));
  return [...ranked.map(({ record }) => record), ...last];
}

/** `undefined` for what stands last in every order. */
function rank(value: JsonValue | undefined): Rank | undefined {
  if (value === undefined || value === null) return undefined;
  if (isAmount(value)) return { kind: 0, value };
  if (typeof value === 'string') return { kind: 1, value };
  if (typeof value === 'boolean') return { kind: value ? 3 : 2 };
  return { kind: 4 };
}

function compareRanks(left: Rank, right: Rank): number {
  if (left.kind === 0 && right.kind === 0) return compare(left.value, right.value);
  if (left.kind === 1 && right.kind === 1) return compareTexts(left.value, right.value);
  return left.kind - right.kind;
}

/** By code point. JavaScript's own order is that of UTF-16, where what is written as two units stands before U+E000. */
function compareTexts(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    if (left.charCodeAt(index) === right.charCodeAt(index)) continue;
    return (left.codePointAt(index) ?? 0) - (right.codePointAt(index) ?? 0);
  }
  return left.length - right.length;
}
