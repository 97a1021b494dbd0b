/**
 * Whether memory stays flat: for half an hour, sixteen CI jobs make a workspace, write, read, list and are refused payments in it, and take
 * it away again, one after the other without a pause, on one sandbox with its state on the disk.
 *
 * Run `node bench/soak.mjs` after `npm run build`. MINUTES is how long (30). It tells the memory of the server in the first
 * tenth after a warm-up of a tenth, in the last tenth, and the most that it ever had; it ends with 1 if the last is more than
 * a quarter above the first, or if anything was answered otherwise than it should.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const minutes = Number(process.env.MINUTES ?? 30);
const jobs = 16;
const paymentsOfJob = 50;

if (process.argv[2] === 'serve') await serve(process.argv[3]);
else await measure();

async function serve(state) {
  const { startSandbox } = await import('../dist/src/sandbox.js');
  const { url, close } = await startSandbox({ port: 0, log: false, state });
  process.send(url);
  process.on('SIGTERM', () => close().then(() => process.exit()));
}

async function measure() {
  const directory = mkdtempSync(join(tmpdir(), 'paydouble-soak-'));
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), 'serve', join(directory, 'state')], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  try {
    const [url] = await once(child, 'message');
    const ask = client(url);
    const apis = JSON.parse((await ask('GET', '/_sandbox/apis')).text);
    const headers = Object.fromEntries(apis.map((each) => [each.api, each.headers]));
    const until = performance.now() + minutes * 60_000;
    const samples = [];
    const sampling = setInterval(() => samples.push(megabytes(child.pid)), (minutes * 60_000) / 200);
    await Promise.all(Array.from({ length: jobs }, () => work(ask, headers, until)));
    clearInterval(sampling);
    process.exitCode = tell(samples, ask) ? 0 : 1;
  } finally {
    child.kill();
    await once(child, 'exit');
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Jobs, one after the other. */
async function work(ask, headers, until) {
  while (performance.now() < until) {
    const made = await ask('POST', '/_sandbox/workspaces', {}, { scenario: 'default' });
    expect(made, 201, ask);
    const { name } = JSON.parse(made.text);
    for (let count = 1; count <= paymentsOfJob; count++) {
      const external_payment_id = `S-${count}`;
      const payment = { external_payment_id, method: 'ACH', total_amount: 10.5, currency: 'USD' };
      expect(await ask('POST', `/~${name}/nuntiq/payments`, headers.nuntiq, payment), 200, ask);
      expect(await ask('POST', `/~${name}/nuntiq/payments`, headers.nuntiq, { currency: 7 }), 400, ask);
      expect(await ask('GET', `/~${name}/logisense/Payment/Paged`, headers.logisense), 200, ask);
      expect(await ask('GET', `/~${name}/logisense/Payment/3`, headers.logisense), 200, ask);
    }
    expect(await ask('DELETE', `/_sandbox/workspaces/${name}`), 204, ask);
  }
}

function expect({ status, text }, wanted, ask) {
  if (status === wanted) return;
  ask.wrong++;
  if (ask.wrong <= 5) console.log(`${status} in the place of ${wanted}: ${text.slice(0, 200)}`);
}

/** Sends requests, and counts them. */
function client(url) {
  const agent = new Agent({ keepAlive: true, maxSockets: jobs });
  const ask = (method, path, headers = {}, body) =>
    new Promise((resolve, reject) => {
      const began = performance.now();
      const sent = body === undefined ? '' : JSON.stringify(body);
      const type = body === undefined ? {} : { 'Content-Type': 'application/json', 'Content-Length': sent.length };
      const asked = request(`${url}${path}`, { method, agent, headers: { ...headers, ...type } }, (response) => {
        const parts = [];
        response.on('data', (part) => parts.push(part));
        response.on('end', () => {
          ask.count++;
          ask.slowest = Math.max(ask.slowest, performance.now() - began);
          resolve({ status: response.statusCode, text: Buffer.concat(parts).toString() });
        });
      });
      asked.on('error', reject);
      asked.end(sent);
    });
  return Object.assign(ask, { count: 0, wrong: 0, slowest: 0 });
}

function megabytes(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
}

function tell(samples, { count, wrong, slowest }) {
  const tenth = Math.floor(samples.length / 10);
  const median = (part) => part.sort((left, right) => left - right)[Math.floor(part.length / 2)];
  const first = median(samples.slice(tenth, 2 * tenth));
  const last = median(samples.slice(-tenth));
  console.log(
    `${minutes} minutes, ${count} requests, ${wrong} answered wrong, slowest ${slowest.toFixed(0)} ms; ` +
      `memory ${first.toFixed(0)} MB at the beginning, ${last.toFixed(0)} MB at the end (${(last / first).toFixed(2)}), at most ${Math.max(...samples).toFixed(0)} MB`,
  );
  return wrong === 0 && last <= first * 1.25;
}
