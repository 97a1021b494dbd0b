/**
 * Refusals before a vendor's dialect is put on them. Whatever is wrong with a request, engine and handlers throw a
 * {@link Problem}; the api's dialect (see api.ts) turns it into the vendor's own error answer.
 */
import type { JsonValue } from './json.js';

/** What kind of refusal it is; the status that goes with it unless the thrower gives another. */
export const problemStatus = {
  /** No path template of the document matches. */
  'unknown-path': 404,
  /** The path is documented, the method is not. `allow` lists those that are. */
  'method-not-allowed': 405,
  /** A credential is missing or wrong. A detail for each scheme. */
  unauthenticated: 401,
  /** None of the documented media types is acceptable to the client. */
  'not-acceptable': 406,
  /** The body's media type, charset or encoding is not documented. */
  'unsupported-media-type': 415,
  /** The body is longer, deeper or has longer arrays than is accepted. */
  'content-too-large': 413,
  /** The body is no JSON. */
  'malformed-body': 400,
  /** Parameters or body break their schema. A detail for each place. */
  'invalid-request': 400,
  /** A rule that no schema can say, thrown by a handler. */
  rule: 400,
  /** What the request names does not exist. */
  'not-found': 404,
  /** The request collides with what is stored. */
  conflict: 409,
  /** No workspace has the name that the request gives. */
  'unknown-workspace': 404,
  /** A request to the control API that may not be made from there. */
  forbidden: 403,
  /** There is as much of something as is allowed. */
  'too-many': 429,
  /** Our own bug: the handler threw, or its response breaks the document. */
  internal: 500,
} as const;

export type ProblemKind = keyof typeof problemStatus;

/** One thing that is wrong. */
export interface ProblemDetail {
  /** Where in the request it is. */
  readonly in: 'body' | 'query' | 'path' | 'header' | 'cookie';
  /** JSON pointer into the body (`/0/CustomerId`, empty for the whole body), or into the parameters (`/pageSize`). */
  readonly pointer: string;
  /**
   * Which constraint is broken: the JSON Schema keyword (`required`, `type`, `maxLength`, `format` …) for schema
   * problems, or the `id` of an `x-rules` entry of the document for rules.
   */
  readonly rule: string;
  /** A sentence in English: what was received, what is documented. The dialect may use its own words instead. */
  readonly message: string;
  /** The offending value; absent if there is none (a missing property). */
  readonly received?: JsonValue;
  /** What the constraint demands, by ajv's names: `limit`, `allowedValues`, `missingProperty`, `type`, `format` … */
  readonly params?: { readonly [name: string]: JsonValue };
  /** The vendor's own code for this error, where it has one and the handler knows it. */
  readonly code?: string | number;
}

export interface ProblemOptions {
  /** The HTTP status, if it is not the kind's own. */
  readonly status?: number;
  /** A sentence about the whole; by default the details' messages. */
  readonly message?: string;
  readonly details?: readonly ProblemDetail[];
  /** For `method-not-allowed`: the documented methods, upper case. */
  readonly allow?: readonly string[];
}

/** A refusal. Thrown before anything is written; all that is wrong with the request is in `details`. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly kind: ProblemKind;
  readonly status: number;
  readonly details: readonly ProblemDetail[];
  readonly allow: readonly string[];

  constructor(kind: ProblemKind, options: ProblemOptions = {}) {
    super(options.message ?? (options.details ?? []).map((detail) => detail.message).join(' '));
    this.kind = kind;
    this.status = options.status ?? problemStatus[kind];
    this.details = options.details ?? [];
    this.allow = options.allow ?? [];
  }
}
