/**
 * Reports: what they show stays text, one defect is told once, and coverage is counted by operation, parameter, media type,
 * answer and constraint.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from '../../src/paths.js';
import type { Phase } from '../../src/verify/case.js';
import { coverageCounts } from '../../src/verify/coverage.js';
import { Findings } from '../../src/verify/findings.js';
import { caseEntry } from '../../src/verify/report/cases.js';
import { ctrfReport } from '../../src/verify/report/ctrf.js';
import { htmlReport } from '../../src/verify/report/html.js';
import { jsonReport } from '../../src/verify/report/json.js';
import { junitReport } from '../../src/verify/report/junit.js';
import { shownFailure } from '../../src/verify/report/shown.js';
import { terminalReport } from '../../src/verify/report/terminal.js';
import type { Defect } from './ledger.js';
import { ledgerReport } from './ledger-findings.js';

const reportOf = (defect: Defect | undefined, chosen: readonly Phase[]) =>
  ledgerReport(join(root, 'test', 'verify', 'ledger.yaml'), defect, chosen);

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

test('a terminal and a log of CI obey nothing that a server or a document sent', async () => {
  const report = await reportOf('bad date', ['positive']);
  const [finding] = report.findings;
  if (finding === undefined) throw new Error('nothing found');
  const hostile = 'a\u001b[2J\u009b31m\r\n::stop-commands::x\u202e';
  const text = terminalReport(
    {
      ...report,
      title: hostile,
      url: hostile,
      notes: [hostile],
      findings: [
        {
          ...finding,
          message: hostile,
          operationId: hostile,
          cases: [hostile],
          pointer: hostile,
          documented: hostile,
        },
      ],
    },
    false,
  );
  expect(text).not.toMatch(/(?!\n)[\p{Cc}\u202e]/u);
  expect(text.split('\n').filter((line) => line.trim().startsWith('::'))).toEqual([]);
  expect(text).toContain('in the answer: a\\u001b[2J\\u009b31m\\u000d\\u000a::stop-commands::x\\u202e');
});

test('no report is as long as a server likes, and what fits is whole', async () => {
  const report = await reportOf('bad date', ['positive']);
  const [finding] = report.findings;
  const [outcome] = report.outcomes;
  if (finding?.response === undefined || outcome === undefined) throw new Error('nothing found');
  const long = 'x'.repeat(1_000_000);
  const response = { ...finding.response, text: long };
  const failure = { check: 'response_schema_conformance', documented: '', message: long, pointer: long } as const;
  const tried = { ...outcome.case, request: { ...outcome.case.request, body: long } };
  const exchange = { case: tried, url: 'http://test.example', response };
  const findings = new Findings();
  findings.add(exchange, [failure]);
  const told = {
    ...report,
    findings: findings.all(),
    tests: report.tests.slice(0, 1).map((each) => ({ ...each, failures: [shownFailure(failure)] })),
    coverage: [],
  };
  const texts = [
    jsonReport(told),
    ctrfReport(told),
    junitReport(told),
    htmlReport(told),
    terminalReport(told, false),
    JSON.stringify(caseEntry(exchange, { failures: [failure], ruled: false })),
  ];
  for (const text of texts) {
    expect(text.length).toBeLessThan(400_000);
    expect(text).toContain('(1000000 characters)');
  }
  const whole = JSON.parse(jsonReport(report)).findings[0];
  expect(whole).toMatchObject({
    message: finding.message,
    curl: finding.curl,
    response: { text: finding.response.text },
  });
});

describe('a curl', () => {
  const commands = (curl: string) =>
    curl
      .split('\n')
      .flatMap((line) => /^curl -i -X (\S+) 'http:\/\/[^/]+([^']*)'/.exec(line)?.slice(1).join(' ') ?? []);

  test('has every request that it takes to see what a sequence found, in their order', async () => {
    const curlOf = async (defect: Defect) => {
      const { findings } = await reportOf(defect, ['stateful']);
      return commands(findings[0]?.curl ?? '');
    };
    expect(await curlOf('cuts texts')).toEqual(['POST /payments', 'GET /payments/6']);
    expect(await curlOf('reads what was deleted')).toEqual(['POST /payments', 'DELETE /payments/6', 'GET /payments/6']);
    const [whole, ...pages] = await curlOf('pages skip');
    expect(whole).toBe('GET /payments?page=1&size=50');
    expect(pages).toEqual(pages.map((_, index) => `GET /payments?page=${index + 1}&size=2`));
    expect(pages.length).toBeGreaterThan(3);
    expect(await curlOf('a replay makes another')).toEqual(['POST /payments', 'POST /payments']);
  });

  test('is one where one request shows it, and never more than twenty', async () => {
    const report = await reportOf('bad date', ['positive']);
    for (const { curl } of report.findings) expect(commands(curl)).toHaveLength(1);
    const [outcome] = report.outcomes;
    if (outcome === undefined) throw new Error('nothing was sent');
    const sent = (number: number) => ({
      case: outcome.case,
      url: `http://test.example/${number}`,
      response: new Error('none'),
    });
    const findings = new Findings();
    const steps = Array.from({ length: 30 }, (_, index) => sent(index));
    const failure = { check: 'list_is_complete', pointer: '', message: 'Wrong.', documented: '' } as const;
    findings.add({ ...sent(29), steps }, [failure]);
    const curl = findings.all()[0]?.curl ?? '';
    expect(commands(curl).map((command) => Number(command.split('/')[1]))).toEqual(
      [...Array(10).keys(), ...Array(10).keys()].map((number, index) => (index < 10 ? number : number + 20)),
    );
    expect(curl).toContain('\n# 10 more requests\n');
  });
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
