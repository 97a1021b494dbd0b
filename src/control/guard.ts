/**
 * Who may steer the sandbox: this machine's own programs, not a web page that a developer happens to have open, and, where
 * the sandbox listens beyond this machine, only who has its token.
 */
import { timingSafeEqual } from 'node:crypto';
import type { Headers } from '../message.js';
import { Problem } from '../problem.js';

const local = new Set(['localhost', '127.0.0.1', '[::1]', '::1']);

/** Whether a host name, in any case, or address is this machine's own: `localhost`, `nuntiq.localhost`, `127.0.0.1`, `[::1]`. */
export function isLocal(host: string): boolean {
  const name = host.toLowerCase();
  return local.has(name) || name.endsWith('.localhost') || /^127(?:\.\d{1,3}){3}$/.test(name);
}

/**
 * Lets only a Host pass that is this machine's own, or none. A page of a foreign name that was made to lead here (DNS
 * rebinding) is of that name's origin for the browser, and would read what is answered.
 *
 * @throws {Problem} `forbidden`
 */
export function requireLocal(host = ''): void {
  const name = host.replace(/:\d+$/, '');
  if (host === '' || isLocal(name)) return;
  throw forbidden(`The host name ${name} is not this machine's own. Ask for localhost or 127.0.0.1.`);
}

/**
 * The guard of a control API. `token` is wanted of every request; absent, a local Host is.
 *
 * The guard throws {@link Problem} `forbidden`.
 */
export function makeGuard(token: string | undefined): (headers: Headers) => void {
  return (headers) => {
    const host = headers.get('host') ?? '';
    const origin = headers.get('origin');
    if (origin !== undefined && originHost(origin) !== host) {
      throw forbidden(`A page of ${origin} may not steer the sandbox at ${host}.`);
    }
    const site = headers.get('sec-fetch-site');
    if (site !== undefined && site !== 'same-origin' && site !== 'none') {
      throw forbidden('A page of another origin may not steer the sandbox.');
    }
    if (token === undefined) {
      requireLocal(host);
    } else if (!same(headers.get('authorization') ?? '', `Bearer ${token}`)) {
      throw forbidden(
        'The sandbox listens beyond this machine: send "Authorization: Bearer TOKEN", printed at its start.',
      );
    }
  };
}

function originHost(origin: string): string {
  return origin.replace(/^[a-z]+:\/\//i, '');
}

function same(received: string, expected: string): boolean {
  const [left, right] = [Buffer.from(received), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function forbidden(message: string): Problem {
  return new Problem('forbidden', { message });
}
