/**
 * A server that begins to listen, and where.
 */
import type { Server } from 'node:http';

/** The port cannot be had. `message` says what to do. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

/**
 * Has a server listen; port 0 is any that is free.
 *
 * @throws {ListenError} if the port cannot be had
 */
export function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const advice: Readonly<Record<string, string>> = {
        EADDRINUSE: `Port ${port} of ${host} is in use. Stop what listens there, or give another with --port (0 for any that is free).`,
        EACCES: `Port ${port} of ${host} may not be used by this account. Give one above 1023 with --port.`,
        EADDRNOTAVAIL: `${host} is no address of this machine. Give another with --host.`,
        ENOTFOUND: `${host} is no known host name. Give another with --host.`,
      };
      reject(new ListenError(advice[error.code ?? ''] ?? `Cannot listen on ${host}:${port}: ${error.message}`));
    });
    server.listen(port, host, resolve);
  });
}

/** Where a server listens: `http://127.0.0.1:4010`. */
export function urlOf(server: Server, host: string): string {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
