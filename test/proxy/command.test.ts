/**
 * `paydouble proxy` as it is run: exit codes, signals, a command behind it, reports, and nothing of a credential in any of it.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../../src/paths.js';
import { paydouble } from '../command.js';
import { Ledger } from '../verify/ledger.js';
import { dial, RawServer } from './wire.js';

const document = join(root, 'test', 'verify', 'ledger.yaml');
const directory = mkdtempSync(join(tmpdir(), 'paydouble-proxy-'));
const ledger = new Ledger('number as text');
let upstream: string;

beforeAll(async () => {
  upstream = await ledger.listen();
});
afterAll(() => {
  ledger.close();
  rmSync(directory, { recursive: true });
});

const proxy = (...words: string[]) => paydouble(['proxy', document, '--upstream', upstream, ...words], directory);

/** A client in a process of its own, that asks for a target and says the status. */
const client = (target: string, key = 'ledger-key', code = 0) => {
  const script = `fetch(process.env.PAYDOUBLE_PROXY_URL + '${target}', { headers: { 'x-key': '${key}' } })
    .then((answer) => { console.log(answer.status); process.exitCode = ${code}; });`;
  return ['--', process.execPath, '-e', script];
};

describe('a command behind it', () => {
  test('that held: 0; its output is its own', async () => {
    const { code, out, error } = await proxy(...client('/payments/99'));
    expect([code, out]).toEqual([0, '404\n']);
    expect(error).toMatch(/^paydouble proxy at http:\/\/127\.0\.0\.1:\d+, for http:\/\/127\.0\.0\.1:\d+: Ledger\n/);
    expect(error).toMatch(/requests +1 judged, all held\nanswers +1 judged, all held\n[\s\S]*No defect\./);
  });

  test('with violations: 1 as --fail-on says; its own code when it fails', async () => {
    // The answer breaks the document, the request does not; then the request alone does.
    const [any, response, request, none, other, failed] = await Promise.all([
      proxy(...client('/payments/1')),
      proxy('--fail-on', 'response', ...client('/payments/1')),
      proxy('--fail-on', 'request', ...client('/payments/1')),
      proxy('--fail-on', 'none', ...client('/payments/1')),
      proxy('--fail-on', 'request', ...client('/nowhere')),
      proxy(...client('/payments/1', 'ledger-key', 7)),
    ]);
    expect([any, response, request, none, other, failed].map(({ code }) => code)).toEqual([1, 1, 0, 0, 1, 7]);
    expect(any.error).toMatch(
      /\nanswer of getPayment: response_schema_conformance: \/amount: must be number\. Received "20"\.\n/,
    );
    expect(other.error).toMatch(/\nrequest: request_path_conformance: Received GET \/nowhere; /);
    expect(any.error).toMatch(
      /in the answer: \/amount\n +in the document: #\/components\/schemas\/Payment\/properties\/amount\/type\n/,
    );
  }, 60_000);

  test('that sends nothing through it: 2; that there is not: 2', async () => {
    const [idle, missing] = await Promise.all([
      proxy('--', process.execPath, '-e', ''),
      proxy('--', 'no-such-command-at-all'),
    ]);
    expect([idle.code, idle.error]).toEqual([2, expect.stringContaining('No request came.')]);
    expect([missing.code, missing.error]).toEqual([2, expect.stringContaining('Cannot run no-such-command-at-all')]);
  }, 60_000);

  test('writes reports and exchanges, and no credential into any of them', async () => {
    const files = ['r.xml', 'r.ctrf', 'r.html', 'r.json'];
    const formats = ['junit', 'ctrf', 'html', 'json'];
    const wanted = files.flatMap((file, index) => ['--report', `${formats[index]}=${file}`]);
    const secret = 'sk-live-4c1d9e7a2b';
    const ran = await proxy(...wanted, '--cases', 'c.jsonl', ...client(`/payments/x?token=${secret}`, secret));
    expect([ran.code, ran.out]).toEqual([1, '401\n']);
    const [junit = '', ctrf = '', html = '', json = ''] = files.map((file) =>
      readFileSync(join(directory, file), 'utf8'),
    );
    const cases = readFileSync(join(directory, 'c.jsonl'), 'utf8');
    expect(junit).toMatch(
      /<testcase classname="paydouble\.proxy" name="getPayment requests"[\s\S]*<failure type="request_/,
    );
    expect(JSON.parse(ctrf).results).toMatchObject({
      tool: { name: 'paydouble proxy' },
      summary: { tests: 2, failed: 1 },
    });
    expect(html).toContain('<dt>in the request</dt><dd><code>/path/paymentId</code>');
    expect(JSON.parse(json).findings[0]).toMatchObject({ check: 'request_parameters_conformance', status: 401 });
    expect(JSON.parse(cases)).toMatchObject({ id: 'exchange 1', operationId: 'getPayment', answer: { status: 401 } });
    expect(cases).toContain('"***');
    for (const text of [ran.error, junit, ctrf, html, json, cases]) expect(text).not.toContain(secret);
  });
});

