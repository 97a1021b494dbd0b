/**
 * What it costs to keep an answer: 32 clients change records of about 1.2 kB, in a database of 1,000 and one of 10,000, and the
 * answers of a second are counted: in memory, `relaxed`, `full`, and stock lowdb 7 behind node:http with its write awaited.
 * The slowest answer is told beside the median, snapshots being written meanwhile. Then the same POST, durable and in memory,
 * in a workspace of 100 and of 100,000 records.
 *
 * Run `node bench/durable.mjs` after `npm run build`. SECONDS is how long each subject is asked (10), ROUNDS how often (3).
 * Figures are medians of the rounds, which alternate the subjects; ratios are within one run.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { Agent, createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const seconds = Number(process.env.SECONDS ?? 10);
const rounds = Number(process.env.ROUNDS ?? 3);
const clients = 32;
/** Snapshots as often as they come, so that some are written in a short time: whenever the journal is twice as long. */
const limits = { stateJournalBytes: 1_048_576 };
const directory = mkdtempSync(join(process.env.BENCH_DIRECTORY ?? tmpdir(), 'paydouble-bench-'));

const record = (id) => ({
  id,
  companyName: `Company ${id}`,
  currency: 'USD',
  reference: 'x'.repeat(360),
  reference1: 'y'.repeat(360),
  reference2: 'z'.repeat(360),
});

const payment = (payment_id, first) => ({ ...first, payment_id, external_payment_id: `A-${payment_id}` });

