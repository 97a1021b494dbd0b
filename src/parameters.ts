/**
 * Parameters out of a request, typed as their schemas say, before they are judged.
 *
 * Text becomes a number or a boolean only where it is one to the letter: `1e2`, `0x10` and `" 5"` are no integers. What
 * cannot be read stays text, so that the validator says what was received and what is documented.
 */
import type { ApiDocument, Operation, Parameter } from './document.js';
import { list, object } from './document.js';
import { excerpt } from './excerpt.js';
import { type JsonObject, type JsonValue, toNumber } from './json.js';
import { escapePointer } from './json-pointer.js';
import { type Headers, readCookies } from './message.js';
import type { ProblemDetail } from './problem.js';

/** The documented parameters of a request, by place and name; header names in lower case. */
export interface ParameterValues {
  readonly path: JsonObject;
  readonly query: JsonObject;
  readonly header: JsonObject;
  readonly cookie: JsonObject;
}

/** Reads the documented parameters; undocumented ones are left out. */
export function readParameters(
  document: ApiDocument,
  operation: Operation,
  pathValues: Readonly<Record<string, string>>,
  query: URLSearchParams,
  headers: Headers,
): ParameterValues {
  const values: Record<Parameter['in'], [string, JsonValue][]> = { path: [], query: [], header: [], cookie: [] };
  for (const parameter of operation.parameters) {
    const texts = rawValues(parameter, pathValues, query, headers);
    if (texts.length === 0) continue;
    const name = parameter.in === 'header' ? parameter.name.toLowerCase() : parameter.name;
    values[parameter.in].push([name, typed(document, parameter, texts)]);
  }
  return {
    path: asObject(values.path),
    query: asObject(values.query),
    header: asObject(values.header),
    cookie: asObject(values.cookie),
  };
}

const none: JsonObject = Object.freeze({});

function asObject(members: readonly (readonly [string, JsonValue])[]): JsonObject {
  return members.length === 0 ? none : Object.fromEntries(members);
}

/** What the query has and the operation does not document, or has twice, for an api that takes nothing else and no lists. */
export function undocumentedQuery(operation: Operation, query: URLSearchParams): readonly ProblemDetail[] {
  const known = operation.parameters.filter((each) => each.in === 'query').map(({ name }) => name);
  const repeated = known.filter((name) => query.getAll(name).length > 1);
  const unknown = [...new Set(query.keys())].filter((name) => !known.includes(name) && !preferences.includes(name));
  const strangers = unknown.map((name): ProblemDetail => {
    const all = known.length === 0 ? 'it has none' : `known are ${known.join(', ')}`;
    const message = `${operation.operationId} has no query parameter ${excerpt(name)}; ${all}.`;
    return { in: 'query', pointer: `/${escapePointer(name)}`, rule: 'additionalProperties', message };
  });
  const twice = repeated.map((name): ProblemDetail => {
    const message = `Received ${name} ${query.getAll(name).length} times; it is given once.`;
    return { in: 'query', pointer: `/${escapePointer(name)}`, rule: 'unique', message };
  });
  return [...strangers, ...twice];
}

/** What prefer.ts reads of any query. */
const preferences = ['__code', '__example', '__dynamic'];

function rawValues(
  parameter: Parameter,
  pathValues: Readonly<Record<string, string>>,
  query: URLSearchParams,
  headers: Headers,
): readonly string[] {
  const only = (value: string | undefined) => (value === undefined ? [] : [value]);
  if (parameter.in === 'path') {
    return only(Object.hasOwn(pathValues, parameter.name) ? pathValues[parameter.name] : undefined);
  }
  if (parameter.in === 'query') return query.getAll(parameter.name);
  if (parameter.in === 'header') return only(headers.get(parameter.name));
  return only(readCookies(headers).get(parameter.name));
}

/** What stands between the elements of a list, if no comma does. */
const separators: ReadonlyMap<string, string> = new Map([
  ['spaceDelimited', ' '],
  ['pipeDelimited', '|'],
]);

/** What stands between the elements of a list that is one text. */
export function separatorOf({ style }: Pick<Parameter, 'style'>): string {
  return separators.get(style) ?? ',';
}

type Shape = Pick<Parameter, 'in' | 'style' | 'explode' | 'schema'>;

function typed(document: ApiDocument, parameter: Shape, texts: readonly string[]): JsonValue {
  const schema = document.resolve(parameter.schema);
  const ofList = listSchema(document, schema, texts.length > 1);
  if (ofList !== undefined) {
    // `explode` repeats a parameter of the query; in a path or a header a list is joined by commas either way.
    const repeated = parameter.explode && (parameter.in === 'query' || parameter.in === 'cookie');
    const all = repeated ? texts : texts.flatMap((text) => text.split(separatorOf(parameter)));
    return all.map((text) => typedText(document, ofList.items, parameter.in === 'header' ? text.trim() : text));
  }
  return typedText(document, schema, texts.at(-1) ?? '');
}

/** What a schema says of a list, if it asks for one; `several`: whether one of its alternatives is enough. */
function listSchema(document: ApiDocument, schema: JsonObject, several: boolean): JsonObject | undefined {
  if (schema.type !== undefined) return schema.type === 'array' ? schema : undefined;
  const parts = [...list(schema.allOf), ...(several ? alternatives(schema) : [])];
  return parts.map((part) => listSchema(document, document.resolve(part), several)).find((each) => each !== undefined);
}

function alternatives({ anyOf, oneOf }: JsonObject): readonly JsonValue[] {
  return [...list(anyOf), ...list(oneOf)];
}

/** The value of a header of an answer, as its schema asks for it. */
export function typedHeader(document: ApiDocument, schema: JsonObject, text: string): JsonValue {
  return typed(document, { in: 'header', style: 'simple', explode: false, schema }, [text]);
}

/** A text as the value that a schema, or one of its parts, asks for. */
export function typedText(document: ApiDocument, node: JsonValue | undefined, text: string): JsonValue {
  const schema = document.resolve(node);
  if (schema.type !== undefined) return scalar(schema, text);
  for (const part of [...list(schema.allOf), ...alternatives(schema)]) {
    const value = typedText(document, part, text);
    if (typeof value !== 'string') return value;
  }
  return text;
}

/** A text as the value that its schema asks for; the text where it is none to the letter. */
function scalar(schema: JsonObject, text: string): JsonValue {
  const { type } = object(schema);
  if (type === 'integer' && /^-?(?:0|[1-9]\d*)$/.test(text)) return toNumber(text);
  if (type === 'number' && /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text)) return toNumber(text);
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}
