/**
 * The snapshot: one file of entries that give the state, from which the journal goes on. lowdb reads and writes it through
 * this adapter, which its own are no match for: they take the whole as one text, and sync nothing.
 */
import { existsSync } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { JsonObject } from '../json.js';
import { type Disk, sync } from './disk.js';
import { damaged, readLines, toLine } from './lines.js';

/** What a snapshot holds. */
export interface Stored {
  /** The number of the last entry of the journal that it covers. */
  readonly last: number;
  /** Entries that give the state, oldest first. They are asked for one by one while the file is written. */
  readonly entries: Iterable<JsonObject> | AsyncIterable<JsonObject>;
}

/** How many characters are written at once: what is put together in between keeps everybody else waiting. */
const pieceLength = 65_536;
/** How many pieces are synced at once, so that the journal's syncs do not queue up behind one of many megabytes. */
const piecesPerSync = 16;

/** A file that is there whole or not at all: it is written under another name, which {@link removeUnfinished} forgets. */
export class SnapshotFile {
  constructor(
    private readonly file: string,
    private readonly disk: Disk,
  ) {}

  /** How long it is; 0 if it is not there. */
  async bytes(): Promise<number> {
    return existsSync(this.file) ? (await stat(this.file)).size : 0;
  }

  /** @throws {FileError} if it is damaged */
  async read(): Promise<Stored | null> {
    if (!existsSync(this.file)) return null;
    const entries: JsonObject[] = [];
    let expected = 1;
    const torn = await readLines(this.file, (number, entry) => {
      if (number !== expected++) throw damaged(this.file, `line ${expected - 1} has the number ${number}`);
      entries.push(entry);
    });
    const last = entries.pop()?.end;
    if (torn > 0 || typeof last !== 'number') throw damaged(this.file, 'its end is missing');
    return { last, entries };
  }

  /** Resolves when it is on the disk. What was there before stays if it cannot be written. */
  async write(stored: Stored): Promise<void> {
    const begun = `${this.file}.new`;
    try {
      await this.#writeTo(begun, stored);
      await this.disk.rename(begun, this.file);
    } catch (error) {
      await this.removeUnfinished();
      throw error;
    }
    await sync(this.disk, dirname(this.file));
  }

  async #writeTo(file: string, { last, entries }: Stored): Promise<void> {
    const handle = await this.disk.open(file, 'w');
    try {
      let number = 0;
      let pieces = 0;
      let text = '';
      for await (const entry of entries) {
        text += toLine(++number, entry);
        if (text.length < pieceLength) continue;
        await handle.appendFile(text);
        text = '';
        if (++pieces % piecesPerSync === 0) await handle.datasync();
      }
      await handle.appendFile(`${text}${toLine(number + 1, { end: last })}`);
      await handle.sync();
    } finally {
      await handle.close();
    }
  }

  /** Removes what a write left behind that was never finished. */
  async removeUnfinished(): Promise<void> {
    await rm(`${this.file}.new`, { force: true });
  }
}
