/**
 * Copies of the bodies that pass, for judging: each bounded, and all that are under way together.
 */

/** What the copies of all bodies that are under way may take together. */
export class CaptureRoom {
  #free: number;

  constructor(bytes: number) {
    this.#free = bytes;
  }

  /** Whether there is room for so many bytes more; if there is, it is taken. */
  take(bytes: number): boolean {
    if (bytes > this.#free) return false;
    this.#free -= bytes;
    return true;
  }

  give(bytes: number): void {
    this.#free += bytes;
  }
}

/** A body as it passes. */
export class Capture {
  #chunks: Uint8Array[] = [];
  #kept = 0;
  #length = 0;
  #isLost = false;

  constructor(
    private readonly room: CaptureRoom,
    /** A longer body is not kept. */
    private readonly most: number,
  ) {}

  /** How many bytes passed, kept or not. */
  get length(): number {
    return this.#length;
  }

  /** The bytes that passed; `undefined` if they were too many to keep. */
  get bytes(): Buffer | undefined {
    return this.#isLost ? undefined : Buffer.concat(this.#chunks);
  }

  add(chunk: Uint8Array): void {
    this.#length += chunk.length;
    if (this.#isLost) return;
    if (this.#length > this.most || !this.room.take(chunk.length)) {
      this.release();
      this.#isLost = true;
      return;
    }
    this.#kept += chunk.length;
    this.#chunks.push(chunk);
  }

  /** Lets go of the bytes, and of the room that they took. */
  release(): void {
    this.room.give(this.#kept);
    this.#kept = 0;
    this.#chunks = [];
  }
}
