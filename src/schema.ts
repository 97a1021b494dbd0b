/**
 * From OpenAPI schemas to JSON Schema, once for requests and once for responses.
 *
 * The two differ from each other and from JSON Schema in ways that a validator does not know: `nullable`, boolean
 * `exclusiveMinimum`, `readOnly` that is not to be demanded of a request, `writeOnly` that must not be in a response. And
 * numbers: `type: number` and `type: integer` become the keyword `jsonNumber` (see json-keywords.ts), which knows numbers that
 * are kept as text and compares in decimals.
 */
import { isArray, isNumberText, isObject, type JsonObject, type JsonValue } from './json.js';
import { compare } from './money.js';

export type Side = 'request' | 'response';

/** Keywords of OpenAPI 3.0's Schema Object that say nothing about validity. */
const annotations = new Set([
  'title',
  'description',
  'default',
  'example',
  'externalDocs',
  'xml',
  'deprecated',
  'discriminator',
  'readOnly',
  'writeOnly',
  'nullable',
]);

const bounds = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'];
const numeric = [...bounds, 'format', 'enum'];
const plain = new Set(['minLength', 'maxLength', 'pattern', 'minItems', 'maxItems', 'uniqueItems', 'minProperties']);
plain.add('maxProperties').add('format').add('type').add('required').add('enum');
const nested = new Set(['items', 'not', 'additionalProperties']);
const lists = new Set(['allOf', 'anyOf', 'oneOf']);

/** What JSON Schema 2020-12 has more, for documents that are only judged by: plain-schema.ts lets them through. */
const newerNested = ['contains', 'propertyNames', 'if', 'then', 'else', 'unevaluatedItems', 'unevaluatedProperties'];
const allNested = new Set([...nested, ...newerNested]);
const allLists = new Set([...lists, 'prefixItems']);
const maps = new Set(['patternProperties', 'dependentSchemas']);

/** The keywords of OpenAPI 3.0 that {@link toJsonSchema} understands; the reader of served documents refuses any other. */
export const knownKeywords: ReadonlySet<string> = new Set([
  '$ref',
  'properties',
  ...annotations,
  ...numeric,
  ...plain,
  ...nested,
  ...lists,
]);

/**
 * Every schema of a document with its JSON pointer: those of components, settings, parameters, headers and media types, and
 * all within.
 */
export function* findSchemas(root: JsonObject): Iterable<readonly [string, JsonObject]> {
  const components = isObject(root.components) ? root.components : {};
  for (const [name, schema] of Object.entries(isObject(components.schemas) ? components.schemas : {})) {
    yield* within(schema, `/components/schemas/${name}`);
  }
  for (const [name, schema] of Object.entries(isObject(root['x-settings']) ? root['x-settings'] : {})) {
    yield* within(schema, `/x-settings/${name}`);
  }
  yield* below(root.paths, '/paths');
  for (const part of ['parameters', 'headers', 'responses', 'requestBodies'] as const) {
    yield* below(components[part], `/components/${part}`);
  }
}

/** The schemas that stand under `schema` anywhere below a node; examples are values, not schemas. */
function* below(node: JsonValue | undefined, pointer: string): Iterable<readonly [string, JsonObject]> {
  if (isArray(node)) {
    for (const [index, element] of node.entries()) yield* below(element, `${pointer}/${index}`);
  } else if (isObject(node)) {
    for (const [name, member] of Object.entries(node)) {
      const at = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      if (name === 'schema') yield* within(member, at);
      else if (name !== 'example' && name !== 'examples') yield* below(member, at);
    }
  }
}

function* within(schema: JsonValue | undefined, pointer: string): Iterable<readonly [string, JsonObject]> {
  if (!isObject(schema)) return;
  yield [pointer, schema];
  for (const [name, property] of Object.entries(isObject(schema.properties) ? schema.properties : {})) {
    yield* within(property, `${pointer}/properties/${name}`);
  }
  for (const keyword of nested) yield* within(schema[keyword], `${pointer}/${keyword}`);
  for (const keyword of lists) {
    const parts = schema[keyword];
    for (const [index, part] of (isArray(parts) ? parts : []).entries())
      yield* within(part, `${pointer}/${keyword}/${index}`);
  }
}

