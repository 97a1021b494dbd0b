/**
 * A report for a person at a terminal.
 */
import { styleText } from 'node:util';
import { coverageCounts } from '../coverage.js';
import type { Aside } from '../drift/two-servers.js';
import type { Finding } from '../findings.js';
import { byOperation, type Report, sideOf, verdictOf } from './report.js';
import { inOneLine } from './shown.js';

/** More are counted, not shown: the first are the ones to begin with. */
const mostFindings = 50;

/** The report as text, with colours where they are wanted. */
export function terminalReport(report: Report, coloured: boolean): string {
  const paint = (style: 'bold' | 'red' | 'green' | 'dim', text: string) => (coloured ? styleText(style, text) : text);
  const { findings, counts, notes } = report;
  const isRun = report.tool === 'paydouble verify';
  const shown = findings.slice(0, mostFindings);
  const lines = [`${paint('bold', inOneLine(report.title))} at ${inOneLine(report.url)}`, ''];
  for (const [operation, own] of byOperation(shown)) {
    lines.push(paint('bold', inOneLine(operation)));
    for (const finding of own) lines.push(...describe(finding, isRun, paint), '');
  }
  if (findings.length > shown.length) lines.push(`… and ${findings.length - shown.length} more.`, '');
  for (const { name, judged, failed, ruled } of counts) {
    const rules = ruled === 0 ? '' : `, ${ruled} refused by a rule of the document`;
    const failures = failed === 0 ? paint('green', 'all held') : paint('red', `${failed} failed`);
    lines.push(
      `${name.padEnd(10)} ${String(judged).padStart(6)} ${isRun ? 'requests' : 'judged'}, ${failures}${rules}`,
    );
  }
  for (const note of notes) lines.push(inOneLine(note));
  for (const { kind, exercised, total } of coverageCounts(report.coverage)) {
    lines.push(`${`${kind}s`.padEnd(12)} ${exercised} of ${total} exercised`);
  }
  for (const each of report.aside ?? []) lines.push(describeAside(each));
  const seconds = (report.milliseconds / 1000).toFixed(1);
  const verdict = paint(findings.length === 0 ? 'green' : 'red', `${verdictOf(report)}.`);
  return [...lines, '', `${verdict} ${seconds} s.`, ''].join('\n');
}

function describe(
  finding: Finding,
  isRun: boolean,
  paint: (style: 'red' | 'dim', text: string) => string,
): readonly string[] {
  const { check, message, pointer, documented, count: times, cases, curl, other } = finding;
  const [id = ''] = cases;
  const requests = times === 1 ? '' : ` (${times} requests)`;
  return [
    `  ${paint('red', check)}${requests}`,
    `    ${inOneLine(message)}`,
    ...(pointer === '' ? [] : [`    in the ${sideOf(finding)}: ${inOneLine(pointer)}`]),
    ...(documented === '' ? [] : [`    in the document: #${inOneLine(documented)}`]),
    isRun ? `    again: --replay '${inOneLine(id)}'` : `    first: ${inOneLine(id)}`,
    ...[curl, ...(other === undefined ? [] : [other.curl])]
      .flatMap((each) => each.split('\n'))
      .map((line) => `    ${paint('dim', inOneLine(line))}`),
  ];
}

function describeAside({ what, place, count }: Aside): string {
  return `left aside   ${what} ${count} times: ${place}`;
}
