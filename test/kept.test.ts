/**
 * What is kept stays what it was when scenario files are changed, broken or taken away; what is made or reset begins as they
 * are now.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { type Sandbox, type SandboxOptions, startSandbox } from '../src/sandbox.js';
import { control } from './control-client.js';
import { request } from './harness.js';

const root = mkdtempSync(join(tmpdir(), 'paydouble-kept-'));
afterAll(() => rmSync(root, { recursive: true }));

let data = '';
let state = '';
beforeEach(() => {
  const directory = mkdtempSync(join(root, 'test-'));
  data = join(directory, 'scenarios');
  state = join(directory, 'state');
  mkdirSync(join(data, 'staxbill'), { recursive: true });
});

const file = (name: string) => join(data, 'staxbill', `${name}.yaml`);

/** A scenario with one customer, an invoice of an exact amount, a clock and a fault. */
function write(name: string, company: string, more = ''): void {
  writeFileSync(
    file(name),
    `
extends: empty
story: ${company}.
clock: '2026-03-31T17:00:00.000Z'
settings: { repeatedTransaction: refuse }
next: { ids: { customers: 50 } }
faults: [{ name: slow, fault: { latency: { milliseconds: 1 } } }]
records:
  customers: [{ id: 1, companyName: ${company}, currency: USD }]
  invoices:
    - { invoiceId: 10, customerId: 1, postedTimestamp: '2026-03-01T00:00:00Z', invoiceNumber: 10, invoiceAmount: 120.00, taxes: 0.00, discounts: 0.00, invoiceTotal: 120.00, outstandingBalance: 120.00 }
${more}`,
  );
}

/** Runs `action` on a sandbox with the state and the scenarios of the test, and closes it. */
async function within<T>(action: (url: string) => Promise<T>, options: SandboxOptions = {}): Promise<T> {
  const sandbox = await start(options);
  try {
    return await action(sandbox.url);
  } finally {
    await sandbox.close();
  }
}

/** Goes on with the state directory as a kill would leave it now. */
function kill(): void {
  cpSync(state, `${state}-killed`, { recursive: true });
  state = `${state}-killed`;
}

function start(options: SandboxOptions = {}): Promise<Sandbox> {
  return startSandbox({ port: 0, log: false, state, data: [data], ...options });
}

async function make(url: string, wanted: object): Promise<void> {
  const answer = await control('POST', '/workspaces', wanted, {}, url);
  expect(answer.status, answer.text).toBe(201);
}

const stateOf = (workspace: string, collection = 'customers') =>
  `/workspaces/${workspace}/state/staxbill/${collection}`;

async function companies(url: string, workspace: string): Promise<string[]> {
  const { body } = await control('GET', stateOf(workspace), undefined, {}, url);
  return body.records.map(({ companyName }: { companyName: string }) => companyName);
}

async function addCompany(url: string, workspace: string, companyName: string): Promise<void> {
  const answer = await control('POST', stateOf(workspace), { companyName, currency: 'USD' }, {}, url);
  expect(answer.status, answer.text).toBe(201);
}

/** Everything that can be read of workspaces and snapshots, the default workspace aside. */
async function everything(url: string, workspaces: readonly string[], snapshots: readonly string[]): Promise<unknown> {
  const read = async (path: string) => (await control('GET', path, undefined, {}, url)).text;
  return Promise.all([
    ...workspaces.flatMap((name) => [
      read(`/workspaces/${name}`),
      read(stateOf(name)),
      read(stateOf(name, 'invoices')),
      read(`/workspaces/${name}/faults`),
    ]),
    ...snapshots.map((name) => read(`/snapshots/${name}`)),
  ]);
}

const changes: readonly (readonly [string, () => void, SandboxOptions])[] = [
  ['has not changed', () => {}, {}],
  ['was edited', () => write('lp', 'Later'), {}],
  ['was broken', () => writeFileSync(file('lp'), 'records: ['), {}],
  ['was removed', () => rmSync(file('lp')), {}],
  ['is in a directory that is not given', () => {}, { data: [] }],
];

