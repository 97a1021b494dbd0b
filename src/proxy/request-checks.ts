/**
 * The judgements on a request that a client made: whether the document allows it, by what the sandbox refuses requests by.
 */
import { type MediaType, type Operation, object, type Parameter } from '../document.js';
import { excerpt } from '../excerpt.js';
import { findUnread } from '../journal/unread.js';
import { isArray, type JsonValue } from '../json.js';
import { escapePointer } from '../json-pointer.js';
import { isFormMediaType, isJsonMediaType } from '../media-type.js';
import { Headers } from '../message.js';
import { requestMediaType } from '../negotiation.js';
import { readParameters } from '../parameters.js';
import { pathAndQuery } from '../path-and-query.js';
import { Problem, type ProblemDetail } from '../problem.js';
import { authenticate, offeredCredentials } from '../security.js';
import { asRead } from '../verify/as-read.js';
import { brokenKeyword } from '../verify/broken-keyword.js';
import type { Failure, RequestCheck } from '../verify/case.js';
import type { VerifiedContract } from '../verify/contract.js';
import { readJson } from '../verify/read-json.js';
import { operationPointer, parameterPointer } from '../verify/sites.js';
import type { PassedRequest } from './forward.js';
import { lines } from './headers.js';

/** A request with the operation that it is for. */
export interface ReadRequest {
  readonly method: string;
  /** Path without its query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  /** Absent where it is for none. */
  readonly operation: Operation | undefined;
  readonly pathValues: Readonly<Record<string, string>>;
  /** The methods that the path has; absent where the document has no such path. */
  readonly methods?: readonly string[];
}

type RequestFailure = Failure<RequestCheck>;

/** How deep the schema of a parameter is looked into. */
const mostDepth = 4;

/** A longer path is cut where it is told. */
const mostPath = 200;

/** What came of judging a request's body: failures, or why it cannot be judged. */
export type BodyVerdict = readonly RequestFailure[] | Error;

/** Which operation a request is for. */
export function readRequest(contract: VerifiedContract, { method, target, rawHeaders }: PassedRequest): ReadRequest {
  const [path, asked = ''] = pathAndQuery(target);
  const query = new URLSearchParams(asked);
  const headers = new Headers(rawHeaders);
  const match = contract.backend.match(path);
  const operation = match?.operations.get(method) ?? (method === 'HEAD' ? match?.operations.get('GET') : undefined);
  const read = { method, path, query, headers, operation, pathValues: match?.values ?? {} };
  return match === undefined ? read : { ...read, methods: [...match.operations.keys()] };
}

/** What a browser asks before a request of another origin: no client's own request. */
export function isPreflight({ method, headers }: ReadRequest): boolean {
  return method === 'OPTIONS' && headers.get('access-control-request-method') !== undefined;
}

/** All that is wrong with a request but for its body: path, method, credential, parameters. */
export function judgeHead(contract: VerifiedContract, request: ReadRequest): readonly RequestFailure[] {
  const { method, path, operation, methods } = request;
  const target = `${method} ${path.length > mostPath ? `${path.slice(0, mostPath)}…` : path}`;
  if (methods === undefined) {
    const message = `Received ${target}; the document has no such path.`;
    return [{ check: 'request_path_conformance', pointer: '/path', message, documented: '/paths' }];
  }
  if (operation === undefined) {
    const message = `Received ${target}; documented: ${methods.join(', ')}.`;
    return [{ check: 'request_method_conformance', pointer: '/method', message, documented: '/paths' }];
  }
  return [...judgeSecurity(operation, request), ...judgeParameters(contract, operation, request)];
}

/** Whether the credentials are there that the document asks for; whether they are right, the server alone knows. */
function judgeSecurity(operation: Operation, { headers, query }: ReadRequest): readonly RequestFailure[] {
  const offered = new Map<string, string[]>();
  for (const { scheme, value } of offeredCredentials(operation, headers, query)) {
    offered.set(scheme, [...(offered.get(scheme) ?? []), value]);
  }
  const details = detailsOf(() => authenticate(operation, headers, query, offered));
  return details.map(({ in: place, pointer, message }) => ({
    check: 'request_security_conformance',
    pointer: `/${place}${pointer}`,
    message,
    documented: `${operationPointer(operation)}/security`,
  }));
}

