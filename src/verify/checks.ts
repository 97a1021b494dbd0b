/**
 * The judgements on one exchange. What the document says of an answer is {@link judge}'s verdict, as for the sandbox itself;
 * here it is asked of what came over the wire, and of why the request was sent.
 */
import { documentedResponse } from '../conformance.js';
import type { DocumentedResponse, Operation } from '../document.js';
import { cut, excerpt } from '../excerpt.js';
import { isArray, isObject, type JsonValue } from '../json.js';
import { escapePointer } from '../json-pointer.js';
import { covers, isJsonMediaType } from '../media-type.js';
import { typedHeader } from '../parameters.js';
import { brokenKeyword } from './broken-keyword.js';
import { type Case, type Exchange, type Failure, refusals, type WireResponse } from './case.js';
import { essenceOf } from './client.js';
import type { VerifiedContract } from './contract.js';
import { readJson } from './read-json.js';
import { sampleFailures } from './sample-checks.js';
import { operationPointer } from './sites.js';

/** What came of a case: failures, or `ruled` where a rule beyond the schemas refused what the schemas allow. */
export interface Judgement {
  readonly failures: readonly Failure[];
  readonly ruled: boolean;
}

/** Statuses that say what a server holds, not what a request is: a valid one may get them. */
const statefulStatuses = new Set([402, 403, 404, 409, 410, 412, 423]);

/** Judges one exchange. */
export function judgeExchange(contract: VerifiedContract, exchange: Exchange): Judgement {
  const {
    response,
    case: { subject },
  } = exchange;
  if (response instanceof Error) {
    return failed({ check: 'answer_arrives', pointer: '', message: response.message, documented: subject.documented });
  }
  if (response.status >= 500) {
    const message = `Received ${response.status}${shown(response)}; a server must not fail on a request.`;
    return failed({ check: 'not_a_server_error', pointer: '', message, documented: subject.documented });
  }
  const conformance = judgeAnswer(contract, exchange.case.operation, response);
  const ruled = isRuled(exchange.case, response.status);
  return { failures: [...conformance, ...(ruled ? [] : judgeExpectation(contract, exchange.case, response))], ruled };
}

function failed(failure: Failure): Judgement {
  return { failures: [failure], ruled: false };
}

/** Whether a valid request met a rule that no schema can state: by its status, or because the document names the rule. */
function isRuled({ operation, expectation, subject }: Case, status: number): boolean {
  if (expectation.kind !== 'accepted' || operation === undefined || status < 400) return false;
  if (statefulStatuses.has(status)) return true;
  // All that may be left out, left out at once, and the like: any rule may be met.
  if (subject.in === 'request') return operation.rules.some(({ at }) => at.length > 0);
  const pointer = `/${subject.in}${subject.pointer}`.replaceAll(/\/\d+(?=\/|$)/g, '');
  return operation.rules.some(({ at }) => at.some((each) => isWithin(pointer, each) || isWithin(each, pointer)));
}

function isWithin(pointer: string, other: string): boolean {
  return pointer === other || pointer.startsWith(`${other}/`);
}

/** An answer as far as it is judged. */
export type JudgedAnswer = Pick<WireResponse, 'status' | 'headers'> & {
  /** Absent where the body is not judged: there is none by HTTP's own rules, or it cannot be read. */
  readonly text: string | undefined;
};

/** What the document says of an answer with this status: status, media type, headers, body. */
export function judgeAnswer(
  contract: VerifiedContract,
  operation: Operation | undefined,
  response: JudgedAnswer,
): readonly Failure[] {
  const { document } = contract;
  const { status } = response;
  const documented = documentedResponse(operation, document.refusals, status);
  const at = operation === undefined ? '/x-refusals' : `${operationPointer(operation)}/responses`;
  if (documented === undefined) {
    // A document that says nothing of requests for none of its operations cannot be broken by an answer to one.
    if (operation === undefined && document.refusals.size === 0) return [];
    const known = operation === undefined ? document.refusals : operation.responses;
    const message = `Received status ${status}${shown(response)}; documented: ${[...known.keys()].join(', ')}.`;
    return [{ check: 'status_code_conformance', pointer: '', message, documented: at }];
  }
  const pointer = `${at}/${status}`;
  return [
    ...judgeHeaders(contract, documented, response, pointer),
    // To a HEAD, a body is described and not sent.
    ...(operation?.method === 'HEAD' ? [] : judgeBody(contract, documented, response, pointer)),
  ];
}

function judgeHeaders(
  { document, validator }: VerifiedContract,
  documented: DocumentedResponse,
  { headers }: JudgedAnswer,
  pointer: string,
): readonly Failure[] {
  return [...documented.headers].flatMap(([name, { required, schema, mediaType }]): readonly Failure[] => {
    const value = headers.get(name.toLowerCase());
    const at = `${pointer}/headers/${escapePointer(name)}`;
    const check = 'response_headers_conformance' as const;
    if (value === undefined) {
      if (!required) return [];
      return [{ check, pointer: '', message: `Received no header ${name}; documented as required.`, documented: at }];
    }
    const isJson = mediaType !== undefined && isJsonMediaType(mediaType);
    const typed = isJson ? readJson(value) : mediaType === undefined ? typedHeader(document, schema, value) : value;
    if (typed instanceof Error) {
      const message = `Header ${name}: Received ${excerpt(value)}, which is no JSON; documented: ${mediaType}.`;
      return [{ check, pointer: '', message, documented: at }];
    }
    const details = validator.check(schema, 'response', typed, 'header');
    return details.map(({ message }) => ({
      check,
      pointer: '',
      message: `Header ${name}: ${message}`,
      documented: at,
    }));
  });
}

