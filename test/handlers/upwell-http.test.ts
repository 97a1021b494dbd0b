/**
 * Upwell over HTTP: credentials, negotiation, refusals of every kind in Hasura's form, number text, hostile bodies.
 */
import { describe, expect, test } from 'vitest';
import { baseUrl, type Client, open, request, type SendOptions, useSandbox } from '../harness.js';

const path = '/api/rest/bulk-customer-payments';
const objects = '$.selectionSet.createCustomerPayments.args.objects';
const good = { inputs: [{ id: 'good' }] };
const goodText = JSON.stringify(good);

useSandbox();

async function isEmpty(client: Client): Promise<void> {
  expect(await client.state('payments')).toEqual([]);
  expect(await client.state('paymentLineItems')).toEqual([]);
}

const unauthorized = { path: '$', error: 'Authentication hook unauthorized this request', code: 'access-denied' };

describe('credentials', () => {
  test.each([
    ['none', undefined],
    ['empty', ''],
    ['a wrong key', 'upwell-sandbox-key2'],
    ['the key in another case', 'Upwell-Sandbox-Key'],
    ['the key after Bearer', 'Bearer upwell-sandbox-key'],
    ['a part of the key', 'upwell'],
  ])('%s is a 401', async (_, authorization) => {
    const client = await open('upwell', 'empty');
    const answer = await client.post(path, good, { headers: { authorization } });
    expect([answer.status, answer.body]).toEqual([401, unauthorized]);
    expect(answer.headers.get('www-authenticate')).toBeNull();
    await isEmpty(client);
  });

  test('a body that is wrong is not looked at without a key', async () => {
    const client = await open('upwell', 'empty');
    const answer = await client.send('POST', path, { text: '{', headers: { authorization: undefined } });
    expect(answer.body).toEqual(unauthorized);
  });

  test('the key is accepted whatever the case of the header', async () => {
    const client = await open('upwell', 'empty');
    const headers = { Authorization: 'upwell-sandbox-key' };
    expect((await client.post(path, good, { headers })).status).toBe(200);
  });
});

describe('paths and methods', () => {
  test.each([
    '/',
    '/api',
    '/api/rest',
    `${path}/`,
    `${path}/1`,
    '/API/REST/bulk-customer-payments',
    `/api/rest${path}`,
  ])('%s is a 404', async (unknown) => {
    const client = await open('upwell', 'empty');
    const answer = await client.post(unknown, good);
    expect([answer.status, answer.body]).toEqual([404, { path: '$', error: 'Endpoint not found', code: 'not-found' }]);
    await isEmpty(client);
  });

  test.each(['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('%s is a 405', async (method) => {
    const client = await open('upwell', 'empty');
    const answer = await client.send(method, path, method === 'GET' ? {} : { body: good });
    expect([answer.status, answer.body]).toEqual([
      405,
      { path: '$', error: 'Allowed methods: POST', code: 'method-not-allowed' },
    ]);
    expect(answer.headers.get('allow')).toBe('POST');
    await isEmpty(client);
  });

  test('HEAD is a 405 without a body', async () => {
    const answer = await (await open('upwell', 'empty')).send('HEAD', path);
    expect([answer.status, answer.text, answer.headers.get('allow')]).toEqual([405, '', 'POST']);
  });

  test('a workspace that nobody made is a 404', async () => {
    const answer = await request(`${baseUrl()}/~nobody-made-this/upwell${path}`, { method: 'POST', body: goodText });
    expect(answer.status).toBe(404);
    expect(answer.body).toMatchObject({ path: '$', code: 'not-found' });
    expect(answer.body.error).toContain('nobody-made-this');
  });
});

describe('media types', () => {
  const taken: readonly (readonly [string, SendOptions['headers']])[] = [
    ['application/json', {}],
    ['a charset', { 'content-type': 'application/json; charset=utf-8' }],
    ['capitals', { 'content-type': 'Application/JSON; Charset="UTF-8"' }],
    ['any answer', { accept: '*/*' }],
    ['any application', { accept: 'text/html, application/*;q=0.1' }],
  ];
  test.each(taken)('%s is taken', async (_, headers = {}) => {
    const answer = await (await open('upwell', 'empty')).post(path, good, { headers });
    expect(answer.status, answer.text).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json\b/);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'text/json', 'application/json; charset=latin1'])(
    'a body of %s is a 415',
    async (contentType) => {
      const client = await open('upwell', 'empty');
      const answer = await client.post(path, good, { headers: { 'content-type': contentType } });
      expect(answer.status).toBe(415);
      expect(answer.body).toEqual({ path: '$', error: expect.stringContaining('Received'), code: 'invalid-headers' });
      await isEmpty(client);
    },
  );

  test('a compressed body is a 415', async () => {
    const client = await open('upwell', 'empty');
    const answer = await client.post(path, good, { headers: { 'content-encoding': 'gzip' } });
    expect([answer.status, answer.body.code]).toEqual([415, 'invalid-headers']);
    await isEmpty(client);
  });

  test.each(['text/xml', 'application/json;q=0', 'image/*'])('an answer in %s is a 406', async (accept) => {
    const client = await open('upwell', 'empty');
    const answer = await client.post(path, good, { headers: { accept } });
    expect([answer.status, answer.body]).toEqual([
      406,
      { path: '$', error: `Received Accept ${accept}; documented: application/json.`, code: 'invalid-headers' },
    ]);
    await isEmpty(client);
  });
});

