/**
 * The way of a request through one api: match, authenticate, validate, carry out, check, commit, answer. The only place
 * with control flow; what it calls decides nothing beyond its own step.
 */
import type { AnyRequest, DialectContext, Key, Reply } from './api.js';
import type { Api } from './apis.js';
import { documentedResponse, judge, type Violation } from './conformance.js';
import type { Delivery } from './delivery.js';
import type { DocumentedResponse, Operation } from './document.js';
import { excerpt } from './excerpt.js';
import type { Respond } from './faults/effect.js';
import type { Faults, Struck } from './faults/faults.js';
import { faultHeader, faultProblem, isByExample, isInDialect } from './faults/reply.js';
import type { Instant } from './instant.js';
import type { Touched } from './journal/entry.js';
import { touchedBy } from './journal/touched.js';
import { JsonTooLarge, type JsonValue, MalformedJson, parse } from './json.js';
import type { Limits } from './limits.js';
import type { Log } from './log.js';
import type { Seen } from './match.js';
import { Headers, type HttpAnswer, type HttpRequest, noBytes } from './message.js';
import type { Metrics } from './metrics.js';
import { answerMediaType, preferredMediaType, requestMediaType, responseMediaType } from './negotiation.js';
import { type ParameterValues, readParameters, undocumentedQuery } from './parameters.js';
import { type FaultWish, type Preference, preferredAnswer, readFaultWish, readPreference } from './prefer.js';
import { Problem, type ProblemKind } from './problem.js';
import { reasonOf } from './reason.js';
import { RequestContext } from './request-context.js';
import { authenticate, challenge, offeredCredentials } from './security.js';
import { judgeRecords } from './store/record-rules.js';
import type { Transaction, Workspace } from './store/workspace.js';
import type { Workspaces } from './store/workspaces.js';
import { TooMuchWork, Work } from './work.js';

/** One for all: the journal keeps it for every request. */
const nothing: readonly never[] = Object.freeze([]);

/** A request on its way: what is known of it so far. */
class Exchange {
  readonly headers: Headers;
  readonly query: URLSearchParams;
  operation: Operation | undefined;
  mediaType: string | undefined;
  /** What the journal tells of it: why it was refused, what it wrote, the fault that was applied to it. */
  problem: Problem | undefined;
  violations: readonly Violation[] = nothing;
  touched: readonly Touched[] = nothing;
  fault: string | undefined;
  /** What the fault does to the answer on its way; `undefined`: nothing. */
  delivery: Delivery | undefined;

  constructor(
    readonly request: HttpRequest,
    readonly workspace: Workspace,
  ) {
    this.headers = new Headers(request.rawHeaders);
    this.query = request.query === '' ? noQuery : new URLSearchParams(request.query);
  }

  get target(): string {
    return this.request.query === '' ? this.request.path : `${this.request.path}?${this.request.query}`;
  }
}

/** How the requests of one api differ from those of others. */
export interface LifecycleOptions {
  /** Refuses requests before their credentials are looked at. Absent, none is. */
  readonly guard?: (headers: Headers) => void;
  /** Milliseconds since some moment, for the journal. Absent, requests are not recorded, and meet no faults. */
  readonly stopwatch?: () => number;
  /** Told of every answer that is recorded. Absent, nobody is. */
  readonly metrics?: Pick<Metrics, 'answered'>;
  /** Whether query parameters that are not documented are refused; vendors pass them over. */
  readonly strictQuery?: boolean;
  /** The one workspace of an api that is not a vendor's. Absent, each request says its own. */
  readonly only?: Workspace;
  /** Whether what a handler writes is judged like a scenario's records before it is committed. */
  readonly checkRecords?: boolean;
}

export class Lifecycle {
  constructor(
    private readonly api: Api,
    private readonly workspaces: Workspaces,
    readonly limits: Limits,
    private readonly log: Log,
    private readonly options: LifecycleOptions = {},
  ) {}

  /** Whether the document has operations at a path. */
  serves(path: string): boolean {
    return this.api.match(path) !== undefined;
  }

