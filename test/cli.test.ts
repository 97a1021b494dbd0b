import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type Ended, paydouble as run } from './command.js';
import { control } from './control-client.js';
import { baseUrl, request, useSandbox } from './harness.js';

useSandbox();

const directory = mkdtempSync(join(tmpdir(), 'paydouble-cli-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** Runs the built command against the file's sandbox. */
function paydouble(...parameters: string[]): Promise<Ended> {
  return run(parameters, directory, { SANDBOX_URL: baseUrl() });
}

async function make(): Promise<string> {
  return (await control('POST', '/workspaces', { clock: '2026-01-01T00:00:00Z' })).body.name;
}

function pay(workspace: string, total_amount: string): Promise<unknown> {
  return request(`${baseUrl()}/~${workspace}/nuntiq/payments`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': 'nuntiq-sandbox-key' },
    body: `{"external_payment_id":"P-1","method":"ACH","total_amount":${total_amount},"currency":"USD"}`,
  });
}

describe('workspaces', () => {
  test('are made, listed, shown, reset and deleted', async () => {
    const made = await paydouble(
      'workspaces',
      'create',
      'cli-1',
      '--clock',
      '2026-01-01T00:00:00Z',
      '--seed',
      '7',
      '--ttl',
      '600',
    );
    expect(made).toEqual({ code: 0, out: `${baseUrl()}/~cli-1/<api>\n`, error: '' });
    const [list, json, show, fork] = await Promise.all([
      paydouble('workspaces', 'list'),
      paydouble('workspaces', 'list', '--json'),
      paydouble('workspaces', 'show', 'cli-1'),
      paydouble('workspaces', 'create', '--from', 'cli-1', '--json'),
    ]);
    expect(list.out).toMatch(/^NAME +SCENARIO +REQUESTS +CLOCK\n/);
    expect(list.out).toMatch(/^cli-1 +default +0 +2026-01-01T00:00:00\.000Z \(frozen\)$/m);
    expect(JSON.parse(json.out).map(({ name }: { name: string }) => name)).toContain('cli-1');
    expect(show.out).toMatch(/^nuntiq +payments +\d+$/m);
    expect(JSON.parse(fork.out)).toMatchObject({ scenario: 'default', seed: 7 });
    const loaded = await paydouble('workspaces', 'load', 'cli-1', 'month-end');
    expect(loaded).toEqual({ code: 0, out: 'cli-1 goes on from month-end.\n', error: '' });
    expect((await control('GET', '/workspaces/cli-1')).body.scenario).toBe('month-end');
    expect(await paydouble('workspaces', 'load', 'cli-1', 'nothing')).toMatchObject({
      code: 2,
      error: expect.stringContaining('There is no scenario nothing. Known are '),
    });
    expect((await paydouble('reset', 'cli-1')).out).toBe('cli-1 is as it was made.\n');
    expect((await paydouble('workspaces', 'delete', 'cli-1')).code).toBe(0);
    expect((await control('GET', '/workspaces/cli-1')).status).toBe(404);
  });
});

describe('snapshots', () => {
  test('are taken and compared with a workspace', async () => {
    const workspace = await make();
    expect((await paydouble('snapshot', 'take', 'cli-2', '--workspace', workspace)).out).toBe('cli-2\n');
    expect(await paydouble('snapshot', 'diff', 'cli-2', '--workspace', workspace)).toMatchObject({
      code: 0,
      out: 'Nothing is otherwise.\n',
    });
    await pay(workspace, '10.50');
    const diff = await paydouble('snapshot', 'diff', 'cli-2', '--workspace', workspace);
    expect([diff.code, diff.out.startsWith('+ nuntiq payments {"payment_id":1005,')]).toEqual([1, true]);
  });

  test('are written to a file and read from one, compared, restored and deleted', async () => {
    const workspace = await make();
    await pay(workspace, '10.50');
    await control('POST', '/snapshots', { name: 'cli-3', workspace });
    const file = join(directory, 'cli-3.json');
    expect((await paydouble('snapshot', 'download', 'cli-3', file)).out).toBe(`${file}\n`);
    const text = readFileSync(file, 'utf8');
    expect(text).toContain('"total_amount": 10.50,');
    expect((await paydouble('snapshot', 'download', 'cli-3')).out.trimEnd()).toBe(text.trimEnd());
    writeFileSync(file, text.replace('"total_amount": 10.50,', '"total_amount": 11.50,'));
    expect((await paydouble('snapshot', 'upload', 'cli-4', file)).code).toBe(0);
    const changed = await paydouble('snapshot', 'diff', 'cli-3', 'cli-4');
    expect([changed.code, changed.out]).toEqual([1, '~ nuntiq payments 1005 /total_amount 10.50 -> 11.50\n']);
    await paydouble('snapshot', 'restore', 'cli-4', '--workspace', workspace);
    const { text: stored } = await control('GET', `/workspaces/${workspace}/state/nuntiq/payments/1005`);
    expect(stored).toContain('"total_amount":11.50,');
    expect((await paydouble('snapshot', 'list')).out).toMatch(/^cli-4 +\(uploaded\) +default /m);
    expect((await paydouble('snapshot', 'delete', 'cli-4')).code).toBe(0);
    writeFileSync(file, '{');
    const [torn, missing] = await Promise.all([
      paydouble('snapshot', 'upload', 'cli-4', file),
      paydouble('snapshot', 'upload', 'cli-4', '/nowhere'),
    ]);
    expect(torn).toMatchObject({ code: 2, out: '' });
    expect(missing.error).toContain('/nowhere cannot be read');
  });

  test('are replaced only if that is said, and compared with one thing', async () => {
    const file = join(directory, 'cli-5.json');
    await paydouble('snapshot', 'take', 'cli-5');
    await paydouble('snapshot', 'download', 'cli-5', file);
    const [take, upload, diff, download] = await Promise.all([
      paydouble('snapshot', 'take', 'cli-5'),
      paydouble('snapshot', 'upload', 'cli-5', file),
      paydouble('snapshot', 'diff', 'cli-5', 'cli-5', '--workspace', 'default'),
      paydouble('snapshot', 'download', 'cli-5', '/nodir/x.json'),
    ]);
    expect(take).toEqual({
      code: 2,
      out: '',
      error: '/name: There is a snapshot cli-5 already. Choose another name, or send --replace.\n',
    });
    expect(upload).toEqual({
      code: 2,
      out: '',
      error: 'There is a snapshot cli-5 already. Choose another name, or send --replace.\n',
    });
    expect(diff).toMatchObject({ code: 2, error: expect.stringContaining('compare with one of them.') });
    expect(download).toMatchObject({
      code: 2,
      error: expect.stringMatching(/^\/nodir\/x\.json cannot be written: .*\n$/),
    });
    const replaced = await Promise.all([
      paydouble('snapshot', 'take', 'cli-5', '--replace'),
      paydouble('snapshot', 'upload', 'cli-5', file, '--replace'),
    ]);
    expect(replaced.map(({ code }) => code)).toEqual([0, 0]);
  });
});

test('the clock is read and steered', async () => {
  const workspace = await make();
  const clock = (...parameters: string[]) => paydouble('clock', ...parameters, '--workspace', workspace);
  expect((await clock('read')).out).toBe('2026-01-01T00:00:00.000Z (frozen)\n');
  expect((await clock('advance', 'P1D')).out).toBe('2026-01-02T00:00:00.000Z (frozen)\n');
  expect((await clock('advance', '-P1D')).out).toBe('2026-01-01T00:00:00.000Z (frozen)\n');
  expect((await clock('advance', '--by', 'P1D')).code).toBe(2);
  expect((await clock('set', '2027-01-01T00:00:00Z')).out).toBe('2027-01-01T00:00:00.000Z (frozen)\n');
  expect((await clock('run')).out).toMatch(/^2027-01-01T00:00:\d\d\.\d{3}Z\n$/);
  expect(JSON.parse((await clock('freeze', '--json')).out)).toMatchObject({ frozen: true });
  const wrong = await clock('advance', '1d');
  expect([
    wrong.code,
    wrong.out,
    wrong.error.startsWith('/advance: Received "1d"; expected an ISO 8601 duration'),
  ]).toEqual([2, '', true]);
});

test('the journal is listed, asked, verified and emptied', async () => {
  const workspace = await make();
  await pay(workspace, '10.00');
  await pay(workspace, '11');
  const journal = (...parameters: string[]) => paydouble('journal', ...parameters, '--workspace', workspace);
  const match = '{"body": [{"pointer": "/total_amount", "equals": 10}]}';
  const [list, show, json, found, held, broken, wrong] = await Promise.all([
    journal('list'),
    journal('show', '2'),
    journal('show', '1', '--json'),
    journal('find', match),
    journal('verify', `{"calls": [{"match": ${match}, "times": 1}]}`),
    journal('verify', `{"calls": [{"match": ${match}, "times": 2}]}`),
    journal('verify', '{"call'),
  ]);
  const [other, stray] = await Promise.all([
    journal('verify', '{"calls": [], "nothingElse": true}'),
    journal('show', 'abc'),
  ]);
  expect(other.out).toBe('Other requests: expected none, received 2: requests 1, 2.\n');
  expect(stray).toEqual({ code: 2, out: '', error: 'Received abc; expected a number.\n' });
  expect(list.out).toMatch(/^2 +2026-01-01T00:00:00\.000Z +200 +nuntiq +POST \/payments +upsertPayments$/m);
  expect(show.out.split('\n')[0]).toBe(`Request 2 in ${workspace}, 2026-01-01T00:00:00.000Z: nuntiq upsertPayments`);
  expect(show.out).toMatch(
    /^> POST \/payments$.*^> x-api-key: .*^> {3}"total_amount": 11,$.*^< 200$.*^changed: payments 1005$/ms,
  );
  expect(json.out).toContain('"total_amount": 10.00,');
  expect(found.out.trimEnd().split('\n')).toHaveLength(2);
  expect(held).toMatchObject({ code: 0, out: 'It holds.\n' });
  expect([broken.code, broken.out]).toEqual([
    1,
    expect.stringMatching(
      /^Call 0: expected exactly 2, received 1: request 1\.\n {2}near it: request 2, body \/total_amount: expected 10, received 11$/m,
    ),
  ]);
  expect([wrong.code, wrong.error]).toEqual([2, expect.stringContaining('is no JSON')]);
  expect((await journal('clear')).code).toBe(0);
  expect((await journal('list')).out.trimEnd().split('\n')).toHaveLength(1);
});

test('faults are added in a word or whole, listed, replaced, deleted and cleared', async () => {
  const workspace = await make();
  const faults = (...parameters: string[]) => paydouble('faults', ...parameters, '--workspace', workspace);
  const word = await faults('add', 'status:503', '--api', 'nuntiq', '--first', '2', '--name', 'down', '--force');
  expect(word).toEqual({ code: 0, out: 'down\n', error: '' });
  const whole = '{"when": {"every": 3}, "fault": {"latency": {"milliseconds": 0}}}';
  expect((await faults('add', whole, '--operation', 'upsertPayments')).out).toBe('fault-1\n');
  expect(await pay(workspace, '10')).toMatchObject({ status: 503 });
  const [list, json] = await Promise.all([faults('list'), faults('list', '--json')]);
  expect(list.out.split('\n')[1]).toMatch(
    /^down +1 +1 +\{"respond":\{"status":503,"force":true\}\} +\{"api":"nuntiq","when":\{"first":2\}\}$/,
  );
  expect(JSON.parse(json.out)[1].rule).toEqual({ ...JSON.parse(whole), operationId: ['upsertPayments'] });
  const [nothing, undeclared, number] = await Promise.all([
    faults('add', 'explode'),
    faults('add', 'status:418'),
    faults('add', 'reset', '--first', 'two'),
  ]);
  expect([nothing.code, nothing.error]).toEqual([
    2,
    expect.stringMatching(/^explode is no fault\. Write latency:MILL/),
  ]);
  expect([undeclared.code, undeclared.error]).toEqual([
    2,
    expect.stringMatching(
      /^\/fault\/respond\/status: \w+, \w+, \w+ and \d+ other operations document no status 418; .*, or add --force\.\n$/,
    ),
  ]);
  const [value, torn, forced] = await Promise.all([
    faults('add', 'latency:70000'),
    faults('add', '{"api": "upwell", "fault": {"loseReply": true}}', '--api', 'nuntiq'),
    faults('add', '{"fault": {"respond": {"status": 418}}}', '--force', '--name', 'tea'),
  ]);
  expect(value).toMatchObject({ code: 2, error: expect.stringContaining('from 0 to 60000') });
  expect(torn).toMatchObject({
    code: 2,
    error: expect.stringContaining('--api nuntiq and a rule whose api is upwell'),
  });
  expect(forced).toMatchObject({ code: 0, out: 'tea\n' });
  expect((await faults('delete', 'tea')).code).toBe(0);
  expect([number.code, number.error]).toEqual([2, expect.stringContaining('Expected a number.')]);
  expect((await faults('delete', 'down')).out).toBe('down is gone.\n');
  expect((await faults('replace', '[{"fault": {"loseReply": true}}]')).out).toMatch(/^fault-1 +0 +0 /m);
  expect((await faults('clear')).out).toBe(`${workspace} has no faults.\n`);
  expect((await faults('list')).out.trimEnd().split('\n')).toHaveLength(1);
});

test('a refusal is told a line for each thing, and as a problem document', async () => {
  const file = join(directory, 'wrong.json');
  await control('POST', '/snapshots', { name: 'right', workspace: 'default' });
  const { body: right } = await control('GET', '/snapshots/right');
  const [payment, ...others] = right.apis.nuntiq.records.payments;
  const upload = async (payments: unknown[]) => {
    right.apis.nuntiq.records.payments = [...payments, ...others];
    writeFileSync(file, JSON.stringify(right));
    return (await paydouble('snapshot', 'upload', 'wrong', file)).error.trimEnd().split('\n');
  };
  expect(await upload([{ ...payment, total_amount: 'ten' }])).toEqual([
    '/apis/nuntiq/records/payments/0/total_amount: must be number. Received "ten".',
  ]);
  const many = await upload(Array.from({ length: 3 }, () => ({})));
  expect(many[0]).toBe('/apis/nuntiq/records/payments/0: payment_id is required.');
  expect([many.length, many.at(-1)]).toEqual([21, expect.stringMatching(/^And \d+ more\.$/)]);
  const [twice, json, usage, nobody] = await Promise.all([
    paydouble('workspaces', 'create', 'x', '--from', 'default', '--scenario', 'empty'),
    paydouble('workspaces', 'create', 'x', '--scenario', 'nothing', '--json'),
    paydouble('journal', 'show', 'abc', '--json'),
    paydouble('journal', 'list', '--url', '127.0.0.1:4010', '--json'),
  ]);
  expect(twice.error).toBe(
    '/scenario, /workspace: Received scenario and workspace. A workspace is made from one of scenario, workspace and snapshot.\n',
  );
  expect(JSON.parse(json.out)).toMatchObject({
    type: 'urn:paydouble:problem:not-found',
    status: 404,
    errors: [{ pointer: '/scenario' }],
  });
  expect(json.error).toMatch(/^\/scenario: There is no scenario nothing\. /);
  expect(JSON.parse(usage.out)).toMatchObject({ type: 'urn:paydouble:problem:usage', errors: [] });
  expect(JSON.parse(nobody.out).type).toBe('urn:paydouble:problem:unreachable');
  expect([nobody.code, nobody.error]).toEqual([
    2,
    '127.0.0.1:4010 is no URL: http:// is missing. Write http://127.0.0.1:4010.\n',
  ]);
});

test('a sandbox that cannot be reached, or is none, and a word that is none, are exit code 2', async () => {
  const [nobody, other, typo, stray] = await Promise.all([
    paydouble('journal', 'list', '--url', 'http://127.0.0.1:9'),
    paydouble('journal', 'list', '--url', `${baseUrl()}/nuntiq`),
    paydouble('workspaces', 'delet', 'x'),
    paydouble('fault'),
  ]);
  expect([nobody.code, nobody.error]).toEqual([2, expect.stringContaining('Start one with "paydouble serve".')]);
  expect([other.code, other.error]).toEqual([2, expect.stringContaining('is no paydouble sandbox')]);
  expect([stray.code, stray.error]).toEqual([2, expect.stringContaining('there is no command fault.')]);
  expect([typo.code, typo.error]).toEqual([2, expect.stringContaining('Did you mean delete?')]);
});
