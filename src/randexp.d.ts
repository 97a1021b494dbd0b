/**
 * What is used of randexp 0.6. Its own declarations promise a default export to ESM that its CommonJS file does not have.
 */
declare module 'randexp' {
  export default class RandExp {
    /** @throws {SyntaxError} The pattern is none. */
    constructor(pattern: string);
    /** How often `*` and `+` repeat at most. */
    max: number;
    /** The source of random numbers, both ends included. */
    randInt(least: number, most: number): number;
    /** A text that the pattern matches. */
    gen(): string;
  }
}
