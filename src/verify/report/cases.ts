/**
 * Every request of a run, for later: a line of JSON each.
 */
import type { Outcome } from '../run.js';
import { cut, shownFailure, shownRequest } from './shown.js';

/** The lines of the file, one after the other: of a long run they are more than fits into one text. */
export function* casesFile(outcomes: readonly Outcome[]): Generator<string> {
  for (const outcome of outcomes) yield line(outcome);
}

function line({ case: tried, exchange, failures: all, ruled }: Outcome): string {
  const { id, phase, operation, subject } = tried;
  const { response } = exchange;
  const request = shownRequest(tried.request);
  const url = cut(exchange.url);
  const failures = all.map(shownFailure);
  const answer =
    response instanceof Error ? { error: response.message } : { status: response.status, text: cut(response.text) };
  const entry = { id, phase, operationId: operation?.operationId, subject, url, request, answer, failures, ruled };
  return `${JSON.stringify(entry)}\n`;
}