describe('bodies that cannot be read', () => {
  const malformed: readonly (readonly [string, string | Uint8Array])[] = [
    ['cut short', goodText.slice(0, -1)],
    ['a trailing comma', '{"inputs":[],}'],
    ['single quotes', "{'inputs':[]}"],
    ['no JSON', 'inputs=[]'],
    ['NaN', '{"inputs":[{"totalAmount":NaN}]}'],
    ['a leading zero', '{"inputs":[{"totalAmount":01}]}'],
    ['a null byte', '{"inputs":[]}\u0000'],
    ['no UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
    ['white space alone', ' \n '],
  ];
  test.each(malformed)('%s is a 400', async (_, text) => {
    const client = await open('upwell', 'empty');
    const answer = await client.send('POST', path, { text });
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({ path: '$', error: expect.stringMatching(/^Error in \$: ./), code: 'invalid-json' });
    await isEmpty(client);
  });

  test.each(['application/json', undefined])('no body at all lacks inputs (Content-Type %s)', async (contentType) => {
    const answer = await (await open('upwell')).send('POST', path, { headers: { 'content-type': contentType } });
    const error = 'expecting a value for non-nullable variable: "inputs"';
    expect([answer.status, answer.body]).toEqual([400, { path: '$', error, code: 'validation-failed' }]);
  });

  const tooLarge: readonly (readonly [string, string])[] = [
    ['two megabytes', `{"inputs":[{"sourceSystemMeta":"${'x'.repeat(2_000_000)}"}]}`],
    ['objects in objects', `{"inputs":[{"sourceSystemMeta":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}]}`],
    ['lists in lists', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['a list of twenty thousand', `{"inputs":[${Array(20_000).fill('{}')}]}`],
  ];
  test.each(tooLarge)('%s are a 413', async (_, text) => {
    const client = await open('upwell', 'empty');
    const answer = await client.send('POST', path, { text });
    expect([answer.status, answer.body.path, answer.body.code]).toEqual([413, '$', 'bad-request']);
    expect(Object.keys(answer.body)).toEqual(['path', 'error', 'code']);
    await isEmpty(client);
  });
});

describe('on request', () => {
  test('an example that is none is a 404 in the same form', async () => {
    const client = await open('upwell', 'empty');
    const answer = await client.post(path, good, { headers: { prefer: 'example=nonsense' } });
    expect([answer.status, answer.body.path, answer.body.code]).toEqual([404, '$', 'not-found']);
    expect(answer.body.error).toContain('nonsense');
    await isEmpty(client);
  });

  test.each(['400', '401', '406', '413', '415', '500'])('code=%s shows a refusal and stores nothing', async (code) => {
    const client = await open('upwell', 'empty');
    const answer = await client.post(path, good, { headers: { prefer: `code=${code}` } });
    expect(String(answer.status)).toBe(code);
    expect(Object.keys(answer.body).slice(0, 3)).toEqual(['path', 'error', 'code']);
    await isEmpty(client);
  });
});

test('a request that is sent twice is carried out twice, where it names no id', async () => {
  const client = await open('upwell', 'empty');
  const row = { sourceSystem: 'quickbooks', sourceSystemId: 'qb-1' };
  for (const _ of [1, 2]) expect((await client.post(path, { inputs: [row] })).status).toBe(200);
  const kept = await client.state('payments');
  expect(kept.map(({ sourceSystemId }) => sourceSystemId)).toEqual(['qb-1', 'qb-1']);
  expect(kept[0].id).not.toBe(kept[1].id);
});

test('the first request of the README, as it stands', async () => {
  const client = await open('upwell');
  const line = { customerId: 'harbor-foods', invoiceId: 'INV-2041', status: 'posted', totalAmount: 1250 };
  const answer = await client.post(path, {
    inputs: [{ checkDate: '2026-03-05', currency: 'USD', paymentLineItems: { data: [line] }, totalAmount: 1250 }],
  });
  expect(answer.status, answer.text).toBe(200);
  const [row] = answer.body.createCustomerPayments.returning;
  expect(row).toMatchObject({ checkDate: '2026-03-05', currency: 'USD', totalAmount: 1250, checkOrAchNumber: null });
  expect(row.paymentLineItems).toEqual([
    {
      ...line,
      createdAt: row.createdAt,
      id: expect.any(String),
      sourceSystem: null,
      sourceSystemId: null,
      updatedAt: row.updatedAt,
    },
  ]);
  expect(await client.state('payments')).toHaveLength(5);
});

describe('hostile bodies are answered, never by a 5xx', () => {
  const wide = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`x${index}`, index]));
  const hostile: readonly (readonly [string, string])[] = [
    ['thousands of unknown columns', JSON.stringify({ inputs: [wide] })],
    ['thousands of unknown variables', JSON.stringify({ ...wide, inputs: [] })],
    ['names of Object.prototype', '{"inputs":[{"constructor":1,"toString":2,"hasOwnProperty":3,"valueOf":null}]}'],
    ['a prototype', '{"inputs":[{"__proto__":{"tenantId":"x"},"id":"a"}]}'],
    ['lone surrogates', '{"inputs":[{"id":"\\ud800","sourceSystem":"\\udfff"}]}'],
    ['a name of a lone surrogate', '{"inputs":[{"\\ud800":1}]}'],
    ['exponents beyond any double', '{"inputs":[{"totalAmount":1e999999999,"sourceSystemMeta":1e999999999}]}'],
    ['a number of thousands of digits', `{"inputs":[{"totalAmount":${'9'.repeat(5000)}}]}`],
    ['numbers as ids', '{"inputs":[{"id":8.0},{"id":12345678901234567890}]}'],
    [
      'number text as a list and as an object',
      '{"inputs":[{"paymentLineItems":8.0},{"paymentLineItems":{"data":1.50}}]}',
    ],
    ['duplicate keys', '{"inputs":[{"id":1}],"inputs":[{"id":"last","id":2}]}'],
    ['quotes in an unknown name', '{"inputs":[{"\'; drop table payments; --":1}]}'],
    ['ids of Object.prototype', '{"inputs":[{"id":"__proto__"},{"id":"constructor"},{"id":"__proto__"}]}'],
  ];
  test.each(hostile)('%s', async (_, text) => {
    const client = await open('upwell', 'empty');
    const answer = await client.send('POST', path, { text });
    expect([200, 400]).toContain(answer.status);
    expect(answer.text).not.toContain('isLosslessNumber');
    if (answer.status === 400) await isEmpty(client);
  });

  test('ids of Object.prototype are ids like any other', async () => {
    const client = await open('upwell', 'empty');
    const ids = ['__proto__', 'constructor', 'toString'];
    const answer = await client.post(path, { inputs: ids.map((id) => ({ id, paymentLineItems: { data: [{ id }] } })) });
    const returned: { id: string; paymentLineItems: { id: string }[] }[] = answer.body.createCustomerPayments.returning;
    expect(returned.map(({ id, paymentLineItems }) => [id, ...paymentLineItems.map((line) => line.id)])).toEqual(
      ids.map((id) => [id, id]),
    );
  });
});

