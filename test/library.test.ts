/**
 * The library: a sandbox in a test's own process, clients typed by the documents, and what a test asks of a workspace.
 */
import { afterAll, describe, expect, test } from 'vitest';
import {
  attach,
  ControlError,
  type Sandbox,
  startSandbox,
  UnreachableError,
  VerificationError,
} from '../src/library.js';

const sandbox: Sandbox = await startSandbox();
afterAll(() => sandbox.close());

const payment = { external_payment_id: 'P-1', method: 'ACH', total_amount: 10, currency: 'USD' } as const;

describe('a workspace', () => {
  test('has a typed client of each api, a clock, records and a journal', async () => {
    const workspace = await sandbox.workspace({ clock: '2026-03-31T23:59:59Z', seed: 5 });
    const client = await workspace.client('nuntiq');
    const { data, response } = await client.POST('/payments', { body: { ...payment, status: 'PAID' } });
    expect([response.status, data]).toEqual([200, { payment_id: 1005 }]);
    const stored = await workspace.state('nuntiq', 'payments').get(1005);
    expect(stored).toMatchObject({ settled_at: '2026-03-31T23:59:59.000Z' });
    expect(await workspace.clock.advance('P1D')).toEqual({ now: '2026-04-01T23:59:59.000Z', frozen: true });
    await workspace.journal.verify([{ match: { operationId: 'upsertPayments' }, times: 1 }], { nothingElse: true });
    expect(await workspace.journal.count({ status: '2xx' })).toBe(1);
    expect((await workspace.journal.entries()).map(({ number }) => number)).toEqual([1]);
    const failed = await workspace.journal
      .verify([{ match: { operationId: 'upsertPayments' }, times: 2 }])
      .catch((error) => error);
    expect(failed).toBeInstanceOf(VerificationError);
    expect(failed.message).toMatch(/^Call 0: expected .*2/);
    await workspace.close();
    await expect(workspace.describe()).rejects.toThrow(ControlError);
    await workspace.close();
  });

  test('goes wrong on purpose', async () => {
    const workspace = await sandbox.workspace();
    const client = await workspace.client('nuntiq');
    await workspace.faults.add({ name: 'busy', when: { first: 1 }, fault: { respond: { status: 503, force: true } } });
    await workspace.faults.add({ operationId: 'upsertPayments', fault: { loseReply: true } });
    expect((await client.POST('/payments', { body: payment })).response.status).toBe(503);
    await expect(client.POST('/payments', { body: payment })).rejects.toThrow('fetch failed');
    expect((await workspace.faults.list()).map(({ name, matched, struck }) => [name, matched, struck])).toEqual([
      ['busy', 2, 1],
      ['fault-1', 2, 1],
    ]);
    await workspace.faults.delete('busy');
    await expect(workspace.faults.delete('busy')).rejects.toThrow('There is no fault busy. Known are fault-1.');
    expect(await workspace.faults.replace([{ fault: { latency: { milliseconds: 0 } } }])).toHaveLength(1);
    await workspace.faults.clear();
    expect(await workspace.faults.list()).toEqual([]);
    expect(await workspace.state('nuntiq', 'payments').list()).toHaveLength(5);
    const wrong = await workspace.faults.add({ api: 'nobody', fault: { loseReply: true } }).catch((error) => error);
    expect([wrong.status, wrong.errors[0].pointer]).toEqual([400, '/api']);
  });

  test('is kept, compared and restored', async () => {
    const workspace = await sandbox.workspace();
    const snapshot = await workspace.takeSnapshot();
    await workspace.state('nuntiq', 'applications').delete(4);
    await workspace.state('nuntiq', 'payments').patch(1001, { total_amount: 5 });
    expect((await workspace.since(snapshot)).changed.map(({ key }) => key)).toEqual([1001]);
    expect((await workspace.since(snapshot)).removed).toHaveLength(1);
    const payments = workspace.state('nuntiq', 'payments');
    await payments.replace(1001, { ...(await payments.get(1001)), total_amount: 7 });
    expect(await payments.list({ where: 'total_amount:7', search: 'usd', sort: '-payment_id' })).toHaveLength(1);
    await workspace.restore(snapshot);
    expect((await workspace.since(snapshot)).removed).toEqual([]);
    await workspace.load('month-end');
    expect(await workspace.describe()).toMatchObject({ scenario: 'month-end' });
    await workspace.reset();
    expect(await workspace.describe()).toMatchObject({ scenario: 'default' });
    expect((await workspace.describe()).requests).toBe(0);
  });

  test('sees nothing of another, through url and headers as any client has them', async () => {
    const [left, right] = [await sandbox.workspace(), await sandbox.workspace()];
    const headers = { ...(await left.headers('nuntiq')), 'content-type': 'application/json' };
    const answer = await fetch(`${left.url('nuntiq')}/payments`, {
      method: 'POST',
      headers,
      body: JSON.stringify(payment),
    });
    expect(answer.status).toBe(200);
    expect(await left.state('nuntiq', 'payments').list()).toHaveLength(5);
    expect(await right.state('nuntiq', 'payments').list()).toHaveLength(4);
  });
});

