/**
 * The built command line, run to its end.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../src/paths.js';

/** What a command came to. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

/** Runs `paydouble` in a directory; `environment` is added to that of the tests. */
export function paydouble(
  words: readonly string[],
  cwd: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const command = [join(root, 'dist', 'src', 'cli.js'), ...words];
  const child = spawn(process.execPath, command, { cwd, env: { ...process.env, ...environment } });
  let [out, error] = ['', ''];
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    error += chunk;
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, error })));
}
