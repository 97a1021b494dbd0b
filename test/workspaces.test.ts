/**
 * Workspaces: forked from scenarios, workspaces and snapshots; chosen by credential; their clocks, their records, their end.
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { startSandbox } from '../src/sandbox.js';
import { control } from './control-client.js';
import { type Answer, baseUrl, request, useSandbox } from './harness.js';

useSandbox();

const directory = mkdtempSync(join(tmpdir(), 'paydouble-workspaces-'));
afterAll(() => rmSync(directory, { recursive: true }));

const body = { external_payment_id: 'P-1', method: 'ACH', total_amount: 10, currency: 'USD' };

/** One payment of Nuntiq. `prefix` chooses the workspace. */
function pay(prefix: string, changes: object = {}, key = 'nuntiq-sandbox-key', url = baseUrl()): Promise<Answer> {
  return request(`${url}${prefix}/nuntiq/payments`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': key },
    body: JSON.stringify({ ...body, ...changes }),
  });
}

async function make(wanted: object, url = baseUrl()): Promise<string> {
  const { status, text, body: made } = await control('POST', '/workspaces', wanted, {}, url);
  expect(status, text).toBe(201);
  return made.name;
}

async function payments(workspace: string, url = baseUrl()): Promise<Record<string, unknown>[]> {
  return (await control('GET', `/workspaces/${workspace}/state/nuntiq/payments`, undefined, {}, url)).body.records;
}

const ids = async (workspace: string) =>
  (await payments(workspace)).map(({ external_payment_id }) => external_payment_id);

/** Makes a workspace from a snapshot that says what Nuntiq generates next. */
async function numbered(name: string, ids: object): Promise<string> {
  const file = { paydouble: 'snapshot 1', apis: { nuntiq: { records: {}, next: { ids }, credentials } } };
  expect((await control('PUT', `/snapshots/${name}`, file)).status).toBe(200);
  return make({ snapshot: name });
}

const credentials = { apiKey: ['nuntiq-sandbox-key'] };

describe('numbers and uuids that come next', () => {
  test.each([
    ['nuntiq', { ids: { applications: -5 } }, '/ids/applications'],
    ['nuntiq', { ids: { applications: 2 ** 53 } }, '/ids/applications'],
    ['nuntiq', { ids: { invoices: 5 } }, '/ids/invoices'],
    ['midnight', { ids: { payments: 2_147_483_648 } }, '/ids/payments'],
    ['midnight', { ids: { errorMessages: 1 } }, '/ids/errorMessages'],
    ['logisense', { uuids: ['932cea20-bdc9-44d8-a9ca-2bc8e6519c89', 'nonsense'] }, '/uuids/1'],
  ])('%s %j is refused', async (api, next, pointer) => {
    const file = { paydouble: 'snapshot 1', apis: { [api]: { records: {}, next } } };
    const { status, body: refusal } = await control('PUT', '/snapshots/wrong-next', file);
    expect(status).toBe(400);
    expect(refusal.errors.map((each: { pointer: string }) => each.pointer)).toEqual([`/apis/${api}/next${pointer}`]);
  });

  test('end with the last that a number holds: what wants more is refused and keeps nothing', async () => {
    const workspace = await numbered('last-payment', { payments: Number.MAX_SAFE_INTEGER });
    expect((await pay(`/~${workspace}`)).body.payment_id).toBe(Number.MAX_SAFE_INTEGER);
    for (const external_payment_id of ['P-2', 'P-3']) {
      const { status, body: refusal } = await pay(`/~${workspace}`, { external_payment_id });
      expect(status).toBe(400);
      expect(refusal.message).toContain('The numbers of payments have run out.');
    }
    expect(await ids(workspace)).toEqual(['P-1']);
    await control('POST', '/snapshots', { name: 'run-out', workspace });
    const { text } = await control('GET', '/snapshots/run-out');
    expect((await control('PUT', '/snapshots/run-out-again', text)).status).toBe(200);
    const again = await make({ snapshot: 'run-out-again' });
    expect((await pay(`/~${again}`, { external_payment_id: 'P-4' })).status).toBe(400);
  });

  test('end for records of the control API, too', async () => {
    const workspace = await numbered('last-record', { payments: Number.MAX_SAFE_INTEGER });
    const [{ payment_id: _, ...nameless } = expect.fail()] = await payments('default');
    const add = () => control('POST', `/workspaces/${workspace}/state/nuntiq/payments`, nameless);
    expect((await add()).status).toBe(201);
    const { status, body: refusal } = await add();
    expect(status).toBe(400);
    expect(refusal.errors[0].message).toContain('The numbers of payments have run out.');
  });
});

