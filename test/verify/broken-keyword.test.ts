/**
 * What breaks the document is told with the place of the keyword in it, as far as that is known.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { JsonValue } from '../../src/json.js';
import { brokenKeyword } from '../../src/verify/broken-keyword.js';
import { VerifiedContract } from '../../src/verify/contract.js';
import { readContract } from '../../src/verify/verify.js';

const directory = mkdtempSync(join(tmpdir(), 'paydouble-keyword-'));
afterAll(() => rmSync(directory, { recursive: true }));
const file = join(directory, 'openapi.yaml');
writeFileSync(
  file,
  `openapi: 3.0.3
info: { title: Keywords, version: '1' }
paths:
  /things:
    post:
      operationId: make
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Thing' } } } }
      responses: { '200': { description: OK. } }
components:
  schemas:
    Thing:
      allOf:
        - { $ref: '#/components/schemas/Named' }
        - type: object
          required: [amount]
          properties:
            amount: { type: number, maximum: 10 }
            lines: { type: array, maxItems: 2, items: { $ref: '#/components/schemas/Line' } }
            extra: { type: object, additionalProperties: { type: string, maxLength: 3 } }
            a/b: { type: string, enum: [x] }
            pick:
              oneOf:
                - { type: object, required: [card], properties: { card: { type: string, pattern: '^4' } }, additionalProperties: false }
                - { type: object, required: [bank], properties: { bank: { type: string, minLength: 5 } }, additionalProperties: false }
    Named: { type: object, properties: { name: { type: string, maxLength: 5 }, parent: { $ref: '#/components/schemas/Named' } } }
    Line: { type: object, additionalProperties: false, properties: { on: { type: string, format: date } } }
`,
);

const things = '/components/schemas/Thing/allOf/1';
const cases: Readonly<Record<string, readonly [value: JsonValue, pointers: readonly string[]]>> = {
  'a bound': [{ amount: 11 }, [`${things}/properties/amount/maximum`]],
  'a type': [{ amount: 'x' }, [`${things}/properties/amount/type`]],
  'a required member': [{}, [`${things}/required`]],
  'behind a reference': [{ amount: 1, name: 'too long' }, ['/components/schemas/Named/properties/name/maxLength']],
  'behind the same reference again': [
    { amount: 1, parent: { parent: { name: 'too long' } } },
    ['/components/schemas/Named/properties/name/maxLength'],
  ],
  'a list': [{ amount: 1, lines: [{}, {}, {}] }, [`${things}/properties/lines/maxItems`]],
  'an element': [{ amount: 1, lines: [{}, { on: 'x' }] }, ['/components/schemas/Line/properties/on/format']],
  'a member that is not allowed': [
    { amount: 1, lines: [{ off: 1 }] },
    ['/components/schemas/Line/additionalProperties'],
  ],
  'a member of any name': [
    { amount: 1, extra: { x: 'long' } },
    [`${things}/properties/extra/additionalProperties/maxLength`],
  ],
  'a name with a slash': [{ amount: 1, 'a/b': 'y' }, [`${things}/properties/a~1b/enum`]],
  'one of several alternatives': [
    { amount: 1, pick: { bank: 'x' } },
    // What alone has that keyword is known; "required" and "additionalProperties" are said by both.
    [
      `${things}/properties/pick`,
      `${things}/properties/pick`,
      `${things}/properties/pick/oneOf/1/properties/bank/minLength`,
    ],
  ],
};

test.each(Object.entries(cases))('%s', async (_, [value, pointers]) => {
  const { document } = await readContract(file);
  const [operation] = document.operations;
  const schema = operation?.requestBody?.content.get('application/json')?.schema ?? {};
  const details = new VerifiedContract(document).validator.check(schema, 'request', value, 'body');
  const found = details.map((detail) => brokenKeyword(document, schema, '/at', detail));
  expect([...found].sort()).toEqual([...pointers].sort());
});