function judgeParameters(
  contract: VerifiedContract,
  operation: Operation,
  { pathValues, query, headers }: ReadRequest,
): readonly RequestFailure[] {
  const values = readParameters(contract.document, operation, pathValues, query, headers);
  const details = contract.backend.validate(operation, values, undefined).filter((detail) => {
    const parameter = parameterOf(operation, detail);
    return detail.in !== 'body' && (parameter === undefined || !isUnread(contract, parameter));
  });
  return details.map((detail) => ({
    check: 'request_parameters_conformance',
    pointer: `/${detail.in}${detail.pointer}`,
    message: detail.message,
    documented: parameterAt(contract, operation, detail),
  }));
}

/**
 * The query parameters of a request that its operation does not document, as names. The document does not forbid them, and a
 * server may read them; a misspelt one is passed over in silence.
 */
export function undocumentedParameters(
  contract: VerifiedContract,
  operation: Operation,
  { query }: ReadRequest,
): readonly string[] {
  const documented = operation.parameters.filter((parameter) => parameter.in === 'query');
  // The members of an object may be parameters of their own, whatever they are called.
  const isOpen = documented.some(
    ({ style, explode, schema }) => style === 'form' && explode && mayBeObject(contract, schema),
  );
  if (isOpen) return [];
  const deep = documented.filter(({ style }) => style === 'deepObject').map(({ name }) => `/${escapePointer(name)}[`);
  return findUnread(contract.document, operation, query, undefined)
    .filter(({ pointer }) => !deep.some((beginning) => pointer.startsWith(beginning)))
    .map(({ pointer }) => pointer.slice(1).replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The parameters of an operation that no request is judged by. */
export function unreadParameters(contract: VerifiedContract, { parameters }: Operation): readonly Parameter[] {
  return parameters.filter((parameter) => isUnread(contract, parameter));
}

/** Whether a parameter is more than a text or a list of texts: what goes over the wire for it is not put together again. */
function isUnread(contract: VerifiedContract, { mediaType, in: place, style, schema }: Parameter): boolean {
  const isJoined = style === 'simple' || (place === 'query' && style !== 'deepObject') || place === 'cookie';
  return mediaType !== undefined || !isJoined || mayBeObject(contract, schema);
}

function mayBeObject(contract: VerifiedContract, node: JsonValue | undefined, depth = 0): boolean {
  const { type, properties, items, oneOf, anyOf } = contract.sites.place(node, '').schema;
  const alternatives = [oneOf, anyOf].flatMap((each) => (isArray(each) ? each : []));
  const isObjects = type === 'object' || (type === undefined && properties !== undefined);
  // Schemas refer to themselves; what is deeper than this is in no parameter.
  if (isObjects || depth > mostDepth) return isObjects;
  return [...alternatives, ...(items === undefined ? [] : [items])].some((each) =>
    mayBeObject(contract, each, depth + 1),
  );
}

/** Where the parameter stands in the document that a detail speaks of. */
function parameterAt({ document }: VerifiedContract, operation: Operation, detail: ProblemDetail): string {
  const found = parameterOf(operation, detail);
  if (found === undefined) return operationPointer(operation);
  const at = parameterPointer(document, operation, found);
  const [, name, ...rest] = detail.pointer.split('/');
  if (name === undefined) return `${at}/required`;
  const pointer = rest.map((token) => `/${token}`).join('');
  return brokenKeyword(document, found.schema, `${at}/schema`, { pointer, rule: detail.rule });
}

function parameterOf(operation: Operation, detail: ProblemDetail): Parameter | undefined {
  const [, first = String(detail.params?.missingProperty ?? '')] = detail.pointer.split('/');
  const name = first.replaceAll('~1', '/').replaceAll('~0', '~');
  return operation.parameters.find(
    (each) => each.in === detail.in && (each.in === 'header' ? each.name.toLowerCase() === name : each.name === name),
  );
}

/** All that is wrong with a request's body, its Content-Encoding taken off. */
export function judgeBody(
  contract: VerifiedContract,
  operation: Operation,
  { rawHeaders }: PassedRequest,
  bytes: Buffer,
): BodyVerdict {
  const at = `${operationPointer(operation)}/requestBody`;
  const failure = (check: RequestCheck, message: string, documented = at, pointer = ''): RequestFailure => ({
    check,
    pointer: check === 'request_body_conformance' ? `/body${pointer}` : '/header/content-type',
    message,
    documented,
  });
  const documented = operation.requestBody;
  if (documented === undefined) {
    if (bytes.length === 0) return [];
    const message = `Received a body of ${bytes.length} bytes; documented: none.`;
    return [failure('request_body_conformance', message, operationPointer(operation))];
  }
  if (bytes.length === 0) {
    const types = [...documented.content.keys()].join(', ');
    return documented.required ? [failure('request_body_conformance', `Received no body; documented: ${types}.`)] : [];
  }
  // The document says nothing of encodings.
  const headers = new Headers(
    lines(rawHeaders)
      .filter(([name]) => name.toLowerCase() !== 'content-encoding')
      .flat(),
  );
  const refused = detailsOf(() => requestMediaType(operation, headers));
  if (refused.length > 0) {
    return refused.map(({ message }) => failure('request_content_type_conformance', message, `${at}/content`));
  }
  const mediaType = requestMediaType(operation, headers);
  const essence = headers.get('content-type')?.split(';', 1).join('').trim().toLowerCase() ?? mediaType;
  const media = documented.content.get(mediaType) ?? { schema: {}, encoding: {} };
  const { schema } = media;
  const schemaAt = `${at}/content/${escapePointer(mediaType)}/schema`;
  const value = readBody(contract, media, essence, bytes);
  if (value instanceof MalformedBody) return [failure('request_body_conformance', value.message, schemaAt)];
  if (value instanceof Error) return value;
  return contract.validator.check(schema, 'request', value, 'body').map((detail) => {
    const documentedAt = brokenKeyword(contract.document, schema, schemaAt, detail);
    return failure('request_body_conformance', detail.message, documentedAt, detail.pointer);
  });
}

/** A body that is not what its media type says. */
class MalformedBody extends Error {
  override readonly name = 'MalformedBody';
}

function readBody(
  { document, sites }: VerifiedContract,
  { schema, encoding }: Pick<MediaType, 'schema' | 'encoding'>,
  essence: string,
  bytes: Buffer,
): JsonValue | Error {
  const isForm = isFormMediaType(essence);
  if (!isJsonMediaType(essence) && !isForm) return new Error(`${excerpt(essence)} is judged by its media type alone`);
  const text = utf8(bytes);
  if (text === undefined) return new MalformedBody('Received a body that is not UTF-8.');
  if (!isForm) {
    const json = readJson(text);
    return json instanceof Error ? new MalformedBody(`Received a body that is no JSON: ${json.message}`) : json;
  }
  const form = new URLSearchParams(text);
  const names = [...new Set(form.keys())];
  const isOwn = Object.values(encoding).some(isOwnEncoding);
  if (isOwn) return new Error('a form with an encoding of its own is not judged');
  if (names.some((name) => /[[\].]/.test(name))) return new Error('a form with names within names is not judged');
  const { properties } = sites.place(schema, '').schema;
  const members = names.map((name) => {
    const property = sites.place(object(properties)[name], '').schema;
    const values = form.getAll(name);
    return [name, property.type === 'array' ? values : (values.at(-1) ?? '')] as const;
  });
  return asRead(document, sites, schema, Object.fromEntries(members));
}

/** Whether a property of a form is written otherwise than repeated for each of its elements. */
function isOwnEncoding(node: JsonValue | undefined): boolean {
  const { style = 'form', explode = true } = object(node);
  return style !== 'form' || explode !== true;
}

/** The bytes as text; `undefined` if they are none. */
export function utf8(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function detailsOf(judge: () => void): readonly ProblemDetail[] {
  try {
    judge();
    return [];
  } catch (error) {
    if (error instanceof Problem) return error.details;
    throw error;
  }
}
