/**
 * The examples pass in their own runners, as examples/README.md says.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { root } from '../src/paths.js';

const run = promisify(execFile);
const bin = join(root, 'node_modules', '.bin');
/** Without what this run of vitest tells its own children. */
const { VITEST: _, VITEST_POOL_ID: __, VITEST_WORKER_ID: ___, NODE_ENV: ____, ...environment } = process.env;

test.each<[string, string, string[], Record<string, string>, RegExp]>([
  ['vitest', join(bin, 'vitest'), ['run', '--root', 'examples/vitest'], {}, /1 passed/],
  [
    'jest',
    join(bin, 'jest'),
    ['--config', 'examples/jest/jest.config.json'],
    { NODE_OPTIONS: '--experimental-vm-modules' },
    /1 passed/,
  ],
  ['node:test', process.execPath, ['--test', 'examples/node-test/payment.test.mjs'], {}, /^# pass 1$/m],
])(
  '%s',
  async (_name, command, parameters, variables, passed) => {
    const env = { ...environment, NO_COLOR: '1', ...variables };
    const { stdout, stderr } = await run(command, parameters, { cwd: root, env });
    expect(stdout + stderr).toMatch(passed);
  },
  60_000,
);
