/**
 * The scenarios that kept worlds rest on, one file each in the state directory: `scenarios/<api>-<fingerprint>.json`. What is
 * kept goes by them, so that it stays what it was when the scenario's own file is changed, broken or taken away.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type JsonValue, parse, stringify } from '../json.js';
import { FileError } from '../yaml.js';
import { sync } from './sync.js';

const fileName = /^[\w.-]+-[0-9a-f]{16}\.json$/;

export class KeptScenarios {
  readonly #directory: string;
  /** Those that have a file, or will when {@link write} is called. */
  readonly #known: Set<string>;
  readonly #due = new Map<string, JsonValue>();

  constructor(state: string) {
    this.#directory = join(state, 'scenarios');
    this.#known = new Set(this.#files());
  }

  /** What a file says; `undefined` if there is none. @throws {FileError} if it is damaged */
  read(id: string): JsonValue | undefined {
    const file = this.#file(id);
    if (!this.#known.has(`${id}.json`) || !existsSync(file)) return undefined;
    try {
      return parse(readFileSync(file, 'utf8'));
    } catch {
      throw new FileError(`${file}: damaged. Put a copy of it in its place, or begin anew with --fresh.`);
    }
  }

  /** Has {@link write} write a file, if there is none; `content` is asked for at once. */
  keep(id: string, content: () => JsonValue): void {
    const name = `${id}.json`;
    if (this.#known.has(name)) return;
    this.#known.add(name);
    this.#due.set(id, content());
  }

  /** Whether {@link write} has anything to do. */
  get isDue(): boolean {
    return this.#due.size > 0;
  }

  /** Writes what is due, and resolves when it is on the disk. */
  async write(): Promise<void> {
    if (!this.isDue) return;
    const due = [...this.#due];
    this.#due.clear();
    await mkdir(this.#directory, { recursive: true });
    for (const [id, content] of due) {
      const file = this.#file(id);
      // Under another name first: a file of this name is whole.
      const handle = await open(`${file}.new`, 'w');
      await handle.writeFile(`${stringify(content, 1)}\n`);
      await handle.sync();
      await handle.close();
      await rename(`${file}.new`, file);
    }
    await sync(this.#directory);
    await sync(join(this.#directory, '..'));
  }

  /** Removes every file but these. */
  async retain(ids: ReadonlySet<string>): Promise<void> {
    for (const name of this.#files()) {
      if (!ids.has(name.slice(0, -'.json'.length))) await rm(join(this.#directory, name), { force: true });
    }
  }

  #file(id: string): string {
    return join(this.#directory, `${id}.json`);
  }

  #files(): readonly string[] {
    if (!existsSync(this.#directory)) return [];
    return readdirSync(this.#directory).filter((name) => fileName.test(name));
  }
}
