/**
 * Upwell's rules, both sides of each (seed 000; `x-rules` in specs/upwell/openapi.yaml).
 */
import { expect } from 'vitest';
import type { Answer, Client } from '../harness.js';
import { testRules, useSandbox } from '../harness.js';

const path = '/api/rest/bulk-customer-payments';
const objects = '$.selectionSet.createCustomerPayments.args.objects';

/** Ids of data/upwell/default.yaml. */
const storedPayment = '3c6c1f0a-7f7e-4f52-9d0b-6b0a1d5c2e01';
const storedLine = '8a51d0c4-2b1e-4f7c-8f2a-0e7d9c4b1f01';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const postgresTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/;

useSandbox();

function insert(client: Client, ...inputs: unknown[]): Promise<Answer> {
  return client.post(path, { inputs });
}

/** The inserted rows of an answer that must be a success. */
// biome-ignore lint/suspicious/noExplicitAny: tests pick from rows
function rows(answer: Answer): any[] {
  expect(answer.status, answer.text).toBe(200);
  return answer.body.createCustomerPayments.returning;
}

function lines(...data: unknown[]): { paymentLineItems: { data: unknown[] } } {
  return { paymentLineItems: { data } };
}

/** Everything that is stored, to show that a refusal changed nothing. */
async function everything(client: Client): Promise<unknown> {
  return { payments: await client.state('payments'), lines: await client.state('paymentLineItems') };
}

/** Sends what must be refused with this one problem, and shows that nothing was stored. */
async function refused(client: Client, inputs: unknown[], problem: { path: string; error: string; code: string }) {
  const before = await everything(client);
  const answer = await insert(client, ...inputs);
  expect([answer.status, answer.body]).toEqual([400, problem]);
  expect(await everything(client)).toEqual(before);
}

const duplicatePayment = 'Uniqueness violation. duplicate key value violates unique constraint "payments_pkey"';
const duplicateLine = 'Uniqueness violation. duplicate key value violates unique constraint "payment_line_items_pkey"';
const parentKey = 'cannot insert "paymentId" columns as their values are already being determined by parent insert';