describe('a fork', () => {
  test('of a workspace begins as it is now, and both go their own ways', async () => {
    const parent = await make({});
    await pay(`/~${parent}`, { external_payment_id: 'before' });
    const fork = await make({ workspace: parent });
    expect(await payments(fork)).toEqual(await payments(parent));
    await pay(`/~${parent}`, { external_payment_id: 'parent' });
    await pay(`/~${fork}`, { external_payment_id: 'before', total_amount: 11 });
    await pay(`/~${fork}`, { external_payment_id: 'fork' });
    expect((await ids(parent)).slice(-2)).toEqual(['before', 'parent']);
    expect((await ids(fork)).slice(-2)).toEqual(['before', 'fork']);
    expect((await payments(parent)).at(-2)).toMatchObject({ total_amount: 10 });
    await control('DELETE', `/workspaces/${parent}`);
    expect((await ids(fork)).slice(-2)).toEqual(['before', 'fork']);
  });

  test('continues the numbers of its parent, so both answer alike', async () => {
    const parent = await make({ scenario: 'default' });
    const upwell = (workspace: string) =>
      request(`${baseUrl()}/~${workspace}/upwell/api/rest/bulk-customer-payments`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: 'upwell-sandbox-key' },
        body: '{"inputs":[{"totalAmount":1}]}',
      });
    await control('POST', `/workspaces/${parent}/clock`, { freeze: '2026-01-01T00:00:00Z' });
    await upwell(parent);
    const fork = await make({ workspace: parent });
    expect((await upwell(fork)).text).toBe((await upwell(parent)).text);
  });

  test('is put back to how it was made', async () => {
    const parent = await make({});
    await pay(`/~${parent}`);
    const fork = await make({ workspace: parent });
    const made = await payments(fork);
    await pay(`/~${fork}`, { external_payment_id: 'later' });
    await control('POST', `/workspaces/${fork}/reset`);
    expect(await payments(fork)).toEqual(made);
    expect((await control('GET', `/workspaces/${fork}/journal`)).body.counters.total).toBe(0);
  });

  test.each([
    [{ workspace: 'nobody' }, 404, ['/workspace']],
    [{ snapshot: 'nothing' }, 404, ['/snapshot']],
    [{ scenario: 'default', workspace: 'default' }, 400, ['/scenario', '/workspace']],
    [{ clock: 'noon' }, 400, ['/clock']],
    [{ clock: '2026-02-30T00:00:00Z' }, 400, ['/clock']],
    [{ seed: -1 }, 400, ['/seed']],
    [{ seed: 1.5 }, 400, ['/seed']],
    [{ ttlSeconds: 0 }, 400, ['/ttlSeconds']],
    [
      { credentials: { nobody: { x: 'y' }, nuntiq: { bearer: 'x' } } },
      400,
      ['/credentials/nobody', '/credentials/nuntiq/bearer'],
    ],
    [
      { credentials: { 'a/b~c': { x: 'y' }, nuntiq: { 'd/e~f': 'x' } } },
      400,
      ['/credentials/a~1b~0c', '/credentials/nuntiq/d~1e~0f'],
    ],
  ])('of %j is a %i', async (wanted, status, pointers) => {
    const before = (await control('GET', '/health')).body.workspaces;
    const { status: received, body: refusal } = await control('POST', '/workspaces', wanted);
    expect([received, refusal.errors.map(({ pointer }: { pointer: string }) => pointer)]).toEqual([status, pointers]);
    expect((await control('GET', '/health')).body.workspaces).toBe(before);
  });
});

test('a seed of its own gives other random numbers, the same each time', async () => {
  const uuids = await Promise.all(
    [1, 1, 2].map(async (seed) => {
      const workspace = await make({ seed });
      const answer = await request(`${baseUrl()}/~${workspace}/logisense/Payment/`, {
        headers: { authorization: 'Bearer logisense-sandbox-token' },
      });
      return answer.body.trackingId;
    }),
  );
  expect(uuids[0]).toBe(uuids[1]);
  expect(uuids[0]).not.toBe(uuids[2]);
});

test('what steers the sandbox shifts no random numbers', async () => {
  const [quiet, steered] = [await make({}), await make({})];
  await control('GET', `/workspaces/${steered}/state/nuntiq/payments`);
  await control('POST', `/workspaces/${steered}/state/nuntiq/invoices`, {});
  const list = (workspace: string) =>
    request(`${baseUrl()}/~${workspace}/logisense/Payment/`, {
      headers: { authorization: 'Bearer logisense-sandbox-token' },
    });
  expect((await list(steered)).text).toBe((await list(quiet)).text);
});

