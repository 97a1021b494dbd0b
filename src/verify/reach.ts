/**
 * Whether servers answer at all, and take the credential: what must hold before anything of them is judged.
 */
import type { ApiDocument } from '../document.js';
import { answersOf, type Exchange, type WireResponse } from './case.js';
import { NotSent } from './client.js';

/** A run that cannot begin: nobody answers, or the credential is refused. `message` says what to do. */
export class CannotVerify extends Error {
  override readonly name = 'CannotVerify';
}

/** So many requests in a row that meet nobody end a run. */
const mostRefused = 3;

/** What is known of one server. */
interface Known {
  readonly url: string;
  answered: boolean;
  /** Whether it answered something else than 404. */
  found: boolean;
  accepted: boolean;
  refused: boolean;
}

/** Learns from the first exchanges with one server, or with two. */
export class Reach {
  readonly #servers: Known[] = [];
  /** The last request that was answered, and those after it that met nobody. */
  #lastAnswered: Exchange | undefined;
  #refused: readonly Exchange[] = [];

  /** @throws {CannotVerify} if nobody takes connections any more */
  watch(exchange: Exchange): void {
    if (!answersOf(exchange).some(({ response }) => isConnectionRefused(response))) {
      this.#refused = [];
      if (answersOf(exchange).every(({ response }) => !(response instanceof Error))) this.#lastAnswered = exchange;
      return;
    }
    this.#refused = [...this.#refused, exchange];
    if (this.#refused.length < mostRefused) return;
    const gone = answersOf(exchange).find(({ response }) => isConnectionRefused(response)) ?? exchange;
    const last = this.#lastAnswered;
    const answered =
      last === undefined ? 'It answered nothing.' : `The last request that was answered: ${named(last)}.`;
    throw new CannotVerify(`${new URL(gone.url).origin} takes no connections any more. ${answered}`);
  }

  /** @throws {CannotVerify} if a server that never answered does not answer */
  note(exchange: Exchange): void {
    for (const [index, { url, response }] of answersOf(exchange).entries()) {
      const known = this.#servers[index] ?? { url, answered: false, found: false, accepted: false, refused: false };
      this.#servers[index] = known;
      if (response instanceof Error) {
        if (known.answered || response instanceof NotSent) continue;
        throw new CannotVerify(`No answer from ${url}: ${response.message.replace(/\.$/, '')}. Is the server up?`);
      }
      known.answered = true;
      if (response.status !== 404) known.found = true;
      if (response.status === 401) known.refused = true;
      else known.accepted = true;
    }
  }

  /** @throws {CannotVerify} if a server answered 401 to everything; `missing` names the schemes that nothing is given for */
  checkCredential(missing: readonly string[]): void {
    const refusing = this.#servers.find(({ accepted, refused }) => refused && !accepted);
    if (refusing === undefined) return;
    const [at, more] =
      this.#servers.length === 1
        ? ['', '']
        : [` at ${new URL(refusing.url).origin}`, ', or their forms for one server'];
    const named = missing.map((name) => `--credential ${name}=…`).join(' or ');
    if (named !== '')
      throw new CannotVerify(`Every operation answers 401${at}: no credential is given. Give ${named}.`);
    throw new CannotVerify(
      `Every operation answers 401${at}: the credential is refused. Give another with --header or --credential${more}.`,
    );
  }

  /** @throws {CannotVerify} if a server answered 404 to everything, and its URL lacks the path of every documented server */
  checkPath({ serverPaths, serverUrls }: Pick<ApiDocument, 'serverPaths' | 'serverUrls'>): void {
    const isBelowPath = (url: string) => serverPaths.some((path) => url.replace(/\/+$/, '').endsWith(path));
    if (serverUrls.length === 0 || !serverUrls.every(isBelowPath)) return;
    const isLost = ({ answered, found, url }: Known) =>
      answered && !found && !serverPaths.some((path) => hasPath(url, path));
    if (!this.#servers.some(isLost)) return;
    throw new CannotVerify(
      `Every operation answers 404. The document's server is ${serverUrls.join(' or ')}: give --url with its path.`,
    );
  }
}

function hasPath(url: string, path: string): boolean {
  return `${new URL(url).pathname}/`.startsWith(`${path}/`);
}

function isConnectionRefused(response: WireResponse | Error): boolean {
  return response instanceof Error && 'code' in response && response.code === 'ECONNREFUSED';
}

function named({ case: { id, request }, url }: Exchange): string {
  return `${request.method} ${url} (${id})`;
}
