/**
 * Requests as the second of two servers gets them: its own ids and credentials, and what is wrong for the first as wrong.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loadJudgedDocument } from '../../src/judged-document.js';
import type { Case, WireRequest } from '../../src/verify/case.js';
import { Counterparts } from '../../src/verify/drift/counterparts.js';
import { SecondRequests } from '../../src/verify/drift/second-request.js';
import { type Authority, render } from '../../src/verify/request.js';
import { resourcesOf } from '../../src/verify/resources.js';

const directory = mkdtempSync(join(tmpdir(), 'paydouble-second-'));
afterAll(() => rmSync(directory, { recursive: true }));
const file = join(directory, 'document.yaml');
writeFileSync(
  file,
  `openapi: 3.0.3
info: { title: Cards, version: '1' }
servers: [{ url: http://127.0.0.1/ }]
security: [{ key: [], token: [] }]
paths:
  /cards:
    post: { operationId: create, responses: { '200': { description: Made. } } }
  /cards/{card}:
    get:
      operationId: read
      parameters: [{ name: card, in: path, required: true, schema: { type: string } }]
      responses: { '200': { description: It. } }
components:
  securitySchemes:
    key: { type: apiKey, in: query, name: key }
    token: { type: http, scheme: bearer }
`,
);
const document = await loadJudgedDocument(file);

const first: Authority = {
  credentials: new Map([
    ['key', 'a&1'],
    ['token', 'ta'],
  ]),
  headers: [['X-Both', '1']],
};
const second: Authority = {
  credentials: new Map([
    ['key', 'b'],
    ['token', 'tb'],
  ]),
  headers: [
    ['X-Both', '1'],
    ['X-B', '2'],
  ],
};

const ids = new Counterparts();
ids.pair('/cards/{card}', 'card', '1', '101');
ids.pair('/components/schemas/Card/properties/owner', 'owner', '7', '70');
const requests = new SecondRequests(resourcesOf(document), ids, first, second);

/** What the second server gets of a request. */
function seconds(operationId: string, request: WireRequest, about = 'request'): WireRequest {
  const operation = document.operations.find((each) => each.operationId === operationId);
  const subject = { in: about, pointer: '', constraint: '', documented: '' };
  const tried: Case = { id: '', phase: 'positive', operation, subject, request, expectation: { kind: 'answered' } };
  return requests.of(tried);
}

function request(path: string, more: Partial<WireRequest> = {}): WireRequest {
  return { method: 'GET', path, headers: [], ...more };
}

test.each([
  ['/cards/1', '/cards/101'],
  // What is unknown to the first is unknown to the second.
  ['/cards/101', '/cards/1'],
  ['/cards/2', '/cards/2'],
  ['/cards/%31', '/cards/101'],
  ['/cards/%E0%A4%A', '/cards/%E0%A4%A'],
  ['/cards/1/more', '/cards/1/more'],
  ['/cards/1?page=1&owner=7&owner=&flag', '/cards/101?page=1&owner=70&owner=&flag'],
  ['/cards/1?next=a?b==&owner=7', '/cards/101?next=a?b==&owner=70'],
])('an id in %s', (path, expected) => {
  expect(seconds('read', request(path)).path).toBe(expected);
});

test.each([
  ['{"owner": 7, "count": 7, "more": [{"owner": "7"}]}', '{"owner":70,"count":7,"more":[{"owner":"70"}]}'],
  // Where there is none, the text is sent as it is.
  ['{ "amount": 1.0, "count": 7 }', '{ "amount": 1.0, "count": 7 }'],
  ['{"owner": 7', '{"owner": 7'],
])('an id in the body %s', (body, expected) => {
  expect(seconds('create', request('/cards', { body })).body).toBe(expected);
});

test('credentials and headers are those of the second server', () => {
  const operation = document.operations.find((each) => each.operationId === 'create');
  if (operation === undefined) throw new Error('There is no such operation.');
  const { path, headers } = seconds('create', render(document, { operation, values: {} }, first));
  expect(path).toBe('/cards?key=b');
  expect(new Map(headers)).toEqual(
    new Map([
      ['Authorization', 'Bearer tb'],
      ['X-Both', '1'],
      ['X-B', '2'],
    ]),
  );
});

test('a credential that is wrong, or left out, stays so', () => {
  const wrong = request('/cards?key=wrong', { headers: [['Authorization', 'Bearer wrong']] });
  const got = seconds('create', wrong, 'security');
  expect([got.path, got.headers]).toEqual(['/cards?key=wrong', [['Authorization', 'Bearer wrong']]]);
  expect(seconds('create', request('/cards'), 'security').headers).toEqual([]);
});

test('ids are one to one, and texts that differ in them alone are alike', () => {
  expect(ids.pair('/cards/{card}', 'card', '1', '102')).toBe(false);
  expect(ids.pair('/cards/{card}', 'card', '2', '101')).toBe(false);
  expect(ids.pair('/cards/{card}', 'card', '1', '101')).toBe(true);
  expect(ids.areAlike('No card 1 of 3.', 'No card 101 of 3.')).toBe(true);
  expect(ids.areAlike('No card 1 of 3.', 'No card 101 of 4.')).toBe(false);
  expect(ids.areAlike('No card 1.', 'No card 101')).toBe(false);
});

test('a condition has the ETag of the second server; one that neither gave stays', () => {
  const answer = (tag: string) => ({ status: 200, headers: new Map([['etag', tag]]), text: '', milliseconds: 1 });
  requests.note(answer('"1-1"'), answer('"101-1"'));
  const sent = (name: string, tag: string) =>
    seconds('create', request('/cards', { headers: [[name, tag]] }), 'security');
  expect(sent('If-Match', '"1-1"').headers).toEqual([['If-Match', '"101-1"']]);
  expect(sent('if-none-match', '"1-1"').headers).toEqual([['if-none-match', '"101-1"']]);
  expect(sent('If-Match', '"1-2"').headers).toEqual([['If-Match', '"1-2"']]);
  expect(sent('X-Other', '"1-1"').headers).toEqual([['X-Other', '"1-1"']]);
});
