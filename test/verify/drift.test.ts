/**
 * Our own sandbox compared with itself, and what is left aside: faults, what the caller names, what a server has otherwise
 * each time; and the command.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attach } from '../../src/client/sandbox.js';
import { documentedApis } from '../../src/document.js';
import { root } from '../../src/paths.js';
import { type Sandbox, startSandbox } from '../../src/sandbox.js';
import { driftChecks, type Phase, phases } from '../../src/verify/case.js';
import type { Server } from '../../src/verify/drift/two-servers.js';
import { sandboxAuthority } from '../../src/verify/target.js';
import { verify } from '../../src/verify/verify.js';
import { type Ended, paydouble } from '../command.js';
import { withTwoLedgers } from './two-ledgers.js';

/** Compares a server with another, or with a sandbox that is started for it. */
async function compare(document: string, first: Server, chosen: readonly Phase[] = phases) {
  const { report } = await verify({
    document,
    authority: first.authority,
    compared: { first, ignored: [] },
    phases: new Set(chosen),
    checks: new Set(driftChecks),
    seed: 1,
    maxExamples: 5,
    maxMilliseconds: 60_000,
    workers: 8,
    timeoutMilliseconds: 30_000,
  });
  return report;
}

describe('a sandbox and another', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox({ port: 0, log: false });
  });
  afterAll(() => sandbox.close());

  /** An api of it, in a workspace whose clock is days ahead. */
  async function server(api: string): Promise<Server> {
    const { control } = attach(sandbox.url);
    const { name, url } = await control.ask(control.api.POST('/workspaces', { body: { scenario: 'default' } }));
    await control.ask(
      control.api.POST('/workspaces/{name}/clock', { params: { path: { name } }, body: { advance: 'PT963H' } }),
    );
    return { baseUrl: `${control.url}${url}/${api}`, authority: await sandboxAuthority(control, api) };
  }

  test.each(documentedApis())(
    'differ in nothing but stamps: %s',
    async (api) => {
      const { findings, outcomes, aside } = await compare(api, await server(api));
      expect(findings.map(({ check, message, curl }) => `${check}: ${message}\n${curl}`)).toEqual([]);
      for (const phase of ['negative', 'positive', 'fuzz']) {
        expect(outcomes.filter((outcome) => outcome.case.phase === phase).length, phase).toBeGreaterThan(4);
      }
      // What the others answer has no stamps, or hardly any.
      if (api === 'logisense' || api === 'staxbill') expect(aside?.map(({ what }) => what)).toContain('stamps');
    },
    120_000,
  );

  test('answers that faults give are left aside, and the request is sent again', async () => {
    const struck = await server('nuntiq');
    const { control } = attach(sandbox.url);
    const [, name = ''] = /~([^/]+)/.exec(struck.baseUrl) ?? [];
    const body = { name: 'busy', when: { every: 2 }, fault: { respond: { status: 503, force: true } } };
    await control.ask(control.api.POST('/workspaces/{name}/faults', { params: { path: { name } }, body }));
    const report = await compare('nuntiq', struck, ['positive']);
    expect(report.findings.map(({ message }) => message)).toEqual([]);
    const faults = report.aside?.filter(({ what }) => what === 'faults') ?? [];
    expect(faults.map(({ place }) => place)).toEqual(['upsertPayments']);
    expect(faults[0]?.count).toBeGreaterThan(5);
  });

  test('a fault that always strikes is no difference either', async () => {
    const struck = await server('midnight');
    const { control } = attach(sandbox.url);
    const [, name = ''] = /~([^/]+)/.exec(struck.baseUrl) ?? [];
    const body = { fault: { respond: { status: 503, force: true } } };
    await control.ask(control.api.POST('/workspaces/{name}/faults', { params: { path: { name } }, body }));
    const report = await compare('midnight', struck, ['positive']);
    expect(report.findings.map(({ message }) => message)).toEqual([]);
  });
});

