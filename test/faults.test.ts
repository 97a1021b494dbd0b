/**
 * Faults: every kind, every `when`, every way to set them, and what never meets one.
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { documentedResponse, judge } from '../src/conformance.js';
import { type ApiDocument, documentedApis, loadDocument, type Operation, text } from '../src/document.js';
import type { WrittenRule } from '../src/faults/judge.js';
import { generate } from '../src/generate.js';
import { type JsonValue, parse, stringify } from '../src/json.js';
import { root } from '../src/paths.js';
import { startSandbox } from '../src/sandbox.js';
import { Validator } from '../src/validator.js';
import { control } from './control-client.js';
import { operationOf } from './engine/fixture.js';
import { type Answer, baseUrl, type Client, open, request, useSandbox } from './harness.js';

/** How long each answer that waited was told to, in the order of the requests. */
const waited: number[] = [];

useSandbox({
  wait: async (milliseconds) => {
    waited.push(milliseconds);
  },
});

/** One request to a workspace's faults. */
function faults(client: Client, method: string, path = '', body?: unknown): Promise<Answer> {
  return control(method, `/workspaces/${client.workspace}/faults${path}`, body);
}

/** A Nuntiq client whose workspace has these faults. */
async function withFaults(...rules: unknown[]): Promise<Client> {
  const client = await open('nuntiq');
  const answer = await faults(client, 'PUT', '', rules);
  expect(answer.status, answer.text).toBe(200);
  return client;
}

const payment = { external_payment_id: 'P-1', method: 'ACH', total_amount: 10, currency: 'USD' };
const down = { respond: { status: 503, force: true } };

/** Sends a payment; `prefer` is what the client wishes for. */
function pay(client: Client, prefer?: string, body: object = payment): Promise<Answer> {
  return client.post('/payments', body, prefer === undefined ? {} : { headers: { prefer } });
}

/** The statuses of so many payments, one after the other. */
async function statuses(client: Client, count: number): Promise<number[]> {
  const found: number[] = [];
  for (let index = 0; index < count; index++) found.push((await pay(client)).status);
  return found;
}

const payments = async (client: Client): Promise<number> =>
  (await client.state('payments')).filter((each) => each.external_payment_id === payment.external_payment_id).length;

async function newest(client: Client) {
  const journal = await request(`${baseUrl()}/_sandbox/workspaces/${client.workspace}/journal?limit=1`);
  return journal.body.entries[0];
}

interface RawAnswer {
  readonly text: string;
  /** The error with which the socket ended; `undefined` if it was closed in order. */
  readonly error: string | undefined;
}

/** A payment through a socket of its own, everything that comes until it closes. */
async function raw(client: Client, url = baseUrl(), prefer?: string): Promise<RawAnswer> {
  const apis = await request(`${url}/_sandbox/apis`);
  const { headers } = apis.body.find(({ api }: { api: string }) => api === 'nuntiq');
  const body = JSON.stringify(payment);
  const lines = [
    `POST /~${client.workspace}/nuntiq/payments HTTP/1.1`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}`),
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(prefer === undefined ? [] : [`Prefer: ${prefer}`]),
  ];
  return exchange(url, lines, body);
}

/** Everything that comes to a request, its first line and headers as given, until the connection closes. */
function exchange(url: string, [first = '', ...headers]: readonly string[], body = ''): Promise<RawAnswer> {
  const { port } = new URL(url);
  const lines = [first, `Host: 127.0.0.1:${port}`, ...headers];
  return new Promise((resolve) => {
    const socket = connect(Number(port), '127.0.0.1');
    let text = '';
    let failure: string | undefined;
    socket.setEncoding('utf8');
    socket.on('data', (chunk) => {
      text += String(chunk);
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      failure = error.code;
    });
    socket.on('close', () => resolve({ text, error: failure }));
    socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`);
  });
}

/** Asks until something holds; the answer is whatever made it hold. */
async function until<T>(ask: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await ask();
    if (holds(value)) return value;
  }
}

/** Sends a request to an operation that its document finds valid; whether the handler would is another matter. */
function sendValid(client: Client, judging: Validator, document: ApiDocument, operation: Operation): Promise<Answer> {
  const now = { epochMilliseconds: 0, nanoseconds: 0 };
  const made = (schema: JsonValue) => generate(schema, document.resolve, now);
  const query = new URLSearchParams();
  const headers: Record<string, string> = {};
  let { path } = operation;
  for (const parameter of operation.parameters) {
    const value = () => text(made(parameter.schema), '');
    if (parameter.in === 'path') path = path.replace(`{${parameter.name}}`, encodeURIComponent(value()));
    else if (!parameter.required) continue;
    else if (parameter.in === 'query') query.set(parameter.name, value());
    else headers[parameter.name] = value();
  }
  const [media] = operation.requestBody?.content.values() ?? [];
  const isValid = (value: JsonValue) => judging.check(media?.schema ?? {}, 'request', value, 'body').length === 0;
  // A vendor's own sample may break its schema.
  const body = media && [...[...media.examples.values()].map(({ value }) => value), made(media.schema)].find(isValid);
  const target = query.size === 0 ? path : `${path}?${query}`;
  return client.send(operation.method, target, { headers, ...(body === undefined ? {} : { text: stringify(body) }) });
}

