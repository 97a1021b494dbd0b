/**
 * Stax Bill's rules, both sides of each, and tables of what its schema takes and refuses.
 */
import { describe, expect, test } from 'vitest';
import { settingsOf } from '../../handlers/staxbill/settings.js';
import { loadDocument, object } from '../../src/document.js';
import { type JsonObject, type JsonValue, stringify } from '../../src/json.js';
import { type Answer, type Client, open, testRules, useSandbox } from '../harness.js';

useSandbox();

type Fields = Record<string, unknown>;

const path = '/v1/GlobalPayments/ImportPayment';
const collections = ['customers', 'paymentMethods', 'gateways', 'invoices', 'paymentActivities', 'payments'];

/** A payment that keeps every rule of the default scenario. */
function payment(changes: Fields = {}): Fields {
  return { customerId: 7001, amount: 100, ...changes };
}

/** An allocation of the payment; 502 owes 300.00. */
function allocation(invoiceId = 502, amount: unknown = 10): Fields {
  return { invoiceId, amount };
}

async function served(client: Client, changes: Fields = {}): Promise<Answer['body']> {
  const answer = await client.post(path, payment(changes));
  expect(answer.status, answer.text).toBe(200);
  return answer.body;
}

/** Sends what must be refused with these errors and change nothing. */
async function refused(client: Client, body: Fields, status: number, ...errors: [key: string, value: string][]) {
  const before = await everything(client);
  const answer = await client.post(path, body);
  const Errors = errors.map(([Key, Value]) => ({ Key, Value }));
  expect([answer.status, answer.body]).toEqual([status, { ErrorId: 0, HttpStatusCode: status, Errors }]);
  expect(await everything(client)).toEqual(before);
}

async function everything(client: Client): Promise<unknown> {
  return Promise.all(collections.map((collection) => client.state(collection)));
}

async function record(client: Client, collection: string, key: string, value: unknown): Promise<Fields> {
  return (await client.state(collection)).find((each) => each[key] === value);
}

/** What is open of the default scenario's invoices. */
async function balances(client: Client): Promise<unknown[]> {
  return (await client.state('invoices')).map(({ outstandingBalance }) => outstandingBalance);
}

function allocated(body: Answer['body']): unknown[] {
  return body.transaction.invoiceAllocations.map(({ invoiceId, amount }: Fields) => [invoiceId, amount]);
}

/** What the documented scenario lets pass: its customer is 1, and so are its invoice and its gateway. */
const documented = { customerId: 1, amount: 2 };

