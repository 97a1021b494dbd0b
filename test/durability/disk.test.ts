/**
 * A disk that takes no writes for a while: nothing is answered that is not kept, what is refused leaves nothing behind, neither
 * in memory nor on the disk, reads go on, and writes do once there is room.
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox.js';
import { type Disk, systemDisk } from '../../src/store/disk.js';
import { control } from '../control-client.js';
import { type Answer, request } from '../harness.js';

const root = mkdtempSync(join(tmpdir(), 'paydouble-disk-'));
afterAll(() => rmSync(root, { recursive: true }));

let state = '';
beforeEach(() => {
  state = join(mkdtempSync(join(root, 'test-')), 'state');
});

/** What may go wrong with a disk. */
type Wrong = 'open' | 'appendFile' | 'datasync' | 'truncate' | 'rename' | 'rm';

/** A disk on which things go wrong as long as they are in `wrong`; `writing` is called before each write. */
function makeDisk(writing: () => void = () => {}): { disk: Disk; wrong: Set<Wrong>; snapshots: () => number } {
  let snapshots = 0;
  const wrong = new Set<Wrong>();
  const fail = (what: Wrong) => {
    if (wrong.has(what)) throw new Error(`ENOSPC: no space left on device, ${what}`);
  };
  const open = async (...parameters: Parameters<Disk['open']>): Promise<FileHandle> => {
    // Not of what is read to be synced.
    if (parameters[1] !== 'r') fail('open');
    const handle = await systemDisk.open(...parameters);
    const [append, datasync, truncate] = [handle.appendFile, handle.datasync, handle.truncate];
    return Object.assign(handle, {
      appendFile: async (data: string | Uint8Array) => {
        writing();
        // A full disk takes what it has room for.
        if (wrong.has('appendFile')) await append.call(handle, data.slice(0, data.length / 2));
        fail('appendFile');
        await append.call(handle, data);
      },
      datasync: async () => {
        fail('datasync');
        await datasync.call(handle);
      },
      truncate: async (length?: number) => {
        fail('truncate');
        await truncate.call(handle, length);
      },
    });
  };
  const rename: Disk['rename'] = async (from, to) => {
    fail('rename');
    if (to === join(state, 'state.jsonl')) snapshots++;
    await systemDisk.rename(from, to);
  };
  const rm: Disk['rm'] = async (...parameters) => {
    fail('rm');
    await systemDisk.rm(...parameters);
  };
  return { disk: { ...systemDisk, open, rename, rm }, wrong, snapshots: () => snapshots };
}

/** Running clocks stand, so that what is read twice is the same. */
const now = { epochMilliseconds: Date.UTC(2026, 4, 1), nanoseconds: 0 };

const start = (options: SandboxOptions): Promise<Sandbox> =>
  startSandbox({ port: 0, log: false, state, apis: ['staxbill', 'nuntiq'], realTime: () => now, ...options });

/** Runs `action` on a sandbox, and closes it. */
async function within<T>(options: SandboxOptions, action: (url: string) => Promise<T>): Promise<T> {
  const sandbox = await start(options);
  try {
    return await action(sandbox.url);
  } finally {
    await sandbox.close();
  }
}

/** What a kill would leave of the directory now. */
function copyOfState(): string {
  const copy = mkdtempSync(join(root, 'killed-'));
  cpSync(state, copy, { recursive: true });
  return copy;
}

/** Runs `action` on what a kill would leave of the directory now. */
const afterKill = <T>(action: (url: string) => Promise<T>): Promise<T> => within({ state: copyOfState() }, action);

const payment = { external_payment_id: 'P-1', method: 'ACH', total_amount: 10, currency: 'USD' };
const pay = (url: string, id: string): Promise<Answer> =>
  request(`${url}/nuntiq/payments`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': 'nuntiq-sandbox-key' },
    body: JSON.stringify({ ...payment, external_payment_id: id }),
  });

const change = (url: string, reference: string): Promise<Answer> =>
  control('PATCH', '/workspaces/default/state/staxbill/customers/7001', { reference }, {}, url);