describe('an answer of a fault', () => {
  test('is worded by the dialect, and nothing is carried out', async () => {
    const client = await withFaults({ name: 'down', fault: down });
    const answer = await pay(client);
    expect(answer.status).toBe(503);
    expect(answer.body.message).toContain('The fault down was asked for');
    expect(await payments(client)).toBe(0);
    expect(await newest(client)).toMatchObject({ fault: 'down', response: { status: 503 } });
  });

  test('names the fault in a header, and no other answer does', async () => {
    const client = await withFaults({ name: 'down', api: 'nuntiq', when: { first: 1 }, fault: down });
    const marks = [await pay(client), await pay(client), await pay(client, 'fault=status:500')];
    const latency = await pay(client, 'fault=latency:1');
    const found = [...marks, latency].map(({ headers }) => headers.get('x-sandbox-fault'));
    expect(found).toEqual(['down', null, 'status%3A500', null]);
  });

  test.each([400, 401, 403, 404, 406, 413, 415, 500])('%i is documented and needs no force', async (status) => {
    const client = await withFaults({ api: 'nuntiq', fault: { respond: { status } } });
    const answer = await pay(client);
    expect(answer.status).toBe(status);
    expect(answer.body.message).not.toBe('');
  });

  test.each(
    documentedApis().flatMap((api) => loadDocument(api).operations.map(({ operationId }) => [api, operationId])),
  )('is as %s documents it, %s, and needs no force', async (api, operationId) => {
    const apiDocument = loadDocument(api);
    const operation = operationOf(apiDocument, operationId);
    const judging = new Validator(apiDocument);
    const client = await open(api);
    const statuses = [...new Set([...operation.responses.keys(), ...apiDocument.refusals.keys()])];
    // Each stands for itself; a range or a default would need a status chosen for it.
    expect(statuses.every((status) => /^[2-5]\d\d$/.test(status))).toBe(true);
    for (const status of statuses.map(Number)) {
      const rule = { name: `as-${status}`, api, operationId, fault: { respond: { status } } };
      const made = await faults(client, 'PUT', '', [rule]);
      expect(made.status, `${status}: ${made.text}`).toBe(200);
      const answer = await sendValid(client, judging, apiDocument, operation);
      const told = `${status}: ${answer.text}`;
      expect(answer.status, told).toBe(status);
      const entry = await newest(client);
      // The answer is the fault's: not one of the engine's own of the same status, in place of one that was wrong.
      expect([entry.fault, entry.violations], told).toEqual([rule.name, []]);
      const documented = documentedResponse(operation, apiDocument.refusals, status);
      const received = {
        status,
        headers: Object.fromEntries(answer.headers),
        body: answer.text === '' ? undefined : parse(answer.text),
      };
      expect(judge(received, documented, judging), told).toEqual([]);
      const types = [...(documented?.content.keys() ?? [])];
      expect(types.includes(answer.headers.get('content-type')?.split(';')[0] ?? ''), told).toBe(types.length > 0);
    }
  });

  test('is a documented example', async () => {
    // Typed, so that the compiler says whether the types have the property that is called as OpenAPI's keyword.
    const rule: WrittenRule = { api: 'nuntiq', fault: { respond: { status: 207, example: 'partly' } } };
    const client = await withFaults(rule);
    const answer = await pay(client);
    expect(answer.status).toBe(207);
    expect(answer.body.results).toHaveLength(2);
    expect(await payments(client)).toBe(0);
  });

  test('is the first documented example for a success without a body', async () => {
    const client = await withFaults({ api: 'nuntiq', fault: { respond: { status: 200 } } });
    expect((await pay(client)).body).toEqual({ payment_id: 1005 });
  });

  test('is a body and headers of the rule', async () => {
    const client = await withFaults({
      api: 'nuntiq',
      fault: { respond: { status: 400, body: { message: 'not today' }, headers: { 'X-Reason': 'because' } } },
    });
    const answer = await pay(client);
    expect([answer.status, answer.text]).toEqual([400, '{"message":"not today"}']);
    expect(answer.headers.get('x-reason')).toBe('because');
  });

  test.each([
    [401, 'www-authenticate', 'Bearer'],
    [405, 'allow', 'GET'],
  ])(
    'of %i with a body of the rule has the header %s that HTTP demands, or the one of the rule',
    async (status, name, value) => {
      const client = await open('logisense');
      const body = { Message: 'not today' };
      const answered = async (headers: Record<string, string>) => {
        const fault = { respond: { status, body, headers, force: true } };
        await faults(client, 'PUT', '', [{ api: 'logisense', operationId: 'getPayment', fault }]);
        return client.get('/Payment/1');
      };
      const own = await answered({});
      expect([own.status, own.body, own.headers.get(name)]).toEqual([status, body, expect.stringContaining(value)]);
      expect((await answered({ [name]: 'mine' })).headers.get(name)).toBe('mine');
    },
  );

  test('is what a gateway in between says, when it is forced', async () => {
    const client = await withFaults({
      fault: {
        respond: { status: 502, body: '<h1>Bad Gateway</h1>', headers: { 'content-type': 'text/html' }, force: true },
      },
    });
    const answer = await pay(client);
    expect([answer.status, answer.text]).toEqual([502, '<h1>Bad Gateway</h1>']);
    expect(answer.headers.get('content-type')).toBe('text/html');
  });

  test('asks to come back later', async () => {
    const client = await withFaults({ fault: { tooManyRequests: { retryAfter: 30, force: true } } });
    const answer = await pay(client);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '30']);
  });
});