  /** Answers a request. It never throws: what goes wrong is refused in the api's dialect. */
  answer(request: HttpRequest, workspaceName: string | undefined): HttpAnswer {
    const workspace = this.#workspace(request, workspaceName);
    const exchange = new Exchange(request, workspace ?? this.workspaces.default);
    if (workspace === undefined) return this.#refuse(exchange, unknownWorkspace(workspaceName ?? ''));
    const { stopwatch } = this.options;
    const started = stopwatch?.() ?? 0;
    const at = workspace.count();
    const made = this.#answer(exchange);
    const { delivery } = exchange;
    const answer = delivery === undefined ? made : { ...made, delivery };
    if (stopwatch === undefined) return answer;
    const entry = this.#record(exchange, answer, at, stopwatch() - started);
    return answer.kept === undefined ? answer : { ...answer, entry };
  }

  /** The workspace that the URL or a header names, else the one that a credential of the request belongs to. */
  #workspace(request: HttpRequest, name: string | undefined): Workspace | undefined {
    const { only } = this.options;
    if (only !== undefined) return only;
    if (name !== undefined) return this.workspaces.get(name);
    return this.#byCredential(request) ?? this.workspaces.default;
  }

  #byCredential({ path, method, query, rawHeaders }: HttpRequest): Workspace | undefined {
    if (!this.workspaces.hasCredentials) return undefined;
    const operation = this.api.match(path)?.operations.get(method);
    if (operation === undefined) return undefined;
    for (const { scheme, value } of offeredCredentials(
      operation,
      new Headers(rawHeaders),
      new URLSearchParams(query),
    )) {
      const workspace = this.workspaces.byCredential(this.api.name, scheme, value);
      if (workspace !== undefined) return workspace;
    }
    return undefined;
  }

  #answer(exchange: Exchange): HttpAnswer {
    try {
      return this.#carryOut(exchange);
    } catch (error) {
      // A refusal may rest on what is not kept yet, such as the number that it says is taken.
      return { ...this.#refuse(exchange, error), kept: this.workspaces.pending() };
    }
  }

  /** Keeps references to what is there; what is told of it is worked out when somebody asks. Returns the entry's number. */
  #record(exchange: Exchange, { status, headers, body }: HttpAnswer, at: Instant, milliseconds: number): number {
    const { request, workspace, operation, problem, violations, touched, fault } = exchange;
    const answer = { status, headers, body };
    const noted = {
      at,
      api: this.api.name,
      operation,
      request,
      answer,
      problem,
      violations,
      milliseconds,
      touched,
      fault,
    };
    this.options.metrics?.answered(this.api.name, operation?.operationId, status, milliseconds);
    return workspace.journal.record(noted);
  }

  /**
   * The answer to a request in place of one that rests on what could not be written to the disk, and was taken back: what
   * only reads looks again, everything else is refused. `entry` is the number of the first answer's, if it has one.
   */
  unkept(request: HttpRequest, workspaceName: string | undefined, error: unknown, entry?: number): HttpAnswer {
    const workspace = this.#workspace(request, workspaceName);
    const exchange = new Exchange(request, workspace ?? this.workspaces.default);
    const again = this.#again(exchange, workspace, workspaceName);
    const answer = again !== undefined && again.kept === undefined ? again : this.#refuseUnkept(exchange, error);
    if (entry !== undefined) exchange.workspace.journal.correct(entry, answer, exchange.problem);
    return answer;
  }

  #again(exchange: Exchange, workspace: Workspace | undefined, name: string | undefined): HttpAnswer | undefined {
    const { method } = exchange.request;
    if (method !== 'GET' && method !== 'HEAD') return undefined;
    return workspace === undefined ? this.#refuse(exchange, unknownWorkspace(name ?? '')) : this.#answer(exchange);
  }

  #refuseUnkept(exchange: Exchange, error: unknown): HttpAnswer {
    const reason = reasonOf(error);
    const message = `The sandbox could not keep what this request changed, and took it back: ${reason}. Send it again when the disk takes writes.`;
    this.log.error({ api: this.api.name, error }, message);
    return this.#refuse(exchange, new Problem('internal', { message }));
  }

  #carryOut(exchange: Exchange): HttpAnswer {
    const { api } = this;
    const { request, workspace, headers, query } = exchange;
    const { operation, values } = this.#match(request);
    exchange.operation = operation;
    if (request.body === undefined) throw tooLarge(request.unread ?? '');
    this.options.guard?.(headers);
    authenticate(operation, headers, query, workspace.credentials(api.name));
    exchange.mediaType = answerMediaType(operation, headers);
    const body = this.#readBody(operation, headers, request.body);
    const parameters = readParameters(api.document, operation, values, query, headers);
    const stray = this.options.strictQuery === true ? undocumentedQuery(operation, query) : [];
    const details = [...stray, ...api.backend.validate(operation, parameters, body)];
    if (details.length > 0) throw new Problem('invalid-request', { details });

    const fault = this.#meetFault(exchange, operation, body);
    if (fault?.effect?.kind === 'respond') {
      const answer = this.#answerByFault(exchange, operation, fault.name, fault.effect);
      return { ...answer, headers: { ...answer.headers, [faultHeader]: encodeURIComponent(fault.name) } };
    }
    if (fault?.effect?.kind === 'connection' && fault.effect.cut !== 'half') return unanswered;

    const transaction = workspace.begin(api.name);
    const preference = readPreference(headers, query);
    const handler = api.definition.handlers[operation.operationId];
    if (preference !== undefined || handler === undefined) {
      return this.#answerByDocument(exchange, operation, preference ?? { dynamic: false }, transaction);
    }
    const reply = handler(toRequest(parameters, body), new RequestContext(this.api, transaction, exchange));
    const violations = [...this.#judge(exchange, reply), ...this.#judgeRecords(transaction)];
    if (violations.length > 0) throw this.#ownFault(exchange, violations);
    // Written before it is committed: what is kept of a record on the disk is the same text.
    const answer = this.#write(exchange, reply);
    exchange.touched = touchedBy(transaction.changes(), workspace.apis.get(api.name));
    this.workspaces.commit(workspace, api.name, transaction);
    return { ...answer, kept: this.workspaces.pending() };
  }

  #answerByDocument(
    exchange: Exchange,
    operation: Operation,
    preference: Preference,
    { now, faker }: Pick<Transaction, 'now' | 'faker'>,
  ): HttpAnswer {
    const wanted = { now, faker, mediaType: exchange.mediaType ?? 'application/json' };
    const answer = preferredAnswer(this.api.document, operation, preference, wanted);
    const headers = statusHeaders(answer.status, operation);
    if (answer.body !== undefined && 'text' in answer.body) {
      return withHeaders(write(answer.status, answer.response, exchange.mediaType, answer.body.text), headers);
    }
    const body = answer.body === undefined ? {} : { body: answer.body.value };
    return this.#write(exchange, { status: answer.status, headers, ...body });
  }

  /** What strikes a valid request, by the client's wish or the workspace's rules. @throws {Problem} for an unknown wish */
  #meetFault(exchange: Exchange, operation: Operation, body: JsonValue | undefined): Struck | undefined {
    if (this.options.stopwatch === undefined) return undefined;
    const { headers, query, request, workspace } = exchange;
    const { faults } = workspace;
    const wish = readFaultWish(headers, () => faults.rules.map(({ name }) => name));
    if (wish === undefined && !faults.any) return undefined;
    const { operationId } = operation;
    const { method, path } = request;
    const work = new Work(this.limits.matchingSteps);
    const seen = { api: this.api.name, operationId, method, path, query, headers, body, work };
    const struck = this.#strike(faults, seen, wish);
    exchange.fault = struck?.name;
    exchange.delivery = struck && deliveryOf(struck);
    return struck;
  }

  /** @throws {Problem} `content-too-large` for a body that finding out takes too much of: no rule may be passed over */
  #strike(faults: Faults, seen: Seen, wish: FaultWish | undefined): Struck | undefined {
    try {
      return faults.strike(seen, wish);
    } catch (error) {
      if (!(error instanceof TooMuchWork)) throw error;
      throw tooLarge(`${error.message}: this body by the faults of the workspace. Give the faults simpler matches.`);
    }
  }

  /** The answer that a fault gives in the place of the operation's own. @throws {Problem} for an unknown example */
  #answerByFault(exchange: Exchange, operation: Operation, name: string, respond: Respond): HttpAnswer {
    const { status, body, example, headers } = respond;
    const engine = statusHeaders(status, operation);
    if (isInDialect(respond)) {
      const problem = faultProblem(status, name, operation);
      const reply = this.#inDialect(exchange, problem, engine);
      const violations = respond.force
        ? []
        : this.#judge(exchange, { ...reply, status, headers: { ...reply.headers, ...headers } });
      if (violations.length > 0) throw this.#ownFault(exchange, violations);
      exchange.problem = problem;
      return withHeaders(this.#write(exchange, { ...reply, status }), headers);
    }
    if (!isByExample(respond, operation)) {
      return withHeaders(this.#write(exchange, { status, body, headers: engine }), headers, body);
    }
    const preference = { dynamic: false, code: status, ...(example === undefined ? {} : { example }) };
    const transaction = exchange.workspace.begin(this.api.name);
    return withHeaders(this.#answerByDocument(exchange, operation, preference, transaction), headers);
  }

  /** @throws {Problem} `unknown-path` or `method-not-allowed` */
  #match(request: HttpRequest): { operation: Operation; values: Readonly<Record<string, string>> } {
    const match = this.api.match(request.path);
    if (match === undefined) {
      const { path } = request;
      const other = path.endsWith('/') ? path.slice(0, -1) : `${path}/`;
      const hint = this.api.match(other) === undefined ? '' : ` Did you mean ${other}?`;
      throw new Problem('unknown-path', { message: `${this.api.name} documents no path ${path}.${hint}` });
    }
    const { operations, values } = match;
    const operation = operations.get(request.method) ?? (request.method === 'HEAD' ? operations.get('GET') : undefined);
    if (operation !== undefined) return { operation, values };
    const allow = [...operations.keys(), ...(operations.has('GET') ? ['HEAD'] : [])];
    const message = `Received ${request.method} ${request.path}; documented: ${allow.join(', ')}.`;
    throw new Problem('method-not-allowed', { allow, message });
  }

  /** @throws {Problem} `unsupported-media-type`, `malformed-body`, `content-too-large` or `invalid-request` */
  #readBody(operation: Operation, headers: Headers, bytes: Uint8Array): JsonValue | undefined {
    if (operation.requestBody === undefined) return undefined;
    const mediaType = requestMediaType(operation, headers);
    if (bytes.length === 0) {
      if (!operation.requestBody.required) return undefined;
      const message = `The body is empty; ${operation.operationId} documents a ${mediaType} body.`;
      throw new Problem('invalid-request', { details: [{ in: 'body', pointer: '', rule: 'required', message }] });
    }
    try {
      const text = utf8.decode(bytes);
      return mediaType.includes('json') ? parse(text, this.limits.json) : text;
    } catch (error) {
      if (error instanceof JsonTooLarge) throw tooLarge(`The body is ${error.message}.`);
      const reason = error instanceof MalformedJson ? error.message : 'it is not UTF-8';
      const message = `The body is no JSON: ${reason}`;
      throw new Problem('malformed-body', { details: [{ in: 'body', pointer: '', rule: 'malformed', message }] });
    }
  }

  #judge(exchange: Exchange, reply: Reply): readonly Violation[] {
    const documented = this.#documented(exchange, reply.status);
    const body = reply.stream === undefined ? reply.body : '';
    const judged = { status: reply.status, headers: reply.headers ?? {}, body };
    return judge(judged, documented, this.api.validator);
  }

  /** Whether what a handler wrote may stand in its collections; judged where that is asked for. */
  #judgeRecords(transaction: Transaction): readonly Violation[] {
    if (this.options.checkRecords !== true) return [];
    const written = [...(transaction.changes()?.collections ?? [])].map(([name, changes]) => {
      const kept = [...changes].flatMap(([key, record]) =>
        record === null ? [] : [{ record, at: `/${name}/${key}` }],
      );
      return [name, kept] as const;
    });
    const has = (name: string, key: Key) => transaction.collection(name).has(key);
    return judgeRecords(this.api, new Map(written), { has, isReplaced: true }).map(
      ({ candidate, pointer, message }): Violation => ({
        check: 'response_schema_conformance',
        pointer: `${candidate.at}${pointer}`,
        message,
      }),
    );
  }

  #documented(exchange: Exchange, status: number): DocumentedResponse | undefined {
    return documentedResponse(exchange.operation, this.api.document.refusals, status);
  }

  #write(exchange: Exchange, reply: Reply): HttpAnswer {
    const documented = this.#documented(exchange, reply.status);
    const mediaType = documented && responseMediaType(documented, exchange.mediaType);
    const schema = (mediaType === undefined ? undefined : documented?.content.get(mediaType)?.schema) ?? {};
    if (reply.stream !== undefined) {
      const headers = { 'Content-Type': `${mediaType ?? 'text/event-stream'}; charset=utf-8`, ...reply.headers };
      return { status: reply.status, headers, body: noBytes, stream: reply.stream };
    }
    const body = reply.body === undefined ? '' : (reply.text ?? this.api.serializer.write(schema, reply.body));
    return write(reply.status, documented, exchange.mediaType, body, reply.headers);
  }

  /** Puts the api's dialect on whatever was thrown. */
  #refuse(exchange: Exchange, error: unknown): HttpAnswer {
    const problem = error instanceof Problem ? error : this.#crash(exchange.operation, error);
    exchange.problem = problem;
    const reply = this.#inDialect(exchange, problem, engineHeaders(problem, exchange.operation));
    const documented = this.#documented(exchange, reply.status);
    // A request that is refused before its Accept was read is answered in what it accepts all the same.
    exchange.mediaType ??= documented && preferredMediaType([...documented.content.keys()], exchange.headers);
    // What the engine refuses is refused, also where a document forgot to declare the status.
    const forgotten = engineRefusals.has(problem.kind) && documented === undefined;
    const violations = forgotten ? [] : this.#judge(exchange, reply);
    if (violations.length === 0) return this.#write(exchange, reply);
    const fault = this.#ownFault(exchange, violations);
    return this.#write(exchange, problem.kind === 'internal' ? reply : this.#inDialect(exchange, fault, {}));
  }

  #inDialect(exchange: Exchange, problem: Problem, headers: Readonly<Record<string, string>>): Reply {
    const transaction = exchange.workspace.begin(this.api.name);
    const context: DialectContext = {
      now: transaction.now,
      uuid: () => transaction.uuid(),
      path: exchange.target,
      method: exchange.request.method,
      contentType: exchange.headers.get('content-type') ?? '',
      ...(exchange.operation === undefined ? {} : { operationId: exchange.operation.operationId }),
    };
    const reply = this.api.definition.dialect(problem, context);
    return { ...reply, headers: { ...headers, ...reply.headers } };
  }

  /** A response of ours that breaks the document: a bug, told loudly, and nothing is committed. */
  #ownFault(exchange: Exchange, violations: readonly Violation[]): Problem {
    const { operation } = exchange;
    exchange.violations = violations;
    const name = operation?.operationId ?? `a refusal of ${this.api.name}`;
    const places = violations.map(({ pointer, message }) => `${pointer || 'response'}: ${message}`).join(' ');
    const message = `The response of ${name} breaks its document. ${places}`;
    this.log.error({ api: this.api.name, operationId: operation?.operationId, violations }, message);
    return new Problem('internal', { message });
  }

  #crash(operation: Operation | undefined, error: unknown): Problem {
    const reason = reasonOf(error);
    const message = `Carrying out ${operation?.operationId ?? `a request to ${this.api.name}`} failed: ${reason}`;
    this.log.error({ api: this.api.name, operationId: operation?.operationId, error }, message);
    return new Problem('internal', { message });
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Of the many requests that have none; nobody writes into it. */
const noQuery = new URLSearchParams();