describe('a restart when the scenario', () => {
  test.each(
    changes.flatMap(([what, change, options]) =>
      ['after a clean end', 'at once'].map((how) => [what, how, change, options] as const),
    ),
  )('%s, %s, finds workspaces and snapshots as they were', async (_, how, change, options) => {
    write('lp', 'Early');
    const first = await start();
    const { url } = first;
    await make(url, { name: 'plain', scenario: 'lp' });
    await make(url, { name: 'used', scenario: 'lp', seed: 5 });
    await addCompany(url, 'used', 'Added');
    await control('POST', '/snapshots', { name: 't0', workspace: 'plain' }, {}, url);
    await control('POST', '/snapshots', { name: 't1', workspace: 'used' }, {}, url);
    await make(url, { name: 'forked', snapshot: 't1' });
    await control('POST', '/workspaces/used/reset', undefined, {}, url);
    await addCompany(url, 'used', 'Again');
    await make(url, { name: 'loaded', scenario: 'empty' });
    await control('POST', '/workspaces/loaded/restore', { scenario: 'lp' }, {}, url);
    await make(url, { name: 'copied' });
    await control('POST', '/workspaces/copied/restore', { workspace: 'used' }, {}, url);
    await addCompany(url, 'copied', 'Only here');
    const [workspaces, snapshots] = [
      ['plain', 'used', 'forked', 'loaded', 'copied'],
      ['t0', 't1'],
    ];
    const before = await everything(url, workspaces, snapshots);
    if (how === 'after a clean end') await first.close();
    else kill();
    change();
    const second = await start(options);
    try {
      expect(await everything(second.url, workspaces, snapshots)).toEqual(before);
      expect(await companies(second.url, 'used')).toEqual(['Early', 'Again']);
      expect(await companies(second.url, 'loaded')).toEqual(['Early']);
      expect(await companies(second.url, 'copied')).toEqual(['Early', 'Again', 'Only here']);
      await control('POST', '/workspaces/forked/reset', undefined, {}, second.url);
      expect(await companies(second.url, 'forked')).toEqual(['Early', 'Added']);
    } finally {
      await second.close();
      if (how !== 'after a clean end') await first.close();
    }
  });

  test('changed, what rests on it is kept once, readable and exact, until nothing does', async () => {
    write('lp', 'Early');
    const kept = () => (existsSync(join(state, 'scenarios')) ? readdirSync(join(state, 'scenarios')) : []);
    const named = () => kept().filter((name) => readFileSync(join(state, 'scenarios', name), 'utf8').includes('"lp"'));
    await within(async (url) => {
      expect(kept()).toEqual([]);
      for (const name of ['one', 'two']) await make(url, { name, scenario: 'lp' });
      expect(named()).toEqual([expect.stringMatching(/^staxbill-[0-9a-f]{16}\.json$/)]);
    });
    const content = readFileSync(join(state, 'scenarios', named()[0] ?? ''), 'utf8');
    expect(content).toContain('"invoiceAmount": 120.00');
    expect(content).toContain('"repeatedTransaction": "refuse"');
    write('lp', 'Later');
    await within(async (url) => {
      await make(url, { name: 'three', scenario: 'lp' });
      expect(await companies(url, 'three')).toEqual(['Later']);
      expect(named()).toHaveLength(2);
      for (const name of ['one', 'two']) await control('DELETE', `/workspaces/${name}`, undefined, {}, url);
    });
    expect(named()).toHaveLength(1);
    expect(readFileSync(join(state, 'scenarios', named()[0] ?? ''), 'utf8')).toContain('Later');
    await within((url) => control('DELETE', '/workspaces/three', undefined, {}, url));
    expect(kept()).toEqual([]);
  });

  test('changed, and what was kept of it is gone, is refused, and nothing changes', async () => {
    write('lp', 'Early');
    await within((url) => make(url, { name: 'one', scenario: 'lp' }));
    write('lp', 'Later');
    const before = readFileSync(join(state, 'state.jsonl'), 'utf8');
    rmSync(join(state, 'scenarios'), { recursive: true });
    await expect(start()).rejects.toThrow(/workspace one was made from the scenario lp of staxbill .*--fresh/);
    expect(readFileSync(join(state, 'state.jsonl'), 'utf8')).toBe(before);
  });
});