describe('a credential of its own', () => {
  test('leads to the workspace; a prefix and the header win over it', async () => {
    const mine = await make({ credentials: { nuntiq: { apiKey: 'mine-1' } } }).catch(() => '');
    const scheme = (await control('GET', '/apis')).body.find(({ api }: { api: string }) => api === 'nuntiq')
      .credentials[0].scheme;
    const workspace = mine === '' ? await make({ credentials: { nuntiq: { [scheme]: 'mine-1' } } }) : mine;
    expect((await pay('', { external_payment_id: 'by-key' }, 'mine-1')).status).toBe(200);
    expect(await ids(workspace)).toContain('by-key');
    expect(await ids('default')).not.toContain('by-key');
    expect((await pay(`/~${workspace}`, {}, 'nuntiq-sandbox-key')).status).toBe(200);
    expect((await pay('/~default', {}, 'mine-1')).status).toBe(401);
    const both = await make({ credentials: { nuntiq: { [scheme]: ['mine-2', 'mine-3'] } } });
    for (const key of ['mine-2', 'mine-3']) {
      await request(`${baseUrl()}/nuntiq/payments`, { method: 'POST', headers: { 'x-api-key': key } });
    }
    expect((await control('GET', `/workspaces/${both}`)).body.requests).toBe(2);
    const taken = await control('POST', '/workspaces', { credentials: { nuntiq: { [scheme]: 'mine-1' } } });
    expect([taken.status, taken.body.errors[0].pointer]).toEqual([400, `/credentials/nuntiq/${scheme}`]);
    const usual = await control('POST', '/workspaces', { credentials: { nuntiq: { [scheme]: 'nuntiq-sandbox-key' } } });
    expect(usual.status).toBe(400);
    await control('DELETE', `/workspaces/${workspace}`);
    expect((await pay('', {}, 'mine-1')).status).toBe(401);
  });
});

describe('the clock', () => {
  const clock = (workspace: string, change?: object) =>
    control(change === undefined ? 'GET' : 'POST', `/workspaces/${workspace}/clock`, change);

  test('is frozen, set, advanced and run; every stamp comes from it', async () => {
    const workspace = await make({ clock: '2026-03-31T23:59:59Z' });
    expect((await clock(workspace)).body).toEqual({ now: '2026-03-31T23:59:59.000Z', frozen: true });
    await pay(`/~${workspace}`, { status: 'PAID' });
    expect((await payments(workspace)).at(-1)).toMatchObject({ settled_at: '2026-03-31T23:59:59.000Z' });
    expect((await clock(workspace, { advance: 'P1DT0.5S' })).body).toEqual({
      now: '2026-04-01T23:59:59.500Z',
      frozen: true,
    });
    expect((await clock(workspace, { advance: '-PT0.5S' })).body.now).toBe('2026-04-01T23:59:59.000Z');
    expect((await clock(workspace, { set: '2030-01-01T00:00:00+01:00' })).body).toEqual({
      now: '2029-12-31T23:00:00.000Z',
      frozen: true,
    });
    const running = (await clock(workspace, { run: true })).body;
    expect([running.frozen, running.now >= '2029-12-31T23:00:00.000Z']).toEqual([false, true]);
    expect((await clock(workspace, { set: '2031-01-01T00:00:00Z' })).body.frozen).toBe(false);
    expect((await clock(workspace)).body.now.slice(0, 4)).toBe('2031');
    expect((await clock(workspace, { freeze: 'now' })).body.frozen).toBe(true);
    await control('POST', `/workspaces/${workspace}/reset`);
    expect((await clock(workspace)).body).toEqual({ now: '2026-03-31T23:59:59.000Z', frozen: true });
  });

  test.each([
    [{}, ''],
    [{ freeze: 'now', run: true }, ''],
    [{ freeze: 'noon' }, '/freeze'],
    [{ set: '2026-01-01' }, '/set'],
    [{ set: '2026-01-01T00:00:00' }, '/set'],
    [{ advance: 'P1M' }, '/advance'],
    [{ advance: '1 day' }, '/advance'],
    [{ advance: 'P4000000D' }, '/advance'],
    [{ advance: 5 }, '/advance'],
    [{ run: false }, '/run'],
    [{ stop: true }, ''],
  ])('%j is refused and changes nothing', async (change, pointer) => {
    const workspace = await make({ clock: '2026-01-01T00:00:00Z' });
    const { status, body: refusal } = await clock(workspace, change);
    expect([status, refusal.errors[0].pointer]).toEqual([400, pointer]);
    expect((await clock(workspace)).body.now).toBe('2026-01-01T00:00:00.000Z');
  });
});

