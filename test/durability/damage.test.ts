/**
 * What becomes of files that were cut or changed: a journal's torn end is passed over, everything else stops the start, with
 * a message that names the file, and nothing is overwritten.
 */
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/json.js';
import { makeLog } from '../../src/log.js';
import { systemDisk } from '../../src/store/disk.js';
import { type Durable, openDirectory } from '../../src/store/durable.js';

const root = mkdtempSync(join(tmpdir(), 'paydouble-damage-'));
afterAll(() => rmSync(root, { recursive: true }));

const log = makeLog(false);
const limits = { stateJournalBytes: 1_000_000 };

const open = (directory: string, fresh = false): Promise<Durable> =>
  openDirectory(directory, { durability: 'full', fresh, limits, disk: systemDisk, log });

/** The numbers of the entries that a directory gives back; it is let go of as a kill would. */
async function read(directory: string): Promise<unknown[]> {
  const durable = await open(directory);
  const numbers = durable.take().map(({ entry }) => entry);
  await durable.release();
  return numbers;
}

async function write(directory: string, numbers: readonly number[]): Promise<void> {
  const durable = await open(directory);
  for (const number of numbers) {
    durable.append(() => ({ entry: number, text: `Zoë ${number}` }));
    await durable.pending();
  }
  await durable.release();
}

test('what is appended lags until it is kept', async () => {
  const durable = await open(join(root, 'lag'));
  expect(durable.lag()).toBe(0);
  for (const number of [1, 2, 3]) durable.append(() => ({ entry: number }));
  expect(durable.lag()).toBe(3);
  await durable.pending();
  expect(durable.lag()).toBe(0);
  await durable.release();
});

let made = 0;
function copyOf(directory: string): string {
  const copy = join(root, `copy-${made++}`);
  cpSync(directory, copy, { recursive: true });
  return copy;
}

const contents = (directory: string) =>
  readdirSync(directory)
    .filter((name) => name !== 'lock')
    .map((name) => [name, existsSync(join(directory, name, '.')) ? '' : readFileSync(join(directory, name), 'latin1')]);

describe('a journal', () => {
  const directory = join(root, 'journal');
  const file = 'journal-1.jsonl';
  const numbers = [1, 2, 3, 4];
  beforeAll(() => write(directory, numbers));

  test('that is cut anywhere gives every entry before the cut, and goes on from there', async () => {
    const bytes = readFileSync(join(directory, file));
    for (let length = 0; length <= bytes.length; length++) {
      const copy = copyOf(directory);
      writeFileSync(join(copy, file), bytes.subarray(0, length));
      const lines = bytes.subarray(0, length).toString('latin1').split('\n');
      // A line that lacks nothing but its end is whole too.
      const isWhole = /"[0-9a-f]{8}"\]$/.test(lines.at(-1) ?? '');
      const expected = numbers.slice(0, lines.length - (isWhole ? 0 : 1));
      expect(await read(copy), `cut at ${length}`).toEqual(expected);
      await write(copy, [9]);
      expect(await read(copy), `cut at ${length}, gone on`).toEqual([...expected, 9]);
      rmSync(copy, { recursive: true });
    }
    expect.assertions(2 * (bytes.length + 1));
  });

  test('that is changed anywhere is refused by its name and line, and stays as it is', async () => {
    const bytes = readFileSync(join(directory, file));
    // The last line's own end is no part of what it says.
    for (let at = 0; at < bytes.length - 1; at++) {
      const copy = copyOf(directory);
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
      writeFileSync(join(copy, file), changed);
      const before = contents(copy);
      await expect(read(copy), `changed at ${at}`).rejects.toThrow(/journal-1\.jsonl(:\d)?: damaged: .*--fresh/);
      expect(contents(copy)).toEqual(before);
      rmSync(copy, { recursive: true });
    }
  });

  test('of which a file is missing is refused', async () => {
    const copy = copyOf(directory);
    await write(copy, [5]);
    await write(copy, [6]);
    expect(await read(copy)).toEqual([1, 2, 3, 4, 5, 6]);
    rmSync(join(copy, 'journal-2.jsonl'));
    await expect(read(copy)).rejects.toThrow('journal-3.jsonl: damaged: entries 5 to 5 are missing before it.');
  });
});