describe('the default workspace', () => {
  test('begins as the scenario is now while nothing was done in it, and stays what it was when something was', async () => {
    write('default', 'Early');
    await within(async (url) => expect(await companies(url, 'default')).toEqual(['Early']));
    write('default', 'Later');
    await within(async (url) => {
      // A fork of what nobody has touched is kept too.
      await make(url, { name: 'fork', workspace: 'default' });
      expect(await companies(url, 'default')).toEqual(['Later']);
    });
    write('default', 'Third');
    await within(async (url) => {
      expect(await companies(url, 'fork')).toEqual(['Later']);
      expect(await companies(url, 'default')).toEqual(['Third']);
      await addCompany(url, 'default', 'Added');
    });
    writeFileSync(file('default'), 'records: [');
    await within(async (url) => {
      expect(await companies(url, 'default')).toEqual(['Third', 'Added']);
      expect((await control('GET', '/apis', undefined, {}, url)).text).toContain('staxbill-sandbox-key');
      expect((await control('POST', '/workspaces/default/reset', undefined, {}, url)).status).toBe(409);
    });
  });
});

describe('while the server runs', () => {
  test('creation and reset take a scenario as its files are now; other workspaces keep what they had', async () => {
    write('base', 'Early');
    writeFileSync(file('top'), 'extends: base\nrecords:\n  customers: [{ id: 2, companyName: Top, currency: USD }]\n');
    await within(async (url) => {
      for (const name of ['one', 'two']) await make(url, { name, scenario: 'top', clock: '2026-01-01T00:00:00Z' });
      write('base', 'Later');
      await make(url, { name: 'three', scenario: 'top' });
      expect(await companies(url, 'three')).toEqual(['Later', 'Top']);
      expect(await companies(url, 'one')).toEqual(['Early', 'Top']);
      await addCompany(url, 'one', 'Added');
      const { body } = await control('POST', '/workspaces/one/reset', undefined, {}, url);
      expect(body.clock).toEqual({ now: '2026-01-01T00:00:00.000Z', frozen: true });
      expect(await companies(url, 'one')).toEqual(['Later', 'Top']);
      expect(await companies(url, 'two')).toEqual(['Early', 'Top']);
    });
    await within(async (url) => {
      expect(await companies(url, 'one')).toEqual(['Later', 'Top']);
      expect(await companies(url, 'two')).toEqual(['Early', 'Top']);
    });
  });

  test('a file that comes before another of the name, or for several apis, is seen', async () => {
    await within(async (url) => {
      await make(url, { name: 'one', scenario: 'empty' });
      expect(await companies(url, 'one')).toEqual([]);
      writeFileSync(join(data, 'pair.yaml'), 'apis: { staxbill: { extends: empty } }\n');
      await make(url, { name: 'two', scenario: 'pair' });
      writeFileSync(
        file('empty'),
        'extends: empty\nrecords: { customers: [{ id: 1, companyName: Mine, currency: USD }] }\n',
      );
      for (const name of ['one', 'two']) {
        await control('POST', `/workspaces/${name}/reset`, undefined, {}, url);
        expect(await companies(url, name)).toEqual(['Mine']);
      }
    });
  });

  test('a scenario that is wrong by then is refused with its lines, and the workspace is as it was', async () => {
    write('lp', 'Early');
    await within(async (url) => {
      await make(url, { name: 'one', scenario: 'lp' });
      await addCompany(url, 'one', 'Added');
      const before = await everything(url, ['one'], []);
      write('lp', 'Later', 'seed: x\n');
      const load = await control('POST', '/workspaces/one/restore', { scenario: 'lp' }, {}, url);
      expect([load.status, load.body.errors[0].pointer]).toEqual([409, '/scenario']);
      const answer = await control('POST', '/workspaces/one/reset', undefined, {}, url);
      expect(answer.status).toBe(409);
      expect(answer.body.errors).toEqual([
        expect.objectContaining({
          in: 'path',
          pointer: '/name',
          message: expect.stringMatching(/lp\.yaml:12:7: expected a whole number/),
        }),
      ]);
      expect(await everything(url, ['one'], [])).toEqual(before);
      rmSync(file('lp'));
      expect((await control('POST', '/workspaces/one/reset', undefined, {}, url)).status).toBe(200);
      expect(await companies(url, 'one')).toEqual(['Early']);
    });
  });
});