/** Starts it, and gives its URL when it is ready. */
async function start(to: string, ...words: string[]) {
  const command = [join(root, 'dist', 'src', 'cli.js'), 'proxy', document, '--upstream', to, ...words];
  const child = spawn(process.execPath, command, { cwd: directory });
  let said = '';
  let told = () => {};
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      said += chunk;
      told();
    });
  }
  const until = async (wanted: RegExp) => {
    for (;;) {
      const found = wanted.exec(said);
      if (found !== null) return found;
      await new Promise<void>((resolve) => {
        told = resolve;
      });
    }
  };
  const [, url = ''] = await until(/^paydouble proxy at (\S+), for /);
  return { child, url, said: () => said, until };
}

describe('without a command', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s ends it with its report', async (signal) => {
    const { child, url, said } = await start(upstream);
    const answer = await fetch(`${url}/payments/99`, { headers: { 'x-key': 'ledger-key' } });
    await answer.text();
    child.kill(signal);
    const [code] = await once(child, 'close');
    expect([code, said()]).toEqual([0, expect.stringMatching(/answers +1 judged, all held[\s\S]*No defect\./)]);
  });
});

test.each([
  ['a second signal ends it', []],
  ['a signal after its command has ended ends it', ['--', process.execPath, '-e', 'process.stdin.resume()']],
])('while it waits for what is under way, %s at once', async (_, words) => {
  const silent = new RawServer();
  const { child, url, until } = await start(await silent.listen(), ...words);
  const client = await dial(url);
  client.send('GET /payments HTTP/1.1\r\nHost: x\r\n\r\n');
  await silent.connection();
  if (words.length === 0) child.kill('SIGTERM');
  else child.stdin.end();
  await until(/Waiting for exchanges that are under way \(1\)/);
  child.kill('SIGINT');
  expect(await once(child, 'close')).toEqual([2, null]);
  silent.close();
});

test('that cannot run says why in one line, with exit code 2', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const address = taken.address();
  const port = String(typeof address === 'object' ? address?.port : '');
  const run = (...words: string[]) => paydouble(['proxy', ...words], directory);
  const url = 'http://127.0.0.1:9';
  const wrong = join(directory, 'wrong.pem');
  writeFileSync(wrong, '-----BEGIN CERTIFICATE-----\nbm9uZQ==\n-----END CERTIFICATE-----\n');
  const all = await Promise.all([
    run('nobody', '--upstream', url),
    run(document, '--upstream', 'nonsense'),
    run(document, '--upstream', 'ftp://test.example'),
    run(document, '--upstream', 'http://me:secret-word@test.example'),
    run(document, '--upstream', 'http://me:secret-word@test.example:99999'),
    run(document, '--upstream', url, '--port', port),
    run(document, '--upstream', url, '--cases', join(directory, 'no', 'such', 'directory')),
    run(document, '--upstream', url, '--upstream-ca', 'no-such.pem'),
    run(document, '--upstream', url, '--upstream-ca', document),
    run(document, '--upstream', url, '--upstream-ca', wrong),
    run(document, '--upstream', 'http://me:secret/word@test.example'),
  ]);
  taken.close();
  expect(all.map(({ code, out }) => [code, out])).toEqual(all.map(() => [2, '']));
  expect(all.map(({ error }) => error.trimEnd())).toEqual([
    expect.stringMatching(/^There is no api nobody, nor a file\. .*$/),
    '--upstream: received nonsense; expected the URL of a server: https://test.example/v1',
    '--upstream: received ftp://test.example; expected the URL of a server: https://test.example/v1',
    '--upstream: a user and password in the URL are not sent; give them as a header of the client.',
    '--upstream: received http://***@test.example:99999; expected the URL of a server: https://test.example/v1',
    expect.stringMatching(/^Port \d+ of 127\.0\.0\.1 is in use\. .*$/),
    expect.stringMatching(/^Cannot write .*: there is no directory \S+; make it first\.$/),
    expect.stringMatching(/^--upstream-ca: no-such\.pem: ENOENT.*$/),
    expect.stringMatching(/^--upstream-ca: \S+ledger\.yaml has no certificate; expected PEM, .*$/),
    expect.stringMatching(/^--upstream-ca: \S+wrong\.pem: certificate 1 cannot be read: .+$/),
    '--upstream: received http://***@test.example; expected the URL of a server: https://test.example/v1',
  ]);
  const [usage, side] = await Promise.all([run(document), run(document, '--upstream', url, '--fail-on', 'all')]);
  expect([usage.code, usage.error]).toEqual([2, expect.stringContaining("required option '--upstream <url>'")]);
  expect([side.code, side.error]).toEqual([2, expect.stringContaining('request, response, any, none')]);
}, 60_000);
