/**
 * What the proxy tells of a client and of its server, and that it tells nothing of those that keep the document.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { documentedApis } from '../../src/document.js';
import { root } from '../../src/paths.js';
import { type ProxyOptions, startProxy } from '../../src/proxy/proxy.js';
import { bases } from '../../src/verify/bases.js';
import { VerifiedContract } from '../../src/verify/contract.js';
import { render } from '../../src/verify/request.js';
import { readContract } from '../../src/verify/verify.js';
import { baseUrl, request, useSandbox } from '../harness.js';
import { type Defect, defects, Ledger } from '../verify/ledger.js';

const document = join(root, 'test', 'verify', 'ledger.yaml');

useSandbox();

type Send = (
  method: string,
  target: string,
  body?: string | Buffer,
  headers?: Record<string, string>,
) => Promise<Response>;

/** What a client sends to the ledger if nothing else is said. */
const usual = { 'x-key': 'ledger-key', 'x-client': 'till-1', 'content-type': 'application/json' };

/** Lets a client of the ledger do something through the proxy; gives the report. */
async function through(
  defect: Defect | undefined,
  act: (send: Send) => Promise<unknown>,
  options: Partial<ProxyOptions> = {},
) {
  const ledger = new Ledger(defect);
  const upstream = await ledger.listen();
  const lines: string[] = [];
  const proxy = await startProxy({ document, upstream, told: (line) => lines.push(line), ...options });
  try {
    await act(async (method, target, body, headers = {}) => {
      const answer = await fetch(`${proxy.url}${target}`, {
        method,
        headers: { ...usual, ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : new Uint8Array(body) }),
      });
      await answer.arrayBuffer();
      return answer;
    });
    const report = await proxy.close();
    return { ...report, lines };
  } finally {
    ledger.close();
  }
}

const valid = JSON.stringify({
  amount: 12.5,
  currency: 'EUR',
  note: 'A note.',
  reference: 'AB-123',
  dueOn: '2026-01-31',
});

/** A client that does what a client does, and keeps the document. */
async function usualClient(send: Send): Promise<void> {
  await send('GET', '/payments?page=1&size=2&status=open');
  await send('POST', '/payments', valid);
  await send('GET', '/payments/1');
  await send('GET', '/payments/99');
  await send('PATCH', '/payments/1', '{"note": null}');
  await send('DELETE', '/payments/1');
}

/** A client that also sends what the document forbids. */
async function carelessClient(send: Send): Promise<void> {
  await usualClient(send);
  await send('PUT', '/payments', '{}');
  await send('POST', '/payments', '{"amount": 0, "currency": "EUR"}');
  await send('POST', '/payments', '{"amount": "1", "currency": "EUR"}');
  await send('POST', '/payments', JSON.stringify({ amount: 1, currency: 'EUR', note: 'x'.repeat(41) }));
  // One of the defects is that the server hangs up on what is no JSON.
  await send('POST', '/payments').catch(() => {});
  await send('POST', '/payments', '{"amount": 1').catch(() => {});
}

test('a client and a server that keep the document: nothing is told', async () => {
  const { findings, counts, notes, coverage, lines } = await through(undefined, usualClient);
  expect(findings).toEqual([]);
  expect(lines).toEqual([]);
  expect(notes).toEqual([]);
  expect(counts).toEqual([
    { name: 'requests', judged: 6, failed: 0, ruled: 0 },
    { name: 'answers', judged: 6, failed: 0, ruled: 0 },
  ]);
  const reached = coverage
    .filter(({ phases }) => phases.length > 0)
    .map(({ operationId, name }) => `${operationId} ${name}`);
  expect(reached).toContain('getPayment 404 application/json');
  expect(reached).toContain('deletePayment DELETE /payments/{paymentId}');
  expect(reached).not.toContain('createPayment 400 application/json');
});

