/**
 * Nuntiq's rules, both sides of each.
 */
import { expect } from 'vitest';
import { formatInstant, parseInstant } from '../../src/instant.js';
import { type Answer, type Client, testRules, useSandbox } from '../harness.js';

useSandbox();

type Open = (scenario?: string) => Promise<Client>;
type Fields = Record<string, unknown>;

/** Open invoices of the default scenario, and one that nobody has. */
const first = '6f1c2a5e-9d47-4b0e-8a63-2f5d7c1e4b01';
const second = '6f1c2a5e-9d47-4b0e-8a63-2f5d7c1e4b02';
const nobodys = '00000000-0000-4000-8000-000000000000';

/** The next payment of the default scenario, and its payment TRF-88, of UNKNOWN, with one line, SENT. */
const next = 1005;
const transfer = { external_payment_id: 'TRF-88', method: 'SEPA', total_amount: 2215, currency: 'EUR' };
const transferId = 1003;

/** A payment that keeps every rule. */
function payment(changes: Fields = {}): Fields {
  return { external_payment_id: 'P-1', method: 'ACH', total_amount: 10, currency: 'USD', ...changes };
}

function line(changes: Fields = {}): Fields {
  return { invoice_token: first, applied_amount: 1, ...changes };
}

/** Stores one payment and returns its record. */
async function stored(client: Client, body: Fields): Promise<Fields> {
  const answer = await client.post('/payments', body);
  expect(answer.status, answer.text).toBe(200);
  expect(Object.keys(answer.body)).toEqual(['payment_id']);
  const records: Fields[] = await client.state('payments');
  return records.find(({ payment_id }) => payment_id === answer.body.payment_id) ?? {};
}

/** Sends what must be refused with exactly this message and change nothing. */
async function refused(client: Client, body: unknown, message: string): Promise<void> {
  const before = await everything(client);
  const answer = await client.post('/payments', body);
  expect([answer.status, answer.body]).toEqual([400, { message }]);
  expect(await everything(client)).toEqual(before);
}

async function everything(client: Client): Promise<unknown> {
  return Promise.all(['invoices', 'payments', 'applications'].map((name) => client.state(name)));
}

/** The lines of a payment: token and amount of each, in order. */
async function linesOf(client: Client, paymentId = next): Promise<unknown[]> {
  const applications: Fields[] = await client.state('applications');
  return applications
    .filter(({ payment_id }) => payment_id === paymentId)
    .map(({ invoice_token, applied_amount }) => [invoice_token, applied_amount]);
}

/** Stores a payment with one line and returns that line's record. */
async function storedLine(open: Open, changes: Fields, of: Fields = {}): Promise<Fields> {
  const client = await open();
  await stored(client, payment({ lines: [line(changes)], ...of }));
  return (await client.state('applications')).at(-1);
}

/** Sends an array; its status and results. */
async function batch(client: Client, ...entries: unknown[]): Promise<[status: number, results: Fields[]]> {
  const answer: Answer = await client.post('/payments', entries);
  expect(Object.keys(answer.body), answer.text).toEqual(['results']);
  return [answer.status, answer.body.results];
}

const stamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Whether a stored text is a stamp of the clock, which runs in the default scenario. */
function expectStamp(text: unknown): void {
  expect(text).toMatch(stamp);
  const age = Date.now() - (parseInstant(String(text))?.epochMilliseconds ?? 0);
  expect(age).toBeGreaterThanOrEqual(0);
  expect(age).toBeLessThan(60_000);
}

/** The stamp of `property` by `statuses`, on creation and on update, and what does not stamp. */
function stampedBy(property: string, statuses: readonly string[]) {
  const all = ['INITIATED', 'PROCESSING', 'SENT', 'SETTLED', 'RETURNED', 'FAILED', 'CANCELED', 'PAID'];
  return {
    accepts: async (open: Open) => {
      for (const status of statuses) {
        const client = await open();
        expectStamp((await stored(client, payment({ status })))[property]);
        expectStamp((await stored(client, { ...transfer, status }))[property]);
      }
    },
    refuses: async (open: Open) => {
      for (const status of [...all.filter((each) => !statuses.includes(each)), undefined]) {
        const client = await open();
        expect((await stored(client, payment({ status })))[property]).toBeNull();
        expect((await stored(client, { ...transfer, status }))[property]).toBeNull();
      }
      const given = '2026-01-05T12:00:00.5+01:00';
      for (const status of statuses) {
        expect((await stored(await open(), payment({ status, [property]: given })))[property]).toBe(given);
      }
      // A stored status is no reason to stamp: only a payment that says so is.
      const client = await open();
      await stored(client, payment({ status: statuses[0], [property]: null }));
      expect((await stored(client, payment()))[property]).toBeNull();
    },
  };
}

