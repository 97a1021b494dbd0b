/**
 * Links of a document: which operation an answer leads to, and what of the exchange goes into its request, as OpenAPI's
 * runtime expressions say it.
 */

import { findResponse } from '../conformance.js';
import type { ApiDocument, DocumentedResponse, Link, Operation, Parameter } from '../document.js';
import { isArray, isNumberText, isObject, type JsonObject, type JsonValue, numberText } from '../json.js';
import { escapePointer, pointerTokens, valueAt } from '../json-pointer.js';
import type { WireResponse } from './case.js';
import { bodyOf } from './read-json.js';
import { operationPointer, put } from './sites.js';

/** A request and its answer, as expressions read them. */
export interface Exchanged {
  readonly operation: Operation;
  readonly url: string;
  /** The parts of the request. */
  readonly values: JsonObject;
  readonly response: WireResponse;
}

/** A link, where it stands, and where it leads. */
export interface PlacedLink {
  readonly name: string;
  readonly link: Link;
  /** JSON pointer into the document. */
  readonly documented: string;
  /** Undefined where the document has no such operation. */
  readonly target: Operation | undefined;
}

/** The links of an answer with a status. */
export function linksOf(document: ApiDocument, operation: Operation, status: number): readonly PlacedLink[] {
  const response = findResponse(operation.responses, status);
  const [declared] = [...operation.responses].find(([, each]) => each === response) ?? [];
  return declared === undefined || response === undefined ? [] : placed(document, operation, declared, response);
}

/** The links of every success of an operation. */
export function linksOfSuccess(document: ApiDocument, operation: Operation): readonly PlacedLink[] {
  return [...operation.responses]
    .filter(([status]) => /^2/.test(status))
    .flatMap(([status, response]) => placed(document, operation, status, response));
}

function placed(
  document: ApiDocument,
  operation: Operation,
  status: string,
  { links }: DocumentedResponse,
): readonly PlacedLink[] {
  return [...links].map(([name, link]) => ({
    name,
    link,
    documented: `${operationPointer(operation)}/responses/${status}/links/${escapePointer(name)}`,
    target: targetOf(document, link),
  }));
}

function targetOf({ operations }: ApiDocument, { operationId, operationRef }: Link): Operation | undefined {
  const pointer = operationRef.startsWith('#') ? decode(operationRef.slice(1)) : undefined;
  return operations.find((each) =>
    operationId === '' ? operationPointer(each) === pointer : each.operationId === operationId,
  );
}

/** Whether a link leads out of the document: nothing can be said of such a one. */
function leadsOut({ operationId, operationRef }: Link): boolean {
  return operationId === '' && operationRef !== '' && !operationRef.startsWith('#');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What is wrong with a link whatever the server answers. */
export function linkFaults({ link, target }: PlacedLink): readonly string[] {
  if (leadsOut(link)) return [];
  if (target === undefined) {
    const named = link.operationId === '' ? link.operationRef : link.operationId;
    return [`leads to ${named === '' ? 'no operation: give it an operationId' : `${named}, which is no operation`}`];
  }
  const unknown = Object.keys(link.parameters).filter((name) => parameterOf(target, name) === undefined);
  const unread = [...Object.values(link.parameters), link.requestBody].flatMap(expressionsIn).filter(isUnreadable);
  return [
    ...unknown.map((name) => `gives ${name}, which is no parameter of ${target.operationId}`),
    ...unread.map((expression) => `has ${expression}, which is no runtime expression`),
  ];
}

/** The request that a link leads to, made from another one of its operation. */
export interface Followed {
  readonly values: JsonObject;
  /** Parameters that must be sent, and whose expression gives nothing, each with it. */
  readonly nothing: readonly string[];
}

/** The parts of a request with what a link puts into them. */
export function follow({ link, target }: PlacedLink, values: JsonObject, exchanged: Exchanged): Followed {
  const nothing: string[] = [];
  let made = values;
  for (const [name, expression] of Object.entries(link.parameters)) {
    const parameter = target === undefined ? undefined : parameterOf(target, name);
    if (parameter === undefined) continue;
    const value = evaluate(expression, exchanged);
    if (value !== undefined) made = put(made, [parameter.in, parameter.name], value) ?? made;
    else if (parameter.required) nothing.push(`${name}: ${String(expression)}`);
  }
  if (link.requestBody !== undefined) {
    const body = evaluate(link.requestBody, exchanged);
    if (body === undefined) nothing.push(`requestBody: ${String(link.requestBody)}`);
    else made = { ...made, body };
  }
  return { values: made, nothing };
}

/** The parameter that a link means by `id` or `path.id`; undefined if there is none. */
export function parameterOf({ parameters }: Operation, name: string): Parameter | undefined {
  const plain = parameters.filter((each) => each.name === name);
  const qualified = parameters.find((each) => `${each.in}.${each.name}` === name);
  // A name that several places have is that of the path, as everywhere.
  return qualified ?? plain.find((each) => each.in === 'path') ?? plain[0];
}

/** What a value of a link is in an exchange; undefined if an expression in it gives nothing. */
export function evaluate(value: JsonValue | undefined, exchanged: Exchanged): JsonValue | undefined {
  if (isArray(value)) return value.map((each) => evaluate(each, exchanged) ?? null);
  if (isObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, evaluate(member, exchanged)]));
  }
  if (typeof value !== 'string') return value;
  if (value.startsWith('$')) return read(value, exchanged);
  let whole = true;
  const text = value.replaceAll(embedded, (_, expression: string) => {
    const found = scalarText(read(expression, exchanged));
    whole &&= found !== undefined;
    return found ?? '';
  });
  return whole ? text : undefined;
}

const embedded = /\{(\$[^{}]*)\}/g;

function expressionsIn(value: JsonValue | undefined): readonly string[] {
  if (isArray(value)) return value.flatMap(expressionsIn);
  if (isObject(value)) return Object.values(value).flatMap(expressionsIn);
  if (typeof value !== 'string') return [];
  return value.startsWith('$') ? [value] : [...value.matchAll(embedded)].map(([, expression = '']) => expression);
}

const form = /^\$(request|response)\.(?:(path|query|header)\.(.+)|body(?:#(.*))?)$/;

function isUnreadable(expression: string): boolean {
  if (['$url', '$method', '$statusCode'].includes(expression)) return false;
  const [whole, source, place, , pointer = ''] = form.exec(expression) ?? [];
  if (whole === undefined || pointerTokens(pointer) === undefined) return true;
  return source === 'response' && (place === 'path' || place === 'query');
}

/** What an expression gives; undefined if nothing. */
function read(expression: string, { operation, url, values, response }: Exchanged): JsonValue | undefined {
  if (expression === '$url') return url;
  if (expression === '$method') return operation.method;
  if (expression === '$statusCode') return response.status;
  const [, source, place, name = '', pointer = ''] = form.exec(expression) ?? [];
  if (source === undefined) return undefined;
  if (source === 'response' && place === 'header') return response.headers.get(name.toLowerCase());
  if (place === 'header') {
    const header = operation.parameters.find((each) => each.in === 'header' && isSameName(each.name, name));
    return valueAt(values, ['header', header?.name ?? name]);
  }
  if (place !== undefined) return valueAt(values, [place, name]);
  const body = source === 'request' ? values.body : bodyOf(response);
  return valueAt(body, pointerTokens(pointer) ?? []);
}

function isSameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** A value as it stands in a path; undefined if it is no scalar. */
export function scalarText(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || isNumberText(value) ? numberText(value) : undefined;
}
