/**
 * One request as the journal keeps it: references to what was there anyway. What is told of it is worked out when somebody
 * asks, by render.ts.
 */
import type { Key } from '../api.js';
import type { Violation } from '../conformance.js';
import type { Operation } from '../document.js';
import type { Instant } from '../instant.js';
import { isArray, isObject, type JsonObject, type JsonValue } from '../json.js';
import { type HttpRequest, noBytes } from '../message.js';
import type { Problem, ProblemDetail } from '../problem.js';

/** A record that a request wrote. */
export interface Touched {
  readonly collection: string;
  readonly key: Key;
  readonly how: 'created' | 'changed' | 'deleted';
  /** The version that was there; `undefined` if there was none. */
  readonly before: JsonObject | undefined;
  /** The version that was written; `undefined` if it was taken away. */
  readonly after: JsonObject | undefined;
}

/** An answer as it went out. */
export interface KeptAnswer {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  /** Empty for none. */
  readonly body: Uint8Array;
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

/**
 * An outcome with its place in a journal. Of a request's many small texts one is made: there are thousands of entries, each
 * for a while only, and what a collector of garbage spends on them goes by the number of things, not by their bytes.
 */
export class Entry implements Outcome {
  /** What stands before its body, a line each: method, path, query, and names and values of headers in turn. */
  readonly #head: string;
  readonly #body: Uint8Array | undefined;

  private constructor(
    /** Counts up from 1. */
    readonly number: number,
    head: string,
    body: Uint8Array | undefined,
    readonly at: Instant,
    readonly api: string,
    readonly operation: Operation | undefined,
    readonly answer: KeptAnswer,
    readonly problem: Outcome['problem'],
    readonly violations: readonly Violation[],
    readonly milliseconds: number,
    readonly touched: readonly Touched[],
    readonly fault: string | undefined,
    /** About what it takes. */
    readonly bytes: number,
    /** Whether it is longer than a whole journal, so that its bodies were left out. */
    readonly leftOut: boolean,
  ) {
    this.#head = head;
    this.#body = body;
  }

  /** An outcome as it is kept; its bodies are left out if it takes more than `most` bytes. */
  static of(number: number, outcome: Outcome, most: number): Entry {
    const head = headOf(outcome.request);
    const bytes = sizeOf(outcome, head);
    if (bytes <= most) return Entry.#make(number, outcome, head, bytes, false);
    const { request, answer, problem } = outcome;
    const lean: Outcome = {
      ...outcome,
      request: { ...request, body: undefined },
      answer: { ...answer, body: noBytes },
      problem: problem && { ...problem, details: [] },
      violations: [],
      touched: [],
    };
    return Entry.#make(number, lean, head, sizeOf(lean, head), true);
  }

  static #make(number: number, outcome: Outcome, head: string, bytes: number, leftOut: boolean): Entry {
    return new Entry(
      number,
      head,
      outcome.request.body,
      outcome.at,
      outcome.api,
      outcome.operation,
      outcome.answer,
      outcome.problem && leanProblem(outcome.problem),
      outcome.violations,
      outcome.milliseconds,
      outcome.touched,
      outcome.fault,
      bytes,
      leftOut,
    );
  }

  /** The request as it came, put together anew each time. */
  get request(): HttpRequest {
    const [method = '', path = '', query = '', ...rawHeaders] = this.#head.split('\n');
    return { method, path, query, rawHeaders, body: this.#body };
  }

  /** The same with another answer; it takes as much room. */
  answered(answer: KeptAnswer, problem: Outcome['problem']): Entry {
    const outcome = { ...this, request: this.request, answer, problem };
    return Entry.#make(this.number, outcome, this.#head, this.bytes, this.leftOut);
  }
}

/** Nothing of a request that Node has read has a line end in it. */
function headOf({ method, path, query, rawHeaders }: HttpRequest): string {
  return [method, path, query, ...rawHeaders].join('\n');
}

/** What an entry takes beside its texts: objects, numbers, its place in the journal. */
const overhead = 512;

const perRecord = 64;
const perMember = 32;
const perDetail = 256;

/** A refusal without its stack and without the parts of the parsed body that it points at, which nobody counts. */
function leanProblem({ kind, message, details }: NonNullable<Outcome['problem']>): NonNullable<Outcome['problem']> {
  return { kind, message, details: details.map(leanDetail) };
}

function leanDetail(detail: ProblemDetail): ProblemDetail {
  const { received, params, ...rest } = detail;
  return received === undefined || (typeof received === 'object' && received !== null) ? rest : { ...rest, received };
}

function sizeOf({ request, answer, problem, violations, touched }: Outcome, head: string): number {
  let size = overhead + head.length + (request.body?.length ?? 0) + answer.body.length;
  size += violations.length * perDetail;
  // Versions that were written are the state's, until the next request that writes them counts them as those before.
  for (const { before } of touched) size += perRecord + (before === undefined ? 0 : sizeOfRecord(before));
  if (problem !== undefined) {
    size += 2 * problem.message.length;
    for (const { received } of problem.details)
      size += perDetail + (typeof received === 'string' ? received.length : 0);
  }
  return size;
}

/** About what a version of a record takes, found without writing it. */
function sizeOfRecord(value: JsonValue | undefined): number {
  if (typeof value === 'string') return perMember + value.length;
  let size = perMember;
  if (isArray(value)) for (const each of value) size += sizeOfRecord(each);
  else if (isObject(value)) for (const name of Object.keys(value)) size += sizeOfRecord(value[name]);
  return size;
}