describe('latency', () => {
  /** How long the answers to so many payments waited. */
  async function latencies(client: Client, count: number): Promise<number[]> {
    waited.length = 0;
    expect(await statuses(client, count)).toEqual(Array.from({ length: count }, () => 200));
    return [...waited];
  }

  test('is fixed, and the request is carried out', async () => {
    const client = await withFaults({ fault: { latency: { milliseconds: 800 } } });
    expect(await latencies(client, 2)).toEqual([800, 800]);
    expect(await payments(client)).toBe(1);
  });

  test('is uniform between two bounds, the same every time', async () => {
    const rule = { fault: { latency: { uniform: [200, 900] } } };
    const found = await latencies(await withFaults(rule), 20);
    expect(new Set(found).size).toBeGreaterThan(10);
    expect(Math.min(...found)).toBeGreaterThanOrEqual(200);
    expect(Math.max(...found)).toBeLessThanOrEqual(900);
    expect(await latencies(await withFaults(rule), 20)).toEqual(found);
  });

  test('is normal, never negative and never beyond a minute', async () => {
    const found = await latencies(
      await withFaults({ fault: { latency: { normal: { mean: 100, deviation: 60000 } } } }),
      30,
    );
    // What is not to wait at all does not wait for nothing.
    expect(Math.min(...found)).toBeGreaterThan(0);
    expect(Math.max(...found)).toBeLessThanOrEqual(60_000);
    expect(found.length).toBeLessThan(30);
  });

  test('is log-normal, the same every time, and never longer than the longest', async () => {
    const rule = { fault: { latency: { logNormal: { median: 120, sigma: 0.5, most: 200.0 } } } };
    const client = await withFaults(rule);
    const found = await latencies(client, 20);
    expect(new Set(found).size).toBeGreaterThan(10);
    expect(Math.max(...found)).toBe(200);
    expect(await latencies(await withFaults(rule), 20)).toEqual(found);
    expect((await faults(client, 'GET')).body).toMatchObject([{ rule }]);
  });

  test('adds up, and adds to what comes after it', async () => {
    const client = await withFaults(
      { name: 'slow', fault: { latency: { milliseconds: 100 } } },
      { name: 'slower', fault: { latency: { milliseconds: 20 } } },
      { name: 'down', fault: { latency: { milliseconds: 3 }, ...down } },
      { name: 'late', fault: { latency: { milliseconds: 5000 } } },
    );
    waited.length = 0;
    expect((await pay(client)).status).toBe(503);
    expect(waited).toEqual([123]);
    expect((await newest(client)).fault).toBe('slow, slower, down');
  });

  test('makes a refusal of the handler late, too', async () => {
    const client = await withFaults({ fault: { latency: { milliseconds: 7 } } });
    waited.length = 0;
    const lines = [{ invoice_token: '00000000-0000-4000-8000-000000000000', applied_amount: 10 }];
    const answer = await pay(client, undefined, { ...payment, lines });
    expect([answer.status, waited]).toEqual([400, [7]]);
  });
});

