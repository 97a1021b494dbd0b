/**
 * One request as the journal keeps it: references to what was there anyway. What is told of it is worked out when somebody
 * asks, by render.ts.
 */
import type { Key } from '../api.js';
import type { Violation } from '../conformance.js';
import type { Operation } from '../document.js';
import type { Instant } from '../instant.js';
import type { HttpRequest } from '../message.js';
import type { Problem, ProblemDetail } from '../problem.js';

/** A record that a request wrote. */
export interface Touched {
  readonly collection: string;
  readonly key: Key;
  readonly how: 'created' | 'changed' | 'deleted';
}

/** An answer as it went out. */
export interface KeptAnswer {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  /** Empty for none. */
  readonly body: string;
}

/** What the lifecycle knows of a request when it is answered. */
export interface Outcome {
  /** What the workspace's clock said when the request came. */
  readonly at: Instant;
  readonly api: string;
  /** `undefined` if none matched. */
  readonly operation: Operation | undefined;
  readonly request: HttpRequest;
  readonly answer: KeptAnswer;
  /** Why it was refused; `undefined` if it was not. */
  readonly problem: Pick<Problem, 'kind' | 'message' | 'details'> | undefined;
  /** Where an answer of ours broke the document. */
  readonly violations: readonly Violation[];
  /** How long it took to answer. */
  readonly milliseconds: number;
  readonly touched: readonly Touched[];
  /** The fault that was applied, or several, joined by a comma; `undefined` if none was. */
  readonly fault: string | undefined;
}

/** An outcome with its place in a journal. */
export interface Entry extends Outcome {
  /** Counts up from 1. */
  readonly number: number;
  /** About what it takes. */
  readonly bytes: number;
  /** Whether it is longer than a whole journal, so that its bodies were left out. */
  readonly leftOut: boolean;
}

/** What an entry takes beside its texts: objects, numbers, its place in the journal. */
const overhead = 512;

const perRecord = 64;
const perDetail = 256;

/** An outcome as it is kept; its bodies are left out if it takes more than `most` bytes. */
export function makeEntry(number: number, outcome: Outcome, most: number): Entry {
  const problem = outcome.problem && leanProblem(outcome.problem);
  const bytes = sizeOf(outcome);
  if (bytes <= most) return keep(number, outcome, problem, bytes, false);
  const head = {
    ...outcome,
    request: { ...outcome.request, body: undefined },
    answer: { ...outcome.answer, body: '' },
    problem: problem && { ...problem, details: [] },
    violations: [],
    touched: [],
  };
  return keep(number, head, head.problem, sizeOf(head), true);
}

/** Member by member: a spread takes as long as all the rest of recording a request. */
function keep(number: number, outcome: Outcome, problem: Outcome['problem'], bytes: number, leftOut: boolean): Entry {
  return {
    number,
    at: outcome.at,
    api: outcome.api,
    operation: outcome.operation,
    request: outcome.request,
    answer: outcome.answer,
    problem,
    violations: outcome.violations,
    milliseconds: outcome.milliseconds,
    touched: outcome.touched,
    fault: outcome.fault,
    bytes,
    leftOut,
  };
}

/** A refusal without its stack and without the parts of the parsed body that it points at, which nobody counts. */
function leanProblem({ kind, message, details }: NonNullable<Outcome['problem']>): NonNullable<Outcome['problem']> {
  return { kind, message, details: details.map(leanDetail) };
}

function leanDetail(detail: ProblemDetail): ProblemDetail {
  const { received, params, ...rest } = detail;
  return received === undefined || (typeof received === 'object' && received !== null) ? rest : { ...rest, received };
}

function sizeOf({ request, answer, problem, violations, touched }: Outcome): number {
  let size = overhead + request.path.length + request.query.length + (request.body?.length ?? 0);
  for (const text of request.rawHeaders) size += text.length;
  size += Buffer.byteLength(answer.body);
  size += touched.length * perRecord + violations.length * perDetail;
  if (problem !== undefined) {
    size += 2 * problem.message.length;
    for (const { received } of problem.details)
      size += perDetail + (typeof received === 'string' ? received.length : 0);
  }
  return size;
}
