/**
 * What the schemas of Nuntiq say: each constraint at its limit and beyond it, for a single payment and for an entry of an
 * array, which are refused in the same words; how numbers are kept; and input that means harm.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isArray, isObject, numberText } from '../../src/json.js';
import { baseUrl, type Client, exact, open, request, useSandbox } from '../harness.js';

useSandbox();

type Fields = Record<string, unknown>;

const invoice = '6f1c2a5e-9d47-4b0e-8a63-2f5d7c1e4b01';

function payment(changes: Fields = {}): Fields {
  return { external_payment_id: 'P-1', method: 'ACH', total_amount: 10, currency: 'USD', ...changes };
}

/** A payment with one line. */
function withLine(changes: Fields = {}): Fields {
  return payment({ lines: [{ invoice_token: invoice, applied_amount: 1, ...changes }] });
}

function without(name: string, fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([each]) => each !== name));
}

async function everything(client: Client): Promise<unknown> {
  return Promise.all(['invoices', 'payments', 'applications'].map((name) => client.state(name)));
}

/** Refused alone with this message, and as an entry with this error; nothing is changed. */
async function refusedBothWays(body: unknown, message: string): Promise<void> {
  const client = await open('nuntiq');
  const before = await everything(client);
  const alone = await client.post('/payments', body);
  expect([alone.status, alone.body]).toEqual([400, { message }]);
  const entry = await client.post('/payments', [body]);
  expect([entry.status, entry.body.results[0].ok, entry.body.results[0].error]).toEqual([207, false, message]);
  expect(await everything(client)).toEqual(before);
}

/** Accepted alone and as an entry; the stored payment and the last line. */
async function acceptedBothWays(body: unknown): Promise<{ record: Fields; line: Fields }> {
  const client = await open('nuntiq');
  const alone = await client.post('/payments', body);
  expect([alone.status, alone.text]).toEqual([200, '{"payment_id":1005}']);
  const entry = await client.post('/payments', [body]);
  expect([entry.status, entry.body.results[0].ok]).toEqual([200, true]);
  return { record: (await client.state('payments')).at(-1), line: (await client.state('applications')).at(-1) };
}

const statuses = ['INITIATED', 'PROCESSING', 'SENT', 'SETTLED', 'RETURNED', 'FAILED', 'CANCELED', 'PAID'];
const methods = ['ACH', 'WIRE', 'SEPA', 'SWIFT', 'RTP', 'CHECK', 'CARD', 'VIRTUAL_CARD', 'PAYPAL', 'OTHER'];
const times = ['scheduled_at', 'submitted_at', 'sent_at', 'expected_settlement_at', 'settled_at', 'returned_at'];
const dateTimes = [...times, 'check_mailed_at', 'check_cleared_at'];
const references = ['payment_reference', 'bank_reference', 'ach_trace_number', 'sepa_end_to_end_id', 'rtp_trace_id'];
const names = ['check_number', 'beneficiary_name', 'beneficiary_bank_name', 'beneficiary_iban', 'beneficiary_account'];
const others = ['beneficiary_routing', 'payer_bank_name', 'payer_account', 'payer_routing'];
const lengths: readonly (readonly [name: string, most: number])[] = [
  ...[...references, ...names, ...others].map((name) => [name, 1000] as const),
  ['remittance_memo', 10_000],
  ['remittance_advice_url', 10_000],
  ['beneficiary_swift_bic', 11],
  ['beneficiary_bank_country', 2],
  ['payer_bank_country', 2],
];
const lineLengths: readonly (readonly [name: string, most: number])[] = [
  ['discount_currency', 1000],
  ['fee_currency_line', 1000],
  ['remittance_label', 1000],
  ['remittance_value', 1000],
  ['notes', 10_000],
];
const dateTime = 'a date-time of RFC 3339 with its zone, such as 2024-07-29T15:51:28.071Z';
const cut = (text: string) => JSON.stringify(text.length > 80 ? `${text.slice(0, 77)}…` : text);

