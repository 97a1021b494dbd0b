/**
 * Writes a response as the document describes it: properties in the order of its schema, which is the order of the
 * vendor's sample, and a fraction on every number of `format: decimal` (design: "Money and numbers").
 */
import { isDeeplyFrozen } from './frozen.js';
import {
  type Amount,
  isAmount,
  isArray,
  isObject,
  type JsonObject,
  type JsonValue,
  quoted,
  stringify,
} from './json.js';
import { sum } from './money.js';

type Resolve = (node: JsonValue | undefined) => JsonObject;

/** A property of a schema: its name as it is written, and its schema. */
interface Property {
  readonly written: string;
  readonly schema: JsonValue;
  /** What the schema says, once it was met. */
  shape?: Shape;
}

/** What a schema says about how a value is written; nothing in it judges validity. What is within is read when met. */
interface Shape {
  /** Schemas by name. */
  readonly properties: Map<string, Property>;
  items: JsonValue | undefined;
  /** The schema of properties that have no own one. */
  rest: JsonValue | undefined;
  decimal: boolean;
  /** Of objects that cannot change, such as stored records. */
  readonly texts: WeakMap<JsonObject, string>;
}

/** Writes values by their schemas; a schema is read once. */
export class Serializer {
  /** By schema, and by each reference to it. */
  readonly #shapes = new WeakMap<JsonObject, Shape>();

  constructor(private readonly resolve: Resolve) {}

  /** The JSON text of a value. Properties that the schema does not name come last, as they stand. */
  write(schema: JsonValue, value: JsonValue): string {
    const parts: string[] = [];
    this.#put(parts, this.#shape(schema), value, true);
    return joined(parts);
  }

  #once(shape: Shape, value: JsonObject): string {
    const known = shape.texts.get(value);
    if (known !== undefined) return known;
    const parts: string[] = [];
    this.#putObject(parts, shape, value, false);
    const text = joined(parts);
    if (isDeeplyFrozen(value)) shape.texts.set(value, text);
    return text;
  }

  /**
   * Adds the pieces of a value's text. `keep`: whether the texts of objects that may never change are kept; within such an
   * object they need not be.
   */
  #put(parts: string[], shape: Shape, value: JsonValue, keep: boolean): void {
    if (typeof value === 'string') parts.push(quoted(value));
    else if (isArray(value)) this.#putList(parts, shape, value, keep);
    else if (isObject(value)) {
      if (keep && Object.isFrozen(value)) parts.push(this.#once(shape, value));
      else this.#putObject(parts, shape, value, keep);
    } else if (shape.decimal && isAmount(value)) parts.push(decimalText(value));
    else parts.push(stringify(value));
  }

  #putList(parts: string[], { items }: Shape, values: readonly JsonValue[], keep: boolean): void {
    if (items === undefined || values.length === 0) {
      parts.push(stringify(values));
      return;
    }
    const shape = this.#shape(items);
    let before = '[';
    for (const each of values) {
      parts.push(before);
      this.#put(parts, shape, each, keep);
      before = ',';
    }
    parts.push(']');
  }

  #putObject(parts: string[], { properties, rest }: Shape, value: JsonObject, keep: boolean): void {
    let before = '{';
    for (const [name, property] of properties) {
      const member = Object.hasOwn(value, name) ? value[name] : undefined;
      if (member === undefined) continue;
      property.shape ??= this.#shape(property.schema);
      parts.push(before, property.written);
      this.#put(parts, property.shape, member, keep);
      before = ',';
    }
    for (const name in value) {
      const member = properties.has(name) || !Object.hasOwn(value, name) ? undefined : value[name];
      if (member === undefined) continue;
      parts.push(before, quoted(name), ':');
      if (rest === undefined) parts.push(stringify(member));
      else this.#put(parts, this.#shape(rest), member, keep);
      before = ',';
    }
    parts.push(before === '{' ? '{}' : '}');
  }

  #shape(node: JsonValue): Shape {
    const known = isObject(node) ? this.#shapes.get(node) : undefined;
    if (known !== undefined) return known;
    const schema = this.resolve(node);
    const shape = this.#shapes.get(schema) ?? this.#readShape(schema);
    if (isObject(node)) this.#shapes.set(node, shape);
    return shape;
  }

  #readShape(schema: JsonObject): Shape {
    const shape = makeShape();
    // Known before it is read: a schema may be part of itself.
    this.#shapes.set(schema, shape);
    this.#read(schema, shape);
    return shape;
  }

  /** Alternatives and parts (`allOf`, `anyOf`, `oneOf`) are read as one: they tell an order, not a choice. */
  #read(schema: JsonObject, shape: Shape): void {
    for (const keyword of ['allOf', 'anyOf', 'oneOf'] as const) {
      const parts = schema[keyword];
      for (const part of isArray(parts) ? parts : []) merge(this.#shape(part), shape);
    }
    merge(
      {
        ...makeShape(),
        properties: new Map(Object.entries(isObject(schema.properties) ? schema.properties : {}).map(asProperty)),
        items: schema.items,
        rest: isObject(schema.additionalProperties) ? schema.additionalProperties : undefined,
        decimal: schema.type === 'number' && schema.format === 'decimal',
      },
      shape,
    );
  }
}

/** One text, and not a chain of texts that is gone through wherever it is put into another. */
function joined(parts: readonly string[]): string {
  return parts.join('');
}

function makeShape(): Shape {
  return { properties: new Map(), items: undefined, rest: undefined, decimal: false, texts: new WeakMap() };
}

function asProperty([name, schema]: readonly [string, JsonValue | undefined]): readonly [string, Property] {
  return [name, { written: `${JSON.stringify(name)}:`, schema: schema ?? {} }];
}

function merge(from: Shape, into: Shape): void {
  for (const [name, property] of from.properties) {
    const schema = both(into.properties.get(name)?.schema, property.schema) ?? property.schema;
    into.properties.set(name, { written: property.written, schema });
  }
  into.items = both(into.items, from.items);
  into.rest = both(into.rest, from.rest);
  into.decimal ||= from.decimal;
}

/** Where two parts describe the same value, both tell how it is written. */
function both(left: JsonValue | undefined, right: JsonValue | undefined): JsonValue | undefined {
  if (left === undefined || right === undefined || left === right) return left ?? right;
  return { allOf: [left, right] };
}

/** As .NET writes a decimal: always with a fraction, never with an exponent. */
function decimalText(value: Amount): string {
  const text = stringify(value);
  if (/[eE]/.test(text)) return decimalText(sum([value]));
  return text.includes('.') ? text : `${text}.0`;
}
