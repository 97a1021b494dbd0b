/**
 * A report as JUnit XML, a suite for each phase and operation.
 *
 * The only module that imports xmlbuilder2.
 */
import { create } from 'xmlbuilder2';
import type { Outcome } from '../run.js';
import type { Report } from './report.js';

/** The report as XML text. */
export function junitReport({ outcomes, startedAt, milliseconds, title }: Report): string {
  const suites = new Map<string, Outcome[]>();
  for (const outcome of outcomes) {
    const { phase, operation } = outcome.case;
    const name = `${phase} ${operation?.operationId ?? '(no operation)'}`;
    suites.set(name, [...(suites.get(name) ?? []), outcome]);
  }
  const root = create({ version: '1.0', encoding: 'UTF-8' }).ele('testsuites', {
    name: forXml(title),
    time: seconds(milliseconds),
    ...counts(outcomes),
  });
  for (const [name, own] of suites) {
    const time = seconds(own.reduce((sum, outcome) => sum + durationOf(outcome), 0));
    const suite = root.ele('testsuite', { name, timestamp: startedAt.toISOString(), time, ...counts(own) });
    for (const outcome of own) {
      const { case: tried, failures } = outcome;
      const place = {
        classname: `paydouble.${tried.phase}`,
        name: forXml(tried.id),
        time: seconds(durationOf(outcome)),
      };
      const test = suite.ele('testcase', place);
      for (const { check, message, documented } of failures) {
        const text = forXml(message);
        test.ele('failure', { type: check, message: text }).txt(`${text}\nin the document: #${forXml(documented)}`);
      }
    }
  }
  return `${root.end({ prettyPrint: true })}\n`;
}

function counts(outcomes: readonly Outcome[]): { readonly tests: number; readonly failures: number } {
  return { tests: outcomes.length, failures: outcomes.filter(({ failures }) => failures.length > 0).length };
}

function durationOf({ exchange: { response } }: Outcome): number {
  return response instanceof Error ? 0 : response.milliseconds;
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

/** XML has no control characters but tab and line ends, not even escaped. */
function forXml(text: string): string {
  return [...text].map((each) => (/[^\P{C}\t\n\r]/u.test(each) ? '?' : each)).join('');
}
