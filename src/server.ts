/**
 * HTTP in and out. What is for an api goes to its lifecycle straight from node:http, ahead of Express, which alone would
 * cost more than all the rest (design: "Speed"); everything else goes to Express.
 */
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Stream } from './api.js';
import type { Deliveries } from './delivery.js';
import type { Lifecycle } from './lifecycle.js';
import type { Limits } from './limits.js';
import type { Log } from './log.js';
import type { HttpAnswer } from './message.js';
import { findTarget, type Target } from './target.js';

/** How much of a body that is too long is passed over, so that the client reads its refusal, before the line is cut. */
const mostDiscarded = 134_217_728;

export interface ServerParts {
  /** By api, the control API included. */
  readonly lifecycles: ReadonlyMap<string, Lifecycle>;
  /** Home, documents, and what leads nowhere. */
  readonly rest: RequestListener;
  readonly limits: Limits;
  /** What carries out the answers that a fault delays or cuts. */
  readonly deliveries: Deliveries;
  readonly log: Log;
  /** Told when an answer begins to wait for the disk (1), and when it no longer does (-1). */
  readonly waiting: (change: 1 | -1) => void;
}

/** The answers of each server that go on until either side closes. */
const openStreams = new WeakMap<Server, ReadonlySet<ServerResponse>>();

/** Ends every stream of a server, so that it can close. */
export function endStreams(server: Server): void {
  for (const response of openStreams.get(server) ?? []) response.end();
}

/** A server that does not listen yet. */
export function makeServer({ lifecycles, rest, limits, deliveries, log, waiting }: ServerParts): Server {
  const streams = new Set<ServerResponse>();
  const listener = (request: IncomingMessage, response: ServerResponse, sendContinue = false): void => {
    const target = findTarget(request, lifecycles);
    const found = target === undefined ? undefined : lifecycles.get(target.api);
    const lifecycle = target !== undefined && found !== undefined && isPage(target, request, found) ? undefined : found;
    if (target === undefined || lifecycle === undefined) {
      rest(request, response);
      return;
    }
    const told = (error: unknown) => {
      // The client went away while it was sending, or a dialect threw: there is nobody, or nothing, to answer.
      if (!request.complete && hasBody(request)) return;
      log.error({ error, url: request.url }, 'a request could not be answered');
      if (!response.headersSent) response.writeHead(500);
      response.end();
    };
    carry(request, response, target, lifecycle, { streams, deliveries, waiting }, sendContinue, told);
  };
  const server = createServer(
    { headersTimeout: limits.headersMilliseconds, requestTimeout: limits.requestMilliseconds },
    (request, response) => listener(request, response),
  );
  openStreams.set(server, streams);
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => listener(request, response, true));
  return server;
}

/** The documents are the sandbox's own to serve, at every api's root; a browser that opens a bare root is led home. */
function isPage({ path }: Target, { method, headers }: IncomingMessage, lifecycle: Lifecycle): boolean {
  if (path === '/openapi.json' || path === '/openapi.yaml') return true;
  const browses = method === 'GET' && (headers.accept ?? '').includes('text/html');
  return path === '/' && browses && !lifecycle.serves('/');
}

/** What holds the answers of a server that are not done with at once. */
interface Held {
  readonly streams: Set<ServerResponse>;
  readonly deliveries: Deliveries;
  readonly waiting: ServerParts['waiting'];
}

/** Whether a request says that a body follows. */
function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0;
}

const noBytes = new Uint8Array();

/** Answers a request: at once where nothing is to be waited for, so that it costs no turn of the event loop. */
function carry(
  request: IncomingMessage,
  response: ServerResponse,
  target: Target,
  lifecycle: Lifecycle,
  { streams, deliveries, waiting }: Held,
  sendContinue: boolean,
  failed: (error: unknown) => void,
): void {
  const { method = 'GET', rawHeaders } = request;
  const { limits } = lifecycle;
  const deliver = (answer: HttpAnswer): void => {
    if (answer.delivery !== undefined) {
      deliveries
        .deliver(request, response, answer, (whole) => send(request, response, whole))
        .catch((error: unknown) => failed(error));
    } else if (answer.stream === undefined || method === 'HEAD') send(request, response, answer);
    else stream(response, answer, answer.stream, streams);
  };
  const answer = (body: Uint8Array | undefined): void => {
    const asked = { method, path: target.path, query: target.query, rawHeaders, body };
    try {
      const made = lifecycle.answer(asked, target.workspace);
      if (made.kept === undefined) {
        deliver(made);
        return;
      }
      waiting(1);
      made.kept
        .finally(() => waiting(-1))
        .then(
          () => deliver(made),
          (error: unknown) => send(request, response, lifecycle.unkept(asked, target.workspace, error)),
        )
        .catch(failed);
    } catch (error) {
      failed(error);
    }
  };
  if (!hasBody(request)) {
    answer(noBytes);
    return;
  }
  const tooLong = Number(request.headers['content-length'] ?? 0) > limits.bodyBytes;
  if (sendContinue && tooLong) {
    answer(undefined);
    return;
  }
  if (sendContinue) response.writeContinue();
  readBody(request, limits.bodyBytes, answer, failed);
}

/** The body whole, or `undefined` if it is longer than the limit: then it is passed over as it comes. */
function readBody(
  request: IncomingMessage,
  limit: number,
  take: (body: Uint8Array | undefined) => void,
  failed: (error: unknown) => void,
): void {
  const chunks: Buffer[] = [];
  let length = 0;
  let given = false;
  const give = (body: Uint8Array | undefined) => {
    if (given) return;
    given = true;
    take(body);
  };
  request.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length <= limit) chunks.push(chunk);
    else if (length > mostDiscarded) give(undefined);
  });
  request.on('end', () => {
    const [first = noBytes] = chunks;
    give(length > limit ? undefined : chunks.length <= 1 ? first : Buffer.concat(chunks));
  });
  request.on('error', failed);
}

/** Serves what goes on after the headers. */
function stream(response: ServerResponse, answer: HttpAnswer, source: Stream, streams: Set<ServerResponse>): void {
  response.writeHead(answer.status, { ...answer.headers, 'Cache-Control': 'no-store' });
  response.flushHeaders();
  streams.add(response);
  const stop = source(
    (text, sent) => {
      if (response.writableEnded) return;
      response.write(text, (error) => {
        if (!error) sent?.();
      });
    },
    () => response.end(),
  );
  response.on('close', () => {
    streams.delete(response);
    stop();
  });
}

function send(request: IncomingMessage, response: ServerResponse, { status, headers, body }: HttpAnswer): void {
  const length = status === 204 ? {} : { 'Content-Length': Buffer.byteLength(body) };
  const close = request.complete || !hasBody(request) ? {} : { Connection: 'close' };
  response.writeHead(status, { ...headers, ...length, ...close });
  // As text: Node then puts headers and body into one write.
  response.end(request.method === 'HEAD' || body === '' ? undefined : body);
}
