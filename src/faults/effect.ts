/**
 * What a fault does beside letting the answer wait.
 */
import { text } from '../document.js';
import type { JsonObject, JsonValue } from '../json.js';
import { numeric, objectAt } from './read.js';

/** Another answer in the place of the operation's own; the request is not carried out. */
export interface Respond {
  readonly kind: 'respond';
  readonly status: number;
  /** The name of a documented example. Absent: `body`, or the dialect's own answer. */
  readonly example?: string;
  /** Absent: `example`, or the dialect's own answer. */
  readonly body?: JsonValue;
  readonly headers: { readonly [name: string]: string };
  /** Whether the answer may break the document. */
  readonly force: boolean;
  /** Where in the rule's fault it stands, for messages: `/respond`. */
  readonly at: string;
}

/** The connection is cut: `half` after half of the answer, the others without one and without carrying the request out. */
export interface Cut {
  readonly kind: 'connection';
  readonly cut: 'reset' | 'half' | 'silent';
}

/** The request is carried out and kept, its answer lost. */
export interface LoseReply {
  readonly kind: 'loseReply';
}

export type Effect = Respond | Cut | LoseReply;

/** The members of a fault of which it has at most one. */
export const effectNames = ['respond', 'tooManyRequests', 'connection', 'loseReply'] as const;

/** The effect of a rule's fault; `undefined` if it has none but latency. */
export function readEffect(fault: JsonObject): Effect | undefined {
  const respond = objectAt(fault, 'respond');
  if (respond !== undefined) return readRespond(respond);
  const limited = objectAt(fault, 'tooManyRequests');
  if (limited !== undefined) return tooManyRequests(numeric(limited.retryAfter), limited.force === true);
  if (fault.loseReply === true) return { kind: 'loseReply' };
  const { connection } = fault;
  if (connection === 'reset' || connection === 'half' || connection === 'silent') {
    return { kind: 'connection', cut: connection };
  }
  return undefined;
}

function readRespond({ status, example, body, headers, force }: JsonObject): Respond {
  const given = typeof headers === 'object' && headers !== null ? Object.entries(headers) : [];
  return {
    kind: 'respond',
    status: numeric(status),
    headers: Object.fromEntries(given.map(([name, value]) => [name, text(value, '')])),
    force: force === true,
    at: '/respond',
    ...(example === undefined ? {} : { example: text(example, '') }),
    ...(body === undefined ? {} : { body }),
  };
}

/** A 429 that asks to come back after so many seconds. */
function tooManyRequests(seconds: number, force: boolean): Respond {
  const headers = { 'Retry-After': String(seconds) };
  return { kind: 'respond', status: 429, headers, force, at: '/tooManyRequests' };
}
