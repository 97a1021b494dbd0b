/**
 * What is read out of a request: parameters, media types, credentials, preferences.
 */
import { faker } from '@faker-js/faker/locale/en';
import { describe, expect, test } from 'vitest';
import type { Operation } from '../../src/document.js';
import { parseInstant } from '../../src/instant.js';
import { type JsonValue, stringify } from '../../src/json.js';
import { Headers } from '../../src/message.js';
import { answerMediaType, requestMediaType, responseMediaType } from '../../src/negotiation.js';
import { readParameters } from '../../src/parameters.js';
import { firstSuccess, hasOwnAnswer, preferredAnswer, readPreference } from '../../src/prefer.js';
import { authenticate, challenge, credentialHeaders } from '../../src/security.js';
import { makeDocument, operationOf, refusal } from './fixture.js';

const document = makeDocument(`
paths:
  /things/{id}/{name}:
    parameters:
      - { name: id, in: path, required: true, schema: { type: integer } }
      - { name: name, in: path, required: true, schema: { $ref: '#/components/schemas/Name' } }
    get:
      operationId: readThing
      parameters:
        - { name: page, in: query, schema: { type: integer } }
        - { name: price, in: query, schema: { type: number } }
        - { name: open, in: query, schema: { type: boolean } }
        - { name: text, in: query, schema: { type: string } }
        - { name: ids, in: query, schema: { type: array, items: { type: integer } } }
        - { name: comma, in: query, explode: false, schema: { type: array, items: { $ref: '#/components/schemas/Name' } } }
        - { name: space, in: query, style: spaceDelimited, explode: false, schema: { type: array, items: { type: integer } } }
        - { name: pipe, in: query, style: pipeDelimited, explode: false, schema: { type: array, items: { type: integer } } }
        - { name: any, in: query, schema: { description: Anything. } }
        - { name: X-Count, in: header, schema: { type: integer } }
        - { name: X-List, in: header, schema: { type: array, items: { type: integer } } }
        - { name: X-Exploded, in: header, explode: true, schema: { type: array, items: { type: integer } } }
        - { name: session, in: cookie, schema: { type: integer } }
      responses:
        '200':
          description: It.
          content:
            application/json:
              schema: { $ref: '#/components/schemas/Name' }
              examples: { first: { value: one }, 'second, "quoted"': { value: two } }
            text/json: { schema: { $ref: '#/components/schemas/Name' }, examples: { other: { value: three } } }
        '404': { description: None., content: { application/problem+json: { schema: { type: object, properties: { code: { type: integer, minimum: 7 } } } } } }
  /write:
    post:
      operationId: write
      requestBody:
        content:
          application/json: { schema: { type: object } }
          text/json: { schema: { type: object } }
          application/vnd.acme+json: { schema: { type: object } }
      responses: { '204': { description: Done. }, default: { description: Not done. } }
  /wild:
    post:
      operationId: wild
      requestBody: { content: { 'image/*': {}, 'text/plain': {} } }
      responses: { 2XX: { description: Done., content: { application/json: { schema: { type: integer } } } }, 4XX: { description: Not. } }
  /all:
    post:
      operationId: all
      requestBody: { content: { '*/*': {} } }
      responses: { '400': { description: Never well. } }
  /none: { get: { operationId: none, security: [], responses: { '200': { description: Open. } } } }
  /optional: { get: { operationId: optional, security: [{ key: [] }, {}], responses: { '200': { description: Open. } } } }
  /basic: { get: { operationId: basic, security: [{ basic: [] }], responses: { '200': { description: Yes. } } } }
  /either: { get: { operationId: either, security: [{ basic: [], key: [] }, { bearer: [] }], responses: { '200': { description: Yes. } } } }
  /two: { get: { operationId: two, security: [{ first: [], second: [], key: [] }], responses: { '200': { description: Yes. } } } }
  /query: { get: { operationId: query, security: [{ query: [] }], responses: { '200': { description: Yes. } } } }
  /cookie: { get: { operationId: cookie, security: [{ cookie: [], other: [] }], responses: { '200': { description: Yes. } } } }
components:
  schemas:
    Name: { type: string }
  securitySchemes:
    basic: { type: http, scheme: Basic }
    bearer: { type: http, scheme: bearer }
    key: { type: apiKey, in: header, name: X-Key }
    first: { type: apiKey, in: header, name: Authorization }
    second: { type: apiKey, in: header, name: Authorization }
    query: { type: apiKey, in: query, name: token }
    cookie: { type: apiKey, in: cookie, name: session }
    other: { type: apiKey, in: cookie, name: other }
`);
const operation = (operationId: string): Operation => operationOf(document, operationId);

