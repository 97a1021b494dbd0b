/**
 * What a run came to, as reports are made from it.
 */
import { type Phase, phases } from '../case.js';
import type { CoverageItem } from '../coverage.js';
import type { Aside } from '../drift/two-servers.js';
import type { Finding } from '../findings.js';
import type { Outcome, RunResult } from '../run.js';

/** A run that is over. */
export interface Report extends RunResult {
  /** The title of the document. */
  readonly title: string;
  /** Where the server is that was judged. */
  readonly url: string;
  /** What the document says, and which phases exercised it. */
  readonly coverage: readonly CoverageItem[];
  /** What differs between two servers and is left aside; absent where one is judged. */
  readonly aside?: readonly Aside[];
  readonly startedAt: Date;
  readonly milliseconds: number;
}

/** How many findings there are, in words: `No defect`, `3 differences`. */
export function verdictOf({ findings: { length }, aside }: Report): string {
  const [one, more] = aside === undefined ? ['defect', 'defects'] : ['difference', 'differences'];
  if (length === 0) return `No ${one}`;
  return length === 1 ? `One ${one}` : `${length} ${more}`;
}

/** How many cases of a phase there were. */
export interface PhaseCount {
  readonly phase: Phase;
  readonly cases: number;
  readonly failed: number;
  /** Refused by a rule that no schema states. */
  readonly ruled: number;
}

/** The phases that ran, in their order. */
export function phaseCounts(outcomes: readonly Outcome[]): readonly PhaseCount[] {
  return phases.flatMap((phase) => {
    const own = outcomes.filter((outcome) => outcome.case.phase === phase);
    if (own.length === 0) return [];
    const failed = own.filter(({ failures }) => failures.length > 0).length;
    return [{ phase, cases: own.length, failed, ruled: own.filter(({ ruled }) => ruled).length }];
  });
}

/** The findings by operation; those of requests for none are under `(no operation)`. */
export function byOperation(findings: readonly Finding[]): ReadonlyMap<string, readonly Finding[]> {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const operation = finding.operationId ?? '(no operation)';
    groups.set(operation, [...(groups.get(operation) ?? []), finding]);
  }
  return groups;
}