describe('what must be there', () => {
  test.each(['external_payment_id', 'method', 'total_amount', 'currency'])('%s', async (name) => {
    await refusedBothWays(without(name, payment()), `${name} is required.`);
  });

  test.each(['invoice_token', 'applied_amount'])('lines[].%s', async (name) => {
    const line = without(name, { invoice_token: invoice, applied_amount: 1 });
    await refusedBothWays(payment({ lines: [line] }), `lines[0].${name} is required.`);
  });

  test('all that is missing is told at once', async () => {
    const all = 'external_payment_id is required. method is required. total_amount is required. currency is required.';
    await refusedBothWays({}, all);
  });

  test('all that is wrong is told at once', async () => {
    const lines = [{ invoice_token: 'nobody', applied_amount: '1' }, 5];
    const body = without('method', payment({ lines, total_amount: null, beneficiary_bank_country: 'DEU' }));
    await refusedBothWays(
      body,
      [
        'method is required.',
        'Received total_amount null; documented: a number.',
        'Received beneficiary_bank_country "DEU"; documented: at most 2 characters.',
        'Received lines[0].invoice_token "nobody"; documented: a UUID.',
        'Received lines[0].applied_amount "1"; documented: a number.',
        'Received lines[1] 5; documented: an object.',
      ].join(' '),
    );
  });
});

describe('enums', () => {
  test.each(statuses)('the status %s', async (status) => {
    expect((await acceptedBothWays(payment({ status }))).record).toMatchObject({ status });
  });

  test.each(methods)('the method %s', async (method) => {
    expect((await acceptedBothWays(payment({ method }))).record).toMatchObject({ method });
  });

  test.each(['settled', 'CANCELLED', '', ' PAID', 'toString', 'string'])('no status %j', async (status) => {
    await refusedBothWays(payment({ status }), `Received status ${cut(status)}; documented: ${statuses.join(', ')}.`);
  });

  test.each(['ach', 'CASH', 'VIRTUAL CARD', '', '__proto__'])('no method %j', async (method) => {
    await refusedBothWays(payment({ method }), `Received method ${cut(method)}; documented: ${methods.join(', ')}.`);
  });
});

describe('nullability', () => {
  const nullable = [...dateTimes, ...lengths.map(([name]) => name), 'check_stop_payment'];
  test('every nullable property of a payment may be null', async () => {
    const nulls = Object.fromEntries(nullable.map((name) => [name, null]));
    expect((await acceptedBothWays(payment(nulls))).record).toMatchObject(nulls);
  });

  const amounts = ['fx_rate_line', 'discount_amount', 'fee_amount_line'];
  test('every nullable property of a line may be null', async () => {
    const nulls = Object.fromEntries(
      [...lineLengths.map(([name]) => name), ...amounts, 'fx_at_line'].map((n) => [n, null]),
    );
    expect((await acceptedBothWays(withLine(nulls))).line).toMatchObject(nulls);
  });

  test.each([
    ['external_payment_id', 'a string'],
    ['external_source', 'a string'],
    ['status', 'a string'],
    ['method', 'a string'],
    ['total_amount', 'a number'],
    ['currency', 'a string'],
    ['lines', 'an array'],
    ['replace_lines', 'a boolean'],
  ])('%s must not be', async (name, type) => {
    await refusedBothWays(payment({ [name]: null }), `Received ${name} null; documented: ${type}.`);
  });

  test.each([
    ['invoice_token', 'a string'],
    ['applied_amount', 'a number'],
    ['applied_currency', 'a string'],
  ])('lines[].%s must not be', async (name, type) => {
    await refusedBothWays(withLine({ [name]: null }), `Received lines[0].${name} null; documented: ${type}.`);
  });
});

