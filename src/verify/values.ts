/**
 * Values at the edge of what a schema allows, and just beyond it.
 */
import { list, object } from '../document.js';
import { mostChoices, mostItems, mostLength } from '../generate.js';
import {
  type Amount,
  isAmount,
  isArray,
  isObject,
  type JsonObject,
  type JsonValue,
  numberText,
  toNumber,
} from '../json.js';
import { multiply, subtract, sum } from '../money.js';
import { textMatching } from '../schema-pattern.js';

/** A value for one constraint of a schema. */
export interface ConstraintValue {
  /** The keyword, or what of it: `maxLength`, `enum`, `type`, `null`. */
  readonly constraint: string;
  /** Undefined: the value is left out. */
  readonly value: JsonValue | undefined;
}

/** Values that the schema allows and that lie at its edges. `usual` is a valid one. */
export function edges(schema: JsonObject, usual: JsonValue | undefined): readonly ConstraintValue[] {
  const found: ConstraintValue[] = [];
  const add = (constraint: string, value: JsonValue | undefined) => {
    if (value !== undefined) found.push({ constraint, value });
  };
  for (const value of list(schema.enum).slice(0, mostChoices)) add('enum', value);
  if (schema.nullable === true) add('nullable', null);
  if (schema.type === 'boolean') for (const value of [true, false]) add('type', value);
  if (schema.type === 'string' && schema.enum === undefined) {
    for (const keyword of ['minLength', 'maxLength'] as const)
      add(keyword, textOfLength(schema, lengthOf(schema[keyword])));
    if (typeof schema.pattern === 'string')
      add('pattern', textMatching(schema.pattern, { most: 3, choose: (least) => least }));
    for (const value of formats.get(String(schema.format))?.valid ?? []) add('format', value);
  }
  if (isNumeric(schema) && schema.enum === undefined) {
    const step = stepOf(schema);
    const least = amount(schema.minimum);
    const most = amount(schema.maximum);
    if (least !== undefined) add('minimum', schema.exclusiveMinimum === true ? sum([least, step]) : least);
    if (most !== undefined) add('maximum', schema.exclusiveMaximum === true ? subtract(most, step) : most);
    for (const value of formats.get(String(schema.format))?.valid ?? []) add('format', value);
    if (amount(schema.multipleOf) !== undefined) add('multipleOf', multiply(step, 3));
  }
  if (isArray(usual) && usual.length > 0) {
    for (const keyword of ['minItems', 'maxItems'] as const) add(keyword, repeated(usual, lengthOf(schema[keyword])));
  }
  return found;
}

/**
 * Values that break one constraint of the schema each. `usual` is a valid one; `others` are the types that a value of another
 * alternative has there.
 */
export function breaches(
  schema: JsonObject,
  usual: JsonValue | undefined,
  others: readonly string[] = [],
): readonly ConstraintValue[] {
  const found: ConstraintValue[] = [];
  const add = (constraint: string, value: JsonValue | undefined) => {
    if (value !== undefined) found.push({ constraint, value });
  };
  if (typeof schema.type === 'string') for (const value of wrongTypes(schema, others)) add('type', value);
  if (schema.nullable !== true) add('null', null);
  if (isArray(schema.enum)) add('enum', schema.type === 'string' ? 'paydouble-no-such-value' : 987_654_321);
  if (schema.type === 'string' && schema.enum === undefined) {
    const least = lengthOf(schema.minLength);
    const most = lengthOf(schema.maxLength);
    if (least !== undefined && least > 0 && least <= mostLength) {
      add('minLength', textOfLength(schema, least - 1) ?? 'x'.repeat(least - 1));
    }
    if (most !== undefined && most < mostLength) {
      add('maxLength', textOfLength(schema, most + 1) ?? 'x'.repeat(most + 1));
    }
    if (typeof schema.pattern === 'string') add('pattern', '\u0001 paydouble');
    add('format', formats.get(String(schema.format))?.invalid);
  }
  if (isNumeric(schema) && schema.enum === undefined) {
    const step = stepOf(schema);
    const least = amount(schema.minimum);
    const most = amount(schema.maximum);
    if (least !== undefined) add('minimum', schema.exclusiveMinimum === true ? least : subtract(least, step));
    if (most !== undefined) add('maximum', schema.exclusiveMaximum === true ? most : sum([most, step]));
    if (amount(schema.multipleOf) !== undefined) add('multipleOf', multiply(step, 0.5));
    add('format', formats.get(String(schema.format))?.invalid);
    if (schema.type === 'integer') add('integer', 1.5);
  }
  if (isObject(usual)) {
    for (const [name, partners] of Object.entries(object(schema.dependentRequired))) {
      const missing = list(partners)
        .map(String)
        .find((partner) => usual[partner] !== undefined);
      if (usual[name] !== undefined && missing !== undefined) add('dependentRequired', left(usual, missing));
    }
    if (isObject(schema.propertyNames)) add('propertyNames', { ...usual, '\u0001 paydouble': 'x' });
  }
  if (isArray(usual)) {
    if (schema.contains !== undefined) add('contains', []);
    const least = lengthOf(schema.minItems);
    const most = lengthOf(schema.maxItems);
    if (least !== undefined && least > 0) add('minItems', repeated(usual, least - 1));
    if (most !== undefined && most < mostItems && usual.length > 0) add('maxItems', repeated(usual, most + 1));
    if (schema.uniqueItems === true && usual[0] !== undefined) add('uniqueItems', [usual[0], usual[0]]);
  }
  return found;
}

