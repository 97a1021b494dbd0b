/**
 * A workspace's journal: what was asked, answered and changed, in order. Bounded by bytes, its own and those of all
 * workspaces; the oldest entries make room, and its counters stay exact.
 */
import { Entry, type KeptAnswer, type Outcome } from './entry.js';
import type { JournalRoom } from './room.js';

/** How often one kind of request came. */
export interface Counter {
  readonly api: string;
  /** `undefined` where no operation matched. */
  readonly operationId: string | undefined;
  readonly status: number;
  count: number;
}

/** Told when there is something new, or when the journal ends; it must not throw and asks for what it wants later. */
export interface JournalListener {
  /** There are new entries. */
  added(): void;
  /** The workspace was reset or thrown away: nothing more will come. */
  ended(): void;
}

export class Journal {
  /** By number; the numbers from `#oldest` to `#newest` without a gap. */
  readonly #entries = new Map<number, Entry>();
  readonly #listeners = new Set<JournalListener>();
  #counters = new Map<string, Counter>();
  #oldest = 1;
  #newest = 0;
  #bytes = 0;
  #total = 0;
  #evicted = 0;

  constructor(
    private readonly room: JournalRoom,
    /** Whose it is, for who listens to all journals of the room. */
    private readonly workspace = '',
  ) {}

  /** All requests since the workspace was made or {@link clear} was called. */
  get total(): number {
    return this.#total;
  }

  /** How many of them had to make room. */
  get evicted(): number {
    return this.#evicted;
  }

  /** About what the entries take. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The number of the newest entry, kept or not; 0 if there never was one. */
  get newest(): number {
    return this.#newest;
  }

  /** By api, operation and status, in the order in which each came first. */
  get counters(): readonly Counter[] {
    return [...this.#counters.values()];
  }

  /** Adds a request, and makes room for it. Returns its number. */
  record(outcome: Outcome): number {
    const most = this.room.perJournal;
    const entry = Entry.of(this.#newest + 1, outcome, most);
    this.#newest = entry.number;
    this.#entries.set(entry.number, entry);
    this.#grow(entry.bytes);
    this.#total++;
    this.#count(entry, 1);
    while (this.#bytes > most && this.#oldest < this.#newest) this.#evict();
    this.room.settle();
    for (const listener of this.#listeners) listener.added();
    this.room.recorded(this.workspace, entry.number);
    return entry.number;
  }

  /** Puts another answer in the place of the one that was recorded for a request: it could not be kept on the disk. */
  correct(number: number, answer: KeptAnswer, problem: Outcome['problem']): void {
    const entry = this.#entries.get(number);
    if (entry === undefined) return;
    this.#count(entry, -1);
    const corrected = entry.answered(answer, problem);
    this.#entries.set(number, corrected);
    this.#count(corrected, 1);
  }

  /** An entry; `undefined` if there is none of that number, or it made room. */
  get(number: number): Entry | undefined {
    return this.#entries.get(number);
  }

  /** The entries that are kept, oldest first, from the one behind `after`. */
  *entries(after = 0): Iterable<Entry> {
    for (let number = Math.max(this.#oldest, after + 1); number <= this.#newest; number++) {
      const entry = this.#entries.get(number);
      if (entry !== undefined) yield entry;
    }
  }

  /** The entries that are kept, newest first. */
  *newestFirst(): Iterable<Entry> {
    for (let number = this.#newest; number >= this.#oldest; number--) {
      const entry = this.#entries.get(number);
      if (entry !== undefined) yield entry;
    }
  }

  /** Forgets entries and counters; numbers go on, so that none comes twice. */
  clear(): void {
    this.#forget();
    this.#counters = new Map();
    this.#total = 0;
    this.#evicted = 0;
  }

  /** Takes away the oldest entries until they were at least so many bytes, or none is left: others need the room. */
  giveUp(bytes: number): void {
    const wanted = this.#bytes - bytes;
    do this.#evict();
    while (this.#bytes > wanted && this.#oldest <= this.#newest);
  }

  /** Tells a listener what is new, until the function that this returns is called. */
  listen(listener: JournalListener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Forgets the entries and ends every listener: the workspace is gone. */
  end(): void {
    this.#forget();
    for (const listener of this.#listeners) listener.ended();
    this.#listeners.clear();
  }

  #evict(): void {
    const entry = this.#entries.get(this.#oldest);
    this.#entries.delete(this.#oldest);
    this.#oldest++;
    this.#grow(-(entry?.bytes ?? 0));
    this.#evicted++;
  }

  #forget(): void {
    this.#entries.clear();
    this.#oldest = this.#newest + 1;
    this.#grow(-this.#bytes);
  }

  #grow(bytes: number): void {
    this.#bytes += bytes;
    this.room.take(this, bytes);
  }

  #count({ api, operation, answer }: Outcome, by: 1 | -1): void {
    const operationId = operation?.operationId;
    const kind = `${api} ${operationId ?? ''} ${answer.status}`;
    const counter = this.#counters.get(kind);
    if (counter === undefined) this.#counters.set(kind, { api, operationId, status: answer.status, count: by });
    else if (counter.count + by === 0) this.#counters.delete(kind);
    else counter.count += by;
  }
}
