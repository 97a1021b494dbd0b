/**
 * The answer that a fault gives in the place of an operation's own.
 */
import { findResponse } from '../conformance.js';
import type { Operation } from '../document.js';
import { Problem, type ProblemKind } from '../problem.js';
import type { Respond } from './effect.js';

/** Says of an answer that a fault gave it, and which: its name, percent-encoded. */
export const faultHeader = 'X-Sandbox-Fault';

const kinds: Readonly<Record<number, ProblemKind>> = {
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not-found',
  405: 'method-not-allowed',
  406: 'not-acceptable',
  409: 'conflict',
  413: 'content-too-large',
  415: 'unsupported-media-type',
  429: 'too-many',
};

/** The refusal that fits a fault's status, for the api's dialect; `name` says which fault it is. */
export function faultProblem(status: number, name: string, operation: Operation): Problem {
  const message = `The fault ${name} was asked for in the place of an answer of ${operation.operationId}.`;
  if (status >= 500) return new Problem('internal', { status, message });
  const kind = kinds[status];
  if (kind !== undefined) return new Problem(kind, { status, message, allow: [operation.method] });
  // Dialects take what they tell of a broken rule from the details.
  const details = [{ in: 'body', pointer: '', rule: 'fault', message } as const];
  return new Problem('rule', { status, message, details });
}

/** Whether the api's dialect words the answer: a refusal for which the rule gives neither example nor body. */
export function isInDialect({ status, example, body }: Respond): boolean {
  return status >= 400 && example === undefined && body === undefined;
}

/** Whether the document's own example answers: one is named, or a success is wanted without any body. */
export function isByExample({ status, example, body }: Respond, operation: Operation): boolean {
  if (example !== undefined) return true;
  return body === undefined && status < 400 && findResponse(operation.responses, status) !== undefined;
}
