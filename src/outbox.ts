/**
 * Answers that are ready, until the end of the event loop's turn. Written one after the other they cost a client on the same
 * machine, as tests are, one awakening; each written by itself costs one for each, and that more than the answer
 * (docs/decisions/hot-path.md).
 */

/** No more wait than these. */
const mostWaiting = 64;

/** Nor longer than this: behind a request that takes long, others do not wait. */
const mostMilliseconds = 1;

/** Holds back what a turn of the event loop wants to write. */
export class Outbox {
  #waiting: (() => void)[] = [];
  #since = 0;

  /** Has something written at the end of this turn, in the order in which it came; sooner if much waits, or has waited long. */
  put(write: () => void): void {
    if (this.#waiting.length === 0) {
      this.#since = performance.now();
      setImmediate(() => this.#empty());
    }
    this.#waiting.push(write);
    if (this.#waiting.length >= mostWaiting || performance.now() - this.#since > mostMilliseconds) this.#empty();
  }

  #empty(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const write of waiting) write();
  }
}
