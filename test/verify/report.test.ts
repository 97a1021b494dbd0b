/**
 * Reports: what they show stays text, one defect is told once, and coverage is counted by operation, parameter, media type,
 * answer and constraint.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../src/paths.js';
import { checks, type Phase } from '../../src/verify/case.js';
import { coverageCounts } from '../../src/verify/coverage.js';
import { htmlReport } from '../../src/verify/report/html.js';
import { jsonReport } from '../../src/verify/report/json.js';
import { verify } from '../../src/verify/verify.js';
import { type Defect, Ledger } from './ledger.js';

async function reportOf(defect: Defect | undefined, chosen: readonly Phase[]) {
  const ledger = new Ledger(defect);
  const url = await ledger.listen();
  try {
    const { report } = await verify({
      document: join(root, 'test', 'verify', 'ledger.yaml'),
      url,
      authority: { credentials: new Map([['key', 'ledger-key']]), headers: [] },
      phases: new Set(chosen),
      checks: new Set(checks),
      seed: 1,
      maxExamples: 1,
      maxMilliseconds: 1_000,
      workers: 4,
      timeoutMilliseconds: 10_000,
    });
    return report;
  } finally {
    ledger.close();
  }
}

test('what is wrong with every element of a list is one defect', async () => {
  const { findings } = await reportOf('bad date', ['stateful']);
  const ofList = findings.filter(({ operationId }) => operationId === 'listPayments');
  expect(ofList.map(({ message }) => message)).toHaveLength(1);
  expect(ofList[0]?.count).toBeGreaterThan(1);
});

test('the page shows markup as text, runs its own script alone and loads nothing', async () => {
  const report = await reportOf('bad date', ['positive']);
  const [finding] = report.findings;
  if (finding === undefined) throw new Error('nothing found');
  const hostile = '</title><script>alert(1)</script><img src=x onerror="alert(1)">';
  const page = htmlReport({
    ...report,
    title: hostile,
    url: hostile,
    findings: [
      { ...finding, message: hostile, operationId: hostile, curl: hostile, cases: [hostile], pointer: hostile },
    ],
    coverage: [{ operationId: hostile, kind: 'response', name: hostile, phases: [] }],
  });
  const scripts = [...page.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, text = '']) => text);
  expect(scripts).toHaveLength(1);
  const digest = createHash('sha256')
    .update(scripts[0] ?? '')
    .digest('base64');
  expect(page).toContain(`default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${digest}'`);
  expect(page).not.toMatch(/<img|\b(?:src|href)=["']/);
  expect(page).toContain('&lt;img src=x onerror=&quot;alert(1)&quot;&gt;');
});

test('coverage is of operations, parameters, media types, answers and constraints, by phase or never', async () => {
  const report = await reportOf(undefined, ['stateful']);
  const counts = coverageCounts(report.coverage);
  expect(counts.map(({ kind }) => kind)).toEqual(['operation', 'parameter', 'media-type', 'response', 'constraint']);
  for (const { kind, total } of counts) expect(total, kind).toBeGreaterThan(0);
  const item = (operationId: string, name: string) =>
    report.coverage.find((each) => each.operationId === operationId && each.name === name)?.phases;
  expect(item('listPayments', 'GET /payments')).toEqual(['stateful']);
  expect(item('listPayments', 'query sort')).toEqual(['stateful']);
  expect(item('createPayment', 'header Idempotency-Key')).toEqual(['stateful']);
  expect(item('createPayment', 'application/json')).toEqual(['stateful']);
  expect(item('createPayment', '415 application/json')).toEqual([]);
  expect(item('createPayment', 'body /amount maximum')).toEqual([]);
  const told = JSON.parse(jsonReport(report));
  expect(told.coverage.items).toHaveLength(report.coverage.length);
  expect(told.tool.name).toBe('paydouble verify');
});
