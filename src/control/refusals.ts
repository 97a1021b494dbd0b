/**
 * How the control API refuses: each names the member or parameter that is wrong.
 */
import { Problem, type ProblemDetail } from '../problem.js';

/** What a name leads to does not exist. */
export function notFound(pointer: string, message: string, place: ProblemDetail['in'] = 'path'): Problem {
  return new Problem('not-found', { details: [{ in: place, pointer, rule: 'exists', message }] });
}

/** A name or a key is taken, or something stays because of others. */
export function conflict(pointer: string, message: string, place: ProblemDetail['in'] = 'body'): Problem {
  return new Problem('conflict', { details: [{ in: place, pointer, rule: 'unique', message }] });
}

/** Several keys that are taken. */
export function conflicts(faults: readonly { readonly pointer: string; readonly message: string }[]): Problem {
  const details = faults.map(({ pointer, message }) => ({ in: 'body', pointer, rule: 'unique', message }) as const);
  return new Problem('conflict', { details: details.slice(0, mostTold) });
}

/** A body that its schema lets pass and that is wrong all the same. */
export function invalid(faults: readonly { readonly pointer: string; readonly message: string }[]): Problem {
  const details = faults.map(({ pointer, message }) => ({ in: 'body', pointer, rule: 'rule', message }) as const);
  return new Problem('invalid-request', { details: details.slice(0, mostTold) });
}

/** A list of everything that is wrong with an upload is cut there. */
const mostTold = 1000;