testRules('staxbill', {
  'basic-key': {
    accepts: async (open) => {
      const client = await open();
      for (const authorization of ['Basic staxbill-sandbox-key', 'basic staxbill-sandbox-key']) {
        expect((await client.post(path, payment(), { headers: { authorization } })).status).toBe(200);
      }
    },
    refuses: async (open) => {
      const client = await open();
      const encoded = `Basic ${Buffer.from('staxbill-sandbox-key:').toString('base64')}`;
      for (const authorization of [
        undefined,
        '',
        'staxbill-sandbox-key',
        'Bearer staxbill-sandbox-key',
        'Basic x',
        encoded,
      ]) {
        const answer = await client.post(path, payment(), { headers: { authorization } });
        expect([authorization, answer.status, answer.body.HttpStatusCode]).toEqual([authorization, 401, 401]);
        expect(answer.headers.get('www-authenticate')).toMatch(/^Basic/);
      }
      const missing = await client.post(path, payment(), { headers: { authorization: undefined } });
      expect(missing.body.Errors).toEqual([
        { Key: 'Api Error', Value: 'Authorization key is not in the correct format.' },
      ]);
      expect(await client.state('paymentActivities')).toHaveLength(1);
    },
  },
  'every-fault-told': {
    accepts: async (open) => expect((await served(await open())).status).toBe('Successful'),
    refuses: async (open) => {
      const client = await open();
      const conflict = [
        'paymentAllocations',
        'The allocations come to 30, while the payment is 20. Send at most that in sum.',
      ];
      const missing = [
        'gatewayId',
        'Received gatewayId 99, which is no gateway. Send that of a stored gateway, or leave it out.',
      ];
      const bad = [
        'autoAllocateOrder',
        'Received autoAllocateOrder "Oldest". Send OldestToNewest or NewestToOldest, or leave it out.',
      ];
      const paymentAllocations = [allocation(502, 30)];
      const pairs = [conflict, missing, bad] as [string, string][];
      await refused(client, payment({ amount: 20, paymentAllocations }), 409, ...pairs.slice(0, 1));
      const gatewayId = 99;
      await refused(
        client,
        payment({ amount: 20, paymentAllocations, gatewayId }),
        404,
        ...pairs.slice(0, 2).reverse(),
      );
      const all = { amount: 20, paymentAllocations, gatewayId, autoAllocateOrder: 'Oldest' };
      await refused(client, payment(all), 400, ...([missing, conflict, bad] as [string, string][]));
    },
  },
  'customer-exists': {
    accepts: async (open) =>
      expect((await served(await open(), { customerId: 7002 })).customer.companyName).toBe('Tidewater Books'),
    refuses: async (open) => {
      const client = await open();
      for (const customerId of [undefined, 0, -1, 7003, Number.MAX_SAFE_INTEGER]) {
        const message = `Received customerId ${customerId ?? 0}, which is no customer. Send the id of a stored customer.`;
        await refused(client, payment({ customerId }), 404, ['customerId', message]);
      }
      await refused(await open('empty'), payment(), 404, [
        'customerId',
        'Received customerId 7001, which is no customer. Send the id of a stored customer.',
      ]);
    },
  },
  'amount-positive': {
    accepts: async (open) => {
      const client = await open();
      for (const amount of ['0.01', '1', '1.0', '12345678901234567890', '0.00000000000000000001', '1e3']) {
        const answer = await client.send('POST', path, { text: `{"customerId":7001,"amount":${amount}}` });
        expect(answer.status, answer.text).toBe(200);
        const shown = { '1e3': '1000', '1': '1' }[amount] ?? amount;
        expect(answer.text).toMatch(new RegExp(`"amount":(${amount}|${shown}(\\.0)?),`));
      }
    },
    refuses: async (open) => {
      const client = await open();
      for (const amount of [undefined, 0, -0.01, -100]) {
        await refused(client, payment({ amount }), 400, [
          'amount',
          `Received amount ${amount ?? 0}. Send an amount greater than 0.`,
        ]);
      }
    },
  },
  'gateway-known': {
    accepts: async (open) => {
      for (const [gatewayId, used] of [
        [31, 31],
        [32, 32],
        [0, 31],
        [null, 31],
        [undefined, 31],
      ]) {
        expect((await served(await open(), { gatewayId })).paymentGateway.gatewayId).toBe(used);
      }
    },
    refuses: async (open) => {
      const client = await open();
      for (const gatewayId of [30, 2147483647]) {
        const message = `Received gatewayId ${gatewayId}, which is no gateway. Send that of a stored gateway, or leave it out.`;
        await refused(client, payment({ gatewayId }), 404, ['gatewayId', message]);
      }
      for (const gatewayId of [-1, 2147483648]) {
        const message = 'The field gatewayId must be between 0 and 2147483647.';
        await refused(client, payment({ gatewayId }), 400, ['gatewayId', message]);
      }
    },
  },
  'reference-date': {
    accepts: async (open) => {
      const client = await open();
      for (const [given, shown] of [
        ['2026-02-28', '2026-02-28T00:00:00.0000000+00:00'],
        ['2028-02-29', '2028-02-29T00:00:00.0000000+00:00'],
        ['2026-03-01T10:20:30', '2026-03-01T10:20:30.0000000+00:00'],
        ['2026-03-01T10:20:30.1234567Z', '2026-03-01T10:20:30.1234567+00:00'],
        ['2026-03-01T01:20:30+02:00', '2026-02-28T23:20:30.0000000+00:00'],
      ]) {
        const { effectiveTimestamp, transaction } = await served(client, { referenceDate: given });
        expect([transaction.referenceDate, transaction.effectiveTimestamp, effectiveTimestamp]).toEqual([
          shown,
          shown,
          shown,
        ]);
      }
      const { effectiveTimestamp, createdTimestamp, transaction } = await served(client);
      expect([transaction.referenceDate, effectiveTimestamp]).toEqual([null, createdTimestamp]);
    },
    refuses: async (open) => {
      const client = await open();
      for (const referenceDate of ['2026-02-29', '2026-13-01', '2026-03-01T24:00:01', '2026-03-01T10:60:00']) {
        const message = `Received referenceDate "${referenceDate}", a day or time that there is not. Send one that there is.`;
        await refused(client, payment({ referenceDate }), 400, ['referenceDate', message]);
      }
    },
  },
  'allocation-invoice-exists': {
    accepts: async (open) =>
      expect(allocated(await served(await open(), { paymentAllocations: [allocation()] }))).toEqual([[502, 10]]),
    refuses: async (open) => {
      const client = await open();
      for (const invoiceId of [undefined, 0, 505]) {
        const message = `Received invoiceId ${invoiceId ?? 0}, which is no invoice. Send that of one of the customer's invoices.`;
        await refused(client, payment({ paymentAllocations: [allocation(), { invoiceId, amount: 1 }] }), 404, [
          'paymentAllocations[1].invoiceId',
          message,
        ]);
      }
    },
  },
  'allocation-own-invoice': {
    accepts: async (open) =>
      expect(allocated(await served(await open(), { paymentAllocations: [allocation(503)] }))).toEqual([[503, 10]]),
    refuses: async (open) =>
      refused(await open(), payment({ paymentAllocations: [allocation(504)] }), 409, [
        'paymentAllocations[0].invoiceId',
        'Received invoiceId 504, which is not an invoice of customer 7001. Send one of their own.',
      ]),
  },
  'allocation-positive': {
    accepts: async (open) =>
      expect(allocated(await served(await open(), { paymentAllocations: [allocation(502, 0.01)] }))).toEqual([
        [502, 0.01],
      ]),
    refuses: async (open) => {
      const client = await open();
      for (const amount of [undefined, 0, -5]) {
        await refused(client, payment({ paymentAllocations: [{ invoiceId: 502, amount }] }), 400, [
          'paymentAllocations[0].amount',
          `Received amount ${amount ?? 0}. Send an amount greater than 0.`,
        ]);
      }
    },
  },
  'allocation-within-balance': {
    accepts: async (open) => {
      const client = await open();
      const paymentAllocations = [allocation(501, 150.5), allocation(501, 4.5)];
      const { transaction } = await served(client, { amount: 155, paymentAllocations });
      expect(transaction.invoiceAllocations.map(({ outstandingBalance }: Fields) => outstandingBalance)).toEqual([
        0, 0,
      ]);
    },
    refuses: async (open) => {
      const client = await open();
      await refused(client, payment({ amount: 500, paymentAllocations: [allocation(501, 155.01)] }), 409, [
        'paymentAllocations[0].amount',
        'Received amount 155.01, while 155 is open of invoice 501. Send at most that.',
      ]);
      const twice = [allocation(501, 150), allocation(501, 5.01), allocation(501, 1)];
      await refused(
        client,
        payment({ amount: 500, paymentAllocations: twice }),
        409,
        ['paymentAllocations[1].amount', 'Received amount 5.01, while 5 is open of invoice 501. Send at most that.'],
        ['paymentAllocations[2].amount', 'Received amount 1, while 0 is open of invoice 501. Send at most that.'],
      );
      await refused(
        await open('declines'),
        { customerId: 7101, amount: 1, paymentAllocations: [allocation(601, 1)] },
        409,
        ['paymentAllocations[0].amount', 'Received amount 1, while 0 is open of invoice 601. Send at most that.'],
      );
    },
  },
  'allocations-within-amount': {
    accepts: async (open) => {
      const paymentAllocations = [allocation(501, 0.1), allocation(502, 0.2)];
      expect((await served(await open(), { amount: 0.3, paymentAllocations })).transaction.unallocatedAmount).toBe(0);
      const beyond = { ...documented, paymentAllocations: [allocation(1, 3)] };
      expect((await served(await open('documented-import-global-payment'), beyond)).transaction.unallocatedAmount).toBe(
        0,
      );
    },
    refuses: async (open) =>
      refused(
        await open(),
        payment({ amount: 0.29, paymentAllocations: [allocation(501, 0.1), allocation(502, 0.2)] }),
        409,
        ['paymentAllocations', 'The allocations come to 0.3, while the payment is 0.29. Send at most that in sum.'],
      ),
  },
  'automatic-order': {
    accepts: async (open) => {
      for (const [autoAllocateOrder, expected] of [
        [
          undefined,
          [
            [501, 155],
            [502, 45],
          ],
        ],
        [
          null,
          [
            [501, 155],
            [502, 45],
          ],
        ],
        [
          'OldestToNewest',
          [
            [501, 155],
            [502, 45],
          ],
        ],
        [
          'NewestToOldest',
          [
            [503, 80.25],
            [502, 119.75],
          ],
        ],
      ]) {
        const body = await served(await open(), { amount: 200, autoAllocate: true, autoAllocateOrder });
        expect(allocated(body)).toEqual(expected);
      }
      const unknown = { ...documented, autoAllocate: true, autoAllocateOrder: 'sample string 8' };
      expect(allocated(await served(await open('documented-import-global-payment'), unknown))).toEqual([[1, 2]]);
    },
    refuses: async (open) => {
      const client = await open();
      for (const autoAllocateOrder of ['', 'oldesttonewest', 'OldestToNewest ', 'sample string 8']) {
        const message = `Received autoAllocateOrder "${autoAllocateOrder}". Send OldestToNewest or NewestToOldest, or leave it out.`;
        await refused(client, payment({ autoAllocateOrder }), 400, ['autoAllocateOrder', message]);
      }
    },
  },
  'automatic-on-request': {
    accepts: async (open) => {
      const client = await open();
      expect(allocated(await served(client, { amount: 1000, autoAllocate: true }))).toEqual([
        [501, 155],
        [502, 300],
        [503, 80.25],
      ]);
      expect(await balances(client)).toEqual([0, 0, 0, 0]);
    },
    refuses: async (open) => {
      for (const autoAllocate of [undefined, null, false]) {
        expect(allocated(await served(await open(), { autoAllocate }))).toEqual([]);
      }
      const client = await open();
      expect(allocated(await served(client, { customerId: 7002, autoAllocate: true }))).toEqual([]);
      expect(await balances(client)).toEqual([155, 300, 80.25, 0]);
    },
  },
  'explicit-before-automatic': {
    accepts: async (open) => {
      const paymentAllocations = [allocation(502, 50), allocation(501, 5)];
      const body = await served(await open(), { amount: 250, autoAllocate: true, paymentAllocations });
      expect(allocated(body)).toEqual([
        [502, 50],
        [501, 5],
        [501, 150],
        [502, 45],
      ]);
      expect(body.invoices.map(({ invoiceId }: Fields) => invoiceId)).toEqual([502, 501, 501, 502]);
    },
    refuses: async (open) => {
      const paymentAllocations = [allocation(502, 50)];
      expect(allocated(await served(await open(), { amount: 250, paymentAllocations }))).toEqual([[502, 50]]);
      expect(allocated(await served(await open(), { amount: 50, autoAllocate: true, paymentAllocations }))).toEqual([
        [502, 50],
      ]);
    },
  },
  'rest-unallocated': {
    accepts: async (open) => {
      const { transaction } = await served(await open(), { amount: 600.3, autoAllocate: true });
      expect([transaction.unallocatedAmount, transaction.refundableAmount]).toEqual([65.05, 600.3]);
    },
    refuses: async (open) => {
      const { transaction } = await served(await open(), { amount: 155, autoAllocate: true });
      expect([transaction.unallocatedAmount, transaction.refundableAmount]).toEqual([0, 155]);
    },
  },
  'balances-fall': {
    accepts: async (open) => {
      const client = await open();
      const { transaction } = await served(client, {
        amount: 0.2,
        paymentAllocations: [allocation(503, 0.1), allocation(503, 0.1)],
      });
      expect(transaction.invoiceAllocations.map(({ outstandingBalance }: Fields) => outstandingBalance)).toEqual([
        80.05, 80.05,
      ]);
      expect(await balances(client)).toEqual([155, 300, 80.05, 0]);
      expect(allocated(await served(client, { autoAllocate: true, autoAllocateOrder: 'NewestToOldest' }))).toEqual([
        [503, 80.05],
        [502, 19.95],
      ]);
    },
    refuses: async (open) => {
      const client = await open();
      await served(client, { amount: 80.25, paymentAllocations: [allocation(503, 80.25)] });
      await refused(client, payment({ paymentAllocations: [allocation(503, 0.01)] }), 409, [
        'paymentAllocations[0].amount',
        'Received amount 0.01, while 0 is open of invoice 503. Send at most that.',
      ]);
    },
  },
  'stored-method': {
    accepts: async (open) => {
      const client = await open();
      const bank = await served(client, { globalPaymentsReferenceId: 'gp-bank-6789' });
      expect([bank.paymentMethod.id, bank.methodIsAch, bank.method]).toEqual([9002, true, 'ACH (account *****6789)']);
      for (const globalPaymentsReferenceId of [undefined, null, '', 'gp-card-4242']) {
        const card = await served(client, { globalPaymentsReferenceId });
        expect([card.paymentMethod.id, card.methodIsAch, card.method]).toEqual([
          9001,
          false,
          'CreditCard (Visa ending in 4242)',
        ]);
      }
      expect(await client.state('paymentMethods')).toHaveLength(2);
    },
    refuses: async (open) => {
      const client = await open();
      const added = await served(client, { globalPaymentsReferenceId: 'gp-new' });
      expect([added.paymentMethod.id, added.paymentMethod.lastName, added.method]).toEqual([
        9003,
        'Osei',
        'CreditCard',
      ]);
      expect((await served(client, { globalPaymentsReferenceId: 'gp-new' })).paymentMethod.id).toBe(9003);
      // What is somebody else's is not found.
      expect(
        (await served(client, { customerId: 7002, globalPaymentsReferenceId: 'gp-card-4242' })).paymentMethod.id,
      ).toBe(9004);
    },
  },
  'make-default': {
    accepts: async (open) => {
      const client = await open();
      await served(client, { globalPaymentsReferenceId: 'gp-bank-6789', makeDefault: true });
      expect((await served(client)).paymentMethod.id).toBe(9002);
      await served(client, { customerId: 7002, globalPaymentsReferenceId: 'first', makeDefault: false });
      expect(await record(client, 'customers', 'id', 7002)).toMatchObject({ defaultPaymentMethodId: 9003 });
    },
    refuses: async (open) => {
      const client = await open();
      for (const makeDefault of [undefined, null, false]) {
        await served(client, { globalPaymentsReferenceId: 'gp-bank-6789', makeDefault });
        expect((await served(client)).paymentMethod.id).toBe(9001);
      }
    },
  },
  'repeated-transaction': {
    accepts: async (open) => {
      const client = await open();
      const attempts = ['T1', 'T1', 'T2', 'T1'].map((globalPaymentsTransactionId) => ({ globalPaymentsTransactionId }));
      const seen: unknown[] = [];
      for (const attempt of attempts) {
        const { id, attemptNumber, transaction } = await served(client, attempt);
        seen.push([id, attemptNumber, transaction.originalPaymentActivityId]);
      }
      expect(seen).toEqual([
        [3002, 1, null],
        [3003, 2, 3002],
        [3004, 1, null],
        [3005, 3, 3002],
      ]);
      for (const globalPaymentsTransactionId of [null, '', '']) {
        expect((await served(client, { globalPaymentsTransactionId })).attemptNumber).toBe(1);
      }
    },
    refuses: async (open) => {
      const client = await open('declines');
      const body = { customerId: 7101, amount: 5, gatewayId: 42 };
      await refused(client, { ...body, globalPaymentsTransactionId: 'TRN_5Xy2bQ' }, 409, [
        'globalPaymentsTransactionId',
        'Received globalPaymentsTransactionId "TRN_5Xy2bQ", which was imported as activity 3101. Send each once.',
      ]);
      expect((await client.post(path, { ...body, globalPaymentsTransactionId: 'TRN_5Xy2bR' })).status).toBe(200);
      expect((await client.post(path, body)).status).toBe(200);
      expect((await client.post(path, body)).status).toBe(200);
    },
  },
  'gateway-answers': {
    accepts: async (open) => {
      const body = await served(await open(), { globalPaymentsTransactionId: 'T1', gatewayId: 31 });
      expect(body.paymentGateway).toEqual({
        authorizationCode: 'A31-00917',
        authorizationResponse: 'Approved',
        gatewayId: 31,
        gatewayName: 'Global Payments',
        secondaryTransactionNumber: 'T1',
        primaryGatewayFailure: null,
        processorId: 4,
      });
      expect([body.gatewayFee, body.transaction.gatewayFee, body.transaction.settlement.status]).toEqual([
        0.3,
        0.3,
        'Pending',
      ]);
    },
    refuses: async (open) => {
      const body = await served(await open(), { gatewayId: 32 });
      expect([body.gatewayFee, body.transaction.gatewayFee, body.transaction.settlement]).toEqual([null, null, null]);
    },
  },
  'failed-attempt': {
    accepts: async (open) => {
      const client = await open();
      const body = await served(client, { gatewayId: 33, autoAllocate: true });
      expect([body.status, body.transaction, body.invoices, body.id]).toEqual(['Failed', null, [], 3002]);
      expect(await client.state('payments')).toHaveLength(1);
      expect(await balances(client)).toEqual([155, 300, 80.25, 0]);
      expect((await served(await open('declines'), { customerId: 7101, gatewayId: 42 })).status).toBe('Unknown');
    },
    refuses: async (open) => {
      const client = await open();
      const body = await served(client);
      expect([body.status, body.transaction.paymentActivityId, body.transaction.id]).toEqual([
        'Successful',
        3002,
        4002,
      ]);
      expect(await client.state('payments')).toHaveLength(2);
    },
  },
  'currency-of-customer': {
    accepts: async (open) => {
      const { currency, transaction } = await served(await open(), { customerId: 7002 });
      expect([currency, transaction.currency]).toEqual(['CAD', 'CAD']);
    },
    refuses: async (open) => {
      const { currency, transaction } = await served(await open(), { currency: 'CAD' });
      expect([currency, transaction.currency]).toEqual(['USD', 'USD']);
    },
  },
  'accounting-of-customer': {
    accepts: async (open) => {
      const { transaction } = await served(await open('documented-import-global-payment'), documented);
      expect(transaction).toMatchObject({
        netsuiteId: 'sample string 9',
        sendToNetsuite: true,
        quickBooksAttemptNumber: 12,
      });
    },
    refuses: async (open) => {
      const { transaction } = await served(await open(), { netsuiteId: 'x', sendToNetsuite: true });
      expect(transaction).toMatchObject({ netsuiteId: null, sendToNetsuite: false, quickBooksAttemptNumber: null });
    },
  },
  'words-of-scenario': {
    accepts: async (open) => {
      const body = await served(await open('documented-import-global-payment'), documented);
      expect([body.source, body.transaction.description, body.uri]).toEqual([
        'sample string 5',
        'sample string 4',
        'sample string 13',
      ]);
    },
    refuses: async (open) => {
      const body = await served(await open());
      expect([
        body.source,
        body.transactionType,
        body.trigger,
        body.triggeringUserId,
        body.transaction.description,
      ]).toEqual(['Import', 'Collect', 'Api', null, 'Imported payment']);
      expect([body.uri, body.transaction.uri]).toEqual([
        'https://secure.fusebill.com/v1/paymentActivities/3002',
        'https://secure.fusebill.com/v1/payments/4002',
      ]);
    },
  },
});

