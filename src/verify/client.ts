/**
 * Sends requests to the server under judgement, and to no other.
 */
import {
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { excerpt } from '../excerpt.js';
import { reasonOf } from '../reason.js';
import type { WireRequest, WireResponse } from './case.js';

/** A longer answer is cut: nobody documents one, and memory is not for a server to fill. */
const mostBytes = 16_777_216;

/** A client of one server. Connections are kept open, as many as there are workers. */
export class WireClient {
  readonly #http: HttpAgent;
  readonly #https: HttpsAgent;

  constructor(
    workers: number,
    /** How long an answer may take. */
    private readonly timeoutMilliseconds: number,
  ) {
    const options = { keepAlive: true, maxSockets: workers };
    this.#http = new HttpAgent(options);
    this.#https = new HttpsAgent(options);
  }

  /** The answer to a request, redirections not followed; an Error that says why there is none. Never throws. */
  async send(baseUrl: string, request: WireRequest): Promise<WireResponse | Error> {
    const url = urlOf(baseUrl, request);
    if (url instanceof Error) return url;
    const path = writtenPath(baseUrl, request) ?? `${url.pathname}${url.search}`;
    const agent = url.protocol === 'https:' ? this.#https : this.#http;
    const response = await this.#send(url, path, request, agent);
    // A server may close a connection that was kept open just as it is used again; on one of its own the request is answered.
    return response instanceof ClosedMeanwhile ? this.#send(url, path, request, false) : response;
  }

  #send(
    url: URL,
    path: string,
    { method, headers, body }: WireRequest,
    agent: HttpAgent | HttpsAgent | false,
  ): Promise<WireResponse | Error> {
    const began = performance.now();
    return new Promise((resolve) => {
      const length = body === undefined ? [] : ['Content-Length', String(Buffer.byteLength(body))];
      const options = {
        method,
        path,
        agent,
        // As a list, so that a header may be sent twice and keeps its letter case.
        headers: ['Host', url.host, ...accept(headers), ...headers.flat(), ...length],
        signal: AbortSignal.timeout(this.timeoutMilliseconds),
      };
      const sent = open(url, options);
      if (sent instanceof Error) {
        resolve(sent);
        return;
      }
      sent.on('response', (response) => {
        read(response).then(
          (text) => resolve(answer(response, text, performance.now() - began)),
          (error: Error) => resolve(error),
        );
      });
      sent.on('upgrade', (_, socket) => {
        socket.destroy();
        resolve(new Error('The server switched to another protocol (101), which nobody asked for.'));
      });
      sent.on('error', (error: NodeJS.ErrnoException) => {
        const isClosed = sent.reusedSocket && error.code === 'ECONNRESET';
        resolve(isClosed ? new ClosedMeanwhile(error.message) : describe(error, this.timeoutMilliseconds));
      });
      sent.end(body);
    });
  }

  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }
}

/** Where a request goes; an Error if its path would lead it to another server, or nowhere. */
function urlOf(baseUrl: string, { path }: WireRequest): URL | Error {
  const url = URL.canParse(`${baseUrl}${path}`) ? new URL(`${baseUrl}${path}`) : undefined;
  if (url !== undefined && url.origin === new URL(baseUrl).origin) return url;
  return new NotSent(`The path ${excerpt(path)} leads to no place of this server; nothing was sent.`);
}

/**
 * The path and query as they are written: a URL takes `..` and `%2e%2e` for steps upwards, and they may be ids. Undefined
 * where they have what no request line takes.
 */
function writtenPath(baseUrl: string, { path }: WireRequest): string | undefined {
  const written = `${new URL(baseUrl).pathname.replace(/\/+$/, '')}${path}`;
  return /^\/[\x21-\x22\x24-\x7e]*$/.test(written) ? written : undefined;
}

/** A request that is not sent yet; an Error if it cannot be: what a server gave may stand in a header. */
function open(url: URL, options: RequestOptions): ClientRequest | Error {
  try {
    return (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options);
  } catch (error) {
    return new NotSent(reasonOf(error));
  }
}

/** A request that no client could send: it says nothing of the server. */
export class NotSent extends Error {}

/** A connection that was kept open was closed before an answer began. */
class ClosedMeanwhile extends Error {}

/** The media type of an answer without its parameters, in lower case; empty if it says none. */
export function essenceOf({ headers }: Pick<WireResponse, 'headers'>): string {
  return (headers.get('content-type') ?? '').split(';', 1).join('').trim().toLowerCase();
}

/** What is accepted if the request does not say. */
function accept(headers: WireRequest['headers']): readonly string[] {
  const said = headers.some(([name]) => name.toLowerCase() === 'accept');
  return said ? [] : ['Accept', 'application/json, */*;q=0.1'];
}

function answer({ statusCode = 0, headers }: IncomingMessage, text: string, milliseconds: number): WireResponse {
  const joined = Object.entries(headers).map(
    ([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')] as const,
  );
  return { status: statusCode, headers: new Map(joined), text, milliseconds };
}

function read(response: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes > mostBytes) response.destroy(new Error(`The answer is longer than ${mostBytes} bytes.`));
    });
    response.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    response.on('aborted', () => reject(new Error('The answer broke off.')));
    response.on('error', reject);
  });
}

function describe(error: Error, timeout: number): Error {
  return error.name === 'TimeoutError' || error.name === 'AbortError'
    ? new Error(`No answer within ${timeout / 1000} s.`)
    : error;
}
