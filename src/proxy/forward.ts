/**
 * Passes requests on to a server and its answers back, as they are: bytes of bodies, names and order of headers, statuses and
 * their reasons, trailers, ends that come too early. Only what belongs to one connection is each side's own.
 */
import { type ClientRequest, createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { reasonOf } from '../reason.js';
import { Capture, type CaptureRoom } from './capture.js';
import { forClient, isFramed, lines, type RawHeaders } from './headers.js';
import { Line } from './line.js';
import { mostHeaderBytes, type Upstream } from './upstream.js';

/** One request and what came of it. */
export interface Passage {
  /** Counts up from 1. */
  readonly number: number;
  readonly milliseconds: number;
  readonly request: PassedRequest;
  /** Absent: none began. */
  readonly answer?: PassedAnswer;
  /** Why there is no whole answer: the server's fault, or the client left. Absent: it is whole. */
  readonly trouble?: { readonly by: 'server' | 'client'; readonly message: string };
}

export interface PassedRequest {
  readonly method: string;
  /** Path and query as the client wrote them. */
  readonly target: string;
  readonly rawHeaders: RawHeaders;
  readonly body: Capture;
  /** Whether all of it came. */
  readonly isWhole: boolean;
}

export interface PassedAnswer {
  readonly status: number;
  readonly rawHeaders: RawHeaders;
  readonly body: Capture;
}

export interface ForwarderOptions {
  readonly upstream: Upstream;
  readonly room: CaptureRoom;
  /** A longer body passes, and is not kept. */
  readonly bodyBytes: number;
  /** Told each exchange when it is over; lets go of its bodies. It must not throw. */
  readonly passed: (passage: Passage) => void;
  /** Told of what is not passed on, in a few words. */
  readonly refused: (what: string) => void;
}

/** A server that does not listen yet, and forwards all that comes. */
export function makeForwarder(options: ForwarderOptions): Server {
  const connections = new WeakMap<Socket, Line>();
  let number = 0;
  const pass = (request: IncomingMessage, response: ServerResponse): void => {
    const line = connections.get(request.socket);
    // Every request has come over a connection.
    if (line !== undefined) new Forwarding(++number, request, response, line, { ...options, passed }).begin();
  };
  const passed = (passage: Passage): void => {
    options.passed(passage);
    // A server that closes waits for connections that are kept open, too.
    if (!server.listening) setImmediate(() => server.closeIdleConnections());
  };
  // How long anybody may take, client and server say: whoever gives up ends the line.
  const server = createServer({ maxHeaderSize: mostHeaderBytes, keepAliveTimeout: 0, requestTimeout: 0 }, pass);
  server.on('connection', (socket: Socket) => connections.set(socket, new Line(socket, options.upstream.agent())));
  // The server says whether it goes on.
  server.on('checkContinue', pass);
  server.on('checkExpectation', pass);
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const { code = '' } = error;
    const isHttp = !code.startsWith('HPE_');
    if (!isHttp) options.refused(`a request that is no HTTP (${code})`);
    if (isHttp || !socket.writable || connections.get(socket)?.isIdle === false) socket.destroy();
    else
      socket.end(refusal(code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : '400 Bad Request'));
  });
  // Of a client that takes us for the proxy of its network; what it sends through a tunnel nobody could judge.
  server.on('connect', (_, socket: Socket) => {
    options.refused('a CONNECT, which asks for a tunnel');
    const error = "paydouble proxy: there are no tunnels; the client gets this proxy's URL in place of the server's";
    socket.end(refusal('501 Not Implemented', `${JSON.stringify({ error })}\n`));
  });
  return server;
}

/** An answer of the proxy's own, and the end of the connection. */
function refusal(status: string, json = ''): string {
  const type = json === '' ? '' : 'Content-Type: application/json\r\n';
  return `HTTP/1.1 ${status}\r\nConnection: close\r\n${type}Content-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}`;
}

/** One request on its way. */
class Forwarding {
  readonly #began = performance.now();
  readonly #asked: Capture;
  readonly #answered: Capture;
  #incoming: IncomingMessage | undefined;
  #trouble: Passage['trouble'];
  #isContinued = false;
  #isOver = false;

  constructor(
    private readonly number: number,
    private readonly request: IncomingMessage,
    private readonly response: ServerResponse,
    private readonly line: Line,
    private readonly options: ForwarderOptions,
  ) {
    this.#asked = new Capture(options.room, options.bodyBytes);
    this.#answered = new Capture(options.room, options.bodyBytes);
  }

