/**
 * Two hundred tests at once against one server, each in a workspace of its own, see nothing of each other: each one's
 * answers are, to the byte, those that it gets alone.
 */
import { expect, test } from 'vitest';
import { control } from './control-client.js';
import { baseUrl, request, useSandbox } from './harness.js';

useSandbox();

const tests = 200;

/** What one test does; what it gets depends on nothing but its number. */
async function run(number: number): Promise<string[]> {
  const made = await control('POST', '/workspaces', { clock: '2026-03-31T23:59:59Z', seed: number });
  const workspace = `${baseUrl()}/~${made.body.name}`;
  const answers: string[] = [];
  for (let step = 0; step < 5; step++) {
    const payment = await request(`${workspace}/logisense/Payment/`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer logisense-sandbox-token' },
      body: JSON.stringify({ amount: number + step, accountId: 17, paymentTypeId: 2, automaticDisburse: true }),
    });
    answers.push(payment.text);
    if (step === number % 5) {
      await control('POST', `/workspaces/${made.body.name}/clock`, { advance: `PT${number}S` });
    }
  }
  const { body } = await control('GET', `/workspaces/${made.body.name}/state/logisense/payments`);
  answers.push(JSON.stringify(body.records));
  return answers;
}

test('two hundred at once', async () => {
  const together = await Promise.all(Array.from({ length: tests }, (_, number) => run(number)));
  // Alone, one after the other: every twentieth of them.
  for (let number = 0; number < tests; number += 20) {
    expect(await run(number), `test ${number}`).toEqual(together[number]);
  }
  expect(new Set(together.map((answers) => answers.join())).size).toBe(tests);
}, 60_000);