describe('records', () => {
  const state = (workspace: string, path: string) => `/workspaces/${workspace}/state/${path}`;
  const customer = { id: 7100, currency: 'USD', firstName: 'Ada' };

  test('are added, read, changed and taken away', async () => {
    const workspace = await make({});
    const made = await control('POST', state(workspace, 'staxbill/customers'), customer);
    expect([made.status, made.body.records, made.body.total]).toEqual([201, [customer], 3]);
    const one = state(workspace, 'staxbill/customers/7100');
    expect((await control('GET', one)).body).toEqual(customer);
    expect((await control('PATCH', one, { firstName: null, lastName: 'King' })).body).toEqual({
      ...customer,
      firstName: null,
      lastName: 'King',
    });
    expect((await control('DELETE', one)).status).toBe(204);
    expect((await control('GET', one)).status).toBe(404);
  });

  test('one takes the place of another whole, and keeps its key', async () => {
    const workspace = await make({});
    await control('POST', state(workspace, 'staxbill/customers'), { ...customer, lastName: 'King' });
    const one = state(workspace, 'staxbill/customers/7100');
    const put = await control('PUT', one, { currency: 'EUR', id: 7100 });
    expect([put.status, put.text]).toEqual([200, '{"currency":"EUR","id":7100}']);
    expect((await control('PUT', one, { currency: 'USD' })).text).toBe('{"id":7100,"currency":"USD"}');
    expect((await control('GET', one)).body).toEqual({ id: 7100, currency: 'USD' });
  });

  test('what is only judged is answered as it would be, and stored nowhere', async () => {
    const workspace = await make({});
    const before = (await control('GET', state(workspace, 'staxbill/customers'))).text;
    const dry = (method: string, path: string, body: unknown) =>
      control(method, `${state(workspace, `staxbill/customers${path}`)}?dryRun=true`, body);
    const made = await dry('POST', '', { currency: 'USD' });
    expect([made.status, made.body.total, made.body.records]).toEqual([201, 3, [{ id: 7003, currency: 'USD' }]]);
    const patched = await dry('PATCH', '/7001', { firstName: 'Ada' });
    expect([patched.status, patched.body.firstName]).toEqual([200, 'Ada']);
    const put = await dry('PUT', '/7001', { currency: 'USD' });
    expect([put.status, put.body]).toEqual([200, { id: 7001, currency: 'USD' }]);
    expect((await dry('POST', '', { id: 7001, currency: 'USD' })).status).toBe(409);
    expect((await dry('PUT', '/7001', { currency: 5 })).body.errors[0].pointer).toBe('/currency');
    expect((await control('GET', state(workspace, 'staxbill/customers'))).text).toBe(before);
    const real = await control('POST', `${state(workspace, 'staxbill/customers')}?dryRun=false`, { currency: 'USD' });
    expect(real.body.records[0].id).toBe(7003);
  });

  test('several are added at once, and may leave out a key that is a number', async () => {
    const workspace = await make({});
    const { body: made } = await control('POST', state(workspace, 'staxbill/customers'), [
      { currency: 'EUR' },
      { currency: 'EUR', id: 9000, parentCustomerId: 7001 },
    ]);
    expect(made.records.map(({ id }: { id: number }) => id)).toEqual([7003, 9000]);
  });

  test('one that names itself is taken away', async () => {
    const workspace = await make({});
    const at = state(workspace, 'staxbill/customers');
    expect((await control('POST', at, { ...customer, parentCustomerId: customer.id })).status).toBe(201);
    expect((await control('DELETE', `${at}/${customer.id}`)).status).toBe(204);
  });

  test('a handler sees them', async () => {
    const workspace = await make({});
    const invoice = (await control('GET', state(workspace, 'staxbill/invoices/502'))).body;
    await control('PATCH', state(workspace, 'staxbill/invoices/502'), { outstandingBalance: 1 });
    const answer = await request(`${baseUrl()}/~${workspace}/staxbill/v1/GlobalPayments/ImportPayment`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Basic staxbill-sandbox-key' },
      body: JSON.stringify({ customerId: 7001, amount: 2, paymentAllocations: [{ invoiceId: 502, amount: 2 }] }),
    });
    expect([invoice.outstandingBalance, answer.status]).toEqual([300, 409]);
  });

  test.each([
    ['POST', 'customers', { id: 7001, currency: 'USD' }, 409, ['/id']],
    ['POST', 'customers', { id: 7100 }, 400, ['']],
    ['POST', 'customers', { ...customer, colour: 'red', currency: 5 }, 400, ['', '/currency']],
    ['POST', 'customers', [customer, customer], 400, ['/1/id']],
    ['POST', 'customers', [customer, { id: 7101, currency: 'USD', parentCustomerId: 1 }], 400, ['/1/parentCustomerId']],
    ['POST', 'customers', [{ id: 7001, currency: 'USD' }, customer], 409, ['/0/id']],
    [
      'POST',
      'customers',
      [
        { id: 7001, currency: 5, parentCustomerId: 1 },
        { ...customer, parentCustomerId: 2 },
      ],
      400,
      ['/0/currency', '/0/id', '/0/parentCustomerId', '/1/parentCustomerId'],
    ],
    ['POST', 'customers', [], 400, ['']],
    ['POST', 'customers', 5, 400, ['']],
    ['POST', 'paymentMethods', { customerId: 1, kind: 'ACH' }, 400, ['/customerId']],
    ['PATCH', 'customers/7001', { id: 7 }, 400, ['/id']],
    ['PATCH', 'customers/7001', { currency: null }, 400, ['/currency']],
    ['PATCH', 'customers/7001', { defaultPaymentMethodId: 1 }, 400, ['/defaultPaymentMethodId']],
    ['PATCH', 'customers/1', {}, 404, ['/key']],
    ['PATCH', 'customers/7001', { id: 7, currency: 5 }, 400, ['/id', '/currency']],
    ['PUT', 'customers/7001', { id: 7, currency: 'USD' }, 400, ['/id']],
    ['PUT', 'customers/7001', { firstName: 'Ada' }, 400, ['']],
    ['PUT', 'customers/7001', [], 400, ['']],
    ['PUT', 'customers/7001', { currency: 'USD', defaultPaymentMethodId: 1 }, 400, ['/defaultPaymentMethodId']],
    ['PUT', 'customers/1', { currency: 'USD' }, 404, ['/key']],
    ['PUT', 'customers/7001?dryRun=perhaps', { currency: 'USD' }, 400, ['/dryRun']],
    ['DELETE', 'customers/1', undefined, 404, ['/key']],
    ['DELETE', 'customers/7001', undefined, 409, ['/key']],
    ['POST', 'nothing', {}, 404, ['/collection']],
  ])('%s %s %j is a %i', async (method, path, sent, status, pointers) => {
    const workspace = await make({});
    const before = (await control('GET', state(workspace, 'staxbill/customers'))).text;
    const answer = await control(method, state(workspace, `staxbill/${path}`), sent);
    expect(answer.status, answer.text).toBe(status);
    const received = answer.body.errors.map(({ pointer }: { pointer: string }) => pointer);
    for (const pointer of pointers) expect(received).toContain(pointer);
    expect((await control('GET', state(workspace, 'staxbill/customers'))).text).toBe(before);
  });
});

