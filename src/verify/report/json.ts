/**
 * A report for programs.
 */
import { coverageCounts } from '../coverage.js';
import type { Report } from './report.js';

/** The report as JSON text: counts, coverage, and every finding with its request. */
export function jsonReport(report: Report): string {
  const { tool, title, url, startedAt, milliseconds, counts, notes, coverage, findings } = report;
  const never = coverage.filter(({ phases }) => phases.length === 0);
  const shown = findings.map(({ response, ...finding }) => ({ ...finding, status: response?.status ?? null }));
  const told = {
    tool,
    title,
    url,
    startedAt: startedAt.toISOString(),
    milliseconds: Math.round(milliseconds),
    counts,
    notes,
    coverage: { counts: coverageCounts(coverage), never },
    findings: shown,
  };
  return `${JSON.stringify(told, null, 2)}\n`;
}
