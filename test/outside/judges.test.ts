/**
 * The outside judges of CI, shown to fail: on an answer that lacks something, on a document that demands more, on hooks that
 * do not load or pass transactions over. They judge one api, through a server that changes what passes.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { root } from '../../src/paths.js';
import { baseUrl, useSandbox } from '../harness.js';

useSandbox();

/** Changes what the sandbox answers with. */
type Change = (path: string, text: string) => string;

const servers: Server[] = [];
const directory = mkdtempSync(join(tmpdir(), 'paydouble-judges-'));

afterAll(() => {
  for (const server of servers) server.close();
  rmSync(directory, { recursive: true, force: true });
});

/** Headers that belong to one connection, or to a body that may change on its way. */
const ofTheConnection = ['connection', 'content-length', 'host', 'keep-alive', 'transfer-encoding'];

/** A server in front of the sandbox that changes its answers; gives its URL. */
async function changed(change: Change): Promise<string> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const headers = Object.entries(request.headers).filter(([name]) => !ofTheConnection.includes(name));
    const path = request.url ?? '';
    const answer = await fetch(`${baseUrl()}${path}`, {
      method: request.method ?? 'GET',
      headers: headers.map(([name, value]): [string, string] => [name, String(value)]),
      ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
    });
    const text = change(path, await answer.text());
    const kept = [...answer.headers].filter(([name]) => !ofTheConnection.includes(name));
    response.writeHead(answer.status, Object.fromEntries(kept)).end(text);
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

/** Has a judge judge one api; gives its exit code and all that it says. */
async function judge(name: 'dredd' | 'prism', change: Change, ...more: string[]): Promise<[number | null, string]> {
  const url = await changed(change);
  const script = join(root, 'scripts', `judge-with-${name}.mjs`);
  const child = spawn(process.execPath, [script, '--url', url, '--api', 'nuntiq', ...more]);
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
  });
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const [code] = await once(child, 'close');
  return [code, said];
}

const nothing: Change = (_, text) => text;

/** The single payment's answer without its one key. */
const answerWithoutKey: Change = (path, text) =>
  path.endsWith('/payments') ? text.replace(/^\{"payment_id":\d+\}$/, '{"payment_number":1}') : text;

/** A document that declares one key more of the answer to a single payment, in schema and example. */
const documentWithKey: Change = (path, text) =>
  path.endsWith('/openapi.json')
    ? text
        .replace(/("value":\s*\{\s*"payment_id":\s*1005)/, '$1, "batch": "B-1"')
        .replace(/("required":\s*\[\s*"payment_id")/, '$1, "batch"')
    : text;

function hookFile(name: string, text: string): string {
  const file = join(directory, name);
  writeFileSync(file, text);
  return file;
}

/** A directory with one recorded exchange, whose answer is not as documented. */
function brokenRecording(): string {
  const recorded = mkdtempSync(join(directory, 'recorded-'));
  const exchange = {
    test: 'a test',
    api: 'nuntiq',
    method: 'POST',
    path: '/payments',
    headers: { 'content-type': 'application/json' },
    body: Buffer.from('{}').toString('base64'),
    answer: { status: 400, headers: { 'content-type': 'application/json' }, text: '{"text":"no message"}' },
  };
  writeFileSync(join(recorded, 'a.jsonl'), `${JSON.stringify(exchange)}\n`);
  return recorded;
}

// Each starts processes of its own, which takes seconds where the machine has much else to do.
describe.concurrent('the outside judges', { timeout: 240_000 }, () => {
  test('dredd fails on an answer that lacks a key, and passes the others', async () => {
    const [code, said] = await judge('dredd', answerWithoutKey);
    expect([code, said]).toEqual([1, expect.stringMatching(/12 \| +11 \|.*nuntiq upsertPayments: 200.*payment_id/s)]);
  });

  test('prism fails on an answer that lacks a key, and on one that was recorded, and passes the others', async () => {
    const [code, said] = await judge('prism', answerWithoutKey, '--recorded', brokenRecording());
    expect([code, said]).toEqual([1, expect.stringMatching(/12 \|.* 11 \|.*nuntiq upsertPayments: 200.*payment_id/s)]);
    expect(said).toMatch(/a test: POST \/payments, 400: Error response\.body.*message/);
  });

  test.each(['dredd', 'prism'] as const)('%s fails on a document that the answers do not meet', async (name) => {
    const [code, said] = await judge(name, documentWithKey);
    expect([code, said]).toEqual([1, expect.stringMatching(/nuntiq upsertPayments: 200.*batch/s)]);
  });

  test('hooks that do not load are noticed, though Dredd passes over them', async () => {
    const [code, said] = await judge('dredd', nothing, '--hooks', hookFile('broken.cjs', 'this is no program'));
    expect([code, said]).toEqual([1, expect.stringContaining('The hooks did not run')]);
  });

  test('a transaction that hooks skip is noticed, though Dredd ends well', async () => {
    const text = "const hooks = require('hooks'); hooks.beforeEach((transaction) => { transaction.skip = true; });";
    const [code, said] = await judge('dredd', nothing, '--hooks', hookFile('skipping.cjs', text));
    expect([code, said]).toEqual([1, expect.stringMatching(/was not judged.*Dredd ended with 0/s)]);
  });
});
