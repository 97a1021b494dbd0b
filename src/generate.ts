/**
 * Values from schemas: what answers an operation that has neither handler nor example, and `Prefer: dynamic=true`.
 */
import type { Faker } from '@faker-js/faker';
import { formatInstant, type Instant } from './instant.js';
import { isArray, isObject, type JsonObject, type JsonValue } from './json.js';

type Resolve = (node: JsonValue | undefined) => JsonObject;

/** How deep optional properties are made; schemas may refer to themselves. */
const mostDepth = 6;

/**
 * A value that is valid by the schema: its example or default where `faker` is absent, random ones where it is given.
 * Patterns, ranges and lengths are kept; combinations of them that exclude each other are not solved.
 */
export function generate(schema: JsonValue | undefined, resolve: Resolve, now: Instant, faker?: Faker): JsonValue {
  return new Generator(resolve, now, faker).value(schema, 0);
}

class Generator {
  constructor(
    private readonly resolve: Resolve,
    private readonly now: Instant,
    private readonly faker: Faker | undefined,
  ) {}

  value(node: JsonValue | undefined, depth: number): JsonValue {
    const schema = this.resolve(node);
    if (this.faker === undefined && schema.example !== undefined) return schema.example;
    if (this.faker === undefined && schema.default !== undefined) return schema.default;
    if (isArray(schema.enum)) return this.#pick(schema.enum);
    const alternatives = schema.oneOf ?? schema.anyOf;
    if (isArray(alternatives) && alternatives.length > 0) return this.value(this.#pick(alternatives), depth);
    if (isObject(schema.properties) || isArray(schema.allOf) || schema.type === 'object') {
      return this.#object(schema, depth);
    }
    if (schema.type === 'array') return this.#array(schema, depth);
    return this.#scalar(schema);
  }

  #object(schema: JsonObject, depth: number): JsonObject {
    const members = new Map<string, JsonValue>();
    for (const part of isArray(schema.allOf) ? schema.allOf : []) {
      const value = this.value(part, depth);
      if (isObject(value)) for (const [name, member] of Object.entries(value)) members.set(name, member ?? null);
    }
    const required = isArray(schema.required) ? schema.required : [];
    for (const [name, property] of Object.entries(isObject(schema.properties) ? schema.properties : {})) {
      if (this.resolve(property).writeOnly === true) continue;
      if (depth < mostDepth || required.includes(name)) members.set(name, this.value(property, depth + 1));
    }
    return Object.fromEntries(members);
  }

  #array(schema: JsonObject, depth: number): JsonValue {
    const least = typeof schema.minItems === 'number' ? schema.minItems : 0;
    const most = typeof schema.maxItems === 'number' ? schema.maxItems : 3;
    const wanted = depth >= mostDepth ? least : Math.max(least, Math.min(most, this.#integer(1, 3)));
    return Array.from({ length: wanted }, () => this.value(schema.items, depth + 1));
  }

  #scalar(schema: JsonObject): JsonValue {
    if (schema.type === 'boolean') return this.faker?.datatype.boolean() ?? true;
    if (schema.type === 'integer' || schema.type === 'number') return this.#number(schema);
    if (schema.type === 'string') return this.#string(schema);
    return {};
  }

  #number(schema: JsonObject): JsonValue {
    const least = typeof schema.minimum === 'number' ? schema.minimum : 0;
    const from = schema.exclusiveMinimum === true ? least + 1 : least;
    const most = typeof schema.maximum === 'number' ? schema.maximum : Math.max(from + 1000, 1000);
    const value = this.#integer(Math.ceil(from), Math.floor(Math.min(most, Number.MAX_SAFE_INTEGER)));
    const step = typeof schema.multipleOf === 'number' && Number.isInteger(schema.multipleOf) ? schema.multipleOf : 1;
    return Math.ceil(value / step) * step;
  }

  #string(schema: JsonObject): string {
    const format = typeof schema.format === 'string' ? this.#formatted(schema.format) : undefined;
    if (format !== undefined) return format;
    if (typeof schema.pattern === 'string' && this.faker !== undefined) {
      return this.faker.helpers.fromRegExp(schema.pattern.replace(/^\^|\$$/g, ''));
    }
    const least = typeof schema.minLength === 'number' ? schema.minLength : 0;
    const most = typeof schema.maxLength === 'number' ? schema.maxLength : Number.POSITIVE_INFINITY;
    const word = this.faker?.lorem.words(2) ?? 'string';
    return word.padEnd(least, 'x').slice(0, Math.max(least, Math.min(most, word.length)));
  }

  #formatted(format: string): string | undefined {
    const time = formatInstant(this.now, { digits: 3, zone: 'Z' });
    switch (format) {
      case 'date-time':
        return time;
      case 'date':
        return time.slice(0, 10);
      case 'uuid':
        return this.faker?.string.uuid() ?? '3fa85f64-5717-4562-b3fc-2c963f66afa6';
      case 'email':
        return this.faker?.internet.email() ?? 'someone@example.com';
      case 'uri':
        return this.faker?.internet.url() ?? 'https://example.com/';
      default:
        return undefined;
    }
  }

  #integer(least: number, most: number): number {
    return this.faker?.number.int({ min: least, max: Math.max(least, most) }) ?? least;
  }

  #pick(values: readonly JsonValue[]): JsonValue {
    return this.faker?.helpers.arrayElement(values) ?? values[0] ?? null;
  }
}