/** A server that gives the same answer to everything. */
async function withAnswer<Result>(
  answer: (count: number) => { headers?: Record<string, string>; body: unknown },
  use: (url: string) => Promise<Result>,
): Promise<Result> {
  let count = 0;
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      const { headers = {}, body } = answer(++count);
      response.writeHead(200, { 'Content-Type': 'application/json', ...headers });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const anything = join(root, 'test', 'verify', 'anything.yaml');

/** Where two servers that answer so differ: checks with places, and what is left aside. */
async function differences(
  first: (count: number) => { headers?: Record<string, string>; body: unknown },
  second: (count: number) => { headers?: Record<string, string>; body: unknown },
  ignored: readonly string[] = [],
) {
  const authority = { credentials: new Map(), headers: [] };
  const { report } = await withAnswer(first, (one) =>
    withAnswer(second, (other) =>
      verify({
        document: anything,
        authority,
        compared: { first: { baseUrl: one, authority }, second: { baseUrl: other, authority }, ignored },
        phases: new Set(['positive']),
        checks: new Set(driftChecks),
        seed: 1,
        maxExamples: 1,
        maxMilliseconds: 1_000,
        workers: 1,
        timeoutMilliseconds: 10_000,
      }),
    ),
  );
  return {
    told: report.findings.map(({ check, pointer, message }) => `${check} ${pointer} ${message}`),
    aside: report.aside?.map(({ what, place }) => `${what} ${place}`),
  };
}

describe('a difference in', () => {
  test.each([
    ['a value', '{"a": 1}', '{"a": 2}', 'value_drift /a A has 1, B has 2. The document allows both.'],
    ['the text of a number', '{"a": 1.0}', '{"a": 1.00}', 'number_text_drift /a A has 1.0, B has 1.00.'],
    ['a member', '{"a": 1}', '{}', 'member_drift /a A has 1, B has nothing.'],
    ['null and nothing', '{"a": null}', '{}', 'member_drift /a A has null, B has nothing.'],
    ['null and a value', '{"a": null}', '{"a": "x"}', 'null_drift /a A has null, B has "x".'],
    ['a type', '{"a": "1"}', '{"a": 1}', 'type_drift /a A has "1", B has 1.'],
    ['the length of a list', '{"a": [1, 2]}', '{"a": [1]}', 'list_drift /a A has a list of 2, B has a list of 1.'],
    ['JSON', '{}', '{', 'body_drift  A has a JSON body, B has a body that is no JSON, "{". B breaks the document: '],
    [
      'a sent value that is a time',
      '{"sent": "2026-01-15T12:00:00Z"}',
      '{"sent": "2026-01-15T07:00:00Z"}',
      'value_drift /sent',
    ],
  ])('%s is told', async (_, first, second, told) => {
    const { told: found } = await differences(
      () => ({ body: first }),
      () => ({ body: second }),
    );
    expect(found).toEqual([expect.stringContaining(told)]);
  });

  test('a header is told once, whether its presence or its value', async () => {
    const { told } = await differences(
      () => ({ headers: { 'X-One': 'a', 'X-Both': '1' }, body: {} }),
      () => ({ headers: { 'X-Both': '2' }, body: {} }),
    );
    expect(told).toEqual([
      expect.stringContaining('header_drift  Header x-one: A has "a", B has none. The document says nothing of it.'),
      expect.stringContaining('header_drift  Header x-both: A has "1", B has "2".'),
    ]);
  });

  test.each([
    [
      'times that the document calls so',
      '{"at": "2026-01-15T12:00:00Z"}',
      '{"at": "2020-01-01T00:00:00.5Z"}',
      'stamps read /at',
    ],
    [
      'UUIDs',
      '{"id": "6f1c2a5e-9d47-4b0e-8a63-2f5d7c1e4b01"}',
      '{"id": "6f1c2a5e-9d47-4b0e-8a63-2f5d7c1e4b02"}',
      'ids read /id',
    ],
  ])('%s is left aside', async (_, first, second, left) => {
    const { told, aside } = await differences(
      () => ({ body: first }),
      () => ({ body: second }),
    );
    expect([told, aside]).toEqual([[], [left]]);
  });

  test('the time of the answer is left aside, and another time is told, where the document says nothing of it', async () => {
    const at = (milliseconds: number) => {
      const body = { other: new Date(milliseconds).toISOString() };
      return () => ({ body });
    };
    const now = await differences(at(Date.now() - 1_000), at(Date.now() + 1_000));
    expect([now.told, now.aside]).toEqual([[], ['stamps read /other']]);
    const another = await differences(at(Date.now()), at(Date.now() + 86_400_000));
    expect(another).toEqual({ told: [expect.stringContaining('value_drift /other')], aside: [] });
  });

  test('what one server has otherwise each time is left aside, and what it has always is not', async () => {
    const { told, aside } = await differences(
      (count) => ({ headers: { 'X-Request': `a-${count}` }, body: { trace: `t${count}`, steady: 'one' } }),
      (count) => ({ headers: { 'X-Request': `b-${count}` }, body: { trace: 'fixed', steady: `two${count > 0}` } }),
    );
    expect(told).toEqual([expect.stringContaining('value_drift /steady A has "one", B has "twotrue".')]);
    expect(aside).toEqual(['volatile read x-request', 'volatile read /trace']);
  });

  test('what is ignored is left aside in the open, with what is below it', async () => {
    const { told, aside } = await differences(
      () => ({ headers: { 'X-One': 'a' }, body: { list: [{ a: 1 }], b: 1 } }),
      () => ({ body: { list: [{ a: 2 }], b: 2 } }),
      ['/list/0/a', 'X-ONE'],
    );
    expect(told).toEqual([expect.stringContaining('value_drift /b')]);
    expect(aside).toEqual(['ignored read x-one', 'ignored read /list/0/a']);
  });
});

const directory = mkdtempSync(join(tmpdir(), 'paydouble-drift-'));
afterAll(() => rmSync(directory, { recursive: true }));

const ledgerDocument = join(root, 'test', 'verify', 'ledger.yaml');

/** Runs `paydouble verify`. */
function command(...parameters: string[]): Promise<Ended> {
  return paydouble(['verify', ...parameters], directory);
}

describe('the command', () => {
  const credential = ['--credential', 'key=ledger-key'];

  test('tells each difference once, with both values, the document, and two curls; writes reports', async () => {
    await withTwoLedgers('number as text', async (first, second) => {
      const servers = [ledgerDocument, '--against', first, '--and', second, ...credential, '--phase', 'positive'];
      const files = ['junit=r.xml', 'ctrf=r.json', 'html=r.html'].flatMap((file) => ['--report', file]);
      const { code, out } = await command(...servers, ...files, '--cases', 'cases.jsonl');
      expect(code).toBe(1);
      expect(out).toContain(`Ledger at A ${first}, B ${second}\n`);
      expect(out).toContain(
        'A has 20, B has "20". B breaks the document: /items/0/amount: must be number. Received "20".',
      );
      expect(out).toMatch(/in the document: #\/components\/schemas\/Payment\/properties\/amount\n/);
      expect(out.split(`curl -i -X GET '${first}/payments'`)).toHaveLength(2);
      expect(out.split(`curl -i -X GET '${second}/payments'`)).toHaveLength(2);
      expect(out).toMatch(/^left aside {3}ids \d+ times: createPayment \/paymentId$/m);
      expect(out).toMatch(/\n4 differences\. /);
      const [, id = ''] = /again: --replay '([^']+)'/.exec(out) ?? [];
      const again = await command(...servers, '--replay', id, '--json');
      expect(again.code).toBe(1);
      expect(JSON.parse(again.out)).toMatchObject({
        counts: [{ name: 'positive', judged: 1, failed: 1 }],
        findings: [{ check: 'type_drift', pointer: '/items/0/amount', status: 200, other: { status: 200 } }],
      });
      expect(readFileSync(join(directory, 'r.xml'), 'utf8')).toContain('<failure type="type_drift"');
      expect(readFileSync(join(directory, 'r.json'), 'utf8')).toContain('type_drift: A has 20');
      const page = readFileSync(join(directory, 'r.html'), 'utf8');
      expect(page).toContain('<p class="verdict bad">4 differences <span>');
      expect(page).toContain('<h4>Request to B</h4>');
    });
  });

  test('says that two servers are the same; gives each its own headers and credentials', async () => {
    await withTwoLedgers(undefined, async (first, second) => {
      const servers = [ledgerDocument, '--against', `${first}/`, '--and', second, '--phase', 'negative'];
      const each = ['--credential', 'key=wrong', '--credential-a', 'key=ledger-key', '--header-b', 'x-key: ledger-key'];
      const { code, out } = await command(...servers, ...each);
      expect([code, out]).toEqual([0, expect.stringContaining('No difference.')]);
    });
  });

  test('leaves aside what is to be ignored, and checks that are not chosen', async () => {
    await withTwoLedgers('number as text', async (first, second) => {
      const servers = [ledgerDocument, '--against', first, '--and', second, ...credential, '--phase', 'positive'];
      const ignored = await command(...servers, '--ignore', '/amount', '--ignore', '/items/*/amount');
      expect([ignored.code, ignored.out]).toEqual([0, expect.stringMatching(/left aside {3}ignored \d+ times: /)]);
      const other = await command(...servers, '--exclude-check', 'type_drift');
      expect([other.code, other.out]).toEqual([0, expect.stringContaining('No difference.')]);
    });
  });

  test('that cannot run says why in one line, with exit code 2', async () => {
    await withTwoLedgers(undefined, async (first, second) => {
      const both = [ledgerDocument, '--against', first, '--and', second];
      const wrong: readonly (readonly [readonly string[], string | RegExp])[] = [
        [
          [ledgerDocument, '--against', first, '--and', 'http://127.0.0.1:9', ...credential],
          /^No answer from http:\/\/127\.0\.0\.1:9\/.*Is the server up\?\n$/,
        ],
        [
          [ledgerDocument, '--against', 'http://127.0.0.1:9', '--and', second, ...credential],
          /^No answer from http:\/\/127\.0\.0\.1:9\/.*Is the server up\?\n$/,
        ],
        [
          [...both, '--credential-a', 'key=ledger-key', '--credential-b', 'key=wrong'],
          `Every operation answers 401 at ${second}: the credential is refused. Give another with --header or --credential, or their forms for one server.\n`,
        ],
        [
          [ledgerDocument, '--against', first, ...credential],
          'For a document of your own, --and says where the second server is.\n',
        ],
        [
          [ledgerDocument, '--and', second, '--header-b', 'a: b'],
          'error: --and, --header-b is for two servers: --against says where the first is.\n',
        ],
        [[...both, '--url', first], "error: option '--against <url>' cannot be used with option '--url <url>'\n"],
        [[...both, '--check', 'ignored_auth'], /^No check is left: two servers are compared by answer_drift, /],
        [[ledgerDocument, '--against', 'nowhere'], /^--against: received nowhere; expected the URL of a server/],
        [
          [...both, '--ignore', 'a b'],
          /Expected a JSON pointer, such as \/items\/0\/note, or the name of a header\.\n$/,
        ],
        [[...both, ...credential, '--replay', 'nothing'], 'There is no case nothing in this document.\n'],
      ];
      const ended = await Promise.all(wrong.map(([words]) => command(...words)));
      for (const [index, { code, out, error }] of ended.entries()) {
        const [words, message] = wrong[index] ?? [];
        expect([words, code, out]).toEqual([words, 2, '']);
        expect(error).toEqual(typeof message === 'string' ? message : expect.stringMatching(message ?? /^$/));
      }
    });
  });
});
