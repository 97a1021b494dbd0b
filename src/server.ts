/**
 * HTTP in and out. What is for an api goes to its lifecycle straight from node:http, ahead of Express, which alone would
 * cost more than all the rest (design: "Speed"); everything else goes to Express.
 */
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Stream } from './api.js';
import { Bodies, type Body, hasBody, tooLong } from './bodies.js';
import type { Deliveries } from './delivery.js';
import type { Lifecycle } from './lifecycle.js';
import type { Limits } from './limits.js';
import type { Log } from './log.js';
import type { HttpAnswer } from './message.js';
import { Stages } from './stages.js';
import { findTarget, type Target } from './target.js';

export interface ServerParts {
  /** By api, the control API included; what is not needed at a start is made when it is first got. */
  readonly lifecycles: Pick<ReadonlyMap<string, Lifecycle>, 'has' | 'get'>;
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
export function makeServer(parts: ServerParts): Server {
  const { headersMilliseconds, requestMilliseconds, connections } = parts.limits;
  const listener = new Listener(parts);
  const server = createServer({
    headersTimeout: headersMilliseconds,
    requestTimeout: requestMilliseconds,
    // How often Node looks for clients that are too slow; by itself, every half minute.
    connectionsCheckingInterval: Math.min(headersMilliseconds, requestMilliseconds) / 2,
  });
  server.maxConnections = connections;
  openStreams.set(server, listener.streams);
  server.on('request', (request, response) => listener.hear(request, response, false));
  server.on('checkContinue', (request, response) => listener.hear(request, response, true));
  return server;
}

/** The documents are the sandbox's own to serve, at every api's root; a browser that opens a bare root is led home. */
function isPage({ path }: Target, { method, headers }: IncomingMessage, lifecycle: Lifecycle): boolean {
  if (path === '/openapi.json' || path === '/openapi.yaml') return true;
  const browses = method === 'GET' && (headers.accept ?? '').includes('text/html');
  return path === '/' && browses && !lifecycle.serves('/');
}

/** Takes requests off the wire and puts answers on it: at once where nothing is to be waited for. */
class Listener {
  readonly streams = new Set<ServerResponse>();
  readonly #bodies: Bodies;
  readonly #stages = new Stages();

  constructor(private readonly parts: ServerParts) {
    this.#bodies = new Bodies(parts.limits.allBodiesBytes);
  }

  /** `asks`: the client waits to be told to send its body. */
  hear(request: IncomingMessage, response: ServerResponse, asks: boolean): void {
    try {
      this.#hear(request, response, asks);
    } catch (error) {
      // What is made for the first who needs it could not be: no file can be opened, say.
      this.#failed(request, response, error);
    }
  }

  #hear(request: IncomingMessage, response: ServerResponse, asks: boolean): void {
    const { lifecycles, rest } = this.parts;
    const target = findTarget(request, lifecycles);
    const lifecycle = target && lifecycles.get(target.api);
    if (target === undefined || lifecycle === undefined || isPage(target, request, lifecycle)) {
      rest(request, response);
      return;
    }
    const { bodyBytes } = lifecycle.limits;
    const take = (body: Body) => this.#stages.carryOut(() => this.#answer(request, response, target, lifecycle, body));
    if (asks && Number(request.headers['content-length'] ?? 0) > bodyBytes) {
      take(tooLong(bodyBytes));
      return;
    }
    if (asks) response.writeContinue();
    this.#bodies.read(request, bodyBytes, take);
  }

  #answer(request: IncomingMessage, response: ServerResponse, target: Target, lifecycle: Lifecycle, body: Body): void {
    const { method = 'GET', rawHeaders } = request;
    const { path, query, workspace } = target;
    const asked =
      typeof body === 'string'
        ? { method, path, query, rawHeaders, body: undefined, unread: body }
        : { method, path, query, rawHeaders, body };
    const failed = (error: unknown) => this.#failed(request, response, error);
    try {
      const answer = lifecycle.answer(asked, workspace);
      if (answer.kept === undefined) {
        this.#deliver(request, response, answer);
        return;
      }
      this.parts.waiting(1);
      answer.kept
        .finally(() => this.parts.waiting(-1))
        .then(
          () => this.#deliver(request, response, answer),
          (error: unknown) => this.#deliver(request, response, lifecycle.unkept(asked, workspace, error, answer.entry)),
        )
        .catch(failed);
    } catch (error) {
      failed(error);
    }
  }

  #deliver(request: IncomingMessage, response: ServerResponse, answer: HttpAnswer): void {
    if (answer.delivery !== undefined) {
      this.parts.deliveries
        .deliver(request, response, answer, (whole) => send(request, response, whole))
        .catch((error: unknown) => this.#failed(request, response, error));
    } else if (answer.stream !== undefined && request.method !== 'HEAD') {
      stream(response, answer, answer.stream, this.streams);
    } else {
      this.#stages.write(() => {
        try {
          send(request, response, answer);
        } catch (error) {
          // A header that no answer can have, say.
          this.#failed(request, response, error);
        }
      });
    }
  }

  /** There is nothing to answer with. */
  #failed(request: IncomingMessage, response: ServerResponse, error: unknown): void {
    this.parts.log.error({ error, url: request.url }, 'a request could not be answered');
    if (!response.headersSent) response.writeHead(500);
    response.end();
  }
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

/** What a browser asks for to show it, rather than a script or a client for its own ends. */
const asPage: ReadonlySet<unknown> = new Set(['document', 'iframe', 'frame', 'embed', 'object']);

/** An answer that a browser shows has no power over the pages at the same origin, whatever a fault puts into it. */
const powerless = { 'Content-Security-Policy': 'sandbox', 'X-Content-Type-Options': 'nosniff' };

function send(request: IncomingMessage, response: ServerResponse, { status, headers, body }: HttpAnswer): void {
  const length = status === 204 ? {} : { 'Content-Length': body.length };
  const close = request.complete || !hasBody(request) ? {} : { Connection: 'close' };
  const shown = asPage.has(request.headers['sec-fetch-dest'] ?? '') ? powerless : {};
  response.writeHead(status, { ...headers, ...length, ...close, ...shown });
  response.end(request.method === 'HEAD' || body.length === 0 ? undefined : body);
}