describe('a snapshot', () => {
  const directory = join(root, 'snapshot');
  const file = 'state.jsonl';
  const entries: readonly JsonObject[] = [1, 2, 3].map((entry) => ({ entry }));
  beforeAll(async () => {
    const durable = await open(directory);
    durable.keepScenario('acme-0123456789abcdef', () => ({ text: 'Zoë' }));
    durable.begin({ capture: () => ({ entries, scenarios: new Set(['acme-0123456789abcdef']) }), weight: () => 1 });
    durable.append(() => ({ entry: 1 }));
    await durable.close();
  });

  test('that is whole gives its entries', async () => {
    expect(await read(directory)).toEqual([1, 2, 3]);
    expect(readdirSync(directory).sort()).toEqual(['lock', 'scenarios', 'state.jsonl']);
  });

  test('that is cut or changed anywhere is refused by its name, and stays as it is', async () => {
    const bytes = readFileSync(join(directory, file));
    const broken = [...bytes.keys()].flatMap((at) => {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
      // The line's own end is no part of what it says.
      return at === bytes.length - 1 ? [changed] : [changed, bytes.subarray(0, at)];
    });
    for (const content of broken) {
      const copy = copyOf(directory);
      writeFileSync(join(copy, file), content);
      const before = contents(copy);
      await expect(read(copy), content.toString('latin1')).rejects.toThrow(/state\.jsonl(:\d)?: damaged: .*--fresh/);
      expect(contents(copy)).toEqual(before);
      rmSync(copy, { recursive: true });
    }
  });

  test('that is damaged is set aside by a fresh start, and the next one beside it', async () => {
    const copy = copyOf(directory);
    for (const aside of ['damaged-1', 'damaged-2']) {
      writeFileSync(join(copy, file), aside);
      writeFileSync(join(copy, 'journal-7.jsonl'), 'damaged too\n');
      const durable = await open(copy, true);
      expect(durable.take()).toEqual([]);
      await durable.release();
      expect(readFileSync(join(copy, aside, file), 'utf8')).toBe(aside);
      expect(readFileSync(join(copy, aside, 'journal-7.jsonl'), 'utf8')).toBe('damaged too\n');
    }
    expect(readFileSync(join(copy, 'damaged-1', file), 'utf8')).toBe('damaged-1');
    expect(existsSync(join(copy, file))).toBe(false);
  });

  test('that is whole is removed by a fresh start', async () => {
    const copy = copyOf(directory);
    const durable = await open(copy, true);
    await durable.release();
    expect(readdirSync(copy).sort()).toEqual(['lock', 'scenarios']);
    expect(readdirSync(join(copy, 'scenarios'))).toEqual([]);
  });

  test('in the form of an earlier version is refused', async () => {
    const copy = copyOf(directory);
    writeFileSync(join(copy, 'state.json'), '{}');
    await expect(read(copy)).rejects.toThrow('state.json: damaged: it has the form of an earlier version.');
  });

  test('that was not finished by a kill is forgotten', async () => {
    const copy = copyOf(directory);
    for (const name of ['state.jsonl.new', join('scenarios', 'acme-0123456789abcdef.json.new')]) {
      writeFileSync(join(copy, name), '[1,{"ent');
    }
    expect(await read(copy)).toEqual([1, 2, 3]);
    expect(readdirSync(copy).sort()).toEqual(['lock', 'scenarios', 'state.jsonl']);
    expect(readdirSync(join(copy, 'scenarios'))).toEqual(['acme-0123456789abcdef.json']);
  });
});

test('a kept scenario that was changed is refused by its name', async () => {
  const directory = join(root, 'snapshot');
  const name = join('scenarios', 'acme-0123456789abcdef.json');
  const copy = copyOf(directory);
  const durable = await open(copy);
  expect(durable.scenario('acme-0123456789abcdef')).toEqual({ text: 'Zoë' });
  for (const content of [readFileSync(join(copy, name), 'utf8').replace('Zoë', 'Zoe'), '{', '[]', '{"text":"Zoë"}']) {
    writeFileSync(join(copy, name), content);
    expect(() => durable.scenario('acme-0123456789abcdef')).toThrow(/acme-0123456789abcdef\.json: damaged: .*--fresh/);
  }
  await durable.release();
});

test('a place that cannot be written is told', async () => {
  const file = join(root, 'file');
  appendFileSync(file, '');
  await expect(open(join(file, 'state'))).rejects.toThrow(/the state cannot be kept there: ENOTDIR.*--state DIR/);
  const disk = { ...systemDisk, mkdir: () => Promise.reject(new Error('EROFS: read-only file system, mkdir')) };
  await expect(
    openDirectory(join(root, 'read-only'), { durability: 'full', fresh: false, limits, disk, log }),
  ).rejects.toThrow(/the state cannot be kept there: EROFS.*--state DIR/);
});

test('a second opening is refused until the first is closed', async () => {
  const directory = join(root, 'locked');
  mkdirSync(directory);
  const first = await open(directory);
  await expect(open(directory)).rejects.toThrow(/locked: another paydouble keeps its state there\. .*--state DIR/);
  await expect(open(directory, true)).rejects.toThrow('another paydouble');
  await first.release();
  await (await open(directory)).release();
});
