/**
 * What a command says when it could not do what it was told: for people a line for each thing that is wrong, for programs the
 * control API's own problem document.
 */
import { ControlError, type Schemas } from '../client/control.js';

/** What the command line says cannot be asked. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** More lines tell nobody more. */
const mostLines = 20;

type Wrong = Schemas['Problem']['errors'][number];

/** The trouble as a person reads it. */
export function describeTrouble(error: Error): string {
  if (!(error instanceof ControlError) || error.errors.length === 0) return error.message;
  const lines = linesOf(error.errors);
  if (lines.length <= mostLines) return lines.join('\n');
  return [...lines.slice(0, mostLines), `And ${lines.length - mostLines} more.`].join('\n');
}

/** Each thing with its place. A sentence that is said of several members is said once, with all of them. */
function linesOf(errors: readonly Wrong[]): readonly string[] {
  const places = new Map<string, readonly string[]>();
  const lines: string[] = [];
  for (const { in: part, pointer, message } of errors) {
    const [, subject = '', rest = ''] = /^(The body|The record|\/\S*): (.*)$/s.exec(message) ?? [];
    // Places in a path or a query are what the command makes of its own words; the sentence alone is clearer.
    if (part !== 'body' || pointer === '') places.set(message, []);
    else if (subject.startsWith('The ') || (subject !== '' && pointer.endsWith(subject)))
      lines.push(`${pointer}: ${rest}`);
    else places.set(message, [...(places.get(message) ?? []), pointer]);
  }
  const shared = [...places].map(([message, at]) => (at.length === 0 ? message : `${at.join(', ')}: ${message}`));
  return [...new Set([...lines, ...shared])];
}

/** The trouble as a problem document; one of the command's own where the control API gave none. */
export function problemOf(error: Error): object {
  if (error instanceof ControlError) return error.problem;
  const [type, title] =
    error instanceof UsageError ? ['usage', 'Wrong usage'] : ['unreachable', 'No sandbox could be asked'];
  return { type: `urn:paydouble:problem:${type}`, title, detail: error.message, errors: [] };
}
