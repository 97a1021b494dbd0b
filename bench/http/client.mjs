/**
 * The client that all subjects are measured with: wrk where it is installed, which takes little of the processor itself, else
 * autocannon. 32 connections, one request at a time on each.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { credential, newPayment } from './api.mjs';

const connections = 32;

const headers = { 'X-Api-Key': credential };
const json = { 'Content-Type': 'application/json' };

/** The requests that are measured, of the benchmark's own api. */
export const requests = {
  'GET by id': { path: '/payments/7', headers },
  'page of 20': { path: '/payments?limit=20', headers },
  POST: { path: '/payments', headers: { ...headers, ...json }, body: JSON.stringify(newPayment()) },
};

const logisense = { Authorization: 'Bearer logisense-sandbox-token' };

/** Requests of the five vendors' apis; those that write are the README's. */
export const vendorRequests = {
  'LogiSense, a payment by id': { path: '/logisense/Payment/1', headers: logisense },
  'LogiSense, all payments': { path: '/logisense/Payment/', headers: logisense },
  'LogiSense, a payment that there is not': { path: '/logisense/Payment/999999', headers: logisense, status: 404 },
  ...Object.fromEntries(readmeRequests().map((request) => [`${request.path.split('/')[1]}, POST`, request])),
};

/** What the README's commands send that write a payment, one of each api. */
function readmeRequests() {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const command = /curl -X POST http:\/\/127\.0\.0\.1:4010(\/(?!_)[^ ]+) ((?:\\\n +-H '[^']+' )+)\\\n +-d '([^']+)'/g;
  return [...readme.matchAll(command)].map(([, path, given, body]) => {
    const named = [...given.matchAll(/-H '([^:]+): ([^']+)'/g)].map(([, name, value]) => [name, value]);
    return { path, headers: Object.fromEntries(named), body };
  });
}

const wrk = spawnSync('wrk', ['--version'], { encoding: 'utf8' });

/** What it is, for the page. */
export const client =
  wrk.error === undefined ? `wrk ${/wrk (?:debian\/)?([\d.]+)/.exec(wrk.stdout)?.[1]}` : 'autocannon';

/** Sends a request for so many seconds: how many were answered a second, and how long one in a hundred took. */
export function load(subject, request, seconds) {
  return wrk.error === undefined ? withWrk(subject, request, seconds) : withAutocannon(subject, request, seconds);
}

const scripts = mkdtempSync(join(tmpdir(), 'paydouble-bench-'));

/** What has wrk send a body. */
function scriptOf(body) {
  const file = join(scripts, 'post.lua');
  writeFileSync(file, `wrk.method = "POST"\nwrk.body = [==[${body}]==]\n`);
  return ['-s', file];
}

async function withWrk({ url, name }, { path, headers, body, status = 200 }, seconds) {
  const given = Object.entries(headers).flatMap(([header, value]) => ['-H', `${header}: ${value}`]);
  const common = ['-t1', `-c${connections}`, `-d${seconds}s`, '--latency', ...given];
  const output = await told('wrk', [...common, ...(body === undefined ? [] : scriptOf(body)), `${url}${path}`]);
  const refused = /Non-2xx or 3xx responses: (\d+)/.exec(output)?.[1];
  if (status < 400 && refused !== undefined) throw new Error(`${name} refuses ${refused} requests of ${path}`);
  return {
    perSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(output)?.[1]),
    p99: inMilliseconds(/99%\s+([\d.]+)(us|ms|s)/.exec(output)),
  };
}

function inMilliseconds([, number, unit]) {
  return Number(number) * { us: 0.001, ms: 1, s: 1000 }[unit];
}

async function withAutocannon({ url, name }, { path, headers, body, status = 200 }, seconds) {
  const { default: autocannon } = await import('autocannon');
  const method = body === undefined ? 'GET' : 'POST';
  const result = await autocannon({ url: `${url}${path}`, method, headers, body, connections, duration: seconds });
  if (status < 400 && result.non2xx > 0) throw new Error(`${name} refuses ${result.non2xx} requests of ${path}`);
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
