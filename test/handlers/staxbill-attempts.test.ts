/**
 * A client that sends one import again and again, as load tests do: the attempts before it are found without being gone
 * through, and are never too many for an answer.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { open, useSandbox } from '../harness.js';

const attempts = 150_000;

const scenario = `
extends: default
records:
  paymentActivities:
    - $repeat: ${attempts}
      id: { $index: 10001 }
      customerId: 7001
      amount: 1.00
      paymentMethodId: 9001
      gatewayId: 31
      globalPaymentsTransactionId: TRN_again
      attemptNumber: { $index: 1 }
      reference: null
      referenceDate: null
      createdTimestamp: '2026-03-01T00:00:00.0000000+00:00'
      allocations: []
`;

const data = mkdtempSync(join(tmpdir(), 'paydouble-attempts-'));
mkdirSync(join(data, 'staxbill'));
writeFileSync(join(data, 'staxbill', 'again.yaml'), scenario);
afterAll(() => rmSync(data, { recursive: true, force: true }));

useSandbox({ apis: ['staxbill'], data: [data] });

test(`an import that was sent ${attempts} times before is another attempt`, async () => {
  const client = await open('staxbill', 'again');
  const body = { customerId: 7001, amount: 100, globalPaymentsTransactionId: 'TRN_again' };
  for (const attempt of [attempts + 1, attempts + 2]) {
    const answer = await client.post('/v1/GlobalPayments/ImportPayment', body);
    expect([answer.status, answer.body.attemptNumber]).toEqual([200, attempt]);
    expect(answer.body.transaction.originalPaymentActivityId).toBe(10_001);
  }
});
