/**
 * A client of the control API that holds every answer against its document.
 */
import { expect } from 'vitest';
import { judge } from '../src/conformance.js';
import { loadDocument } from '../src/document.js';
import { parse } from '../src/json.js';
import { PathMatcher } from '../src/path-matcher.js';
import { Validator } from '../src/validator.js';
import { type Answer, baseUrl, request } from './harness.js';

const document = loadDocument('_sandbox');
const validator = new Validator(document);
const matcher = new PathMatcher(document.operations);

/** One request to the control API; every answer is held against its document. */
export async function control(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
  url: string = baseUrl(),
): Promise<Answer> {
  const answer = await request(`${url}/_sandbox${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const [bare = ''] = path.split('?');
  const operation = matcher.match(bare)?.operations.get(method);
  const documented = operation?.responses.get(String(answer.status)) ?? document.refusals.get(String(answer.status));
  const received = {
    status: answer.status,
    headers: Object.fromEntries(answer.headers),
    body: answer.text === '' ? undefined : parse(answer.text),
  };
  expect(judge(received, documented, validator), `${method} ${path}: ${answer.text}`).toEqual([]);
  return answer;
}
