/**
 * What a document declares of records, and what follows from it for a page: which columns a table has, what a record names,
 * what a new one begins as.
 */
import type { components } from '../../../../specs/_sandbox/openapi.js';
import { isAmount, type JsonObject, type JsonValue, numberText, stringify } from '../../../json.js';
import { escapePointer } from '../../../json-pointer.js';

export type Declared = components['schemas']['ApiDetails']['collections'][number];
export type Property = Declared['properties'][number];

/** A collection of an api. */
export interface Collection {
  readonly api: string;
  readonly collection: string;
}

/** A column of a table. */
export interface Column {
  readonly property: Property;
  /** In pixels. */
  readonly width: number;
}

/**
 * The columns of a table that there is room for, in pixels, and two at least: the key, what every record has, what names other
 * records, and then the rest; texts before objects.
 */
export function columns({ key, properties, references }: Declared, room: number): readonly Column[] {
  const weight = ({ name, type, required }: Property) => {
    if (name === key) return 0;
    if (type === 'object' || type === 'array') return 4;
    if (required) return 1;
    return Object.hasOwn(references, name) ? 2 : 3;
  };
  const all = properties.map((property) => ({ property, width: isShort(property) ? 120 : 190 }));
  all.sort((left, right) => weight(left.property) - weight(right.property));
  let left = room;
  return all.filter(({ width }, index) => {
    left -= width;
    return left >= 0 || index < 2;
  });
}

function isShort({ type }: Property): boolean {
  return isNumber(type) || type === 'boolean';
}

/** Whether values of a type are numbers. */
export function isNumber(type: string): boolean {
  return type === 'number' || type === 'integer';
}

/** A value on one line. What is not there is empty. */
export function cellText(value: JsonValue | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : stringify(value);
}

/** The key of the record that a value names; `undefined` for none, which null, 0 and the empty text are. */
export function namedKey(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  return value !== undefined && isAmount(value) && value !== 0 ? numberText(value) : undefined;
}

/** A record that is named. */
export interface Named {
  readonly pointer: string;
  readonly collection: string;
  readonly key: string;
}

/** The records that a record names. */
export function namesOf(record: JsonObject, { references }: Declared): readonly Named[] {
  return Object.entries(references).flatMap(([property, collection]) => {
    const key = namedKey(record[property]);
    return key === undefined ? [] : [{ pointer: `/${escapePointer(property)}`, collection, key }];
  });
}

/** The properties of an api's collections that name records of one. */
export function namedBy(all: readonly Declared[], collection: string) {
  return all.flatMap((each) =>
    Object.entries(each.references)
      .filter(([, target]) => target === collection)
      .map(([property]) => ({ collection: each.collection, property })),
  );
}

/** Whether the sandbox gives a record without a key the next one: keys are numbers. */
function isGiven({ key, properties }: Declared): boolean {
  return properties.some(({ name, type }) => name === key && type === 'integer');
}

/** What a new record begins as: every property that it must have, empty. */
export function template(declared: Declared): JsonObject {
  const given = isGiven(declared) ? declared.key : undefined;
  const wanted = declared.properties.filter(({ name, required }) => required && name !== given);
  return Object.fromEntries(wanted.map(({ name, type }) => [name, empty(type)]));
}

/** A record once more: without its key, where it gets the next one. */
export function duplicate(record: JsonObject, declared: Declared): JsonObject {
  return isGiven(declared) ? { ...record, [declared.key]: undefined } : record;
}

function empty(type: string): JsonValue {
  const values: Readonly<Record<string, JsonValue>> = {
    string: '',
    integer: 0,
    number: 0,
    boolean: false,
    array: [],
    object: {},
  };
  return values[type] ?? null;
}
