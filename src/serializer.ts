/**
 * Writes a response as the document describes it: properties in the order of its schema, which is the order of the
 * vendor's sample, and a fraction on every number of `format: decimal` (design: "Money and numbers").
 */
import { isArray, isNumberText, isObject, type JsonObject, type JsonValue, stringify } from './json.js';

type Resolve = (node: JsonValue | undefined) => JsonObject;

/** What a schema says about how a value is written; nothing in it judges validity. */
interface Shape {
  readonly properties: Map<string, Shape>;
  items: Shape | undefined;
  decimal: boolean;
}

/** Writes values by their schemas; a schema is read once. */
export class Serializer {
  readonly #shapes = new WeakMap<JsonObject, Shape>();

  constructor(private readonly resolve: Resolve) {}

  /** The JSON text of a value. Properties that the schema does not name come last, as they stand. */
  write(schema: JsonObject, value: JsonValue): string {
    return write(this.#shape(schema), value);
  }

  #shape(node: JsonValue | undefined): Shape {
    const schema = this.resolve(node);
    const known = this.#shapes.get(schema);
    if (known !== undefined) return known;
    const shape: Shape = { properties: new Map(), items: undefined, decimal: false };
    this.#shapes.set(schema, shape);
    this.#read(schema, shape);
    return shape;
  }

  /** Alternatives and parts (`allOf`, `anyOf`, `oneOf`) are read as one: they tell an order, not a choice. */
  #read(schema: JsonObject, shape: Shape): void {
    for (const keyword of ['allOf', 'anyOf', 'oneOf'] as const) {
      const parts = schema[keyword];
      for (const part of isArray(parts) ? parts : []) this.#merge(this.#shape(part), shape);
    }
    if (isObject(schema.properties)) {
      for (const [name, property] of Object.entries(schema.properties)) {
        shape.properties.set(name, this.#shape(property));
      }
    }
    if (schema.items !== undefined) shape.items = this.#shape(schema.items);
    if (schema.type === 'number' && schema.format === 'decimal') shape.decimal = true;
  }

  #merge(from: Shape, into: Shape): void {
    for (const [name, property] of from.properties) into.properties.set(name, property);
    into.items ??= from.items;
    into.decimal ||= from.decimal;
  }
}

function write(shape: Shape, value: JsonValue): string {
  if (isArray(value)) {
    const { items } = shape;
    return items === undefined ? stringify(value) : `[${value.map((element) => write(items, element)).join(',')}]`;
  }
  if (isObject(value)) return shape.properties.size === 0 ? stringify(value) : writeObject(shape, value);
  if (shape.decimal && (typeof value === 'number' || isNumberText(value))) return decimalText(stringify(value));
  return stringify(value);
}

function writeObject(shape: Shape, value: JsonObject): string {
  const members: string[] = [];
  for (const [name, property] of shape.properties) {
    const member = value[name];
    if (member !== undefined && Object.hasOwn(value, name)) {
      members.push(`${JSON.stringify(name)}:${write(property, member)}`);
    }
  }
  for (const [name, member] of Object.entries(value)) {
    if (member !== undefined && !shape.properties.has(name)) {
      members.push(`${JSON.stringify(name)}:${stringify(member)}`);
    }
  }
  return `{${members.join(',')}}`;
}

/** As .NET writes a decimal: always with a fraction. */
function decimalText(text: string): string {
  return /[.eE]/.test(text) ? text : `${text}.0`;
}