describe('refusals', () => {
  test('name what is wrong', async () => {
    const refused = await sandbox.workspace({ scenario: 'nothing' }).catch((error) => error);
    expect(refused).toBeInstanceOf(ControlError);
    expect([refused.status, refused.errors[0].pointer]).toEqual([404, '/scenario']);
    const workspace = await sandbox.workspace();
    await expect(workspace.clock.advance('tomorrow')).rejects.toThrow('expected an ISO 8601 duration');
    await expect(workspace.state('nuntiq', 'nothing').list()).rejects.toThrow('has no collection nothing');
    // @ts-expect-error: no api of the package; one of one's own is named by the type argument
    expect(() => workspace.url('nobody')).toThrow('There is no api nobody. Known are ');
    expect(() => workspace.url<string>('nobody')).toThrow(ControlError);
    await expect(workspace.headers<'nobody'>('nobody')).rejects.toThrow('There is no api nobody. Known are ');
  });

  test('options that there are not, and directories that do not exist, are named', async () => {
    const misspelt = { daat: ['.'] };
    await expect(startSandbox({ log: false, ...misspelt })).rejects.toThrow(
      /^startSandbox has no option daat\. It has port, host, .*data/,
    );
    await expect(startSandbox({ data: ['.', './nodir'] })).rejects.toThrow(
      /expected a directory .* none at .*nodir\.$/,
    );
  });

  test('of a verification name the requests', async () => {
    const workspace = await sandbox.workspace();
    const client = await workspace.client('nuntiq');
    await client.POST('/payments', { body: payment });
    await client.POST('/payments', { body: payment });
    const match = { operationId: 'upsertPayments' };
    await expect(workspace.journal.verify([{ match, times: 1 }])).rejects.toThrow(
      /^Call 0: expected exactly 1, received 2: requests 1, 2\.$/,
    );
    await expect(workspace.journal.verify([], { nothingElse: true })).rejects.toThrow(
      /^Other requests: expected none, received 2: requests 1, 2\.$/,
    );
    const calls = [
      { match, times: 1 },
      { match: { status: 0 }, times: 1 },
    ];
    await workspace.faults.add({ when: { first: 1 }, fault: { connection: 'reset' } });
    await client.POST('/payments', { body: payment }).catch(() => undefined);
    await expect(workspace.journal.verify([...calls].reverse(), { inOrder: true })).rejects.toThrow(
      '; request 3 matches, but requests 1 and 2, which match call 1, come before it.',
    );
  });

  test('a sandbox that does not run is told from one that refuses', async () => {
    await expect(attach('http://127.0.0.1:9').workspace()).rejects.toThrow(UnreachableError);
    const attached = await attach(`${sandbox.url}/`).workspace({ name: 'attached' });
    expect(attached.url('nuntiq')).toBe(`${sandbox.url}/~attached/nuntiq`);
  });
});