describe('a connection', () => {
  test('is reset before any byte, and nothing is carried out', async () => {
    const client = await withFaults({ fault: { connection: 'reset' } });
    expect(await raw(client)).toEqual({ text: '', error: 'ECONNRESET' });
    expect(await payments(client)).toBe(0);
    expect(await newest(client)).toMatchObject({ fault: 'fault-1', response: { status: 0, headers: {} } });
  });

  test('ends after half of the body, and the request is carried out', async () => {
    const client = await withFaults({ when: { first: 1 }, fault: { connection: 'half' } });
    const { text } = await raw(client);
    const [head = '', body = ''] = text.split('\r\n\r\n');
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1]);
    expect(head).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(length).toBeGreaterThan(0);
    expect(body.length).toBe(Math.floor(length / 2));
    expect(await payments(client)).toBe(1);
  });

  test('is reset where there is no body to halve, and the request is carried out', async () => {
    const { places, directory } = withoutBodies();
    const sandbox = await startSandbox({ port: 0, log: false, places });
    try {
      const control = `${sandbox.url}/_sandbox/workspaces/default`;
      await request(`${control}/faults`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ fault: { connection: 'half' } }),
      });
      const send = (line: string) => exchange(sandbox.url, [`${line} HTTP/1.1`]);
      const cut = { text: '', error: 'ECONNRESET' };
      // With a body, half of it comes.
      expect((await send('GET /acme/things/7')).text).toMatch(/content-length: 8\r\n.*\r\n\r\n\{"id$/is);
      expect(await send('HEAD /acme/things/7')).toEqual(cut);
      expect(await send('DELETE /acme/things/7')).toEqual(cut);
      expect((await request(`${control}/state/acme/things`)).body.records).toEqual([]);
      const { entries } = (await request(`${control}/journal`)).body;
      const statuses = entries.map(({ response }: { response: { status: number } }) => response.status);
      // A request that was not carried out has the status 0.
      expect(statuses.sort()).toEqual([200, 200, 204]);
    } finally {
      await sandbox.close();
      rmSync(directory, { recursive: true });
    }
  });

  test('stays silent until the client closes', async () => {
    const client = await withFaults({ name: 'mute', fault: { connection: 'silent' } });
    const abort = new AbortController();
    const asked = client.workspace;
    const sent = fetch(`${baseUrl()}/~${asked}/nuntiq/payments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(await credentials()) },
      body: JSON.stringify(payment),
      signal: abort.signal,
    });
    const outcome = expect(sent).rejects.toThrow();
    const [fault] = await until(
      async () => (await faults(client, 'GET')).body,
      ([each]) => each.struck === 1,
    );
    expect(fault).toMatchObject({ name: 'mute', matched: 1, struck: 1 });
    abort.abort();
    await outcome;
    expect(await payments(client)).toBe(0);
  });

  test('is reset after the request was carried out: the reply is lost', async () => {
    const client = await withFaults({ when: { first: 1 }, fault: { loseReply: true } });
    expect(await raw(client)).toEqual({ text: '', error: 'ECONNRESET' });
    expect(await payments(client)).toBe(1);
    expect((await pay(client)).status).toBe(200);
    expect(await payments(client)).toBe(1);
  });

  test('takes others that are open no harm', async () => {
    const client = await withFaults({ when: { every: 2 }, fault: { connection: 'reset' } });
    expect((await pay(client)).status).toBe(200);
    await expect(pay(client)).rejects.toThrow();
    expect((await pay(client)).status).toBe(200);
  });
});

/** An api of our own, since no vendor's document has an answer without a body. */
function withoutBodies() {
  const directory = mkdtempSync(join(tmpdir(), 'paydouble-faults-'));
  const places = {
    specs: join(directory, 'specs'),
    data: join(directory, 'data'),
    handlers: join(directory, 'handlers'),
  };
  cpSync(join(root, 'specs', '_sandbox'), join(places.specs, '_sandbox'), { recursive: true });
  for (const place of [join(places.specs, 'acme'), join(places.data, 'acme')]) mkdirSync(place, { recursive: true });
  mkdirSync(places.handlers);
  writeFileSync(
    join(places.handlers, 'acme.ts'),
    `export default {
  dialect: () => ({ status: 500 }),
  handlers: {
    getThing: ({ path }, { state }) => ({ status: 200, body: state.things.get(path.id) }),
    deleteThing: ({ path }, { state }) => {
      state.things.remove(path.id);
      return { status: 204 };
    },
  },
};
`,
  );
  writeFileSync(join(places.data, 'acme', 'default.yaml'), 'story: One thing.\nrecords: { things: [{ id: 7 }] }\n');
  writeFileSync(
    join(places.specs, 'acme', 'openapi.yaml'),
    `openapi: 3.0.3
info: { title: Acme, version: '1' }
x-collections: { things: { description: Things., key: id, schema: { $ref: '#/components/schemas/Thing' } } }
components: { schemas: { Thing: { type: object, properties: { id: { type: integer } } } } }
paths:
  /things/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: integer } }]
    get:
      operationId: getThing
      responses:
        '200':
          description: The thing.
          content:
            application/json: { schema: { $ref: '#/components/schemas/Thing' } }
    delete:
      operationId: deleteThing
      responses: { '204': { description: It is gone. } }