describe('what is put into a workspace that is there', () => {
  const restore = (name: string, origin: object) => control('POST', `/workspaces/${name}/restore`, origin);

  test('is a scenario: records, clock and chance are its own; faults and journal stay, and a reset goes back', async () => {
    const workspace = await make({ seed: 5 });
    await pay(`/~${workspace}`);
    await control('POST', `/workspaces/${workspace}/faults`, { name: 'mine', fault: { loseReply: true } });
    const answer = await restore(workspace, { scenario: 'month-end' });
    const { body: fresh } = await control('POST', '/workspaces', { scenario: 'month-end' });
    expect(answer.body).toEqual({ ...fresh, name: workspace, url: `/~${workspace}` });
    expect(await payments(workspace)).toEqual(await payments(fresh.name));
    const { body: faults } = await control('GET', `/workspaces/${workspace}/faults`);
    expect(faults.map(({ name }: { name: string }) => name)).toEqual(['mine']);
    expect((await control('GET', `/workspaces/${workspace}/journal`)).body.entries).toHaveLength(1);
    await control('DELETE', `/workspaces/${workspace}/faults`);
    const sent = { external_payment_id: 'same' };
    expect((await pay(`/~${workspace}`, sent)).text).toBe((await pay(`/~${fresh.name}`, sent)).text);
    const reset = await control('POST', `/workspaces/${workspace}/reset`);
    expect(reset.body).toMatchObject({ scenario: 'default', seed: 5, requests: 0 });
  });

  test('is another workspace: a copy of what it holds, which goes its own way', async () => {
    const [workspace, other] = [await make({}), await make({ clock: '2026-01-01T00:00:00Z' })];
    await pay(`/~${other}`, { external_payment_id: 'theirs' });
    const { body: now } = await restore(workspace, { workspace: other });
    expect(now).toMatchObject({ requests: 1, clock: { now: '2026-01-01T00:00:00.000Z', frozen: true } });
    await pay(`/~${other}`, { external_payment_id: 'later' });
    expect((await ids(workspace)).at(-1)).toBe('theirs');
  });

  test.each([
    ['nothing', {}, 400, ''],
    ['two origins', { scenario: 'empty', snapshot: 'x' }, 400, ''],
    ['a scenario that is none', { scenario: 'nothing' }, 404, '/scenario'],
    ['a workspace that is none', { workspace: 'nobody' }, 404, '/workspace'],
    ['a snapshot that is none', { snapshot: 'nothing' }, 404, '/snapshot'],
  ])('is not %s', async (_, origin, status, pointer) => {
    const workspace = await make({});
    await pay(`/~${workspace}`, { external_payment_id: 'stays' });
    const refused = await restore(workspace, origin);
    expect([refused.status, refused.body.errors[0].pointer], refused.text).toEqual([status, pointer]);
    expect((await ids(workspace)).at(-1)).toBe('stays');
  });
});

