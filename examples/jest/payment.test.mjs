import { beforeEach, expect, test } from '@jest/globals';
import { attach } from 'paydouble/client';

let workspace;
beforeEach(async () => {
  workspace = await attach(process.env.SANDBOX_URL).workspace({ clock: '2026-03-31T23:59:59Z' });
});

test('a payment of month end is settled on the day', async () => {
  const nuntiq = await workspace.client('nuntiq');

  const { data } = await nuntiq.POST('/payments', {
    body: { external_payment_id: 'P-1', status: 'PAID', method: 'ACH', total_amount: 125.5, currency: 'USD' },
  });

  expect(data).toEqual({ payment_id: 1005 });
  expect(await workspace.state('nuntiq', 'payments').get(1005)).toMatchObject({
    settled_at: '2026-03-31T23:59:59.000Z',
  });
  await workspace.journal.verify([{ match: { operationId: 'upsertPayments' }, times: 1 }], { nothingElse: true });
});
