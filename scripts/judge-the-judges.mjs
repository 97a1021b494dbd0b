/**
 * Gives the defects that our own judge is shown (test/verify/ledger.ts) to Dredd and to Prism's validation proxy, and keeps what
 * they told in test/verify/peers.json, from where docs/judged-defects.md has it. Exits with 1 if a peer finds a fault with the
 * server that has none, or if the file has something else.
 *
 * Dredd has traffic of its own: one request for each documented answer. Prism has none and is given ours: what `paydouble
 * verify` asked each ledger passes through the proxy, whose upstream answers as the ledger did. That saves a proxy for each.
 *
 * `node scripts/judge-the-judges.mjs [--write]`: `--write` renews the file. It takes more than a minute of two cores, so it is run
 * by hand; test/verify/defects.test.ts fails if a defect or a version is not the one that the file is of.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import ts from 'typescript';
import { parse } from 'yaml';
import { checks, phases } from '../dist/src/verify/case.js';
import { verify } from '../dist/src/verify/verify.js';
import { resolve } from './outside/exchanges.mjs';
import { startProxy, violationsOf } from './outside/prism-proxy.mjs';
import { resend, startReplay } from './outside/recorded.mjs';

const require = createRequire(import.meta.url);
const fileOf = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const versionOf = (name) => require(`${name}/package.json`).version;
const documentFile = fileOf('test/verify/ledger.yaml');
const kept = fileOf('test/verify/peers.json');
const hooks = fileOf('scripts/outside/ledger-hooks.cjs');

/** The ledger's module. It is a test's, so no build has it. */
async function readLedger() {
  const text = readFileSync(fileOf('test/verify/ledger.ts'), 'utf8');
  const options = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
  const { outputText } = ts.transpileModule(text, { compilerOptions: options });
  return import(`data:text/javascript,${encodeURIComponent(outputText)}`);
}

/** Statuses that no request to the ledger leads to. */
const unreachable = ['409', '413'];

/** A payment as the ledger answers it. Without an example, Dredd demands every property that may be left out as well. */
const payment = {
  paymentId: 1,
  amount: 20,
  currency: 'EUR',
  status: 'open',
  note: null,
  createdAt: '2026-01-15T12:00:00Z',
};
const examples = {
  'listPayments 200': { items: [payment], page: 1, size: 10, total: 3 },
  'createPayment 201': payment,
  'getPayment 200': payment,
  'updatePayment 200': payment,
};

/**
 * The document as Dredd can read it: each response in its place, because it gives every use of a shared one the status of
 * the last; the answers' examples; without a header that may be left out, which it would send empty.
 */
function forDredd(document) {
  const paths = Object.entries(document.paths).map(([path, item]) => {
    const own = Object.entries(item).map(([name, operation]) =>
      name === 'parameters' ? [name, operation] : [name, operationForDredd(document, operation)],
    );
    // It calls every answer to a HEAD wrong.
    return [path, Object.fromEntries(own.filter(([name]) => name !== 'head'))];
  });
  return { ...document, paths: Object.fromEntries(paths) };
}

function operationForDredd(document, { parameters = [], responses, ...operation }) {
  const reached = Object.entries(responses).filter(([status]) => !unreachable.includes(status));
  const own = reached.map(([status, response]) => {
    const { content, ...others } = resolve(document, response);
    const value = examples[`${operation.operationId} ${status}`];
    if (value === undefined) return [status, resolve(document, response)];
    const [[type, media]] = Object.entries(content);
    return [status, { ...others, content: { [type]: { ...media, example: value } } }];
  });
  return {
    ...operation,
    parameters: parameters.filter(({ in: place, required }) => place !== 'header' || required),
    responses: Object.fromEntries(own),
  };
}

/** What Dredd finds wrong in the answers of each ledger. Two at once, since one takes most of a minute for all of them. */
async function judgeWithDredd(document, ledgers) {
  const half = Math.ceil(ledgers.length / 2);
  const parts = [ledgers.slice(0, half), ledgers.slice(half)];
  const judged = await Promise.all(parts.map((part) => judgeSomeWithDredd(document, part)));
  const entries = judged.flat();
  const planned = entries[0].length;
  return entries.map((own) => ({
    failures: own.filter(({ valid }) => !valid),
    planned,
    unanswered: planned - own.length,
  }));
}