/** What is refused before a handler is asked. */
const engineRefusals: ReadonlySet<ProblemKind> = new Set([
  'unknown-path',
  'method-not-allowed',
  'unauthenticated',
  'not-acceptable',
  'unsupported-media-type',
  'content-too-large',
  'malformed-body',
  'invalid-request',
  'unknown-workspace',
]);

/** What HTTP itself demands of a refusal, whatever the api's dialect: which methods there are, and how to authenticate. */
function engineHeaders({ kind, allow }: Problem, operation: Operation | undefined): Readonly<Record<string, string>> {
  if (kind === 'method-not-allowed') return { Allow: allow.join(', ') };
  const wanted = kind === 'unauthenticated' ? challenge(operation) : undefined;
  return wanted === undefined ? {} : { 'WWW-Authenticate': wanted };
}

/** The same for a status that is answered without a refusal having happened. */
function statusHeaders(status: number, operation: Operation): Readonly<Record<string, string>> {
  if (status === 405) return { Allow: operation.method };
  const wanted = status === 401 ? challenge(operation) : undefined;
  return wanted === undefined ? {} : { 'WWW-Authenticate': wanted };
}

const noHeaders: Readonly<Record<string, string>> = Object.freeze({});

/** No answer at all: the connection is cut before one, or stays silent. */
const unanswered: HttpAnswer = { status: 0, headers: {}, body: noBytes };

