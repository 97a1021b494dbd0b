/**
 * Writes a response as the document describes it: properties in the order of its schema, which is the order of the
 * vendor's sample, and a fraction on every number of `format: decimal` (design: "Money and numbers").
 */
import {
  holdsNumberText,
  isAmount,
  isArray,
  isNumberText,
  isObject,
  type JsonObject,
  type JsonValue,
  numberText,
  quoted,
  stringify,
  toNumber,
} from './json.js';
import { sum } from './money.js';
import { keepText, writtenText } from './written-once.js';

type Resolve = (node: JsonValue | undefined) => JsonObject;

/** A property of a schema: its name, also as it is written behind `{` and behind `,`, and its schema. */
interface Property {
  readonly name: string;
  readonly first: string;
  readonly next: string;
  readonly schema: JsonValue;
  /** What the schema says, once it was met. */
  shape?: Shape;
}

/** What a schema says about how a value is written; nothing in it judges validity. What is within is read when met. */
interface Shape {
  readonly properties: Property[];
  /** Where each of them stands, by name. */
  readonly places: Map<string, number>;
  items: JsonValue | undefined;
  /** The schema of properties that have no own one. */
  rest: JsonValue | undefined;
  decimal: boolean;
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
    const known = writtenText(value, shape);
    if (known !== undefined) return known;
    const isPlain = this.#isPlain(shape, value);
    const text = isPlain ? JSON.stringify(value) : this.#text(shape, value);
    keepText(value, shape, text, isPlain);
    return text;
  }

  #text(shape: Shape, value: JsonObject): string {
    const parts: string[] = [];
    this.#putObject(parts, shape, value, false);
    return joined(parts);
  }

  /**
   * Adds the pieces of a value's text. `keep`: whether the texts of objects that may never change are kept; within such an
   * object they need not be.
   */
  #put(parts: string[], shape: Shape, value: JsonValue, keep: boolean): void {
    if (typeof value === 'string') parts.push(quoted(value));
    else if (typeof value !== 'object' || value === null || isNumberText(value)) parts.push(scalarText(shape, value));
    else if (isArray(value)) this.#putList(parts, shape, value, keep);
    else if (keep && Object.isFrozen(value)) parts.push(this.#once(shape, value));
    else this.#putObject(parts, shape, value, keep);
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

  #putObject(parts: string[], { properties, places, rest }: Shape, value: JsonObject, keep: boolean): void {
    let isEmpty = true;
    for (const property of properties) {
      const member = Object.hasOwn(value, property.name) ? value[property.name] : undefined;
      if (member === undefined) continue;
      parts.push(isEmpty ? property.first : property.next);
      this.#put(parts, this.#shapeOf(property), member, keep);
      isEmpty = false;
    }
    for (const name of Object.keys(value)) {
      const member = places.has(name) ? undefined : value[name];
      if (member === undefined) continue;
      parts.push(isEmpty ? '{' : ',', quoted(name), ':');
      if (rest === undefined) parts.push(stringify(member));
      else this.#put(parts, this.#shape(rest), member, keep);
      isEmpty = false;
    }
    parts.push(isEmpty ? '{}' : '}');
  }

  /**
   * Whether JavaScript's own writer gives a value's text; to find out and have it write takes half as long as to write. No
   * shape: no schema describes the value.
   */
  #isPlain(shape: Shape | undefined, value: JsonValue): boolean {
    if (shape === undefined) return !holdsNumberText(value);
    if (typeof value === 'number') return !shape.decimal || scalarText(shape, value) === String(value);
    if (typeof value !== 'object' || value === null) return true;
    if (isNumberText(value)) return false;
    return isArray(value) ? this.#isPlainList(shape, value) : this.#isPlainObject(shape, value);
  }

  #isPlainList({ items }: Shape, values: readonly JsonValue[]): boolean {
    const shape = this.#shapeIfAny(items);
    for (const each of values) if (!this.#isPlain(shape, each)) return false;
    return true;
  }

  #isPlainObject({ properties, places, rest }: Shape, value: JsonObject): boolean {
    let place = 0;
    for (const name in value) {
      const member = value[name];
      if (member === undefined) continue;
      while (place < properties.length && properties[place]?.name !== name) place++;
      const property = properties[place];
      // Behind those that it should stand before.
      if (property === undefined && places.has(name)) return false;
      const shape = property === undefined ? this.#shapeIfAny(rest) : this.#shapeOf(property);
      if (!this.#isPlain(shape, member)) return false;
    }
    return true;
  }

  #shapeIfAny(node: JsonValue | undefined): Shape | undefined {
    return node === undefined ? undefined : this.#shape(node);
  }

  #shapeOf(property: Property): Shape {
    property.shape ??= this.#shape(property.schema);
    return property.shape;
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
        properties: Object.entries(isObject(schema.properties) ? schema.properties : {}).map(asProperty),
        items: schema.items,
        rest: isObject(schema.additionalProperties) ? schema.additionalProperties : undefined,
        decimal: schema.type === 'number' && schema.format === 'decimal',
      },
      shape,
    );
  }
}

/** The text of what is neither string, list nor object. */
function scalarText({ decimal }: Shape, value: JsonValue): string {
  const plain = stringify(value);
  return decimal && isAmount(value) ? decimalText(plain) : plain;
}

/** One text, and not a chain of texts that is gone through wherever it is put into another. */
function joined(parts: readonly string[]): string {
  return parts.join('');
}

function makeShape(): Shape {
  return { properties: [], places: new Map(), items: undefined, rest: undefined, decimal: false };
}

function asProperty([name, schema]: readonly [string, JsonValue | undefined]): Property {
  const written = `${JSON.stringify(name)}:`;
  return { name, first: `{${written}`, next: `,${written}`, schema: schema ?? {} };
}

function merge(from: Omit<Shape, 'places'>, into: Shape): void {
  for (const { name, first, next, schema } of from.properties) {
    const place = into.places.get(name) ?? into.properties.length;
    const merged = both(into.properties[place]?.schema, schema) ?? schema;
    into.properties[place] = { name, first, next, schema: merged };
    into.places.set(name, place);
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
function decimalText(text: string): string {
  if (/[eE]/.test(text)) return decimalText(numberText(sum([toNumber(text)])));
  return text.includes('.') ? text : `${text}.0`;
}
