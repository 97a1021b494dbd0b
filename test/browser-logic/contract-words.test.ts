/**
 * What the page says of verifications, without a browser.
 */
import { describe, expect, test } from 'vitest';
import {
  byCheck,
  curlTo,
  defects,
  duration,
  readForm,
  share,
  stepOf,
  summary,
  usualForm,
  type Verification,
  verdict,
} from '../../src/browser/views/contract/words.js';
import { phases } from '../../src/verify/case.js';

const run: Verification = {
  id: 'v-1',
  api: 'acme',
  state: 'running',
  phases: ['negative', 'positive'],
  excludeChecks: [],
  seed: 1,
  maxExamples: 100,
  startedAt: '2026-03-05T10:00:00.000Z',
  done: 0,
  findings: 0,
};

describe('how far it is', () => {
  test.each<[Partial<Verification>, number | undefined, string]>([
    [{}, undefined, 'a sandbox is started for it'],
    [{ phase: 'negative', done: 30, total: 120 }, 0.125, 'negative, 30 of 120 requests'],
    [{ phase: 'positive', done: 0, total: 10 }, 0.5, 'positive, 0 of 10 requests'],
    [{ phase: 'positive', done: 10, total: 10 }, 1, 'positive, 10 of 10 requests'],
    [{ phase: 'positive', done: 0, total: 0 }, 1, 'positive, 0 of 0 requests'],
    [{ phases: ['stateful'], phase: 'stateful', done: 1, total: 4 }, 0.25, 'stateful, 1 of 4 kinds of things'],
    [{ phases: ['fuzz'], phase: 'fuzz', done: 1, total: 2 }, 0.5, 'fuzz, 1 of 2 operations'],
  ])('%j', (change, expected, step) => {
    expect(share({ ...run, ...change })).toBe(expected);
    expect(stepOf({ ...run, ...change })).toBe(step);
  });
});

test.each([
  [0, 'no defects'],
  [1, 'one defect'],
  [1000, '1000 defects'],
])('%i defects', (count, words) => {
  expect(defects(count)).toBe(words);
});

test.each<[Partial<Verification>, string, string]>([
  [{ state: 'held' }, 'Held', 'Acme: no defects in 12.3 s.'],
  [{ state: 'failed', findings: 1 }, 'One defect', 'Acme: one defect in 12.3 s.'],
  [{ state: 'failed', findings: 3 }, '3 defects', 'Acme: 3 defects in 12.3 s.'],
  [{ state: 'stopped', findings: 3 }, 'Stopped', 'Acme: the run was stopped.'],
  [{ state: 'broken', trouble: 'No.' }, 'Could not run', 'Acme: the run could not come to its end. No.'],
  [{ state: 'broken' }, 'Could not run', 'Acme: the run could not come to its end.'],
])('what it came to: %j', (change, short, long) => {
  const ended = { ...run, endedAt: '2026-03-05T10:00:12.345Z', ...change };
  expect(verdict(ended)).toBe(short);
  expect(summary('Acme', ended)).toBe(long);
});

test.each([
  ['2026-03-05T10:00:00.000Z', '0.0 s'],
  ['2026-03-05T10:00:59.900Z', '59.9 s'],
  ['2026-03-05T10:02:05.400Z', '2 min 5 s'],
])('a run that ended at %s', (endedAt, took) => {
  expect(duration({ ...run, endedAt })).toBe(took);
  expect(duration(run)).toBe('');
});

test('every curl of a run goes to the sandbox that is asked, and to no other name', () => {
  const curl =
    "curl 'http://127.0.0.1:40213/~w-17/acme/things/7'\ncurl 'http://127.0.0.1:40213/~w-17/acme/things?x=~w-17'";
  expect(curlTo('http://localhost:4010/~mine', curl)).toBe(
    "curl 'http://localhost:4010/~mine/acme/things/7'\ncurl 'http://localhost:4010/~mine/acme/things?x=~w-17'",
  );
  expect(curlTo('http://a/$&', curl)).toContain('http://a/$&/acme');
});

test('checks are counted in the order in which they were found', () => {
  const findings = [
    { check: 'b', count: 2 },
    { check: 'a', count: 1 },
    { check: 'b', count: 3 },
  ];
  expect(byCheck(findings)).toEqual([
    { check: 'b', defects: 2, requests: 5 },
    { check: 'a', defects: 1, requests: 1 },
  ]);
});

describe('the form', () => {
  test('is at first as the command has it, with every phase', () => {
    expect(readForm(usualForm)).toEqual({ phases: [...phases], seed: 1, maxExamples: 100 });
  });

  test.each([
    [
      { seed: '-7', maxExamples: '0' },
      { phases: [...phases], seed: -7, maxExamples: 0 },
    ],
    [{ seed: ' 12 ' }, { phases: [...phases], seed: 12, maxExamples: 100 }],
    [{ seed: '' }, ['The seed is a whole number.']],
    [{ seed: '1e3' }, ['The seed is a whole number.']],
    [{ seed: '9007199254740993' }, ['The seed is a whole number.']],
    [{ maxExamples: '-1' }, ['Random requests are a whole number from 0 to 1000000.']],
    [{ maxExamples: '1000001' }, ['Random requests are a whole number from 0 to 1000000.']],
    [{ phases: [], seed: 'x' }, ['Choose a phase.', 'The seed is a whole number.']],
  ])('%j', (change, read) => {
    expect(readForm({ ...usualForm, ...change })).toEqual(read);
  });
});