function deliveryOf({ delayMilliseconds, effect }: Struck): Delivery | undefined {
  const cut = effect?.kind === 'connection' ? effect.cut : effect?.kind === 'loseReply' ? 'reset' : undefined;
  if (delayMilliseconds === 0 && cut === undefined) return undefined;
  return { delayMilliseconds, ...(cut === undefined ? {} : { cut }) };
}

/** Headers in the place of those of the same name. A text that is called something else than JSON goes out as it is. */
function withHeaders(answer: HttpAnswer, headers: Readonly<Record<string, string>>, body?: JsonValue): HttpAnswer {
  const given = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  const kept = Object.entries(answer.headers).filter(([name]) => !given.has(name.toLowerCase()));
  const [, type] = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type') ?? [];
  const plain = typeof body === 'string' && type !== undefined && !type.includes('json');
  return {
    ...answer,
    headers: { ...Object.fromEntries(kept), ...headers },
    ...(plain ? { body: Buffer.from(body) } : {}),
  };
}

function toRequest({ path, query, header }: ParameterValues, body: JsonValue | undefined): AnyRequest {
  return { path, query, header, body };
}

function tooLarge(message: string): Problem {
  return new Problem('content-too-large', { details: [{ in: 'body', pointer: '', rule: 'limit', message }] });
}

