/**
 * How Nuntiq refuses: `{message}`, whatever the status. It knows no 422 (vendors.md, 003).
 */
import type { Dialect, Problem } from '../../src/index.js';
import { messageOf } from './words.js';

/** A problem as Nuntiq answers it; the engine's statuses are the vendor's. */
export const dialect: Dialect = (problem) => ({ status: problem.status, body: { message: textOf(problem) } });

function textOf(problem: Problem): string {
  switch (problem.kind) {
    case 'unauthenticated':
      // The vendor's own text, for a missing key as for a wrong one.
      return 'Invalid API Key';
    case 'invalid-request':
    case 'rule':
      return messageOf(problem.details);
    default:
      return problem.message;
  }
}