describe('the examples of the document', () => {
  const document = loadDocument('staxbill');
  const [media] = document.operations[0]?.requestBody?.content.values() ?? [];

  test.each([
    [
      'automatic',
      'Successful',
      [
        [501, 155],
        [502, 45],
      ],
    ],
    ['explicit', 'Successful', [[502, 30]]],
    ['declined', 'Failed', []],
  ])('%s works as it stands', async (name, status, expected) => {
    const client = await open('staxbill');
    const text = stringify(media?.examples.get(name)?.value ?? null);
    const { body } = await client.send('POST', path, { text });
    expect(body.status).toBe(status);
    expect(body.transaction === null ? [] : allocated(body)).toEqual(expected);
  });
});

describe('what the schema takes', () => {
  test.each([
    ['reference at its longest', { reference: 'x'.repeat(500) }],
    ['reference of nothing', { reference: '' }],
    ['reference null', { reference: null }],
    ['reference in any script', { reference: 'Überweisung № 7 – 支払い 😀' }],
    ['no allocations', { paymentAllocations: [] }],
    ['allocations null', { paymentAllocations: null }],
    ['a property that is not documented', { note: { any: ['thing'] } }],
    ['a transaction id at its longest', { globalPaymentsTransactionId: 'x'.repeat(255) }],
  ])('%s', async (_, changes) => {
    const body = await served(await open('staxbill'), changes);
    if ('reference' in changes) expect(body.transaction.reference).toBe(changes.reference);
  });
});

