/**
 * The file that gets a line of JSON for every exchange, as soon as it is judged: a long run has more than memory should hold.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { reasonOf } from '../../reason.js';
import { CannotVerify } from '../reach.js';

export class CaseFile {
  #file: number | undefined;
  #isWhole = true;

  /**
   * Empties the file. `told` hears of a file that can be written no longer, once.
   *
   * @throws {CannotVerify} if it cannot be written
   */
  constructor(
    private readonly name: string,
    private readonly told: (line: string) => void,
  ) {
    try {
      this.#file = openSync(name, 'w');
    } catch (error) {
      throw new CannotVerify(`Cannot write ${name}: ${reasonOf(error)}`);
    }
  }

  /** Whether everything that was to be written is. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** Never throws: what is judged must go on when a disk is full. */
  write(entry: object): void {
    if (this.#file === undefined) return;
    try {
      writeSync(this.#file, `${JSON.stringify(entry)}\n`);
    } catch (error) {
      this.#isWhole = false;
      this.close();
      this.told(`Exchanges are written to ${this.name} no longer: ${reasonOf(error)}`);
    }
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}
