/**
 * Writes a response as the document describes it: properties in the order of its schema, which is the order of the
 * vendor's sample, and a fraction on every number of `format: decimal` (design: "Money and numbers").
 */
import { type Amount, isArray, isNumberText, isObject, type JsonObject, type JsonValue, stringify } from './json.js';
import { sum } from './money.js';

type Resolve = (node: JsonValue | undefined) => JsonObject;

/** What a schema says about how a value is written; nothing in it judges validity. What is within is read when met. */
interface Shape {
  /** Schemas by name. */
  readonly properties: Map<string, JsonValue>;
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
    const shape = this.#shape(schema);
    if (isArray(value)) {
      const { items } = shape;
      return items === undefined ? stringify(value) : `[${value.map((each) => this.write(items, each)).join(',')}]`;
    }
    if (isObject(value)) return this.#object(shape, value);
    if (shape.decimal && (typeof value === 'number' || isNumberText(value))) return decimalText(value);
    return stringify(value);
  }

  #object({ properties, rest }: Shape, value: JsonObject): string {
    const members: string[] = [];
    for (const [name, property] of properties) {
      const member = Object.hasOwn(value, name) ? value[name] : undefined;
      if (member !== undefined) members.push(`${JSON.stringify(name)}:${this.write(property, member)}`);
    }
    for (const [name, member] of Object.entries(value)) {
      if (member === undefined || properties.has(name)) continue;
      members.push(`${JSON.stringify(name)}:${rest === undefined ? stringify(member) : this.write(rest, member)}`);
    }
    return `{${members.join(',')}}`;
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
    const shape: Shape = { properties: new Map(), items: undefined, rest: undefined, decimal: false };
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
        properties: new Map(Object.entries(isObject(schema.properties) ? schema.properties : {}).map(present)),
        items: schema.items,
        rest: isObject(schema.additionalProperties) ? schema.additionalProperties : undefined,
        decimal: schema.type === 'number' && schema.format === 'decimal',
      },
      shape,
    );
  }
}

function present([name, schema]: readonly [string, JsonValue | undefined]): readonly [string, JsonValue] {
  return [name, schema ?? {}];
}

function merge(from: Shape, into: Shape): void {
  for (const [name, property] of from.properties) {
    into.properties.set(name, both(into.properties.get(name), property) ?? property);
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
