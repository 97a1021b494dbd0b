import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { startSandbox } from 'paydouble';

let sandbox;
let workspace;
before(async () => {
  sandbox = await startSandbox();
});
after(() => sandbox.close());
beforeEach(async () => {
  workspace = await sandbox.workspace({ clock: '2026-03-31T23:59:59Z' });
});

test('a payment of month end is settled on the day', async () => {
  const nuntiq = await workspace.client('nuntiq');

  const { data } = await nuntiq.POST('/payments', {
    body: { external_payment_id: 'P-1', status: 'PAID', method: 'ACH', total_amount: 125.5, currency: 'USD' },
  });

  assert.deepEqual(data, { payment_id: 1005 });
  const stored = await workspace.state('nuntiq', 'payments').get(1005);
  assert.equal(stored.settled_at, '2026-03-31T23:59:59.000Z');
  await workspace.journal.verify([{ match: { operationId: 'upsertPayments' }, times: 1 }], { nothingElse: true });
});