/** Everything that can be read of workspaces and snapshots. */
async function everything(url: string): Promise<unknown> {
  const read = async (path: string) => {
    const { status, text } = await control('GET', path, undefined, {}, url);
    expect(status, text).toBe(200);
    // What was refused counts as a request too, and stands in no entry.
    return text.replaceAll(/"requests":\d+/g, '"requests":0');
  };
  const names = async (path: string): Promise<string[]> =>
    JSON.parse(await read(path))
      .map(({ name }: { name: string }) => name)
      .sort();
  const found: [string, string][] = [];
  for (const name of await names('/workspaces')) {
    for (const path of ['', '/clock', '/state/staxbill/customers', '/state/nuntiq/payments']) {
      found.push([`${name}${path}`, await read(`/workspaces/${name}${path}`)]);
    }
  }
  for (const name of await names('/snapshots')) found.push([name, await read(`/snapshots/${name}`)]);
  return found;
}

describe.each(['full', 'relaxed'] as const)('with durability %s', (durability) => {
  test('a write to a full disk is refused in the vendor’s words, reads go on, and writes do when there is room', async () => {
    const { disk, wrong } = makeDisk();
    const sandbox = await start({ disk, durability });
    const { url } = sandbox;
    try {
      expect((await pay(url, 'P-1')).status).toBe(200);
      const before = await everything(url);
      wrong.add('appendFile');
      const refused = await pay(url, 'P-2');
      expect(refused.status).toBe(500);
      expect(refused.text).toContain('could not keep what this request changed, and took it back: ENOSPC');
      expect(await everything(url)).toEqual(before);
      expect(await afterKill(everything)).toEqual(before);
      wrong.clear();
      expect((await pay(url, 'P-2')).status).toBe(200);
      const after = await everything(url);
      expect(after).not.toEqual(before);
      expect(await afterKill(everything)).toEqual(after);
    } finally {
      await sandbox.close();
    }
    expect(await afterKill(async (again) => (await pay(again, 'P-3')).status)).toBe(200);
  }, 60_000);
});

/** What a client may ask for, by number; each leads somewhere else in the store. */
const steps: readonly ((url: string, value: number) => Promise<Answer>)[] = [
  (url, value) => control('POST', '/workspaces', { name: `w${value}`, scenario: 'empty' }, {}, url),
  (url, value) => control('POST', '/workspaces', { name: `f${value}`, workspace: 'default' }, {}, url),
  (url, value) => control('DELETE', `/workspaces/w${value}`, undefined, {}, url),
  (url, value) => control('POST', `/workspaces/w${value}/reset`, undefined, {}, url),
  (url) => control('POST', '/workspaces/default/reset', undefined, {}, url),
  (url, value) => control('POST', '/snapshots', { name: `s${value}`, workspace: 'default' }, {}, url),
  (url, value) => control('DELETE', `/snapshots/s${value}`, undefined, {}, url),
  (url, value) => control('POST', '/workspaces/default/restore', { snapshot: `s${value}` }, {}, url),
  (url, value) => control('POST', '/workspaces/default/restore', { workspace: `w${value}` }, {}, url),
  (url, value) => control('POST', `/workspaces/w${value}/restore`, { scenario: 'month-end' }, {}, url),
  (url, value) => control('POST', '/workspaces/default/clock', { freeze: `2026-01-0${value + 1}T00:00:00Z` }, {}, url),
  (url, value) => control('POST', `/workspaces/w${value}/state/staxbill/customers`, { currency: 'USD' }, {}, url),
  (url) => control('POST', '/workspaces/default/state/staxbill/customers', { currency: 'EUR' }, {}, url),
  (url, value) => pay(url, `P-${value}`),
  // Many of one record, which make a snapshot worth it.
  ...Array.from({ length: 8 }, () => (url: string, value: number) => change(url, `R-${value}`)),
];

const step = fc.record({
  does: fc.nat({ max: steps.length - 1 }),
  value: fc.nat({ max: 2 }),
  wrong: fc.option(
    fc.subarray<Wrong>(['open', 'appendFile', 'datasync', 'truncate', 'rename', 'rm'], { minLength: 1 }),
    {
      nil: [],
      freq: 2,
    },
  ),
});

