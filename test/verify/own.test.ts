/**
 * Our own sandbox is held to every document, as `paydouble verify <api>` does, and the command says so.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { documentedApis } from '../../src/document.js';
import { root } from '../../src/paths.js';
import { checks, phases } from '../../src/verify/case.js';
import { verify } from '../../src/verify/verify.js';
import { type Ended, paydouble } from '../command.js';
import { Ledger } from './ledger.js';

const directory = mkdtempSync(join(tmpdir(), 'paydouble-verify-'));
afterAll(() => rmSync(directory, { recursive: true }));

describe('the sandbox keeps its document', () => {
  test.each(documentedApis())(
    '%s',
    async (document) => {
      const authority = { credentials: new Map(), headers: [] };
      const { report } = await verify({
        document,
        authority,
        phases: new Set(phases),
        checks: new Set(checks),
        seed: 1,
        maxExamples: 20,
        maxMilliseconds: 60_000,
        workers: 8,
        timeoutMilliseconds: 30_000,
      });
      expect(report.findings.map(({ check, message, curl }) => `${check}: ${message}\n${curl}`)).toEqual([]);
      const never = report.coverage.filter(({ kind, phases: by }) => kind === 'constraint' && by.length === 0);
      expect(
        never.map(({ operationId, name }) => `${operationId} ${name}`).filter((name) => !isUnreachable(name)),
      ).toEqual([]);
      for (const phase of ['negative', 'positive']) {
        expect(report.outcomes.filter((outcome) => outcome.case.phase === phase).length, phase).toBeGreaterThan(20);
      }
    },
    120_000,
  );
});

/** A text cannot be too long and still have its format, and no case is made that breaks two constraints. */
function isUnreachable(name: string): boolean {
  return /(?:Date|date|posting|invoice_token) maxLength$/.test(name);
}

/** Runs `paydouble verify`. */
function command(...parameters: string[]): Promise<Ended> {
  return paydouble(['verify', ...parameters], directory);
}

const ledgerDocument = join(root, 'test', 'verify', 'ledger.yaml');

