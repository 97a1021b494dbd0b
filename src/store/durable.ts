/**
 * The state directory: lowdb's snapshot, beside it the journal of what was committed since, and the scenarios that both rest
 * on.
 *
 * lowdb rewrites its whole file at each write, so a commit appends one line to the journal instead (group commit: what
 * arrives while a write is under way goes out with the next one, and is synced to the disk before it is answered), and
 * lowdb's write is the compaction. At start: read the snapshot, replay the journal, drop a torn last line.
 *
 * The only module that imports lowdb.
 */
import { constants, createReadStream } from 'node:fs';
import { access, type FileHandle, mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Low } from 'lowdb';
import { DataFile } from 'lowdb/node';
import { isArray, isObject, type JsonObject, type JsonValue, parse, stringify } from '../json.js';
import { FileError } from '../yaml.js';
import { KeptScenarios } from './kept-scenarios.js';
import { sync } from './sync.js';

/** Everything that is kept, at one moment. */
export interface Kept {
  readonly state: JsonValue;
  /** The scenarios that it rests on; what rests on no other may be forgotten. */
  readonly scenarios: ReadonlySet<string>;
}

/** Where commits go. {@link memory} keeps nothing; {@link openDirectory} keeps everything. */
export interface Durable {
  /** What was kept: the snapshot, then every entry since, oldest first. */
  readonly snapshot: JsonValue | undefined;
  readonly entries: readonly JsonObject[];
  /** What was kept of a scenario; `undefined` if nothing was. @throws {FileError} if it is damaged */
  scenario(id: string): JsonValue | undefined;
  /** Keeps a scenario, before what is appended next; one of the same id is kept already. */
  keepScenario(id: string, content: () => JsonValue): void;
  /** Takes an entry; it is on the disk when {@link Durable.pending} resolves. It is made at once, if it is kept at all. */
  append(entry: () => JsonObject): void;
  /** Resolves when all that was appended is on the disk; `undefined` if it is. */
  pending(): Promise<void> | undefined;
  /** Writes the snapshot in the journal's place, and closes the files. */
  close(snapshot: () => Kept): Promise<void>;
  /** Closes the files, and leaves what is kept as it is. */
  release(): Promise<void>;
}

/** Keeps nothing: for tests, and for sandboxes that begin anew each time. */
export const memory: Durable = {
  snapshot: undefined,
  entries: [],
  scenario: () => undefined,
  keepScenario: () => {},
  append: () => {},
  pending: () => undefined,
  close: async () => {},
  release: async () => {},
};

const snapshotName = 'state.json';
const journalName = /^journal-(\d+)\.jsonl$/;

/**
 * Opens a state directory, making it if it is not there. `fresh` throws away what it holds.
 *
 * @throws {FileError} if it cannot be written, or what it holds is damaged
 */
export async function openDirectory(directory: string, fresh: boolean): Promise<Durable> {
  await makeWritable(directory);
  if (fresh) await removeOwnFiles(directory);
  const file = join(directory, snapshotName);
  const low = new Low<{ last: number; state: JsonValue | undefined }>(
    new DataFile(file, { parse: (text) => readSnapshot(file, text), stringify: (data) => stringify({ ...data }, 1) }),
    { last: 0, state: undefined },
  );
  await low.read();
  const { entries, last } = await readJournals(directory, low.data.last);
  const scenarios = new KeptScenarios(directory);
  const journal = await Journal.open(directory, last + 1, scenarios);
  return {
    snapshot: low.data.state,
    entries,
    scenario: (id) => scenarios.read(id),
    keepScenario: (id, content) => scenarios.keep(id, content),
    append: (entry) => journal.append(entry()),
    pending: () => journal.pending,
    release: () => journal.close(),
    close: async (snapshot) => {
      await journal.close();
      const kept = snapshot();
      await scenarios.write();
      low.data = { last: journal.last, state: kept.state };
      // What is too long for one text stays in the journal, which is read in pieces.
      if (!(await isWritten(low))) return;
      await sync(file);
      for (const name of await journalFiles(directory)) await rm(join(directory, name));
      await scenarios.retain(kept.scenarios);
      await sync(directory);
    },
  };
}

