/**
 * How much work a client's paths and expressions may make. They are judged while everybody else waits, so what one request
 * sets off is counted and ends at a limit, wherever the work hides: in a path, an expression, a body or the number of them.
 */

/** Thrown when the work of a request is at its limit. `message` says which. */
export class TooMuchWork extends Error {
  override readonly name = 'TooMuchWork';
}

/** The work of one request, in steps: about what it takes to put one character through one state of an expression. */
export class Work {
  #left: number;

  constructor(private readonly most: number) {
    this.#left = most;
  }

  /** How many steps there were. */
  get done(): number {
    return this.most - this.#left;
  }

  /** @throws {TooMuchWork} if so many steps are not left */
  spend(steps: number): void {
    if (steps > this.#left) {
      throw new TooMuchWork(`Matching would take more than ${this.most} steps (limits.matchingSteps)`);
    }
    this.#left -= steps;
  }
}
