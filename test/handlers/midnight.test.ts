/**
 * Midnight's rules, both sides of each, and how its amounts are read and kept.
 */
import { describe, expect, test } from 'vitest';
import { isArray, isObject, stringify } from '../../src/json.js';
import { type Answer, baseUrl, type Client, exact, open, request, testRules, useSandbox } from '../harness.js';

useSandbox();

const path = '/v1/Generic/CustomerPaymentInsert';

type Open = (scenario?: string) => Promise<Client>;
type Detail = Record<string, unknown>;

/** A detail of Bluebird Dental's open order: 425.00 is due for Services, 120.50 for Postage. */
function detail(changes: Detail = {}): Detail {
  return { OrderId: 1, PaymentLabel: 'Services', AmountBilled: 10, ...changes };
}

/** A payment of Bluebird Dental that keeps every rule. */
function payment(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return { CustomerId: 3, AmountBilled: 10, CustomerPaymentDetailList: [detail()], ...changes };
}

/** A payment with these details, its amount being that of one of them. */
function paymentOf(one: Detail, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return payment({ AmountBilled: one.AmountBilled ?? 0, CustomerPaymentDetailList: [one], ...changes });
}

async function insert(client: Client, ...payments: unknown[]): Promise<Answer> {
  return client.post(path, payments);
}

interface Outcome {
  readonly CustomerPaymentId: number;
  readonly CustomerPaymentNumber: string | null;
  readonly Error: { readonly ErrorMessage: readonly { readonly Key: string; readonly Message: string }[] } | null;
}

/** The outcomes of a request, which is a 200 whatever became of its payments. */
async function outcomes(client: Client, ...payments: unknown[]): Promise<Outcome[]> {
  const answer = await insert(client, ...payments);
  expect(answer.status, answer.text).toBe(200);
  expect(answer.body).toHaveLength(payments.length);
  return answer.body;
}

/** Sends one payment that must be recorded. */
async function recorded(open: Open, one: unknown): Promise<Client> {
  const client = await open();
  const [outcome] = await outcomes(client, one);
  expect(outcome).toEqual({ CustomerPaymentId: 3, CustomerPaymentNumber: 'CP-000003', Error: null });
  return client;
}

/** Sends one payment that must fail with exactly these keys and leave the state as it was. */
async function failed(open: Open, one: unknown, ...keys: string[]): Promise<string[]> {
  const client = await open();
  const before = await everything(client);
  const [outcome] = await outcomes(client, one);
  expect(outcome).toMatchObject({ CustomerPaymentId: 0, CustomerPaymentNumber: null });
  expect(keysOf(outcome)).toEqual(keys);
  expect(await everything(client)).toEqual(before);
  return (outcome?.Error?.ErrorMessage ?? []).map(({ Message }) => Message);
}

function keysOf(outcome: Outcome | undefined): string[] {
  return (outcome?.Error?.ErrorMessage ?? []).map(({ Key }) => Key);
}

async function everything(client: Client): Promise<unknown> {
  return Promise.all(['customers', 'orders', 'payments', 'paymentDetails'].map((name) => client.state(name)));
}

/** What a payment was recorded as: the order, label and amount of each detail. */
async function detailsOf(client: Client, paymentId = 3): Promise<unknown[]> {
  const details = await client.state('paymentDetails');
  return details
    .filter((each) => each.paymentId === paymentId)
    .map(({ orderId, paymentLabel, amountBilled }) => [orderId, paymentLabel, amountBilled]);
}

const order = 'CustomerPaymentDetailList.OrderId';
const label = 'CustomerPaymentDetailList.PaymentLabel';
const amount = 'CustomerPaymentDetailList.AmountBilled';
const merchant = (changes: Record<string, unknown> = {}) => ({
  CustomerId: 3,
  AmountBilled: 50,
  RequestSource: 'PRCMerchant',
  ...changes,
});

