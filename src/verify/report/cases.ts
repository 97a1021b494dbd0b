/**
 * Every request of a run, for later: what is kept of it.
 */
import type { Exchange } from '../case.js';
import type { Judgement } from '../checks.js';
import { cut, shownFailure, shownRequest } from './shown.js';

/** What the file says of one request. */
export function caseEntry(exchange: Exchange, { failures: all, ruled }: Judgement): object {
  const { case: tried, response } = exchange;
  const { id, phase, operation, subject } = tried;
  const request = shownRequest(tried.request);
  const url = cut(exchange.url);
  const failures = all.map(shownFailure);
  const answer =
    response instanceof Error ? { error: response.message } : { status: response.status, text: cut(response.text) };
  return { id, phase, operationId: operation?.operationId, subject, url, request, answer, failures, ruled };
}
