/**
 * A report in the Common Test Report Format (ctrf.io), a JSON that dashboards of CI read.
 */
import { version } from '../../version.js';
import type { Report, ReportedTest } from './report.js';

/** The report as JSON text; times in milliseconds since 1970. */
export function ctrfReport({ tool: name, tests: reported, startedAt, milliseconds, title }: Report): string {
  const tests = reported.map(ctrfTest);
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
  const results = { tool: { name, version }, summary, tests, environment: { appName: title } };
  return `${JSON.stringify({ reportFormat: 'CTRF', specVersion: '0.0.0', results }, null, 2)}\n`;
}

function ctrfTest({ suite, name, milliseconds, failures }: ReportedTest) {
  return {
    name,
    status: failures.length === 0 ? 'passed' : 'failed',
    duration: Math.round(milliseconds),
    suite,
    ...(failures.length === 0
      ? {}
      : {
          message: failures.map(({ check, message }) => `${check}: ${message}`).join('\n'),
        }),
  };
}