/** The documented media type that one without its parameters is, ranges such as `text/*` included; undefined if it is none. */
export function documentedType({ content }: DocumentedResponse, essence: string): string | undefined {
  return [...content.keys()].find((each) => covers(each, essence));
}

function judgeBody(
  { document, validator }: VerifiedContract,
  documented: DocumentedResponse,
  { headers, text }: JudgedAnswer,
  pointer: string,
): readonly Failure[] {
  const at = `${pointer}/content`;
  const types = [...documented.content.keys()];
  if (types.length === 0) {
    if (text === undefined || text === '') return [];
    const message = `Received a body of ${text.length} characters; documented: none.`;
    return [{ check: 'response_schema_conformance', pointer: '', message, documented: pointer }];
  }
  const received = headers.get('content-type');
  if (text === undefined && received === undefined) return [];
  const essence = essenceOf({ headers });
  const type = documentedType(documented, essence);
  if (type === undefined) {
    const message = `Received ${received === undefined ? 'no Content-Type' : `Content-Type ${received}`}; documented: ${types.join(', ')}.`;
    return [{ check: 'content_type_conformance', pointer: '', message, documented: at }];
  }
  const documentedAt = `${at}/${escapePointer(type)}/schema`;
  if (text === undefined || !isJsonMediaType(essence)) return [];
  const body = readJson(text);
  if (body instanceof Error) {
    const message = `Received a body that is no JSON: ${body.message} Received ${excerpt(text)}.`;
    return [{ check: 'response_schema_conformance', pointer: '', message, documented: documentedAt }];
  }
  const schema = documented.content.get(type)?.schema ?? {};
  return validator.check(schema, 'response', body, 'body').map((detail) => ({
    check: 'response_schema_conformance',
    pointer: detail.pointer,
    message: detail.message,
    documented: brokenKeyword(document, schema, documentedAt, detail),
  }));
}

function judgeExpectation(contract: VerifiedContract, tried: Case, response: WireResponse): readonly Failure[] {
  const { expectation, subject } = tried;
  const { status } = response;
  const what = `${subject.in} ${subject.pointer}`.trim();
  if (expectation.kind === 'answered') return [];
  if (expectation.kind === 'sample') return sampleFailures(expectation, response, subject.documented);
  if (expectation.kind === 'accepted') {
    if (status < 300) return [];
    const message = `Received ${status}${shown(response)} for a request that the document allows (${what}: ${subject.constraint}); documented: a success.`;
    return [{ check: 'positive_data_acceptance', pointer: '', message, documented: subject.documented }];
  }
  const wanted = expectation.statuses === refusals ? 'a refusal (4xx)' : [...expectation.statuses].join(' or ');
  const { check } = expectation;
  const breach = `${what}: ${subject.constraint}`;
  if (status < 400) {
    const message = `Received ${status} for a request that the document forbids (${breach}); documented: ${expectation.statuses === refusals ? wanted : `a refusal, ${wanted}`}.`;
    return [{ check, pointer: '', message, documented: subject.documented }];
  }
  if (!expectation.statuses.has(status)) {
    const message = `Received ${status}${shown(response)}, which is no proof that ${breach} is checked; expected ${wanted}.`;
    return [{ check, pointer: '', message, documented: subject.documented }];
  }
  const other = namesAnother(contract, tried, response);
  if (other === undefined) return [];
  const message = `Received ${status} that speaks of ${other}${shown(response)}; the request breaks ${breach}.`;
  return [{ check, pointer: '', message, documented: subject.documented }];
}

/** Another property that a refusal speaks of in the place of the one that is wrong; undefined if it names none, or this one. */
function namesAnother({ sites }: VerifiedContract, tried: Case, { text }: WireResponse): string | undefined {
  const { subject, operation } = tried;
  if (subject.in !== 'body' || operation === undefined) return undefined;
  const wrong = subject.pointer
    .split('/')
    .filter((token) => !/^\d*$/.test(token))
    .at(-1);
  const body = readJson(text);
  if (wrong === undefined || body instanceof Error) return undefined;
  const words = new Set(wordsOf(body).map((word) => word.toLowerCase()));
  // A refusal that names a parent of what is wrong, or a part of it, may mean it.
  const related = subject.pointer.toLowerCase().split('/');
  if (related.some((token) => token !== '' && words.has(token))) return undefined;
  const names = new Set<string>();
  for (const { schema } of operation.requestBody?.content.values() ?? []) {
    const { properties } = sites.place(schema, '').schema;
    for (const name of Object.keys(isObject(properties) ? properties : {})) names.add(name);
  }
  // Short names are words of every message: id, date, type.
  return [...names].find((name) => name.length > 6 && words.has(name.toLowerCase()));
}

/** The words of all texts in a value. Names of members are the refusal's own form, and do not count. */
function wordsOf(value: JsonValue): readonly string[] {
  if (typeof value === 'string') return value.split(/[^\p{L}\p{N}_]+/u);
  if (isArray(value)) return value.flatMap(wordsOf);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, member]) => [
    ...name.split(/[^\p{L}\p{N}_]+/u),
    ...wordsOf(member ?? null),
  ]);
}

/** The beginning of an answer's body, for messages. */
function shown({ text }: JudgedAnswer): string {
  return text === undefined || text === '' ? '' : ` (${cut(text.replaceAll(/\s+/g, ' '))})`;
}
