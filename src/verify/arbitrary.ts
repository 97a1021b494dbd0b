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
import { list, object } from '../document.js';
import { isArray, isNumberText, isObject, type JsonObject, type JsonValue, parse } from '../json.js';
import { isLongWinded } from '../schema-pattern.js';
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

/** Deeper than this there is anything: a schema that demands itself has no end. */
const deepest = 12;

/** So many levels before the deepest, what may be left out is left out: schemas refer to themselves. */
const levelsOfRequired = 7;

/** More values than these are not put together: what is deepest gives way. */
const mostValues = 2_000;

/** A longer text or list is not made at random; its neighbours at the edge are cases of their own. */
const longestText = 2_000;
const longestList = 50;
const usualList = 4;

/** Random values for a schema. One in eight is odd, or of another kind altogether. */
export function arbitraryOf(sites: SiteFinder, node: JsonValue | undefined): Arbitrary<JsonValue> {
  for (let depth = deepest; depth > 0; depth--) {
    const values = new RandomValues(sites, depth);
    if (values.sizeOf(node, 0) <= mostValues) return values.of(node, 0);
  }
  return new RandomValues(sites, 0).of(node, 0);
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

/** What is made of the schemas of one value. What a schema makes at a depth is put together once, however often it is met. */
class RandomValues {
  readonly #made = new Map<number, WeakMap<JsonObject, Arbitrary<JsonValue>>>();
  readonly #sizes = new Map<number, WeakMap<JsonObject, number>>();

  constructor(
    private readonly sites: SiteFinder,
    /** Deeper than this there is anything. */
    private readonly deepest: number,
  ) {}

  of(node: JsonValue | undefined, depth: number): Arbitrary<JsonValue> {
    if (depth > this.deepest) return anything;
    const { schema } = this.sites.place(node, '');
    return remembered(this.#made, depth, schema, () =>
      oneof(
        { weight: 14, arbitrary: nullable(schema, this.#ofKind(schema, depth)) },
        { weight: 1, arbitrary: odd(schema) },
        { weight: 1, arbitrary: anything },
      ),
    );
  }

  /** About how many values one of a schema is made of, alternatives counted together. */
  sizeOf(node: JsonValue | undefined, depth: number): number {
    if (depth > this.deepest) return 1;
    const { schema } = this.sites.place(node, '');
    return remembered(this.#sizes, depth, schema, () => {
      const sizes = (nodes: readonly (JsonValue | undefined)[]) =>
        nodes.reduce((total: number, each) => total + this.sizeOf(each, depth + 1), 1);
      const members = this.#members(schema, depth).map(([, property]) => property);
      const { min, max } = lengths(schema, 'minItems', 'maxItems', usualList, longestList);
      const elements = schema.type === 'array' ? sizes([schema.items]) * Math.ceil((min + max) / 2) : 0;
      return sizes([...members, ...list(alternativesOf(schema)), ...list(schema.prefixItems)]) + elements;
    });
  }

  #ofKind(schema: JsonObject, depth: number): Arbitrary<JsonValue> {
    if (isArray(schema.enum) && schema.enum.length > 0) return constantFrom(...schema.enum);
    const alternatives = alternativesOf(schema);
    if (isArray(alternatives) && alternatives.length > 0) {
      const { oneOf: _, anyOf: __, ...own } = schema;
      const whole = (each: JsonValue) => together([own, this.sites.place(each, '').schema]);
      return oneof(...alternatives.map((each) => this.of(whole(each), depth + 1)));
    }
    if (schema.type === 'null') return constant(null);
    if (schema.type === 'boolean') return boolean();
    if (schema.type === 'integer') return wholeNumber(range(schema, -2_147_483_648, 2_147_483_647));
    if (schema.type === 'number') {
      const { min, max } = range(schema, -1_000_000, 1_000_000);
      return double({ min, max, noNaN: true }).map((value) => Number(value.toFixed(2)));
    }
    if (schema.type === 'string') return text(schema);
    if (schema.type === 'array') return this.#array(schema, depth);
    return isObject(schema.properties) ? this.#object(schema, depth) : anything;
  }

  #array(schema: JsonObject, depth: number): Arbitrary<JsonValue> {
    if (isArray(schema.prefixItems)) return tuple(...schema.prefixItems.map((each) => this.of(each, depth + 1)));
    const { min, max } = lengths(schema, 'minItems', 'maxItems', usualList, longestList);
    return array(this.of(schema.items, depth + 1), {
      minLength: min,
      maxLength: this.#isDeep(depth) ? min : max,
    });
  }

  #object(schema: JsonObject, depth: number): Arbitrary<JsonValue> {
    const members = this.#members(schema, depth).map(
      ([name, property]) => [name, this.of(property, depth + 1)] as const,
    );
    const requiredKeys = members.map(([name]) => name).filter((name) => list(schema.required).includes(name));
    const known = record(Object.fromEntries(members), { requiredKeys, noNullPrototype: true });
    const unknown = known.map((value) => ({ ...value, paydoubleUnknown: 'x' }));
    return oneof({ weight: 15, arbitrary: known }, { weight: 1, arbitrary: unknown });
  }

  /** The properties that are made at a depth. */
  #members(schema: JsonObject, depth: number): readonly (readonly [string, JsonValue | undefined])[] {
    const isWanted = (name: string) => !this.#isDeep(depth) || list(schema.required).includes(name);
    return Object.entries(object(schema.properties)).filter(
      ([name, property]) => isWanted(name) && this.sites.place(property, '').schema.readOnly !== true,
    );
  }

  #isDeep(depth: number): boolean {
    return depth > Math.max(0, this.deepest - levelsOfRequired);
  }
}

/** What was made of a schema at a depth, or is made now. */
function remembered<Made>(
  known: Map<number, WeakMap<JsonObject, Made>>,
  depth: number,
  schema: JsonObject,
  make: () => Made,
): Made {
  const level = known.get(depth) ?? new WeakMap<JsonObject, Made>();
  known.set(depth, level);
  const made = level.get(schema) ?? make();
  level.set(schema, made);
  return made;
}

function alternativesOf({ oneOf, anyOf }: JsonObject): JsonValue | undefined {
  return oneOf ?? anyOf;
}

/** fast-check makes whole numbers that a double is exact for; beyond, there is the limit itself. */
function wholeNumber({ min, max }: { min: number; max: number }): Arbitrary<JsonValue> {
  const [least, most] = [Math.ceil(min), Math.floor(max)];
  return Number.isSafeInteger(least) && Number.isSafeInteger(most) && least <= most
    ? integer({ min: least, max: most })
    : constant(least);
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
  if (typeof schema.pattern === 'string' && !isLongWinded(schema.pattern)) {
    try {
      return stringMatching(new RegExp(schema.pattern, 'u'), { maxLength: longestText });
    } catch {
      // A pattern that fast-check cannot make texts of: any text, then.
    }
  }
  const { min, max } = lengths(schema, 'minLength', 'maxLength', 40, longestText);
  return string({ minLength: min, maxLength: max, unit: 'grapheme' });
}

function range(schema: JsonObject, least: number, most: number): { min: number; max: number } {
  const [min, max] = [numberOf(schema.minimum) ?? least, numberOf(schema.maximum) ?? most];
  return { min: Math.max(min, least), max: Math.max(Math.min(max, most), Math.max(min, least)) };
}

function lengths(schema: JsonObject, least: string, most: string, usual: number, longest: number) {
  const min = Math.min(numberOf(schema[least]) ?? 0, longest);
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
