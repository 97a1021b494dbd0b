/**
 * The state directory: lowdb's snapshot, beside it the journal of what was committed since, and the scenarios that both rest
 * on.
 *
 * lowdb rewrites its whole file at each write, so a commit appends to the journal instead, and lowdb's write is the
 * compaction: it goes on in pieces, beside the requests, whenever most of what the files hold is out of date. At start: read the
 * snapshot, replay the journal, drop a torn last line. docs/decisions/durable-state.md has the reasons.
 *
 * The only module that imports lowdb.
 */
import { constants, existsSync } from 'node:fs';
import { access, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Low } from 'lowdb';
import type { JsonObject } from '../json.js';
import type { Limits } from '../limits.js';
import type { Log } from '../log.js';
import { reasonOf } from '../reason.js';
import { FileError } from '../yaml.js';
import type { Disk } from './disk.js';
import type { Durability } from './durability.js';
import { Journal, turnOf } from './journal.js';
import { KeptScenarios } from './kept-scenarios.js';
import { damaged, readLines } from './lines.js';
import { SnapshotFile, type Stored } from './snapshot.js';
import { weightOf } from './world-json.js';

/** Everything that is kept, at one moment. */
export interface Kept {
  /** Entries that give it. They are made one by one, while requests go on, and show the moment all the same. */
  readonly entries: Iterable<JsonObject>;
  /** The scenarios that they rest on, all of them once all entries are made; what rests on no other may be forgotten. */
  readonly scenarios: ReadonlySet<string>;
}

/** What snapshots are written of. */
export interface Source {
  capture(): Kept;
  /** How many versions of records, and entries that have none, `capture` would give; see {@link weightOf}. */
  weight(): number;
}

/** Where commits go. {@link memory} keeps nothing; {@link openDirectory} keeps everything. */
export interface Durable {
  readonly durability: Durability;
  /** What was kept, oldest first; whoever takes it has it alone. */
  take(): readonly JsonObject[];
  /** What was kept of a scenario; `undefined` if nothing was. @throws {FileError} if it is damaged */
  scenario(id: string): JsonObject | undefined;
  /** Keeps a scenario, before what is appended next; one of the same id is kept already. */
  keepScenario(id: string, content: () => JsonObject): void;
  /** Takes an entry; it is kept when {@link Durable.pending} resolves. It is made at once, if it is kept at all. */
  append(entry: () => JsonObject): void;
  /**
   * Has memory put back if what is appended next cannot be kept. Called before `subject` is changed; `remember` gives what
   * puts it back, and is not asked for each change.
   */
  ifLost(subject: object, remember: () => () => void): void;
  /** Resolves when all that was appended is kept; `undefined` if it is. It rejects when it is lost, and memory put back. */
  pending(): Promise<void> | undefined;
  /** How many entries were appended and are not kept yet. */
  lag(): number;
  /** From now on snapshots are written of what a source gives. */
  begin(source: Source): void;
  /** Writes a last snapshot in the journal's place, and closes the files. */
  close(): Promise<void>;
  /** Closes the files, and leaves what is kept as it is. */
  release(): Promise<void>;
}

/** Keeps nothing: for tests, and for sandboxes that begin anew each time. */
export const memory: Durable = {
  durability: 'memory',
  take: () => [],
  scenario: () => undefined,
  keepScenario: () => {},
  append: () => {},
  ifLost: () => {},
  pending: () => undefined,
  lag: () => 0,
  begin: () => {},
  close: async () => {},
  release: async () => {},
};

/** Another process has the state directory. `message` says what to do. */
export class InUseError extends FileError {}

/** How a state directory is opened. */
export interface DirectoryOptions {
  readonly durability: Exclude<Durability, 'memory'>;
  /** Throw away what it holds; what is damaged is set aside. */
  readonly fresh: boolean;
  readonly limits: Pick<Limits, 'stateJournalBytes'>;
  readonly disk: Disk;
  readonly log: Log;
}

const snapshotName = 'state.jsonl';
/** What an earlier version called it. */
const formerName = 'state.json';

/** Files are worth a snapshot when they hold so many times what it would: what was only added is in its place already. */
const mostOfWhatIsNeeded = 3;

/** And when the journal is so many times as long as the last one: a few long records may be what is out of date. */
const mostOfSnapshot = 16;

/** None is worth it that would hold so many times what the files do: it has what copies share once for each of them. */
const mostForCopies = 2;

/**
 * Opens a state directory, making it if it is not there.
 *
 * @throws {InUseError} if another process has it
 * @throws {FileError} if it cannot be written, or what it holds is damaged; then nothing has changed
 */
export async function openDirectory(directory: string, options: DirectoryOptions): Promise<Durable> {
  const { disk, log } = options;
  await makeWritable(directory, disk);
  const unlock = await lockIfPossible(directory, log);
  try {
    const place = new Place(directory, disk, log);
    if (options.fresh) await place.clear();
    const found = await place.read();
    await place.removeUnfinished();
    return new Directory(place, found, options, unlock);
  } catch (error) {
    await unlock();
    throw error;
  }
}

