/**
 * Whether servers answer at all, and take the credential: what must hold before anything of them is judged.
 */
import { answersOf, type Exchange } from './case.js';

/** A run that cannot begin: nobody answers, or the credential is refused. `message` says what to do. */
export class CannotVerify extends Error {
  override readonly name = 'CannotVerify';
}

/** What is known of one server. */
interface Known {
  readonly url: string;
  answered: boolean;
  accepted: boolean;
  refused: boolean;
}

/** Learns from the first exchanges with one server, or with two. */
export class Reach {
  readonly #servers: Known[] = [];

  /** @throws {CannotVerify} if a server that never answered does not answer */
  note(exchange: Exchange): void {
    for (const [index, { url, response }] of answersOf(exchange).entries()) {
      const known = this.#servers[index] ?? { url, answered: false, accepted: false, refused: false };
      this.#servers[index] = known;
      if (response instanceof Error) {
        if (known.answered) continue;
        throw new CannotVerify(`No answer from ${url}: ${response.message}. Is the server up?`);
      }
      known.answered = true;
      if (response.status === 401) known.refused = true;
      else known.accepted = true;
    }
  }

  /** @throws {CannotVerify} if a server answered 401 to everything */
  checkCredential(): void {
    const refusing = this.#servers.find(({ accepted, refused }) => refused && !accepted);
    if (refusing === undefined) return;
    const [at, more] =
      this.#servers.length === 1
        ? ['', '']
        : [` at ${new URL(refusing.url).origin}`, ', or their forms for one server'];
    throw new CannotVerify(
      `Every operation answers 401${at}: the credential is refused. Give another with --header or --credential${more}.`,
    );
  }
}
