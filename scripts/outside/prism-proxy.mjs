/**
 * Prism's validation proxy, as its command starts it.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const prismFolder = dirname(createRequire(import.meta.url).resolve('@stoplight/prism-cli/package.json'));
const prism = join(prismFolder, 'dist', 'index.js');

/** How long a proxy may take to start; a machine with much else to do needs its time. */
const startMilliseconds = 120_000;

/** Starts a proxy on a free port, and waits until it listens. */
export async function startProxy(file, upstream, flags) {
  const given = ['proxy', file, upstream, '--port', '0', ...flags];
  const child = spawn(process.execPath, [prism, ...given], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const url = await new Promise((done, fail) => {
    const read = (chunk) => {
      // It goes on to tell of each request, which nobody reads.
      if (output.length < 10_000) output += chunk;
      const found = /listening on (http:\/\/\S+)/.exec(output)?.[1];
      if (found !== undefined) done(found);
    };
    const late = setTimeout(() => fail(new Error(`Prism does not start:\n${output}`)), startMilliseconds);
    late.unref();
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('error', fail);
    child.on('exit', () => fail(new Error(`Prism ended:\n${output}`)));
  });
  return {
    url,
    stop: async () => {
      // It may have ended by itself.
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    },
  };
}

/** What Prism found. Beyond some length it cuts its list short, and nobody knows of what. */
export function violationsOf(header) {
  if (header === null) return [];
  if (header.startsWith('[')) return JSON.parse(header);
  return [{ location: ['response'], severity: 'Error', message: header.slice(0, 1000) }];
}
