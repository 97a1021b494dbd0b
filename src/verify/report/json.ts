/**
 * A report for programs.
 */
import { coverageCounts } from '../coverage.js';
import { phaseCounts, type Report } from './report.js';

/** The report as JSON text: counts, coverage, and every finding with its request. */
export function jsonReport({
  title,
  url,
  startedAt,
  milliseconds,
  outcomes,
  coverage,
  aside,
  findings,
}: Report): string {
  const never = coverage.filter(({ phases }) => phases.length === 0);
  const shown = findings.map(({ response, other, ...finding }) => ({
    ...finding,
    status: response?.status ?? null,
    ...(other === undefined ? {} : { other: { status: other.response?.status ?? null, curl: other.curl } }),
  }));
  const report = {
    title,
    url,
    startedAt: startedAt.toISOString(),
    milliseconds: Math.round(milliseconds),
    phases: phaseCounts(outcomes),
    coverage: { counts: coverageCounts(coverage), never },
    ...(aside === undefined ? {} : { aside }),
    findings: shown,
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}