describe('a snapshot', () => {
  test('is taken, listed, forked from, restored and thrown away', async () => {
    const workspace = await make({});
    await pay(`/~${workspace}`, { external_payment_id: 'kept' });
    const taken = await control('POST', '/snapshots', { name: 'kept-1', workspace });
    expect([taken.status, taken.headers.get('location')]).toEqual([201, '/_sandbox/snapshots/kept-1']);
    expect((await control('POST', '/snapshots', { name: 'kept-1', workspace })).status).toBe(409);
    await pay(`/~${workspace}`, { external_payment_id: 'later' });
    const fork = await make({ snapshot: 'kept-1' });
    expect((await ids(fork)).at(-1)).toBe('kept');
    expect((await control('POST', `/workspaces/${workspace}/restore`, { snapshot: 'kept-1' })).status).toBe(200);
    expect(await payments(workspace)).toEqual(await payments(fork));
    const listed = (await control('GET', '/snapshots')).body.map(({ name }: { name: string }) => name);
    expect(listed).toContain('kept-1');
    expect((await control('DELETE', '/snapshots/kept-1')).status).toBe(204);
    expect((await control('GET', '/snapshots/kept-1')).status).toBe(404);
    expect((await control('POST', `/workspaces/${workspace}/restore`, { snapshot: 'kept-1' })).status).toBe(404);
    expect((await ids(fork)).at(-1)).toBe('kept');
  });

  test('as a file holds everything, readably, and comes back the same', async () => {
    const workspace = await make({ clock: '2026-01-01T00:00:00Z', seed: 9 });
    await pay(`/~${workspace}`, { total_amount: 12.5 });
    await control('POST', '/snapshots', { name: 'file-1', workspace });
    const file = (await control('GET', '/snapshots/file-1')).text;
    expect(file.split('\n').length).toBeGreaterThan(100);
    expect((await control('PUT', '/snapshots/file-2', file)).status).toBe(200);
    expect((await control('GET', '/snapshots/file-2')).text).toBe(file);
    const [left, right] = [await make({ snapshot: 'file-1' }), await make({ snapshot: 'file-2' })];
    const again = { external_payment_id: 'again', lines: [] };
    expect((await pay(`/~${right}`, again)).text).toBe((await pay(`/~${left}`, again)).text);
    expect(await payments(right)).toEqual(await payments(left));
    const none = (await control('GET', '/snapshots/file-1/diff?snapshot=file-2')).body;
    expect(none).toEqual({ added: [], removed: [], changed: [], counts: { added: 0, removed: 0, changed: 0 } });
  });

  test('is compared up to a limit, changed records first, and all are counted', async () => {
    const workspace = await make({});
    await control('POST', '/snapshots', { name: 'many', workspace });
    await pay(`/~${workspace}`, { external_payment_id: 'one' });
    await pay(`/~${workspace}`, { external_payment_id: 'two' });
    const state = `/workspaces/${workspace}/state/nuntiq`;
    await control('PATCH', `${state}/payments/1001`, { total_amount: 1 });
    await control('DELETE', `${state}/applications/4`);
    const compare = async (limit: string) =>
      (await control('GET', `/snapshots/many/diff?workspace=${workspace}${limit}`)).body;
    const { counts, ...all } = await compare('');
    expect(counts).toEqual({ added: 2, removed: 1, changed: 1 });
    expect([all.added.length, all.removed.length, all.changed.length]).toEqual([2, 1, 1]);
    expect(await compare('&limit=2')).toEqual({ ...all, counts, added: all.added.slice(0, 1), removed: [] });
    expect(await compare('&limit=3')).toEqual({ ...all, counts, removed: [] });
    expect(await compare('&limit=0')).toEqual({ added: [], removed: [], changed: [], counts });
    expect((await control('GET', `/snapshots/many/diff?workspace=${workspace}&limit=-1`)).status).toBe(400);
  });

  test('and what became of it are compared', async () => {
    const workspace = await make({});
    await control('POST', '/snapshots', { name: 'diff-1', workspace });
    await pay(`/~${workspace}`, { external_payment_id: 'TRF-88', method: 'SEPA', currency: 'EUR', total_amount: 2216 });
    await pay(`/~${workspace}`, { external_payment_id: 'new' });
    await control('POST', '/snapshots', { name: 'diff-2', workspace });
    const diff = (await control('GET', `/snapshots/diff-1/diff?workspace=${workspace}`)).body;
    expect(diff.added.map(({ record }: { record: Record<string, unknown> }) => record.external_payment_id)).toEqual([
      'new',
    ]);
    expect(diff.changed).toHaveLength(1);
    expect(diff.changed[0]).toMatchObject({ api: 'nuntiq', collection: 'payments', key: 1003 });
    expect(diff.changed[0].members).toContainEqual({ pointer: '/total_amount', before: 2215, after: 2216 });
    const back = (await control('GET', '/snapshots/diff-2/diff?snapshot=diff-1')).body;
    expect([back.added, back.removed, back.changed.length]).toEqual([[], diff.added, 1]);
    expect((await control('GET', '/snapshots/diff-1/diff')).status).toBe(400);
    expect((await control('GET', '/snapshots/diff-1/diff?snapshot=diff-2&workspace=default')).status).toBe(400);
    expect((await control('GET', '/snapshots/diff-1/diff?workspace=nobody')).status).toBe(404);
  });

  test.each([
    ['86400000.0', 24],
    ['8.64e7', 24],
    ['-3600000', -1],
  ])('may say how far its clock is ahead as %s', async (ahead, hours) => {
    const text = `{"paydouble":"snapshot 1","clock":{"aheadMilliseconds":${ahead}},"apis":{}}`;
    expect((await control('PUT', '/snapshots/ahead', text)).status).toBe(200);
    const file = (await control('GET', '/snapshots/ahead')).body;
    expect(file.clock).toEqual({ aheadMilliseconds: hours * 3_600_000 });
  });

  test.each([
    ['{"aheadMilliseconds":1e15}', '/clock/aheadMilliseconds', '315569520000000'],
    ['{"aheadMilliseconds":-315569520000001}', '/clock/aheadMilliseconds', '-315569520000000'],
    ['{"aheadMilliseconds":0.5}', '/clock/aheadMilliseconds', 'integer'],
    ['{"aheadMilliseconds":0,"frozen":"2026-01-01T00:00:00Z"}', '/clock', '1'],
    ['{}', '/clock', '1'],
    ['{"frozen":"noon"}', '/clock/frozen', 'date-time'],
  ])('with the clock %s is refused', async (clock, pointer, expected) => {
    const text = `{"paydouble":"snapshot 1","clock":${clock},"apis":{}}`;
    const { status, body: refusal } = await control('PUT', '/snapshots/wrong-clock', text);
    expect(status).toBe(400);
    expect(refusal.errors).toEqual([expect.objectContaining({ pointer, message: expect.stringContaining(expected) })]);
  });

  test('that is wrong is refused with every place, and keeps nothing', async () => {
    const records = {
      customers: [{ id: 1, currency: 'USD' }, { id: 1, currency: 'USD' }, { id: 2 }],
      paymentMethods: [
        { id: 3, kind: 'none' },
        { id: 1, customerId: 77, kind: 'ACH' },
        { id: 2, customerId: 2, kind: 'ACH' },
      ],
      nothings: [],
    };
    const credentials = { none: ['x'] };
    const file = {
      paydouble: 'snapshot 1',
      clock: { frozen: 'noon' },
      apis: { staxbill: { records, credentials, next: { ids: { nothings: 5 } } }, acme: { records: {} } },
    };
    const { status, body: refusal } = await control('PUT', '/snapshots/wrong-1', file);
    expect(status).toBe(400);
    expect(refusal.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/clock/frozen',
      '/apis/staxbill/credentials/none',
      '/apis/staxbill/next/ids/nothings',
      '/apis/staxbill/records/nothings',
      '/apis/staxbill/records/customers/1/id',
      '/apis/staxbill/records/customers/2',
      '/apis/staxbill/records/paymentMethods/0',
      '/apis/staxbill/records/paymentMethods/0/kind',
      '/apis/staxbill/records/paymentMethods/1/customerId',
      '/apis/acme',
    ]);
    expect((await control('GET', '/snapshots/wrong-1')).status).toBe(404);
    for (const wrong of [
      {},
      { apis: {} },
      { paydouble: 'snapshot 2', apis: {} },
      { paydouble: 'snapshot 1', apis: { staxbill: 5 } },
    ]) {
      expect((await control('PUT', '/snapshots/wrong-1', wrong)).status).toBe(400);
    }
    expect((await control('PUT', '/snapshots/..%2Fetc', { paydouble: 'snapshot 1', apis: {} })).status).toBe(400);
    expect((await control('POST', '/snapshots', { name: '../etc', workspace: 'default' })).status).toBe(400);
    expect((await control('POST', '/snapshots', { workspace: 'nobody' })).body.errors[0].pointer).toBe('/workspace');
  });
});

