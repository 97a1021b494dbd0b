/**
 * LogiSense Billing: both sides of every rule. What a vendor's answer looks like is in test/samples.test.ts.
 */
import { expect } from 'vitest';
import { type Answer, type Client, testRules, useSandbox } from '../harness.js';

useSandbox();

const now = '2026-03-12T10:00:00.000Z';

/** A payment of account 17 that is recorded as it stands, changed as a test needs it. */
const payment = (changes: object = {}) => ({ amount: 10, accountId: 17, paymentTypeId: 2, ...changes });

/** The payment of a create or update envelope. */
async function item(answer: Promise<Answer>) {
  const { status, text, body } = await answer;
  expect(status, text).toBe(200);
  expect(body.results.totalCount).toBe(body.results.items.length);
  return body.results.items[0];
}

/** Demands a refusal with these codes, in the envelope, that left the state as it was; returns its messages. */
async function refused(client: Client, answer: () => Promise<Answer>, status: number, ...codes: number[]) {
  const before = await snapshot(client);
  const { status: received, text, body } = await answer();
  expect(received, text).toBe(status);
  expect(Object.keys(body)).toEqual(['trackingId', 'type', 'errors']);
  expect(body.errors.map(({ code }: { code: number }) => code)).toEqual(codes);
  expect(await snapshot(client)).toBe(before);
  return body.errors.map(({ message }: { message: string }) => message);
}

async function snapshot(client: Client): Promise<string> {
  const names = ['payments', 'invoiceDisbursements', 'paymentTransactions', 'connectors', 'dependents'];
  return JSON.stringify(await Promise.all(names.map((name) => client.state(name))));
}

const create = (client: Client, changes: object = {}) => client.post('/Payment/', payment(changes));
const patch = (client: Client, items: object[], id = 1) =>
  client.send('PATCH', `/Payment/${id}`, { body: { details: {}, payments: { items } } });
const put = (client: Client, id: number, body: object) => client.send('PUT', `/Payment/${id}`, { body });
const identities = ({ body }: Answer) =>
  (body.items ?? body.pagedResults.items).map(({ identity }: { identity: number }) => identity);

