/**
 * A report in the Common Test Report Format (ctrf.io), a JSON that dashboards of CI read.
 */
import { version } from '../../version.js';
import type { Outcome } from '../run.js';
import type { Report } from './report.js';

/** The report as JSON text; times in milliseconds since 1970. */
export function ctrfReport({ outcomes, startedAt, milliseconds, title }: Report): string {
  const tests = outcomes.map(ctrfTest);
  const failed = tests.filter(({ status }) => status === 'failed').length;
  const start = startedAt.getTime();
  const summary = {
    tests: tests.length,
    passed: tests.length - failed,
    failed,
    pending: 0,
    skipped: 0,
    other: 0,
    start,
    stop: start + Math.round(milliseconds),
  };
  const tool = { name: 'paydouble verify', version };
  const results = { tool, summary, tests, environment: { appName: title } };
  return `${JSON.stringify({ reportFormat: 'CTRF', specVersion: '0.0.0', results }, null, 2)}\n`;
}

function ctrfTest({ case: { id, phase, operation }, exchange: { response }, failures }: Outcome) {
  return {
    name: id,
    status: failures.length === 0 ? 'passed' : 'failed',
    duration: response instanceof Error ? 0 : Math.round(response.milliseconds),
    suite: [phase, ...(operation === undefined ? [] : [operation.operationId])],
    ...(failures.length === 0
      ? {}
      : { message: failures.map(({ check, message }) => `${check}: ${message}`).join('\n') }),
  };
}
