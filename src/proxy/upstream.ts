/**
 * The server behind the proxy: where it is, and how it is reached.
 */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  type Agent,
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type RequestOptions,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { reasonOf } from '../reason.js';
import { CannotVerify } from '../verify/reach.js';
import { readServerUrl } from '../verify/server-url.js';
import { forServer, isFramed, lines, type RawHeaders } from './headers.js';

/** Both sides take headers of so many bytes; Node's own limit is a quarter of it. */
export const mostHeaderBytes = 65_536;

/** How far the server's certificate is trusted. */
export interface Trust {
  /** A file of certificates, as PEM, in the place of the well-known authorities. Absent: those. */
  readonly ca?: string;
  /** Whether any certificate will do. */
  readonly insecure?: boolean;
}

/** Methods for which Node adds no header about a body that there is not. */
const bodiless: ReadonlySet<string> = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE']);

export class Upstream {
  readonly #base: URL;
  readonly #path: string;
  readonly #tls: { readonly ca?: string; readonly rejectUnauthorized: boolean };

  /** @throws {CannotVerify} if the URL is none that can be forwarded to, or the file of certificates cannot be read */
  constructor(url: string, { ca, insecure = false }: Trust = {}) {
    this.#base = readServerUrl('--upstream', url);
    this.#path = this.#base.pathname.replace(/\/+$/, '');
    this.#tls = { rejectUnauthorized: !insecure, ...(ca === undefined ? {} : { ca: readCertificates(ca) }) };
  }

  /** Without a slash at the end: `https://test.example/v1`. */
  get url(): string {
    return `${this.#base.origin}${this.#path}`;
  }

  get isSecure(): boolean {
    return this.#base.protocol === 'https:';
  }

  /** What keeps the connections to the server for one connection of a client. */
  agent(): Agent {
    const options = { keepAlive: true, maxSockets: 1 };
    return this.isSecure ? new HttpsAgent({ ...options, ...this.#tls }) : new HttpAgent(options);
  }

  /**
   * Begins a request, with the headers as they are in their order.
   *
   * @throws {TypeError} if a header has a character that Node does not send
   */
  open(method: string, target: string, headers: RawHeaders, agent: Agent): ClientRequest {
    const path = target.startsWith('/') ? `${this.#path}${target}` : target;
    const all = forServer(headers, this.#base.host);
    const send = (options: RequestOptions) =>
      (this.isSecure ? httpsRequest : httpRequest)(this.#base, { ...options, maxHeaderSize: mostHeaderBytes });
    if (isFramed(headers) || bodiless.has(method)) return send({ method, path, agent, headers: all });
    // A list of headers would be completed with one about a body: the client sent none, and said nothing of one.
    const outgoing = send({ method, path, agent, setHost: false });
    outgoing.useChunkedEncodingByDefault = false;
    const values = new Map<string, [name: string, values: string[]]>();
    for (const [name, value] of lines(all)) {
      const [, known] = values.get(name.toLowerCase()) ?? [];
      if (known === undefined) values.set(name.toLowerCase(), [name, [value]]);
      else known.push(value);
    }
    for (const [name, own] of values.values()) outgoing.setHeader(name, own);
    return outgoing;
  }
}

const certificates = /-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs;

/** Without one, TLS would trust nobody, and say so only when the first request fails. */
function readCertificates(file: string): string {
  const refuse = (what: string) => new CannotVerify(`--upstream-ca: ${file}${what}`);
  const text = attempt(
    () => readFileSync(file, 'utf8'),
    (reason) => refuse(`: ${reason}`),
  );
  const found = text.match(certificates) ?? [];
  if (found.length === 0) {
    throw refuse(' has no certificate; expected PEM, from -----BEGIN CERTIFICATE----- to its END.');
  }
  for (const [index, each] of found.entries()) {
    attempt(
      () => new X509Certificate(each),
      (reason) => refuse(`: certificate ${index + 1} cannot be read: ${reason}`),
    );
  }
  return text;
}

function attempt<Made>(make: () => Made, refuse: (reason: string) => Error): Made {
  try {
    return make();
  } catch (error) {
    throw refuse(reasonOf(error));
  }
}
