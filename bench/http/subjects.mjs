/**
 * What is measured: each a program that serves the benchmark's api at a port, most of them in a file of subjects/.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { document } from './api.mjs';
import { requests, vendorRequests } from './client.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('../../', import.meta.url));

/** What a subject serves. */
export const usual = { operations: 15, records: 100 };

const own = (name, more = () => ({})) => ({
  command: () => [join(here, 'subjects', `${name}.mjs`)],
  environment: more,
});

/** By name: the arguments of node, what it adds to the environment, and where below its origin the api is. */
const subjects = {
  'bare node:http': own('bare-node'),
  'bare Express': own('bare-express'),
  'openapi-backend on Express': own('openapi-backend'),
  "Prism's mock": {
    command: ({ port, file }) => [
      ...[join(root, 'node_modules/@stoplight/prism-cli/dist/index.js'), 'mock', file],
      ...['--port', String(port), '--host', '127.0.0.1', '--verboseLevel', 'silent'],
    ],
    environment: () => ({}),
  },
  "Mockoon's CLI": {
    command: ({ port, file }) => [
      ...[join(here, 'node_modules/@mockoon/cli/bin/run.js'), 'start', '--data', file],
      ...['--port', String(port), '--hostname', '127.0.0.1', '--disable-log-to-file', '--max-transaction-logs', '1'],
    ],
    environment: () => ({}),
    /** It serves what the path of the document's first server is. */
    below: '/bench',
  },
  'paydouble, in memory': { ...own('paydouble'), below: '/bench' },
  'paydouble, durable': {
    ...own('paydouble', ({ directory }) => ({ STATE: join(directory, 'state') })),
    below: '/bench',
  },
};

/** Those that are compared with each other. */
export const names = Object.keys(subjects);

subjects['paydouble, unjudged'] = { ...own('paydouble-unjudged'), below: '/bench' };
subjects['paydouble, five vendors'] = { ...own('vendors'), first: vendorRequests['LogiSense, a payment by id'] };

let nextPort = 24_100;

/** Starts a subject, and waits until it answers a request. `close` ends it. */
export async function start(name, served = usual) {
  const { command, environment, below = '', first = requests['GET by id'] } = subjects[name];
  const directory = mkdtempSync(join(tmpdir(), 'paydouble-bench-'));
  const file = join(directory, 'openapi.json');
  writeFileSync(file, JSON.stringify(document(served.operations)));
  const port = nextPort++;
  const began = performance.now();
  const child = spawn(process.execPath, command({ port, file }), {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      NODE_ENV: 'production',
      PORT: String(port),
      OPERATIONS: String(served.operations),
      RECORDS: String(served.records),
      ...environment({ directory }),
    },
  });
  let told = '';
  child.stderr.on('data', (chunk) => {
    told = (told + chunk).slice(-2000);
  });
  const url = `http://127.0.0.1:${port}${below}`;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const close = async () => {
    child.kill('SIGKILL');
    await ended;
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    await answering(`${url}${first.path}`, first.headers, child, () => `${name} does not answer: ${told}`);
  } catch (error) {
    await close();
    throw error;
  }
  return { name, url, child, milliseconds: performance.now() - began, close };
}

async function answering(url, headers, child, complaint) {
  for (let attempt = 0; attempt < 6000; attempt++) {
    if (child.exitCode !== null) throw new Error(complaint());
    try {
      const response = await fetch(url, { headers });
      await response.arrayBuffer();
      if (response.status === 200) return;
      throw new Error(`${url} answers ${response.status}`);
    } catch (error) {
      if (error.cause === undefined) throw error;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
  throw new Error(complaint());
}
