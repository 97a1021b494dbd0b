/**
 * How Nuntiq refuses what is no payment at all: credentials, paths, methods, media types, JSON. Always `{message}`, never a
 * 422, never a 5xx, and nothing is changed.
 */
import { describe, expect, test } from 'vitest';
import { loadDocument } from '../../src/document.js';
import { stringify } from '../../src/json.js';
import { type Answer, baseUrl, type Client, open, request, type SendOptions, useSandbox } from '../harness.js';

useSandbox();

const body = { external_payment_id: 'P-1', method: 'ACH', total_amount: 10, currency: 'USD' };

async function everything(client: Client): Promise<unknown> {
  return Promise.all(['invoices', 'payments', 'applications'].map((name) => client.state(name)));
}

/** Sends what must be refused with exactly this message, as JSON, and change nothing. */
async function refused(
  method: string,
  path: string,
  options: SendOptions,
  status: number,
  message: string,
): Promise<Answer> {
  const client = await open('nuntiq');
  const before = await everything(client);
  const answer = await client.send(method, path, options);
  expect([answer.status, answer.body]).toEqual([status, { message }]);
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(await everything(client)).toEqual(before);
  return answer;
}

/** The same when the message holds a name that the client chose, such as the workspace's. */
async function refusedWith(method: string, path: string, options: SendOptions, status: number): Promise<Answer> {
  const client = await open('nuntiq');
  const before = await everything(client);
  const answer = await client.send(method, path, options);
  expect(answer.status, answer.text).toBe(status);
  expect(Object.keys(answer.body)).toEqual(['message']);
  expect(await everything(client)).toEqual(before);
  return answer;
}

describe('the examples of the document', () => {
  const document = loadDocument('nuntiq');
  const [media] = document.operations[0]?.requestBody?.content.values() ?? [];

  test.each([
    ['single', '{"payment_id":1005}'],
    [
      'array',
      '{"results":[{"index":0,"external_payment_id":"CHK-5520","ok":true,"payment_id":1005},' +
        '{"index":1,"external_payment_id":"TRF-88","ok":true,"payment_id":1003}]}',
    ],
  ])('%s works as it stands', async (name, text) => {
    const client = await open('nuntiq');
    const example = stringify(media?.examples.get(name)?.value ?? null);
    const answer = await client.send('POST', '/payments', { text: example });
    expect([answer.status, answer.text]).toEqual([200, text]);
  });
});

describe('credentials', () => {
  test.each([
    ['missing', undefined],
    ['empty', ''],
    ['wrong', 'nuntiq-sandbox-kez'],
    ['in another letter case', 'NUNTIQ-SANDBOX-KEY'],
    ['in the form of a bearer token', 'Bearer nuntiq-sandbox-key'],
    ['longer', 'nuntiq-sandbox-key-2'],
    ['that of another api', 'upwell-sandbox-key'],
  ])('a key that is %s', async (_, key) => {
    const options = { body, headers: { 'x-api-key': key } };
    const answer = await refused('POST', '/payments', options, 401, 'Invalid API Key');
    expect(answer.headers.get('www-authenticate')).toBeNull();
  });

  test('a key in another header', async () => {
    const headers = { 'x-api-key': undefined, authorization: 'nuntiq-sandbox-key' };
    await refused('POST', '/payments', { body, headers }, 401, 'Invalid API Key');
  });

  test('are looked at before the body', async () => {
    await refused('POST', '/payments', { text: '{', headers: { 'x-api-key': 'x' } }, 401, 'Invalid API Key');
  });

  test('an expired key is refused as documented, on demand', async () => {
    const client = await open('nuntiq');
    const headers = { prefer: 'code=401, example=keyExpired' };
    const answer = await client.post('/payments', body, { headers });
    expect(answer.status).toBe(401);
    expect(Object.keys(answer.body)).toEqual(['error', 'message', 'regenerate_url']);
    expect(answer.body.error).toBe('key_expired');
    const forbidden = await client.post('/payments', body, { headers: { prefer: 'code=403' } });
    expect([forbidden.status, forbidden.body]).toEqual([403, { message: 'Forbidden' }]);
    expect(await client.state('payments')).toHaveLength(4);
  });
});

describe('paths and methods', () => {
  test.each(['/payments', '/api/v1/payments'])('%s is the operation', async (path) => {
    const client = await open('nuntiq');
    expect((await client.post(path, body)).text).toBe('{"payment_id":1005}');
  });

  test.each([
    '/payment',
    '/payments/1001',
    '/',
    '',
    '/Payments',
    '/api/v2/payments',
    '/v1/payments',
    '/%00',
    '/__proto__',
  ])('%j is none', async (path) => {
    const answer = await refusedWith('POST', path, { body }, 404);
    expect(answer.body.message).toMatch(/^nuntiq documents no path /);
  });

  test.each(['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('no %s', async (method) => {
    const options = method === 'GET' ? {} : { body };
    const answer = await refusedWith(method, '/payments', options, 405);
    expect(answer.headers.get('allow')).toBe('POST');
    expect(answer.body.message).toMatch(new RegExp(`^Received ${method} .*/payments; documented: POST\\.$`));
  });
});

