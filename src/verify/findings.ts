/**
 * What was found wrong: each defect once, however many requests show it.
 */
import type { Case, Check, Exchange, Failure, WireRequest, WireResponse } from './case.js';
import { toCurl } from './request.js';

/** A defect. */
export interface Finding extends Failure {
  /** Absent: of requests for no operation. */
  readonly operationId: string | undefined;
  /** How many requests show it. */
  readonly count: number;
  /** The ids of the first of them. */
  readonly cases: readonly string[];
  /** The first of them. */
  readonly request: WireRequest;
  readonly response: WireResponse | undefined;
  /** Sends it again. */
  readonly curl: string;
  /** What the second server answered to the first of them, where two are compared. */
  readonly other?: { readonly response: WireResponse | undefined; readonly curl: string };
}

/** How many ids of cases a finding names. */
const mostCases = 10;

/** Gathers findings. */
export class Findings {
  readonly #found = new Map<string, { -readonly [Member in keyof Finding]: Finding[Member] }>();

  add(exchange: Exchange, failures: readonly Failure[]): void {
    const { case: tried, other } = exchange;
    for (const failure of failures) {
      const key = keyOf(tried, failure);
      const known = this.#found.get(key);
      if (known !== undefined) {
        known.count++;
        if (known.cases.length < mostCases) known.cases = [...known.cases, tried.id];
        continue;
      }
      this.#found.set(key, {
        ...failure,
        operationId: failure.documented === '' ? undefined : tried.operation?.operationId,
        count: 1,
        cases: [tried.id],
        request: tried.request,
        ...shown(exchange),
        ...(other === undefined ? {} : { other: shown(other) }),
      });
    }
  }

  /** Every defect, in the order in which they were found first. */
  all(): readonly Finding[] {
    return [...this.#found.values()];
  }
}

function shown({ case: { request }, url, response }: Exchange) {
  return { response: response instanceof Error ? undefined : response, curl: toCurl(url, request) };
}

/** Checks on the answer are the same defect at the same place of it; checks on the request at the same part of the document. */
const ofAnswers: ReadonlySet<Check> = new Set([
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'not_a_server_error',
]);

function keyOf({ operation, subject }: Case, { check, pointer, message, documented, kind: own }: Failure): string {
  const place = pointer.replaceAll(/\/\d+(?=\/|$)/g, '/0');
  // Values that were received differ from request to request.
  const usual = ofAnswers.has(check) ? message.replaceAll(/"[^"]*"|\d{4,}|\(.*\)/g, '…') : subject.constraint;
  // What the document says nothing of is the same wherever it is met.
  const operationId = documented === '' ? '' : (operation?.operationId ?? '');
  return [check, operationId, documented, place, own ?? usual].join('\n');
}
