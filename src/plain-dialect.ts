/**
 * The dialect of apis that have none of their own, the control API among them: RFC 9457 problem details.
 */
import type { Dialect } from './api.js';
import type { JsonObject } from './json.js';
import type { Problem, ProblemKind } from './problem.js';

export const plainDialect: Dialect = (problem) => ({ status: problem.status, body: problemDetails(problem) });

/** `{type, title, status, detail, errors: [{in, pointer, rule, message}]}` */
export function problemDetails({ kind, status, message, details }: Problem): JsonObject {
  return {
    type: `urn:paydouble:problem:${kind}`,
    title: titles[kind],
    status,
    detail: message,
    errors: details.map((detail) => ({
      in: detail.in,
      pointer: detail.pointer,
      rule: detail.rule,
      message: detail.message,
    })),
  };
}

const titles: Readonly<Record<ProblemKind, string>> = {
  forbidden: 'Not from there',
  'too-many': 'As many as are allowed',
  'unknown-path': 'No such path',
  'method-not-allowed': 'Method not documented',
  unauthenticated: 'Credential missing or wrong',
  'not-acceptable': 'No acceptable media type',
  'unsupported-media-type': 'Media type not documented',
  'content-too-large': 'Body too large',
  'malformed-body': 'Body is no JSON',
  'invalid-request': 'Request is not valid',
  rule: 'Request breaks a rule',
  'not-found': 'Not found',
  conflict: 'Conflict',
  'unknown-workspace': 'No such workspace',
  internal: 'The sandbox is at fault',
};