function left(value: JsonObject, name: string): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([each]) => each !== name));
}

interface FormatValues {
  readonly valid: readonly JsonValue[];
  readonly invalid?: JsonValue;
}

/** Values of formats that say what a value must be. int32 and int64 are limits of numbers. */
export const formats: ReadonlyMap<string, FormatValues> = new Map(
  Object.entries<FormatValues>({
    date: { valid: ['2024-02-29', '1999-12-31'], invalid: '2023-02-29' },
    'date-time': {
      valid: ['2024-02-29T23:59:59Z', '2026-01-15T12:00:00.123+05:30'],
      invalid: '2026-01-15T25:00:00Z',
    },
    uuid: { valid: ['00000000-0000-4000-8000-00000000000f'], invalid: '00000000-0000-4000-8000-00000000000g' },
    email: { valid: ['first.last+tag@example.com'], invalid: 'nobody at example' },
    uri: { valid: ['https://example.com/a?b=c#d'], invalid: 'not a uri' },
    time: { valid: ['23:59:59Z'], invalid: '25:00:00Z' },
    ipv4: { valid: ['203.0.113.255'], invalid: '203.0.113.256' },
    ipv6: { valid: ['2001:db8::ff'], invalid: '2001:db8::fg' },
    hostname: { valid: ['a-b.example'], invalid: 'a b.example' },
    duration: { valid: ['P1Y2M3DT4H5M6S'], invalid: 'P1X' },
    int32: { valid: [2_147_483_647], invalid: 2_147_483_648 },
    int64: { valid: [toNumber('9223372036854775807')], invalid: toNumber('9223372036854775808') },
  }),
);

/** A value of a type that is not allowed; none if every type is. */
function wrongTypes({ type }: JsonObject, others: readonly string[]): readonly JsonValue[] {
  const taken = new Set([type, ...others]);
  const [found] = wrongValues(type).filter((value) => !kindsOf(value).some((kind) => taken.has(kind)));
  return found === undefined ? [] : [found];
}

/** Values of other types, the one that is likeliest to be taken for the right one first. */
function wrongValues(type: JsonValue | undefined): readonly JsonValue[] {
  if (type === 'string') return [12_345, true, ['paydouble']];
  const text = type === 'boolean' ? 'perhaps' : type === 'array' || type === 'object' ? 'paydouble' : 'twelve';
  return [text, 12_345, true, ['paydouble'], { paydouble: true }];
}

function kindsOf(value: JsonValue): readonly string[] {
  if (isArray(value)) return ['array'];
  if (typeof value === 'number') return ['integer', 'number'];
  return [isObject(value) ? 'object' : typeof value];
}

function isNumeric({ type }: JsonObject): boolean {
  return type === 'number' || type === 'integer';
}

/** How far the next number is. */
function stepOf(schema: JsonObject): Amount {
  return amount(schema.multipleOf) ?? (schema.type === 'integer' ? 1 : 0.01);
}

/** A number to compute and compare with; undefined for what is none. */
export function amount(value: JsonValue | undefined): Amount | undefined {
  return isAmount(value) ? value : undefined;
}

function lengthOf(value: JsonValue | undefined): number | undefined {
  const length = amount(value);
  return length === undefined ? undefined : Number(numberText(length));
}

/** A text of a length, that matches the pattern if there is one and such a text is found. */
function textOfLength({ pattern, format }: JsonObject, length: number | undefined): string | undefined {
  if (length === undefined || length > mostLength || format !== undefined) return undefined;
  if (typeof pattern !== 'string') return 'x'.repeat(length);
  for (const most of [length, length + 1, Math.max(0, length - 1)]) {
    const text = textMatching(pattern, { most, choose: (_, highest) => highest });
    if (text?.length === length) return text;
  }
  return undefined;
}

/** A list of a length: the elements over and over, no two alike where they can be told apart. */
function repeated(usual: readonly JsonValue[], length: number | undefined): JsonValue | undefined {
  if (length === undefined || length > mostItems || usual.length === 0) return undefined;
  return Array.from({ length }, (_, index) => {
    const element = usual[index % usual.length] ?? null;
    return index < usual.length ? element : varied(element, index);
  });
}

/** Another value of the same kind: the first number in it is higher, or the end of the first text is another. */
function varied(value: JsonValue, by: number): JsonValue {
  if (isAmount(value)) return Number.isFinite(Number(numberText(value))) ? sum([value, by]) : value;
  if (typeof value === 'string') return `${value.slice(0, -String(by).length)}${by}`;
  if (!isObject(value)) return value;
  const members = Object.entries(value);
  const chosen =
    members.find(([, member]) => isAmount(member)) ?? members.find(([, member]) => typeof member === 'string');
  return chosen === undefined ? value : { ...value, [chosen[0]]: varied(chosen[1] ?? null, by) };
}