describe('what the schema refuses', () => {
  test.each<[string, Fields, string]>([
    ['a customer that is a text', { customerId: '7001' }, 'customerId'],
    ['a customer that is null', { customerId: null }, 'customerId'],
    ['a customer with a fraction', { customerId: 7001.5 }, 'customerId'],
    ['an amount that is a text', { amount: '100' }, 'amount'],
    ['an amount that is null', { amount: null }, 'amount'],
    ['an amount above what .NET counts', { amount: 1e29 }, 'amount'],
    ['a gateway with a fraction', { gatewayId: 1.5 }, 'gatewayId'],
    ['makeDefault that is a text', { makeDefault: 'true' }, 'makeDefault'],
    ['a reference that is a number', { reference: 5 }, 'reference'],
    ['a reference too long', { reference: 'x'.repeat(501) }, 'reference'],
    ['a date in another form', { referenceDate: '11/03/2025' }, 'referenceDate'],
    ['a transaction id too long', { globalPaymentsTransactionId: 'x'.repeat(256) }, 'globalPaymentsTransactionId'],
    ['allocations that are no array', { paymentAllocations: {} }, 'paymentAllocations'],
    ['an allocation that is null', { paymentAllocations: [null] }, 'paymentAllocations[0]'],
    ['an allocation of a text', { paymentAllocations: [allocation(501, '5')] }, 'paymentAllocations[0].amount'],
    ['autoAllocate that is a number', { autoAllocate: 1 }, 'autoAllocate'],
    ['an order that is a number', { autoAllocateOrder: 0 }, 'autoAllocateOrder'],
  ])('%s', async (_, changes, key) => {
    const client = await open('staxbill');
    const before = await everything(client);
    const answer = await client.post(path, payment(changes));
    expect([answer.status, answer.body.ErrorId, answer.body.HttpStatusCode]).toEqual([400, 0, 400]);
    expect(answer.body.Errors.map(({ Key }: Fields) => Key)).toEqual([key]);
    expect(await everything(client)).toEqual(before);
  });

  test('a reference too long in the words of the framework, with all else that is wrong', async () => {
    const wrong = payment({ reference: 'x'.repeat(501), amount: '1', gatewayId: -1 });
    const answer = await (await open('staxbill')).post(path, wrong);
    expect(answer.body.Errors).toContainEqual({
      Key: 'reference',
      Value: 'The field reference must be a string with a maximum length of 500.',
    });
    expect(answer.body.Errors.map(({ Key }: Fields) => Key).sort()).toEqual(['amount', 'gatewayId', 'reference']);
  });

  test.each([['null'], ['[]'], ['5'], ['"x"'], [''], ['{'], ['{"amount":1,}']])('a body that is %s', async (text) => {
    const answer = await (await open('staxbill')).send('POST', path, { text });
    expect([answer.status, answer.body.HttpStatusCode, answer.body.Errors.length]).toEqual([400, 400, 1]);
  });
});