describe('limits', () => {
  test('uploaded snapshots have room together; a deleted or replaced one gives its room back', async () => {
    const state = mkdtempSync(join(directory, 'uploads-'));
    const file = { paydouble: 'snapshot 1', apis: { nuntiq: { records: {} } } };
    const limits = { allUploadsBytes: 2 * JSON.stringify(file).length };
    const begin = (at: string) => startSandbox({ port: 0, log: false, state: at, limits });
    const upload = async (name: string, url: string) =>
      (await control('PUT', `/snapshots/${name}`, file, {}, url)).status;
    const first = await begin(state);
    const { url } = first;
    expect([await upload('a', url), await upload('b', url), await upload('c', url)]).toEqual([200, 200, 429]);
    expect(await upload('b', url)).toBe(200);
    await control('DELETE', '/snapshots/a', undefined, {}, url);
    expect([await upload('c', url), await upload('a', url)]).toEqual([200, 429]);
    cpSync(state, `${state}-at-once`, { recursive: true });
    const atOnce = await begin(`${state}-at-once`);
    expect(await upload('a', atOnce.url)).toBe(429);
    await atOnce.close();
    await first.close();
    const later = await begin(state);
    try {
      expect(await upload('a', later.url)).toBe(429);
    } finally {
      await later.close();
    }
  });

  test('a workspace that nobody uses is thrown away; one that is used lives on', async () => {
    let milliseconds = Date.parse('2026-01-01T00:00:00Z');
    const realTime = () => ({ epochMilliseconds: milliseconds, nanoseconds: 0 });
    const sandbox = await startSandbox({ port: 0, log: false, realTime, limits: { workspaces: 3, snapshots: 1 } });
    try {
      const { url } = sandbox;
      await make({ name: 'brief', ttlSeconds: 60 }, url);
      await make({ name: 'lasting' }, url);
      const full = await control('POST', '/workspaces', {}, {}, url);
      expect([full.status, full.body.detail]).toEqual([
        429,
        'There are 3 workspaces, as many as are allowed. Delete one first.',
      ]);
      milliseconds += 59_000;
      expect((await pay('/~brief', {}, 'nuntiq-sandbox-key', url)).status).toBe(200);
      milliseconds += 59_000;
      const { body: described } = await control('GET', '/workspaces/brief', undefined, {}, url);
      expect(described.expiresAt).toBe('2026-01-01T00:01:59.000Z');
      milliseconds += 1_000;
      expect((await pay('/~brief', {}, 'nuntiq-sandbox-key', url)).status).toBe(404);
      expect(await make({ name: 'brief' }, url)).toBe('brief');
      expect((await control('POST', '/snapshots', { workspace: 'default' }, {}, url)).status).toBe(201);
      expect((await control('POST', '/snapshots', { workspace: 'default' }, {}, url)).status).toBe(429);
    } finally {
      await sandbox.close();
    }
  });
});

