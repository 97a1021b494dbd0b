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
}

/** The answers of each server that go on until either side closes. */
const openStreams = new WeakMap<Server, ReadonlySet<ServerResponse>>();

/** Ends every stream of a server, so that it can close. */
export function endStreams(server: Server): void {
  for (const response of openStreams.get(server) ?? []) response.end();
}

/** A server that does not listen yet. */
export function makeServer({ lifecycles, rest, limits, deliveries, log }: ServerParts): Server {
  const streams = new Set<ServerResponse>();
  const listener = (request: IncomingMessage, response: ServerResponse, sendContinue = false): void => {
    const target = findTarget(request, lifecycles);
    const found = target === undefined ? undefined : lifecycles.get(target.api);
    const lifecycle = target !== undefined && found !== undefined && isPage(target, request, found) ? undefined : found;
    if (target === undefined || lifecycle === undefined) {
      rest(request, response);
      return;
    }
    carry(request, response, target, lifecycle, { streams, deliveries }, sendContinue).catch((error: unknown) => {
      // The client went away while it was sending, or a dialect threw: there is nobody, or nothing, to answer.
      if (!request.complete) return;
      log.error({ error, url: request.url }, 'a request could not be answered');
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
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
}

async function carry(
  request: IncomingMessage,
  response: ServerResponse,
  target: Target,
  lifecycle: Lifecycle,
  { streams, deliveries }: Held,
  sendContinue: boolean,
): Promise<void> {
  const { limits } = lifecycle;
  const tooLong = Number(request.headers['content-length'] ?? 0) > limits.bodyBytes;
  if (sendContinue && !tooLong) response.writeContinue();
  const body = sendContinue && tooLong ? undefined : await readBody(request, limits.bodyBytes);
  const { method = 'GET', rawHeaders } = request;
  const asked = { method, path: target.path, query: target.query, rawHeaders, body };
  let answer = lifecycle.answer(asked, target.workspace);
  try {
    if (answer.kept !== undefined) await answer.kept;
  } catch (error) {
    answer = lifecycle.unkept(asked, target.workspace, error);
  }
  if (answer.delivery !== undefined) {
    await deliveries.deliver(request, response, answer, (whole) => send(request, response, whole));
  } else if (answer.stream === undefined || method === 'HEAD') send(request, response, answer);
  else stream(response, answer, answer.stream, streams);
}

/** The body whole, or `undefined` if it is longer than the limit: then it is passed over as it comes. */
function readBody(request: IncomingMessage, limit: number): Promise<Uint8Array | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= limit) chunks.push(chunk);
      else if (length > mostDiscarded) resolve(undefined);
    });
    request.on('end', () => resolve(length > limit ? undefined : Buffer.concat(chunks)));
    request.on('error', reject);
  });
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

function send(request: IncomingMessage, response: ServerResponse, answer: HttpAnswer): void {
  const bytes = Buffer.from(answer.body, 'utf8');
  const length = answer.status === 204 ? {} : { 'Content-Length': bytes.length };
  const close = request.complete ? {} : { Connection: 'close' };
  response.writeHead(answer.status, { ...answer.headers, ...length, ...close });
  response.end(request.method === 'HEAD' || bytes.length === 0 ? undefined : bytes);
}