testRules('nuntiq', {
  'upsert-by-source-and-id': {
    accepts: async (open) => {
      const client = await open();
      const changed = await stored(client, payment({ external_payment_id: 'PAY-20877', external_source: 'NETSUITE' }));
      expect(changed).toMatchObject({ payment_id: 1001, total_amount: 10, external_source: 'NETSUITE' });
      expect(await client.state('payments')).toHaveLength(4);
      expect((await stored(client, payment())).payment_id).toBe(next);
      expect((await stored(client, payment({ total_amount: 11 }))).payment_id).toBe(next);
      expect(await client.state('payments')).toHaveLength(5);
    },
    refuses: async (open) => {
      const others = [
        { external_payment_id: 'PAY-20877' },
        { external_payment_id: 'PAY-20877', external_source: 'netsuite' },
        { external_payment_id: 'PAY-20877', external_source: 'NETSUITE ' },
        { external_payment_id: 'pay-20877', external_source: 'NETSUITE' },
        { external_payment_id: 'PAY-20877 ', external_source: 'NETSUITE' },
        { external_payment_id: 'NETSUITE', external_source: 'PAY-20877' },
        { external_payment_id: '', external_source: '' },
      ];
      const client = await open();
      for (const [index, other] of others.entries()) {
        expect((await stored(client, payment(other))).payment_id).toBe(next + index);
      }
    },
  },
  'external-source-default': {
    accepts: async (open) => {
      const client = await open();
      expect(await stored(client, payment())).toMatchObject({ payment_id: next, external_source: 'UNKNOWN' });
      expect(await stored(client, transfer)).toMatchObject({ payment_id: transferId, external_source: 'UNKNOWN' });
      const named = payment({ external_source: 'UNKNOWN' });
      expect(await stored(client, named)).toMatchObject({ payment_id: next });
    },
    refuses: async (open) => {
      const client = await open();
      const named = { ...transfer, external_source: 'SAP' };
      expect(await stored(client, named)).toMatchObject({ payment_id: next, external_source: 'SAP' });
      await refused(client, payment({ external_source: null }), 'Received external_source null; documented: a string.');
    },
  },
  'status-default': {
    accepts: async (open) => {
      const client = await open();
      expect(await stored(client, payment())).toMatchObject({ status: 'INITIATED' });
      expect(await stored(client, transfer)).toMatchObject({ status: 'SENT' });
    },
    refuses: async (open) => {
      const client = await open();
      for (const status of ['FAILED', 'INITIATED', 'CANCELED']) {
        expect(await stored(client, payment({ status }))).toMatchObject({ status });
      }
    },
  },
  'omitted-unchanged': {
    accepts: async (open) => {
      const client = await open();
      const before = (await client.state('payments')).find(({ payment_id }) => payment_id === transferId);
      expect(before.beneficiary_iban).toBe('DE89370400440532013000');
      expect(await stored(client, transfer)).toEqual(before);
      const changed = { ...transfer, total_amount: 2200, method: 'SWIFT', currency: 'CHF' };
      expect(await stored(client, changed)).toEqual({
        ...before,
        total_amount: 2200,
        method: 'SWIFT',
        currency: 'CHF',
      });
    },
    refuses: async (open) => {
      const record = await stored(await open(), payment());
      const given = [
        'payment_id',
        'external_payment_id',
        'external_source',
        'status',
        'method',
        'total_amount',
        'currency',
      ];
      const rest = Object.entries(record).filter(([name]) => !given.includes(name));
      expect(rest).toHaveLength(28);
      for (const [name, value] of rest) expect(value, name).toBeNull();
    },
  },
  'null-clears': {
    accepts: async (open) => {
      const client = await open();
      const cleared = { beneficiary_iban: null, beneficiary_swift_bic: null, sent_at: null, payer_bank_country: null };
      const record = await stored(client, { ...transfer, ...cleared });
      expect(record).toMatchObject({ ...cleared, beneficiary_name: 'Kessler Möbel GmbH', status: 'SENT' });
      await stored(client, payment({ check_stop_payment: true }));
      expect(await stored(client, payment({ check_stop_payment: null }))).toMatchObject({ check_stop_payment: null });
    },
    refuses: async (open) => {
      const client = await open();
      const record = await stored(client, payment({ check_stop_payment: false, remittance_memo: '' }));
      expect(record).toMatchObject({ check_stop_payment: false, remittance_memo: '' });
      for (const [name, type] of Object.entries({
        lines: 'an array',
        replace_lines: 'a boolean',
        status: 'a string',
      })) {
        await refused(client, payment({ [name]: null }), `Received ${name} null; documented: ${type}.`);
      }
    },
  },
  'currency-uppercased': {
    accepts: async (open) => {
      const client = await open();
      for (const currency of ['usd', 'Usd', 'USD']) {
        expect(await stored(client, payment({ currency }))).toMatchObject({ currency: 'USD' });
      }
    },
    refuses: async (open) => {
      const client = await open();
      for (const currency of ['us', 'usdd', 'u$d', 'ßßß', 'ıii', '', 'US\u0000', ' US', 'USD\n']) {
        const received = JSON.stringify(currency);
        await refused(
          client,
          payment({ currency }),
          `Received currency ${received}; documented: 3 letters, such as USD.`,
        );
      }
    },
  },
  'settled-at-stamped': stampedBy('settled_at', ['PAID', 'SETTLED']),
  'returned-at-stamped': stampedBy('returned_at', ['RETURNED']),
  'null-opts-out': {
    accepts: async (open) => {
      for (const status of ['PAID', 'SETTLED', 'RETURNED']) {
        const client = await open();
        const quiet = { status, settled_at: null, returned_at: null };
        expect(await stored(client, payment(quiet))).toMatchObject(quiet);
        expect(await stored(client, { ...transfer, ...quiet })).toMatchObject(quiet);
      }
      // It takes a stored stamp away, too.
      const client = await open();
      const settled = { external_payment_id: 'PAY-20877', external_source: 'NETSUITE', status: 'SETTLED' };
      expect(await stored(client, payment({ ...settled, settled_at: null }))).toMatchObject({ settled_at: null });
    },
    refuses: async (open) => {
      const client = await open();
      await stored(client, payment({ status: 'PAID', settled_at: null }));
      expectStamp((await stored(client, payment({ status: 'PAID' }))).settled_at);
      const crossed = await stored(client, payment({ external_payment_id: 'P-2', status: 'PAID', returned_at: null }));
      expectStamp(crossed.settled_at);
    },
  },
  'first-stamp-kept': {
    accepts: async (open) => {
      const client = await open();
      const paid = payment({ external_payment_id: 'PAY-20877', external_source: 'NETSUITE' });
      for (const status of ['SETTLED', 'PAID', 'FAILED', 'SETTLED', undefined]) {
        const record = await stored(client, { ...paid, status });
        expect(record).toMatchObject({ settled_at: '2026-02-04T13:05:40.118Z' });
      }
      const returned = payment({ external_payment_id: 'PAY-20902', external_source: 'NETSUITE', status: 'RETURNED' });
      expect(await stored(client, returned)).toMatchObject({ returned_at: '2026-02-20T11:20:03.550Z' });
    },
    refuses: async (open) => {
      const client = await open();
      const paid = payment({ external_payment_id: 'PAY-20877', external_source: 'NETSUITE', status: 'SETTLED' });
      const settled_at = '2026-02-05T00:00:00Z';
      expect(await stored(client, { ...paid, settled_at })).toMatchObject({ settled_at });
      const returned = await stored(client, { ...paid, status: 'RETURNED' });
      expect(returned.settled_at).toBe(settled_at);
      expectStamp(returned.returned_at);
    },
  },
  'date-times-as-sent': {
    accepts: async (open) => {
      const client = await open();
      const texts = ['2024-07-29T15:51:28.071Z', '2024-07-29T15:51:28Z', '2024-02-29t23:59:59.123456789+05:30'];
      for (const text of texts) {
        const dates = { scheduled_at: text, settled_at: text, check_cleared_at: text };
        expect(await stored(client, payment({ ...dates, lines: [line({ fx_at_line: text })] }))).toMatchObject(dates);
        expect((await client.state('applications')).at(-1)).toMatchObject({ fx_at_line: text });
      }
    },
    refuses: async (open) => {
      const client = await open();
      const { settled_at } = await stored(client, payment({ status: 'PAID' }));
      const instant = parseInstant(String(settled_at));
      expect(instant && formatInstant(instant, { digits: 3, zone: 'Z' })).toBe(settled_at);
      const documented = 'a date-time of RFC 3339 with its zone, such as 2024-07-29T15:51:28.071Z';
      for (const text of ['2024-07-29', '2024-07-29T15:51:28', '2023-02-29T00:00:00Z', 'now', '']) {
        const received = JSON.stringify(text);
        await refused(client, payment({ sent_at: text }), `Received sent_at ${received}; documented: ${documented}.`);
      }
    },
  },
  'invoice-token-known': {
    accepts: async (open) => {
      const client = await open();
      await stored(client, payment({ lines: [line(), line({ invoice_token: second.toUpperCase() })] }));
      expect(await linesOf(client)).toEqual([
        [first, 1],
        [second, 1],
      ]);
    },
    refuses: async (open) => {
      const client = await open();
      const other = nobodys.replace('0', 'F');
      await refused(
        client,
        payment({ lines: [line({ invoice_token: nobodys })] }),
        `unknown invoice_token: ${nobodys}`,
      );
      const tokens = [nobodys, first, other, nobodys];
      const lines = tokens.map((invoice_token) => line({ invoice_token }));
      await refused(client, payment({ lines }), `unknown invoice_token: ${nobodys}, ${other}`);
      await refused(
        client,
        { ...transfer, lines, replace_lines: false },
        `unknown invoice_token: ${nobodys}, ${other}`,
      );
      const nothing = payment({ lines: [line()] });
      await refused(await open('empty'), nothing, `unknown invoice_token: ${first}`);
    },
  },
  'payment-whole': {
    accepts: async (open) => {
      const client = await open();
      const record = await stored(client, { ...transfer, status: 'SETTLED', lines: [line(), line()] });
      expect(record).toMatchObject({ payment_id: transferId, status: 'SETTLED' });
      expect(await linesOf(client, transferId)).toHaveLength(2);
    },
    refuses: async (open) => {
      const client = await open();
      const lines = [line(), line({ invoice_token: nobodys })];
      const settled = { ...transfer, status: 'SETTLED', lines };
      await refused(client, settled, `unknown invoice_token: ${nobodys}`);
      const before = await everything(client);
      const [status, results] = await batch(client, settled, payment({ lines }));
      expect([status, results.map(({ ok }) => ok)]).toEqual([207, [false, false]]);
      expect(await everything(client)).toEqual(before);
      // A refused payment takes no id, either.
      expect((await stored(client, payment())).payment_id).toBe(next);
    },
  },
  'lines-replaced': {
    accepts: async (open) => {
      for (const replace_lines of [undefined, true]) {
        const client = await open();
        await stored(client, payment({ lines: [line(), line({ applied_amount: 2 })] }));
        const other = (await client.state('applications')).filter(({ payment_id }) => payment_id !== next);
        await stored(client, payment({ lines: [line({ invoice_token: second })], replace_lines }));
        expect(await linesOf(client)).toEqual([[second, 1]]);
        await stored(client, payment({ lines: [], replace_lines }));
        expect(await client.state('applications')).toEqual(other);
      }
    },
    refuses: async (open) => {
      const client = await open();
      await stored(client, payment({ lines: [line()] }));
      await stored(client, payment({ lines: [], replace_lines: false }));
      expect(await linesOf(client)).toEqual([[first, 1]]);
      await refused(client, payment({ lines: null }), 'Received lines null; documented: an array.');
    },
  },
  'lines-appended': {
    accepts: async (open) => {
      const client = await open();
      const append = { replace_lines: false };
      await stored(client, payment({ lines: [line()], ...append }));
      await stored(client, payment({ lines: [line(), line({ invoice_token: second, applied_amount: 3 })], ...append }));
      expect(await linesOf(client)).toEqual([
        [first, 1],
        [first, 1],
        [second, 3],
      ]);
    },
    refuses: async (open) => {
      const client = await open();
      const text = 'Received replace_lines "false"; documented: a boolean.';
      await refused(client, payment({ lines: [line()], replace_lines: 'false' }), text);
      await stored(client, payment({ lines: [line()], replace_lines: false }));
      await stored(client, payment({ lines: [line({ applied_amount: 2 })] }));
      expect(await linesOf(client)).toEqual([[first, 2]]);
    },
  },
  'lines-omitted-kept': {
    accepts: async (open) => {
      for (const replace_lines of [undefined, true, false]) {
        const client = await open();
        const before = await client.state('applications');
        await stored(client, { ...transfer, status: 'SETTLED', replace_lines });
        expect(await client.state('applications')).toEqual(before);
      }
    },
    refuses: async (open) => {
      const client = await open();
      expect(await linesOf(client, transferId)).toHaveLength(1);
      await stored(client, { ...transfer, lines: [] });
      expect(await linesOf(client, transferId)).toEqual([]);
    },
  },
  'applied-currency-default': {
    accepts: async (open) => {
      expect(await storedLine(open, {}, { currency: 'gbp' })).toMatchObject({ applied_currency: 'GBP' });
    },
    refuses: async (open) => {
      const changes = { applied_currency: 'EUR' };
      expect(await storedLine(open, changes, { currency: 'GBP' })).toMatchObject(changes);
      const lines = [line({ applied_currency: null })];
      const text = 'Received lines[0].applied_currency null; documented: a string.';
      await refused(await open(), payment({ lines }), text);
    },
  },
  'line-currencies-uppercased': {
    accepts: async (open) => {
      const sent = { applied_currency: 'eur', discount_currency: 'usd', fee_currency_line: 'Chf' };
      const kept = { applied_currency: 'EUR', discount_currency: 'USD', fee_currency_line: 'CHF' };
      expect(await storedLine(open, sent)).toMatchObject(kept);
    },
    refuses: async (open) => {
      for (const sent of [{}, { discount_currency: null, fee_currency_line: null }]) {
        expect(await storedLine(open, sent)).toMatchObject({ discount_currency: null, fee_currency_line: null });
      }
      // No rule of three letters: the vendor states none for lines.
      const sample = { applied_currency: 'STRING', discount_currency: 'STRING', fee_currency_line: 'STRING' };
      expect(await storedLine(open, sample)).toMatchObject(sample);
    },
  },
  'remittance-label-default': {
    accepts: async (open) => {
      expect(await storedLine(open, {})).toMatchObject({ remittance_label: 'Invoice' });
    },
    refuses: async (open) => {
      for (const remittance_label of [null, '', 'Credit note']) {
        expect(await storedLine(open, { remittance_label })).toMatchObject({ remittance_label });
      }
    },
  },
  'entries-judged-alone': {
    accepts: async (open) => {
      const client = await open();
      const entries = [payment(), transfer];
      const results = [
        { index: 0, external_payment_id: 'P-1', ok: true, payment_id: next },
        { index: 1, external_payment_id: 'TRF-88', ok: true, payment_id: transferId },
      ];
      expect(await batch(client, ...entries)).toEqual([200, results]);
    },
    refuses: async (open) => {
      const client = await open();
      const wrong = payment({ method: 'CASH', currency: 'string' });
      const unknown = payment({ lines: [line({ invoice_token: nobodys })] });
      const good = payment({ external_payment_id: 'P-2', lines: [line()] });
      const [status, results] = await batch(client, wrong, unknown, good, 7);
      expect(status).toBe(207);
      const single = await client.post('/payments', wrong);
      expect(single.status).toBe(400);
      expect(results).toEqual([
        { index: 0, external_payment_id: 'P-1', ok: false, error: single.body.message },
        { index: 1, external_payment_id: 'P-1', ok: false, error: `unknown invoice_token: ${nobodys}` },
        { index: 2, external_payment_id: 'P-2', ok: true, payment_id: next },
        { index: 3, external_payment_id: null, ok: false, error: 'Received 7; documented: an object.' },
      ]);
      expect((await client.state('payments')).map(({ external_payment_id: id }) => id).slice(4)).toEqual(['P-2']);
      expect(await linesOf(client)).toEqual([[first, 1]]);
    },
  },
  'entries-in-order': {
    accepts: async (open) => {
      const client = await open();
      const sent = payment({ status: 'SENT', lines: [line()], payment_reference: 'kept' });
      const paid = payment({ status: 'PAID', lines: [line({ invoice_token: second })], replace_lines: false });
      const [status, results] = await batch(client, sent, paid);
      expect([status, results.map(({ payment_id }) => payment_id)]).toEqual([200, [next, next]]);
      const record = (await client.state('payments')).at(-1);
      expect(record).toMatchObject({ payment_id: next, status: 'PAID', payment_reference: 'kept' });
      expect(await linesOf(client)).toEqual([
        [first, 1],
        [second, 1],
      ]);
    },
    refuses: async (open) => {
      const client = await open();
      // A refused entry between two of the same key is as if it were not there.
      const entries = [payment({ total_amount: 1 }), payment({ total_amount: null }), payment({ total_amount: 3 })];
      const [status, results] = await batch(client, ...entries);
      expect([status, results.map(({ ok }) => ok)]).toEqual([207, [true, false, true]]);
      expect((await client.state('payments')).slice(4).map(({ total_amount }) => total_amount)).toEqual([3]);
      const apart = ['P-3', 'P-2'].map((external_payment_id) => payment({ external_payment_id }));
      const [, ids] = await batch(client, ...apart);
      expect(ids.map(({ external_payment_id, payment_id }) => [external_payment_id, payment_id])).toEqual([
        ['P-3', next + 1],
        ['P-2', next + 2],
      ]);
    },
  },
  'empty-array': {
    accepts: async (open) => {
      const client = await open();
      const before = await everything(client);
      expect(await batch(client)).toEqual([200, []]);
      expect(await everything(client)).toEqual(before);
    },
    refuses: async (open) => {
      const error = 'Received an array; documented: an object.';
      expect(await batch(await open(), [])).toEqual([207, [{ index: 0, external_payment_id: null, ok: false, error }]]);
    },
  },
  'entry-named-in-result': {
    accepts: async (open) => {
      const client = await open();
      const ids = ['', 'P-\u0000', '😀', 'x'.repeat(1000), 'x'.repeat(1001), '__proto__'];
      const entries = ids.map((external_payment_id) => ({ external_payment_id }));
      const [, results] = await batch(client, ...entries);
      expect(results.map(({ index, external_payment_id }) => [index, external_payment_id])).toEqual([...ids.entries()]);
    },
    refuses: async (open) => {
      const client = await open();
      const entries = [{}, { external_payment_id: 5 }, { external_payment_id: null }, { external_payment_id: ['P'] }];
      const [status, results] = await batch(client, ...entries, null, 'P-1', true, ['P-1'], 1.5);
      expect(status).toBe(207);
      expect(results.map(({ external_payment_id }) => external_payment_id)).toEqual(Array(9).fill(null));
      expect(results.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
      for (const result of results)
        expect(Object.keys(result)).toEqual(['index', 'external_payment_id', 'ok', 'error']);
    },
  },
  'unknown-properties-ignored': {
    accepts: async (open) => {
      const client = await open();
      const plain = await stored(client, payment({ lines: [line()] }));
      const before: Fields[] = await client.state('applications');
      const lines = [line({ id: 9, payment_id: 1001, colour: 'blue' })];
      const more = { colour: 'blue', payment_id: 1001, results: [], constructor: 1, Currency: 'EUR' };
      expect(await stored(client, payment({ lines, ...more }))).toEqual(plain);
      const after: Fields[] = await client.state('applications');
      expect(after.map(withoutId)).toEqual(before.map(withoutId));
    },
    refuses: async (open) => {
      // A documented name in another letter case is unknown, too, so what it should have said is missing.
      const client = await open();
      const { method, ...rest } = payment();
      await refused(client, { ...rest, Method: method }, 'method is required.');
    },
  },
});

function withoutId({ id: _, ...rest }: Fields): Fields {
  return rest;
}
