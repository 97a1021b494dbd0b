/**
 * Writes a response as the document describes it: properties in the order of its schema, which is the order of the
 * vendor's sample, and a fraction on every number of `format: decimal` (design: "Money and numbers").
 */
import { isDeeplyFrozen } from './frozen.js';
import { type Amount, isArray, isNumberText, isObject, type JsonObject, type JsonValue, stringify } from './json.js';
import { sum } from './money.js';

type Resolve = (node: JsonValue | undefined) => JsonObject;

/** A property of a schema: its name as it is written, and its schema. */
interface Property {
  readonly written: string;
  readonly schema: JsonValue;
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
    return this.#write(schema, value, true);
  }

  /** `keep`: whether the texts of objects that may never change are kept; within such an object they need not be. */
  #write(schema: JsonValue, value: JsonValue, keep: boolean): string {
    const shape = this.#shape(schema);
    if (isArray(value)) {
      const { items } = shape;
      if (items === undefined) return stringify(value);
      return `[${value.map((each) => this.#write(items, each, keep)).join(',')}]`;
    }
    if (isObject(value))
      return keep && Object.isFrozen(value) ? this.#once(shape, value) : this.#object(shape, value, keep);
    if (shape.decimal && (typeof value === 'number' || isNumberText(value))) return decimalText(value);
    return stringify(value);
  }

  #once(shape: Shape, value: JsonObject): string {
    const known = shape.texts.get(value);
    if (known !== undefined) return known;
    const text = this.#object(shape, value, false);
    if (isDeeplyFrozen(value)) shape.texts.set(value, text);
    return text;
  }

  #object({ properties, rest }: Shape, value: JsonObject, keep: boolean): string {
    // Joined, they are one text; added up, they are a chain of texts that is gone through wherever it is put into another.
    const parts: string[] = [];
    properties.forEach(({ written, schema }, name) => {
      const member = Object.hasOwn(value, name) ? value[name] : undefined;
      if (member !== undefined) parts.push(parts.length === 0 ? '{' : ',', written, this.#write(schema, member, keep));
    });
    for (const name in value) {
      const member = properties.has(name) || !Object.hasOwn(value, name) ? undefined : value[name];
      if (member === undefined) continue;
      const text = rest === undefined ? stringify(member) : this.#write(rest, member, keep);
      parts.push(parts.length === 0 ? '{' : ',', JSON.stringify(name), ':', text);
    }
    if (parts.length === 0) return '{}';
    parts.push('}');
    return parts.join('');
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
