/**
 * What clients may ask of matches and faults: beyond a limit they are refused, and told which.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { defaultLimits, limitNames, readLimits } from '../src/limits.js';
import { root } from '../src/paths.js';
import { paydouble } from './command.js';
import { control } from './control-client.js';
import { open, useSandbox } from './harness.js';

useSandbox({ limits: { matchingSteps: 100_000, faultBytes: 1_000, allFaultsBytes: 8_000 } });

const payment = (memo: string) => ({
  external_payment_id: 'P-1',
  method: 'ACH',
  total_amount: 10,
  currency: 'USD',
  memo,
});

/** Takes a hundred states through every character. */
const match = { body: [{ pointer: '/memo', matches: 'a{100}$' }] };

test('asking the journal ends at a limit over all its requests', async () => {
  const client = await open('nuntiq');
  const ask = (path: string, body: unknown) => control('POST', `/workspaces/${client.workspace}/journal${path}`, body);
  await client.post('/payments', payment('a'.repeat(500)));
  expect((await ask('/count', { match })).body.count).toBe(1);
  await client.post('/payments', payment('b'.repeat(500)));
  for (const [path, body] of [
    ['/find', { match }],
    ['/count', { match }],
    ['/verify', { calls: [{ match }] }],
  ] as const) {
    const answer = await ask(path, body);
    expect(answer.status, answer.text).toBe(400);
    expect(answer.body.detail).toContain('more than 100000 steps (limits.matchingSteps)');
  }
});

test('a body that is too much work for the faults is refused in the dialect of the api, and nothing is stored', async () => {
  const client = await open('nuntiq');
  const rules = [{ match, fault: { respond: { status: 500 } } }];
  expect((await control('PUT', `/workspaces/${client.workspace}/faults`, rules)).status).toBe(200);
  const before = await client.state('payments');
  const refused = await client.post('/payments', payment('b'.repeat(1_500)));
  expect(refused.status, refused.text).toBe(413);
  expect(refused.text).toContain('limits.matchingSteps');
  expect(await client.state('payments')).toEqual(before);
  expect((await client.post('/payments', payment('b'.repeat(500)))).status).toBe(200);
});

/** A fault of about so many bytes, which match nothing. */
const fault = (name: string, bytes: number) => ({
  name,
  api: 'nuntiq',
  operationId: 'upsertPayments',
  fault: { respond: { status: 500, body: 'x'.repeat(bytes), force: true } },
});

test('a fault that is too long is refused, alone and among others', async () => {
  const { workspace } = await open('nuntiq');
  const faults = `/workspaces/${workspace}/faults`;
  const long = await control('POST', faults, fault('long', 1_000));
  expect([long.status, long.body.errors[0]]).toEqual([
    413,
    { in: 'body', pointer: '', rule: 'limit', message: 'A fault has at most 1000 bytes as JSON (limits.faultBytes).' },
  ]);
  const among = await control('PUT', faults, [fault('short', 10), fault('long', 1_000)]);
  expect([among.status, among.body.errors[0].pointer]).toEqual([413, '/1']);
  expect((await control('GET', faults)).body).toEqual([]);
});

test('the faults of all workspaces are bounded together; what goes away makes room', async () => {
  const [one, other] = [await open('nuntiq'), await open('nuntiq')];
  const at = ({ workspace }: { workspace: string }) => `/workspaces/${workspace}/faults`;
  const status = async (method: string, path: string, body?: unknown) => (await control(method, path, body)).status;
  const many = Array.from({ length: 6 }, (_, index) => fault(`f-${index}`, 800));
  expect(await status('PUT', at(one), many)).toBe(200);
  const refused = await control('PUT', at(other), many);
  expect([refused.status, refused.body.detail]).toEqual([
    429,
    'The faults of all workspaces take at most 8000 bytes (limits.allFaultsBytes). Take some away first.',
  ]);
  expect(await status('PUT', at(one), many)).toBe(200);
  expect(await status('POST', at(other), { ...fault('match', 10), match: { path: '/'.repeat(90) } })).toBe(429);
  expect(await status('DELETE', `${at(one)}/f-0`)).toBe(204);
  expect(await status('POST', at(other), fault('f', 800))).toBe(201);
  expect(await status('DELETE', `/workspaces/${one.workspace}`)).toBe(204);
  expect(await status('PUT', at(other), many)).toBe(200);
});

test('verifying an order follows a way for each call, however many requests each may have, and ends at the limit', async () => {
  const client = await open('nuntiq');
  for (let request = 0; request < 12; request++) await client.get('/nothing');
  const verify = (calls: unknown[]) =>
    control('POST', `/workspaces/${client.workspace}/journal/verify`, { calls, inOrder: true });
  const any = { match: {}, times: { atLeast: 0, atMost: 100_000 } };
  // Every request may be any call's: without pruning, twelve requests make some 1,600 ways through 20 calls.
  expect((await verify(Array.from({ length: 20 }, () => any))).body).toMatchObject({ held: true });
  const tooMany = await verify(Array.from({ length: 90 }, () => any));
  expect([tooMany.status, tooMany.body.errors?.[0].message]).toEqual([
    400,
    expect.stringContaining('limits.matchingSteps'),
  ]);
});

test('the page of limits has every one, with its default', () => {
  const page = readFileSync(join(root, 'docs', 'limits.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `([\w.]+)` \| (\d+) \|/gm)].map(
    ([, name = '', value]) => [name, Number(value)] as const,
  );
  expect(rows.map(([name]) => name)).toEqual(limitNames);
  expect(readLimits(rows)).toEqual(defaultLimits);
});

test('limits are read by their names, the last of one that is given twice', () => {
  const given = [
    ['bodyBytes', 1],
    ['json.depth', 2],
    ['bodyBytes', 3],
  ] as const;
  expect(readLimits(given)).toEqual({ ...defaultLimits, bodyBytes: 3, json: { ...defaultLimits.json, depth: 2 } });
});

test.each([
  ['bodyBytes', 'Expected a name and a whole number: bodyBytes=2097152.'],
  ['bodyBytes=1.5', 'Expected a name and a whole number: bodyBytes=2097152.'],
  ['bodyBytes=0', 'A limit is at least 1.'],
  ['bodies=7', 'There is no limit bodies; known are bodyBytes, json.depth, json.arrayLength, uploadBytes'],
])('serve --limit %s says what is wrong', async (given, message) => {
  const { code, out, error } = await paydouble(['serve', '--port', '0', '--limit', given], root);
  expect([code, out]).toEqual([2, '']);
  expect(error).toContain(message);
});
