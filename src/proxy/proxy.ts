/**
 * `paydouble proxy`, without the command line: stands between a client and its server, and judges both.
 */
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { ApiDocument } from '../document.js';
import { ListenError, listen, urlOf } from '../listen.js';
import { VerifiedContract } from '../verify/contract.js';
import type { Report } from '../verify/report/report.js';
import { CannotVerify, FileError, readContract } from '../verify/verify.js';
import { CaptureRoom } from './capture.js';
import { makeForwarder } from './forward.js';
import { Tally } from './tally.js';
import { type Trust, Upstream } from './upstream.js';

export interface ProxyOptions {
  /** The id of an api of ours, or the path of a document. */
  readonly document: string;
  /** Where the server is: `https://test.example/v1`. */
  readonly upstream: string;
  readonly trust?: Trust;
  /** Absent, or 0: any that is free. */
  readonly port?: number;
  /** Absent, 127.0.0.1. */
  readonly host?: string;
  /** A file that gets a line of JSON for every exchange. Absent: none. */
  readonly cases?: string;
  /** Told each defect when it is found first, and whatever else a person should know at once, a line each. */
  readonly told: (line: string) => void;
  readonly limits?: Partial<ProxyLimits>;
}

/** How much is kept for judging. Whatever is longer passes all the same. */
export interface ProxyLimits {
  /** Of one body, with its encoding and without. */
  readonly bodyBytes: number;
  /** Of the bodies that are under way, together. */
  readonly allBodiesBytes: number;
}

const defaultLimits: ProxyLimits = { bodyBytes: 16_777_216, allBodiesBytes: 268_435_456 };

/** How long an exchange that is under way may take after {@link RunningProxy.close}. */
const graceMilliseconds = 5_000;

export interface RunningProxy {
  /** `http://127.0.0.1:40213` */
  readonly url: string;
  readonly upstream: string;
  readonly document: ApiDocument;
  /** Finishes what is under way, and tells what it all came to. */
  close(): Promise<Report>;
}

/**
 * Starts a proxy. Whether the server behind it answers is seen when a request comes.
 *
 * @throws {CannotVerify} if there is no such document, the URL is none to forward to, or a file cannot be read or written
 * @throws {FileError} if the document cannot be used
 * @throws {ListenError} if the port cannot be had
 */
export async function startProxy(options: ProxyOptions): Promise<RunningProxy> {
  const { bodyBytes, allBodiesBytes } = { ...defaultLimits, ...options.limits };
  const host = options.host ?? '127.0.0.1';
  const upstream = new Upstream(options.upstream, options.trust);
  const { document } = await readContract(options.document);
  const tally = new Tally({
    contract: new VerifiedContract(document),
    url: upstream.url,
    bodyBytes,
    told: options.told,
    ...(options.cases === undefined ? {} : { cases: options.cases }),
  });
  const server = makeForwarder({
    upstream,
    room: new CaptureRoom(allBodiesBytes),
    bodyBytes,
    passed: (passage) => tally.add(passage),
    refused: (what) => tally.leave(what),
  });
  const connections = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  await listen(server, options.port ?? 0, host);
  return {
    url: urlOf(server, host),
    upstream: upstream.url,
    document,
    close: async () => {
      await stop(server, connections, options.told);
      return tally.report();
    },
  };
}

async function stop(server: Server, connections: ReadonlySet<Socket>, told: ProxyOptions['told']): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const left = [...connections].filter(({ destroyed }) => !destroyed).length;
  if (left > 0) told(`Waiting for exchanges that are under way (${left}), at most ${graceMilliseconds / 1000} s.`);
  const grace = setTimeout(() => server.closeAllConnections(), graceMilliseconds);
  await closed;
  clearTimeout(grace);
  // Connections tell of their end after the server has told of its own.
  await Promise.all([...connections].map((socket) => once(socket, 'close')));
}

export { CannotVerify, FileError, ListenError };