testRules('upwell', {
  'one-transaction': {
    accepts: async (open) => {
      const client = await open('empty');
      await insert(client, { id: 'a', ...lines({ id: 'l' }) }, { id: 'b', ...lines({ id: 'm' }, { id: 'n' }) });
      expect((await client.state('payments')).map(({ id }) => id)).toEqual(['a', 'b']);
      const kept = await client.state('paymentLineItems');
      expect(kept.map(({ id, paymentId }) => [id, paymentId])).toEqual([
        ['l', 'a'],
        ['m', 'b'],
        ['n', 'b'],
      ]);
    },
    refuses: async (open) => {
      const client = await open();
      await refused(client, [{ id: 'a', ...lines({ id: 'l' }) }, { id: 'b' }, { id: storedPayment }], {
        path: `${objects}[2].id`,
        error: duplicatePayment,
        code: 'constraint-violation',
      });
    },
  },
  'returning-in-input-order': {
    accepts: async (open) => {
      const client = await open('empty');
      const names = ['zebra', 'apple', '10', '9', '-1', 'Mango'];
      const returned = rows(await insert(client, ...names.map((id) => ({ id, ...lines({ id: `${id}2` }, { id }) }))));
      expect(returned.map(({ id }) => id)).toEqual(names);
      expect(returned.map(({ paymentLineItems }) => paymentLineItems.map((line: { id: string }) => line.id))).toEqual(
        names.map((id) => [`${id}2`, id]),
      );
    },
    refuses: async (open) => {
      const client = await open();
      const [row] = rows(await insert(client, { id: 'bluebird-ach-5521', ...lines({ id: '0' }) }));
      expect(row.paymentLineItems.map((line: { id: string }) => line.id)).toEqual([
        '8a51d0c4-2b1e-4f7c-8f2a-0e7d9c4b1f06',
        '0',
      ]);
    },
  },
  'inputs-may-be-empty': {
    accepts: async (open) => {
      const client = await open();
      const before = await everything(client);
      const answer = await insert(client);
      expect(answer.text).toBe('{"createCustomerPayments":{"returning":[]}}');
      expect(await everything(client)).toEqual(before);
    },
    refuses: async (open) => {
      const client = await open('empty');
      expect(rows(await insert(client, {}, {}))).toHaveLength(2);
      expect(await client.state('payments')).toHaveLength(2);
    },
  },
  'id-default': {
    accepts: async (open) => {
      const client = await open('empty');
      const returned = rows(await insert(client, lines({}, {}), {}));
      const ids = returned.flatMap(({ id, paymentLineItems }) => [
        id,
        ...paymentLineItems.map((line: { id: string }) => line.id),
      ]);
      for (const id of ids) expect(id).toMatch(uuid);
      expect(new Set(ids).size).toBe(4);
      expect((await client.state('payments')).map(({ id }) => id)).toEqual(returned.map(({ id }) => id));
    },
    refuses: async (open) => {
      const client = await open('empty');
      const [row] = rows(await insert(client, { id: '', ...lines({ id: 'number 1 / a~b' }) }));
      expect([row.id, row.paymentLineItems[0].id]).toEqual(['', 'number 1 / a~b']);
    },
  },
  'timestamps-default': {
    accepts: async (open) => {
      const client = await open('empty');
      const returned = rows(await insert(client, lines({}), {}));
      const times = returned.flatMap((row) => [
        row.createdAt,
        row.updatedAt,
        ...row.paymentLineItems.flatMap((line: { createdAt: string; updatedAt: string }) => [
          line.createdAt,
          line.updatedAt,
        ]),
      ]);
      expect(times).toHaveLength(6);
      expect(new Set(times).size).toBe(1);
      expect(times[0]).toMatch(postgresTime);
      expect(Math.abs(Date.parse(times[0]) - Date.now())).toBeLessThan(60_000);
    },
    refuses: async (open) => {
      const client = await open('empty');
      const sent = { createdAt: '2023-11-07T05:31:56Z', updatedAt: '2024-02-29T23:59:59.1234567-05:30' };
      const [row] = rows(await insert(client, { ...sent, ...lines(sent) }));
      expect(row).toMatchObject(sent);
      expect(row.paymentLineItems[0]).toMatchObject(sent);
    },
  },
  'payment-id-unique': {
    accepts: async (open) => {
      const client = await open();
      // A line item's id is another table's, and no duplicate.
      const [row] = rows(await insert(client, { id: storedLine, ...lines({ id: storedPayment }) }));
      expect([row.id, row.paymentLineItems[0].id]).toEqual([storedLine, storedPayment]);
      rows(await insert(client, { id: storedPayment.toUpperCase() }));
    },
    refuses: async (open) => {
      const client = await open();
      const problem = (index: number) => ({
        path: `${objects}[${index}].id`,
        error: duplicatePayment,
        code: 'constraint-violation',
      });
      await refused(client, [{ id: storedPayment }], problem(0));
      await refused(client, [{ id: 'new' }, {}, { id: 'new' }], problem(2));
      rows(await insert(client, { id: 'new' }));
      await refused(client, [{ id: 'new' }], problem(0));
    },
  },
  'line-id-unique': {
    accepts: async (open) => {
      const client = await open();
      rows(await insert(client, { id: 'a', ...lines({ id: 'a' }, { id: 'b' }) }, { id: 'b', ...lines({ id: 'c' }) }));
      expect(await client.state('paymentLineItems')).toHaveLength(9);
    },
    refuses: async (open) => {
      const client = await open();
      const problem = (row: number, line: number) => ({
        path: `${objects}[${row}].paymentLineItems.data[${line}].id`,
        error: duplicateLine,
        code: 'constraint-violation',
      });
      await refused(client, [lines({}, { id: storedLine })], problem(0, 1));
      await refused(client, [lines({ id: 'a' }, { id: 'a' })], problem(0, 1));
      await refused(client, [lines({ id: 'a' }), {}, lines({}, {}, { id: 'a' })], problem(2, 2));
    },
  },
  'nested-lines': {
    accepts: async (open) => {
      const client = await open('empty');
      const line = {
        checkDate: '2026-03-05',
        checkOrAchNumber: '20117',
        createdAt: '2026-03-06T08:00:00Z',
        currency: 'CAD',
        customerId: 'harbor-foods',
        exchangeRate: '1.3704',
        fees: 12.5,
        id: 'line-1',
        invoiceId: 'INV-2041',
        notes: 'first part',
        sourceSystem: 'quickbooks',
        sourceSystemId: 'qb-8813-1',
        sourceSystemMeta: { page: [1, null] },
        status: 'posted',
        tenantId: 'larkspur-freight',
        totalAmount: 1250,
        totalAmountWithFees: 1262.5,
        transactionDate: '2026-03-06',
        updatedAt: '2026-03-06T09:00:00Z',
      };
      const [row] = rows(await insert(client, { id: 'p', ...lines(line, {}) }));
      const { createdAt, customerId, id, invoiceId, sourceSystem, sourceSystemId, status, totalAmount, updatedAt } =
        line;
      expect(Object.entries(row.paymentLineItems[0])).toEqual(
        Object.entries({
          createdAt,
          customerId,
          id,
          invoiceId,
          sourceSystem,
          sourceSystemId,
          status,
          totalAmount,
          updatedAt,
        }),
      );
      const [kept, bare] = await client.state('paymentLineItems');
      expect(kept).toEqual({ ...line, paymentId: 'p' });
      expect(bare).toMatchObject({ paymentId: 'p', totalAmount: null, sourceSystemMeta: null, customerId: null });
    },
    refuses: async (open) => {
      await refused(await open(), [{ paymentLineItems: [{ totalAmount: 1 }] }], {
        path: `${objects}[0].paymentLineItems`,
        error: "expected an object for type 'PaymentLineItemsArrRelInsertInput', but found a list",
        code: 'validation-failed',
      });
    },
  },
  'no-lines': {
    accepts: async (open) => {
      const client = await open('empty');
      const none = [{ paymentLineItems: {} }, { paymentLineItems: { data: [] } }, { paymentLineItems: null }, {}];
      const returned = rows(await insert(client, ...none));
      expect(returned.map(({ paymentLineItems }) => paymentLineItems)).toEqual([[], [], [], []]);
      expect(await client.state('paymentLineItems')).toEqual([]);
    },
    refuses: async (open) => {
      const client = await open('empty');
      const [row] = rows(await insert(client, lines({})));
      expect(row.paymentLineItems).toHaveLength(1);
      await refused(client, [{ paymentLineItems: { data: null } }], {
        path: `${objects}[0].paymentLineItems.data`,
        error: 'expected a list, but found null',
        code: 'validation-failed',
      });
    },
  },
  'lines-read-from-store': {
    accepts: async (open) => {
      const client = await open();
      const [row] = rows(await insert(client, { id: 'bluebird-ach-5521', ...lines({ id: 'second' }) }));
      expect(
        row.paymentLineItems.map(({ id, totalAmount }: { id: string; totalAmount: number }) => [id, totalAmount]),
      ).toEqual([
        ['8a51d0c4-2b1e-4f7c-8f2a-0e7d9c4b1f06', 640],
        ['second', null],
      ]);
      // Nothing is stored twice.
      expect(await client.state('paymentLineItems')).toHaveLength(7);
    },
    refuses: async (open) => {
      const client = await open();
      const [row] = rows(await insert(client, { id: 'bluebird-ach-5522' }));
      expect(row.paymentLineItems).toEqual([]);
    },
  },
  'parent-key-not-inserted': {
    accepts: async (open) => {
      const client = await open('empty');
      rows(await insert(client, { id: 'p', ...lines({ id: 'l' }) }));
      expect((await client.state('paymentLineItems')).map(({ paymentId }) => paymentId)).toEqual(['p']);
    },
    refuses: async (open) => {
      const client = await open();
      for (const paymentId of ['other', 'p', null]) {
        await refused(client, [{ id: 'p', ...lines({}, { paymentId }) }], {
          path: `${objects}[0].paymentLineItems.data[1].paymentId`,
          error: parentKey,
          code: 'validation-failed',
        });
      }
    },
  },
  'tenant-hidden': {
    accepts: async (open) => {
      const client = await open('empty');
      const answer = await insert(client, { tenantId: 'tenant-of-row', ...lines({ tenantId: 'tenant-of-line' }) });
      rows(answer);
      expect(answer.text.toLowerCase()).not.toContain('tenant');
      expect((await client.state('payments'))[0].tenantId).toBe('tenant-of-row');
      expect((await client.state('paymentLineItems'))[0].tenantId).toBe('tenant-of-line');
    },
    refuses: async (open) => {
      // Every other column of a payment comes back.
      const sent = {
        checkDate: '2026-03-05',
        checkOrAchNumber: '20117',
        createdAt: '2026-03-06T08:00:00Z',
        currency: 'USD',
        id: 'p',
        paymentLineItems: [],
        sourceSystem: 'quickbooks',
        sourceSystemId: 'qb-1',
        sourceSystemMeta: 'meta',
        totalAmount: 1.5,
        transactionDate: '2026-03-06',
        updatedAt: '2026-03-06T08:00:00Z',
      };
      const [row] = rows(await insert(await open('empty'), { ...sent, paymentLineItems: {}, tenantId: 't' }));
      expect(Object.entries(row)).toEqual(Object.entries(sent));
    },
  },
  'source-system-meta-as-sent': {
    accepts: async (open) => {
      const client = await open('empty');
      const values = [
        '{"z":1,"a":{"b":[]}}',
        '"<unknown>"',
        '[1,[2,{"x":null}]]',
        '8.0',
        '12345678901234567890.10',
        'true',
        '""',
        '{"__proto__":{"polluted":1},"constructor":2}',
        '"\\u0000 😀"',
      ];
      for (const value of values) {
        const answer = await client.send('POST', path, { text: `{"inputs":[{"sourceSystemMeta":${value}}]}` });
        expect(answer.status, answer.text).toBe(200);
        expect(answer.text).toContain(`"sourceSystemMeta":${value},"totalAmount"`);
      }
    },
    refuses: async (open) => {
      const returned = rows(await insert(await open('empty'), {}, { sourceSystemMeta: null }));
      expect(returned.map(({ sourceSystemMeta }) => sourceSystemMeta)).toEqual([null, null]);
    },
  },
  'variables-in-body': {
    accepts: async (open) => {
      const client = await open('empty');
      const answer = await client.post(`${path}?__dynamic=false`, { inputs: [{ id: 'a' }] });
      expect(rows(answer)).toHaveLength(1);
    },
    refuses: async (open) => {
      const client = await open();
      const before = await everything(client);
      const list =
        'List variables are not currently supported in URL or Query parameters. (Variable inputs, with value "[{}]")';
      const missing = 'expecting a value for non-nullable variable: "inputs"';
      const rejected = [
        ['?inputs=[{}]', { inputs: [{}] }, [list]],
        ['?inputs=[{}]', {}, [list, missing]],
        ['?inputs=[{}]', undefined, [list, missing]],
        ['?limit=10', { inputs: [] }, ['Unexpected variable limit']],
        ['?a=1&inputs=[{}]', { inputs: [] }, ['Unexpected variable a', list]],
      ] as const;
      for (const [query, body, errors] of rejected) {
        const answer = await client.send('POST', path + query, { body });
        expect(answer.status).toBe(400);
        const { internal = [], ...first } = answer.body;
        expect([first, ...internal].map(({ error }: { error: string }) => error)).toEqual(errors);
        expect([first.path, first.code]).toEqual(['$', 'bad-request']);
      }
      expect(await everything(client)).toEqual(before);
    },
  },
  'first-problem-in-front': {
    accepts: async (open) => {
      const client = await open();
      const answer = await insert(
        client,
        { id: storedPayment, ...lines({ id: 'l' }) },
        { id: storedPayment, ...lines({ id: storedLine }, { id: 'l', paymentId: 'p' }) },
      );
      const { internal, ...first } = answer.body;
      expect([answer.status, Object.keys(answer.body)]).toEqual([400, ['path', 'error', 'code', 'internal']]);
      expect(first).toEqual({ path: `${objects}[0].id`, error: duplicatePayment, code: 'constraint-violation' });
      expect(internal).toEqual([
        { path: `${objects}[1].id`, error: duplicatePayment, code: 'constraint-violation' },
        { path: `${objects}[1].paymentLineItems.data[0].id`, error: duplicateLine, code: 'constraint-violation' },
        { path: `${objects}[1].paymentLineItems.data[1].id`, error: duplicateLine, code: 'constraint-violation' },
        { path: `${objects}[1].paymentLineItems.data[1].paymentId`, error: parentKey, code: 'validation-failed' },
      ]);
    },
    refuses: async (open) => {
      const answer = await insert(await open(), { id: storedPayment });
      expect(Object.keys(answer.body)).toEqual(['path', 'error', 'code']);
    },
  },
});
