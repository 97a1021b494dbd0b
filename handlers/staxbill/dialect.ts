/**
 * How Stax Bill refuses: `{ErrorId, HttpStatusCode, Errors: [{Key, Value}]}` (vendors.md, "Errors"), every error of a
 * request in one answer.
 */
import type { Dialect, Problem, ProblemDetail } from '../../src/index.js';

/** What an error that is of no property is called. */
const general = 'Api Error';

/** What the document says of the lengths of Key and Value. */
const mostKey = 500;
const mostValue = 2000;

/** A problem as Stax Bill's error envelope. */
export const dialect: Dialect = (problem, context) => {
  const errors = problem.details.map((detail) => ({ Key: keyOf(detail), Value: textOfDetail(detail, problem) }));
  if (errors.length === 0) errors.push({ Key: general, Value: textOf(problem, context.method) });
  const Errors = errors.map(({ Key, Value }) => ({ Key: Key.slice(0, mostKey), Value: Value.slice(0, mostValue) }));
  return { status: problem.status, body: { ErrorId: 0, HttpStatusCode: problem.status, Errors } };
};

function textOf(problem: Problem, method: string): string {
  if (problem.kind === 'method-not-allowed') return `The requested resource does not support http method '${method}'.`;
  return problem.message || 'The request could not be processed.';
}

/** `/paymentAllocations/0/amount` is `paymentAllocations[0].amount`. */
function keyOf({ in: where, pointer, params, rule }: ProblemDetail): string {
  if (where !== 'body') return general;
  const missing = rule === 'required' && params !== undefined ? `/${String(params.missingProperty)}` : '';
  const tokens = `${pointer}${missing}`.split('/').slice(1);
  const key = tokens.reduce(
    (path, token) => (/^\d+$/.test(token) ? `${path}[${token}]` : path === '' ? token : `${path}.${token}`),
    '',
  );
  return key === '' ? general : key;
}

/** The framework's text where it is known, else what was received and what is documented. */
function textOfDetail(detail: ProblemDetail, problem: Problem): string {
  const field = detail.pointer.split('/').at(-1) ?? '';
  if (detail.rule === 'maxLength') {
    return `The field ${field} must be a string with a maximum length of ${String(detail.params?.limit)}.`;
  }
  if (field === 'gatewayId' && ['minimum', 'maximum', 'format'].includes(detail.rule)) {
    return 'The field gatewayId must be between 0 and 2147483647.';
  }
  if (problem.kind === 'unauthenticated' && detail.rule === 'credential-missing') {
    return 'Authorization key is not in the correct format.';
  }
  return detail.message;
}
