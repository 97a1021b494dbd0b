/**
 * What a run or a proxy came to, as reports are made from it.
 */
import { isRequestCheck, type Phase, phases } from '../case.js';
import type { CoverageItem } from '../coverage.js';
import type { Aside } from '../drift/two-servers.js';
import type { AnyFailure, Finding } from '../findings.js';
import type { Outcome, RunResult } from '../run.js';

/** What every report tells, whoever made the requests. */
export interface Report {
  readonly tool: 'paydouble verify' | 'paydouble proxy';
  /** The title of the document. */
  readonly title: string;
  /** Where the server is that was judged. */
  readonly url: string;
  readonly startedAt: Date;
  readonly milliseconds: number;
  readonly findings: readonly Finding[];
  readonly counts: readonly Count[];
  /** What is to be known of the judgement itself, a sentence each: what could not be judged. */
  readonly notes: readonly string[];
  /** What the document says, and what of it was exercised. */
  readonly coverage: readonly CoverageItem[];
  /** What differs between two servers and is left aside; absent where none are compared. */
  readonly aside?: readonly Aside[];
  readonly tests: readonly ReportedTest[];
}

/** How many findings there are, in words: `No defect`, `3 differences`. */
export function verdictOf({ findings: { length }, aside }: Pick<Report, 'findings' | 'aside'>): string {
  const [one, more] = aside === undefined ? ['defect', 'defects'] : ['difference', 'differences'];
  if (length === 0) return `No ${one}`;
  return length === 1 ? `One ${one}` : `${length} ${more}`;
}

/** How many requests of a kind there were, or answers. */
export interface Count {
  /** `negative`, `answers`. */
  readonly name: string;
  readonly judged: number;
  readonly failed: number;
  /** Refused by a rule that no schema states; of a run alone. */
  readonly ruled: number;
}

/** One thing that held or did not, as dashboards list it. */
export interface ReportedTest {
  /** Of the whole, the part, and its part: `['negative', 'createPayment']`. */
  readonly suite: readonly [string, string];
  readonly name: string;
  readonly milliseconds: number;
  readonly failures: readonly AnyFailure[];
}

/** A report on a run, with all of its requests. */
export interface RunReport extends Report, RunResult {}

/** What requests are for that no operation documents. */
export const noOperation = '(no operation)';

/** The phases that ran, in their order. */
export function phaseCounts(outcomes: readonly Outcome[]): readonly Count[] {
  return phases.flatMap((phase: Phase) => {
    const own = outcomes.filter((outcome) => outcome.case.phase === phase);
    if (own.length === 0) return [];
    const failed = own.filter(({ failures }) => failures.length > 0).length;
    return [{ name: phase, judged: own.length, failed, ruled: own.filter(({ ruled }) => ruled).length }];
  });
}

/** Every request of a run as a test. */
export function testsOf(outcomes: readonly Outcome[]): readonly ReportedTest[] {
  return outcomes.map(({ case: { id, phase, operation }, answer, failures }) => ({
    suite: [phase, operation?.operationId ?? noOperation],
    name: id,
    milliseconds: answer instanceof Error ? 0 : answer.milliseconds,
    failures,
  }));
}

/** The findings by operation; those of requests for none are under `(no operation)`. */
export function byOperation(findings: readonly Finding[]): ReadonlyMap<string, readonly Finding[]> {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const operation = finding.operationId ?? noOperation;
    groups.set(operation, [...(groups.get(operation) ?? []), finding]);
  }
  return groups;
}

/** In which part of an exchange a finding's pointer points. */
export function sideOf({ check }: Pick<Finding, 'check'>): 'request' | 'answer' {
  return isRequestCheck(check) ? 'request' : 'answer';
}
