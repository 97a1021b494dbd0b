/**
 * Values from schemas: what answers an operation that has neither handler nor example, and `Prefer: dynamic=true`.
 */
import type { Faker } from '@faker-js/faker';
import { formatInstant, type Instant } from './instant.js';
import { isArray, isNumberText, isObject, type JsonObject, type JsonValue } from './json.js';
import { multiply } from './money.js';
import type { Side } from './schema.js';
import { textMatching } from './schema-pattern.js';

type Resolve = (node: JsonValue | undefined) => JsonObject;

/** How deep optional properties are made; schemas may refer to themselves. */
const mostDepth = 6;

/** Deeper than this nothing is made, even where it must be there: a schema that demands itself has no end. */
const deepest = 24;

/** More values than these are not put together: what may be left out is left out, the deepest first. */
const usualValues = 1_000;

/** More than these are made of nothing, even where they must be there. */
const mostValues = 20_000;

/** A longer text is not made: it would test the limits of the way to the server, not the document. */
export const mostLength = 100_000;

/** Nor is a longer list. */
export const mostItems = 1_000;

/** Of a longer choice, the values behind these are not tried one by one. */
export const mostChoices = 1_000;

/** A text counts as a value for every so many characters. */
const charactersOfValue = 100;

/** How often what a pattern may repeat without end is repeated. */
const mostRepeats = 10;

/**
 * A value that is valid by the schema: its example or default where `faker` is absent, random ones where it is given.
 * Patterns, ranges and lengths are kept; combinations of them that exclude each other are not solved. Null where a value
 * would be too large to be made.
 */
export function generate(schema: JsonValue | undefined, resolve: Resolve, now: Instant, faker?: Faker): JsonValue {
  return made(schema, { resolve, now, faker, side: 'response' });
}

/** The same for a request, in which nothing stands that only a server gives. */
export function generateRequest(schema: JsonValue | undefined, resolve: Resolve, now: Instant): JsonValue {
  return made(schema, { resolve, now, faker: undefined, side: 'request' });
}

/** What every value is made with. */
interface Making {
  readonly resolve: Resolve;
  readonly now: Instant;
  readonly faker: Faker | undefined;
  readonly side: Side;
}

/** As deep as it stays small: schemas that refer to each other often would fill the memory. */
function made(schema: JsonValue | undefined, making: Making): JsonValue {
  for (let depth = mostDepth; depth >= 0; depth--) {
    const value = new Generator(making, depth, usualValues).whole(schema);
    if (value !== undefined) return value;
  }
  return new Generator(making, 0, mostValues).whole(schema) ?? null;
}

/** More values than are made. */
class TooLarge extends Error {}

class Generator {
  readonly #making: Making;
  #left: number;

  constructor(
    making: Making,
    /** How deep what may be left out is made. */
    private readonly depthOfOptional: number,
    /** How many values may be made. */
    values: number,
  ) {
    this.#making = making;
    this.#left = values;
  }

  /** Undefined if it would be too large. */
  whole(schema: JsonValue | undefined): JsonValue | undefined {
    try {
      return this.value(schema, 0);
    } catch (error) {
      if (error instanceof TooLarge) return undefined;
      throw error;
    }
  }

  #spend(values: number): void {
    this.#left -= values;
    if (this.#left < 0) throw new TooLarge();
  }

