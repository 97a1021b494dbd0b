/**
 * Every api's dialect has an answer to every kind of problem, and each answer is valid against the document.
 */
import { describe, expect, test } from 'vitest';
import type { DialectContext } from '../src/api.js';
import { loadApis } from '../src/apis.js';
import { documentedResponse, judge } from '../src/conformance.js';
import { packagePlaces } from '../src/paths.js';
import { Problem, type ProblemDetail, type ProblemKind, problemStatus } from '../src/problem.js';

const apis = await loadApis(packagePlaces);
const kinds = Object.keys(problemStatus).filter((kind): kind is ProblemKind => kind in problemStatus);
/** Only the control API meets these. */
const controlOnly = new Set<ProblemKind>(['forbidden', 'too-many', 'conflict', 'not-found', 'rule']);

const context: DialectContext = {
  now: { epochMilliseconds: 0, nanoseconds: 0 },
  uuid: () => '3fa85f64-5717-4562-b3fc-2c963f66afa6',
  path: `/${'long'.repeat(5000)}?${'x'.repeat(100)}`,
  method: 'GET',
  contentType: 'x'.repeat(5000),
};

const details: readonly ProblemDetail[] = [
  {
    in: 'body',
    pointer: '/0/amount',
    rule: 'type',
    message: 'must be number',
    params: { type: 'number' },
    received: 'x',
  },
  { in: 'body', pointer: '', rule: 'required', message: 'x is required.', params: { missingProperty: 'x' } },
  { in: 'query', pointer: '/page', rule: 'minimum', message: 'must be >= 1', params: { limit: 1 }, received: 0 },
  { in: 'header', pointer: '/authorization', rule: 'credential-missing', message: 'No credential.' },
  {
    in: 'body',
    pointer: `/${'deep/'.repeat(2000)}`,
    rule: 'maxLength',
    message: 'long '.repeat(5000),
    params: { limit: 5 },
  },
  { in: 'body', pointer: '', rule: 'something new', message: '\u0000\ud800 💸' },
];

describe.each([...apis.values()].map((api) => [api.name, api] as const))('%s', (_, api) => {
  test.each(kinds.filter((kind) => !controlOnly.has(kind)))('%s', (kind) => {
    for (const given of [[], details.slice(0, 1), details]) {
      const problem = new Problem(kind, { details: given, message: 'What went wrong.', allow: ['POST'] });
      const reply = api.definition.dialect(problem, context);
      expect(reply.status).toBe(problemStatus[kind]);
      const [operation] = api.document.operations.filter(({ requestBody }) => requestBody !== undefined);
      const matched = kind === 'unknown-path' || kind === 'method-not-allowed' ? undefined : operation;
      const documented = documentedResponse(matched, api.document.refusals, reply.status);
      const headers = { Allow: 'POST', 'WWW-Authenticate': 'Basic', ...reply.headers };
      expect(judge({ status: reply.status, headers, body: reply.body }, documented, api.validator)).toEqual([]);
    }
  });

  test('a fault of ours is told, so that it can be mended', () => {
    const problem = new Problem('internal', { message: 'The response of createPayment breaks its document.' });
    expect(JSON.stringify(api.definition.dialect(problem, context).body)).toContain('createPayment');
  });
});
