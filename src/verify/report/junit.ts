/**
 * A report as JUnit XML, a suite for each phase, or side, and operation.
 *
 * The only module that imports xmlbuilder2.
 */
import { create } from 'xmlbuilder2';
import type { Report, ReportedTest } from './report.js';

/** The report as XML text. */
export function junitReport({ tests, startedAt, milliseconds, title }: Report): string {
  const suites = new Map<string, ReportedTest[]>();
  for (const test of tests) {
    const name = test.suite.join(' ');
    suites.set(name, [...(suites.get(name) ?? []), test]);
  }
  const root = create({ version: '1.0', encoding: 'UTF-8' }).ele('testsuites', {
    name: forXml(title),
    time: seconds(milliseconds),
    ...counts(tests),
  });
  for (const [name, own] of suites) {
    const time = seconds(own.reduce((sum, test) => sum + test.milliseconds, 0));
    const suite = root.ele('testsuite', {
      name: forXml(name),
      timestamp: startedAt.toISOString(),
      time,
      ...counts(own),
    });
    for (const { suite: of, name: called, milliseconds: took, failures } of own) {
      const place = { classname: `paydouble.${of[0]}`, name: forXml(called), time: seconds(took) };
      const test = suite.ele('testcase', place);
      for (const { check, message, documented } of failures) {
        const text = forXml(message);
        test.ele('failure', { type: check, message: text }).txt(`${text}\nin the document: #${forXml(documented)}`);
      }
    }
  }
  return `${root.end({ prettyPrint: true })}\n`;
}

function counts(tests: readonly ReportedTest[]): { readonly tests: number; readonly failures: number } {
  return { tests: tests.length, failures: tests.filter(({ failures }) => failures.length > 0).length };
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

/** XML has no control characters but tab and line ends, not even escaped. */
function forXml(text: string): string {
  return [...text].map((each) => (/[^\P{C}\t\n\r]/u.test(each) ? '?' : each)).join('');
}
