/**
 * What the judge says of the ledger.
 */
import { checks, type Phase } from '../../src/verify/case.js';
import type { Finding } from '../../src/verify/findings.js';
import type { RunReport } from '../../src/verify/report/report.js';
import { verify } from '../../src/verify/verify.js';
import { type Defect, Ledger } from './ledger.js';

/** What is wrong with a ledger with a defect, or none, by a document. `notes` gathers what is noted of the document. */
export async function ledgerFindings(...judged: Parameters<typeof ledgerReport>): Promise<readonly Finding[]> {
  return (await ledgerReport(...judged)).findings;
}

/** The whole report on it. */
export async function ledgerReport(
  document: string,
  defect: Defect | undefined,
  phases: readonly Phase[],
  notes: string[] = [],
): Promise<RunReport> {
  const ledger = new Ledger(defect);
  const url = await ledger.listen();
  try {
    const { report } = await verify({
      document,
      url,
      authority: { credentials: new Map([['key', 'ledger-key']]), headers: [] },
      phases: new Set(phases),
      checks: new Set(checks),
      seed: 1,
      maxExamples: 100,
      maxMilliseconds: 60_000,
      workers: 4,
      timeoutMilliseconds: 10_000,
      note: (words) => notes.push(words),
    });
    return report;
  } finally {
    ledger.close();
  }
}
