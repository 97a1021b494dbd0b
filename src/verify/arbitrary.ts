/**
 * Random values for schemas: mostly what the schema asks for, at times what nobody expects.
 *
 * The only module that imports fast-check.
 */
import {
  type Arbitrary,
  array,
  asyncProperty,
  boolean,
  check,
  constant,
  constantFrom,
  date,
  double,
  integer,
  jsonValue,
  oneof,
  record,
  string,
  stringMatching,
  tuple,
  uuid,
} from 'fast-check';
import { isArray, isNumberText, isObject, type JsonObject, type JsonValue, parse } from '../json.js';
import { type SiteFinder, together } from './sites.js';

/** Texts that servers have stumbled over. */
const oddTexts = [
  '',
  ' ',
  '\u0000',
  '\ud800',
  '💸',
  'ﷺ'.repeat(50),
  '<script>alert(1)</script>',
  "'; DROP TABLE payments; --",
  '#{7*7}',
  '__proto__',
  '../../etc/passwd',
  'x'.repeat(20_000),
] as const;

const oddNumbers = [
  '0',
  '-0',
  '-1',
  '1e400',
  '1e-400',
  '0.1',
  '9007199254740993',
  '99999999999999999999',
  '1.10',
] as const;

/** Deeper than this, schemas that refer to themselves are left out where they may be. */
const mostDepth = 5;

/** Deeper than this there is anything: a schema that demands itself has no end. */
const deepest = 12;

/** Random values for a schema. One in eight is odd, or of another kind altogether. */
export function arbitraryOf(sites: SiteFinder, node: JsonValue | undefined, depth = 0): Arbitrary<JsonValue> {
  if (depth > deepest) return anything;
  const { schema } = sites.place(node, '');
  const fitting = nullable(schema, ofKind(sites, schema, depth));
  return oneof(
    { weight: 14, arbitrary: fitting },
    { weight: 1, arbitrary: odd(schema) },
    { weight: 1, arbitrary: anything },
  );
}

/** Any JSON, numbers with their text: often enough one of each kind. */
const anything: Arbitrary<JsonValue> = oneof(
  constantFrom<JsonValue>('twelve', 12, true, null, [], {}),
  jsonValue({ maxDepth: 2 }).map((value) => parse(JSON.stringify(value))),
);

function nullable(schema: JsonObject, arbitrary: Arbitrary<JsonValue>): Arbitrary<JsonValue> {
  return schema.nullable === true
    ? oneof({ weight: 7, arbitrary }, { weight: 1, arbitrary: constant(null) })
    : arbitrary;
}

function odd({ type }: JsonObject): Arbitrary<JsonValue> {
  if (type === 'string') return constantFrom(...oddTexts);
  if (type === 'number' || type === 'integer') return constantFrom(...oddNumbers).map((text) => parse(text));
  return constantFrom<JsonValue>(null, [], {}, '', 0);
}

function ofKind(sites: SiteFinder, schema: JsonObject, depth: number): Arbitrary<JsonValue> {
  if (isArray(schema.enum) && schema.enum.length > 0) return constantFrom(...schema.enum);
  const alternatives = schema.oneOf ?? schema.anyOf;
  if (isArray(alternatives) && alternatives.length > 0) {
    const { oneOf: _, anyOf: __, ...own } = schema;
    const whole = (each: JsonValue) => together([own, sites.place(each, '').schema]);
    return oneof(...alternatives.map((each) => arbitraryOf(sites, whole(each), depth + 1)));
  }
  if (schema.type === 'null') return constant(null);
  if (schema.type === 'boolean') return boolean();
  if (schema.type === 'integer') return integer(range(schema, -2_147_483_648, 2_147_483_647));
  if (schema.type === 'number') {
    const { min, max } = range(schema, -1_000_000, 1_000_000);
    return double({ min, max, noNaN: true }).map((value) => Number(value.toFixed(2)));
  }
  if (schema.type === 'string') return text(schema);
  if (schema.type === 'array') {
    const { min, max } = lengths(schema, 'minItems', 'maxItems', 4);
    if (isArray(schema.prefixItems)) {
      return tuple(...schema.prefixItems.map((each) => arbitraryOf(sites, each, depth + 1)));
    }
    return array(arbitraryOf(sites, schema.items, depth + 1), {
      minLength: min,
      maxLength: depth > mostDepth ? min : max,
    });
  }
  return isObject(schema.properties) ? object(sites, schema, depth) : anything;
}

function object(sites: SiteFinder, schema: JsonObject, depth: number): Arbitrary<JsonValue> {
  const required = isArray(schema.required) ? schema.required.map(String) : [];
  const properties = Object.entries(isObject(schema.properties) ? schema.properties : {}).filter(
    ([name, property]) =>
      sites.place(property, '').schema.readOnly !== true && (depth <= mostDepth || required.includes(name)),
  );
  const members = Object.fromEntries(
    properties.map(([name, property]) => [name, arbitraryOf(sites, property, depth + 1)]),
  );
  const requiredKeys = required.filter((name) => name in members);
  const known = record(members, { requiredKeys, noNullPrototype: true });
  const unknown = known.map((value) => ({ ...value, paydoubleUnknown: 'x' }));
  return oneof({ weight: 15, arbitrary: known }, { weight: 1, arbitrary: unknown });
}

function text(schema: JsonObject): Arbitrary<JsonValue> {
  if (schema.format === 'uuid') return uuid();
  if (schema.format === 'date' || schema.format === 'date-time') {
    const limits = {
      min: new Date('1970-01-01T00:00:00Z'),
      max: new Date('2099-12-31T00:00:00Z'),
      noInvalidDate: true,
    };
    return date(limits).map((value) => value.toISOString().slice(0, schema.format === 'date' ? 10 : undefined));
  }
  if (typeof schema.pattern === 'string') {
    try {
      return stringMatching(new RegExp(schema.pattern, 'u'));
    } catch {
      // A pattern that fast-check cannot make texts of: any text, then.
    }
  }
  const { min, max } = lengths(schema, 'minLength', 'maxLength', 40);
  return string({ minLength: min, maxLength: max, unit: 'grapheme' });
}

function range(schema: JsonObject, least: number, most: number): { min: number; max: number } {
  const [min, max] = [numberOf(schema.minimum) ?? least, numberOf(schema.maximum) ?? most];
  return { min: Math.max(min, least), max: Math.max(Math.min(max, most), Math.max(min, least)) };
}

function lengths(schema: JsonObject, least: string, most: string, usual: number): { min: number; max: number } {
  const min = numberOf(schema[least]) ?? 0;
  return { min, max: Math.max(min, Math.min(numberOf(schema[most]) ?? usual, Math.max(usual, min))) };
}

function numberOf(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' || isNumberText(value) ? Number(String(value)) : undefined;
}

/** The smallest value that was found not to hold; undefined if none was. The same seed tries the same values. */
export async function searchCounterexample<Value>(
  arbitrary: Arbitrary<Value>,
  holds: (value: Value) => Promise<boolean>,
  options: { readonly seed: number; readonly examples: number; readonly milliseconds: number },
): Promise<Value | undefined> {
  const { seed, examples, milliseconds } = options;
  const details = await check(asyncProperty(arbitrary, holds), {
    seed,
    numRuns: examples,
    interruptAfterTimeLimit: milliseconds,
  });
  return details.counterexample?.[0];
}

export { type Arbitrary, record as recordOf };