test('whatever fails, memory is what a kill would leave, and what was refused changed nothing', async () => {
  const plan = fc.sample(fc.array(step, { minLength: 160, maxLength: 160 }), { seed: 20260601, numRuns: 1 })[0] ?? [];
  const { disk, wrong, snapshots } = makeDisk();
  // Snapshots come often, and fail too.
  const sandbox = await start({ disk, limits: { stateJournalBytes: 2_000 } });
  let refused = 0;
  let changes = 0;
  try {
    let before = await everything(sandbox.url);
    for (const { does, value, wrong: now } of plan) {
      for (const each of now) wrong.add(each);
      const answer = await steps[does]?.(sandbox.url, value);
      wrong.clear();
      const after = await everything(sandbox.url);
      if (answer?.status === 500) {
        refused++;
        expect(after, `step ${does} ${value}`).toEqual(before);
      }
      // What a cut that failed left behind goes with the next write.
      if (now.length === 0 && (answer?.status ?? 500) < 300 && ++changes % 6 === 0)
        expect(await afterKill(everything)).toEqual(after);
      before = after;
    }
  } finally {
    await sandbox.close();
  }
  expect(refused).toBeGreaterThan(10);
  expect(snapshots(), 'snapshots in between').toBeGreaterThan(2);
}, 120_000);

test('writes that come together are answered as they are kept: all of a lost group is refused, and none of another', async () => {
  let writes = 0;
  const { disk, wrong } = makeDisk(() => {
    writes++;
    wrong.clear();
    if (writes % 3 === 0) wrong.add(writes % 2 === 0 ? 'appendFile' : 'datasync');
  });
  const sandbox = await start({ disk });
  const { url } = sandbox;
  const answered = new Set<string>();
  try {
    for (let round = 0; round < 30; round++) {
      const sent = Array.from({ length: 12 }, async (_, index) => {
        const id = `${round}-${index}`;
        const { status } = await pay(url, id);
        if (status === 200) answered.add(id);
        else expect(status).toBe(500);
        // Reads of what is being written are answered, whatever becomes of it.
        expect((await control('GET', '/workspaces/default/state/nuntiq/payments', undefined, {}, url)).status).toBe(
          200,
        );
      });
      await Promise.all(sent);
    }
    const ids = async (at: string) => {
      const { body } = await control('GET', '/workspaces/default/state/nuntiq/payments', undefined, {}, at);
      const all: string[] = body.records.map((each: { external_payment_id: string }) => each.external_payment_id);
      return all.filter((id) => /^\d+-\d+$/.test(id)).sort();
    };
    expect(await ids(url)).toEqual([...answered].sort());
    expect(await afterKill(ids)).toEqual([...answered].sort());
    expect(answered.size).toBeGreaterThan(0);
    expect(answered.size).toBeLessThan(360);
  } finally {
    await sandbox.close();
  }
}, 120_000);

test('a snapshot that cannot be written loses nothing, and is written when it can', async () => {
  const { disk, wrong } = makeDisk();
  const first = await start({ disk, limits: { stateJournalBytes: 2_000 } });
  expect((await pay(first.url, 'P-0')).status).toBe(200);
  wrong.add('rename');
  for (let number = 1; number < 20; number++) expect((await pay(first.url, `P-${number}`)).status).toBe(200);
  const before = await everything(first.url);
  await first.close();
  expect(readdirSync(state)).not.toContain('state.jsonl');
  expect(readdirSync(state)).not.toContain('state.jsonl.new');
  wrong.clear();
  const second = await start({ disk, limits: { stateJournalBytes: 2_000 } });
  expect(await everything(second.url)).toEqual(before);
  await second.close();
  expect(readdirSync(state).sort()).toEqual(['lock', 'scenarios', 'state.jsonl']);
  expect(readFileSync(join(state, 'state.jsonl'), 'utf8')).toContain('"P-19"');
  expect(await afterKill(everything)).toEqual(before);
}, 60_000);

