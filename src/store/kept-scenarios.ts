/**
 * The scenarios that kept worlds rest on, one file each in the state directory: `scenarios/<api>-<fingerprint>.json`. What is
 * kept goes by them, so that it stays what it was when the scenario's own file is changed, broken or taken away.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject, type JsonObject, parse, stringify } from '../json.js';
import { type Disk, sync } from './disk.js';
import { checksum, damaged } from './lines.js';

const fileName = /^[\w.-]+-[0-9a-f]{16}\.json$/;

export class KeptScenarios {
  readonly #directory: string;
  /** Those that have a file, or will when {@link write} is called. */
  readonly #known: Set<string>;
  readonly #due = new Map<string, JsonObject>();
  /** Those that something was made to rest on since {@link KeptScenarios.mark}. */
  #rested = new Set<string>();
  #bytes = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly state: string,
    private readonly disk: Disk,
  ) {
    this.#directory = join(state, 'scenarios');
    this.#known = new Set(this.#files());
  }

  /** What a file says; `undefined` if there is none. @throws {FileError} if it is damaged */
  read(id: string): JsonObject | undefined {
    const file = this.#file(id);
    if (!this.#known.has(`${id}.json`) || !existsSync(file)) return undefined;
    const { checksum: seal, ...content } = readObject(file);
    if (seal !== checksum(stringify(content))) throw damaged(file);
    return content;
  }

  /** Has {@link write} write a file, if there is none; `content` is asked for at once. */
  keep(id: string, content: () => JsonObject): void {
    const name = `${id}.json`;
    this.#rested.add(id);
    if (this.#known.has(name)) return;
    this.#known.add(name);
    this.#due.set(id, content());
  }

  /** How many bytes were written since {@link KeptScenarios.mark}, or the start. */
  get bytes(): number {
    return this.#bytes;
  }

  /** A snapshot is begun: what is kept from now on is not in it. */
  mark(): void {
    this.#rested = new Set();
    this.#bytes = 0;
  }

  /** Writes what is due, and resolves when it is on the disk. What cannot be written stays due. */
  write(): Promise<void> {
    if (this.#due.size > 0) this.#writing = this.#writing.catch(() => {}).then(() => this.#writeDue());
    return this.#writing;
  }

  async #writeDue(): Promise<void> {
    const due = [...this.#due];
    if (due.length === 0) return;
    await this.disk.mkdir(this.#directory, { recursive: true });
    for (const [id, content] of due) {
      const file = this.#file(id);
      // Under another name first: a file of this name is whole.
      const handle = await this.disk.open(`${file}.new`, 'w');
      try {
        const text = `${stringify({ checksum: checksum(stringify(content)), ...content }, 1)}\n`;
        await handle.writeFile(text);
        await handle.sync();
        this.#bytes += text.length;
      } finally {
        await handle.close();
      }
      await this.disk.rename(`${file}.new`, file);
    }
    await sync(this.disk, this.#directory);
    await sync(this.disk, this.state);
    for (const [id] of due) this.#due.delete(id);
  }

  /** Removes every file but those that are wanted, or were kept since {@link KeptScenarios.mark}, and unfinished ones. */
  retain(isWanted: (id: string) => boolean): Promise<void> {
    // In turn with what is written: a file that comes back meanwhile stays.
    const retained = this.#writing.catch(() => {}).then(() => this.#retain(isWanted));
    // Whoever writes next does not rest on it.
    this.#writing = retained.catch(() => {});
    return retained;
  }

  async #retain(isWanted: (id: string) => boolean): Promise<void> {
    for (const name of existsSync(this.#directory) ? readdirSync(this.#directory) : []) {
      const id = name.slice(0, -'.json'.length);
      const isUnfinished = name.endsWith('.json.new');
      const isUnwanted = fileName.test(name) && !isWanted(id) && !this.#rested.has(id);
      if (!isUnfinished && !isUnwanted) continue;
      this.#known.delete(name);
      await this.disk.rm(join(this.#directory, name), { force: true });
    }
  }

  /** The ids of those that have a file. */
  ids(): readonly string[] {
    return this.#files().map((name) => name.slice(0, -'.json'.length));
  }

  #file(id: string): string {
    return join(this.#directory, `${id}.json`);
  }

  #files(): readonly string[] {
    if (!existsSync(this.#directory)) return [];
    return readdirSync(this.#directory).filter((name) => fileName.test(name));
  }
}

/** @throws {FileError} if there is none in the file */
function readObject(file: string): JsonObject {
  try {
    const value = parse(readFileSync(file, 'utf8'));
    if (isObject(value)) return value;
  } catch {
    // Told below, like a file of another form.
  }
  throw damaged(file);
}