testRules('midnight', {
  'customer-exists': {
    accepts: async (open) => {
      const client = await recorded(open, payment());
      expect((await client.state('payments')).at(-1)).toMatchObject({ id: 3, customerId: 3 });
    },
    refuses: async (open) => {
      const escrow = { PaymentLabel: 'Escrow', AmountBilled: 10 };
      const [text] = await failed(open, paymentOf(escrow, { CustomerId: 99 }), 'CustomerId');
      expect(text).toContain('CustomerId 99');
      await failed(open, paymentOf(escrow, { CustomerId: undefined }), 'CustomerId');
      await failed(open, paymentOf(escrow, { CustomerId: -2147483648 }), 'CustomerId');
      // The order is not theirs either: every error is listed.
      await failed(open, payment({ CustomerId: 99 }), 'CustomerId', order);
    },
  },
  'amount-positive': {
    accepts: async (open) => {
      await recorded(open, paymentOf(detail({ AmountBilled: 0.01 })));
    },
    refuses: async (open) => {
      await failed(open, payment({ AmountBilled: 0, CustomerPaymentDetailList: [] }), 'AmountBilled');
      await failed(open, { CustomerId: 3 }, 'AmountBilled');
      await failed(open, paymentOf(detail({ AmountBilled: -1 })), 'AmountBilled', amount);
      await failed(open, merchant({ AmountBilled: 0 }), 'AmountBilled');
      await failed(open, merchant({ AmountBilled: -0.01 }), 'AmountBilled');
    },
  },
  'amount-equals-details': {
    accepts: async (open) => {
      const parts = [detail({ AmountBilled: 0.1 }), detail({ AmountBilled: 0.2 })];
      await recorded(open, payment({ AmountBilled: 0.3, CustomerPaymentDetailList: parts }));
    },
    refuses: async (open) => {
      const [text] = await failed(open, payment({ AmountBilled: 10.01 }), 'AmountBilled');
      expect(text).toContain('10.01');
      await failed(open, payment({ AmountBilled: 9.99 }), 'AmountBilled');
      for (const none of [[], null, undefined]) {
        await failed(open, payment({ CustomerPaymentDetailList: none }), 'AmountBilled');
      }
      const details = [detail({ AmountBilled: 20 })];
      await failed(open, merchant({ CustomerPaymentDetailList: details }), 'AmountBilled');
    },
  },
  'request-source': {
    accepts: async (open) => {
      await recorded(open, payment({ RequestSource: 'Other' }));
      await recorded(open, merchant());
    },
    refuses: async (open) => {
      for (const source of ['other', 'PRCMERCHANT', 'sample string 26', '', ' Other', 'constructor']) {
        const [text] = await failed(open, payment({ RequestSource: source }), 'RequestSource');
        expect(text).toContain(JSON.stringify(source));
      }
    },
  },
  'request-source-default': {
    accepts: async (open) => {
      for (const changes of [{}, { RequestSource: null }]) {
        const client = await recorded(open, payment({ OrderNumber: 'JOB-10001', ...changes }));
        expect((await client.state('payments')).at(-1)).toMatchObject({ requestSource: 'Other' });
        expect(await detailsOf(client)).toEqual([[1, 'Services', 10]]);
      }
    },
    refuses: async (open) => {
      const client = await recorded(open, merchant());
      expect((await client.state('payments')).at(-1)).toMatchObject({ requestSource: 'PRCMerchant' });
    },
  },
  'detail-label': {
    accepts: async (open) => {
      for (const PaymentLabel of ['Escrow', 'Earmarked', 'Services', 'Postage']) {
        const client = await recorded(open, paymentOf(detail({ PaymentLabel })));
        expect(await detailsOf(client)).toEqual([[1, PaymentLabel, 10]]);
      }
    },
    refuses: async (open) => {
      for (const PaymentLabel of ['services', 'POSTAGE', '', 'toString', 'sample string 3', null, undefined]) {
        await failed(open, paymentOf(detail({ PaymentLabel })), label);
      }
      const unlabelled = { AmountBilled: 10 };
      const [text] = await failed(open, paymentOf(unlabelled), label);
      expect(text).toContain('CustomerPaymentDetailList[0]: received PaymentLabel nothing');
      await failed(open, merchant({ AmountBilled: 10, CustomerPaymentDetailList: [unlabelled] }), label);
    },
  },
  'detail-order-of-customer': {
    accepts: async (open) => {
      await recorded(open, paymentOf(detail({ OrderId: 3 }), { CustomerId: 7 }));
    },
    refuses: async (open) => {
      for (const PaymentLabel of ['Services', 'Postage', 'Earmarked']) {
        for (const OrderId of [3, 99, -1, 0, null, undefined]) {
          await failed(open, paymentOf(detail({ OrderId, PaymentLabel })), order);
        }
      }
      // Another customer's order and a label that is none: two errors.
      await failed(open, paymentOf(detail({ OrderId: 3, PaymentLabel: 'None' })), order, label);
    },
  },
  'escrow-order-optional': {
    accepts: async (open) => {
      for (const OrderId of [0, null, undefined]) {
        const client = await recorded(
          open,
          paymentOf(detail({ OrderId, PaymentLabel: 'Escrow', AmountBilled: 90000 })),
        );
        expect(await detailsOf(client)).toEqual([[null, 'Escrow', 90000]]);
      }
      // Order 2 is paid in full, which is nothing to escrow.
      const client = await recorded(open, paymentOf(detail({ OrderId: 2, PaymentLabel: 'Escrow' })));
      expect(await detailsOf(client)).toEqual([[2, 'Escrow', 10]]);
    },
    refuses: async (open) => {
      for (const OrderId of [3, 99, -1]) {
        await failed(open, paymentOf(detail({ OrderId, PaymentLabel: 'Escrow' })), order);
      }
    },
  },
  'detail-order-has-balance': {
    accepts: async (open) => {
      await recorded(open, paymentOf(detail({ OrderId: 4, PaymentLabel: 'Postage' }), { CustomerId: 7 }));
      await recorded(open, paymentOf(detail({ OrderId: 4, PaymentLabel: 'Earmarked' }), { CustomerId: 7 }));
    },
    refuses: async (open) => {
      for (const PaymentLabel of ['Services', 'Postage', 'Earmarked']) {
        await failed(open, paymentOf(detail({ OrderId: 2, PaymentLabel })), order);
      }
      // Order 4 was billed for postage alone.
      const services = detail({ OrderId: 4, PaymentLabel: 'Services' });
      const [text] = await failed(open, paymentOf(services, { CustomerId: 7 }), order);
      expect(text).toContain('no balance due for Services');
    },
  },
  'detail-amount-positive': {
    accepts: async (open) => {
      await recorded(open, paymentOf(detail({ AmountBilled: 0.001 })));
    },
    refuses: async (open) => {
      for (const AmountBilled of [0, -0.01, undefined]) {
        const parts = [detail(), detail({ AmountBilled })];
        const total = 10 + (AmountBilled ?? 0);
        await failed(open, payment({ AmountBilled: total, CustomerPaymentDetailList: parts }), amount);
      }
      const escrow = [detail(), { PaymentLabel: 'Escrow', AmountBilled: 0 }];
      await failed(open, payment({ CustomerPaymentDetailList: escrow }), amount);
    },
  },
  'detail-amount-within-balance': {
    accepts: async (open) => {
      await recorded(open, paymentOf(detail({ AmountBilled: 425 })));
      await recorded(open, paymentOf(detail({ PaymentLabel: 'Postage', AmountBilled: 120.5 })));
      await recorded(open, paymentOf(detail({ PaymentLabel: 'Earmarked', AmountBilled: 545.5 })));
    },
    refuses: async (open) => {
      const [text] = await failed(open, paymentOf(detail({ AmountBilled: 425.01 })), amount);
      // What nothing was taken off is told as it is stored.
      expect(text).toContain('received AmountBilled 425.01, while 425.00 is due for Services of order 1.');
      const [postage] = await failed(
        open,
        paymentOf(detail({ PaymentLabel: 'Postage', AmountBilled: 120.51 })),
        amount,
      );
      expect(postage).toContain('while 120.50 is due for Postage of order 1.');
      await failed(open, paymentOf(detail({ PaymentLabel: 'Earmarked', AmountBilled: 545.51 })), amount);
      // Of order 3, 200.00 are earmarked: 2240.75 are left of 2440.75 in all.
      const earmarked = detail({ OrderId: 3, PaymentLabel: 'Earmarked', AmountBilled: 2240.76 });
      await failed(open, paymentOf(earmarked, { CustomerId: 7 }), amount);
    },
  },
  'balance-consumed': {
    accepts: async (open) => {
      const client = await open();
      const part = paymentOf(detail({ AmountBilled: 200 }));
      const [first, second, third] = await outcomes(client, part, part, paymentOf(detail({ AmountBilled: 25 })));
      expect([first?.Error, second?.Error, third?.Error]).toEqual([null, null, null]);
      // Earmarked money counts against both charges together.
      const [postage] = await outcomes(client, paymentOf(detail({ PaymentLabel: 'Earmarked', AmountBilled: 120.5 })));
      expect(postage?.Error).toBeNull();
    },
    refuses: async (open) => {
      const client = await open();
      const most = paymentOf(detail({ AmountBilled: 400 }));
      const tooMuch = paymentOf(detail({ AmountBilled: 25.01 }));
      const [first, second, third, fourth] = await outcomes(
        client,
        most,
        tooMuch,
        paymentOf(detail({ AmountBilled: 25 })),
        most,
      );
      expect([first?.Error, third?.Error]).toEqual([null, null]);
      expect(keysOf(second)).toEqual([amount]);
      expect(keysOf(fourth)).toEqual([order]);
      // A later request sees it too, and the earmarked money of an earlier one.
      const [later] = await outcomes(client, paymentOf(detail({ AmountBilled: 0.01 })));
      expect(keysOf(later)).toEqual([order]);
      const [earmarked, postage] = await outcomes(
        client,
        merchant({ AmountBilled: 120, OrderNumber: 'JOB-10001' }),
        paymentOf(detail({ PaymentLabel: 'Postage', AmountBilled: 0.51 })),
      );
      expect(earmarked?.Error).toBeNull();
      expect(keysOf(postage)).toEqual([amount]);
      // Within one payment: the second detail finds what the first left.
      const twice = [detail({ AmountBilled: 400 }), detail({ AmountBilled: 25.01 })];
      await failed(open, payment({ AmountBilled: 425.01, CustomerPaymentDetailList: twice }), amount);
    },
  },
  'outcome-per-payment': {
    accepts: async (open) => {
      const client = await open();
      const answer = await insert(client, payment(), payment({ CustomerId: 12 }), payment());
      expect(answer.body.map((each: Outcome) => each.CustomerPaymentId)).toEqual([3, 0, 4]);
      expect(answer.body[1]).toMatchObject({ CustomerPaymentNumber: null, Error: { ErrorMessage: [{ Key: order }] } });
      expect(answer.body[2]).toEqual({ CustomerPaymentId: 4, CustomerPaymentNumber: 'CP-000004', Error: null });
      expect(Object.keys(answer.body[0])).toEqual(['CustomerPaymentId', 'CustomerPaymentNumber', 'Error']);
      expect((await client.state('payments')).map(({ id }) => id)).toEqual([1, 2, 3, 4]);
      expect((await insert(client)).text).toBe('[]');
    },
    refuses: async (open) => {
      const client = await open();
      const before = await everything(client);
      // A request that is refused as a whole records nothing, also of what is right in it.
      const answer = await insert(client, payment(), payment({ CustomerId: 'three' }));
      expect(answer.status).toBe(400);
      expect(await everything(client)).toEqual(before);
    },
  },
  'errors-by-key': {
    accepts: async (open) => {
      const parts = [detail({ PaymentLabel: 'a' }), detail({ PaymentLabel: 'b', OrderId: 99 })];
      const wrong = { CustomerId: 99, AmountBilled: -1, RequestSource: 'x', CustomerPaymentDetailList: parts };
      const texts = await failed(open, wrong, 'CustomerId', 'AmountBilled', order, label, 'RequestSource');
      expect(texts[1]).toBe(
        'Received AmountBilled -1. Send an amount greater than 0. Received AmountBilled -1, while that of the details is 20 in sum. Send equal amounts.',
      );
      expect(texts[3]).toContain('[0]: received PaymentLabel "a"');
      expect(texts[3]).toContain('[1]: received PaymentLabel "b"');
      const many = Array.from({ length: 9 }, () => ({ ...detail(), PaymentLabel: 'x' }));
      const [text] = await failed(open, payment({ AmountBilled: 90, CustomerPaymentDetailList: many }), label);
      expect(text).toMatch(/List\[4\]: .* And 4 more\.$/);
    },
    refuses: async (open) => {
      const client = await recorded(open, payment());
      expect(await client.state('errorMessages')).toEqual([]);
    },
  },
  'error-messages': {
    accepts: async (open) => {
      const client = await open('documented-insert-customer-payments');
      const wrong = payment({ RequestSource: 'x', CustomerPaymentDetailList: [detail({ PaymentLabel: 'y' })] });
      const [outcome] = await outcomes(client, wrong);
      const documented = { Key: 'sample string 1', Message: 'sample string 2' };
      expect(outcome?.Error).toEqual({ ErrorMessage: [documented, documented] });
    },
    refuses: async (open) => {
      const client = await open('documented-insert-customer-payments');
      const [outcome] = await outcomes(client, payment({ CustomerId: 99, CustomerPaymentDetailList: [detail()] }));
      expect(keysOf(outcome)).toEqual(['CustomerId', order]);
    },
  },
  'merchant-single-detail': {
    accepts: async (open) => {
      for (const none of [undefined, null, []]) {
        const client = await recorded(open, merchant({ CustomerPaymentDetailList: none }));
        expect(await detailsOf(client)).toEqual([[null, 'Escrow', 50]]);
      }
      const parts = [detail({ AmountBilled: 30 }), detail({ PaymentLabel: 'Postage', AmountBilled: 20 })];
      const client = await recorded(open, merchant({ CustomerPaymentDetailList: parts }));
      expect(await detailsOf(client)).toEqual([[null, 'Escrow', 50]]);
    },
    refuses: async (open) => {
      const parts = [detail({ AmountBilled: 30 }), detail({ PaymentLabel: 'Postage', AmountBilled: 20 })];
      const client = await recorded(open, payment({ AmountBilled: 50, CustomerPaymentDetailList: parts }));
      expect(await detailsOf(client)).toEqual([
        [1, 'Services', 30],
        [1, 'Postage', 20],
      ]);
      const bad = [detail({ AmountBilled: 50, OrderId: 99 })];
      await failed(open, merchant({ CustomerPaymentDetailList: bad }), order);
    },
  },
  'merchant-order-number': {
    accepts: async (open) => {
      const client = await recorded(open, merchant({ OrderNumber: 'JOB-10001' }));
      expect(await detailsOf(client)).toEqual([[1, 'Earmarked', 50]]);
      // JOB-10002 is paid in full.
      const paid = await recorded(open, merchant({ OrderNumber: 'JOB-10002' }));
      expect(await detailsOf(paid)).toEqual([[2, 'Earmarked', 50]]);
    },
    refuses: async (open) => {
      // Another customer's order, none, another case, and nothing at all.
      for (const OrderNumber of ['JOB-10003', 'JOB-9', 'job-10001', '', null, undefined]) {
        const client = await recorded(open, merchant({ OrderNumber }));
        expect(await detailsOf(client)).toEqual([[null, 'Escrow', 50]]);
        expect((await client.state('payments')).at(-1)).toMatchObject({ orderNumber: OrderNumber ?? null });
      }
    },
  },
  'order-number-merchant-only': {
    accepts: async (open) => {
      const client = await recorded(open, merchant({ OrderNumber: 'JOB-10001' }));
      expect((await client.state('payments')).at(-1)).toMatchObject({ orderNumber: 'JOB-10001' });
    },
    refuses: async (open) => {
      const client = await recorded(open, payment({ RequestSource: 'Other', OrderNumber: 'JOB-10001' }));
      expect((await client.state('payments')).at(-1)).toMatchObject({ orderNumber: null });
      expect(await detailsOf(client)).toEqual([[1, 'Services', 10]]);
    },
  },
  'names-in-any-case': {
    accepts: async (open) => {
      const client = await recorded(open, {
        customerId: 3,
        AMOUNTBILLED: 50,
        requestSource: 'PRCMerchant',
        ordernumber: 'JOB-10001',
        customerPaymentDetailList: [{ orderid: 1, paymentLabel: 'Services', amountBilled: 50 }],
      });
      expect(await detailsOf(client)).toEqual([[1, 'Earmarked', 50]]);
      // Details alone in another case, and of two spellings the last.
      await recorded(
        open,
        payment({ CustomerPaymentDetailList: [{ orderId: 1, paymentLabel: 'Postage', amountBilled: 10 }] }),
      );
      await recorded(open, { ...payment({ CustomerId: 99 }), customerid: 3 });
    },
    refuses: async (open) => {
      const answer = await insert(await open(), { ...payment({ CustomerId: undefined }), customerId: 'three' });
      expect(answer.status).toBe(400);
      expect(Object.keys(answer.body.ModelState)).toEqual(['customerPayments[0].CustomerId']);
      const nested = await insert(await open(), { customerpaymentdetaillist: [{ orderId: 1.5 }, 7] });
      expect(Object.keys(nested.body.ModelState)).toEqual([
        'customerPayments[0].CustomerPaymentDetailList[0].OrderId',
        'customerPayments[0].CustomerPaymentDetailList[1]',
      ]);
      // Another name is another name, and ignored.
      await failed(open, { ...payment({ CustomerId: undefined }), Customer_Id: 3 }, 'CustomerId', order);
    },
  },
  'two-authorization-headers': {
    // Repeated headers need node:http: midnight-authorization.test.ts has the whole table.
    accepts: async (open) => {
      const client = await open();
      for (const authorization of [
        'prc-sandbox-token, midnight-sandbox-token',
        'midnight-sandbox-token,prc-sandbox-token',
      ]) {
        expect((await client.post(path, [], { headers: { authorization } })).status).toBe(200);
      }
    },
    refuses: async (open) => {
      const client = await open();
      for (const authorization of [
        'prc-sandbox-token',
        'midnight-sandbox-token',
        'prc-sandbox-token, prc-sandbox-token',
      ]) {
        expect((await client.post(path, [], { headers: { authorization } })).status).toBe(401);
      }
    },
  },
});

