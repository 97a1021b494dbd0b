/**
 * The verdict on a response: each way to break the document is told, and what keeps it passes.
 */
import { describe, expect, test } from 'vitest';
import { documentedResponse, findResponse, type JudgedResponse, judge } from '../../src/conformance.js';
import { parse } from '../../src/json.js';
import { Validator } from '../../src/validator.js';
import { makeDocument, operationOf } from './fixture.js';

const document = makeDocument(`
paths:
  /a:
    get:
      operationId: a
      responses:
        '200':
          description: It.
          headers:
            Location: { required: true, schema: { type: string } }
            X-Trace: { schema: { type: string } }
          content:
            application/json:
              schema:
                type: object
                required: [id]
                properties: { id: { type: integer }, pin: { type: string, writeOnly: true } }
            text/json: { schema: { type: object } }
        '204': { description: Nothing. }
        '299': { description: Anything., content: { application/json: {} } }
        2XX: { description: Another success. }
        4XX: { description: A refusal., content: { application/json: { schema: { type: string } } } }
  /b:
    get:
      operationId: b
      responses:
        '200': { description: It. }
        '404': { description: Own refusal. }
        default: { description: Anything else. }
  /c: { get: { operationId: c, responses: { '200': { description: It. } } } }
x-refusals:
  '404': { description: Refused. }
  5XX: { description: Broken. }
`);
const validator = new Validator(document);
const operation = (operationId: string) => operationOf(document, operationId);

describe('the documented response', () => {
  test.each([
    ['a', 200, 'It.'],
    ['a', 201, 'Another success.'],
    ['a', 204, 'Nothing.'],
    ['a', 404, 'A refusal.'],
    ['a', 500, 'Broken.'],
    ['a', 302, undefined],
    ['b', 200, 'It.'],
    ['b', 404, 'Own refusal.'],
    ['b', 500, 'Anything else.'],
    ['c', 404, 'Refused.'],
    ['c', 503, 'Broken.'],
    ['c', 405, undefined],
    ['c', 201, undefined],
    [undefined, 404, 'Refused.'],
    [undefined, 200, undefined],
  ])('of %s for %i is "%s"', (operationId, status, description) => {
    const of = operationId === undefined ? undefined : operation(operationId);
    expect(documentedResponse(of, document.refusals, status)?.description).toBe(description);
  });

  test('is the status itself before its range before the default', () => {
    const { responses } = operation('a');
    const response = responses.get('200') ?? expect.fail();
    const other = responses.get('204') ?? expect.fail();
    const set = new Map([
      ['default', response],
      ['2XX', other],
    ]);
    expect(findResponse(set, 200)).toBe(other);
    expect(findResponse(set, 404)).toBe(response);
    expect(findResponse(new Map(), 200)).toBeUndefined();
  });
});

describe('the verdict', () => {
  const location = { Location: '/a' };
  const verdict = (response: JudgedResponse) =>
    judge(response, documentedResponse(operation('a'), document.refusals, response.status), validator);

  test.each<[string, JudgedResponse]>([
    ['a complete one', { status: 200, headers: location, body: { id: 1 } }],
    ['header names in another case', { status: 200, headers: { LOCATION: '' }, body: { id: 1 } }],
    [
      'more headers and properties than documented',
      { status: 200, headers: { ...location, 'X-Y': '1' }, body: { id: 1, more: null } },
    ],
    ['an integer written with a fraction of zero', { status: 200, headers: location, body: parse('{"id":1.0}') }],
    ['none where none is documented', { status: 204, headers: {}, body: undefined }],
    ['any body where no schema is', { status: 299, headers: {}, body: parse('[1.0]') }],
    ['null, where a schema allows everything', { status: 299, headers: {}, body: null }],
    ['a refusal by its range', { status: 418, headers: {}, body: 'no' }],
  ])('passes %s', (_, response) => {
    expect(verdict(response)).toEqual([]);
  });

  test.each<[string, JudgedResponse, readonly (readonly [string, string, RegExp])[]]>([
    [
      'another status',
      { status: 302, headers: {}, body: undefined },
      [['status_code_conformance', '', /^Received status 302/]],
    ],
    [
      'no required header',
      { status: 200, headers: { 'X-Trace': '1' }, body: { id: 1 } },
      [['response_headers_conformance', '', /no header Location/]],
    ],
    [
      'no body',
      { status: 200, headers: location, body: undefined },
      [['response_schema_conformance', '', /no body.*application\/json/]],
    ],
    [
      'a body where none is documented',
      { status: 204, headers: {}, body: {} },
      [['response_schema_conformance', '', /documented: none/]],
    ],
    [
      'a body of another type',
      { status: 200, headers: location, body: [] },
      [['response_schema_conformance', '', /must be object/]],
    ],
    [
      'a missing property',
      { status: 200, headers: location, body: {} },
      [['response_schema_conformance', '', /id is required/]],
    ],
    [
      'a property of another type',
      { status: 200, headers: location, body: { id: '1' } },
      [['response_schema_conformance', '/id', /must be integer/]],
    ],
    [
      'a secret told',
      { status: 200, headers: location, body: { id: 1, pin: '1' } },
      [['response_schema_conformance', '/pin', /not documented here/]],
    ],
    ['a wrong refusal', { status: 400, headers: {}, body: 1 }, [['response_schema_conformance', '', /must be string/]]],
    [
      'all of it at once',
      { status: 200, headers: {}, body: parse('{"id":1.5,"pin":"1"}') },
      [
        ['response_headers_conformance', '', /Location/],
        ['response_schema_conformance', '/id', /must be integer/],
        ['response_schema_conformance', '/pin', /not documented here/],
      ],
    ],
  ])('fails %s', (_, response, expected) => {
    const violations = verdict(response);
    expect(violations.map(({ check, pointer }) => [check, pointer])).toEqual(
      expected.map(([check, pointer]) => [check, pointer]),
    );
    for (const [index, [, , said]] of expected.entries()) expect(violations[index]?.message).toMatch(said);
  });
});
