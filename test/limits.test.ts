/**
 * What clients may ask of matches and faults: beyond a limit they are refused, and told which.
 */
import { expect, test } from 'vitest';
import { control } from './control-client.js';
import { open, useSandbox } from './harness.js';

useSandbox({ limits: { matchingSteps: 100_000, faultBytes: 1_000, allFaultsBytes: 2_500 } });

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