describe('a snapshot’s file', () => {
  test('is accepted where its scenario is missing; forks and resets go by the file', async () => {
    write('lp', 'Early');
    const text = await within(async (url) => {
      await make(url, { name: 'one', scenario: 'lp' });
      await addCompany(url, 'one', 'Added');
      await control('POST', '/snapshots', { name: 'taken', workspace: 'one' }, {}, url);
      return (await control('GET', '/snapshots/taken', undefined, {}, url)).text;
    });
    const { nuntiq: _, ...apis } = JSON.parse(text).apis;
    const strange = JSON.parse(text);
    strange.apis.staxbill.settings = { zap: 1, repeatedTransaction: 'never' };
    const elsewhere = { data: [], state: `${state}-elsewhere` };
    await within(async (url) => {
      const refused = await control('PUT', '/snapshots/strange', strange, {}, url);
      expect(refused.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
        '/apis/staxbill/settings/zap',
        '/apis/staxbill/settings/repeatedTransaction',
      ]);
      const partial = JSON.stringify({ ...JSON.parse(text), apis });
      for (const [name, content] of Object.entries({ whole: text, partial })) {
        const answer = await control('PUT', `/snapshots/${name}`, content, {}, url);
        expect(answer.status, answer.text).toBe(200);
        expect(answer.body.scenario).toBe('lp');
        await make(url, { name, snapshot: name });
        await addCompany(url, name, 'More');
        expect(await companies(url, name)).toEqual(['Early', 'Added', 'More']);
        await control('POST', `/workspaces/${name}/reset`, undefined, {}, url);
        expect(await companies(url, name)).toEqual(['Early', 'Added']);
      }
      const kept = (await control('GET', '/snapshots/whole', undefined, {}, url)).text;
      expect(JSON.parse(kept)).toEqual(JSON.parse(text));
      const nuntiq = '/state/nuntiq/payments';
      expect((await control('GET', `/workspaces/partial${nuntiq}`, undefined, {}, url)).text).toBe(
        (await control('GET', `/workspaces/default${nuntiq}`, undefined, {}, url)).text,
      );
    }, elsewhere);
    await within(async (url) => expect(await companies(url, 'whole')).toEqual(['Early', 'Added']), elsewhere);
  });
});

test('requests that were refused count in snapshots and forks after a start at once, too', async () => {
  const first = await start();
  const { url } = first;
  await make(url, { name: 'w' });
  for (let sent = 0; sent < 5; sent++) await request(`${url}/~w/nuntiq/nowhere`, {});
  await control('POST', '/snapshots', { name: 's', workspace: 'w' }, {}, url);
  await make(url, { name: 'fork', workspace: 'w' });
  const requests = async (at: string) => [
    (await control('GET', '/snapshots/s', undefined, {}, at)).body.requests,
    (await control('GET', '/workspaces/fork', undefined, {}, at)).body.requests,
  ];
  expect(await requests(url)).toEqual([5, 5]);
  kill();
  const second = await start();
  try {
    expect(await requests(second.url)).toEqual([5, 5]);
  } finally {
    await second.close();
    await first.close();
  }
});

test('a journal that is read in many pieces comes back whole', async () => {
  const first = await start();
  // Letters of several bytes, so that pieces end within one.
  const names = Array.from({ length: 2000 }, (_, index) => `${index} ${'Zoë €'.repeat(10)}`);
  await make(first.url, { name: 'w', scenario: 'empty' });
  const records = names.map((companyName) => ({ companyName, currency: 'USD' }));
  const added = await control('POST', stateOf('w'), records, {}, first.url);
  expect(added.status, added.text.slice(0, 1000)).toBe(201);
  const kept = async (url: string) =>
    (await control('GET', `${stateOf('w')}?limit=2000`, undefined, {}, url)).body.records.map(
      ({ companyName }: { companyName: string }) => companyName,
    );
  kill();
  const second = await start();
  try {
    expect(await kept(second.url)).toEqual(names);
  } finally {
    await second.close();
    await first.close();
  }
});