/** One schema; `reference` gives what stands in the place of a `$ref`. */
export function toJsonSchema(schema: JsonObject, side: Side, reference: (ref: string) => JsonObject): JsonObject {
  if (typeof schema.$ref === 'string') return reference(schema.$ref);
  const convert = (node: JsonValue | undefined): JsonValue =>
    isObject(node) ? toJsonSchema(node, side, reference) : (node ?? true);
  const result: Record<string, JsonValue> = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (value === undefined || annotations.has(keyword) || keyword.startsWith('x-')) continue;
    if (keyword === 'properties') result.properties = properties(schema, side, convert);
    else if (keyword === 'required') result.required = required(schema, side);
    else if (allNested.has(keyword)) result[keyword] = convert(value);
    else if (allLists.has(keyword)) result[keyword] = isArray(value) ? value.map(convert) : [];
    else if (maps.has(keyword)) result[keyword] = converted(value, convert);
    else if (keyword === 'uniqueItems') result.jsonUniqueItems = value;
    else result[keyword] = plainNumbers(value);
  }
  const whole = nullable(schema, numbers(schema, side, result));
  if (schema.type !== 'object') return whole;
  // A number kept as text is an object to JavaScript; what an object should hold is not asked of it.
  return { jsonObject: true, if: { numberText: true }, else: whole };
}

/** Schemas by name. */
function converted(nodes: JsonValue, convert: (node: JsonValue | undefined) => JsonValue): JsonObject {
  const members = Object.entries(isObject(nodes) ? nodes : {});
  return Object.fromEntries(members.map(([name, node]) => [name, convert(node)]));
}

function properties(schema: JsonObject, side: Side, convert: (node: JsonValue | undefined) => JsonValue): JsonObject {
  const members = isObject(schema.properties) ? Object.entries(schema.properties) : [];
  return Object.fromEntries(
    members.map(([name, property]) => {
      const hidden = side === 'response' && isObject(property) && property.writeOnly === true;
      return [name, hidden ? false : convert(property)];
    }),
  );
}

/** The names that must be there on this side. */
function required(schema: JsonObject, side: Side): JsonValue {
  const excused = side === 'request' ? 'readOnly' : 'writeOnly';
  const declared = isObject(schema.properties) ? schema.properties : {};
  return (isArray(schema.required) ? schema.required : []).filter((name) => {
    const property = typeof name === 'string' ? declared[name] : undefined;
    return !(isObject(property) && property[excused] === true);
  });
}

function isNumeric(schema: JsonObject): boolean {
  return schema.type === 'number' || schema.type === 'integer';
}

/** Gathers what a numeric schema demands, or one without a type of the numbers among its values, into `jsonNumber`. */
function numbers(schema: JsonObject, side: Side, converted: Record<string, JsonValue>): Record<string, JsonValue> {
  const bounded = schema.type === undefined && bounds.some((keyword) => keyword in converted);
  if (!isNumeric(schema) && !bounded) return converted;
  const demands: Record<string, JsonValue> = bounded ? {} : { type: schema.type ?? null };
  if (schema.nullable === true) demands.nullable = true;
  if (side === 'response') demands.computed = true;
  for (const keyword of bounded ? bounds : numeric) {
    const value = converted[keyword];
    if (value === undefined) continue;
    // 3.0 says whether a bound is exclusive by a boolean beside it.
    if (keyword === 'exclusiveMinimum' || keyword === 'exclusiveMaximum') demands[keyword] = value === true;
    else demands[keyword] = value;
    delete converted[keyword];
  }
  delete converted.type;
  converted.jsonNumber = demands;
  return converted;
}

/** Lets null in where the schema says `nullable`, also where an enum does not name it. */
function nullable(schema: JsonObject, converted: Record<string, JsonValue>): JsonObject {
  if (schema.nullable !== true || isNumeric(schema)) return converted;
  if (isArray(converted.enum) && !converted.enum.includes(null)) converted.enum = [...converted.enum, null];
  if (converted.type !== undefined) {
    converted.type = [converted.type, 'null'];
    return converted;
  }
  const says = Object.keys(converted);
  // Not as an alternative: of a value that is wrong, nobody wants to hear that it is not null either.
  return says.length === 0 ? converted : { if: { type: 'null' }, else: converted };
}

/** Limits are compared as numbers: `maximum: 1.0` is 1. Text stays where a double would be another number. */
function plainNumbers(value: JsonValue): JsonValue {
  if (isNumberText(value)) {
    const number = Number(value.value);
    return Number.isFinite(number) && compare(number, value) === 0 ? number : value;
  }
  return isArray(value) ? value.map(plainNumbers) : value;
}
