/**
 * The journal: what it tells of each request, what it hides, and what it can be asked.
 */
import { describe, expect, test } from 'vitest';
import { startSandbox } from '../src/sandbox.js';
import { control } from './control-client.js';
import { type Answer, baseUrl, type Client, open, request, useSandbox } from './harness.js';

useSandbox();

type Fields = Record<string, unknown>;

/** One request to a workspace's journal. */
function journal(client: Client, method: string, path = '', body?: unknown): Promise<Answer> {
  return control(method, `/workspaces/${client.workspace}/journal${path}`, body);
}

/** The newest entry. */
async function newest(client: Client) {
  return (await journal(client, 'GET', '?limit=1')).body.entries[0];
}

const invoice = '6f1c2a5e-9d47-4b0e-8a63-2f5d7c1e4b01';

/** A payment that Nuntiq takes. */
function payment(changes: Fields = {}): Fields {
  return { external_payment_id: 'P-1', method: 'ACH', total_amount: 10, currency: 'USD', ...changes };
}

/** A Nuntiq client whose workspace had these payments, one request each. */
async function paid(...payments: Fields[]): Promise<Client> {
  const client = await open('nuntiq');
  for (const each of payments) expect((await client.post('/payments', each)).status).toBe(200);
  return client;
}

describe('an entry', () => {
  test('tells request, answer and what was created', async () => {
    const client = await paid(payment({ lines: [{ invoice_token: invoice, applied_amount: 1 }] }));
    const entry = await newest(client);
    expect(entry).toMatchObject({
      number: 1,
      workspace: client.workspace,
      api: 'nuntiq',
      operationId: 'upsertPayments',
      request: { method: 'POST', path: '/payments', query: {}, body: { external_payment_id: 'P-1' } },
      response: { status: 200, body: { payment_id: 1005 } },
      problems: [],
      violations: [],
      changed: [],
      deleted: [],
      unread: [],
    });
    expect(entry.created).toEqual([
      { collection: 'payments', key: 1005 },
      { collection: 'applications', key: expect.anything() },
    ]);
    expect(entry.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(entry.milliseconds).toBeGreaterThanOrEqual(0);
    expect(entry).not.toHaveProperty('fault');
  });

  test('tells what was changed, and what was deleted', async () => {
    const client = await open('logisense');
    const [{ identity }] = await client.state('payments');
    expect((await client.send('PATCH', `/Payment/${identity}`, { body: { detail: 'x' } })).status).toBe(200);
    expect(await newest(client)).toMatchObject({
      operationId: expect.any(String),
      created: [],
      changed: [{ collection: 'payments', key: identity }],
      deleted: [],
    });
    const removed = await client.send('DELETE', `/Payment/${identity}`);
    expect(removed.status).toBe(200);
    expect((await newest(client)).deleted).toContainEqual({ collection: 'payments', key: identity });
  });

  test('of a read has nothing that it created', async () => {
    const client = await open('logisense');
    await client.get('/Payment/');
    expect(await newest(client)).toMatchObject({ created: [], changed: [], deleted: [], request: { method: 'GET' } });
    expect((await newest(client)).request).not.toHaveProperty('body');
  });

  test('of a refusal tells every problem, and that nothing was written', async () => {
    const client = await open('nuntiq');
    expect((await client.post('/payments', payment({ total_amount: 'ten', method: 7 }))).status).toBe(400);
    const entry = await newest(client);
    expect(entry).toMatchObject({ operationId: 'upsertPayments', created: [], response: { status: 400 } });
    expect(entry.problems.map(({ kind }: Fields) => kind)).toContain('invalid-request');
    expect(entry.problems.map(({ pointer }: Fields) => pointer)).toEqual(
      expect.arrayContaining(['/total_amount', '/method']),
    );
  });

  test('of a path that leads nowhere has no operation', async () => {
    const client = await open('nuntiq');
    await client.get('/nothing');
    const entry = await newest(client);
    expect(entry).not.toHaveProperty('operationId');
    expect(entry).toMatchObject({ response: { status: 404 }, problems: [{ kind: 'unknown-path' }] });
  });

  test('of a body that is no JSON shows its text', async () => {
    const client = await open('nuntiq');
    await client.send('POST', '/payments', { text: '{"total_amount": 4111 1111 1111 1111, "password": "hunter2"' });
    expect((await newest(client)).request.text).toBe('{"total_amount": ***1111, "password": "***"');
  });

  test('of a body that is too long says that it was left out', async () => {
    const client = await open('nuntiq');
    expect((await client.send('POST', '/payments', { text: ' '.repeat(1_100_000) })).status).toBe(413);
    expect((await newest(client)).request).toMatchObject({ leftOut: true });
  });

  test('keeps the text of numbers', async () => {
    const client = await open('nuntiq');
    await client.send('POST', '/payments', { text: JSON.stringify(payment()).replace('10', '10.00') });
    expect((await journal(client, 'GET', '/1')).text).toContain('"total_amount":10.00');
  });
});

describe('what nothing reads', () => {
  test('is told with its place: members and query parameters', async () => {
    const client = await open('nuntiq');
    await client.post(
      '/payments?dry_run=true',
      payment({ totalAmount: 1, lines: [{ invoice_token: invoice, note: 'x' }] }),
    );
    expect((await newest(client)).unread).toEqual([
      { in: 'query', pointer: '/dry_run' },
      { in: 'body', pointer: '/totalAmount' },
      { in: 'body', pointer: '/lines/0/note' },
    ]);
  });

  test.each<[string, string, string, unknown, string[]]>([
    [
      'nuntiq',
      'POST',
      '/payments',
      [payment(), payment({ note: 1, lines: [{ invoice_token: invoice }, { invoice_token: invoice, memoo: 1 }] })],
      ['/1/note', '/1/lines/1/memoo'],
    ],
    ['nuntiq', 'POST', '/payments', [5, { method: 'a refused one', note: 1 }], ['/1/note']],
    [
      'midnight',
      'POST',
      '/v1/Generic/CustomerPaymentInsert',
      [{}, { note: 1, CustomerPaymentDetailList: [{}, { note: 1 }] }],
      ['/1/note', '/1/CustomerPaymentDetailList/1/note'],
    ],
    [
      'upwell',
      'POST',
      '/api/rest/bulk-customer-payments',
      { inputs: [{}, { note: 1, paymentLineItems: { data: [{}, { note: 1 }] } }] },
      ['/inputs/1/note', '/inputs/1/paymentLineItems/data/1/note'],
    ],
    [
      'logisense',
      'PATCH',
      '/Payment/1',
      { payments: { items: [{ patchType: 'update' }, { patchType: 'update', note: 1 }] } },
      ['/payments/items/1/note'],
    ],
    [
      'staxbill',
      'POST',
      '/v1/GlobalPayments/ImportPayment',
      { paymentAllocations: [{}, { invoiceId: 1, note: 1 }] },
      ['/paymentAllocations/1/note'],
    ],
  ])('is told of the items of arrays: %s %s %s', async (api, method, path, body, pointers) => {
    const client = await open(api);
    await client.send(method, path, { body });
    expect((await newest(client)).unread).toEqual(pointers.map((pointer) => ({ in: 'body', pointer })));
  });

  test('does not hold what is read in any letter case, and parameters of the sandbox', async () => {
    const client = await open('midnight');
    await client.post('/v1/Generic/CustomerPaymentInsert?__code=200', [{ customerid: 3, AmountBilled: 1, Typo: 1 }]);
    expect((await newest(client)).unread).toEqual([{ in: 'body', pointer: '/0/Typo' }]);
  });
});

describe('what is hidden', () => {
  test('credentials in headers', async () => {
    const client = await open('nuntiq');
    const key = 'nq-wrong-key-12345678';
    await client.post('/payments', payment(), { headers: { 'x-api-key': key, cookie: 'session=abcdefgh1234' } });
    const { text } = await journal(client, 'GET');
    expect(text).not.toContain(key);
    expect(text).not.toContain('abcdefgh');
    expect((await newest(client)).request.headers).toMatchObject({ 'x-api-key': '***5678', cookie: '***1234' });
  });

  test('account and card numbers in bodies, and wherever else they stand', async () => {
    const account = 'DE89370400440532013000';
    const client = await open('nuntiq');
    const body = payment({
      beneficiary_iban: account,
      memo: `from ${account}, card 4111-1111-1111-1111`,
      total_amount: 'x',
    });
    await client.post(`/payments?card=5555555555554444&note=${account}`, body);
    const { text } = await journal(client, 'GET');
    for (const hidden of [account, '4111-1111-1111-1111', '5555555555554444']) expect(text).not.toContain(hidden);
    const entry = await newest(client);
    expect(entry.request.body).toMatchObject({ beneficiary_iban: '***3000', memo: 'from ***3000, card ***1111' });
    expect(entry.request.query).toEqual({ card: ['***4444'], note: ['***3000'] });
  });

  test('ids and amounts are not', async () => {
    const client = await paid(payment({ lines: [{ invoice_token: invoice, applied_amount: 1 }] }));
    expect((await newest(client)).request.body).toMatchObject({
      total_amount: 10,
      lines: [{ invoice_token: invoice }],
    });
  });
});

describe('reading', () => {
  test('shows the newest, newest last; with after, what came next', async () => {
    const client = await paid(
      payment(),
      payment({ external_payment_id: 'P-2' }),
      payment({ external_payment_id: 'P-3' }),
    );
    const numbers = async (query: string) =>
      (await journal(client, 'GET', query)).body.entries.map(({ number }: Fields) => number);
    expect(await numbers('')).toEqual([1, 2, 3]);
    expect(await numbers('?limit=2')).toEqual([2, 3]);
    expect(await numbers('?limit=1&after=1')).toEqual([2]);
    expect(await numbers('?after=3')).toEqual([]);
    expect(await numbers('?limit=0')).toEqual([]);
  });

  test('by api, operation and status, with exact counters', async () => {
    const client = await paid(payment());
    await client.post('/payments', payment({ total_amount: 'ten' }));
    await client.get('/nothing');
    const numbers = async (query: string) =>
      (await journal(client, 'GET', query)).body.entries.map(({ number }: Fields) => number);
    expect(await numbers('?api=nuntiq')).toEqual([1, 2, 3]);
    expect(await numbers('?api=upwell')).toEqual([]);
    expect(await numbers('?operationId=upsertPayments')).toEqual([1, 2]);
    expect(await numbers('?status=400')).toEqual([2]);
    expect(await numbers('?status=4xx')).toEqual([2, 3]);
    expect((await journal(client, 'GET')).body.counters).toMatchObject({
      total: 3,
      evicted: 0,
      byOperation: [
        { api: 'nuntiq', operationId: 'upsertPayments', status: 200, count: 1 },
        { api: 'nuntiq', operationId: 'upsertPayments', status: 400, count: 1 },
        { api: 'nuntiq', status: 404, count: 1 },
      ],
    });
  });

  test.each([
    ['?limit=1001', '/limit'],
    ['?after=-1', '/after'],
    ['?api=nothing', '/api'],
    ['?operationId=nothing', '/operationId'],
    ['?api=upwell&operationId=upsertPayments', '/operationId'],
    ['?status=4', '/status'],
    ['?stat=4xx', '/stat'],
  ])('%s is refused and named', async (query, pointer) => {
    const { status, body } = await journal(await open('nuntiq'), 'GET', query);
    expect(status).toBe(400);
    expect(body.errors.map((error: Fields) => error.pointer)).toContain(pointer);
  });

  test('one entry by its number', async () => {
    const client = await paid(payment());
    expect((await journal(client, 'GET', '/1')).body).toEqual(await newest(client));
    expect((await journal(client, 'GET', '/2')).status).toBe(404);
    expect((await journal(client, 'GET', '/0')).status).toBe(400);
    expect((await journal(client, 'GET', '/one')).status).toBe(400);
  });

  test('a workspace sees nothing of another, and the control API is in none', async () => {
    const [one, other] = [await paid(payment()), await open('nuntiq')];
    expect((await journal(one, 'GET')).body.counters.total).toBe(1);
    expect((await journal(other, 'GET')).body.entries).toEqual([]);
    const nobody = { ...other, workspace: 'nobody' };
    expect((await journal(nobody, 'GET')).status).toBe(404);
  });

  test('emptied, entries and counters are gone and numbers go on', async () => {
    const client = await paid(payment());
    expect((await journal(client, 'DELETE')).status).toBe(204);
    expect((await journal(client, 'GET')).body).toEqual({
      entries: [],
      counters: { total: 0, evicted: 0, bytes: 0, byOperation: [] },
    });
    await client.get('/nothing');
    expect(await newest(client)).toMatchObject({ number: 2 });
  });
});

describe('finding and counting', () => {
  test('by every part of a match', async () => {
    const client = await paid(payment(), payment({ external_payment_id: 'P-2', total_amount: 20 }));
    await client.post('/payments?dry_run=true', payment({ total_amount: 'ten' }), { headers: { 'x-run': '7' } });
    const found = async (match: unknown) => {
      const { body } = await journal(client, 'POST', '/find', { match });
      expect((await journal(client, 'POST', '/count', { match })).body).toEqual({ count: body.count, complete: true });
      return body.entries.map(({ number }: Fields) => number);
    };
    expect(await found({})).toEqual([1, 2, 3]);
    expect(await found({ api: 'nuntiq', operationId: 'upsertPayments', method: 'post', path: '/payments' })).toEqual([
      1, 2, 3,
    ]);
    expect(await found({ api: 'upwell' })).toEqual([]);
    expect(await found({ path: '/{anything}' })).toEqual([1, 2, 3]);
    expect(await found({ status: 400 })).toEqual([3]);
    expect(await found({ status: '2xx' })).toEqual([1, 2]);
    expect(await found({ header: { 'X-Run': '7' } })).toEqual([3]);
    expect(await found({ query: { dry_run: 'true' } })).toEqual([3]);
    expect(await found({ query: { dry_run: 'false' } })).toEqual([]);
    expect(await found({ body: [{ pointer: '/total_amount', equals: 20 }] })).toEqual([2]);
    expect(await found({ body: [{ path: '$[?@ == "P-2"]', exists: true }] })).toEqual([2]);
    expect(await found({ body: [{ pointer: '/external_payment_id', matches: '^P-\\d$' }] })).toEqual([1, 2, 3]);
    expect(await found({ body: [{ pointer: '/lines', exists: false }] })).toEqual([1, 2, 3]);
    expect(await found({ response: [{ pointer: '/payment_id', equals: 1005 }] })).toEqual([1]);
  });

  test('by the fault, and by an answer that never was', async () => {
    const client = await paid(payment());
    const wishes = ['reset', 'status:503'];
    for (const wish of wishes) {
      await client.post('/payments', payment(), { headers: { prefer: `fault=${wish}` } }).catch(() => undefined);
    }
    const found = async (match: unknown) =>
      (await journal(client, 'POST', '/find', { match })).body.entries.map(({ number }: Fields) => number);
    expect(await found({ status: 0 })).toEqual([2]);
    expect(await found({ fault: true })).toEqual([2, 3]);
    expect(await found({ fault: false })).toEqual([1]);
    expect(await found({ fault: 'status:503' })).toEqual([3]);
    const listed = (await journal(client, 'GET', '?status=0')).body.entries;
    expect(listed.map(({ number }: Fields) => number)).toEqual([2]);
  });

  test('shows the newest of those that match', async () => {
    const client = await paid(payment(), payment({ external_payment_id: 'P-2' }));
    const { body } = await journal(client, 'POST', '/find', { match: {}, limit: 1 });
    expect(body).toMatchObject({ count: 2, complete: true, entries: [{ number: 2 }] });
    expect((await journal(client, 'POST', '/find', { match: {}, limit: 0 })).body.entries).toEqual([]);
  });

  test('compares amounts as decimals', async () => {
    const client = await paid(payment());
    const text = '{"match": {"body": [{"pointer": "/total_amount", "equals": 10.00}]}}';
    expect((await journal(client, 'POST', '/count', text)).body.count).toBe(1);
    expect((await journal(client, 'POST', '/count', text.replace('10.00', '10.01'))).body.count).toBe(0);
  });

  test.each([
    ['an unknown api', { api: 'nothing' }, '/match/api'],
    ['an operation of another api', { api: 'upwell', operationId: 'upsertPayments' }, '/match/operationId'],
    ['a status that is none', { status: '4x' }, '/match/status'],
    ['a path with the api before it', { path: '/nuntiq/payments' }, '/match/path'],
    ['a fault that is none', { fault: 7 }, '/match/fault'],
    ['a path without a slash', { path: 'payments' }, '/match/path'],
    ['a member that is none', { operation: 'upsertPayments' }, '/match'],
    ['a pointer without a slash', { body: [{ pointer: 'amount', exists: true }] }, '/match/body/0/pointer'],
    ['a path that is none', { body: [{ path: '$[', exists: true }] }, '/match/body/0/path'],
    ['a path that costs too much', { body: [{ path: '$..a..b', exists: true }] }, '/match/body/0/path'],
    ['an expression that is none', { body: [{ pointer: '', matches: '(' }] }, '/match/body/0/matches'],
    ['an expression with a look-ahead', { body: [{ pointer: '', matches: '(?=a)' }] }, '/match/body/0/matches'],
    ['a clause without a place', { response: [{ exists: true }] }, '/match/response/0'],
    ['a clause that asks twice', { body: [{ pointer: '', exists: true, equals: 1 }] }, '/match/body/0'],
  ])('%s is refused and named', async (_, match, pointer) => {
    const client = await open('nuntiq');
    for (const [path, body, at] of [
      ['/find', { match }, pointer],
      ['/count', { match }, pointer],
      ['/verify', { calls: [{ match }] }, `/calls/0${pointer}`],
    ] as const) {
      const answer = await journal(client, 'POST', path, body);
      expect(answer.status, answer.text).toBe(400);
      expect(answer.body.errors.map((error: Fields) => error.pointer)).toContain(at);
    }
  });

  test('an expression that others take exponential time for is answered', async () => {
    const client = await open('nuntiq');
    await client.post('/payments', payment({ memo: `${'a'.repeat(5000)}!` }));
    const match = { body: [{ pointer: '/memo', matches: '^(a+)+$' }] };
    expect((await journal(client, 'POST', '/count', { match })).body.count).toBe(0);
  });
});

describe('verifying', () => {
  const create = { operationId: 'upsertPayments', status: 200 };
  const amount = (equals: number) => ({ ...create, body: [{ pointer: '/total_amount', equals }] });

  async function verify(client: Client, expectation: unknown) {
    const { status, text, body } = await journal(client, 'POST', '/verify', expectation);
    expect(status, text).toBe(200);
    return body;
  }

  test('how often', async () => {
    const client = await paid(payment(), payment({ external_payment_id: 'P-2' }));
    for (const times of [undefined, 2, { atLeast: 1 }, { atMost: 2 }, { atLeast: 2, atMost: 2 }]) {
      expect(await verify(client, { calls: [{ match: amount(10), times }] })).toEqual({
        held: true,
        complete: true,
        failures: [],
      });
    }
    for (const times of [0, 1, 3, { atLeast: 3 }, { atMost: 1 }]) {
      const { held, failures } = await verify(client, { calls: [{ match: amount(10), times }] });
      expect(held).toBe(false);
      expect(failures).toMatchObject([{ call: 0, received: '2', requests: [1, 2] }]);
    }
  });

  test('tells the nearest misses and where they differ', async () => {
    const client = await paid(payment({ total_amount: 11, payer_account: '1234567890' }));
    await client.get('/nothing');
    const wanted = { ...amount(10), body: [...amount(10).body, { pointer: '/payer_account', equals: '1' }] };
    const { failures } = await verify(client, { calls: [{ match: wanted, times: 1 }] });
    expect(failures).toMatchObject([{ call: 0, expected: 'exactly 1', received: '0' }]);
    expect(failures[0].nearest.map(({ entry }: { entry: Fields }) => entry.number)).toEqual([1, 2]);
    expect(failures[0].nearest[0].differences).toEqual([
      { at: 'body /total_amount', expected: 10, received: 11 },
      { at: 'body /payer_account', expected: '1', received: '***7890' },
    ]);
  });

  test('in order', async () => {
    const client = await paid(
      payment(),
      payment({ external_payment_id: 'P-2', total_amount: 20 }),
      payment({ external_payment_id: 'P-3' }),
    );
    const held = async (...calls: Fields[]) => (await verify(client, { calls, inOrder: true })).held;
    const once = (equals: number) => ({ match: amount(equals), times: 1 });
    expect(await held(once(10), once(20), once(10))).toBe(true);
    expect(await held({ match: create }, once(10))).toBe(true);
    expect(await held(once(10), { match: amount(30), times: 0 }, { match: create, times: 2 })).toBe(true);
    expect(await held(once(20), once(10))).toBe(false);
    expect(await held(once(10), once(20))).toBe(false);
    expect(await held(once(10), once(20), { match: amount(10), times: 2 })).toBe(false);
    const { failures } = await verify(client, { calls: [once(20), once(10)], inOrder: true });
    expect(failures).toMatchObject([
      { call: 1, expected: 'exactly 1', received: '2', requests: [1, 3] },
      {
        call: 0,
        expected: 'exactly 1, in this order',
        received: '0',
        because: 'request 2 matches, but request 1, which matches call 1, comes before it',
        requests: [],
        nearest: [],
      },
    ]);
    const more = await verify(client, { calls: [once(10), once(20)], inOrder: true });
    expect(more.failures).toMatchObject([{ call: 0, expected: 'exactly 1', received: '2', requests: [1, 3] }]);
    const after = await verify(client, { calls: [{ match: amount(10) }, once(20)], inOrder: true });
    expect(after.failures).toMatchObject([{ call: 0, expected: 'nothing more of these calls', requests: [3] }]);
    const fewer = await verify(client, { calls: [once(10), once(20), { match: amount(10), times: 2 }], inOrder: true });
    expect(fewer.failures).toMatchObject([
      {
        call: 2,
        received: '1',
        requests: [3],
        because: 'request 1 matches, but comes where an earlier call is expected',
      },
    ]);
  });

  test('in order tells which call came too often, and what stands before the request that matches', async () => {
    const client = await paid(payment());
    for (let wrong = 0; wrong < 2; wrong++) await client.post('/payments', payment({ total_amount: 'ten' }));
    await client.post('/payments', payment());
    await client.post('/payments', payment(), { headers: { prefer: 'fault=status:503' } });
    const calls = [
      { match: { operationId: 'upsertPayments' }, times: 2 },
      { match: { status: 503 }, times: 1 },
    ];
    const { failures } = await verify(client, { calls, inOrder: true });
    expect(failures).toEqual([
      { call: 0, expected: 'exactly 2', received: '4', requests: [1, 2, 3, 4], nearest: [] },
      {
        call: 1,
        expected: 'exactly 1, in this order',
        received: '0',
        because: 'request 5 matches, but requests 3 and 4, which match call 0, come before it',
        requests: [],
        nearest: [],
      },
    ]);
  });

  test('and nothing else', async () => {
    const client = await paid(payment());
    const expectation = { calls: [{ match: create, times: 1 }], nothingElse: true };
    expect((await verify(client, expectation)).held).toBe(true);
    expect((await verify(client, { calls: [], nothingElse: true })).held).toBe(false);
    await client.get('/nothing');
    const { held, failures } = await verify(client, expectation);
    expect(held).toBe(false);
    expect(failures).toMatchObject([
      { expected: 'none', received: '1', requests: [2], nearest: [{ entry: { number: 2 } }] },
    ]);
    expect(failures[0]).not.toHaveProperty('call');
  });

  test.each([
    [{ calls: [{ match: {}, times: -1 }] }, '/calls/0/times'],
    [{ calls: [{ match: {}, times: { atLeast: 2, atMost: 1 } }] }, '/calls/0/times'],
    [{ calls: [{ match: {} }, { match: { api: 'nothing' } }] }, '/calls/1/match/api'],
    [{ calls: [{ match: {}, times: {} }] }, '/calls/0/times'],
    [{ calls: {} }, '/calls'],
  ])('%j is refused and named', async (expectation, pointer) => {
    const { status, body } = await journal(await open('nuntiq'), 'POST', '/verify', expectation);
    expect(status).toBe(400);
    expect(body.errors.map((error: Fields) => error.pointer)).toContain(pointer);
  });

  test('says when entries had to make room', async () => {
    const sandbox = await startSandbox({ port: 0, log: false, limits: { journalBytes: 3000 } });
    try {
      for (let count = 0; count < 10; count++) await request(`${sandbox.url}/nuntiq/nothing`);
      const url = `${sandbox.url}/_sandbox/workspaces/default/journal`;
      const { counters, entries } = (await request(url)).body;
      expect(counters).toMatchObject({ total: 10, byOperation: [{ count: 10 }] });
      expect(counters.evicted).toBe(10 - entries.length);
      expect(counters.bytes).toBeLessThanOrEqual(3000);
      const headers = { 'content-type': 'application/json' };
      const verdict = await request(`${url}/verify`, { method: 'POST', headers, body: '{"calls": []}' });
      expect(verdict.body).toEqual({ held: true, complete: false, failures: [] });
    } finally {
      await sandbox.close();
    }
  });
});

test('the journals of all workspaces have a common bound', async () => {
  const sandbox = await startSandbox({ port: 0, log: false, limits: { allJournalsBytes: 20_000 } });
  try {
    const workspaces = `${sandbox.url}/_sandbox/workspaces`;
    const headers = { 'content-type': 'application/json' };
    await request(workspaces, { method: 'POST', headers, body: '{"name": "busy"}' });
    await request(`${sandbox.url}/nuntiq/nothing`);
    for (let count = 0; count < 40; count++) await request(`${sandbox.url}/~busy/nuntiq/nothing`);
    const countersOf = async (name: string) => (await request(`${workspaces}/${name}/journal`)).body.counters;
    const [quiet, busy] = [await countersOf('default'), await countersOf('busy')];
    expect(quiet).toMatchObject({ total: 1, evicted: 0 });
    expect(busy).toMatchObject({ total: 40, byOperation: [{ count: 40 }] });
    expect(busy.evicted).toBeGreaterThan(0);
    expect(quiet.bytes + busy.bytes).toBeLessThanOrEqual(20_000);
  } finally {
    await sandbox.close();
  }
});

describe('what a request did to records', () => {
  const changesOf = async (client: Client, number: number) => journal(client, 'GET', `/${number}/changes`);

  test('tells the records that it made, changed and took away, as they were then', async () => {
    const client = await open('logisense');
    expect((await client.send('PATCH', '/Payment/4', { body: { detail: 'flat' } })).status).toBe(200);
    expect((await client.send('DELETE', '/Payment/4')).status).toBe(200);
    await client.get('/Payment/1');
    const { body: patched } = await changesOf(client, 1);
    expect(patched.changed).toContainEqual({
      api: 'logisense',
      collection: 'payments',
      key: 4,
      members: expect.arrayContaining([{ pointer: '/detail', before: expect.any(String), after: 'flat' }]),
    });
    expect([patched.added, patched.removed]).toEqual([[], []]);
    const { body: removed } = await changesOf(client, 2);
    expect(removed.removed[0]).toMatchObject({ collection: 'payments', record: { identity: 4, detail: 'flat' } });
    expect((await changesOf(client, 3)).body).toEqual({ added: [], removed: [], changed: [] });
  });

  test('tells what was added, without account numbers', async () => {
    const client = await paid(payment({ beneficiary_account: '99887766554433', lines: [] }));
    await client.post('/payments', payment({ beneficiary_account: '11223344556677', remittance_memo: 'x' }));
    const added = await changesOf(client, 1);
    expect(added.body.added[0]).toMatchObject({
      api: 'nuntiq',
      collection: 'payments',
      record: { payment_id: 1005, beneficiary_account: '***4433' },
    });
    const changed = await changesOf(client, 2);
    expect(changed.body.changed[0].members).toEqual(
      expect.arrayContaining([
        { pointer: '/beneficiary_account', before: '***4433', after: '***6677' },
        { pointer: '/remittance_memo', before: null, after: 'x' },
      ]),
    );
    for (const { text } of [added, changed]) expect(text).not.toMatch(/998877|112233/);
  });

  test('of a refused request is nothing', async () => {
    const client = await open('nuntiq');
    expect((await client.post('/payments', payment({ currency: 'nope' }))).status).toBe(400);
    expect((await changesOf(client, 1)).body).toEqual({ added: [], removed: [], changed: [] });
  });

  test('of an entry or a workspace that is not there is refused', async () => {
    const client = await paid(payment());
    const { status, body } = await changesOf(client, 2);
    expect(status).toBe(404);
    expect(body.detail).toBe('The journal has no entry 2; it keeps 1 to 1.');
    expect((await control('GET', '/workspaces/none/journal/1/changes')).status).toBe(404);
  });
});

/** Events of a stream as they come. */
class Events {
  readonly #reader;
  #text = '';

  constructor(readonly response: Response) {
    this.#reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  }

  static async of(client: Client, query = '', headers: Record<string, string> = {}): Promise<Events> {
    const url = `${baseUrl()}/_sandbox/workspaces/${client.workspace}/journal/stream${query}`;
    return new Events(await fetch(url, { headers }));
  }

  static async ofAll(): Promise<Events> {
    return new Events(await fetch(`${baseUrl()}/_sandbox/journal/stream`));
  }

  /** The next event that is no comment, by field; `undefined` at the end. */
  async next(): Promise<Record<string, string> | undefined> {
    for (;;) {
      const end = this.#text.indexOf('\n\n');
      if (end === -1) {
        const { value, done } = (await this.#reader?.read()) ?? { done: true };
        if (done) return undefined;
        this.#text += value;
        continue;
      }
      const lines = this.#text.slice(0, end).split('\n');
      this.#text = this.#text.slice(end + 2);
      const fields = lines.filter((line) => !line.startsWith(':')).map((line) => line.split(/: (.*)/s, 2));
      if (fields.length > 0) return Object.fromEntries(fields);
    }
  }

  async cancel(): Promise<void> {
    await this.#reader?.cancel();
  }
}

describe('the stream', () => {
  test('tells entries as they come', async () => {
    const client = await paid(payment());
    const events = await Events.of(client);
    expect(events.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    await client.get('/nothing');
    const event = await events.next();
    expect(event).toMatchObject({ id: '2', event: 'entry' });
    expect(JSON.parse(event?.data ?? '')).toEqual(await newest(client));
    await events.cancel();
  });

  test('goes on behind the last event, by header or query', async () => {
    const client = await paid(payment(), payment({ external_payment_id: 'P-2' }));
    const all = await Events.of(client, '?after=0');
    expect([(await all.next())?.id, (await all.next())?.id]).toEqual(['1', '2']);
    await all.cancel();
    const rest = await Events.of(client, '?after=0', { 'last-event-id': '1' });
    expect((await rest.next())?.id).toBe('2');
    await rest.cancel();
  });

  test('says what is no longer kept', async () => {
    const client = await paid(payment());
    await journal(client, 'DELETE');
    await client.get('/nothing');
    const events = await Events.of(client, '?after=0');
    expect(await events.next()).toEqual({ id: '1', event: 'evicted', data: '{"from":1,"to":1}' });
    expect((await events.next())?.id).toBe('2');
    await events.cancel();
  });

  test('ends when the workspace is reset, and the next one tells what came since', async () => {
    const client = await paid(payment(), payment());
    const events = await Events.of(client);
    await request(`${baseUrl()}/_sandbox/workspaces/${client.workspace}/reset`, { method: 'POST' });
    expect(await events.next()).toBeUndefined();
    await client.get('/nothing');
    const next = await Events.of(client, '', { 'last-event-id': '2' });
    expect((await next.next())?.id).toBe('1');
    await next.cancel();
  });

  test('shows that it is alive', async () => {
    let begin = (_beat: () => void): void => {};
    const begun = new Promise<() => void>((resolve) => {
      begin = resolve;
    });
    const wait = () => new Promise<void>((resolve) => begin(resolve));
    const sandbox = await startSandbox({ port: 0, log: false, wait });
    try {
      const { body } = await fetch(`${sandbox.url}/_sandbox/workspaces/default/journal/stream`);
      const reader = body?.pipeThrough(new TextDecoderStream()).getReader() ?? expect.fail();
      expect((await reader.read()).value).toBe(': the journal begins\n\n');
      (await begun)();
      expect((await reader.read()).value).toBe(': heartbeat\n\n');
      await reader.cancel();
    } finally {
      await sandbox.close();
    }
  });

  test('ends when the sandbox is closed', async () => {
    const sandbox = await startSandbox({ port: 0, log: false });
    const events = new Events(await fetch(`${sandbox.url}/_sandbox/workspaces/default/journal/stream`));
    await sandbox.close();
    expect(await events.next()).toBeUndefined();
  });

  test.each([
    ['?after=-1', {}, '/after'],
    ['', { 'last-event-id': 'x' }, '/last-event-id'],
  ])('%s %j is refused and named', async (query, headers: Record<string, string>, pointer) => {
    const client = await open('nuntiq');
    const url = `${baseUrl()}/_sandbox/workspaces/${client.workspace}/journal/stream${query}`;
    const { status, body } = await request(url, { headers });
    expect(status).toBe(400);
    expect(body.errors.map((error: Fields) => error.pointer)).toContain(pointer);
  });

  test('of a HEAD is none', async () => {
    const client = await open('nuntiq');
    const url = `${baseUrl()}/_sandbox/workspaces/${client.workspace}/journal/stream`;
    const { status, text } = await request(url, { method: 'HEAD' });
    expect([status, text]).toEqual([200, '']);
  });
});

describe('the stream of all journals', () => {
  test('begins with the next request to any workspace, those made later included', async () => {
    const client = await paid(payment());
    const events = await Events.ofAll();
    expect(events.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    await client.get('/nothing');
    const event = await events.next();
    expect(event).toMatchObject({ id: `${client.workspace}/2`, event: 'entry' });
    expect(JSON.parse(event?.data ?? '')).toEqual(await newest(client));
    const later = await paid(payment());
    expect(await events.next()).toMatchObject({ id: `${later.workspace}/1`, event: 'entry' });
    await events.cancel();
  });

  test('goes on when a workspace is reset', async () => {
    const client = await paid(payment());
    const events = await Events.ofAll();
    await client.get('/nothing');
    expect((await events.next())?.id).toBe(`${client.workspace}/2`);
    await request(`${baseUrl()}/_sandbox/workspaces/${client.workspace}/reset`, { method: 'POST' });
    await client.get('/nothing');
    expect((await events.next())?.id).toBe(`${client.workspace}/1`);
    await events.cancel();
  });

  test('ends when the sandbox is closed', async () => {
    const sandbox = await startSandbox({ port: 0, log: false });
    const events = new Events(await fetch(`${sandbox.url}/_sandbox/journal/stream`));
    await sandbox.close();
    expect(await events.next()).toBeUndefined();
  });

  test('of a HEAD is none, and other methods are refused', async () => {
    const url = `${baseUrl()}/_sandbox/journal/stream`;
    expect((await request(url, { method: 'HEAD' })).status).toBe(200);
    expect((await request(url, { method: 'POST' })).status).toBe(405);
  });
});

test('the stopwatch and the clock are what the options say', async () => {
  let milliseconds = 0;
  const realTime = () => ({ epochMilliseconds: Date.parse('2026-01-02T03:04:05Z'), nanoseconds: 0 });
  const sandbox = await startSandbox({ port: 0, log: false, realTime, stopwatch: () => (milliseconds += 2.5) });
  try {
    await request(`${sandbox.url}/nuntiq/nothing`);
    const { body } = await request(`${sandbox.url}/_sandbox/workspaces/default/journal/1`);
    expect(body).toMatchObject({ milliseconds: 2.5, time: '2026-01-02T03:04:05.000Z' });
  } finally {
    await sandbox.close();
  }
});