describe('uploaded snapshots', () => {
  const part = { records: {} };
  const upload = async (url: string, name: string, content: object) => {
    const answer = await control('PUT', `/snapshots/${name}`, { paydouble: 'snapshot 1', ...content }, {}, url);
    expect(answer.status, answer.text).toBe(200);
  };

  test('whose parts are the same come back as what they are: each api’s, each scenario’s', async () => {
    const first = await start();
    const { url } = first;
    await upload(url, 'one', { scenario: 'one', apis: { staxbill: part, nuntiq: part, midnight: part } });
    await upload(url, 'two', { scenario: 'two', apis: { staxbill: part } });
    const before = await everything(url, [], ['one', 'two']);
    kill();
    const second = await start();
    try {
      expect(await everything(second.url, [], ['one', 'two'])).toEqual(before);
      await make(second.url, { name: 'w', snapshot: 'one' });
      await addCompany(second.url, 'w', 'Added');
      expect(await companies(second.url, 'w')).toEqual(['Added']);
    } finally {
      await second.close();
      await first.close();
    }
  });

  test('leave a workspace its credentials when they are restored, so no other may have them', async () => {
    const key = 'nuntiq-sandbox-key';
    const payment = { external_payment_id: 'P-1', method: 'ACH', total_amount: 10, currency: 'USD' };
    const pay = (url: string) =>
      request(`${url}/nuntiq/payments`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-api-key': key },
        body: JSON.stringify(payment),
      });
    const steal = (url: string) =>
      control('POST', '/workspaces', { name: 'thief', credentials: { nuntiq: { apiKey: key } } }, {}, url);
    const first = await start();
    await upload(first.url, 'nocred', { apis: { nuntiq: part } });
    await control('POST', '/workspaces/default/restore', { snapshot: 'nocred' }, {}, first.url);
    expect((await pay(first.url)).status).toBe(200);
    expect((await steal(first.url)).status).toBe(400);
    kill();
    const second = await start();
    try {
      expect((await steal(second.url)).status).toBe(400);
      expect((await pay(second.url)).status).toBe(200);
    } finally {
      await second.close();
      await first.close();
    }
  });
});

describe('the faults of a fork', () => {
  test('are those that the other workspace has, as they are, counted from 0', async () => {
    write('lp', 'Early');
    await within(async (url) => {
      await make(url, { name: 'one', scenario: 'lp' });
      const rules = async (name: string) =>
        (await control('GET', `/workspaces/${name}/faults`, undefined, {}, url)).body;
      await control('POST', '/workspaces/one/faults', { fault: { latency: { milliseconds: 2 } } }, {}, url);
      await control('POST', '/workspaces/one/faults', { fault: { latency: { milliseconds: 3 } } }, {}, url);
      await control('DELETE', '/workspaces/one/faults/fault-1', undefined, {}, url);
      await request(`${url}/~one/nuntiq/payments`, {
        method: 'POST',
        headers: { 'x-api-key': 'nuntiq-sandbox-key', 'content-type': 'application/json' },
        body: JSON.stringify({ external_payment_id: 'P-1', method: 'ACH', total_amount: 10, currency: 'USD' }),
      });
      expect((await rules('one')).map(({ matched }: { matched: number }) => matched)).toEqual([0, 1]);
      await make(url, { name: 'two', workspace: 'one' });
      const forked = [
        expect.objectContaining({ name: 'slow', matched: 0, struck: 0 }),
        expect.objectContaining({
          name: 'fault-2',
          matched: 0,
          struck: 0,
          rule: { fault: { latency: { milliseconds: 3 } } },
        }),
      ];
      expect(await rules('two')).toEqual(forked);
      await control('DELETE', '/workspaces/one/faults', undefined, {}, url);
      expect(await rules('two')).toEqual(forked);
      await control('DELETE', '/workspaces/two/faults', undefined, {}, url);
      await control('POST', '/workspaces/two/reset', undefined, {}, url);
      expect(await rules('two')).toEqual(forked);
      await make(url, { name: 'three', workspace: 'one' });
      expect(await rules('three')).toEqual([]);
    });
  });
});

describe('a clock that runs', () => {
  test('stops at the last instant that can be written', async () => {
    let milliseconds = Date.parse('2026-01-01T00:00:00Z');
    const realTime = () => ({ epochMilliseconds: milliseconds, nanoseconds: 0 });
    await within(
      async (url) => {
        const clock = (change?: object) =>
          control(change === undefined ? 'GET' : 'POST', '/workspaces/default/clock', change, {}, url);
        await clock({ set: '9999-12-31T23:59:58Z' });
        milliseconds += 1_500;
        expect((await clock()).body).toEqual({ now: '9999-12-31T23:59:59.500Z', frozen: false });
        milliseconds += 86_400_000;
        expect((await clock()).body).toEqual({ now: '9999-12-31T23:59:59.999Z', frozen: false });
        expect((await clock({ advance: 'PT1S' })).status).toBe(400);
        expect((await clock({ freeze: 'now' })).body).toEqual({ now: '9999-12-31T23:59:59.999Z', frozen: true });
        expect((await clock({ set: '2026-05-01T00:00:00Z' })).status).toBe(200);
      },
      { realTime },
    );
  });
});