async function makeWritable(directory: string, disk: Disk): Promise<void> {
  try {
    await disk.mkdir(directory, { recursive: true });
    await access(directory, constants.R_OK | constants.W_OK);
  } catch (error) {
    throw new FileError(
      `${directory}: the state cannot be kept there: ${reasonOf(error)}. Give another place with --state DIR.`,
    );
  }
}

/** @throws {InUseError} if another process has the directory */
async function lockIfPossible(directory: string, log: Log): Promise<() => Promise<void>> {
  let locks: typeof import('./lock.js');
  try {
    locks = await import('./lock.js');
  } catch (error) {
    // There is a binary for Linux (glibc), macOS and Windows; elsewhere a sandbox is better than none.
    log.warn(
      { error },
      `This system has no file locks: see to it that no other sandbox keeps its state in ${directory}.`,
    );
    return async () => {};
  }
  const unlock = await locks.lock(directory);
  if (unlock !== undefined) return unlock;
  throw new InUseError(
    `${directory}: another paydouble keeps its state there. Stop it, or give this one a place of its own with --state DIR, and a port with --port.`,
  );
}

/** What a state directory holds. */
interface Found {
  readonly entries: readonly JsonObject[];
  /** The number of the last entry. */
  readonly last: number;
  /** The turn of the last file of the journal; 0 if there is none. */
  readonly turn: number;
  /** How many bytes the journal has. */
  readonly bytes: number;
  /** How many bytes the snapshot has; 0 if there is none. */
  readonly snapshotBytes: number;
}

/** The files of a state directory. */
class Place {
  readonly scenarios: KeptScenarios;
  readonly snapshot: SnapshotFile;
  readonly low: Low<Stored>;
  readonly #snapshotFile: string;

  constructor(
    readonly directory: string,
    private readonly disk: Disk,
    private readonly log: Log,
  ) {
    this.#snapshotFile = join(directory, snapshotName);
    this.scenarios = new KeptScenarios(directory, disk);
    this.snapshot = new SnapshotFile(this.#snapshotFile, disk);
    this.low = new Low<Stored>(this.snapshot, nothing);
  }

  /** @throws {FileError} if a file is damaged, or missing between others */
  async read(): Promise<Found> {
    const former = join(this.directory, formerName);
    if (existsSync(former)) throw damaged(former, 'it has the form of an earlier version');
    await this.low.read();
    const { last: covered, entries: begun } = this.low.data;
    this.low.data = nothing;
    const entries: JsonObject[] = [];
    for await (const entry of begun) entries.push(entry);
    const names = await this.journals();
    let last = covered;
    let bytes = 0;
    for (const name of names) {
      const file = join(this.directory, name);
      const torn = await readLines(file, (number, entry) => {
        if (number <= last) return;
        if (number > last + 1) throw damaged(file, `entries ${last + 1} to ${number - 1} are missing before it`);
        entries.push(entry);
        last = number;
      });
      bytes += (await stat(file)).size;
      if (torn > 0) {
        this.log.warn(
          `${file}: ${torn} characters without the end of a line were passed over: they were never answered.`,
        );
      }
    }
    const snapshotBytes = await this.snapshot.bytes();
    return { entries, last, turn: turnOf(names.at(-1) ?? '') ?? 0, bytes, snapshotBytes };
  }

  /** Removes what a kill left behind of files that were being written. */
  async removeUnfinished(): Promise<void> {
    await this.snapshot.removeUnfinished();
    await this.scenarios.retain(() => true);
  }

  /** The journal's files, oldest first. */
  async journals(): Promise<readonly string[]> {
    const turns = (await readdir(this.directory)).flatMap((name) => turnOf(name) ?? []);
    return turns.sort((left, right) => left - right).map((turn) => `journal-${turn}.jsonl`);
  }

  /** Removes the files of the journal up to a turn. */
  async removeJournals(upTo: number): Promise<void> {
    for (const name of await this.journals()) {
      if ((turnOf(name) ?? 0) <= upTo) await this.disk.rm(join(this.directory, name));
    }
  }

  /** Removes what is kept; what is damaged is set aside instead. */
  async clear(): Promise<void> {
    try {
      await this.read();
      for (const id of this.scenarios.ids()) this.scenarios.read(id);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      await this.#setAside(error);
      return;
    }
    await this.disk.rm(this.#snapshotFile, { force: true });
    await this.removeJournals(Number.POSITIVE_INFINITY);
    await this.scenarios.retain(() => false);
  }

  async #setAside({ message }: FileError): Promise<void> {
    const taken = (await readdir(this.directory)).map((name) => Number(/^damaged-(\d+)$/.exec(name)?.[1] ?? 0));
    const aside = join(this.directory, `damaged-${Math.max(0, ...taken) + 1}`);
    await this.disk.mkdir(aside);
    for (const name of [snapshotName, formerName, 'scenarios', ...(await this.journals())]) {
      if (existsSync(join(this.directory, name))) {
        await this.disk.rename(join(this.directory, name), join(aside, name));
      }
    }
    this.log.warn(`${message} It was set aside in ${aside}.`);
  }
}

/** What lowdb has while nothing is read or written: the state is not held twice. */
const nothing: Stored = { last: 0, entries: [] };

class Directory implements Durable {
  readonly durability: Durability;
  readonly #place: Place;
  readonly #journal: Journal;
  readonly #log: Log;
  readonly #leastJournalBytes: number;
  #entries: readonly JsonObject[];
  #source: Source | undefined;
  /** The compaction that is under way. */
  #compacting: Promise<void> | undefined;
  /** Of all entries in the files. */
  #weight = 0;
  #snapshotBytes: number;
  /** How long the journal is when it is asked next whether a snapshot is worth it. */
  #askAt: number;