test('number text survives storing and a second reading', async () => {
  const client = await open('upwell', 'empty');
  const amounts = ['125.50', '8.0', '12345678901234567890', '0.10', '0.30', '-0.00'];
  const data = amounts.map((amount) => `{"totalAmount":${amount}}`);
  const text = `{"inputs":[{"id":"p","totalAmount":0.30,"paymentLineItems":{"data":[${data}]}}]}`;
  const answer = await client.send('POST', path, { text });
  expect(answer.status, answer.text).toBe(200);
  expect([...answer.text.matchAll(/"totalAmount":([^,}]+)/g)].map(([, amount]) => amount)).toEqual([
    ...amounts,
    '0.30',
  ]);
  const kept = await request(`${baseUrl()}/_sandbox/workspaces/${client.workspace}/state/upwell/paymentLineItems`);
  expect([...kept.text.matchAll(/"totalAmount":\s*([^,}\s]+)/g)].map(([, amount]) => amount)).toEqual(amounts);
});

test('the same requests to two workspaces get the same ids, and no id twice', async () => {
  const ids = async () => {
    const client = await open('upwell', 'empty');
    const all: string[] = [];
    for (let turn = 0; turn < 3; turn++) {
      const { body } = await client.post(path, { inputs: [{}, {}] });
      all.push(...body.createCustomerPayments.returning.map(({ id }: { id: string }) => id));
    }
    return all;
  };
  const [first, second] = [await ids(), await ids()];
  expect(first).toEqual(second);
  expect(new Set(first).size).toBe(6);
});

test('a made id gives way to one that the same request sends itself', async () => {
  // The same scenario gives the same ids, so the first id of another workspace is known.
  const other = await open('upwell', 'empty');
  const { body } = await other.post(path, { inputs: [{}] });
  const [{ id }] = body.createCustomerPayments.returning;
  const client = await open('upwell', 'empty');
  const answer = await client.post(path, { inputs: [{}, { id }] });
  expect(answer.status, answer.text).toBe(200);
  const returned: { id: string }[] = answer.body.createCustomerPayments.returning;
  expect(returned[1]?.id).toBe(id);
  expect(returned[0]?.id).not.toBe(id);
});

test('a path into a nested row leads through both lists', async () => {
  const client = await open('upwell', 'empty');
  const answer = await client.post(path, { inputs: [{}, { paymentLineItems: { data: [{}, {}, { note: 'x' }] } }] });
  expect(answer.body.path).toBe(`${objects}[1].paymentLineItems.data[2].note`);
});