/** As the control API's document has it. */
const workspaceName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

function unknownWorkspace(name: string): Problem {
  const message = workspaceName.test(name)
    ? `There is no workspace ${name}. Make it with POST /_sandbox/workspaces {"name": "${name}", "scenario": "default"}.`
    : `There is no workspace ${excerpt(name)}. A name has up to 100 letters, digits, ".", "_" and "-", and begins with a letter or digit.`;
  return new Problem('unknown-workspace', { message });
}

function write(
  status: number,
  documented: DocumentedResponse | undefined,
  wanted: string | undefined,
  body: string,
  headers: Readonly<Record<string, string>> = noHeaders,
): HttpAnswer {
  const mediaType = (documented && responseMediaType(documented, wanted)) ?? 'application/json';
  const type = body === '' ? noHeaders : typeHeader(mediaType);
  return { status, headers: headers === noHeaders ? type : { ...type, ...headers }, body: bytesOf(body) };
}

function bytesOf(text: string): Uint8Array {
  return text === '' ? noBytes : Buffer.from(text);
}

const typeHeaders = new Map<string, HttpAnswer['headers']>();

/** The header of a media type that a document has: one object for all, because the journal keeps it for every answer. */
function typeHeader(mediaType: string): HttpAnswer['headers'] {
  const known = typeHeaders.get(mediaType) ?? Object.freeze({ 'Content-Type': `${mediaType}; charset=utf-8` });
  typeHeaders.set(mediaType, known);
  return known;
}
