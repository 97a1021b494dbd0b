/**
 * The words of contract testing: a case is one request and what is expected of its answer; an exchange is what came of it;
 * a failure is where that breaks the document.
 */
import type { Operation } from '../document.js';
import type { JsonValue } from '../json.js';
import type { Deviation } from '../samples.js';

/** What cases are made for, in the order in which they are sent. */
export const phases = ['samples', 'negative', 'positive', 'stateful', 'fuzz'] as const;
export type Phase = (typeof phases)[number];

/** The kinds of judgement. Those that Schemathesis makes too have its names. */
export const checks = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'positive_data_acceptance',
  'negative_data_rejection',
  'missing_required_header',
  'ignored_auth',
  'unsupported_method',
  'sample_exactness',
  'use_after_free',
  'ensure_resource_availability',
  'stored_as_sent',
  'update_is_stored',
  'lost_update',
  'others_are_untouched',
  'list_is_complete',
  'page_size_is_kept',
  'filter_is_applied',
  'sort_is_applied',
  'replay_replays',
  'head_matches_get',
  'link_conformance',
  'refusal_changes_nothing',
  'answer_arrives',
] as const;

/** The kinds of difference between two servers. */
export const driftChecks = [
  'answer_drift',
  'status_drift',
  'media_type_drift',
  'header_drift',
  'body_drift',
  'member_drift',
  'null_drift',
  'type_drift',
  'value_drift',
  'number_text_drift',
  'list_drift',
  'order_drift',
  'identity_drift',
] as const;
export type DriftCheck = (typeof driftChecks)[number];
export type Check = (typeof checks)[number] | DriftCheck;

/** The kinds of judgement on a request that a client made; only the proxy sees such. */
export const requestChecks = [
  'request_path_conformance',
  'request_method_conformance',
  'request_security_conformance',
  'request_parameters_conformance',
  'request_content_type_conformance',
  'request_body_conformance',
] as const;
export type RequestCheck = (typeof requestChecks)[number];

/** Whether a check is one on a client's request, and not on an answer. */
export function isRequestCheck(check: Check | RequestCheck): check is RequestCheck {
  return requestChecks.some((each) => each === check);
}

/** A request as it goes over the wire. */
export interface WireRequest {
  readonly method: string;
  /** Below the base URL, with its query: `/Payment/1?x=y`. */
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Absent: none is sent. */
  readonly body?: string;
}

/** An answer as it came. */
export interface WireResponse {
  readonly status: number;
  /** By lower-case name; what came twice is joined by a comma. */
  readonly headers: ReadonlyMap<string, string>;
  readonly text: string;
  readonly milliseconds: number;
}

/** Every refusal, where it is not asked why a request is refused. */
export const refusals: ReadonlySet<number> = new Set(Array.from({ length: 100 }, (_, index) => 400 + index));

/** What an answer must be. */
export type Expectation =
  /** A documented success, or a refusal by a rule that no schema can state. */
  | { readonly kind: 'accepted' }
  /** A refusal with one of these statuses, under the check that stands for it. */
  | { readonly kind: 'refused'; readonly statuses: ReadonlySet<number>; readonly check: Check }
  /** Whatever the document says of the status that comes; what it means, the sequence judges. */
  | { readonly kind: 'answered' }
  /** The documented sample, or its shape and types where `exact` is false. */
  | {
      readonly kind: 'sample';
      readonly response: JsonValue;
      readonly deviations: readonly Deviation[];
      readonly exact: boolean;
    };

/** A part of the document that a case exercises: `/body/amount` and `maxLength`. */
export interface Subject {
  /** The part of the request: `body`, `path`, `query`, `header`, `cookie`, `security`, `method`, `media-type`, `request`. */
  readonly in: string;
  /** JSON pointer into it; numbers of array elements are 0. */
  readonly pointer: string;
  /** What of it: a keyword of its schema, `present`, `absent`, `null`, `missing`, `wrong` … */
  readonly constraint: string;
  /** JSON pointer into the document, of the schema or of what else states it. */
  readonly documented: string;
}

/** One request, and what is expected. */
export interface Case {
  /** The same at every run with the same document: `negative/createPayment/body/amount/maxLength`. */
  readonly id: string;
  readonly phase: Phase;
  /** Absent where the request is for none: an unknown path, a method that is not documented. */
  readonly operation: Operation | undefined;
  readonly subject: Subject;
  readonly request: WireRequest;
  readonly expectation: Expectation;
  /** The scenario that it needs; absent, the usual one. */
  readonly scenario?: string;
}

/** What came of a case. */
export interface Exchange {
  readonly case: Case;
  /** The whole URL that was asked. */
  readonly url: string;
  /** The answer, or why there was none. */
  readonly response: WireResponse | Error;
  /** The same at the second server, where two are compared. */
  readonly other?: Exchange;
  /** What was sent before and after it that shows what is wrong, itself among them, in order. Absent: it alone shows it. */
  readonly steps?: readonly Exchange[];
}

/** What came of a case at every server that it was sent to. */
export function answersOf(exchange: Exchange): readonly Exchange[] {
  return exchange.other === undefined ? [exchange] : [exchange, exchange.other];
}

/** Whether every server carried the request out. */
export function isCarriedOut(exchange: Exchange): boolean {
  return answersOf(exchange).every(({ response }) => !(response instanceof Error) && response.status < 300);
}

/** Where an exchange breaks the document. */
export interface Failure<Kind extends Check | RequestCheck = Check> {
  readonly check: Kind;
  /**
   * JSON pointer into the answer's body; empty for the answer as a whole. For a check on a request, into its parts:
   * `/body/amount`, `/query/size`.
   */
  readonly pointer: string;
  /** "Received …; documented …". */
  readonly message: string;
  /** JSON pointer into the document; empty where it says nothing of this. */
  readonly documented: string;
  /** What tells it from other failures of this check at this place. Absent: the message, or what the case is about. */
  readonly kind?: string;
}