describe('media types', () => {
  test.each([
    ['application/json', undefined, 'application/json'],
    ['text/json', undefined, 'application/json'],
    ['application/json', 'text/json', 'text/json'],
    ['text/json', 'text/json', 'text/json'],
    ['text/json; charset=utf-8', '*/*', 'application/json'],
    ['application/json', 'text/*', 'text/json'],
  ])('%s in, %s wanted: %s out', async (contentType, accept, expected) => {
    const client = await open('staxbill');
    const answer = await client.post(path, payment(), { headers: { 'content-type': contentType, accept } });
    expect(answer.status, answer.text).toBe(200);
    expect(answer.headers.get('content-type')).toBe(`${expected}; charset=utf-8`);
  });

  test('a refusal is text/json too where that is wanted', async () => {
    const answer = await (await open('staxbill')).post(path, {}, { headers: { accept: 'text/json' } });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'text/json; charset=utf-8']);
  });
});

test('number text survives: amounts are shown as they were sent, sums in their shortest form', async () => {
  const client = await open('staxbill');
  const text = '{"customerId":7001,"amount":100.10,"paymentAllocations":[{"invoiceId":502,"amount":30.5000}]}';
  const answer = await client.send('POST', path, { text });
  expect(answer.text).toContain('"amount":100.10,');
  expect(answer.text).toContain('"amount":30.5000,');
  expect(answer.text).toContain('"unallocatedAmount":69.6,');
});

describe('x-settings', () => {
  const { settings } = loadDocument('staxbill');
  const defaultOf = (schema: JsonObject): JsonValue =>
    schema.properties === undefined
      ? (schema.default ?? null)
      : Object.fromEntries(
          Object.entries(object(schema.properties)).map(([name, each]) => [name, defaultOf(object(each))]),
        );

  test('have the defaults that the handlers take', () => {
    const defaults = Object.fromEntries([...settings].map(([name, schema]) => [name, defaultOf(schema)]));
    expect(settingsOf({ settings: defaults })).toEqual(settingsOf({ settings: {} }));
  });

  test.each([...settings].flatMap(([name, schema]) => (Array.isArray(schema.enum) ? [[name, schema.enum]] : [])))(
    '%s: each value is another behaviour',
    (name, values) => {
      const read = (Array.isArray(values) ? values : []).map((value) =>
        stringify({ ...settingsOf({ settings: { [String(name)]: value } }) }),
      );
      expect(new Set(read).size).toBe(2);
    },
  );
});
