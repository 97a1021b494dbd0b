/**
 * A report for programs.
 */
import { version } from '../../version.js';
import { coverageCounts } from '../coverage.js';
import { phaseCounts, type Report } from './report.js';

/** The report as JSON text: counts, coverage item by item, and every finding with its request and answer. */
export function jsonReport({ title, url, startedAt, milliseconds, outcomes, coverage, findings }: Report): string {
  const never = coverage.filter(({ phases }) => phases.length === 0);
  const shown = findings.map(({ response, ...finding }) => ({
    ...finding,
    status: response?.status ?? null,
    response: response === undefined ? null : { ...response, headers: Object.fromEntries(response.headers) },
  }));
  const report = {
    tool: { name: 'paydouble verify', version },
    title,
    url,
    startedAt: startedAt.toISOString(),
    milliseconds: Math.round(milliseconds),
    phases: phaseCounts(outcomes),
    coverage: { counts: coverageCounts(coverage), never, items: coverage },
    findings: shown,
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}
