/**
 * One process at a time has a state directory: a second one says so in a line, and ends with 2.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { startSandbox } from '../../src/sandbox.js';
import { paydouble } from '../command.js';

const state = mkdtempSync(join(tmpdir(), 'paydouble-lock-'));
afterAll(() => rmSync(state, { recursive: true }));

test('a second server on a state directory is refused with one line and exit code 2', async () => {
  const first = await startSandbox({ port: 0, log: false, state, apis: ['nuntiq'] });
  try {
    const { code, out, error } = await paydouble(['serve', '--port', '0', '--state', state], state);
    expect(error).toBe(
      `paydouble cannot start: ${state}: another paydouble keeps its state there. Stop it, or give this one a place of its own with --state DIR, and a port with --port.\n`,
    );
    expect([code, out]).toEqual([2, '']);
    await expect(startSandbox({ port: 0, log: false, state, fresh: true })).rejects.toThrow('another paydouble');
  } finally {
    await first.close();
  }
  await (await startSandbox({ port: 0, log: false, state, apis: ['nuntiq'] })).close();
}, 60_000);

test('durability that contradicts the place is refused', async () => {
  const { code, error } = await paydouble(['serve', '--state', state, '--durability', 'memory'], state);
  expect([code, error]).toEqual([
    2,
    'error: --durability memory keeps nothing: leave --state out, or choose full or relaxed.\n',
  ]);
  expect((await paydouble(['serve', '--durability', 'most'], state)).error).toContain(
    'Allowed choices are full, relaxed, memory.',
  );
  await expect(startSandbox({ durability: 'full' })).rejects.toThrow(
    'durability: full wants a directory: give state too.',
  );
  await expect(startSandbox({ durability: 'memory', state })).rejects.toThrow('durability: memory keeps nothing');
}, 60_000);

test.each([
  [{}, 'memory'],
  [{ state: join(state, 'full') }, 'full'],
  [{ state: join(state, 'relaxed'), durability: 'relaxed' }, 'relaxed'],
] as const)('health says the durability of %j: %s', async (options, durability) => {
  const sandbox = await startSandbox({ port: 0, log: false, apis: ['nuntiq'], ...options });
  const answer = await fetch(`${sandbox.url}/_sandbox/health`);
  expect(await answer.json()).toMatchObject({ status: 'up', durability });
  await sandbox.close();
});