describe('a snapshot takes the place of the journal', () => {
  const isThere = () => readdirSync(state).includes('state.jsonl');
  const journals = () => readdirSync(state).filter((name) => name.startsWith('journal-'));

  test('when most of what that holds was changed since, again and again', async () => {
    await within({ limits: { stateJournalBytes: 2_000 } }, async (url) => {
      for (let number = 0; number < 60; number++) expect((await change(url, `R-${number}`)).status).toBe(200);
      await expect.poll(isThere).toBe(true);
      await expect.poll(journals).not.toContain('journal-1.jsonl');
      const bytes = journals().reduce((sum, name) => sum + statSync(join(state, name)).size, 0);
      expect(bytes, 'of sixty versions, each of a kilobyte').toBeLessThan(30_000);
    });
  }, 60_000);

  test('not while records are only added, which it would write once more, and when most of them are gone', async () => {
    await within({ limits: { stateJournalBytes: 8_000 } }, async (url) => {
      for (let number = 0; number < 60; number++) expect((await pay(url, `P-${number}`)).status).toBe(200);
      // What would have written one is done before the next request is answered.
      expect((await change(url, 'R')).status).toBe(200);
      expect([isThere(), journals()]).toEqual([false, ['journal-1.jsonl']]);
      expect((await control('POST', '/workspaces/default/reset', undefined, {}, url)).status).toBe(200);
      for (let number = 0; number < 20; number++) await change(url, `R-${number}`);
      await expect.poll(isThere).toBe(true);
      const before = await everything(url);
      expect(await afterKill(everything)).toEqual(before);
    });
  }, 60_000);

  test('when a few long records of many were changed', async () => {
    await within({ limits: { stateJournalBytes: 8_000 } }, async (url) => {
      for (let number = 0; number < 20; number++) expect((await pay(url, `P-${number}`)).status).toBe(200);
      expect(isThere()).toBe(false);
      for (let number = 0; number < 20; number++) {
        expect((await change(url, `R-${number} ${'x'.repeat(10_000)}`)).status).toBe(200);
      }
      await expect.poll(isThere).toBe(true);
    });
  }, 60_000);

  test('also of a journal that a killed sandbox left behind', async () => {
    const left = await within({}, async (url) => {
      for (let number = 0; number < 60; number++) await change(url, `R-${number}`);
      return copyOfState();
    });
    state = left;
    await within({ limits: { stateJournalBytes: 2_000 } }, async (url) => {
      expect((await change(url, 'once more')).status).toBe(200);
      await expect.poll(isThere).toBe(true);
    });
  }, 60_000);

  test('also for uploads that are gone, whose scenarios lie beside it', async () => {
    const scenarios = () => readdirSync(join(state, 'scenarios')).length;
    await within({ limits: { stateJournalBytes: 8_000 } }, async (url) => {
      await control('POST', '/snapshots', { name: 'taken', workspace: 'default' }, {}, url);
      const { body } = await control('GET', '/snapshots/taken', undefined, {}, url);
      for (let number = 0; number < 40; number++) {
        const file = { ...body, apis: { ...body.apis, staxbill: { ...body.apis.staxbill, seed: number } } };
        expect((await control('PUT', '/snapshots/uploaded', file, {}, url)).status).toBeLessThan(300);
      }
      await expect.poll(isThere).toBe(true);
      await expect.poll(scenarios).toBeLessThan(20);
      const before = await everything(url);
      expect(await afterKill(everything)).toEqual(before);
    });
  }, 60_000);

  test('not where copies share what it would write once for each', async () => {
    const before = await within({}, async (url) => {
      const fork = (number: number) =>
        control('POST', '/workspaces', { name: `w${number}`, workspace: 'default' }, {}, url);
      for (let number = 0; number < 20; number++) expect((await pay(url, `P-${number}`)).status).toBe(200);
      for (let number = 0; number < 20; number++) expect((await fork(number)).status).toBe(201);
      return everything(url);
    });
    expect([isThere(), journals()]).toEqual([false, ['journal-1.jsonl']]);
    await within({}, async (url) => expect(await everything(url)).toEqual(before));
  }, 60_000);
});
