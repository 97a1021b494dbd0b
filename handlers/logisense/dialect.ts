/**
 * How LogiSense refuses: `{trackingId, type, errors: [{code, message}]}`, every error and not just the first (vendors.md,
 * "Errors"). After the errors of something that would have been written comes one that says that nothing was.
 */
import type { Dialect, Problem, ProblemDetail } from '../../src/index.js';
import { codes } from './errors.js';

/** A problem as LogiSense's error envelope. */
export const dialect: Dialect = (problem, context) => {
  const errors = problem.details.map((detail) => ({
    code: codeOf(detail, problem),
    message: `${messageOf(detail)}${itemOf(detail)}`,
  }));
  if (errors.length === 0)
    errors.push({ code: codeOfKind(problem), message: problem.message || 'The request could not be processed.' });
  if (problem.status === 400 && context.method !== 'GET') {
    errors.push({ code: codes.rolledBack, message: 'Errors found. Nothing of this request was kept.' });
  }
  return { status: problem.status, body: { trackingId: context.uuid(), type: 'error', errors } };
};

function codeOfKind({ kind }: Problem): number {
  if (kind === 'unauthenticated') return codes.unauthorized;
  if (kind === 'internal') return codes.internal;
  return kind === 'unknown-path' || kind === 'not-found' || kind === 'unknown-workspace'
    ? codes.notFound
    : codes.request;
}

const codesByKeyword: Readonly<Record<string, number>> = {
  required: codes.required,
  type: codes.type,
  format: codes.type,
  enum: codes.range,
  minimum: codes.range,
  maximum: codes.range,
  exclusiveMinimum: codes.range,
  maxLength: codes.range,
  maxItems: codes.range,
};

function codeOf(detail: ProblemDetail, problem: Problem): number {
  if (typeof detail.code === 'number') return detail.code;
  return codesByKeyword[detail.rule] ?? codeOfKind(problem);
}

/** In the vendor's words where they are published: `'Amount' MUST be greater than '0' for 'Payment'.` */
function messageOf(detail: ProblemDetail): string {
  const name = propertyName(detail.pointer);
  const limit = String(detail.params?.limit ?? '');
  switch (detail.rule) {
    case 'required':
      return detail.params === undefined
        ? detail.message
        : `'${capitalized(String(detail.params.missingProperty))}' is required for 'Payment'.`;
    case 'exclusiveMinimum':
      return `'${name}' MUST be greater than '${limit}' for 'Payment'.`;
    case 'minimum':
      return `'${name}' MUST be greater than or equal to '${limit}' for 'Payment'.`;
    case 'maximum':
      return `'${name}' MUST be less than or equal to '${limit}' for 'Payment'.`;
    case 'maxLength':
      return `'${name}' MUST NOT be longer than '${limit}' characters for 'Payment'.`;
    default:
      return detail.message;
  }
}

/** Which item of a PATCH an error is about, also by the client's own number: ` (payments.items[1], patchClientId 2)`. */
function itemOf({ pointer, params }: ProblemDetail): string {
  const index = /^\/payments\/items\/(\d+)/.exec(pointer)?.[1];
  if (index === undefined) return '';
  const client = params?.patchClientId === undefined ? '' : `, patchClientId ${String(params.patchClientId)}`;
  return ` (payments.items[${index}]${client})`;
}

function propertyName(pointer: string): string {
  return capitalized(pointer.split('/').at(-1) ?? '');
}

/** `accountId` is `AccountId` in error texts. */
export function capitalized(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