`,
  );
  return { places, directory };
}

async function credentials(url = baseUrl()): Promise<Record<string, string>> {
  const { body } = await request(`${url}/_sandbox/apis`);
  return body.find(({ api }: { api: string }) => api === 'nuntiq').headers;
}

describe('when', () => {
  test.each([
    [{ first: 2 }, [503, 503, 200, 200, 200, 200]],
    [{ every: 3 }, [200, 200, 503, 200, 200, 503]],
    [{ after: 4 }, [200, 200, 200, 200, 503, 503]],
    [{ probability: 0 }, [200, 200, 200, 200, 200, 200]],
    [{ probability: 1 }, [503, 503, 503, 503, 503, 503]],
  ])('%j', async (when, expected) => {
    expect(await statuses(await withFaults({ when, fault: down }), 6)).toEqual(expected);
  });

  test('by chance, the same every time and wherever it stands, and another for each name', async () => {
    const rule = { name: 'busy', when: { probability: 0.25 }, fault: down };
    const never = { name: 'never', when: { probability: 0 }, fault: down };
    const found = await statuses(await withFaults(rule), 40);
    const struck = found.filter((status) => status === 503).length;
    expect(struck).toBeGreaterThan(2);
    expect(struck).toBeLessThan(22);
    expect(await statuses(await withFaults(rule), 40)).toEqual(found);
    expect(await statuses(await withFaults(never, rule), 40)).toEqual(found);
    expect(await statuses(await withFaults({ ...rule, name: 'busier' }), 40)).not.toEqual(found);
  });

  test('does not shift what handlers draw', async () => {
    const rules = [{ when: { probability: 0 }, fault: down }, { fault: { latency: { uniform: [1, 9] } } }];
    const bodies = async (client: Client) => [(await pay(client)).text, (await pay(client)).text];
    expect(await bodies(await withFaults(...rules))).toEqual(await bodies(await open('nuntiq')));
  });

  test.each([
    ['reset', 'fault=reset'],
    ['a lost reply', 'fault=loseReply'],
    ['an answer', 'fault=status:500'],
    ['429', 'fault=429:30'],
    ['a refusal of the engine', 'fault=nonsense'],
  ])('does not shift what the request after it draws: %s', async (_, prefer) => {
    const third = async (headers: Record<string, string>) => {
      const client = await open('logisense');
      const drawn = [await client.get('/Payment/'), await client.get('/Payment/', { headers }).catch(() => undefined)];
      const { trackingId } = (await client.get('/Payment/')).body;
      expect(drawn.map((answer) => answer?.body.trackingId)).not.toContain(trackingId);
      return trackingId;
    };
    expect(await third({ prefer })).toBe(await third({}));
  });

  test('nor does what a handler refuses', async () => {
    const third = async (path: string) => {
      const client = await open('logisense');
      await client.get(path);
      return (await client.get('/Payment/')).body.trackingId;
    };
    expect(await third('/Payment/999999')).toBe(await third('/Payment/1'));
  });

  test('counts what the match takes, whatever the rules before it do', async () => {
    const client = await withFaults(
      { name: 'first', when: { first: 1 }, fault: down },
      { name: 'large', match: { body: [{ pointer: '/total_amount', equals: 10.0 }] }, when: { every: 2 }, fault: down },
      { name: 'elsewhere', api: 'upwell', fault: down },
      { name: 'other', operationId: ['createPayment'], fault: { respond: { status: 400 } } },
    );
    expect(await statuses(client, 3)).toEqual([503, 503, 200]);
    expect((await pay(client, undefined, { ...payment, total_amount: 11 })).status).toBe(200);
    const counts = (await faults(client, 'GET')).body.map(
      ({ name, matched, struck }: { name: string; matched: number; struck: number }) => [name, matched, struck],
    );
    expect(counts).toEqual([
      ['first', 4, 1],
      ['large', 3, 1],
      ['elsewhere', 0, 0],
      ['other', 0, 0],
    ]);
  });

  test('a request that is refused anyway meets no fault and is not counted', async () => {
    const client = await withFaults({ fault: down });
    expect((await pay(client, undefined, { ...payment, method: 7 })).status).toBe(400);
    expect((await client.get('/nothing')).status).toBe(404);
    expect((await client.post('/payments', payment, { headers: { 'x-api-key': 'wrong' } })).status).toBe(401);
    expect((await faults(client, 'GET')).body).toMatchObject([{ matched: 0, struck: 0 }]);
  });

  test('the control API meets none', async () => {
    const client = await withFaults({ fault: { connection: 'reset' } });
    const answer = await request(`${baseUrl()}/_sandbox/health`, {
      headers: { 'x-sandbox-workspace': client.workspace },
    });
    expect(answer.status).toBe(200);
  });
});

describe('Prefer: fault', () => {
  test.each([
    ['status:503', 503],
    ['status:400', 400],
    ['429:30', 429],
  ])('%s', async (word, status) => {
    const client = await open('nuntiq');
    const answer = await pay(client, `fault=${word}`);
    expect(answer.status).toBe(status);
    if (status === 429) expect(answer.headers.get('retry-after')).toBe('30');
    expect(await payments(client)).toBe(0);
    expect((await newest(client)).fault).toBe(word);
    expect((await pay(client)).status).toBe(200);
  });

  test('latency:800 is served by the handler', async () => {
    const client = await open('nuntiq');
    waited.length = 0;
    expect((await pay(client, 'fault=latency:800')).status).toBe(200);
    expect([waited, await payments(client)]).toEqual([[800], 1]);
  });

  test.each([
    ['reset', 0],
    ['loseReply', 1],
  ])('%s', async (word, kept) => {
    const client = await open('nuntiq');
    expect(await raw(client, baseUrl(), `fault=${word}`)).toEqual({ text: '', error: 'ECONNRESET' });
    expect(await payments(client)).toBe(kept);
  });

  test('half', async () => {
    const client = await open('nuntiq');
    expect((await raw(client, baseUrl(), 'fault=half')).text).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(await payments(client)).toBe(1);
  });

  test('a rule by its name, which otherwise never strikes', async () => {
    const client = await withFaults({ name: 'gateway-down', when: { probability: 0 }, fault: down });
    expect((await pay(client)).status).toBe(200);
    expect((await pay(client, 'fault="gateway-down"')).status).toBe(503);
    expect((await faults(client, 'GET')).body).toMatchObject([{ matched: 2, struck: 1 }]);
  });

  test.each([
    ['fault=latency:70000', 'takes whole milliseconds from 0 to 60000'],
    ['fault=429', 'takes whole seconds of Retry-After from 0 to 86400'],
    ['fault=latency:1, fault=status:503', 'has fault=latency:1 and fault=status:503; a request takes one'],
  ])('%s is refused: it %s', async (prefer, wrong) => {
    const client = await open('nuntiq');
    expect((await pay(client, prefer)).status).toBe(404);
    const { body } = await control('GET', `/workspaces/${client.workspace}/journal/1`);
    expect(body.problems[0].message).toContain(wrong);
    expect(body.created).toEqual([]);
  });

  test('goes with the other preferences', async () => {
    const client = await open('nuntiq');
    waited.length = 0;
    const answer = await pay(client, 'code=207, fault=latency:5');
    expect([answer.status, waited]).toEqual([207, [5]]);
  });

  test.each(['nonsense', 'reset:1', 'constructor:1'])('%s is refused with what is known', async (word) => {
    const client = await withFaults({ name: 'mine', when: { probability: 0 }, fault: down });
    const answer = await pay(client, `fault=${word}`);
    expect(answer.status).toBe(404);
    expect(answer.body.message).toContain('latency:MILLISECONDS');
    expect(answer.body.message).toContain('mine');
    expect(await payments(client)).toBe(0);
  });
});

describe('the control API', () => {
  test('adds, lists, takes away by name, and all', async () => {
    const client = await open('nuntiq');
    expect((await faults(client, 'GET')).body).toEqual([]);
    const rule = { when: { first: 1 }, fault: { latency: { milliseconds: 5 } } };
    const added = await faults(client, 'POST', '', rule);
    expect(added.status).toBe(201);
    expect(added.body).toEqual({ name: 'fault-1', matched: 0, struck: 0, rule });
    expect(added.headers.get('location')).toBe(`/_sandbox/workspaces/${client.workspace}/faults/fault-1`);
    await faults(client, 'POST', '', { ...rule, name: 'slow' });
    expect((await faults(client, 'POST', '', rule)).body.name).toBe('fault-2');
    expect((await faults(client, 'DELETE', '/slow')).status).toBe(204);
    expect((await faults(client, 'DELETE', '/slow')).body.detail).toContain('Known are fault-1, fault-2.');
    expect((await faults(client, 'DELETE')).status).toBe(204);
    expect((await faults(client, 'GET')).body).toEqual([]);
    expect((await faults(client, 'DELETE', '/slow')).status).toBe(404);
  });

  test('a name that is taken is a conflict', async () => {
    const client = await withFaults({ name: 'down', fault: down });
    expect((await faults(client, 'POST', '', { name: 'down', fault: down })).status).toBe(409);
  });

  test('unnamed rules get names that no other has', async () => {
    const client = await withFaults({ fault: down }, { name: 'fault-1', fault: down }, { fault: down });
    const names = (await faults(client, 'GET')).body.map(({ name }: { name: string }) => name);
    expect(names).toEqual(['fault-2', 'fault-1', 'fault-3']);
  });

  test('has a limit', async () => {
    const client = await withFaults(...Array.from({ length: 100 }, () => ({ fault: down })));
    const answer = await faults(client, 'POST', '', { fault: down });
    expect([answer.status, answer.body.detail]).toEqual([
      429,
      'A workspace has at most 100 faults. Take one away first.',
    ]);
  });

  test('faults are of one workspace, and gone after a reset', async () => {
    const client = await withFaults({ fault: down });
    const other = await open('nuntiq');
    expect((await pay(client)).status).toBe(503);
    expect((await pay(other)).status).toBe(200);
    await request(`${baseUrl()}/_sandbox/workspaces/${client.workspace}/reset`, { method: 'POST' });
    expect((await faults(client, 'GET')).body).toEqual([]);
    expect((await pay(client)).status).toBe(200);
  });

  const wrong: [string, unknown, string[]][] = [
    ['no fault', {}, ['']],
    ['an empty fault', { fault: {} }, ['/fault']],
    ['an unknown member', { fault: down, whn: {} }, ['']],
    ['an empty when', { when: {}, fault: down }, ['/when']],
    ['two whens', { when: { first: 1, every: 2 }, fault: down }, ['/when']],
    ['a count of none', { when: { every: 0 }, fault: down }, ['/when/every']],
    ['a probability above one', { when: { probability: 1.1 }, fault: down }, ['/when/probability']],
    ['a latency that is too long', { fault: { latency: { milliseconds: 60001 } } }, ['/fault/latency/milliseconds']],
    [
      'a sigma below zero',
      { fault: { latency: { logNormal: { median: 1, sigma: -1 } } } },
      ['/fault/latency/logNormal/sigma'],
    ],
    ['a median without a sigma', { fault: { latency: { logNormal: { median: 1 } } } }, ['/fault/latency/logNormal']],
    [
      'a longest that is no whole number',
      { fault: { latency: { normal: { mean: 1, deviation: 1, most: 1.5 } } } },
      ['/fault/latency/normal/most'],
    ],
    [
      'a longest above a minute',
      { fault: { latency: { logNormal: { median: 1, sigma: 1, most: 60001 } } } },
      ['/fault/latency/logNormal/most'],
    ],
    ['two latencies', { fault: { latency: { milliseconds: 1, uniform: [1, 2] } } }, ['/fault/latency']],
    ['bounds the wrong way round', { fault: { latency: { uniform: [2, 1] } } }, ['/fault/latency/uniform']],
    ['two effects', { fault: { connection: 'reset', loseReply: true } }, ['/fault']],
    ['an unknown cut', { fault: { connection: 'cut' } }, ['/fault/connection']],
    ['a name that is a fault', { name: 'reset', fault: down }, ['/name']],
    ['an unknown api', { api: 'acme', fault: down }, ['/api']],
    [
      'unknown operations',
      { operationId: ['upsertPayments', 'nope', 'no'], fault: down },
      ['/operationId/1', '/operationId/2'],
    ],
    ['an operation of another api', { api: 'nuntiq', operationId: 'createPayment', fault: down }, ['/operationId']],
    ['a wrong match', { match: { method: '', status: 200 }, fault: down }, ['/match/method']],
    [
      'a match of the answer',
      { match: { status: 200, response: [] }, fault: down },
      ['/match/status', '/match/response'],
    ],
    ['an undocumented status', { api: 'nuntiq', fault: { respond: { status: 503 } } }, ['/fault/respond/status']],
    [
      'an undocumented 429',
      { api: 'nuntiq', fault: { tooManyRequests: { retryAfter: 1 } } },
      ['/fault/tooManyRequests'],
    ],
    [
      'an unknown example',
      { api: 'nuntiq', fault: { respond: { status: 400, example: 'nope', force: true } } },
      ['/fault/respond/example'],
    ],
    [
      'a body that is not documented',
      { api: 'nuntiq', fault: { respond: { status: 400, body: { message: 7 } } } },
      ['/fault/respond/body/message'],
    ],
    [
      'a body and an example',
      { api: 'nuntiq', fault: { respond: { status: 400, body: {}, example: 'invalid' } } },
      ['/fault/respond'],
    ],
    [
      "the server's own header",
      { fault: { respond: { status: 400, headers: { 'Content-Length': '7', 'a b': '' } } } },
      ['/fault/respond/headers/Content-Length', '/fault/respond/headers/a b'],
    ],
    [
      'a header that breaks the line',
      { fault: { respond: { status: 400, headers: { 'X-A': 'a\r\nSet-Cookie: b' } } } },
      ['/fault/respond/headers/X-A'],
    ],
    [
      'everything at once',
      {
        name: 'half',
        api: 'acme',
        match: { status: 200, fault: true },
        fault: { latency: { uniform: [3, 2] }, loseReply: true },
      },
      ['/name', '/api', '/match/status', '/match/fault', '/fault/latency/uniform'],
    ],
  ];

  test.each(wrong)('refuses %s and changes nothing', async (_, rule, pointers) => {
    const client = await withFaults({ name: 'kept', fault: down });
    const added = await faults(client, 'POST', '', rule);
    expect(added.status, added.text).toBe(400);
    const at = (answer: Answer) => [...new Set(answer.body.errors.map(({ pointer }: { pointer: string }) => pointer))];
    expect(at(added)).toEqual(pointers);
    const replaced = await faults(client, 'PUT', '', [{ fault: down }, rule]);
    expect(at(replaced)).toEqual(pointers.map((pointer) => `/1${pointer}`));
    expect((await faults(client, 'GET')).body).toMatchObject([{ name: 'kept' }]);
  });

  test('refuses a name that comes twice in a list', async () => {
    const client = await open('nuntiq');
    const answer = await faults(client, 'PUT', '', [
      { name: 'a', fault: down },
      { name: 'a', fault: down },
    ]);
    expect([answer.status, answer.body.errors[0].pointer]).toEqual([400, '/1/name']);
  });

  test('says which statuses are documented', async () => {
    const client = await open('nuntiq');
    const answer = await faults(client, 'POST', '', { api: 'nuntiq', fault: { respond: { status: 503 } } });
    expect(answer.body.detail).toBe(
      'upsertPayments documents no status 503; it documents 200, 207, 400, 401, 403, 404, 405, 406, 413, 415, 500. Choose one of them, or add "force": true.',
    );
  });

  test('says once that several operations do not document a status', async () => {
    const client = await open('nuntiq');
    const answer = await faults(client, 'POST', '', { fault: { respond: { status: 503 } } });
    expect(answer.body.errors).toMatchObject([
      { pointer: '/fault/respond/status', message: expect.stringMatching(/^(\w+, ){2}\w+ and \d+ other operations /) },
    ]);
    expect(answer.body.detail).toMatch(/ document no status 503; all of them document .*400.* or add "force": true\.$/);
  });

  test('refuses a path that begins with the api', async () => {
    const answer = await faults(await open('nuntiq'), 'POST', '', { match: { path: '/nuntiq/payments' }, fault: down });
    expect([answer.status, answer.body.errors[0].pointer]).toEqual([400, '/match/path']);
  });

  test('knows no faults of a workspace that does not exist', async () => {
    const nowhere: Client = { ...(await open('nuntiq')), workspace: 'nowhere' };
    expect((await faults(nowhere, 'GET')).status).toBe(404);
  });
});

describe('a scenario', () => {
  /** A data folder whose scenario `shaky` of Nuntiq has these lines behind its story. */
  function dataWith(lines: string): string {
    const data = mkdtempSync(join(tmpdir(), 'paydouble-faults-'));
    cpSync(join(root, 'data', 'nuntiq'), join(data, 'nuntiq'), { recursive: true });
    writeFileSync(
      join(data, 'nuntiq', 'shaky.yaml'),
      `story: The line is bad.\ncredentials: { apiKey: key }\n${lines}\n`,
    );
    return data;
  }

  test('has faults, which a reset puts back', async () => {
    const data = dataWith(
      'faults:\n  - { when: { first: 1 }, fault: { respond: { status: 503, force: true } } }\n  - { name: slow, fault: { latency: { milliseconds: 9.0 } } }',
    );
    const delays: number[] = [];
    const wait = async (milliseconds: number) => void delays.push(milliseconds);
    const sandbox = await startSandbox({ port: 0, log: false, apis: ['nuntiq'], places: { data }, wait });
    try {
      const control = `${sandbox.url}/_sandbox/workspaces`;
      const headers = { 'content-type': 'application/json', 'x-api-key': 'key' };
      const body = JSON.stringify({ name: 'bad', scenario: 'shaky' });
      await request(control, { method: 'POST', headers, body });
      const send = () =>
        request(`${sandbox.url}/~bad/nuntiq/payments`, { method: 'POST', headers, body: JSON.stringify(payment) });
      const list = async () => (await request(`${control}/bad/faults`)).body;
      expect(await list()).toMatchObject([{ name: 'fault-1', rule: { api: 'nuntiq' } }, { name: 'slow' }]);
      expect([(await send()).status, (await send()).status]).toEqual([503, 200]);
      await request(`${control}/bad/faults/slow`, { method: 'DELETE' });
      expect(await list()).toMatchObject([{ matched: 2, struck: 1 }]);
      await request(`${control}/bad/reset`, { method: 'POST' });
      expect(await list()).toMatchObject([{ matched: 0, struck: 0 }, { name: 'slow' }]);
      expect((await send()).status).toBe(503);
      expect(delays).toEqual([9]);
    } finally {
      await sandbox.close();
      rmSync(data, { recursive: true });
    }
  });

  test('with wrong faults is refused with file, line and column', async () => {
    const data = dataWith(
      'faults:\n  - fault: { respond: { status: 503 } }\n  - { api: upwell, fault: { connection: cut } }',
    );
    const sandbox = await startSandbox({ port: 0, log: false, apis: ['nuntiq'], places: { data } });
    try {
      expect(() => sandbox.scenarios.load('nuntiq', 'shaky')).toThrow(
        /shaky\.yaml:4:33: upsertPayments documents no status 503/,
      );
      expect(() => sandbox.scenarios.load('nuntiq', 'shaky')).toThrow(
        /shaky\.yaml:5:\d+: .*must be one of reset, half/,
      );
    } finally {
      await sandbox.close();
      rmSync(data, { recursive: true });
    }
  });
});

describe('what waits', () => {
  /** A client of a sandbox of its own, whose waits end only when the sandbox ends them. */
  async function hanging(waitingAnswers: number) {
    let began: () => void = () => {};
    const waiting = new Promise<void>((resolve) => {
      began = resolve;
    });
    let ended: () => void = () => {};
    const aborted = new Promise<void>((resolve) => {
      ended = resolve;
    });
    const sandbox = await startSandbox({
      port: 0,
      log: false,
      apis: ['nuntiq'],
      limits: { waitingAnswers },
      wait: (_, signal) => {
        began();
        signal.addEventListener('abort', () => ended());
        return new Promise(() => {});
      },
    });
    const headers = await credentials(sandbox.url);
    const send = (prefer: string, signal?: AbortSignal) =>
      fetch(`${sandbox.url}/nuntiq/payments`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json', prefer },
        body: JSON.stringify(payment),
        ...(signal === undefined ? {} : { signal }),
      });
    return { sandbox, headers, send, waiting, aborted };
  }

  test('goes out when the sandbox closes', async () => {
    const { sandbox, send, waiting } = await hanging(10);
    const late = send('fault=latency:60000');
    await waiting;
    await sandbox.close();
    expect((await late).status).toBe(200);
    // Not only when the connections that are left are cut.
  }, 4_000);

  test('goes out before what was sent behind it on its connection, which is answered too', async () => {
    const { sandbox, headers, waiting } = await hanging(10);
    const body = JSON.stringify(payment);
    const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    const late = exchange(
      sandbox.url,
      [
        'POST /nuntiq/payments HTTP/1.1',
        ...head,
        'Content-Type: application/json',
        `Content-Length: ${Buffer.byteLength(body)}`,
        'Prefer: fault=latency:60000',
      ],
      `${body}${['GET /nuntiq/nowhere HTTP/1.1', 'Host: 127.0.0.1', ...head].join('\r\n')}\r\n\r\n`,
    );
    await waiting;
    await sandbox.close();
    expect((await late).text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 404']);
  }, 4_000);

  test('a silent connection is reset when the sandbox closes', async () => {
    const { sandbox, send } = await hanging(10);
    const silent = expect(send('fault=silent')).rejects.toThrow();
    await until(
      async () => (await request(`${sandbox.url}/_sandbox/workspaces/default/journal`)).body.counters.total,
      (total) => total === 1,
    );
    await sandbox.close();
    await silent;
  });

  test('ends when the client goes', async () => {
    const { sandbox, send, waiting, aborted } = await hanging(10);
    const abort = new AbortController();
    const gone = expect(send('fault=latency:60000', abort.signal)).rejects.toThrow();
    await waiting;
    abort.abort();
    await gone;
    await aborted;
    await sandbox.close();
  });

  test('is limited: one more does not wait', async () => {
    const { sandbox, send, waiting } = await hanging(1);
    const late = send('fault=latency:60000');
    await waiting;
    expect((await send('fault=latency:60000')).status).toBe(200);
    await expect(send('fault=silent')).rejects.toThrow();
    await sandbox.close();
    expect((await late).status).toBe(200);
  });
});
