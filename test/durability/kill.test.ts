/**
 * The server is killed at random moments while clients write, again and again on the same directory. After each start every
 * answered write is there and whole, no other is there in part, and nothing is there that nobody sent.
 *
 * The moments and the writes hang on a seed, which is printed; DURABILITY_SEED takes another.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { root } from '../../src/paths.js';
import { control } from '../control-client.js';
import { request } from '../harness.js';

const seed = Number(process.env.DURABILITY_SEED ?? 20260501);
/** Directories that are written to at the same time, and how often the server of each is killed. */
const lanes = 4;
const kills = 26;
const clients = 6;

const directory = mkdtempSync(join(tmpdir(), 'paydouble-kill-'));
const running = new Set<ChildProcess>();
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
});
afterAll(() => rmSync(directory, { recursive: true }));

/** Numbers from 0 to below 1, the same for the same seed: mulberry32. */
function dice(from: number): () => number {
  let state = from;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

interface Started {
  readonly url: string;
  kill(): Promise<void>;
}

async function start(state: string): Promise<Started> {
  const child = spawn(process.execPath, [join(root, 'test', 'durability', 'server.mjs'), state]);
  running.add(child);
  let wrong = '';
  child.stderr.on('data', (chunk) => {
    wrong += chunk;
  });
  const ended = once(child, 'exit');
  const [said] = await Promise.race([once(child.stdout, 'data'), ended]);
  if (!Buffer.isBuffer(said)) throw new Error(`The server did not start: ${wrong}`);
  const kill = async () => {
    child.kill('SIGKILL');
    await ended;
    running.delete(child);
  };
  return { url: String(said).trim(), kill };
}

/** A batch of records that one request adds; all are changed and taken away by one request each. */
interface Batch {
  readonly size: number;
  isAnswered: boolean;
}

/** What one directory's clients sent, and what of it was answered. */
class Sent {
  /** Called at each answer. */
  answered: () => void = () => {};
  /** How many were answered. */
  writes = 0;
  readonly batches = new Map<string, Batch>();
  /** By record: the version that was sent last, and the one that was answered last. */
  readonly versions = new Map<number, { sent: number; answered: number }>();
  #next = 0;

  /** How many were sent, those before a reset too. */
  get batchesSent(): number {
    return this.#next;
  }

  /** The workspace was reset. */
  clear(): void {
    this.batches.clear();
    this.versions.clear();
  }

  batch(size: number): string {
    const name = `batch ${this.#next++}`;
    this.batches.set(name, { size, isAnswered: false });
    return name;
  }
}

const customers = '/workspaces/w/state/staxbill/customers';

/** Writes one thing after another until the server is gone. Records in `own` are changed by this client alone, in turn. */
async function write(url: string, sent: Sent, random: () => number, own: number[]): Promise<void> {
  for (;;) {
    try {
      const id = own[Math.floor(random() * own.length)];
      if (id === undefined || random() < 0.3) await add(url, sent, 1 + Math.floor(random() * 12), own);
      else await change(url, sent, id);
    } catch (error) {
      // What fetch throws when nobody is there any more; anything else is told.
      if (error instanceof TypeError) return;
      throw error;
    }
  }
}

async function add(url: string, sent: Sent, size: number, own: number[]): Promise<void> {
  const name = sent.batch(size);
  const records = Array.from({ length: size }, (_, index) => ({
    companyName: `${name}: ${index}`,
    currency: 'USD',
    // Long enough that a write ends within one.
    reference: 'x'.repeat(40 * (index % 7)),
  }));
  const answer = await control('POST', customers, records, {}, url);
  expect(answer.status, answer.text).toBe(201);
  const batch = sent.batches.get(name);
  if (batch !== undefined) batch.isAnswered = true;
  const [first] = answer.body.records;
  sent.versions.set(first.id, { sent: 0, answered: 0 });
  own.push(first.id);
  sent.answered();
}

async function change(url: string, sent: Sent, id: number): Promise<void> {
  const versions = sent.versions.get(id);
  if (versions === undefined) return;
  const version = ++versions.sent;
  const answer = await control('PATCH', `${customers}/${id}`, { reference: `version ${version}` }, {}, url);
  expect(answer.status, answer.text).toBe(200);
  versions.answered = version;
  sent.answered();
}

/** Everything that is there is what was sent, whole, and everything that was answered is there. */
async function judge(url: string, sent: Sent): Promise<void> {
  const { status, body, text } = await request(`${url}/_sandbox${customers}?limit=10000`);
  expect(status, text.slice(0, 500)).toBe(200);
  const found = new Map<string, number>();
  for (const { id, companyName, reference } of body.records) {
    const name = String(companyName).split(':')[0] ?? '';
    found.set(name, (found.get(name) ?? 0) + 1);
    const versions = sent.versions.get(id);
    const version = /^version (\d+)$/.exec(reference ?? '')?.[1] ?? '0';
    if (versions === undefined) continue;
    expect(Number(version), `version of ${id}`).toBeGreaterThanOrEqual(versions.answered);
    expect(Number(version), `version of ${id}`).toBeLessThanOrEqual(versions.sent);
    // What was not answered and is there is as good as answered from now on.
    versions.answered = versions.sent = Number(version);
  }
  for (const [name, count] of found) expect(count, `${name}, sent with one request`).toBe(sent.batches.get(name)?.size);
  for (const [name, batch] of sent.batches) {
    if (batch.isAnswered) expect(found.has(name), `${name} was answered`).toBe(true);
    if (found.has(name)) batch.isAnswered = true;
    else sent.batches.delete(name);
  }
}

async function lane(number: number): Promise<{ writes: number; batches: number; snapshots: number }> {
  const state = join(directory, `lane-${number}`);
  const random = dice(seed + number);
  const sent = new Sent();
  const own = Array.from({ length: clients }, (): number[] => []);
  const snapshots = new Set<number>();
  for (let turn = 0; turn <= kills; turn++) {
    const { url, kill } = await start(state);
    if (turn === 0) {
      const made = await control('POST', '/workspaces', { name: 'w', scenario: 'empty' }, {}, url);
      expect(made.status, made.text).toBe(201);
    }
    await judge(url, sent);
    // Everything is out of date then, and a snapshot is worth it.
    if (turn % 6 === 5) {
      const reset = await control('POST', '/workspaces/w/reset', undefined, {}, url);
      expect(reset.status, reset.text).toBe(200);
      sent.clear();
      for (const each of own) each.length = 0;
    }
    if (turn < kills) {
      let left = Math.floor(random() * 40);
      const struck = new Promise<void>((resolve) => {
        sent.answered = () => {
          sent.writes++;
          if (left-- === 0) resolve();
        };
      });
      const writing = Promise.all(own.map((each) => write(url, sent, random, each)));
      await struck;
      // The others are anywhere on their way; so is what is written behind them.
      for (let turns = Math.floor(random() * 20); turns > 0; turns--) await new Promise(setImmediate);
      await kill();
      await writing;
      const snapshot = statSync(join(state, 'state.jsonl'), { throwIfNoEntry: false });
      if (snapshot !== undefined) snapshots.add(snapshot.mtimeMs);
    } else await kill();
  }
  return { writes: sent.writes, batches: sent.batchesSent, snapshots: snapshots.size };
}

test(`a server that is killed ${lanes * kills} times under load keeps every answered write, and none in part`, async () => {
  process.stdout.write(`DURABILITY_SEED=${seed}\n`);
  const done = await Promise.all(Array.from({ length: lanes }, (_, number) => lane(number)));
  for (const { writes, batches, snapshots } of done) {
    expect(batches).toBeGreaterThan(kills * 2);
    expect(writes).toBeGreaterThan(kills * 10);
    expect(snapshots, 'kills after another snapshot was written').toBeGreaterThan(1);
  }
}, 600_000);