describe('media types', () => {
  test.each(['text/plain', 'text/json', 'application/xml', 'application/x-www-form-urlencoded', 'multipart/form-data'])(
    'no body of %s',
    async (type) => {
      const options = { body, headers: { 'content-type': type } };
      const answer = await refusedWith('POST', '/payments', options, 415);
      expect(answer.body.message).toContain('application/json');
    },
  );

  test.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON'])(
    'a body of %s',
    async (type) => {
      const client = await open('nuntiq');
      expect((await client.post('/payments', body, { headers: { 'content-type': type } })).status).toBe(200);
    },
  );

  test.each(['text/xml', 'text/json', 'application/json;q=0'])('no answer in %s', async (accept) => {
    await refusedWith('POST', '/payments', { body, headers: { accept } }, 406);
  });

  test.each(['*/*', 'application/*', 'text/xml, application/json;q=0.1'])('an answer in %s', async (accept) => {
    const client = await open('nuntiq');
    const answer = await client.post('/payments', body, { headers: { accept } });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
  });
});

describe('bodies', () => {
  test.each([
    '{',
    '[{]',
    '{"a":1,}',
    "{'a':1}",
    'nul',
    '{"total_amount":01}',
    '{"total_amount":NaN}',
    '\u0000',
    '{} {}',
    ' ',
  ])('malformed: %j', async (text) => {
    const answer = await refusedWith('POST', '/payments', { text }, 400);
    expect(answer.body.message).toMatch(/^The body is no JSON: /);
  });

  test('not UTF-8', async () => {
    const text = Uint8Array.from([0x22, 0xff, 0xfe, 0x22]);
    await refused('POST', '/payments', { text }, 400, 'The body is no JSON: it is not UTF-8');
  });

  test('empty', async () => {
    const message = 'The body is empty; upsertPayments documents a application/json body.';
    await refused('POST', '/payments', { text: '' }, 400, message);
    await refused('POST', '/payments', {}, 400, message);
  });

  test.each([
    ['null', 'null'],
    ['true', 'true'],
    ['0', '0'],
    ['-1.50', '-1.50'],
    ['1e999999999', '1e999999999'],
    ['"[]"', '"[]"'],
    ['""', '""'],
  ])('neither an object nor an array: %s', async (text, shown) => {
    await refused('POST', '/payments', { text }, 400, `Received ${shown}; documented: an object or an array.`);
  });

  test('longer than a megabyte', async () => {
    const text = JSON.stringify({ ...body, remittance_memo: 'x'.repeat(1_048_576) });
    await refused('POST', '/payments', { text }, 413, 'The body is longer than 1048576 bytes.');
  });

  test.each([
    ['arrays', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['objects', `${'{"lines":'.repeat(1000)}1${'}'.repeat(1000)}`],
  ])('%s nested too deep', async (_, text) => {
    const answer = await refusedWith('POST', '/payments', { text }, 413);
    expect(answer.body.message).toContain('nested deeper than 64 levels');
  });

  test('an array of more than ten thousand', async () => {
    const answer = await refusedWith('POST', '/payments', { text: JSON.stringify(Array(10_001).fill(1)) }, 413);
    expect(answer.body.message).toContain('10000');
  });

  test('arrays in place of objects, and the reverse', async () => {
    const client = await open('nuntiq');
    const before = await everything(client);
    const nested: readonly (readonly [unknown, number])[] = [
      [[[]], 207],
      [[[body]], 207],
      [{ 0: body }, 400],
      [{ ...body, lines: {} }, 400],
      [{ ...body, lines: [[]] }, 400],
      [{ ...body, lines: [null] }, 400],
      [{ ...body, total_amount: [10] }, 400],
      [{ ...body, external_payment_id: { id: 'P-1' } }, 400],
    ];
    for (const [each, status] of nested) {
      expect((await client.post('/payments', each)).status).toBe(status);
      const within = await client.post('/payments', [each]);
      expect([within.status, within.body.results[0].ok]).toEqual([207, false]);
    }
    expect(await everything(client)).toEqual(before);
  });
});

describe('statuses', () => {
  test('there is no 422', () => {
    const document = loadDocument('nuntiq');
    for (const { responses } of document.operations) expect([...responses.keys()]).not.toContain('422');
    expect([...document.refusals.keys()]).not.toContain('422');
  });

  test('a workspace that is not there is a 404', async () => {
    const answer = await request(`${baseUrl()}/~nobody/nuntiq/payments`, { method: 'POST', body: '{}' });
    expect(answer.status).toBe(404);
    expect(Object.keys(answer.body)).toEqual(['message']);
  });
});
