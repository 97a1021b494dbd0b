/**
 * The journal of the state directory: what was committed since the snapshot, one line an entry, in files that are named by
 * their turn (`journal-1.jsonl`, `journal-2.jsonl`).
 *
 * Group commit: what arrives while a write is under way goes out with the next one, and all of it shares one sync. If a
 * group cannot be written, nothing of it is kept: the file is cut back to what was, and whoever appended puts memory back.
 */
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonObject } from '../json.js';
import { type Disk, sync } from './disk.js';
import { toLine } from './lines.js';

const journalName = /^journal-(\d+)\.jsonl$/;

/** The turn of a journal's file; `undefined` for a name that is none's. */
export function turnOf(name: string): number | undefined {
  const turn = journalName.exec(name)?.[1];
  return turn === undefined ? undefined : Number(turn);
}

/** How long written lines wait at most for their sync where nobody waits for it. */
const relaxedMilliseconds = 1_000;

/** What goes out with one write. */
class Group {
  readonly lines: string[] = [];
  /** What puts memory back, in the order in which it was changed, by what was changed. */
  readonly losses = new Map<object, () => void>();
  readonly kept: Promise<void>;
  resolve: () => void = () => {};
  reject: (error: unknown) => void = () => {};

  constructor() {
    this.kept = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    // Some changes have nobody who waits for them, such as the end of a workspace whose time is up.
    this.kept.catch(() => {});
  }

  putBack(): void {
    for (const putBack of [...this.losses.values()].reverse()) putBack();
  }
}

interface OpenFile {
  readonly handle: FileHandle;
  /** How much of it is kept; what stands behind that could not be. */
  length: number;
  /** Whether something may stand behind `length`. */
  isTorn: boolean;
}

export interface JournalOptions {
  readonly directory: string;
  readonly disk: Disk;
  /** The number of the last entry so far. */
  readonly last: number;
  /** The turn of the last file so far. */
  readonly turn: number;
  /** How many bytes there are in the files so far. */
  readonly bytes: number;
  /** Whether lines are synced before they count as kept; otherwise the operating system's word is enough. */
  readonly isSynced: boolean;
  /** Writes what entries rest on, before them. */
  readonly before: () => Promise<void>;
  /** Told when more was written. */
  readonly grown: () => void;
  /** Told of a sync that failed where nobody waited for it. */
  readonly failed: (error: unknown) => void;
}

export class Journal {
  #waiting: Group | undefined;
  #writing: Group | undefined;
  #running: Promise<void> | undefined;
  #file: OpenFile | undefined;
  #turn: number;
  /** Whether the next write begins another file. */
  #isTurning = true;
  #last: number;
  /** The number of the last entry that is kept. */
  #kept: number;
  #bytes: number;
  #later: NodeJS.Timeout | undefined;

  constructor(private readonly options: JournalOptions) {
    this.#turn = options.turn;
    this.#last = options.last;
    this.#kept = options.last;
    this.#bytes = options.bytes;
  }

  /** The number of the last entry. */
  get last(): number {
    return this.#last;
  }

  /** How many entries are appended and not kept yet. */
  get lag(): number {
    return this.#last - this.#kept;
  }

  /** How many bytes stand in the files that no snapshot covers. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Resolves when everything that was appended is kept; `undefined` if it is. It rejects if it cannot be. */
  get pending(): Promise<void> | undefined {
    return (this.#waiting ?? this.#writing)?.kept;
  }

  append(entry: JsonObject): void {
    this.#group().lines.push(toLine(++this.#last, entry));
  }

  /**
   * Has memory put back if what is appended next cannot be kept. Called before the change; `remember` is asked once a group
   * for each subject.
   */
  ifLost(subject: object, remember: () => () => void): void {
    const { losses } = this.#group();
    if (!losses.has(subject)) losses.set(subject, remember());
  }

  /** Has what is written next begin another file, and returns the turn of the last one before it. */
  turn(): number {
    this.#isTurning = true;
    this.#bytes = 0;
    return this.#turn;
  }

  /** Resolves when nothing is left to write, and the file is closed. */
  async close(): Promise<void> {
    await this.#running;
    clearTimeout(this.#later);
    await this.#cut().catch(() => {});
    await this.#closeFile();
  }

  #group(): Group {
    this.#waiting ??= new Group();
    this.#running ??= this.#run();
    return this.#waiting;
  }

  async #run(): Promise<void> {
    // What comes in with the same turn of the event loop goes out together.
    await new Promise((resolve) => setImmediate(resolve));
    for (let group = this.#waiting; group !== undefined; group = this.#waiting) {
      this.#writing = group;
      this.#waiting = undefined;
      const to = this.#last;
      try {
        await this.#write(Buffer.from(group.lines.join('')));
        this.#kept = to;
        this.#writing = undefined;
        group.resolve();
        this.options.grown();
      } catch (error) {
        await this.#lose(group, error);
      }
    }
    this.#running = undefined;
  }

  /** Puts memory back to what is kept. What was appended meanwhile rests on what is lost, and is lost with it. */
  async #lose(group: Group, error: unknown): Promise<void> {
    const lost = [...(this.#waiting === undefined ? [] : [this.#waiting]), group];
    for (const each of lost) each.putBack();
    this.#last = this.#kept;
    this.#waiting = undefined;
    this.#writing = undefined;
    await this.#cut().catch(() => {});
    for (const each of lost) each.reject(error);
  }

  async #write(lines: Buffer): Promise<void> {
    await this.options.before();
    await this.#cut();
    if (this.#isTurning) await this.#next();
    const file = this.#file;
    if (file === undefined) throw new Error('The journal has no file.');
    file.isTorn = true;
    await file.handle.appendFile(lines);
    if (this.options.isSynced) await file.handle.datasync();
    else this.#syncLater(file.handle);
    file.length += lines.length;
    file.isTorn = false;
    this.#bytes += lines.length;
  }

  /** Takes away what a write left behind that failed: nobody was told that it is kept. */
  async #cut(): Promise<void> {
    if (this.#file?.isTorn !== true) return;
    await this.#file.handle.truncate(this.#file.length);
    await this.#file.handle.sync();
    this.#file.isTorn = false;
  }

  async #next(): Promise<void> {
    const { directory, disk } = this.options;
    await this.#closeFile();
    const handle = await disk.open(join(directory, `journal-${this.#turn + 1}.jsonl`), 'a');
    try {
      await sync(disk, directory);
    } catch (error) {
      await handle.close();
      throw error;
    }
    this.#turn++;
    this.#file = { handle, length: 0, isTorn: false };
    this.#isTurning = false;
  }

  async #closeFile(): Promise<void> {
    const file = this.#file;
    if (file === undefined) return;
    this.#file = undefined;
    try {
      if (!this.options.isSynced) await file.handle.sync();
    } finally {
      await file.handle.close();
    }
  }

  #syncLater(handle: FileHandle): void {
    this.#later ??= setTimeout(() => {
      this.#later = undefined;
      // Closing the file syncs it too.
      if (this.#file?.handle === handle) handle.datasync().catch(this.options.failed);
    }, relaxedMilliseconds).unref();
  }
}