describe('the command', () => {
  test('tells each defect once, with what was received and documented, a place and a curl; writes reports', async () => {
    const ledger = new Ledger('number as text');
    const url = await ledger.listen();
    try {
      const credential = ['--url', url, '--credential', 'key=ledger-key'];
      const files = ['junit=r.xml', 'ctrf=r.json', 'html=r.html'].flatMap((file) => ['--report', file]);
      const { code, out } = await command(ledgerDocument, ...credential, ...files);
      expect(code).toBe(1);
      expect(out).toContain('/amount: must be number. Received "20".');
      expect(out).toMatch(
        /in the answer: \/items\/0\/amount\n +in the document: #\/components\/schemas\/Payment\/properties\/amount\/type\n/,
      );
      const [, id = ''] = /again: --replay '([^']+)'/.exec(out) ?? [];
      const again = await command(ledgerDocument, ...credential, '--replay', id);
      expect([again.code, again.out]).toEqual([1, expect.stringContaining('1 requests, 1 failed')]);
      expect(readFileSync(join(directory, 'r.xml'), 'utf8')).toMatch(/<failure type="response_schema_conformance"/);
      const ctrf = JSON.parse(readFileSync(join(directory, 'r.json'), 'utf8'));
      expect(ctrf.results.summary.failed).toBeGreaterThan(0);
      expect(ctrf.results.tests).toHaveLength(ctrf.results.summary.tests);
      expect(readFileSync(join(directory, 'r.html'), 'utf8')).toContain(
        '<summary><span class="check">response_schema_conformance',
      );
      const json = await command(ledgerDocument, ...credential, '--json');
      expect(JSON.parse(json.out).findings[0]).toMatchObject({
        check: 'response_schema_conformance',
        operationId: 'listPayments',
      });
    } finally {
      ledger.close();
    }
  });

  test('leaves out checks and phases, writes cases, and fails below a coverage', async () => {
    const ledger = new Ledger('number as text');
    const url = await ledger.listen();
    try {
      const given = [ledgerDocument, '--url', url, '--credential', 'key=ledger-key', '--phase', 'positive'];
      const left = await command(...given, '--exclude-check', 'response_schema_conformance', '--cases', 'cases.jsonl');
      expect([left.code, left.out]).toEqual([0, expect.stringContaining('No defect.')]);
      const lines = readFileSync(join(directory, 'cases.jsonl'), 'utf8').trimEnd().split('\n');
      expect(lines.length).toBeGreaterThan(20);
      expect(JSON.parse(lines[0] ?? '')).toMatchObject({ phase: 'positive', failures: [], answer: {} });
      const only = await command(...given, '--check', 'not_a_server_error', '--min-coverage', 'constraint=99.5');
      expect([only.code, only.error]).toEqual([
        1,
        expect.stringMatching(/^constraints: \d+\.\d % exercised, 99\.5 % wanted\./),
      ]);
    } finally {
      ledger.close();
    }
  });

  test('that cannot run says why in one line, with exit code 2', async () => {
    const ledger = new Ledger(undefined);
    const url = await ledger.listen();
    try {
      const [nobody, unreachable, refused, phase, report, header, replay, coverage] = await Promise.all([
        command('nobody'),
        command('nuntiq', '--url', 'http://127.0.0.1:9'),
        command(ledgerDocument, '--url', url, '--credential', 'key=wrong'),
        command('nuntiq', '--phase', 'guess'),
        command('nuntiq', '--report', 'pdf=x'),
        command('nuntiq', '--header', 'nothing'),
        command('nuntiq', '--replay', 'negative/nothing'),
        command('nuntiq', '--min-coverage', 'colour=50'),
      ]);
      const all = [nobody, unreachable, refused, phase, report, header, replay, coverage];
      expect(all.map(({ code, out }) => [code, out])).toEqual(all.map(() => [2, '']));
      expect(nobody.error).toBe(`There is no api nobody, nor a file. Known apis are ${documentedApis().join(', ')}.\n`);
      expect(unreachable.error).toMatch(/^No answer from http:\/\/127\.0\.0\.1:9\/.*Is the server up\?\n$/);
      expect(refused.error).toMatch(/^Every operation answers 401: the credential is refused\./);
      expect(phase.error).toContain('Known are samples, negative, positive, stateful, fuzz.');
      expect(report.error).toContain('There is no report pdf; known are junit, ctrf, html, json.');
      expect(header.error).toContain('Received nothing.');
      expect(coverage.error).toContain('Received colour=50.');
      expect(replay.error).toBe('There is no case negative/nothing in this document.\n');
    } finally {
      ledger.close();
    }
  });

  test.each([
    ['--header', 'X y: a', "Expected 'Name: value'"],
    ['--header', 'X-Name: 中', "Expected 'Name: value'"],
    ['--header', 'X-Name: a\r\nX-Other: b', "Expected 'Name: value'"],
    ['--seed', '1.5', 'Expected a whole number'],
    ['--max-examples', '1e12', 'Expected a whole number from 0 to 1000000.'],
    ['--max-time', '-1', 'Expected seconds, above 0 and at most 3600.'],
    ['--timeout', '1e12', 'Expected seconds, above 0 and at most 3600.'],
    ['--workers', '0', 'Expected a whole number from 1 to 256.'],
    ['--min-coverage', 'operation=101', 'a percentage up to 100'],
    ['--url', 'http://127.0.0.1:99999', '--url'],
  ])('refuses %s %j before anything is done', async (option, value, message) => {
    const { code, out, error } = await command('nuntiq', option, value);
    expect([code, out]).toEqual([2, '']);
    expect(error).toContain(message);
  });

  test('asks whether its files can be written before it sends anything, and names all that cannot', async () => {
    const files = ['--report', 'junit=no/such/r.xml', '--report', 'html=.', '--cases', 'nowhere/cases.jsonl'];
    const { code, out, error } = await command('nuntiq', ...files);
    expect([code, out]).toEqual([2, '']);
    expect(error.trimEnd().split('\n')).toEqual([
      'Cannot write no/such/r.xml: there is no directory no/such; make it first.',
      'Cannot write .: it is a directory; name a file in it.',
      'Cannot write nowhere/cases.jsonl: there is no directory nowhere; make it first.',
    ]);
  });

  test('that cannot begin leaves the cases of the run before', async () => {
    writeFileSync(join(directory, 'kept.jsonl'), 'kept');
    const { code } = await command('nuntiq', '--url', 'http://127.0.0.1:9', '--cases', 'kept.jsonl');
    expect([code, readFileSync(join(directory, 'kept.jsonl'), 'utf8')]).toEqual([2, 'kept']);
  });
});
