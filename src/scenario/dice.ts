/**
 * Random numbers for the values of a scenario: the same on every machine.
 *
 * Each value has numbers of its own, made from the scenario's seed, the collection, the template, where the value stands in
 * it, and the number of the repetition. So nothing that is added to a scenario changes a value that was there before.
 */

/** A sequence of random numbers (sfc32). */
export class Dice {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number, repetition: number) {
    this.#a = seed;
    this.#b = repetition;
    this.#c = seed ^ 0x9e3779b9;
    for (let round = 0; round < 12; round++) this.#next();
  }

  /** From 0 up to, but not including, 1. */
  fraction(): number {
    return ((this.#next() >>> 5) * 67_108_864 + (this.#next() >>> 6)) / 9_007_199_254_740_992;
  }

  /** A whole number from 0 to one below `limit`, which is at most 2^53. */
  below(limit: number): number {
    return Math.floor(this.fraction() * limit);
  }

  /** The same elements in another order. */
  shuffled<T>(elements: readonly T[]): T[] {
    const keyed = elements.map((element) => ({ element, at: this.fraction() }));
    return keyed.sort((left, right) => left.at - right.at).map(({ element }) => element);
  }

  #next(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    return sum;
  }
}

/** A seed from a text (FNV-1a, 32 bits). */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash | 0;
}