describe('number text', () => {
  /** The text of the amounts that payment 3 was recorded with. */
  async function storedAmounts(client: Client): Promise<string[]> {
    const url = `${baseUrl()}/_sandbox/workspaces/${client.workspace}/state/midnight/paymentDetails`;
    const state = exact(await request(url));
    const records = isObject(state) && isArray(state.records) ? state.records : [];
    return records.flatMap((record) =>
      isObject(record) && record.paymentId === 3 ? [stringify(record.amountBilled ?? null)] : [],
    );
  }

  // The state keeps each amount as it was written; the control API shows it so.
  test.each([
    ['8.0', ['4.0', '4.0']],
    ['8', ['4', '4.00']],
    ['125.50', ['100.00', '25.50']],
    ['0.3', ['0.1', '0.2']],
    ['1e1', ['5', '5.00']],
    ['12345678901234567890', ['12345678901234567889', '1']],
    ['1234567890123456789.01', ['1234567890123456789', '0.01']],
    ['10000000000000000000000000000', ['9999999999999999999999999999', '1']],
  ])('%s is the sum of %j', async (total, parts) => {
    const details = parts.map((part) => `{"PaymentLabel":"Escrow","AmountBilled":${part}}`);
    const body = `[{"CustomerId":3,"AmountBilled":${total},"CustomerPaymentDetailList":[${details.join(',')}]}]`;
    const client = await open('midnight');
    const answer = await client.send('POST', path, { text: body });
    expect(answer.text).toBe('[{"CustomerPaymentId":3,"CustomerPaymentNumber":"CP-000003","Error":null}]');
    expect(await storedAmounts(client)).toEqual(parts);
  });

  test.each([
    ['12345678901234567890', '12345678901234567889'],
    ['0.1000000000000000000001', '0.1'],
    ['0.3', '0.30000000000000004'],
    ['9007199254740993', '9007199254740992'],
  ])('%s is not %s', async (total, part) => {
    const body = `[{"CustomerId":3,"AmountBilled":${total},"CustomerPaymentDetailList":[{"PaymentLabel":"Escrow","AmountBilled":${part}}]}]`;
    const answer = await (await open('midnight')).send('POST', path, { text: body });
    expect(keysOf(answer.body[0])).toEqual(['AmountBilled']);
    expect(answer.body[0].Error.ErrorMessage[0].Message).toContain(
      `${total}, while that of the details is ${part} in sum`,
    );
  });
});

test('a scenario without records knows no customer', async () => {
  const [outcome] = await outcomes(await open('midnight', 'empty'), merchant());
  expect(keysOf(outcome)).toEqual(['CustomerId']);
});

test('a thousand details of one order, and as many payments, are judged before the test is given up', async () => {
  const client = await open('midnight');
  const parts = Array.from({ length: 1000 }, () => detail({ AmountBilled: 0.01 }));
  const large = payment({ AmountBilled: 10, CustomerPaymentDetailList: parts });
  const results = await outcomes(client, ...Array.from({ length: 13 }, () => large));
  expect(results.every((each) => each.Error === null)).toBe(true);
  await outcomes(
    client,
    ...Array.from({ length: 1000 }, () =>
      payment({ AmountBilled: 0.01, CustomerPaymentDetailList: [detail({ AmountBilled: 0.01 })] }),
    ),
  );
});