/** Header names and values in turn, as they came over the wire: `A: 1`, `A: 2`. */
function headersOf(...lines: readonly string[]): Headers {
  return new Headers(
    lines.flatMap((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
  );
}

describe('parameters', () => {
  const read = (query: string, ...headers: string[]) =>
    readParameters(
      document,
      operation('readThing'),
      { id: '7', name: '007' },
      new URLSearchParams(query),
      headersOf(...headers),
    );

  test('of the path are typed by their schemas', () => {
    expect(read('').path).toEqual({ id: 7, name: '007' });
  });

  test.each<[string, string]>([
    ['page=5', '{"page":5}'],
    ['page=-5', '{"page":-5}'],
    ['page=0', '{"page":0}'],
    ['page=12345678901234567890', '{"page":12345678901234567890}'],
    ['page=05', '{"page":"05"}'],
    ['page=1e2', '{"page":"1e2"}'],
    ['page=0x10', '{"page":"0x10"}'],
    ['page=5.0', '{"page":"5.0"}'],
    ['page=%205', '{"page":" 5"}'],
    ['page=', '{"page":""}'],
    ['page', '{"page":""}'],
    ['page=NaN', '{"page":"NaN"}'],
    ['price=2.50', '{"price":2.50}'],
    ['price=-0.5', '{"price":-0.5}'],
    ['price=1e2', '{"price":"1e2"}'],
    ['price=.5', '{"price":".5"}'],
    ['price=%2B5', '{"price":"+5"}'],
    ['price=Infinity', '{"price":"Infinity"}'],
    ['open=true', '{"open":true}'],
    ['open=false', '{"open":false}'],
    ['open=True', '{"open":"True"}'],
    ['open=1', '{"open":"1"}'],
    ['text=5', '{"text":"5"}'],
    ['text=a%2Cb+c', '{"text":"a,b c"}'],
    ['any=5', '{"any":"5"}'],
    ['page=1&page=2', '{"page":2}'],
    ['ids=1&ids=2&ids=x', '{"ids":[1,2,"x"]}'],
    ['ids=1,2', '{"ids":["1,2"]}'],
    ['comma=a,b', '{"comma":["a","b"]}'],
    ['comma=a&comma=b,1', '{"comma":["a","b","1"]}'],
    ['space=1%202+3', '{"space":[1,2,3]}'],
    ['pipe=1|2', '{"pipe":[1,2]}'],
    ['unknown=1', '{}'],
    ['__proto__=1', '{}'],
    ['PAGE=1', '{}'],
  ])('?%s is read as %s', (query, expected) => {
    expect(stringify(read(query).query)).toBe(expected);
  });

  test.each<[readonly string[], string]>([
    [['x-count: 5'], '{"x-count":5}'],
    [['X-COUNT: five'], '{"x-count":"five"}'],
    [['X-Count: 1', 'x-count: 2'], '{"x-count":"1, 2"}'],
    [['X-List: 1,2, 3'], '{"x-list":[1,2,3]}'],
    [['X-List: 1', 'X-List: 2'], '{"x-list":[1,2]}'],
    [['X-Exploded: 1, 2'], '{"x-exploded":[1,2]}'],
    [['X-Other: 1'], '{}'],
    [[], '{}'],
  ])('headers %j are read as %s', (lines, expected) => {
    expect(stringify(read('', ...lines).header)).toBe(expected);
  });

  test.each<[readonly string[], string]>([
    [['Cookie: session=7'], '{"session":7}'],
    [['Cookie: a=b; session=x=y; c'], '{"session":"x=y"}'],
    [['Cookie: a=b', 'Cookie: session=8'], '{"session":8}'],
    [['Cookie: Session=7'], '{}'],
  ])('%j is read as %s', (lines, expected) => {
    expect(stringify(read('', ...lines).cookie)).toBe(expected);
  });
});

describe('the media type of a body', () => {
  test.each<[string, readonly string[], string]>([
    ['write', [], 'application/json'],
    ['write', ['Content-Type: '], 'application/json'],
    ['write', ['Content-Type: application/json'], 'application/json'],
    ['write', ['content-type: TEXT/JSON'], 'text/json'],
    ['write', ['Content-Type: application/json; charset=utf-8'], 'application/json'],
    ['write', ['Content-Type: application/json;charset="UTF-8"'], 'application/json'],
    ['write', ['Content-Type: text/json ; charset=utf8; x=y'], 'text/json'],
    ['write', ['Content-Type: application/vnd.acme+json'], 'application/vnd.acme+json'],
    ['write', ['Content-Encoding: identity'], 'application/json'],
    ['write', ['Content-Encoding: '], 'application/json'],
    ['wild', ['Content-Type: image/png'], 'image/*'],
    ['wild', ['Content-Type: text/plain'], 'text/plain'],
    ['all', ['Content-Type: foo/bar'], '*/*'],
    ['none', [], 'application/json'],
  ])('%s takes %j as %s', (operationId, lines, expected) => {
    expect(requestMediaType(operation(operationId), headersOf(...lines))).toBe(expected);
  });

  test.each<[string, readonly string[], string, string]>([
    ['write', ['Content-Type: text/plain'], '/content-type', 'text/plain'],
    ['write', ['Content-Type: application/jsonx'], '/content-type', 'application/json, text/json'],
    ['write', ['Content-Type: json'], '/content-type', 'json'],
    ['write', ['Content-Type: application/*'], '/content-type', 'application/*'],
    [
      'write',
      ['Content-Type: application/json', 'Content-Type: text/json'],
      '/content-type',
      'application/json, text/json',
    ],
    ['write', ['Content-Type: application/json; charset=utf-16'], '/content-type', 'utf-16'],
    ['write', ['Content-Type: application/json; charset=ISO-8859-1'], '/content-type', 'iso-8859-1'],
    ['write', ['Content-Encoding: gzip'], '/content-encoding', 'gzip'],
    ['write', ['Content-Encoding: BR', 'Content-Type: application/json'], '/content-encoding', 'br'],
    ['write', ['Content-Encoding: identity, gzip'], '/content-encoding', 'gzip'],
    ['wild', ['Content-Type: imagery/png'], '/content-type', 'image/*'],
  ])('%s refuses %j', (operationId, lines, pointer, said) => {
    const problem = refusal(() => requestMediaType(operation(operationId), headersOf(...lines)));
    expect(problem).toMatchObject({ kind: 'unsupported-media-type', status: 415 });
    expect(problem.details).toMatchObject([{ in: 'header', pointer, rule: 'media-type' }]);
    expect(problem.message).toContain(said);
  });
});

describe('the media type of an answer', () => {
  test.each<[string, readonly string[], string]>([
    ['readThing', [], 'application/json'],
    ['readThing', ['Accept: */*'], 'application/json'],
    ['readThing', ['Accept: text/json'], 'text/json'],
    ['readThing', ['Accept: TEXT/*'], 'text/json'],
    ['readThing', ['Accept: application/json;q=0.1, text/json;q=0.2'], 'text/json'],
    ['readThing', ['Accept: text/json;q=0.5, application/json'], 'application/json'],
    ['readThing', ['Accept: application/json;q=0, */*'], 'text/json'],
    ['readThing', ['Accept: text/html, */*;q=0.1'], 'application/json'],
    ['readThing', ['Accept: text/html', 'Accept: text/json'], 'text/json'],
    ['readThing', ['Accept: text/json, application/json'], 'text/json'],
    ['write', ['Accept: text/html'], 'application/json'],
    ['wild', ['Accept: application/*'], 'application/json'],
    ['all', ['Accept: text/html'], 'application/json'],
  ])('%s answers %j with %s', (operationId, lines, expected) => {
    expect(answerMediaType(operation(operationId), headersOf(...lines))).toBe(expected);
  });

  test.each<[string, readonly string[]]>([
    ['readThing', ['Accept: text/html']],
    ['readThing', ['Accept: application/json;q=0']],
    ['readThing', ['Accept: */*;q=0']],
    ['readThing', ['Accept: application/problem+json']],
    ['readThing', ['Accept: nonsense']],
    ['wild', ['Accept: text/json']],
  ])('%s cannot answer %j', (operationId, lines) => {
    const problem = refusal(() => answerMediaType(operation(operationId), headersOf(...lines)));
    expect(problem).toMatchObject({ kind: 'not-acceptable', status: 406 });
    expect(problem.details).toMatchObject([{ in: 'header', pointer: '/accept' }]);
    expect(problem.message).toContain('application/json');
  });

  test('of a response is the wanted one, else its first, else none', () => {
    const responses = operation('readThing').responses;
    const types = (['200', '404'] as const).map((status) => {
      const response = responses.get(status);
      return response && [undefined, 'text/json', 'text/html'].map((wanted) => responseMediaType(response, wanted));
    });
    expect(types).toEqual([
      ['application/json', 'text/json', 'application/json'],
      ['application/problem+json', 'application/problem+json', 'application/problem+json'],
    ]);
    const empty = operation('write').responses.get('204');
    expect(empty && responseMediaType(empty, 'text/json')).toBeUndefined();
  });
});

describe('credentials', () => {
  const known = new Map([
    ['basic', ['dXNlcjpwYXNz']],
    ['bearer', ['token-1', 'token-2']],
    ['key', ['k', 'with, comma']],
    ['first', ['one']],
    ['second', ['two']],
    ['query', ['q']],
    ['cookie', ['c']],
    ['other', ['o']],
  ]);
  const enter = (operationId: string, query: string, ...lines: readonly string[]) =>
    authenticate(operation(operationId), headersOf(...lines), new URLSearchParams(query), known);

  test.each<[string, string, readonly string[]]>([
    ['none', '', []],
    ['optional', '', []],
    ['optional', '', ['X-Key: wrong']],
    ['basic', '', ['Authorization: Basic dXNlcjpwYXNz']],
    ['basic', '', ['authorization: BASIC   dXNlcjpwYXNz']],
    ['basic', '', ['Authorization: Bearer x', 'Authorization: Basic dXNlcjpwYXNz']],
    ['basic', '', ['Authorization: Bearer x, Basic dXNlcjpwYXNz']],
    ['either', '', ['Authorization: Basic dXNlcjpwYXNz', 'X-Key: k']],
    ['either', '', ['Authorization: Basic dXNlcjpwYXNz', 'X-Key: wrong', 'x-key: k']],
    ['either', '', ['Authorization: Basic dXNlcjpwYXNz', 'X-Key: with, comma']],
    ['either', '', ['Authorization: Bearer token-2']],
    ['two', '', ['Authorization: one', 'Authorization: two', 'X-Key: k']],
    ['two', '', ['Authorization: two', 'Authorization: one', 'X-Key: k']],
    ['two', '', ['Authorization: one, two', 'X-Key: k']],
    ['two', '', ['Authorization: two,one', 'X-Key: k']],
    ['query', 'token=q', []],
    ['query', 'token=x&token=q', []],
    ['cookie', '', ['Cookie: session=c; other=o']],
  ])('%s lets ?%s %j in', (operationId, query, lines) => {
    expect(enter(operationId, query, ...lines)).toBeUndefined();
  });

  const missing = 'credential-missing';
  const wrong = 'credential-wrong';
  test.each<[string, string, readonly string[], Readonly<Record<string, string>>]>([
    ['basic', '', [], { basic: missing }],
    ['basic', '', ['Authorization: dXNlcjpwYXNz'], { basic: missing }],
    ['basic', '', ['Authorization: Basic'], { basic: missing }],
    ['basic', '', ['Authorization: Bearer dXNlcjpwYXNz'], { basic: missing }],
    ['basic', '', ['Authorization: Basic dXNlcjpwYXNZ'], { basic: wrong }],
    ['basic', '', ['Authorization: Basic other'], { basic: wrong }],
    ['either', '', [], { basic: missing, key: missing }],
    ['either', '', ['X-Key: k'], { basic: missing }],
    ['either', '', ['Authorization: Basic dXNlcjpwYXNz', 'X-Key: K'], { key: wrong }],
    ['either', '', ['Authorization: Bearer token-3'], { basic: missing, key: missing }],
    ['two', '', ['Authorization: one', 'X-Key: k'], { second: wrong }],
    ['two', '', ['Authorization: two', 'X-Key: k'], { first: wrong }],
    ['two', '', ['Authorization: one, two'], { key: missing }],
    ['two', '', ['Authorization: onetwo', 'X-Key: k'], { first: wrong, second: wrong }],
    ['two', '', ['Authorization: ', 'X-Key: k'], { first: missing, second: missing }],
    ['query', '', [], { query: missing }],
    ['query', 'token=', [], { query: wrong }],
    ['query', 'Token=q', [], { query: missing }],
    ['query', 'token=q,x', [], { query: wrong }],
    ['cookie', '', ['Cookie: session=o; other=o'], { cookie: wrong }],
    ['cookie', '', ['Cookie: session=c'], { other: missing }],
  ])('%s keeps ?%s %j out', (operationId, query, lines, faults) => {
    const problem = refusal(() => enter(operationId, query, ...lines));
    expect(problem).toMatchObject({ kind: 'unauthenticated', status: 401 });
    expect(Object.fromEntries(problem.details.map(({ params, rule }) => [String(params?.scheme), rule]))).toEqual(
      faults,
    );
  });

  test('a scheme for which the scenario has no values lets nobody in', () => {
    const headers = headersOf('X-Key: undefined', 'Authorization: Basic ');
    expect(() => authenticate(operation('either'), headers, new URLSearchParams(), new Map())).toThrow();
  });

  test('where a credential belongs is told without telling the right one', () => {
    const problem = refusal(() => enter('either', '', 'X-Key: wrong'));
    expect(problem.details.map(({ in: place, pointer }) => [place, pointer])).toEqual([
      ['header', '/authorization'],
      ['header', '/X-Key'],
    ]);
    expect(problem.message).toContain('in the form "basic …"');
    for (const value of [...known.values()].flat().filter((each) => each.length > 3)) {
      expect(problem.message).not.toContain(value);
    }
    expect(refusal(() => enter('cookie', '')).message).toContain('the cookie parameter session');
  });

  test.each([
    ['none', undefined],
    ['two', undefined],
    ['basic', 'Basic realm="sandbox"'],
    ['either', 'Basic realm="sandbox", Bearer realm="sandbox"'],
  ])('the challenge of %s is %s', (operationId, expected) => {
    expect(challenge(operation(operationId))).toBe(expected);
    expect(challenge(undefined)).toBeUndefined();
  });

  test.each<[string, Record<string, string>]>([
    ['none', {}],
    ['basic', { Authorization: 'Basic dXNlcjpwYXNz' }],
    ['either', { Authorization: 'Basic dXNlcjpwYXNz', 'X-Key': 'k' }],
    ['two', { Authorization: 'one, two', 'X-Key': 'k' }],
    ['cookie', { Cookie: 'session=c; other=o' }],
    ['query', {}],
  ])('the headers that authenticate for %s do so', (operationId, expected) => {
    const headers = credentialHeaders(operation(operationId), known);
    expect(headers).toEqual(expected);
    if (operationId === 'query') return;
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    expect(enter(operationId, '', ...lines)).toBeUndefined();
  });

  test('without accepted values there are no such headers', () => {
    expect(credentialHeaders(operation('either'), new Map())).toEqual({});
  });
});

describe('a preference', () => {
  const read = (query: string, ...lines: readonly string[]) =>
    readPreference(headersOf(...lines), new URLSearchParams(query));

  test.each<[string, readonly string[], ReturnType<typeof readPreference>]>([
    ['', [], undefined],
    ['', ['Prefer: respond-async, wait=10'], undefined],
    ['', ['Prefer: dynamic=false'], undefined],
    ['', ['Prefer: '], undefined],
    ['', ['Prefer: code=404'], { dynamic: false, code: 404 }],
    ['', ['prefer: CODE = 404 '], { dynamic: false, code: 404 }],
    ['', ['Prefer: code="404"'], { dynamic: false, code: 404 }],
    ['', ['Prefer: example=documented'], { dynamic: false, example: 'documented' }],
    ['', ['Prefer: example="second, \\"quoted\\""'], { dynamic: false, example: 'second, "quoted"' }],
    ['', ['Prefer: example="a;b=c"; code=200'], { dynamic: false, example: 'a;b=c', code: 200 }],
    ['', ['Prefer: example=a=b'], { dynamic: false, example: 'a=b' }],
    ['', ['Prefer: example=two words, code=200'], { dynamic: false, example: 'two words', code: 200 }],
    ['', ['Prefer: dynamic'], { dynamic: true }],
    ['', ['Prefer: dynamic=true, code=404'], { dynamic: true, code: 404 }],
    ['', ['Prefer: code=404; example=first'], { dynamic: false, code: 404, example: 'first' }],
    [
      '',
      ['Prefer: wait=10', 'Prefer: code=404', 'Prefer: example=first'],
      { dynamic: false, code: 404, example: 'first' },
    ],
    ['', ['Prefer: code=404, code=200'], { dynamic: false, code: 404 }],
    ['', ['Prefer: code=404', 'Prefer: code=200'], { dynamic: false, code: 404 }],
    ['', ['Prefer: code=soon'], { dynamic: false, code: Number.NaN, written: 'soon' }],
    ['__code=404', [], { dynamic: false, code: 404 }],
    ['__example=first&__dynamic=true', [], { dynamic: true, example: 'first' }],
    ['__code=404', ['Prefer: code=200'], { dynamic: false, code: 404 }],
    ['code=404', [], undefined],
  ])('?%s %j is read as %j', (query, lines, expected) => {
    expect(read(query, ...lines)).toEqual(expected);
  });

  const now = parseInstant('2025-01-01T00:00:00Z') ?? expect.fail();
  const answer = (operationId: string, prefer: string, mediaType = 'application/json') =>
    preferredAnswer(document, operation(operationId), read('', `Prefer: ${prefer}`) ?? { dynamic: false }, {
      now,
      faker,
      mediaType,
    });

  test.each<[string, string, string, number, JsonValue | undefined]>([
    ['readThing', '', 'application/json', 200, 'one'],
    ['readThing', 'code=200', 'application/json', 200, 'one'],
    ['readThing', 'example="second, \\"quoted\\""', 'application/json', 200, 'two'],
    ['readThing', '', 'text/json', 200, 'three'],
    ['readThing', 'example=other', 'text/json', 200, 'three'],
    ['readThing', 'code=404', 'application/json', 404, { code: 7 }],
    ['write', '', 'application/json', 204, undefined],
    ['write', 'code=503', 'application/json', 503, undefined],
    ['wild', '', 'application/json', 200, 0],
    ['wild', 'code=201', 'application/json', 201, 0],
    ['wild', 'code=418', 'application/json', 418, undefined],
  ])('%s answers "%s" in %s with %i %j', (operationId, prefer, mediaType, status, value) => {
    const { body, ...rest } = answer(operationId, prefer, mediaType);
    expect(rest.status).toBe(status);
    expect(body).toEqual(value === undefined ? undefined : { value });
  });

  test('dynamic gives a random value in place of the example', () => {
    faker.seed(1);
    const { body } = answer('readThing', 'dynamic=true');
    expect(body).not.toEqual({ value: 'one' });
    expect(body).toEqual({ value: expect.any(String) });
  });

  test.each<[string, string, string]>([
    ['readThing', 'code=201', '200, 404'],
    ['readThing', 'code=soon', '200, 404'],
    ['readThing', 'code=', '200, 404'],
    ['readThing', 'code=200.5', '200, 404'],
    ['readThing', 'example=missing', 'first, second, "quoted"'],
    ['readThing', 'example=other', 'first, second, "quoted"'],
    ['readThing', 'code=404, example=first', 'none'],
    ['readThing', 'example=__proto__', 'first'],
    ['all', '', '400'],
    // The default response is no leave to send what is no status.
    ['write', 'code=', '204, default'],
    ['write', 'code=0', '204, default'],
    ['write', 'code=99', '204, default'],
    ['write', 'code=101', '204, default'],
    ['write', 'code=600', '204, default'],
    ['write', 'code=2000', '204, default'],
    ['write', 'code=-1', '204, default'],
    ['wild', 'code=4', '2XX, 4XX'],
    ['wild', 'code=40', '2XX, 4XX'],
  ])('%s has nothing for "%s"', (operationId, prefer, documented) => {
    const problem = refusal(() => answer(operationId, prefer));
    expect(problem).toMatchObject({ kind: 'not-found', status: 404 });
    expect(problem.details).toMatchObject([{ in: 'header', pointer: '/prefer', rule: 'prefer' }]);
    expect(problem.message).toContain(documented);
  });

  test.each([
    ['readThing', 200, true],
    ['write', 204, true],
    ['wild', 200, false],
    ['all', 200, false],
    ['none', 200, true],
  ])('%s first succeeds with %i, and answers by itself: %s', (operationId, status, own) => {
    expect(firstSuccess(operation(operationId))).toBe(status);
    expect(hasOwnAnswer(operation(operationId))).toBe(own);
  });
});
