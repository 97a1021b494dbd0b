/**
 * A first run against a server of one's own: what cannot be judged is one line that says what to do, with exit code 2.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { paydouble } from '../command.js';
import { type Answer, type Asked, type SmallServer, startSmallServer } from './small-server.js';

const directory = mkdtempSync(join(tmpdir(), 'paydouble-first-run-'));
afterAll(() => rmSync(directory, { recursive: true }));

const document = join(directory, 'openapi.yaml');
writeFileSync(
  document,
  `openapi: 3.0.3
info: { title: Payouts, version: '1' }
servers: [{ url: https://payouts.example/v1 }]
security: [{ apiKey: [] }]
components: { securitySchemes: { apiKey: { type: apiKey, in: header, name: X-Key } } }
paths:
  /payouts:
    get: { operationId: listPayouts, responses: { '200': { description: OK. }, '401': { description: Who? } } }
  /balance:
    get: { operationId: getBalance, responses: { '200': { description: OK. }, '401': { description: Who? } } }
`,
);

/** Runs the command against a server that answers so. */
async function against(
  answer: (asked: Asked, server: () => SmallServer) => Answer,
  words: readonly string[],
  path = '',
) {
  const server: SmallServer = await startSmallServer((asked) => answer(asked, () => server));
  try {
    const ended = await paydouble(['verify', document, '--url', `${server.url}${path}`, ...words], directory);
    return { ...ended, error: ended.error.replaceAll(server.url, 'URL') };
  } finally {
    server.close();
  }
}

const key = ['--credential', 'apiKey=x'];
const open = ({ headers }: Asked): Answer => (headers['x-key'] === 'x' ? [200] : [401]);

test('a URL without http:// is refused', async () => {
  for (const url of ['127.0.0.1:8080/v1', 'localhost:8080']) {
    const { code, out, error } = await paydouble(['verify', document, '--url', url], directory);
    expect([code, out, error.trimEnd().split('\n')]).toEqual([
      2,
      '',
      [expect.stringContaining('expected the URL of a server: https://')],
    ]);
  }
});

test('a credential for a scheme that there is not is refused, and one that is missing is named', async () => {
  const unknown = await against(open, ['--credential', 'apikey=x']);
  expect([unknown.code, unknown.error]).toEqual([2, 'There is no security scheme apikey; known are apiKey.\n']);
  const missing = await against(open, []);
  expect(missing.error).toBe('Every operation answers 401: no credential is given. Give --credential apiKey=….\n');
  const wrong = await against(open, ['--credential', 'apiKey=y']);
  expect(wrong.error).toMatch(/^Every operation answers 401: the credential is refused\./);
  expect([missing.code, wrong.code]).toEqual([2, 2]);
  expect((await against(open, [...key, '--phase', 'positive'])).code).toBe(0);
});

test('a run that sends nothing is none', async () => {
  const { code, out, error } = await against(open, [...key, '--phase', 'samples']);
  expect([code, out, error]).toEqual([2, '', expect.stringMatching(/^Nothing was sent: .* no cases of samples\./)]);
});

test("the path of the document's server is missed where every operation answers 404", async () => {
  const below = (asked: Asked): Answer => (asked.path.startsWith('/v1/') ? open(asked) : [404]);
  const lost = await against(below, key);
  expect([lost.code, lost.error]).toEqual([
    2,
    "Every operation answers 404. The document's server is https://payouts.example/v1: give --url with its path.\n",
  ]);
  expect((await against(below, [...key, '--phase', 'positive'], '/v1/')).code).toBe(0);
  // With its path, 404 is what the server says, and a defect.
  const nothing = await against(() => [404], [...key, '--phase', 'positive'], '/v1');
  expect([nothing.code, nothing.error]).toEqual([1, '']);
});

test('a server that stops in the middle of a run ends it, and the last request that was answered is named', async () => {
  let count = 0;
  const stops = (asked: Asked, server: () => SmallServer): Answer => {
    if (++count === 3) server().close();
    return open(asked);
  };
  const { code, out, error } = await against(stops, [...key, '--workers', '1']);
  expect([code, out]).toEqual([2, '']);
  expect(error).toBe(
    'URL takes no connections any more. The last request that was answered: GET URL/balance (trial/getBalance/parameters).\n',
  );
});

test('options say what is expected of them', async () => {
  const [header, coverage, timeout] = await Promise.all(
    [
      ['--header', 'garbage'],
      ['--min-coverage', 'foo=95'],
      ['--timeout', '0'],
    ].map((words) => paydouble(['verify', document, ...words], directory)),
  );
  expect(header?.error).toContain("Received garbage. Expected 'Name: value'.");
  expect(coverage?.error).toMatch(
    /Received foo=95\. Expected a kind and a percentage up to 100, constraint=95; kinds are operation,/,
  );
  expect(timeout?.error).toContain('Expected seconds, above 0');
  expect([header?.code, coverage?.code, timeout?.code]).toEqual([2, 2, 2]);
});

test('messages have answers as they came, say which checks counted', async () => {
  const refused = await against(
    () => [404, { title: 'None' }],
    [...key, '--phase', 'positive', '--check', 'status_code_conformance'],
    '/v1',
  );
  expect(refused.out).toContain('Received status 404 ({"title":"None"})');
  expect(refused.out).toContain('Judged: status_code_conformance only.');
  const left = await against(open, [...key, '--phase', 'positive', '--exclude-check', 'lost_update']);
  expect(left.out).toContain('Judged: all but lost_update.');
  const all = await against(open, [...key, '--phase', 'positive']);
  expect(all.out).not.toContain('Judged:');
});