  constructor(
    place: Place,
    found: Found,
    { durability, limits, disk, log }: DirectoryOptions,
    private readonly unlock: () => Promise<void>,
  ) {
    this.durability = durability;
    this.#leastJournalBytes = this.#askAt = limits.stateJournalBytes;
    this.#place = place;
    this.#log = log;
    this.#entries = found.entries;
    this.#snapshotBytes = found.snapshotBytes;
    for (const entry of found.entries) this.#weight += weightOf(entry);
    const { last, turn, bytes } = found;
    this.#journal = new Journal({
      last,
      turn,
      bytes,
      directory: place.directory,
      disk,
      isSynced: durability === 'full',
      before: () => place.scenarios.write(),
      grown: () => this.#compactIfDue(),
      failed: (error) => log.error({ error }, `${place.directory}: what was answered could not be synced to the disk.`),
    });
  }

  take(): readonly JsonObject[] {
    const entries = this.#entries;
    this.#entries = [];
    return entries;
  }

  scenario(id: string): JsonObject | undefined {
    return this.#place.scenarios.read(id);
  }

  keepScenario(id: string, content: () => JsonObject): void {
    this.#place.scenarios.keep(id, content);
  }

  append(entry: () => JsonObject): void {
    const made = entry();
    this.#weight += weightOf(made);
    this.#journal.append(made);
  }

  ifLost(subject: object, remember: () => () => void): void {
    this.#journal.ifLost(subject, remember);
  }

  pending(): Promise<void> | undefined {
    return this.#journal.pending;
  }

  lag(): number {
    return this.#journal.lag;
  }

  begin(source: Source): void {
    this.#source = source;
  }

  async close(): Promise<void> {
    await this.#compacting;
    await this.#journal.close();
    try {
      const source = this.#source;
      if (source !== undefined && this.#journal.bytes > 0 && !this.#sharesMuch(source)) await this.#compact(source);
    } catch (error) {
      this.#tell(error);
    } finally {
      await this.unlock();
    }
  }

  async release(): Promise<void> {
    await this.#journal.close();
    await this.unlock();
  }

  #compactIfDue(): void {
    const source = this.#source;
    // Scenarios that were uploaded since, and may be needed no more, are as good a reason as the journal.
    const bytes = this.#journal.bytes + this.#place.scenarios.bytes;
    if (source === undefined || this.#compacting !== undefined || bytes < this.#askAt) return;
    this.#askAt = bytes + this.#leastJournalBytes;
    const isOutOfDate = this.#weight >= source.weight() * mostOfWhatIsNeeded;
    const isLong = bytes >= Math.max(this.#leastJournalBytes, this.#snapshotBytes) * mostOfSnapshot;
    if (!isOutOfDate && !(isLong && !this.#sharesMuch(source))) return;
    this.#compacting = this.#compact(source)
      // Nothing is lost: the journal has it all, and is tried again when it has grown as much again.
      .catch((error: unknown) => this.#tell(error))
      .finally(() => {
        this.#compacting = undefined;
      });
  }

  #sharesMuch(source: Source): boolean {
    return source.weight() > this.#weight * mostForCopies;
  }

  /** Writes what a source gives now in the place of the journal up to now. */
  async #compact(source: Source): Promise<void> {
    const { low, scenarios, snapshot } = this.#place;
    const { last, pending } = this.#journal;
    const turn = this.#journal.turn();
    this.#askAt = this.#leastJournalBytes;
    const [replaced, weight] = [this.#weight, source.weight()];
    scenarios.mark();
    const kept = source.capture();
    try {
      low.data = { last, entries: whenKept(kept.entries, pending, () => scenarios.write()) };
      await low.write();
    } finally {
      low.data = nothing;
    }
    this.#weight += weight - replaced;
    this.#snapshotBytes = await snapshot.bytes();
    await this.#place.removeJournals(turn);
    await scenarios.retain((id) => kept.scenarios.has(id));
  }

  #tell(error: unknown): void {
    const where = this.#place.directory;
    this.#log.warn(
      { error },
      `${where}: the snapshot could not be written: ${reasonOf(error)}. The journal keeps it all.`,
    );
  }
}

/** Entries that end when what they show is kept, and when what they rest on is: a snapshot must not show what was lost. */
async function* whenKept(
  entries: Iterable<JsonObject>,
  kept: Promise<void> | undefined,
  restsOn: () => Promise<void>,
): AsyncGenerator<JsonObject> {
  yield* entries;
  await restsOn();
  await kept;
}
