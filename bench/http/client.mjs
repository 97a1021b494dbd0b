/**
 * The client that all subjects are measured with: wrk where it is installed, which takes little of the processor itself, else
 * autocannon. 32 connections, one request at a time on each.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { credential, newPayment } from './api.mjs';

const connections = 32;

const body = JSON.stringify(newPayment());
const headers = { 'X-Api-Key': credential };

/** The requests that are measured. */
export const requests = {
  'GET by id': { path: '/payments/7' },
  'page of 20': { path: '/payments?limit=20' },
  POST: { path: '/payments', method: 'POST' },
};

const wrk = spawnSync('wrk', ['--version'], { encoding: 'utf8' });

/** What it is, for the page. */
export const client =
  wrk.error === undefined ? `wrk ${/wrk (?:debian\/)?([\d.]+)/.exec(wrk.stdout)?.[1]}` : 'autocannon';

/** Sends one of the requests for so many seconds: how many were answered a second, and how long one in a hundred took. */
export function load(subject, request, seconds) {
  return wrk.error === undefined ? withWrk(subject, request, seconds) : withAutocannon(subject, request, seconds);
}

const script = join(mkdtempSync(join(tmpdir(), 'paydouble-bench-')), 'post.lua');
writeFileSync(
  script,
  `wrk.method = "POST"\nwrk.body = [==[${body}]==]\nwrk.headers["Content-Type"] = "application/json"\n`,
);

async function withWrk({ url, name }, { path, method }, seconds) {
  const common = ['-t1', `-c${connections}`, `-d${seconds}s`, '--latency', '-H', `X-Api-Key: ${credential}`];
  const output = await told('wrk', [...common, ...(method === 'POST' ? ['-s', script] : []), `${url}${path}`]);
  const refused = /Non-2xx or 3xx responses: (\d+)/.exec(output)?.[1];
  if (refused !== undefined) throw new Error(`${name} refuses ${refused} of ${method ?? 'GET'} ${path}`);
  return {
    perSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(output)?.[1]),
    p99: inMilliseconds(/99%\s+([\d.]+)(us|ms|s)/.exec(output)),
  };
}

function inMilliseconds([, number, unit]) {
  return Number(number) * { us: 0.001, ms: 1, s: 1000 }[unit];
}

async function withAutocannon({ url, name }, { path, method = 'GET' }, seconds) {
  const { default: autocannon } = await import('autocannon');
  const sent = method === 'POST' ? { body, headers: { ...headers, 'Content-Type': 'application/json' } } : { headers };
  const result = await autocannon({ url: `${url}${path}`, method, connections, duration: seconds, ...sent });
  if (result.non2xx > 0) throw new Error(`${name} refuses ${result.non2xx} of ${method} ${path}`);
  return { perSecond: result.requests.average, p99: result.latency.p99 };
}

function told(command, parameters) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, parameters);
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.once('error', reject);
    child.once('close', () => resolve(output));
  });
}
