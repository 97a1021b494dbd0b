/**
 * Upwell's refusals: Hasura's flat `{path, error, code}` (vendors.md, 000, Errors), in its own words where they are known.
 */
import type { Dialect, DialectContext, Problem, ProblemDetail, ProblemKind } from '../../src/index.js';
import { fieldPath } from './path.js';
import { variablesInQuery } from './rules.js';
import { type HasuraError, schemaError } from './schema-error.js';

export const dialect: Dialect = (problem, context) => {
  const [first, ...further] = errors(problem, context);
  const told = first ?? { path: '$', error: problem.message, code: codes[problem.kind] };
  return { status: problem.status, body: further.length === 0 ? { ...told } : { ...told, internal: further } };
};

/** Everything that is wrong, in the order of the request. */
function errors(problem: Problem, context: DialectContext): readonly HasuraError[] {
  if (problem.kind === 'rule') return problem.details.map(ruleError);
  if (problem.kind !== 'invalid-request') {
    return [{ path: '$', error: wordsFor(problem), code: codes[problem.kind] }];
  }
  // A query string is looked at before the body, so that `?inputs=[]` is not told that inputs is missing and no more.
  const query = new URLSearchParams(context.path.split('?').slice(1).join('?'));
  return [...variablesInQuery(query).map(ruleError), ...withoutConsequences(problem.details).map(schemaError)];
}

/** What Hasura says of a request that it does not read as far as its values; the sandbox's own words where it says nothing. */
function wordsFor({ kind, allow, message }: Problem): string {
  switch (kind) {
    case 'unknown-path':
      return 'Endpoint not found';
    case 'method-not-allowed':
      return `Allowed methods: ${allow.join(', ')}`;
    case 'unauthenticated':
      return 'Authentication hook unauthorized this request';
    case 'malformed-body':
      return `Error in $: ${message}`;
    default:
      return message;
  }
}

/** Rules speak Hasura's words already: they are Hasura's and PostgreSQL's own. */
function ruleError({ in: place, pointer, message, code }: ProblemDetail): HasuraError {
  return { path: place === 'body' ? fieldPath(pointer) : '$', error: message, code: String(code ?? 'bad-request') };
}

/** Of a value of the wrong kind nothing else is told: that a number is no currency, or that it lacks what an object has. */
function withoutConsequences(details: readonly ProblemDetail[]): readonly ProblemDetail[] {
  const mistyped = new Set(details.filter(({ rule }) => rule === 'type').map(({ pointer }) => pointer));
  return details.filter(({ rule, pointer }) => rule === 'type' || !mistyped.has(pointer));
}

/** Hasura's code for each kind of refusal; values and rules have their own. */
const codes: Readonly<Record<ProblemKind, string>> = {
  'unknown-path': 'not-found',
  'method-not-allowed': 'method-not-allowed',
  unauthenticated: 'access-denied',
  'not-acceptable': 'invalid-headers',
  'unsupported-media-type': 'invalid-headers',
  'content-too-large': 'bad-request',
  'malformed-body': 'invalid-json',
  'invalid-request': 'validation-failed',
  rule: 'validation-failed',
  'not-found': 'not-found',
  conflict: 'constraint-violation',
  forbidden: 'access-denied',
  'too-many': 'bad-request',
  'unknown-workspace': 'not-found',
  internal: 'unexpected',
};