describe('a request that breaks the document is told', () => {
  const requests: Readonly<
    Record<string, readonly [(send: Send) => Promise<unknown>, check: string, told: RegExp, pointer: string]>
  > = {
    'an unknown path': [
      (send) => send('GET', '/nowhere'),
      'request_path_conformance',
      /GET \/nowhere; the document has no such path/,
      '/path',
    ],
    'an unknown method': [
      (send) => send('PUT', '/payments', '{}'),
      'request_method_conformance',
      /PUT \/payments; documented: GET, POST/,
      '/method',
    ],
    'no credential': [
      (send) => send('GET', '/payments', undefined, { 'x-key': '' }),
      'request_security_conformance',
      /No credential for key in the header X-Key/,
      '/header/X-Key',
    ],
    'a query parameter out of range': [
      (send) => send('GET', '/payments?size=51'),
      'request_parameters_conformance',
      /must be <= 50\. Received 51/,
      '/query/size',
    ],
    'a path parameter of another type': [
      (send) => send('GET', '/payments/x'),
      'request_parameters_conformance',
      /must be integer/,
      '/path/paymentId',
    ],
    'a header that is too long': [
      (send) => send('POST', '/payments', valid, { 'x-client': 'x'.repeat(21) }),
      'request_parameters_conformance',
      /must NOT have more than 20 characters/,
      '/header/x-client',
    ],
    'another media type': [
      (send) => send('POST', '/payments', 'a=b', { 'content-type': 'application/x-www-form-urlencoded' }),
      'request_content_type_conformance',
      /Received Content-Type application\/x-www-form-urlencoded; documented: application\/json/,
      '/header/content-type',
    ],
    'no body': [(send) => send('POST', '/payments'), 'request_body_conformance', /Received no body/, '/body'],
    'a body that is no JSON': [
      (send) => send('POST', '/payments', '{"amount"'),
      'request_body_conformance',
      /no JSON/,
      '/body',
    ],
    'a body that breaks its schema': [
      (send) => send('POST', '/payments', '{"amount": "12", "currency": "EUR"}'),
      'request_body_conformance',
      /\/amount: must be number\. Received "12"/,
      '/body/amount',
    ],
    'a compressed body that breaks its schema': [
      (send) =>
        send('POST', '/payments', gzipSync('{"amount": "12", "currency": "EUR"}'), { 'content-encoding': 'gzip' }),
      'request_body_conformance',
      /must be number/,
      '/body/amount',
    ],
    'a body where none is documented': [
      (send) => send('DELETE', '/payments/1', '{}'),
      'request_body_conformance',
      /documented: none/,
      '/body',
    ],
  };

  test.each(Object.entries(requests))('%s', async (_, [act, check, told, pointer]) => {
    // Twice: it is one defect.
    const { findings, lines, counts } = await through(undefined, (send) => act(send).then(() => act(send)));
    expect(findings.map((finding) => [finding.check, finding.pointer, finding.count])).toEqual([[check, pointer, 2]]);
    expect(findings[0]?.message).toMatch(told);
    expect(findings[0]?.curl).toMatch(/^curl -i -X [A-Z]+ 'http/);
    expect(lines).toHaveLength(1);
    expect(counts).toMatchObject([{ failed: 2 }, { failed: 0 }]);
  });
});

test('a failure leads to the keyword in the document', async () => {
  const { findings } = await through('number as text', async (send) => {
    await send('POST', '/payments', JSON.stringify({ amount: 1, currency: 'EUR', note: 'x'.repeat(41) }));
    await send('GET', '/payments?size=x');
    await send('GET', '/payments/1');
  });
  expect(findings.map(({ documented }) => documented)).toEqual([
    '/components/schemas/NewPayment/properties/note/maxLength',
    expect.stringMatching(/^\/paths\/~1payments\/get\/parameters\/\d\/schema\/type$/),
    '/components/schemas/Payment/properties/amount/type',
  ]);
});

test('a query parameter that nobody documents is noted, and fails nothing', async () => {
  const { findings, lines, notes } = await through(undefined, async (send) => {
    await send('GET', '/payments?page=1&size=2&limt=5');
    await send('GET', '/payments?limt=6&PAGE=1');
    await send('GET', '/payments/1?x%0Ay=1');
  });
  expect(findings).toEqual([]);
  const listed = 'The query parameter limt of listPayments is not documented; documented: page, size, status';
  expect(lines).toEqual([
    expect.stringContaining(`note: ${listed}`),
    'note: The query parameter x\\u000ay of getPayment is not documented; documented: none.',
  ]);
  expect(notes).toEqual([
    expect.stringContaining(`2 × ${listed}`),
    expect.stringMatching(/^1 × The query parameter x/),
  ]);
});

test('an operation that was only refused was not exercised', async () => {
  const { coverage } = await through(undefined, (send) => send('GET', '/payments/99'));
  const reached = coverage.filter(({ phases }) => phases.length > 0).map(({ kind, name }) => `${kind} ${name}`);
  expect(reached).toEqual(['response 404 application/json']);
});

test('a curl can be pasted: the credential is a variable, and the answer is not encoded', async () => {
  const { findings } = await through(undefined, (send) =>
    send('GET', '/payments/1?size=1', undefined, { accept: '*/*' }),
  );
  expect(findings).toEqual([]);
  const { findings: told } = await through(undefined, (send) => send('GET', '/payments?size=x'));
  expect(told[0]?.curl).toContain(`-H 'x-key: '"\${X_KEY:?}"`);
  expect(told[0]?.curl).not.toMatch(/accept-encoding|ledger-key/i);
});

describe('a defect of the server is told where an answer shows it', () => {
  const ofAnswers = /_conformance$/;
  const all = Object.keys(defects).filter((name): name is Defect => name in defects);
  /** What the client above meets, of defects that `verify` finds by what it sends. */
  const shown: Readonly<Record<string, string>> = {
    'hangs up on malformed JSON': 'answer_arrives',
    'answers any method': 'status_code_conformance',
    '500 on a wrong type': 'status_code_conformance',
    '500 on a long text': 'status_code_conformance',
    '500 on no body': 'status_code_conformance',
    'accepts below minimum': 'response_schema_conformance',
    'accepts wrong type': 'response_schema_conformance',
    'accepts numbers as text': 'response_schema_conformance',
  };
  const expected = (defect: Defect) => shown[defect] ?? (ofAnswers.test(defects[defect]) ? defects[defect] : '');

  test.each(all)('%s', async (defect) => {
    const { findings } = await through(defect, carelessClient);
    const told = findings.filter(({ check }) => !check.startsWith('request_')).map(({ check }) => check);
    if (expected(defect) === '') expect(told).toEqual([]);
    else expect(told).toContain(expected(defect));
  });
});

describe('bodies that cannot be judged are counted', () => {
  const encodings = {
    gzip: gzipSync(valid),
    deflate: deflateSync(valid),
    br: brotliCompressSync(valid),
    'deflate, gzip': gzipSync(deflateRawSync(valid)),
  };
  test.each(Object.entries(encodings))('but not %s, which is read', async (encoding, body) => {
    const { notes, findings } = await through(undefined, (send) =>
      send('POST', '/payments', body, { 'content-encoding': encoding }),
    );
    expect([findings, notes]).toEqual([[], []]);
  });

  const reasons: Readonly<Record<string, readonly [encoding: string, body: Buffer, note: RegExp]>> = {
    'an unknown encoding': ['rot13', Buffer.from(valid), /Content-Encoding "rot13" is not known/],
    'an encoding that it has not': ['gzip', Buffer.from(valid), /it is said to be gzip and is not/],
    'one that grows beyond the bound': ['gzip', gzipSync(' '.repeat(5_000)), /longer than 1000 bytes without gzip/],
    'one that is longer than the bound': ['identity', Buffer.alloc(1_001, ' '), /longer than the 1000 bytes/],
  };
  test.each(Object.entries(reasons))('%s', async (_, [encoding, body, note]) => {
    const { notes, findings } = await through(
      undefined,
      (send) => send('POST', '/payments', body, { 'content-encoding': encoding }),
      { limits: { bodyBytes: 1_000 } },
    );
    expect(findings).toEqual([]);
    expect(notes).toEqual([expect.stringMatching(/^Not judged: 1 × a request's body: /)]);
    expect(notes[0]).toMatch(note);
  });
});

describe('by a document as people have them', () => {
  const ok = "'200': { description: OK. }, '400': { description: No. }";
  const directory = mkdtempSync(join(tmpdir(), 'paydouble-proxy-'));
  afterAll(() => rmSync(directory, { recursive: true }));
  const file = join(directory, 'people.yaml');
  writeFileSync(
    file,
    `openapi: 3.1.0
info: { title: People, version: '1' }
paths:
  /payments:
    get:
      operationId: list
      parameters:
        - { name: filter, in: query, required: true, content: { application/json: { schema: { type: object } } } }
        - { name: created, in: query, required: true, style: deepObject, schema: { $ref: '#/components/schemas/Span' } }
        - { name: size, in: query, schema: { type: [integer, 'null'], maximum: 50 } }
      responses: { ${ok} }
    post:
      operationId: form
      requestBody: { content: { application/x-www-form-urlencoded: { schema: { type: object, required: [n], properties: { n: { type: integer }, t: { type: string }, l: { type: array, items: { type: integer } } } } } } }
      responses: { ${ok} }
    put:
      operationId: any
      requestBody: { content: { '*/*': { schema: {} } } }
      responses: { ${ok} }
components:
  schemas: { Span: { type: object, properties: { after: { type: string, format: iban } } } }
`,
  );
  const told = async (act: (send: Send) => Promise<unknown>) => {
    const { findings, notes } = await through(undefined, act, { document: file });
    const requests = findings.filter(({ check }) => check.startsWith('request_'));
    return { requests: requests.map(({ check, pointer }) => `${check} ${pointer}`), notes };
  };

  test('what is noted of it stands in the report, and parameters of many parts are told as not judged', async () => {
    const { requests, notes } = await told((send) =>
      send('GET', '/payments?filter=%7B%7D&created%5Bafter%5D=x&size=51'),
    );
    expect(requests).toEqual(['request_parameters_conformance /query/size']);
    expect(notes).toEqual([
      expect.stringMatching(/^format iban: nobody judges it/),
      expect.stringMatching(
        /^Not judged: 1 × the parameter filter of the query: .*; 1 × the parameter created of the query: /,
      ),
    ]);
  });

  test('forms are judged as a server reads them', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const of = async (body: string) => (await told((send) => send('POST', '/payments', body, form))).requests;
    expect(await of('n=1&t=2&l=1&l=2')).toEqual([]);
    expect(await of('n=a&t=2')).toEqual(['request_body_conformance /body/n']);
    expect(await of('n=1&l=1&l=b')).toEqual(['request_body_conformance /body/l/1']);
  });

  test('a range of media types takes what it covers', async () => {
    const { requests } = await told((send) => send('PUT', '/payments', 'text', { 'content-type': 'text/plain' }));
    expect(requests).toEqual([]);
  });
});

describe('in front of the sandbox, requests that the document shows break nothing', () => {
  test.each(documentedApis())('%s', async (name) => {
    const { document: own } = await readContract(name);
    const contract = new VerifiedContract(own);
    const { body: apis } = await request(`${baseUrl()}/_sandbox/apis`);
    const { credentials } = apis.find((each: { api: string }) => each.api === name);
    const values = credentials.map(({ scheme, values: [value] }: { scheme: string; values: string[] }) => [
      scheme,
      value,
    ]);
    const authority = { credentials: new Map<string, string>(values), headers: [] };
    const proxy = await startProxy({ document: name, upstream: `${baseUrl()}/${name}`, told: () => {} });
    let sent = 0;
    for (const operation of own.operations) {
      for (const base of bases(contract, operation)) {
        if (contract.faults(operation, base.values).length > 0) continue;
        const { method, path, headers, body } = render(own, base, authority);
        const fields = headers.map(([field, value]): [string, string] => [field, value]);
        await fetch(`${proxy.url}${path}`, { method, headers: fields, ...(body === undefined ? {} : { body }) }).then(
          (answer) => answer.text(),
        );
        sent++;
      }
    }
    const { findings, counts } = await proxy.close();
    expect(findings.map(({ check, message, curl }) => `${check}: ${message}\n${curl}`)).toEqual([]);
    expect(sent).toBeGreaterThan(0);
    expect(counts).toMatchObject([{ judged: sent }, { judged: sent }]);
  });
});
