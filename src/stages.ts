/**
 * A turn of the event loop in stages: what it read off the wire is carried out together, and what is ready is written
 * together. Code that runs once for each of thirty requests in a row is still in the processor's caches for the next; and
 * answers that are written one after the other cost a client on the same machine, as tests are, one awakening, where each
 * written by itself costs one of its own (docs/decisions/hot-path.md).
 */

/** No more answers wait than these. */
const mostWaiting = 64;

/** Nor longer than this, and the request that is carried out just then: behind several that take long, others do not wait. */
const mostMilliseconds = 4;

/** Puts off what a turn of the event loop has to do to the end of the turn, in the order in which it came. */
export class Stages {
  #asked: (() => void)[] = [];
  #ready: (() => void)[] = [];
  #since = 0;
  #isScheduled = false;

  /** Has a request carried out. It must not throw. */
  carryOut(request: () => void): void {
    this.#asked.push(request);
    this.#schedule();
  }

  /** Has an answer written; sooner if many wait, or have waited long. It must not throw. */
  write(answer: () => void): void {
    if (this.#ready.length === 0) this.#since = performance.now();
    this.#ready.push(answer);
    if (this.#ready.length >= mostWaiting || performance.now() - this.#since > mostMilliseconds) this.#writeAll();
    else this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      // What waited for the disk is read by its client while others are carried out.
      this.#writeAll();
      const asked = this.#asked;
      this.#asked = [];
      for (const request of asked) request();
      this.#writeAll();
    });
  }

  #writeAll(): void {
    const ready = this.#ready;
    this.#ready = [];
    for (const answer of ready) answer();
  }
}
