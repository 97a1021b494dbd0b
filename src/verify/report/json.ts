/**
 * A report for programs.
 */
import { version } from '../../version.js';
import { coverageCounts } from '../coverage.js';
import type { Finding } from '../findings.js';
import type { Report } from './report.js';

/** The report as JSON text: counts, coverage item by item, and every finding with its request and answer. */
export function jsonReport(report: Report): string {
  const { tool, title, url, startedAt, milliseconds, counts, notes, coverage, aside, findings } = report;
  const never = coverage.filter(({ phases }) => phases.length === 0);
  const shown = findings.map(({ response, other, ...finding }) => ({
    ...finding,
    ...answerOf(response),
    ...(other === undefined ? {} : { other: { ...answerOf(other.response), curl: other.curl } }),
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
    ...(aside === undefined ? {} : { aside }),
    findings: shown,
  };
  return `${JSON.stringify(told, null, 2)}\n`;
}

function answerOf(response: Finding['response']) {
  return {
    status: response?.status ?? null,
    response: response === undefined ? null : { ...response, headers: Object.fromEntries(response.headers) },
  };
}
