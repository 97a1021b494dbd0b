/**
 * Answers by preference, as Prism gives them: `Prefer: code=400`, `example=NAME`, `dynamic=true`, or the query parameters
 * `__code`, `__example`, `__dynamic`. They bypass the handler and change nothing.
 *
 * `Prefer: fault=…` is another matter: it asks for a fault, with or without the handler.
 */
import type { Faker } from '@faker-js/faker';
import { findResponse } from './conformance.js';
import type { ApiDocument, DocumentedResponse, Operation } from './document.js';
import { type Fault, readFault } from './faults/rule.js';
import { faultForms, faultOfWord } from './faults/word.js';
import { generate } from './generate.js';
import type { Instant } from './instant.js';
import type { JsonValue } from './json.js';
import type { Headers } from './message.js';
import { responseMediaType } from './negotiation.js';
import { Problem } from './problem.js';

export interface Preference {
  /** The status that is wanted; absent: that of the first success. */
  readonly code?: number;
  /** The code as the client wrote it, if it is no number. */
  readonly written?: string;
  /** The name of the example that is wanted. */
  readonly example?: string;
  /** Whether random values are wanted in place of an example. */
  readonly dynamic: boolean;
}

/** What answers by preference: the value to serialise, or a sample's own text. */
export interface PreferredAnswer {
  readonly status: number;
  readonly response: DocumentedResponse;
  readonly body: { readonly value: JsonValue } | { readonly text: string } | undefined;
}

/** `code=400`, `example="a, b"` or `dynamic`, between commas or semicolons. */
const wish = /([^\s=,;"]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^",;]*)))?/g;

/** A fault that is wished for by the name of a rule, or by itself; `name` is then the client's word for it. */
export type FaultWish = { readonly rule: string } | { readonly name: string; readonly fault: Fault };

function eachWish(headers: Headers): [name: string, value: string][] {
  const all = [...headers.all('prefer').join(',').matchAll(wish)];
  return all.map(([, name = '', quoted, value = 'true']) => {
    return [name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? value.trim()];
  });
}

/** RFC 7240: the first of a preference counts. */
function readWishes(headers: Headers): Map<string, string> {
  return new Map(eachWish(headers).reverse());
}

/**
 * The fault that the client wishes for; `undefined` if it wishes for none.
 *
 * @throws {Problem} `not-found` if it is neither one of `rules`, which are names, nor a fault in a word, and for two
 */
export function readFaultWish(headers: Headers, rules: () => readonly string[]): FaultWish | undefined {
  if (headers.get('prefer') === undefined) return undefined;
  const [name, second] = eachWish(headers).flatMap(([each, value]) => (each === 'fault' ? [value] : []));
  if (name === undefined) return undefined;
  if (second !== undefined) {
    throw refused(
      `Prefer has fault=${name} and fault=${second}; a request takes one. A rule may have latency and another.`,
    );
  }
  // A wish for one request needs no more leave to break the document than the wish itself: docs/decisions/forced-faults.md.
  const read = faultOfWord(name, true);
  if (read !== undefined && 'fault' in read) return { name, fault: readFault(read.fault) };
  const names = rules();
  if (names.includes(name)) return { rule: name };
  if (read !== undefined) throw refused(`Prefer: fault=${name}: ${read.wrong}`);
  const own = names.length === 0 ? 'this workspace has no rules' : `the rules here are ${names.join(', ')}`;
  throw unknown('fault', `known are ${faultForms.join(', ')}; ${own}`, name);
}

/** The client's preference; `undefined` if it states none of ours. */
export function readPreference(headers: Headers, query: URLSearchParams): Preference | undefined {
  if (query.size === 0 && headers.get('prefer') === undefined) return undefined;
  const wishes = headers.get('prefer') === undefined ? new Map<string, string>() : readWishes(headers);
  for (const name of ['code', 'example', 'dynamic']) {
    const value = query.get(`__${name}`);
    if (value !== null) wishes.set(name, value);
  }
  const code = wishes.get('code');
  const example = wishes.get('example');
  const dynamic = wishes.get('dynamic') === 'true';
  if (code === undefined && example === undefined && !dynamic) return undefined;
  return {
    dynamic,
    ...(code === undefined ? {} : { code: Number(code), ...(Number.isNaN(Number(code)) ? { written: code } : {}) }),
    ...(example === undefined ? {} : { example }),
  };
}

/**
 * The answer that the document gives by itself.
 *
 * @throws {Problem} `not-found` if it has no such status or example
 */
export function preferredAnswer(
  document: ApiDocument,
  operation: Operation,
  preference: Preference,
  context: { readonly now: Instant; readonly faker: Faker; readonly mediaType: string },
): PreferredAnswer {
  const status = preference.code ?? firstSuccess(operation);
  const response = isStatus(status) ? findResponse(operation.responses, status) : undefined;
  if (response === undefined) {
    throw unknown(
      'code',
      `${operation.operationId} documents ${[...operation.responses.keys()].join(', ')}`,
      preference.written ?? status,
    );
  }
  const mediaType = responseMediaType(response, context.mediaType);
  const media = mediaType === undefined ? undefined : response.content.get(mediaType);
  if (media === undefined) return { status, response, body: undefined };
  if (preference.dynamic) {
    const value = generate(media.schema, document.resolve, context.now, context.faker);
    return { status, response, body: { value } };
  }
  const [first] = media.examples.values();
  const example = preference.example === undefined ? first : media.examples.get(preference.example);
  if (example === undefined && preference.example !== undefined) {
    const names = [...media.examples.keys()].join(', ') || 'none';
    throw unknown('example', `the ${status} response of ${operation.operationId} has ${names}`, preference.example);
  }
  if (example?.text !== undefined) return { status, response, body: { text: example.text } };
  const value = example?.value ?? generate(media.schema, document.resolve, context.now);
  return { status, response, body: { value } };
}

/** Whether a final answer can have the status: `default` and ranges are no leave to send `code=0`. */
function isStatus(code: number): boolean {
  return Number.isInteger(code) && code >= 200 && code <= 599;
}

/** Whether the document can answer the operation by itself, without a handler. */
export function hasOwnAnswer(operation: Operation): boolean {
  const response = findResponse(operation.responses, firstSuccess(operation));
  if (response === undefined) return false;
  const media = [...response.content.values()];
  return media.length === 0 || media.some(({ examples }) => examples.size > 0);
}

/** The first documented 2xx status; 200 for a range or a default. */
export function firstSuccess(operation: Operation): number {
  const status = [...operation.responses.keys()].find((each) => /^2\d\d$/.test(each));
  return status === undefined ? 200 : Number(status);
}

function unknown(name: string, documented: string, received: string | number): Problem {
  return refused(`Prefer: ${name}=${received} names nothing; ${documented}.`);
}

function refused(message: string): Problem {
  return new Problem('not-found', { details: [{ in: 'header', pointer: '/prefer', rule: 'prefer', message }] });
}