describe('types', () => {
  test.each([...dateTimes, ...lengths.map(([name]) => name)])('%s is a string or null', async (name) => {
    for (const [value, shown] of [
      [5, '5'],
      [true, 'true'],
      [[], 'an array'],
      [{}, 'an object'],
    ] as const) {
      await refusedBothWays(payment({ [name]: value }), `Received ${name} ${shown}; documented: a string or null.`);
    }
  });

  test.each(['yes', 0, 1, 'true', []])('check_stop_payment is not %j', async (value) => {
    const shown = Array.isArray(value) ? 'an array' : JSON.stringify(value);
    const text = `Received check_stop_payment ${shown}; documented: a boolean or null.`;
    await refusedBothWays(payment({ check_stop_payment: value }), text);
  });

  test.each(['10', true, [10], { value: 10 }])('total_amount is not %j', async (value) => {
    const shown = Array.isArray(value) ? 'an array' : typeof value === 'object' ? 'an object' : JSON.stringify(value);
    await refusedBothWays(payment({ total_amount: value }), `Received total_amount ${shown}; documented: a number.`);
  });

  test.each([{}, 'x', 0, true])('lines is not %j', async (lines) => {
    const shown = typeof lines === 'object' ? 'an object' : JSON.stringify(lines);
    await refusedBothWays(payment({ lines }), `Received lines ${shown}; documented: an array.`);
  });
});

describe('lengths', () => {
  const rows = [['external_payment_id', 1000] as const, ['external_source', 1000] as const, ...lengths];
  test.each(rows)('%s: %i characters', async (name, most) => {
    const longest = '😀'.repeat(most);
    expect((await acceptedBothWays(payment({ [name]: longest }))).record).toMatchObject({ [name]: longest });
    const beyond = 'x'.repeat(most + 1);
    const text = `Received ${name} ${cut(beyond)}; documented: at most ${most} characters.`;
    await refusedBothWays(payment({ [name]: beyond }), text);
  });

  test.each([['applied_currency', 1000] as const, ...lineLengths])('lines[].%s: %i characters', async (name, most) => {
    const longest = 'X'.repeat(most);
    expect((await acceptedBothWays(withLine({ [name]: longest }))).line).toMatchObject({ [name]: longest });
    const text = `Received lines[0].${name} ${cut(`${longest}X`)}; documented: at most ${most} characters.`;
    await refusedBothWays(withLine({ [name]: `${longest}X` }), text);
  });

  test.each(['beneficiary_bank_country', 'payer_bank_country'])('%s has no less than 2', async (name) => {
    for (const country of ['', 'U']) {
      const text = `Received ${name} ${cut(country)}; documented: at least 2 characters.`;
      await refusedBothWays(payment({ [name]: country }), text);
    }
  });

  test('a long text is not cut within a character', async () => {
    const text = `Received beneficiary_swift_bic "${'😀'.repeat(77)}…"; documented: at most 11 characters.`;
    await refusedBothWays(payment({ beneficiary_swift_bic: '😀'.repeat(81) }), text);
  });

  test('1000 lines, and no more', async () => {
    const line = { invoice_token: invoice, applied_amount: 1 };
    const client = await open('nuntiq');
    expect((await client.post('/payments', payment({ lines: Array(1000).fill(line) }))).status).toBe(200);
    expect(await client.state('applications?offset=1000')).toHaveLength(4);
    await refusedBothWays(
      payment({ lines: Array(1001).fill(line) }),
      'Received lines an array; documented: at most 1000 elements.',
    );
  });

  test('1000 entries, and no more', async () => {
    const client = await open('nuntiq');
    const entries = Array.from({ length: 1001 }, (_, index) => payment({ external_payment_id: `P-${index}` }));
    const beyond = await client.post('/payments', entries);
    const message = 'Received an array; documented: at most 1000 elements.';
    expect([beyond.status, beyond.body]).toEqual([400, { message }]);
    expect(await client.state('payments')).toHaveLength(4);
    const most = await client.post('/payments', entries.slice(1));
    expect([most.status, most.body.results.length]).toEqual([200, 1000]);
    expect(await client.state('payments?offset=1000')).toHaveLength(4);
  });
});