/** Whether the snapshot could be written; not, if it is longer than a text can be. */
async function isWritten(low: Pick<Low<unknown>, 'write'>): Promise<boolean> {
  try {
    await low.write();
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

async function makeWritable(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true });
    await access(directory, constants.R_OK | constants.W_OK);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FileError(
      `${directory}: the state cannot be kept there: ${reason}. Give another place with --state DIR.`,
    );
  }
}

async function removeOwnFiles(directory: string): Promise<void> {
  for (const name of [snapshotName, ...(await journalFiles(directory))])
    await rm(join(directory, name), { force: true });
  await new KeptScenarios(directory).retain(new Set());
}

/** The journal's files, oldest first; each is named by the number of its first entry. */
async function journalFiles(directory: string): Promise<readonly string[]> {
  const names = (await readdir(directory)).filter((name) => journalName.test(name));
  const first = (name: string) => Number(journalName.exec(name)?.[1]);
  return names.sort((left, right) => first(left) - first(right));
}

function readSnapshot(file: string, text: string): { last: number; state: JsonValue | undefined } {
  try {
    const value = parse(text);
    if (isObject(value) && typeof value.last === 'number') return { last: value.last, state: value.state };
  } catch {
    // Told below, like a snapshot of another form.
  }
  throw new FileError(`${file}: damaged. Put a copy of it in its place, or begin anew with --fresh.`);
}

/** Every entry after number `after`; a last line without its end was never answered, and is dropped. */
async function readJournals(directory: string, after: number): Promise<{ entries: JsonObject[]; last: number }> {
  const entries: JsonObject[] = [];
  let last = after;
  for (const name of await journalFiles(directory)) {
    const file = join(directory, name);
    let position = 0;
    for await (const line of wholeLines(file)) {
      position++;
      const [number, entry] = readLine(file, position, line);
      if (number <= last) continue;
      entries.push(entry);
      last = number;
    }
  }
  return { entries, last };
}

/** The lines of a file that have their end, read in pieces: a journal may be longer than a string can be. */
async function* wholeLines(file: string): AsyncGenerator<string> {
  let rest = '';
  for await (const piece of createReadStream(file, 'utf8')) {
    const lines = `${rest}${piece}`.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}

function readLine(file: string, line: number, text: string): readonly [number, JsonObject] {
  try {
    const value = parse(text);
    if (isArray(value) && typeof value[0] === 'number' && isObject(value[1])) return [value[0], value[1]];
  } catch {
    // Told below, like a line of another form.
  }
  throw new FileError(`${file}:${line}: damaged. Put a copy of it in its place, or begin anew with --fresh.`);
}

/** The file that commits are appended to, one numbered line each. */
class Journal {
  #lines: string[] = [];
  /** The writes that are under way and due; `undefined` when everything is on the disk. */
  pending: Promise<void> | undefined;

  private constructor(
    private readonly handle: FileHandle,
    /** The number of the last entry. */
    public last: number,
    /** What entries rest on, and what is written before them. */
    private readonly scenarios: KeptScenarios,
  ) {}

  static async open(directory: string, first: number, scenarios: KeptScenarios): Promise<Journal> {
    const handle = await open(join(directory, `journal-${first}.jsonl`), 'a');
    await sync(directory);
    return new Journal(handle, first - 1, scenarios);
  }

  append(entry: JsonObject): void {
    this.last++;
    this.#lines.push(`${stringify([this.last, entry])}\n`);
    // Lines that find a group waiting go out with it; otherwise they make one, behind the group that is being written.
    if (this.#lines.length > 1) return;
    const group: Promise<void> = (this.pending ?? Promise.resolve()).then(async () => {
      await this.#flush();
      if (this.pending === group) this.pending = undefined;
    });
    this.pending = group;
  }

  async #flush(): Promise<void> {
    const lines = this.#lines.join('');
    this.#lines = [];
    await this.scenarios.write();
    await this.handle.appendFile(lines);
    await this.handle.datasync();
  }

  async close(): Promise<void> {
    await this.pending;
    await this.handle.close();
  }
}
