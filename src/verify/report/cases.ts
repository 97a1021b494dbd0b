/**
 * Every request of a run, for later: a line of JSON each.
 */
import type { Outcome } from '../run.js';

/** The text of the file. */
export function casesFile(outcomes: readonly Outcome[]): string {
  return outcomes.map(line).join('');
}

function line({ case: tried, exchange: { url, response }, failures, ruled }: Outcome): string {
  const { id, phase, operation, subject, request } = tried;
  const answer =
    response instanceof Error ? { error: response.message } : { status: response.status, text: response.text };
  const entry = { id, phase, operationId: operation?.operationId, subject, url, request, answer, failures, ruled };
  return `${JSON.stringify(entry)}\n`;
}