describe('formats', () => {
  test.each(dateTimes)('%s', async (name) => {
    const text = '2026-12-31T23:59:59.9Z';
    expect((await acceptedBothWays(payment({ [name]: text }))).record).toMatchObject({ [name]: text });
    for (const wrong of ['2026-02-30T00:00:00Z', '2026-01-01 00:00:00', '1767225600']) {
      await refusedBothWays(payment({ [name]: wrong }), `Received ${name} ${cut(wrong)}; documented: ${dateTime}.`);
    }
  });

  test('lines[].fx_at_line', async () => {
    const text = `Received lines[0].fx_at_line "today"; documented: ${dateTime}.`;
    await refusedBothWays(withLine({ fx_at_line: 'today' }), text);
  });

  const uuid = 'a UUID';
  const short = 'at most 36 characters';
  test.each([
    ['', [uuid]],
    ['x', [uuid]],
    [invoice.slice(1), [uuid]],
    [invoice.replaceAll('-', ''), [uuid]],
    [`{${invoice}}`, [short, uuid]],
    [`urn:uuid:${invoice}`, [short]],
  ])('no token %j', async (token, documented) => {
    const texts = documented.map((each) => `Received lines[0].invoice_token "${token}"; documented: ${each}.`);
    await refusedBothWays(withLine({ invoice_token: token }), texts.join(' '));
  });
});

describe("the vendor's own request", () => {
  const file = new URL('../../specs/nuntiq/samples/upsertPayments.request.json', import.meta.url);
  const sample: Fields = JSON.parse(readFileSync(file, 'utf8'));

  test('its fillers break its own rules', async () => {
    await refusedBothWays(
      sample,
      [
        'Received currency "string"; documented: 3 letters, such as USD.',
        'Received beneficiary_bank_country "string"; documented: at most 2 characters.',
        'Received payer_bank_country "string"; documented: at most 2 characters.',
      ].join(' '),
    );
  });

  test('with values in their place it is stored, every property of it', async () => {
    const mended = { ...sample, currency: 'USD', beneficiary_bank_country: 'DE', payer_bank_country: 'US' };
    const { record, line } = await acceptedBothWays(mended);
    const { lines, replace_lines: _, ...rest }: Fields = mended;
    expect(record).toEqual({ payment_id: 1005, ...rest });
    expect(Object.keys(record)).toEqual(['payment_id', ...Object.keys(rest)]);
    const currencies = { applied_currency: 'STRING', discount_currency: 'STRING', fee_currency_line: 'STRING' };
    expect(line).toEqual({ id: 6, payment_id: 1005, ...documentedLine(lines), ...currencies });
  });
});

/** The one line of the vendor's request. */
function documentedLine(lines: unknown): object {
  const [line] = Array.isArray(lines) ? lines : [];
  return { ...line };
}

/** The amounts of the last payment and the last line as the state shows them, number text kept. */
async function amountsOf(client: Client): Promise<string[]> {
  const pick = async (collection: string, ...names: string[]) => {
    const url = `${baseUrl()}/_sandbox/workspaces/${client.workspace}/state/nuntiq/${collection}`;
    const body = exact(await request(url));
    const records = isObject(body) && isArray(body.records) ? body.records : [];
    const last = records.at(-1);
    return names.map((name) => {
      const value = isObject(last) ? last[name] : undefined;
      if (
        typeof value === 'string' ||
        isObject(value) ||
        isArray(value) ||
        value == null ||
        typeof value === 'boolean'
      ) {
        throw new Error(`${name} is no number.`);
      }
      return numberText(value);
    });
  };
  const line = await pick('applications', 'applied_amount', 'fx_rate_line', 'discount_amount', 'fee_amount_line');
  return [...(await pick('payments', 'total_amount')), ...line];
}