/** What Dredd says of each transaction of each ledger. */
async function judgeSomeWithDredd(document, ledgers) {
  const directory = mkdtempSync(join(tmpdir(), 'paydouble-peers-'));
  try {
    const text = JSON.stringify(forDredd(document));
    const ports = {};
    const files = ledgers.map(({ url }, number) => {
      const file = `${number}.json`;
      ports[file] = new URL(url).port;
      writeFileSync(join(directory, file), text);
      return file;
    });
    const report = join(directory, 'report.jsonl');
    writeFileSync(join(directory, 'plan.json'), JSON.stringify({ ports, report }));
    const output = await runDredd(directory, ledgers[0].url, files);
    if (!existsSync(report)) throw new Error(`Dredd made no transaction, or did not load the hooks:\n${output}`);
    const lines = readFileSync(report, 'utf8').trim().split('\n');
    const entries = lines.map((line) => JSON.parse(line));
    return ledgers.map((_, number) => entries.filter(({ file }) => file === `${number}.json`));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Runs Dredd once, over all documents; gives what it said. */
async function runDredd(directory, url, [first, ...others]) {
  const more = others.flatMap((file) => ['--path', file]);
  const given = [first, url, ...more, '--hookfiles', hooks, '--loglevel', 'warning', '--no-color'];
  const child = spawn(process.execPath, [require.resolve('dredd/bin/dredd'), ...given], {
    cwd: directory,
    env: { ...process.env, DREDD_PLAN: join(directory, 'plan.json') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  await new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', done);
  });
  return output;
}

/** What `paydouble verify` asks a ledger, and is answered; without the random requests. */
async function exchangesWith(url) {
  const exchanges = [];
  await verify({
    judged: (exchange) => exchanges.push(exchange),
    document: documentFile,
    url,
    authority: { credentials: new Map([['key', 'ledger-key']]), headers: [] },
    phases: new Set(phases.filter((phase) => phase !== 'fuzz')),
    checks: new Set(checks),
    seed: 1,
    maxExamples: 1,
    maxMilliseconds: 60_000,
    workers: 4,
    timeoutMilliseconds: 10_000,
  });
  // An answer that never came is none to judge.
  const answered = exchanges.filter(({ response }) => !(response instanceof Error));
  return answered.map(({ case: { request }, response }) => {
    const headers = [...response.headers].filter(([name]) => name !== 'date');
    return {
      method: request.method,
      path: request.path,
      headers: Object.fromEntries(request.headers),
      body: request.body === undefined ? null : Buffer.from(request.body).toString('base64'),
      answer: { status: response.status, headers: Object.fromEntries(headers), text: response.text },
    };
  });
}

/** What Prism says of an answer that is no JSON: it passes nothing on, and answers itself. */
const unreadableAnswer = { location: ['response', 'body'], message: 'Prism does not pass the answer on.' };

/** What a request is, whoever answers it. */
const requestOf = ({ method, path, headers, body }) => JSON.stringify([method, path, headers, body]);

/** What Prism finds wrong in the answers of each ledger. It keeps nothing from one exchange to the next: each passes once. */
async function judgeWithPrism(ledgers) {
  const known = new Map();
  const places = [];
  for (const { url } of ledgers) {
    // Prism reads a body in the answer to a HEAD, where none is, and passes nothing on.
    const exchanges = (await exchangesWith(url)).filter(({ method }) => method !== 'HEAD');
    const keys = exchanges.map((exchange) => JSON.stringify(exchange));
    for (const [index, exchange] of exchanges.entries()) known.set(keys[index], exchange);
    places.push(new Set(keys));
  }
  const replay = await startReplay([...known.values()]);
  const proxy = await startProxy(documentFile, replay.url, ['--validate-request=false']);
  try {
    const found = new Map();
    const passable = new Set();
    for (const [number, [key, exchange]] of [...known].entries()) {
      const { headers } = await resend(proxy.url, exchange, number);
      const judged = headers['x-exchange'] !== undefined;
      if (judged) passable.add(requestOf(exchange));
      const violations = judged ? violationsOf(headers['sl-violations'] ?? null) : [];
      found.set(key, { judged, violations: violations.filter(({ location: [place] }) => place === 'response') });
    }
    return places.map((keys) => {
      const own = [...keys].map((key) => ({ ...found.get(key), request: requestOf(known.get(key)) }));
      // A request that it lets through, and whose answer it does not: it could not read that.
      const unreadable = own.filter(({ judged, request }) => !judged && passable.has(request));
      return { failures: [...own.flatMap(({ violations }) => violations), ...unreadable.map(() => unreadableAnswer)] };
    });
  } finally {
    await proxy.stop();
    replay.stop();
  }
}

/** Parts of an answer, each once. */
const words = (parts) => [...new Set(parts)].sort().join(', ');

const dreddParts = { statusCode: 'status', headers: 'headers', body: 'body' };

/** In which parts of answers Dredd found a fault. */
function dreddTold({ failures, unanswered }) {
  const parts = failures.flatMap(({ wrong }) =>
    wrong.length === 0 ? ['answer'] : wrong.map((part) => dreddParts[part]),
  );
  return words(unanswered > 0 ? [...parts, 'answer'] : parts);
}

/** In which part of an answer Prism found a fault. */
function prismPart({ location: [, place], message }) {
  if (/status code/.test(message)) return 'status';
  if (/media type/.test(message)) return 'headers';
  // Where its list is cut short, the first entry of it says what it is about.
  const part = place ?? /"response","(\w+)"/.exec(message)?.[1] ?? 'answer';
  return part === 'header' ? 'headers' : part;
}

const { values: options } = parseArgs({ options: { write: { type: 'boolean', default: false } } });
const { defects, Ledger } = await readLedger();
const document = parse(readFileSync(documentFile, 'utf8'));
const names = [undefined, ...Object.keys(defects)];
/** Runs `judge` on a ledger without a defect and on one with each. */
async function withLedgers(judge) {
  const ledgers = names.map((defect) => new Ledger(defect));
  try {
    return await judge(await Promise.all(ledgers.map(async (ledger) => ({ url: await ledger.listen() }))));
  } finally {
    for (const ledger of ledgers) ledger.close();
  }
}
const [dredd, prism] = await Promise.all([
  withLedgers((ledgers) => judgeWithDredd(document, ledgers)),
  withLedgers(judgeWithPrism),
]);
for (const [peer, [flawless]] of Object.entries({ Dredd: dredd, Prism: prism })) {
  if (flawless.failures.length === 0) continue;
  process.stderr.write(`${peer} finds a fault with the server that has none: ${JSON.stringify(flawless.failures)}\n`);
  process.exit(1);
}
const told = names.slice(1).map((defect, index) => {
  const prismSays = words(prism[index + 1].failures.map(prismPart));
  return [defect, { dredd: dreddTold(dredd[index + 1]), prism: prismSays }];
});
const before = existsSync(kept) ? JSON.parse(readFileSync(kept, 'utf8')) : undefined;
const result = {
  /** The day on which the file was written; to find the same again another day is no change. */
  on: options.write ? new Date().toISOString().slice(0, 10) : before?.on,
  dredd: { version: versionOf('dredd'), transactions: dredd[0].planned },
  prism: { version: versionOf('@stoplight/prism-cli') },
  told: Object.fromEntries(told),
};
const text = `${JSON.stringify(result, null, 2)}\n`;
if (options.write) writeFileSync(kept, text);
else if (!existsSync(kept) || readFileSync(kept, 'utf8') !== text) {
  process.stderr.write(
    'test/verify/peers.json is not what the peers tell. node scripts/judge-the-judges.mjs --write renews it.\n',
  );
  process.exitCode = 1;
}