/** The servers, each in a process of its own: `node bench/durable.mjs SUBJECT DIRECTORY RECORDS`. */
const subjects = {
  memory: (_, records) => sandbox({}, records),
  relaxed: (state, records) => sandbox({ state, durability: 'relaxed' }, records),
  full: (state, records) => sandbox({ state, durability: 'full' }, records),
  lowdb: async (state, records) => {
    const { JSONFilePreset } = await import('lowdb/node');
    const low = await JSONFilePreset(`${state}.json`, { records: {} });
    for (let id = 1; id <= records; id++) low.data.records[100_000 + id] = record(100_000 + id);
    await low.write();
    const server = createServer((incoming, response) => {
      let body = '';
      incoming.on('data', (chunk) => {
        body += chunk;
      });
      incoming.on('end', async () => {
        const id = incoming.url.split('/').at(-1);
        const changed = { ...low.data.records[id], ...JSON.parse(body) };
        low.data.records[id] = changed;
        await low.write();
        response.writeHead(200, { 'Content-Type': 'application/json' });
        response.end(JSON.stringify(changed));
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${server.address().port}/`;
  },
};

async function sandbox(options, records) {
  const { startSandbox } = await import('../dist/src/sandbox.js');
  const { url, workspaces } = await startSandbox({
    port: 0,
    log: false,
    apis: ['staxbill', 'nuntiq'],
    limits,
    ...options,
  });
  const workspace = workspaces.create('w', { origin: { scenario: 'default' } });
  for (let from = 1; from <= records; from += 1000) {
    for (const [api, collection, make] of [
      ['staxbill', 'customers', record],
      ['nuntiq', 'payments', payment],
    ]) {
      const transaction = workspace.change(api);
      const held = transaction.collection(collection);
      const [first] = held.all();
      for (let id = from; id < Math.min(from + 1000, records + 1); id++) held.insert(make(100_000 + id, first));
      workspaces.commit(workspace, api, transaction);
    }
    await workspaces.pending();
  }
  return `${url}/`;
}

/** One subject's answers: how many a second, and how long the median and the slowest took in milliseconds. */
async function measure(subject, records, ask) {
  const state = join(directory, `${subject}-${records}-${Math.random()}`);
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), subject, state, String(records)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = await once(child.stdout, 'data');
  const url = String(said).trim();
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  await load(url, agent, ask, 1, []);
  const times = [];
  const snapshots = new Set();
  const look = setInterval(() => {
    const file = statSync(join(state, 'state.jsonl'), { throwIfNoEntry: false });
    if (file !== undefined) snapshots.add(file.mtimeMs);
  }, 20);
  await load(url, agent, ask, seconds, times);
  clearInterval(look);
  agent.destroy();
  child.kill('SIGKILL');
  await once(child, 'exit');
  rmSync(state, { recursive: true, force: true });
  times.sort((left, right) => left - right);
  return {
    snapshots: Math.max(0, snapshots.size - 1),
    rate: times.length / seconds,
    median: times[times.length >> 1] ?? 0,
    slowest: times.at(-1) ?? 0,
  };
}

/** Has every client ask one thing after another for so long. */
async function load(url, agent, ask, forSeconds, times) {
  const end = performance.now() + forSeconds * 1000;
  let number = 0;
  const client = async () => {
    while (performance.now() < end) {
      const started = performance.now();
      await send(url, agent, ask(number++));
      times.push(performance.now() - started);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
}

function send(url, agent, { method, path, headers, body }) {
  return new Promise((resolve, reject) => {
    const sent = request(`${url}${path}`, {
      method,
      agent,
      headers: { 'Content-Type': 'application/json', ...headers },
    });
    sent.on('response', (response) => {
      if (response.statusCode >= 300) reject(new Error(`${method} ${path}: ${response.statusCode}`));
      response.resume().on('end', resolve);
    });
    sent.on('error', reject).end(body);
  });
}

const median = (values) => [...values].sort((left, right) => left - right)[values.length >> 1];

/** Measures subjects in turn, round by round, and returns what each came to. */
async function compare(cases) {
  const found = cases.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, [subject, records, ask]] of cases.entries())
      found[index].push(await measure(subject, records, ask));
  }
  return found.map((each) => ({
    rate: median(each.map(({ rate }) => rate)),
    slowest: median(each.map(({ slowest, median: usual }) => slowest / usual)),
    median: median(each.map((one) => one.median)),
    snapshots: median(each.map(({ snapshots }) => snapshots)),
  }));
}

const change = (subject, records) => (number) => ({
  method: 'PATCH',
  path: `${subject === 'lowdb' ? '' : '_sandbox/workspaces/w/state/staxbill/customers/'}${100_001 + (number % records)}`,
  headers: {},
  body: `{"reference":"${String(number).padEnd(360, 'x')}"}`,
});

let payments = 0;
const pay = () => ({
  method: 'POST',
  path: '~w/nuntiq/payments',
  headers: { 'x-api-key': 'nuntiq-sandbox-key' },
  body: `{"external_payment_id":"B-${payments++}","method":"ACH","total_amount":10,"currency":"USD"}`,
});

async function main() {
  const names = Object.keys(subjects);
  for (const records of [1_000, 10_000]) {
    const results = await compare(names.map((subject) => [subject, records, change(subject, records)]));
    const [inMemory] = results;
    process.stdout.write(`\n${clients} clients change ${records} records of 1.2 kB, ${seconds} s:\n`);
    for (const [index, { rate, slowest, median: usual, snapshots }] of results.entries()) {
      const share = (rate / inMemory.rate).toFixed(2);
      const ratio = slowest.toFixed(1);
      process.stdout.write(
        `${names[index].padEnd(8)} ${rate.toFixed(1).padStart(9)}/s  ${share} of memory  median ${usual.toFixed(1)} ms, slowest ${ratio} times that, ${snapshots} snapshots\n`,
      );
    }
    const [, , full, lowdb] = results;
    process.stdout.write(`full is ${(full.rate / lowdb.rate).toFixed(0)} times lowdb\n`);
  }
  const [durable, inMemory, few, many] = await compare([
    ['full', 1_000, pay],
    ['memory', 1_000, pay],
    ['full', 100, pay],
    ['full', 100_000, pay],
  ]);
  process.stdout.write(
    `\nPOST of a payment: durable ${(durable.rate / inMemory.rate).toFixed(2)} of the same in memory (${durable.rate.toFixed(0)}/s); ` +
      `100,000 records ${(many.rate / few.rate).toFixed(2)} of 100\n`,
  );
  rmSync(directory, { recursive: true });
}

const [, , subject, state, records] = process.argv;
if (subject === undefined) await main();
else process.stdout.write(`${await subjects[subject](state, Number(records))}\n`);