describe('numbers', () => {
  const text = (amount: string) =>
    `{"external_payment_id":"P-1","method":"ACH","currency":"USD","total_amount":${amount},"lines":[{"invoice_token":` +
    `"${invoice}","applied_amount":${amount},"fx_rate_line":${amount},"discount_amount":${amount},"fee_amount_line":${amount}}]}`;

  test.each([
    '125.50',
    '0',
    '0.0',
    '-0',
    '-125.50',
    '8.0',
    '0.10',
    '12345678901234567890',
    '12345678901234567890.12',
    '0.00000001',
    '1e3',
    '1E+2',
    '9'.repeat(64),
    '1e64',
    '1e-64',
  ])('%s is kept as it was written', async (amount) => {
    for (const body of [text(amount), `[${text(amount)}]`]) {
      const client = await open('nuntiq');
      const answer = await client.send('POST', '/payments', { text: body });
      expect(answer.status, answer.text).toBe(200);
      expect(await amountsOf(client)).toEqual(Array(5).fill(amount));
    }
  });

  test.each(['1e400', '-1e400', '1e999999999', '1e-999999999', '1e65', '9'.repeat(65)])(
    '%s is refused',
    async (amount) => {
      const names = ['applied_amount', 'fx_rate_line', 'discount_amount', 'fee_amount_line'].map(
        (name) => `lines[0].${name}`,
      );
      const documented = 'a number of at most 64 characters and an exponent of at most 64';
      const message = ['total_amount', ...names].map(
        (name) => `Received ${name} ${amount}; documented: ${documented}.`,
      );
      const client = await open('nuntiq');
      const before = await everything(client);
      const alone = await client.send('POST', '/payments', { text: text(amount) });
      expect([alone.status, alone.body]).toEqual([400, { message: message.join(' ') }]);
      const entry = await client.send('POST', '/payments', { text: `[${text(amount)}]` });
      expect([entry.status, entry.body.results[0].error]).toEqual([207, message.join(' ')]);
      expect(await everything(client)).toEqual(before);
    },
  );

  test('nothing is demanded of sums, signs and currencies', async () => {
    const line = { invoice_token: invoice, applied_amount: 99, applied_currency: 'JPY' };
    const body = payment({ total_amount: -0.3, lines: [line, { ...line, applied_amount: -0.1 }] });
    expect((await acceptedBothWays(body)).record).toMatchObject({ total_amount: -0.3, currency: 'USD' });
  });
});

describe('input that means harm', () => {
  test.each(['\u0000', 'a\u0000b', '😀', '\ud800', '‮', '"; DROP TABLE payments; --', '{{7*7}}', '../../etc/passwd'])(
    'the text %j is text',
    async (value) => {
      const kept = { external_payment_id: value, beneficiary_name: value, remittance_memo: value };
      expect((await acceptedBothWays(payment(kept))).record).toMatchObject(kept);
    },
  );

  test('names of the prototype are names like any other', async () => {
    const client = await open('nuntiq');
    const own = '"__proto__":{"status":"PAID","polluted":true},"constructor":{"prototype":{}},"toString":1,"lines":[]';
    const fields = JSON.stringify(payment()).slice(0, -1);
    const answer = await client.send('POST', '/payments', { text: `${fields},${own}}` });
    expect(answer.status, answer.text).toBe(200);
    expect((await client.state('payments')).at(-1)).toMatchObject({ payment_id: 1005, status: 'INITIATED' });
    expect(Object.keys((await client.state('payments')).at(-1))).toHaveLength(35);
    expect('polluted' in {}).toBe(false);
    const lent = await client.send('POST', '/payments', { text: `{"__proto__":${JSON.stringify(payment())}}` });
    expect([lent.status, lent.body.message]).toEqual([
      400,
      'external_payment_id is required. method is required. total_amount is required. currency is required.',
    ]);
  });

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('%s is an id like any other', async (id) => {
    const client = await open('nuntiq');
    const body = { external_payment_id: id, external_source: id };
    expect((await client.post('/payments', payment(body))).body).toEqual({ payment_id: 1005 });
    expect((await client.post('/payments', payment(body))).body).toEqual({ payment_id: 1005 });
    expect((await client.state('payments')).at(-1)).toMatchObject(body);
  });

  test('the last of a repeated name counts', async () => {
    const client = await open('nuntiq');
    const fields = JSON.stringify(payment()).slice(0, -1);
    const answer = await client.send('POST', '/payments', {
      text: `${fields},"total_amount":1.10,"total_amount":2.20}`,
    });
    expect(answer.status).toBe(200);
    expect((await client.state('payments')).at(-1)).toMatchObject({ total_amount: 2.2 });
  });

  test('of a thousand mistakes, a hundred are told', async () => {
    const client = await open('nuntiq');
    const answer = await client.post('/payments', payment({ lines: Array(1000).fill({}) }));
    expect(answer.status).toBe(400);
    expect(answer.body.message.match(/ is required\./g)).toHaveLength(100);
    expect(answer.body.message).toMatch(/And \d+ more\.$/);
  });
});
