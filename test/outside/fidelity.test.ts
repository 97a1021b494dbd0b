/**
 * The pages of fidelity are judged by what tests came to: a rule of which only one side was tested has no test.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { root } from '../../src/paths.js';

const directory = mkdtempSync(join(tmpdir(), 'paydouble-fidelity-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** An exchange as test/harness.ts keeps it, of the test of one side of a rule. */
function exchangeOf(rule: string, side: string): string {
  return JSON.stringify({
    test: `nuntiq.test.ts: the rules of nuntiq > ${rule}: ${side}`,
    api: 'nuntiq',
    method: 'POST',
    path: '/payments',
    headers: { 'content-type': 'application/json' },
    body: Buffer.from('[]').toString('base64'),
    answer: { status: 200, headers: { 'content-type': 'application/json' }, text: '{"results":[]}' },
  });
}

/** Runs the script; gives its exit code and what it says. */
async function write(...given: string[]): Promise<[number | null, string]> {
  const child = spawn(process.execPath, [join(root, 'scripts', 'write-fidelity.mjs'), ...given]);
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const [code] = await once(child, 'close');
  return [code, said];
}

test('a rule without a test of both its sides is told, and pages of other tests are stale', async () => {
  const both = [exchangeOf('empty-array', 'accepts'), exchangeOf('empty-array', 'refuses')];
  writeFileSync(join(directory, 'a.jsonl'), `${[...both, exchangeOf('null-clears', 'accepts')].join('\n')}\n`);
  const [code, said] = await write('--recorded', directory, '--check');
  expect(code).toBe(1);
  expect(said).toContain('nuntiq: the rule null-clears has no test of both its sides');
  expect(said).not.toContain('the rule empty-array');
  expect(said).toContain('docs/fidelity/nuntiq.md is not what comes out.');
});

test('without the exchanges of tests it says how to get them, with exit code 2', async () => {
  expect(await write()).toEqual([2, expect.stringMatching(/^Say where the tests .*RECORD_EXCHANGES=DIR.*\n$/)]);
});