  begin(): void {
    const { request, response, line } = this;
    line.begin(this.#end);
    response.sendDate = false;
    response.on('close', this.#end);
    response.on('error', () => {});
    request.on('error', () => {});
    const outgoing = this.#open();
    if (outgoing === undefined) return;
    let isConnected = false;
    response.on('close', () => {
      if (!response.writableFinished) outgoing.destroy();
    });
    outgoing.on('socket', (socket) => {
      line.follow(socket);
      isConnected = !socket.connecting;
      socket.once(this.options.upstream.isSecure ? 'secureConnect' : 'connect', () => {
        isConnected = true;
      });
    });
    outgoing.on('continue', () => {
      // One says it all: a flood of them would pile up where the client does not read.
      if (!this.#isContinued && !response.headersSent) response.writeContinue();
      this.#isContinued = true;
    });
    outgoing.on('response', (incoming) => this.#passBack(incoming, outgoing.shouldKeepAlive));
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      if (this.#incoming !== undefined) {
        // Of an answer that has begun, its own end says what became of it; without a length, Node takes any end for its.
        if (!isFramed(this.#incoming.rawHeaders)) this.#fail('the answer broke off', false);
        return;
      }
      // What cannot be read cannot be passed on either.
      const isUnreadable = error.code?.startsWith('HPE_') === true;
      this.#fail(error.message || error.code || error.name, !isConnected || isUnreadable);
    });
    outgoing.on('close', () => {
      if (this.#incoming === undefined) this.#fail('the server closed the connection', false);
    });
    request.on('data', (chunk: Buffer) => {
      this.#asked.add(chunk);
      // Of a server that answered early, or is gone, the rest of the body is passed over.
      if (!outgoing.destroyed && !outgoing.write(chunk)) request.pause();
    });
    outgoing.on('drain', () => request.resume());
    outgoing.on('close', () => request.resume());
    request.on('end', () => {
      if (outgoing.destroyed) return;
      finish(outgoing, request);
    });
  }

  #open(): ReturnType<Upstream['open']> | undefined {
    const { method = 'GET', rawHeaders } = this.request;
    try {
      return this.options.upstream.open(method, targetOf(this.request), rawHeaders, this.line.agent);
    } catch (error) {
      this.#fail(reasonOf(error), true);
      this.request.resume();
      return undefined;
    }
  }

  #passBack(incoming: IncomingMessage, keepsAlive: boolean): void {
    const { request, response } = this;
    this.#incoming = incoming;
    incoming.on('error', () => this.#fail('the answer broke off', false));
    const { statusCode = 0, statusMessage = '', rawHeaders } = incoming;
    // Whether a client that was not told to go on sends its body after all, nobody knows.
    const isUnsure = !this.#isContinued && !request.complete && request.headers.expect !== undefined;
    response.shouldKeepAlive = response.shouldKeepAlive && keepsAlive && !isUnsure;
    // A body that ends with its connection goes on as one.
    if (!isFramed(rawHeaders) && !keepsAlive) response.useChunkedEncodingByDefault = false;
    try {
      response.writeHead(statusCode, statusMessage, forClient(rawHeaders, request.httpVersion));
    } catch (error) {
      this.#fail(reasonOf(error), true);
      incoming.destroy();
      return;
    }
    response.flushHeaders();
    incoming.on('data', (chunk: Buffer) => {
      this.#answered.add(chunk);
      if (!response.write(chunk)) incoming.pause();
    });
    response.on('drain', () => incoming.resume());
    incoming.on('end', () => finish(response, incoming));
  }

  /** The server gave no answer, or not all of it. The client is told where nothing of it can be passed on. */
  #fail(message: string, isToTell: boolean): void {
    const { request, response } = this;
    if (this.#isOver || this.#trouble !== undefined || this.#incoming?.complete === true) return;
    this.#trouble = { by: 'server', message };
    if (isToTell && !response.headersSent) {
      const error = `paydouble proxy: no answer from ${this.options.upstream.url}: ${message}`;
      // A reason that could not be passed on would stay, if there were none here.
      response.writeHead(502, 'Bad Gateway', { 'Content-Type': 'application/json' });
      response.end(`${JSON.stringify({ error })}\n`);
      return;
    }
    // Of an answer without a length, the end of the connection would be its end.
    if (this.#incoming === undefined || isFramed(this.#incoming.rawHeaders)) request.socket.destroySoon();
    else request.socket.resetAndDestroy();
  }

  readonly #end = (): void => {
    if (this.#isOver) return;
    const incoming = this.#incoming;
    const isWhole = incoming?.complete === true;
    if (!isWhole) this.#trouble ??= { by: 'client', message: 'the client left before the answer was whole' };
    this.#isOver = true;
    this.line.end(this.#end);
    const { method = 'GET', rawHeaders, complete } = this.request;
    const request = { method, target: targetOf(this.request), rawHeaders, body: this.#asked, isWhole: complete };
    this.options.passed({
      number: this.number,
      milliseconds: performance.now() - this.#began,
      request,
      ...(incoming === undefined
        ? {}
        : { answer: { status: incoming.statusCode ?? 0, rawHeaders: incoming.rawHeaders, body: this.#answered } }),
      ...(this.#trouble === undefined ? {} : { trouble: this.#trouble }),
    });
  };
}

/** Ends a message as the one that it was made from ended. */
function finish(message: ClientRequest | ServerResponse, { rawTrailers }: IncomingMessage): void {
  try {
    message.addTrailers(lines(rawTrailers));
    message.end();
  } catch {
    // A trailer with characters that Node does not send: the message cannot go on whole.
    message.destroy();
  }
}

/** Path and query. Clients that take us for a proxy of their own name a host before it. */
function targetOf({ url = '/' }: IncomingMessage): string {
  const rest = url.replace(/^https?:\/\/[^/?]*/i, '');
  return rest === url || rest.startsWith('/') ? rest : `/${rest}`;
}
