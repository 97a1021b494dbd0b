/**
 * What was found wrong: each defect once, however many requests show it.
 */
import type { Operation } from '../document.js';
import {
  type Check,
  type Exchange,
  type Failure,
  isRequestCheck,
  type RequestCheck,
  type WireRequest,
  type WireResponse,
} from './case.js';
import { shownFinding } from './report/shown.js';
import { toCurl } from './request.js';

/** Where an exchange breaks the document, on either side. */
export type AnyFailure = Failure<Check | RequestCheck>;

/** A defect. */
export interface Finding extends AnyFailure {
  /** Absent: of requests for no operation. */
  readonly operationId: string | undefined;
  /** How many requests show it. */
  readonly count: number;
  /** The ids of the first of them. */
  readonly cases: readonly string[];
  /** The first of them. */
  readonly request: WireRequest;
  readonly response: WireResponse | undefined;
  /** Sends it again, after what else it takes to see the defect. */
  readonly curl: string;
  /** What the second server answered to the first of them, where two are compared. */
  readonly other?: { readonly response: WireResponse | undefined; readonly curl: string };
}

/** How many requests a finding shows: the first of them, and the last. */
const mostSteps = 20;

/** How many ids of cases a finding names. */
const mostCases = 10;

/** Gathers findings, none of them longer than a report bears. */
export class Findings {
  readonly #found = new Map<string, { -readonly [Member in keyof Finding]: Finding[Member] }>();
  #more = 0;

  /** `most`: how many are kept; of further ones only their number. */
  constructor(private readonly most = Number.POSITIVE_INFINITY) {}

  /** How many failures are in none of the findings, because there were as many as are kept. */
  get more(): number {
    return this.#more;
  }

  /** How many there are. */
  get size(): number {
    return this.#found.size;
  }

  add(exchange: Exchange, failures: readonly Failure[]): void {
    const { case: tried, other } = exchange;
    for (const failure of failures) {
      this.note(keyOf(tried.operation, failure, tried.subject.constraint), tried.id, () => ({
        ...failure,
        operationId: failure.documented === '' ? undefined : tried.operation?.operationId,
        request: tried.request,
        ...shown(exchange),
        ...(other === undefined ? {} : { other: shown(other) }),
      }));
    }
  }

  /** Counts a failure that an exchange shows. Gives the finding if it is the first of its key; `tell` says what it is. */
  note(key: string, id: string, tell: () => Omit<Finding, 'count' | 'cases'>): Finding | undefined {
    const known = this.#found.get(key);
    if (known !== undefined) {
      known.count++;
      if (known.cases.length < mostCases) known.cases = [...known.cases, id];
      return undefined;
    }
    if (this.#found.size >= this.most) {
      this.#more++;
      return undefined;
    }
    const finding = { ...shownFinding({ ...tell(), count: 1, cases: [id] }) };
    this.#found.set(key, finding);
    return finding;
  }

  /** Every defect, in the order in which they were found first. */
  all(): readonly Finding[] {
    return [...this.#found.values()];
  }
}

function shown(exchange: Exchange) {
  const { response, steps = [exchange] } = exchange;
  const curls = steps.map(({ url, case: { request } }) => toCurl(url, request));
  const left = curls.length - mostSteps;
  if (left > 0) curls.splice(mostSteps / 2, left, `# ${left} more requests`);
  return { response: response instanceof Error ? undefined : response, curl: curls.join('\n') };
}

/** Checks on the answer are the same defect at the same place of it; checks on the request at the same part of the document. */
const ofAnswers: ReadonlySet<Check | RequestCheck> = new Set<Check>([
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'not_a_server_error',
]);

/** What makes failures one defect. `constraint` is the part of the document that a case is made for; none of a client's is. */
export function keyOf(
  operation: Operation | undefined,
  { check, pointer, message, documented, kind: own }: AnyFailure,
  constraint: string,
): string {
  const place = pointer.replaceAll(/\/\d+(?=\/|$)/g, '/0');
  // Values that were received differ from request to request, and numbers of elements too.
  const words = message.replaceAll(/"[^"]*"|\d{4,}|\(.*\)/g, '…').replaceAll(/\/\d+(?=[/:])/g, '/0');
  const usual = ofAnswers.has(check) || isRequestCheck(check) ? words : constraint;
  // What the document says nothing of is the same wherever it is met.
  const operationId = documented === '' ? '' : (operation?.operationId ?? '');
  return [check, operationId, documented, place, own ?? usual].join('\n');
}
