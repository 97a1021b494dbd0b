/**
 * A report for programs.
 */
import { version } from '../../version.js';
import { coverageCounts } from '../coverage.js';
import type { Report } from './report.js';
import { shownFinding } from './shown.js';

/** The report as JSON text: counts, coverage item by item, and every finding with its request and answer. */
export function jsonReport(report: Report): string {
  const { tool, title, url, startedAt, milliseconds, counts, notes, coverage, findings } = report;
  const never = coverage.filter(({ phases }) => phases.length === 0);
  const shown = findings.map(shownFinding).map(({ response, ...finding }) => ({
    ...finding,
    status: response?.status ?? null,
    response: response === undefined ? null : { ...response, headers: Object.fromEntries(response.headers) },
  }));
  const told = {
    tool: { name: tool, version },
    title,
    url,
    startedAt: startedAt.toISOString(),
    milliseconds: Math.round(milliseconds),
    counts,
    notes,
    coverage: { counts: coverageCounts(coverage), never, items: coverage },
    findings: shown,
  };
  return `${JSON.stringify(told, null, 2)}\n`;
}
