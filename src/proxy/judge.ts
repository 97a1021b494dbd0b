/**
 * The judgement on one exchange that passed: the request by request-checks.ts, the answer by the checks of `verify`.
 */
import type { Operation } from '../document.js';
import { cut } from '../excerpt.js';
import { isJsonMediaType } from '../media-type.js';
import { Headers } from '../message.js';
import type { Check, Failure, RequestCheck } from '../verify/case.js';
import { judgeAnswer } from '../verify/checks.js';
import { essenceOf } from '../verify/client.js';
import type { VerifiedContract } from '../verify/contract.js';
import { operationPointer } from '../verify/sites.js';
import type { Capture } from './capture.js';
import { decode } from './content-encoding.js';
import type { Passage, PassedAnswer, PassedRequest } from './forward.js';
import {
  isPreflight,
  judgeBody,
  judgeHead,
  type ReadRequest,
  readRequest,
  undocumentedParameters,
  unreadParameters,
} from './request-checks.js';

/** What an exchange came to. */
export interface Verdict {
  /** Absent: it is for none. */
  readonly operation: Operation | undefined;
  readonly request: readonly Failure<RequestCheck>[];
  readonly answer: readonly Failure<Check>[];
  /** What breaks nothing and is likely a mistake: a query parameter that nobody documents. A sentence each. */
  readonly remarks: readonly string[];
  /** What could not be judged, and why: `an answer's body: …`. */
  readonly unjudged: readonly string[];
  /** The bodies, as far as they could be read. */
  readonly requestBody: Buffer | undefined;
  readonly answerBody: Buffer | undefined;
}

/** Judges an exchange. `most` is how long a body may be without its encoding. */
export async function judgePassage(contract: VerifiedContract, passage: Passage, most: number): Promise<Verdict> {
  const { request, answer } = passage;
  const read = readRequest(contract, request);
  const body = await readBody(request.body, request.rawHeaders, most, request.isWhole);
  const answered = answer && (await readBody(answer.body, answer.rawHeaders, most, passage.trouble === undefined));
  const bodies = { requestBody: known(body), answerBody: known(answered) };
  if (isPreflight(read)) {
    const unjudged = ['a preflight of a browser'];
    return { operation: undefined, request: [], answer: [], remarks: [], unjudged, ...bodies };
  }
  const { operation } = read;
  const unjudged: string[] = [];
  const failures = [...judgeHead(contract, read)];
  if (operation !== undefined) {
    for (const { in: place, name } of unreadParameters(contract, operation)) {
      unjudged.push(`the parameter ${name} of the ${place}: it is more than a text or a list of texts`);
    }
    const verdict = body instanceof Error ? body : judgeBody(contract, operation, request, body);
    if (verdict instanceof Error) unjudged.push(`a request's body: ${verdict.message}`);
    else failures.push(...verdict);
  }
  const told = judgeAnswered(contract, read, passage, answered);
  unjudged.push(...told.unjudged);
  const remarks = operation === undefined ? [] : remarksOn(contract, operation, read);
  return { operation, request: failures, answer: told.failures, remarks, unjudged, ...bodies };
}

function remarksOn(contract: VerifiedContract, operation: Operation, read: ReadRequest): readonly string[] {
  const documented = operation.parameters.flatMap((parameter) => (parameter.in === 'query' ? [parameter.name] : []));
  return undocumentedParameters(contract, operation, read).map((name) => {
    const known = documented.length === 0 ? 'none' : documented.join(', ');
    return `The query parameter ${cut(name)} of ${operation.operationId} is not documented; documented: ${known}.`;
  });
}

function known(body: Buffer | Error | undefined): Buffer | undefined {
  return body instanceof Error ? undefined : body;
}

/** A body without its encoding, or why it cannot be read. */
async function readBody(
  captured: Capture,
  rawHeaders: PassedRequest['rawHeaders'],
  most: number,
  isWhole: boolean,
): Promise<Buffer | Error> {
  const { bytes } = captured;
  if (!isWhole) return new Error('not all of it came');
  if (bytes === undefined) return new Error(`longer than the ${most} bytes that are kept for judging`);
  return bytes.length === 0 ? bytes : decode(bytes, new Headers(rawHeaders).get('content-encoding'), most);
}

interface AnswerVerdict {
  readonly failures: readonly Failure<Check>[];
  readonly unjudged: readonly string[];
}

function judgeAnswered(
  contract: VerifiedContract,
  { operation, method }: ReadRequest,
  { answer, trouble }: Passage,
  body: Buffer | Error | undefined,
): AnswerVerdict {
  const documented = operation === undefined ? '/x-refusals' : `${operationPointer(operation)}/responses`;
  if (trouble?.by === 'server') {
    const message = `Received no whole answer: ${trouble.message}.`;
    return { failures: [{ check: 'answer_arrives', pointer: '', message, documented }], unjudged: [] };
  }
  if (trouble !== undefined || answer === undefined) {
    return { failures: [], unjudged: ['an answer: the client left before it was whole'] };
  }
  const headers = headersOf(answer);
  const text = body instanceof Error || body === undefined ? undefined : body.toString('utf8');
  // By HTTP's own rules these have none, whatever is documented.
  const isBodiless = method === 'HEAD' || answer.status === 304;
  const judged = { status: answer.status, headers, text: isBodiless ? undefined : text };
  const failures = judgeAnswer(contract, operation, judged);
  const essence = essenceOf({ headers });
  if (isBodiless || operation === undefined) return { failures, unjudged: [] };
  if (body instanceof Error) return { failures, unjudged: [`an answer's body: ${body.message}`] };
  if (text === undefined || text === '' || essence === '' || isJsonMediaType(essence))
    return { failures, unjudged: [] };
  return { failures, unjudged: [`an answer's body: ${essence.slice(0, 100)} is judged by its media type alone`] };
}

/** By lower-case name; what came twice is joined by a comma. */
export function headersOf({ rawHeaders }: Pick<PassedAnswer, 'rawHeaders'>): ReadonlyMap<string, string> {
  return new Map(Object.entries(new Headers(rawHeaders).joined()));
}