  value(node: JsonValue | undefined, depth: number): JsonValue {
    this.#spend(1);
    const schema = this.#making.resolve(node);
    if (depth > deepest) return null;
    if (this.#making.faker === undefined && schema.example !== undefined) return schema.example;
    if (this.#making.faker === undefined && schema.default !== undefined) return schema.default;
    if (isArray(schema.enum)) return this.#pick(schema.enum);
    const alternatives = schema.oneOf ?? schema.anyOf;
    if (isArray(alternatives) && alternatives.length > 0) return this.#alternative(schema, alternatives, depth);
    if (isObject(schema.properties) || schema.type === 'object') return this.#object(schema, depth);
    if (isArray(schema.allOf)) return this.#parts(schema.allOf, depth);
    if (schema.type === 'array') return this.#array(schema, depth);
    return this.#scalar(schema);
  }

  /** One of some alternatives, with what is said beside them. */
  #alternative(schema: JsonObject, alternatives: readonly JsonValue[], depth: number): JsonValue {
    const value = this.value(this.#pick(alternatives), depth);
    if (!isObject(value) || !(isObject(schema.properties) || isArray(schema.allOf))) return value;
    return { ...this.#object(schema, depth), ...value };
  }

  #object(schema: JsonObject, depth: number): JsonObject {
    const parts = this.#parts(isArray(schema.allOf) ? schema.allOf : [], depth);
    const members = new Map(isObject(parts) ? Object.entries(parts) : []);
    const required = isArray(schema.required) ? schema.required : [];
    const most = typeof schema.maxProperties === 'number' ? schema.maxProperties : Number.POSITIVE_INFINITY;
    for (const [name, property] of Object.entries(isObject(schema.properties) ? schema.properties : {})) {
      if (this.#making.resolve(property)[this.#making.side === 'response' ? 'writeOnly' : 'readOnly'] === true)
        continue;
      if (members.size >= most && !required.includes(name)) continue;
      if (depth < this.depthOfOptional || required.includes(name)) members.set(name, this.value(property, depth + 1));
    }
    return Object.fromEntries(members);
  }

  /** What the parts of an `allOf` say together: objects put together, or the first value that is none. */
  #parts(parts: readonly JsonValue[], depth: number): JsonValue {
    const members = new Map<string, JsonValue | undefined>();
    for (const part of parts) {
      const value = this.value(part, depth);
      if (!isObject(value)) return value;
      for (const [name, member] of Object.entries(value)) members.set(name, member);
    }
    return Object.fromEntries(members);
  }

  #array(schema: JsonObject, depth: number): JsonValue {
    const least = typeof schema.minItems === 'number' ? schema.minItems : 0;
    const most = typeof schema.maxItems === 'number' ? schema.maxItems : 3;
    if (isArray(schema.prefixItems)) return this.#tuple(schema, schema.prefixItems, least, depth);
    const wanted = depth >= this.depthOfOptional ? least : Math.max(least, Math.min(most, this.#integer(1, 3)));
    return Array.from({ length: wanted }, () => this.value(schema.items, depth + 1));
  }

  /** An array whose first elements have schemas of their own. */
  #tuple(schema: JsonObject, first: readonly JsonValue[], least: number, depth: number): JsonValue {
    const length = Math.max(least, first.length);
    return Array.from({ length }, (_, index) => this.value(first[index] ?? schema.items, depth + 1));
  }

  #scalar(schema: JsonObject): JsonValue {
    if (schema.type === 'null') return null;
    if (schema.type === 'boolean') return this.#making.faker?.datatype.boolean() ?? true;
    if (schema.type === 'integer' || schema.type === 'number') return this.#number(schema);
    if (schema.type === 'string') return this.#string(schema);
    return {};
  }

  #number(schema: JsonObject): JsonValue {
    const least = limit(schema.minimum);
    const most = limit(schema.maximum);
    const given = limit(schema.multipleOf);
    // A multiple of the step; a range such as 0.1 to 0.9 holds no whole number, so finer steps are tried.
    for (const step of given !== undefined ? [given] : schema.type === 'integer' ? [1] : [1, 0.01, 0.0001]) {
      const first = Math.ceil((least ?? Math.min(0, most ?? 0)) / step);
      const from = schema.exclusiveMinimum === true && first * step === least ? first + 1 : first;
      const last = Math.floor(Math.min(most ?? (from + 1000) * step, Number.MAX_SAFE_INTEGER) / step);
      const to = schema.exclusiveMaximum === true && last * step === most ? last - 1 : last;
      if (from <= to) return multiply(from + this.#integer(0, to - from), step);
    }
    return least ?? most ?? 0;
  }

  #string(schema: JsonObject): string {
    const format = typeof schema.format === 'string' ? this.#formatted(schema.format) : undefined;
    if (format !== undefined) return format;
    const matching = typeof schema.pattern === 'string' ? this.#matching(schema.pattern) : undefined;
    if (matching !== undefined) return matching;
    const least = typeof schema.minLength === 'number' ? schema.minLength : 0;
    const most = typeof schema.maxLength === 'number' ? schema.maxLength : Number.POSITIVE_INFINITY;
    this.#spend(least > mostLength ? Number.POSITIVE_INFINITY : least / charactersOfValue);
    const word = this.#making.faker?.lorem.words(2) ?? 'string';
    return word.padEnd(least, 'x').slice(0, Math.max(least, Math.min(most, word.length)));
  }

  /** A text that a pattern matches; the first of its kind where nothing is random. */
  #matching(pattern: string): string | undefined {
    return textMatching(pattern, { most: mostRepeats, choose: (least, most) => this.#integer(least, most) });
  }

  #formatted(format: string): string | undefined {
    const time = formatInstant(this.#making.now, { digits: 3, zone: 'Z' });
    switch (format) {
      case 'date-time':
        return time;
      case 'date':
        return time.slice(0, 10);
      case 'uuid':
        return this.#making.faker?.string.uuid() ?? '3fa85f64-5717-4562-b3fc-2c963f66afa6';
      case 'email':
        return this.#making.faker?.internet.email() ?? 'someone@example.com';
      case 'uri':
        return this.#making.faker?.internet.url() ?? 'https://example.com/';
      case 'time':
        return time.slice(11);
      case 'duration':
        return 'P1D';
      case 'ipv4':
        return this.#making.faker?.internet.ipv4() ?? '192.0.2.1';
      case 'ipv6':
        return this.#making.faker?.internet.ipv6() ?? '2001:db8::1';
      case 'byte':
        return 'c3RyaW5n';
      default:
        return undefined;
    }
  }

  #integer(least: number, most: number): number {
    return this.#making.faker?.number.int({ min: least, max: Math.max(least, most) }) ?? least;
  }

  #pick(values: readonly JsonValue[]): JsonValue {
    return this.#making.faker?.helpers.arrayElement(values) ?? values[0] ?? null;
  }
}

/** A limit as a double: near enough to choose a value by. */
function limit(value: JsonValue | undefined): number | undefined {
  if (isNumberText(value)) return Number(value.value);
  return typeof value === 'number' ? value : undefined;
}