testRules('logisense', {
  'failed-not-listed': {
    accepts: async (open) => {
      const client = await open();
      for (const path of ['/Payment/', '/Payment/Paged', '/Payment/Paged/Detail']) {
        expect(identities(await client.get(path)), path).toEqual([1, 2, 4, 5]);
      }
      expect((await client.get('/Payment/')).body.totalCount).toBe(4);
    },
    refuses: async (open) => {
      const client = await open();
      expect((await client.get('/Payment/3')).body.instance).toMatchObject({
        identity: 3,
        paymentStatusTypeName: 'Failed',
      });
      await item(put(client, 3, { paymentStatusTypeId: 1 }));
      expect(identities(await client.get('/Payment/'))).toEqual([1, 2, 3, 4, 5]);
    },
  },
  'names-looked-up': {
    accepts: async (open) => {
      const client = await open();
      const made = await item(create(client, { createdByUserId: 9, cardTypeId: 2, reversePaymentId: null }));
      expect(made).toMatchObject({
        accountName: 'Kestrel Logistics',
        paymentTypeName: 'Check',
        createdByUserName: 'Priya Natarajan',
        cardTypeName: 'Mastercard',
        reversePaymentName: null,
      });
    },
    refuses: async (open) => {
      const client = await open();
      const made = await item(create(client, { accountName: 'Somebody else', paymentTypeName: 'Gold' }));
      expect(made).toMatchObject({ accountName: 'Kestrel Logistics', paymentTypeName: 'Check' });
      const stored = (await client.state('payments')).find(({ identity }) => identity === made.identity);
      expect(Object.keys(stored).filter((name) => name.endsWith('Name'))).toEqual([]);
    },
  },
  'required-on-create': {
    accepts: async (open) => {
      const client = await open();
      const made = await item(create(client));
      expect(made).toMatchObject({ identity: 6, amount: 10, automaticDisburse: false, isManual: true, detail: null });
      expect(made.date).toBe(made.created);
      expect(made.posting).toBe(made.date);
    },
    refuses: async (open) => {
      const client = await open();
      const messages = await refused(
        client,
        () => client.post('/Payment/', {}),
        400,
        11100000,
        11100000,
        11100000,
        2000,
      );
      expect(messages.slice(0, 3)).toEqual([
        "'AccountId' is required for 'Payment'.",
        "'Amount' is required for 'Payment'.",
        "'PaymentTypeId' is required for 'Payment'.",
      ]);
      await refused(client, () => create(client, { accountId: 0 }), 400, 11100000, 2000);
      await refused(client, () => create(client, { amount: 0 }), 400, 11900000, 2000);
      await refused(client, () => create(client, { amount: -1 }), 400, 11900000, 2000);
      await refused(client, () => patch(client, [{ patchType: 'create' }]), 400, 11100000, 11100000, 11100000, 2000);
    },
  },
  'references-exist': {
    accepts: async (open) => {
      const client = await open();
      const links = {
        cardTypeId: 1,
        invoiceId: 3,
        currencyExchangeDetailId: 1,
        billRunHistoryId: 1,
        createdByUserId: 9,
      };
      expect(await item(create(client, links))).toMatchObject(links);
      const none = { cardTypeId: 0, invoiceId: 0, createdByUserId: 0, retryPaymentId: null };
      expect(await item(create(client, none))).toMatchObject(none);
    },
    refuses: async (open) => {
      const client = await open();
      const links = [
        'cardTypeId',
        'invoiceId',
        'currencyExchangeDetailId',
        'billRunHistoryId',
        'reversePaymentId',
        'createdByUserId',
        'paymentMethodId',
        'paymentPreAuthorizeId',
        'paymentTransactionId',
        'createdByPortalUserId',
        'paymentStatusTypeId',
        'retryPaymentId',
      ];
      const unknown = Object.fromEntries(['accountId', 'paymentTypeId', ...links].map((name) => [name, 99]));
      const codes = [...Array.from({ length: 14 }, () => 13100000), 2000];
      const messages = await refused(client, () => create(client, unknown), 400, ...codes);
      expect(messages[0]).toBe("'AccountId' (99) does not exist in 'Account' for 'Payment'.");
      await refused(client, () => put(client, 1, unknown), 400, ...codes);
      await refused(client, () => patch(client, [{ patchType: 'update', identity: 1, ...unknown }]), 400, ...codes);
      await refused(client, () => client.post('/Payment/Vendor', { ...unknown, amount: 1 }), 400, ...codes);
    },
  },
  'read-only-ignored': {
    accepts: async (open) => {
      const client = await open();
      const made = await item(create(client, { identity: 77, created: now, updated: now }));
      expect(made.identity).toBe(6);
      expect(made.created).not.toBe(now);
      const changed = await item(put(client, 1, { created: now, updated: now }));
      expect(changed.created).toBe('2026-01-10T14:02:11.000Z');
      expect(changed.updated).not.toBe(now);
      const stamps = { created: now, updated: now };
      const patches = [
        { payments: { items: [{ patchType: 'update', identity: 1, detail: 'as an item', ...stamps }] } },
        { identity: 1, detail: 'flat', ...stamps },
      ];
      for (const body of patches) {
        const patched = await item(client.send('PATCH', '/Payment/1', { body }));
        expect(patched).toMatchObject({ identity: 1, instance: { created: '2026-01-10T14:02:11.000Z' } });
        expect(patched.instance.updated).not.toBe(now);
      }
      const reversal = await item(client.post('/Payment/Reverse', { reversePaymentId: 1, ...stamps }));
      expect([reversal.created, reversal.updated]).not.toContain(now);
    },
    refuses: async (open) => {
      // Ignored is what they say, not how they are written: the schema still holds.
      const client = await open();
      await refused(client, () => create(client, { created: 'yesterday' }), 400, 11200000, 2000);
    },
  },
  'amounts-default': {
    accepts: async (open) => {
      const answer = await create(await open(), { amount: 12.5 });
      expect(answer.body.results.items[0]).toMatchObject({ baseAmount: 12.5, invoiceAmount: 12.5 });
    },
    refuses: async (open) => {
      const given = { amount: 12.5, baseAmount: 13.5, invoiceAmount: 14.5 };
      expect(await item(create(await open(), given))).toMatchObject(given);
    },
  },
  'oldest-invoice-first': {
    accepts: async (open) => {
      const client = await open();
      const made = await item(create(client, { amount: 200, automaticDisburse: true }));
      expect(made).toMatchObject({ invoiceId: 2, invoiceName: 'INV-2026-0002', disbursed: true });
      const { body } = await client.get(`/Payment/${made.identity}/Detail`);
      const shares = body.instance.details.invoiceDisbursements;
      expect(shares.map(({ invoiceId, amount }: { invoiceId: number; amount: number }) => [invoiceId, amount])).toEqual(
        [
          [2, 155],
          [3, 45],
        ],
      );
      const rest = await item(create(client, { amount: 300.1, automaticDisburse: true }));
      expect(rest).toMatchObject({ invoiceId: 3, disbursed: false });
      const charged = await item(
        client.post('/Payment/Vendor', { amount: 5, accountId: 18, paymentMethodId: 7, automaticDisburse: true }),
      );
      expect(charged).toMatchObject({ invoiceId: 4, disbursed: true });
    },
    refuses: async (open) => {
      const client = await open();
      const made = await item(create(client, { amount: 200 }));
      expect(made).toMatchObject({ invoiceId: null, disbursed: false });
      expect(await client.state('invoiceDisbursements')).toHaveLength(2);
      await item(create(client, { amount: 455, automaticDisburse: true }));
      const late = await item(create(client, { amount: 1, automaticDisburse: true }));
      expect(late, 'nothing is open any more').toMatchObject({ invoiceId: null, disbursed: false });
    },
  },
  'disbursed-derived': {
    accepts: async (open) => {
      const client = await open();
      expect((await item(create(client, { amount: 455, automaticDisburse: true }))).disbursed).toBe(true);
      expect((await item(create(client, { amount: 1, automaticDisburse: true }))).disbursed).toBe(false);
    },
    refuses: async (open) => {
      const client = await open();
      expect((await item(create(client, { amount: 455, automaticDisburse: true, disbursed: false }))).disbursed).toBe(
        false,
      );
      expect((await item(create(client, { disbursed: true }))).disbursed).toBe(true);
    },
  },
  'reversal-within-remainder': {
    accepts: async (open) => {
      const client = await open();
      for (const amount of [100, 0.1, 0.2]) {
        expect(await item(client.post('/Payment/Reverse', { reversePaymentId: 1, amount }))).toMatchObject({ amount });
      }
      const rest = await item(client.post('/Payment/Reverse', { reversePaymentId: 1 }));
      expect(rest.amount, '250.00 less 20.00 and 100.30').toBe(129.7);
    },
    refuses: async (open) => {
      const client = await open();
      const reverse = (amount: number) => () => client.post('/Payment/Reverse', { reversePaymentId: 1, amount });
      const [message] = await refused(client, reverse(230.01), 400, 11900000, 2000);
      expect(message).toContain("'230'");
      await refused(client, () => create(client, { reversePaymentId: 1, amount: 231 }), 400, 11900000, 2000);
      await refused(client, () => put(client, 4, { reversePaymentId: 1, amount: 231 }), 400, 11900000, 2000);
      await item(reverse(230)());
      await refused(client, reverse(1), 400, 12000000, 2000);
    },
  },
  'no-reversal-of-reversal': {
    accepts: async (open) => {
      expect(await item((await open()).post('/Payment/Reverse', { reversePaymentId: 1 }))).toMatchObject({
        reversePaymentId: 1,
      });
    },
    refuses: async (open) => {
      const client = await open();
      const [message] = await refused(
        client,
        () => client.post('/Payment/Reverse', { reversePaymentId: 5 }),
        400,
        12000000,
        2000,
      );
      expect(message).toContain('itself a reversal');
      await refused(client, () => client.post('/Payment/Reverse/Vendor', { reversePaymentId: 3 }), 400, 12000000, 2000);
      await refused(client, () => create(client, { reversePaymentId: 5 }), 400, 12000000, 2000);
      const [itself] = await refused(client, () => put(client, 4, { reversePaymentId: 4 }), 400, 12000000, 2000);
      expect(itself).toContain('cannot reverse itself');
      const [reversed] = await refused(client, () => put(client, 1, { reversePaymentId: 4 }), 400, 12000000, 2000);
      expect(reversed).toContain('is reversed itself');
    },
  },
  'page-inputs': {
    accepts: async (open) => {
      const client = await open();
      const defaults = (await client.get('/Payment/Paged')).body.pagination;
      expect(defaults).toEqual({ pageNumber: 1, pageSize: 20, excludeTotalCount: false });
      for (const path of ['/Payment/Paged', '/Payment/Paged/Detail']) {
        expect(identities(await client.get(`${path}?pageNumber=2&pageSize=3`))).toEqual([5]);
        expect(identities(await client.get(`${path}?PageNumber=2&PAGESIZE=3`))).toEqual([5]);
        expect(identities(await client.get(path, { headers: { pageNumber: '2', PageSize: '1' } }))).toEqual([2]);
        expect(identities(await client.get(`${path}?pageSize=2`, { headers: { pageSize: '1' } }))).toEqual([1, 2]);
      }
    },
    refuses: async (open) => {
      const client = await open();
      for (const path of ['/Payment/Paged', '/Payment/Paged/Detail']) {
        for (const query of [
          'pageNumber=0',
          'pageSize=0',
          'pageSize=10001',
          'pageSize=ten',
          'pageNumber=1.5',
          'pageNumber=',
        ]) {
          const { status, body } = await client.get(`${path}?${query}`);
          expect(status, query).toBe(400);
          expect(body.errors, query).toHaveLength(1);
          expect((await client.get(`${path}?${query.replace('page', 'PAGE')}`)).status, `PAGE, ${query}`).toBe(400);
          const [name = '', value = ''] = query.split('=');
          if (value !== '') expect((await client.get(path, { headers: { [name]: value } })).status, name).toBe(400);
        }
        expect((await client.get(`${path}?excludeTotalCount=maybe&pageSize=0`)).body.errors).toHaveLength(2);
      }
    },
  },
  'page-past-the-end': {
    accepts: async (open) => {
      const { status, body } = await (await open()).get('/Payment/Paged?pageNumber=9');
      expect(status).toBe(200);
      expect(body.pagedResults).toEqual({ totalCount: 4, items: [] });
    },
    refuses: async (open) => {
      const client = await open();
      const pages = [1, 2, 3, 4].map((page) => client.get(`/Payment/Paged?pageSize=1&pageNumber=${page}`));
      expect((await Promise.all(pages)).flatMap(identities), 'no page repeats or skips').toEqual([1, 2, 4, 5]);
    },
  },
  'exclude-total-count': {
    accepts: async (open) => {
      const { body } = await (await open()).get('/Payment/Paged?excludeTotalCount=true');
      expect(Object.keys(body.pagedResults)).toEqual(['items']);
      expect(body.pagination.excludeTotalCount).toBe(true);
    },
    refuses: async (open) => {
      const { body } = await (await open()).get('/Payment/Paged?excludeTotalCount=false');
      expect(body.pagedResults.totalCount).toBe(4);
    },
  },
  'payment-exists': {
    accepts: async (open) => {
      const client = await open();
      expect((await client.get('/Payment/4')).status).toBe(200);
      expect((await client.get('/Payment/4/Detail')).status).toBe(200);
      expect((await put(client, 4, {})).status).toBe(200);
      expect((await client.send('DELETE', '/Payment/4')).status).toBe(200);
    },
    refuses: async (open) => {
      const client = await open();
      await item(client.send('DELETE', '/Payment/4'));
      const calls = [
        () => client.get('/Payment/4'),
        () => client.get('/Payment/4/Detail'),
        () => put(client, 4, { amount: 1 }),
        () => client.send('PATCH', '/Payment/4', { body: { amount: 1 } }),
        () => client.send('DELETE', '/Payment/4'),
      ];
      for (const call of calls) await refused(client, call, 404, 4040000);
      for (const id of ['0', 'one', '1.0', '1e0', '-1'])
        expect((await client.get(`/Payment/${id}`)).status, id).toBe(400);
    },
  },
  'partial-update': {
    accepts: async (open) => {
      const client = await open();
      const before = (await client.get('/Payment/4')).body.instance;
      const { updated: _, ...after } = await item(put(client, 4, { detail: 'By wire', checkNumber: null }));
      const { updated: __, ...expected } = before;
      expect(after).toEqual({ ...expected, detail: 'By wire', checkNumber: null });
      const { body } = await patch(client, [{ patchType: 'update', identity: 4, detail: 'Again' }]);
      expect(body.results.items[0].instance).toMatchObject({ detail: 'Again', amount: 75.5 });
      expect((await client.get('/Payment/4')).body.instance.detail).toBe('Again');
    },
    refuses: async (open) => {
      const client = await open();
      const same = await item(put(client, 4, { accountId: 0, paymentTypeId: 0 }));
      expect(same).toMatchObject({ accountId: 18, paymentTypeId: 3 });
      expect(await item(put(client, 2, { cardTypeId: 0 }))).toMatchObject({ cardTypeId: 0, cardTypeName: null });
    },
  },
  'identity-matches': {
    accepts: async (open) => {
      expect(await item(put(await open(), 4, { identity: 4 }))).toMatchObject({ identity: 4 });
      expect(await item(put(await open(), 4, { identity: 0 }))).toMatchObject({ identity: 4 });
    },
    refuses: async (open) => {
      const client = await open();
      await refused(client, () => put(client, 4, { identity: 1 }), 400, 11900000, 2000);
      const flat = { identity: 1, detail: 'of another' };
      await refused(client, () => client.send('PATCH', '/Payment/4', { body: flat }), 400, 11900000, 2000);
    },
  },
  'amount-covers-use': {
    accepts: async (open) => {
      expect(await item(put(await open(), 1, { amount: 250 }))).toMatchObject({ amount: 250 });
    },
    refuses: async (open) => {
      const client = await open();
      await refused(client, () => put(client, 1, { amount: 249.99 }), 400, 11900000, 2000);
      await refused(client, () => put(client, 1, { amount: 19.99 }), 400, 11900000, 11900000, 2000);
    },
  },
  'spent-stays': {
    accepts: async (open) => {
      const client = await open();
      expect(await item(put(client, 4, { accountId: 17, paymentStatusTypeId: 2 }))).toMatchObject({ accountId: 17 });
      expect(await item(put(client, 1, { accountId: 17, paymentStatusTypeId: 1 }))).toMatchObject({ identity: 1 });
    },
    refuses: async (open) => {
      const client = await open();
      const messages = await refused(
        client,
        () => put(client, 1, { accountId: 18, paymentStatusTypeId: 2 }),
        400,
        12000000,
        12000000,
        2000,
      );
      expect(messages[0]).toBe("'AccountId' cannot change from 17 to 18 while 250 of payment 1 went to invoices.");
    },
  },
  'patch-in-order': {
    accepts: async (open) => {
      const client = await open();
      const { status, body } = await patch(client, [
        { patchType: 'update', patchClientId: 1, identity: 4, detail: 'first' },
        { patchType: 'create', patchClientId: 2, ...payment() },
        { patchType: 'delete', patchClientId: 3, identity: 4 },
      ]);
      expect(status).toBe(200);
      expect(body).toMatchObject({ type: 'patch', results: { totalCount: 3 } });
      expect(
        body.results.items.map(({ identity, action }: { identity: number; action: string }) => [identity, action]),
      ).toEqual([
        [4, 'updated'],
        [6, 'created'],
        [4, 'deleted'],
      ]);
      expect(identities(await client.get('/Payment/'))).toEqual([1, 2, 5, 6]);
    },
    refuses: async (open) => {
      const client = await open();
      const items = [
        { patchType: 'delete', identity: 4 },
        { patchType: 'update', identity: 4 },
      ];
      await refused(client, () => patch(client, items), 400, 13100000, 2000);
      await refused(client, () => patch(client, [{ patchType: 'upsert' }]), 400, 11900000, 2000);
    },
  },
  'patch-all-or-nothing': {
    accepts: async (open) => {
      const client = await open();
      expect(
        (
          await patch(client, [
            { patchType: 'create', ...payment() },
            { patchType: 'create', ...payment() },
          ])
        ).status,
      ).toBe(200);
      expect(identities(await client.get('/Payment/'))).toEqual([1, 2, 4, 5, 6, 7]);
    },
    refuses: async (open) => {
      const client = await open();
      const items = [
        { patchType: 'create', ...payment() },
        { patchType: 'create', ...payment({ accountId: 99 }) },
        { patchType: 'delete', patchClientId: 7, identity: 2 },
        { patchType: 'delete', identity: 99 },
      ];
      const messages = await refused(client, () => patch(client, items), 400, 13100000, 12000000, 13100000, 2000);
      const places = messages.map((message: string) => / \(payments\.items.*\)$/.exec(message)?.[0]);
      expect(places).toEqual([
        ' (payments.items[1])',
        ' (payments.items[2], patchClientId 7)',
        ' (payments.items[3])',
        undefined,
      ]);
    },
  },
  'patch-target': {
    accepts: async (open) => {
      const client = await open();
      expect(
        (await patch(client, [{ patchType: 'update', detail: 'of the path' }], 4)).body.results.items[0].identity,
      ).toBe(4);
      expect(
        (await patch(client, [{ patchType: 'create', ...payment() }], 999)).status,
        'create needs no payment',
      ).toBe(200);
    },
    refuses: async (open) => {
      const client = await open();
      await refused(client, () => patch(client, [{ patchType: 'update', identity: 99 }]), 400, 13100000, 2000);
      await refused(client, () => patch(client, [{ patchType: 'delete' }], 99), 400, 13100000, 2000);
    },
  },
  'flat-patch': {
    accepts: async (open) => {
      const client = await open();
      const { body } = await client.send('PATCH', '/Payment/4', { body: { detail: 'flat' } });
      expect(body.results.items).toHaveLength(1);
      expect(body.results.items[0]).toMatchObject({ identity: 4, action: 'updated', instance: { detail: 'flat' } });
    },
    refuses: async (open) => {
      const client = await open();
      await refused(client, () => client.send('PATCH', '/Payment/4', { body: { accountId: 99 } }), 400, 13100000, 2000);
      await refused(
        client,
        () => client.send('PATCH', '/Payment/4', { body: { items: [{ patchType: 'delete' }] } }),
        400,
        11900000,
        2000,
      );
      const children = { details: { invoiceDisbursements: {} }, payments: { items: [] } };
      expect((await client.send('PATCH', '/Payment/4', { body: children })).status, 'child objects').toBe(400);
    },
  },
  'gateway-payment-stays': {
    accepts: async (open) => {
      expect((await (await open()).send('DELETE', '/Payment/4')).body.type).toBe('delete');
    },
    refuses: async (open) => {
      const client = await open();
      const [message] = await refused(client, () => client.send('DELETE', '/Payment/2'), 400, 12000000, 2000);
      expect(message).toContain('gateway');
      // What a gateway gave back stays, and so does the payment that it gave back.
      const manual = await item(create(client));
      const reversal = await item(client.post('/Payment/Reverse/Vendor', { reversePaymentId: 2, amount: 5 }));
      await item(put(client, reversal.identity, { reversePaymentId: manual.identity }));
      const path = `/Payment/${manual.identity}`;
      const [why] = await refused(client, () => client.send('DELETE', path), 400, 12000000, 2000);
      expect(why).toContain(`Payment ${reversal.identity} was made through a gateway`);
    },
  },
  'deletes-what-hangs-on-it': {
    accepts: async (open) => {
      const client = await open();
      await item(put(client, 4, { retryPaymentId: 1 }));
      const { body } = await client.send('DELETE', '/Payment/1');
      expect(body.results.items).toEqual([
        { identity: 1, action: 'deleted', dtoTypeKey: 'payment' },
        { lhsId: 1, rhsId: 12, action: 'detached', dtoTypeKey: 'paymentNoteConnector' },
        { lhsId: 1, rhsId: 4, action: 'detached', dtoTypeKey: 'paymentRetry' },
        { foreignKeyIdentity: 3, action: 'deleted', dtoTypeKey: 'paymentAttachment' },
        { foreignKeyIdentity: 1, action: 'deleted', dtoTypeKey: 'invoiceDisbursement' },
        { foreignKeyIdentity: 5, action: 'deleted', dtoTypeKey: 'paymentReversal' },
      ]);
      expect((await client.get('/Payment/5')).status).toBe(404);
      expect((await client.get('/Payment/4')).body.instance.retryPaymentId).toBeNull();
      const made = await item(create(client, { amount: 1, automaticDisburse: true }));
      expect(made.invoiceId, 'invoice 1 is open again').toBe(1);
    },
    refuses: async (open) => {
      const client = await open();
      await client.send('DELETE', '/Payment/4');
      expect(await client.state('invoiceDisbursements'), "others' disbursements stay").toHaveLength(2);
      expect(await client.state('connectors')).toHaveLength(1);
    },
  },
  'true-count': {
    accepts: async (open) => {
      const client = await open();
      expect((await client.send('DELETE', '/Payment/4')).body.results.totalCount).toBe(1);
      expect((await client.send('DELETE', '/Payment/1')).body.results.totalCount).toBe(5);
    },
    refuses: async (open) => {
      const { body } = await (await open('documented-delete-payment')).send('DELETE', '/Payment/1');
      expect(body.results.totalCount, 'the sample counts 4').toBe(3);
    },
  },
  'details-of-the-payment': {
    accepts: async (open) => {
      const { details } = (await (await open()).get('/Payment/1/Detail')).body.instance;
      expect(details.invoiceDisbursements).toMatchObject([
        { identity: 1, invoiceId: 1, invoiceName: 'INV-2026-0001', paymentId: 1 },
      ]);
      expect(details.paymentReversals).toMatchObject([
        { identity: 5, amount: 20, reversePaymentId: 1, merchantAccount: null },
      ]);
      expect(details.paymentReversals[0]).not.toHaveProperty('reversePaymentName');
    },
    refuses: async (open) => {
      const { details } = (await (await open()).get('/Payment/4/Detail')).body.instance;
      expect(details).toEqual({ invoiceDisbursements: [], paymentReversals: [] });
    },
  },
  'reversal-names-payment': {
    accepts: async (open) => {
      const client = await open();
      expect(await item(client.post('/Payment/Reverse', { identity: 1, amount: 1 }))).toMatchObject({
        reversePaymentId: 1,
      });
    },
    refuses: async (open) => {
      const client = await open();
      for (const path of ['/Payment/Reverse', '/Payment/Reverse/Vendor']) {
        await refused(client, () => client.post(path, {}), 400, 13100000, 2000);
        await refused(
          client,
          () => client.post(path, { reversePaymentId: 99, cardTypeId: 99 }),
          400,
          13100000,
          13100000,
          2000,
        );
      }
    },
  },
  'reversal-amount-default': {
    accepts: async (open) => {
      expect(await item((await open()).post('/Payment/Reverse', { reversePaymentId: 1 }))).toMatchObject({
        amount: 230,
      });
    },
    refuses: async (open) => {
      const answer = await (await open()).post('/Payment/Reverse', { reversePaymentId: 1, amount: 12.5 });
      expect(answer.body.results.items[0]).toMatchObject({ amount: 12.5, baseAmount: 12.5 });
    },
  },
  'reversal-is-payment': {
    accepts: async (open) => {
      const client = await open();
      const made = await item(
        client.post('/Payment/Reverse', { reversePaymentId: 1, amount: 5, detail: 'Returned', accountId: 18 }),
      );
      expect(made).toMatchObject({
        identity: 6,
        accountId: 17,
        paymentTypeId: 2,
        detail: 'Returned',
        reversePaymentName: 'PAY-000001',
      });
      const { details } = (await client.get('/Payment/1/Detail')).body.instance;
      expect(details.paymentReversals.map(({ identity }: { identity: number }) => identity)).toEqual([5, 6]);
      expect(identities(await client.get('/Payment/'))).toContain(6);
    },
    refuses: async (open) => {
      const client = await open();
      await refused(
        client,
        () => client.post('/Payment/Reverse', { reversePaymentId: 1, amount: -5 }),
        400,
        11900000,
        2000,
      );
    },
  },
  'issued-before-reversal': {
    accepts: async (open) => {
      expect((await (await open()).post('/Payment/Reverse', { reversePaymentId: 1 })).status).toBe(200);
    },
    refuses: async (open) => {
      const client = await open();
      const [message] = await refused(
        client,
        () => client.post('/Payment/Reverse', { reversePaymentId: 4 }),
        400,
        12000000,
        2000,
      );
      expect(message).toContain('Delete it');
    },
  },
  'gateway-payment-reversed': {
    accepts: async (open) => {
      const client = await open();
      const made = await item(client.post('/Payment/Reverse/Vendor', { reversePaymentId: 2, amount: 45 }));
      expect(made).toMatchObject({ isManual: false, amount: 45, reversePaymentId: 2, paymentMethodId: 5 });
      const { details } = (await client.get('/Payment/2/Detail')).body.instance;
      expect(details.paymentReversals).toMatchObject([{ identity: 6, merchantAccount: 'northwind-usd' }]);
    },
    refuses: async (open) => {
      const client = await open();
      const [message] = await refused(
        client,
        () => client.post('/Payment/Reverse/Vendor', { reversePaymentId: 1 }),
        400,
        12000000,
        2000,
      );
      expect(message).toContain('POST /Payment/Reverse');
    },
  },
  'gateway-transaction': {
    accepts: async (open) => {
      const client = await open();
      const made = await item(client.post('/Payment/Vendor', { amount: 49.99, accountId: 17, paymentMethodId: 5 }));
      expect(made).toMatchObject({
        isManual: false,
        paymentTypeName: 'Credit Card',
        paymentTransactionName: 'TXN-000003',
        paymentStatusTypeName: 'Processed',
      });
      await item(client.post('/Payment/Reverse/Vendor', { reversePaymentId: made.identity }));
      const [, , charge, reversal] = await client.state('paymentTransactions');
      expect(charge).toMatchObject({ kind: 'charge', outcome: 'approved', amount: 49.99 });
      expect(reversal).toMatchObject({ kind: 'reversal', outcome: 'approved', amount: 49.99 });
    },
    refuses: async (open) => {
      const client = await open();
      await item(create(client));
      await item(client.post('/Payment/Reverse', { reversePaymentId: 1, amount: 1 }));
      expect(await client.state('paymentTransactions'), 'recording asks no gateway').toHaveLength(2);
    },
  },
  'gateway-decline': {
    accepts: async (open) => {
      const client = await open();
      const charge = { amount: 10, accountId: 17, paymentMethodId: 6, automaticDisburse: true };
      const made = await item(client.post('/Payment/Vendor', charge));
      expect(made).toMatchObject({ paymentStatusTypeName: 'Failed', disbursed: false, invoiceId: null });
      expect(identities(await client.get('/Payment/'))).not.toContain(made.identity);
      expect((await client.state('paymentTransactions')).at(-1)).toMatchObject({
        outcome: 'declined',
        reason: 'The card has expired.',
      });
      expect(await client.state('invoiceDisbursements')).toHaveLength(2);
    },
    refuses: async (open) => {
      const client = await open();
      const made = await item(client.post('/Payment/Vendor', { amount: 10, accountId: 17, paymentMethodId: 5 }));
      expect(identities(await client.get('/Payment/'))).toContain(made.identity);
    },
  },
  'required-for-gateway': {
    accepts: async (open) => {
      expect(
        await item((await open()).post('/Payment/Vendor', { amount: 1, accountId: 18, paymentMethodId: 7 })),
      ).toMatchObject({
        accountName: 'Lumen Bakery',
      });
    },
    refuses: async (open) => {
      const client = await open();
      await refused(client, () => client.post('/Payment/Vendor', {}), 400, 11100000, 11100000, 11100000, 2000);
      const foreign = { amount: 1, accountId: 18, paymentMethodId: 5 };
      await refused(client, () => client.post('/Payment/Vendor', foreign), 400, 13100000, 2000);
    },
  },
});