describe('a restart', () => {
  test.each(['at once', 'after a clean end'])(
    '%s finds forks, snapshots, clocks and credentials as they were',
    async (how) => {
      const state = join(directory, how);
      const first = await startSandbox({ port: 0, log: false, state });
      const { url } = first;
      const scheme = (await control('GET', '/apis', undefined, {}, url)).body.find(
        ({ api }: { api: string }) => api === 'nuntiq',
      ).credentials[0].scheme;
      await make({ name: 'parent', clock: '2026-01-01T00:00:00Z' }, url);
      await pay('/~parent', { external_payment_id: 'one' }, undefined, url);
      await make({ name: 'child', workspace: 'parent', credentials: { nuntiq: { [scheme]: 'child-key' } } }, url);
      await pay('', { external_payment_id: 'two' }, 'child-key', url);
      await control('POST', '/snapshots', { name: 'taken', workspace: 'child' }, {}, url);
      const file = JSON.parse((await control('GET', '/snapshots/taken', undefined, {}, url)).text);
      file.apis.nuntiq.records.payments[0].total_amount = 99;
      await control('PUT', '/snapshots/edited', file, {}, url);
      await make({ name: 'edited', snapshot: 'edited' }, url);
      await pay('/~edited', { external_payment_id: 'three' }, undefined, url);
      await control('POST', '/workspaces/child/clock', { advance: 'PT1H' }, {}, url);
      await control('POST', '/workspaces/parent/restore', { snapshot: 'taken' }, {}, url);
      await pay('/~parent', { external_payment_id: 'four' }, undefined, url);
      await make({ name: 'gone' }, url);
      await control('DELETE', '/workspaces/gone', undefined, {}, url);
      const tell = async (at: string) => ({
        workspaces: (await control('GET', '/workspaces', undefined, {}, at)).body.filter(
          ({ name }: { name: string }) => name !== 'default',
        ),
        parent: await payments('parent', at),
        child: await payments('child', at),
        edited: await payments('edited', at),
        snapshots: (await control('GET', '/snapshots', undefined, {}, at)).body,
        file: (await control('GET', '/snapshots/edited', undefined, {}, at)).text,
      });
      const before = await tell(url);
      // A second sandbox reads what the first one has on the disk, as it is while that one runs, or when it has ended.
      if (how === 'at once') cpSync(state, `${state}, copied`, { recursive: true });
      await first.close();
      const second = await startSandbox({ port: 0, log: false, state: how === 'at once' ? `${state}, copied` : state });
      try {
        expect(await tell(second.url)).toEqual(before);
        await control('POST', '/workspaces/edited/reset', undefined, {}, second.url);
        expect((await payments('edited', second.url))[0]).toMatchObject({ total_amount: 99 });
        expect((await payments('edited', second.url)).at(-1)).toMatchObject({ external_payment_id: 'two' });
      } finally {
        await second.close();
      }
    },
  );
});
