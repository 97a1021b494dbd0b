/**
 * What is worth telling of a document and is no reason to refuse it: a line for each kind of thing, however often it stands there.
 */

/** How much of a pointer is shown. */
const mostOfPointer = 200;

/** Gathers notes. */
export class Notes {
  readonly #found = new Map<string, { first: string; count: number }>();

  /** Adds a place to the note with these words. `pointer` is a JSON pointer into the document. */
  add(words: string, pointer: string): void {
    const known = this.#found.get(words);
    if (known === undefined) this.#found.set(words, { first: pointer, count: 1 });
    else known.count++;
  }

  /** Every note, in the order in which they were met first. */
  lines(): readonly string[] {
    return [...this.#found].map(([words, { first, count }]) => {
      const place = first.length > mostOfPointer ? `#${first.slice(0, mostOfPointer)}…` : `#${first}`;
      const places = count === 1 ? place : `${count} places, the first is ${place}`;
      return `${words} (${places})`;
    });
  }
}
