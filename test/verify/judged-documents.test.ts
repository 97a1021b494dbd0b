/**
 * Documents as people have them: what is read, what is noted, and what is refused, with its place.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { loadDocument, type Operation } from '../../src/document.js';
import type { JsonObject, JsonValue } from '../../src/json.js';
import { parse, stringify } from '../../src/json.js';
import { loadJudgedDocument } from '../../src/judged-document.js';
import { bases } from '../../src/verify/bases.js';
import { VerifiedContract } from '../../src/verify/contract.js';
import { negativeCases } from '../../src/verify/phases/negative.js';
import { positiveCases } from '../../src/verify/phases/positive.js';
import { render } from '../../src/verify/request.js';
import { paydouble } from '../command.js';

const directory = mkdtempSync(join(tmpdir(), 'paydouble-documents-'));
afterAll(() => rmSync(directory, { recursive: true }));
let count = 0;

/** Reads a document whose files are given by name; the first is the main one. */
function read(files: Readonly<Record<string, string>>) {
  const [folder, [main = '']] = [join(directory, String(++count)), Object.keys(files)];
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return loadJudgedDocument(join(folder, main));
}

/** A document with one operation that takes a body of a schema, and what else is given. */
function withSchema(schema: string, version = '3.1.0', more = ''): string {
  return `openapi: ${version}
info: { title: T, version: '1' }
paths:
  /things:
    post:
      operationId: make
      requestBody: { required: true, content: { application/json: { schema: ${schema} } } }
      responses: { '200': { description: OK., content: { application/json: { schema: ${schema} } } } }
${more}`;
}

/** What is wrong with bodies by a schema: `keyword pointer`, in the order of the bodies. */
async function faults(schema: string, bodies: readonly string[], version = '3.1.0', more = '') {
  const document = await read({ 'openapi.yaml': withSchema(schema, version, more) });
  const contract = new VerifiedContract(document);
  const [operation] = document.operations;
  if (operation === undefined) throw new Error('There is an operation.');
  return bodies.map((body) =>
    contract.faults(operation, { body: parse(body) }).map(({ rule, pointer }) => `${rule} ${pointer}`),
  );
}

const authority = { credentials: new Map(), headers: [] };

/** An operation of a document, with a request of it and its cases. */
async function casesOf(text: string, values?: JsonObject) {
  const document = await read({ 'openapi.yaml': text });
  const contract = new VerifiedContract(document);
  const [operation] = document.operations;
  const [base] = operation === undefined ? [] : bases(contract, operation);
  if (base === undefined || operation === undefined) throw new Error('There is an operation.');
  const whole = { ...base, values: values ?? base.values };
  const named = (list: ReturnType<typeof positiveCases>) => list.map(({ id }) => id.split('/').slice(2).join('/'));
  return {
    document,
    contract,
    operation,
    base,
    wire: render(document, whole, authority),
    faults: contract.faults(operation, whole.values),
    positive: named(positiveCases(contract, whole, authority)),
    negative: named(negativeCases(contract, whole, authority)),
  };
}

describe('schemas of 3.1: what is valid, and what is not', () => {
  const table: readonly (readonly [schema: string, valid: readonly string[], invalid: readonly string[]])[] = [
    ["{ type: [string, 'null'], maxLength: 2 }", ['"ab"', 'null'], ['"abc"', '1']],
    ['{ type: [string, integer], maxLength: 2, maximum: 9 }', ['"ab"', '9'], ['"abc"', '10', 'true', 'null']],
    ["{ type: [string, 'null'], enum: [a] }", ['"a"'], ['null', '"b"']],
    ["{ type: 'null' }", ['null'], ['1']],
    ["{ anyOf: [{ type: integer }, { type: 'null' }] }", ['1', 'null'], ['"a"']],
    ['{ type: number, exclusiveMinimum: 1.5, exclusiveMaximum: 2 }', ['1.6', '1.99'], ['1.5', '1.50', '2.0']],
    ['{ type: number, minimum: 3, exclusiveMinimum: 1 }', ['3'], ['2']],
    ['{ type: integer, exclusiveMinimum: 0 }', ['1'], ['0']],
    ['{ const: 1.10 }', ['1.1', '1.10'], ['1.11', '"1.1"']],
    ['{ const: a }', ['"a"'], ['"b"', '1']],
    ['{ oneOf: [{ const: a, title: A }, { const: b }] }', ['"a"', '"b"'], ['"c"']],
    [
      '{ type: array, prefixItems: [{ type: string }, { type: integer }], items: false }',
      ['["a", 1]'],
      ['[1]', '["a", 1, 2]'],
    ],
    ['{ type: array, contains: { type: integer }, minContains: 2 }', ['[1, 2]'], ['[1, "a"]', '[]']],
    ["{ type: object, patternProperties: { '^n': { type: integer } } }", ['{"n1": 1, "x": "a"}'], ['{"n1": "a"}']],
    ['{ type: object, propertyNames: { maxLength: 2 } }', ['{"ab": 1}'], ['{"abc": 1}']],
    ['{ type: object, if: { required: [a] }, then: { required: [b] } }', ['{}', '{"a": 1, "b": 1}'], ['{"a": 1}']],
    ['{ type: object, dependentRequired: { a: [b] } }', ['{"a": 1, "b": 1}'], ['{"a": 1}']],
    ['{ type: object, dependentSchemas: { a: { required: [b] } } }', ['{"a": 1, "b": 1}'], ['{"a": 1}']],
    [
      '{ allOf: [{ type: object, properties: { a: { type: integer } } }], unevaluatedProperties: false }',
      ['{"a": 1}', '{"a": 1.0}'],
      ['{"b": 1}'],
    ],
    ['{ type: object, properties: { a: true, b: false } }', ['{"a": 1}'], ['{"b": 1}']],
    ["{ type: string, pattern: '^[\\w\\-]+$' }", ['"a-b"'], ['"a b"']],
    ['{ type: integer, $comment: c, examples: [1], $schema: x, title: t }', ['1'], ['"a"']],
  ];
  test.each(table)('%s', async (schema, valid, invalid) => {
    const told = await faults(schema, [...valid, ...invalid]);
    expect(told.map((each) => each.length > 0)).toEqual([...valid.map(() => false), ...invalid.map(() => true)]);
  });

  test('what stands beside a $ref counts in 3.1, and is noted and left out in 3.0', async () => {
    const more = 'components: { schemas: { Text: { type: string } } }';
    const schema = "{ $ref: '#/components/schemas/Text', maxLength: 1, description: One. }";
    expect(await faults(schema, ['"a"', '"ab"', '1'], '3.1.0', more)).toEqual([[], ['maxLength '], expect.any(Array)]);
    expect(await faults(schema, ['"a"', '"ab"'], '3.0.3', more)).toEqual([[], []]);
    const { notes } = await read({ 'openapi.yaml': withSchema(schema, '3.0.3', more) });
    expect(notes).toEqual([
      expect.stringMatching(/^what stands beside a \$ref does not count in OpenAPI 3\.0 \(2 places/),
    ]);
  });

  test('nullable counts in 3.0, and says nothing in 3.1', async () => {
    const schema = '{ type: string, nullable: true }';
    expect(await faults(schema, ['null'], '3.0.3')).toEqual([[]]);
    expect(await faults(schema, ['null'])).toEqual([['type ']]);
    const { notes } = await read({ 'openapi.yaml': withSchema(schema) });
    expect(notes).toEqual([expect.stringMatching(/^nullable: says nothing in OpenAPI 3\.1/)]);
  });

  test('of alternatives with a discriminator, the tag decides', async () => {
    const schema =
      '{ oneOf: [{ $ref: "#/components/schemas/Card" }, { $ref: "#/components/schemas/Bank" }], discriminator: { propertyName: kind, mapping: { card: "#/components/schemas/Card" } } }';
    const more =
      'components: { schemas: { Card: { type: object, properties: { kind: { type: string } } }, Bank: { type: object, properties: { kind: { type: string } } } } }';
    const told = await faults(schema, ['{"kind":"card"}', '{"kind":"Bank"}', '{"kind":"other"}', '{}'], '3.1.0', more);
    expect(told.map((each) => each.length > 0)).toEqual([false, false, true, true]);
  });

  test('a schema that leads back to itself for the same value is cut where it chooses', async () => {
    const more = `components:
  schemas:
    Base: { type: object, required: [id], properties: { id: { type: integer } }, oneOf: [{ $ref: '#/components/schemas/Child' }] }
    Child: { allOf: [{ $ref: '#/components/schemas/Base' }, { properties: { name: { type: string } } }] }
    Node: { type: object, required: [next], properties: { next: { $ref: '#/components/schemas/Node' } } }`;
    const schema = (name: string) => `{ $ref: '#/components/schemas/${name}' }`;
    expect(await faults(schema('Base'), ['{"id":1}', '{}'], '3.1.0', more)).toEqual([[], ['required ']]);
    expect(await faults(schema('Child'), ['{"id":1,"name":"a"}', '{"name":1,"id":1}'], '3.1.0', more)).toEqual([
      [],
      ['type /name'],
    ]);
    const { notes } = await read({ 'openapi.yaml': withSchema(schema('Base'), '3.1.0', more) });
    expect(notes).toEqual([expect.stringMatching(/^oneOf that leads back to its own schema: left out/)]);
    // No request can be made of one that demands itself without end; trying ends.
    expect((await casesOf(withSchema(schema('Node'), '3.1.0', more))).operation.operationId).toBe('make');
  });

  test('so is one that means the definitions of a schema around it', async () => {
    const schema =
      "{ $ref: '#/$defs/Loop', $defs: { Loop: { type: object, required: [id], properties: { id: { type: integer } }, oneOf: [{ $ref: '#/$defs/Loop' }] }, Part: { allOf: [{ $ref: '#/$defs/Part' }] } }, allOf: [{ $ref: '#/$defs/Part' }] }";
    expect(await faults(schema, ['{"id":1}', '{}'])).toEqual([[], ['required ']]);
    const alone = "{ $ref: '#/$defs/A', $defs: { A: { $ref: '#/$defs/B' }, B: { $ref: '#/$defs/A' } } }";
    await expect(read({ 'openapi.yaml': withSchema(alone) })).rejects.toThrow('it leads back to itself');
  });

  test('what a $ref in an answer leads to is evaluated, and nothing else', async () => {
    const schema =
      "{ allOf: [{ $ref: '#/components/schemas/Id' }], unevaluatedProperties: false, properties: { a: { $ref: '#/components/schemas/Id' } } }";
    const more = 'components: { schemas: { Id: { type: object, properties: { id: { type: integer } } } } }';
    const contract = new VerifiedContract(await read({ 'openapi.yaml': withSchema(schema, '3.1.0', more) }));
    const answer = contract.document.operations[0]?.responses.get('200')?.content.get('application/json')?.schema ?? {};
    const told = (text: string) =>
      contract.validator
        .check(answer, 'response', parse(text), 'body')
        .map(({ rule, pointer }) => `${rule} ${pointer}`);
    expect(told('{"id":1,"a":{"id":1}}')).toEqual([]);
    expect(told('{"id":1,"b":1}')).toEqual(['unevaluatedProperties ']);
    expect(told('{"a":{"id":"x"}}')).toEqual(['type /a/id']);
  });

  test('keywords and formats that nobody judges, and malformed ones, are a note for each kind', async () => {
    const schema =
      "{ type: object, properties: { a: { type: string, format: iban, maxLength: '3', $dynamicRef: '#x' }, b: { type: string, format: iban, contentEncoding: base64, pattern: '(?<' }, c: { type: file, required: true } } }";
    const { notes } = await read({ 'openapi.yaml': withSchema(schema) });
    expect(notes.map((note) => note.replace(/ \(.*/, ''))).toEqual(
      [
        'format iban: nobody judges it',
        'maxLength: "3" is none: left out',
        'keyword $dynamicRef: nobody judges it',
        'keyword contentEncoding: nobody judges it',
        'pattern "(?<": no regular expression of JavaScript: left out',
        'required: true is none: left out',
      ].toSorted(
        (left, right) =>
          notes.findIndex((each) => each.startsWith(left)) - notes.findIndex((each) => each.startsWith(right)),
      ),
    );
    expect(notes[0]).toContain(
      '(4 places, the first is #/paths/~1things/post/requestBody/content/application~1json/schema/properties/a/format)',
    );
    expect(await faults(schema, ['{"a": "abcd", "b": "x", "c": 1}'])).toEqual([[]]);
  });
});

describe('cases of 3.1', () => {
  test('type arrays give breaches of all their types, and nulls; constants and tuples are broken', async () => {
    const schema =
      "{ type: object, required: [t], properties: { t: { type: [string, integer] }, n: { type: [string, 'null'] }, c: { const: x }, p: { type: array, prefixItems: [{ type: integer }] }, d: { type: number, exclusiveMinimum: 0 } } }";
    const { positive, negative } = await casesOf(withSchema(schema));
    expect(negative).toEqual(
      expect.arrayContaining([
        'body/t/type',
        'body/t/null',
        'body/n/type',
        'body/c/enum',
        'body/p/type',
        'body/d/minimum',
        'body/t/required',
      ]),
    );
    expect(negative).not.toContain('body/n/null');
    expect(positive).toEqual(expect.arrayContaining(['body/n/nullable', 'body/c/enum', 'body/d/minimum']));
  });
});

describe('files', () => {
  const main = (schema: string) => withSchema(schema).replace('T,', 'Files,');

  test('references go into other files and back, with fragments and in circles', async () => {
    const document = await read({
      'api/openapi.yaml': `${main('{ $ref: ../schemas/order.yaml#/Order }')}components: { schemas: { Id: { type: integer } } }`,
      'schemas/order.yaml':
        "Order: { type: object, properties: { id: { $ref: '../api/openapi.yaml#/components/schemas/Id' }, lines: { type: array, items: { $ref: 'line%20one.json' } }, self: { $ref: '#/Order' } } }",
      'schemas/line one.json':
        '{"type": "object", "properties": {"price": {"type": "number", "example": 1.10, "maximum": 12345678901234567890.5}, "of": {"$ref": "order.yaml#/Order"}}}',
    });
    const contract = new VerifiedContract(document);
    const [operation] = document.operations;
    const wrong = parse(
      '{"id": "a", "lines": [{"price": 12345678901234567891, "of": {"id": "b"}}], "self": {"id": true}}',
    );
    const told = contract.faults(operation as Operation, { body: wrong });
    expect(told.map(({ pointer }) => pointer).sort()).toEqual(['/id', '/lines/0/of/id', '/lines/0/price', '/self/id']);
    const [base] = bases(contract, operation as Operation);
    expect(stringify(base?.values.body ?? null)).toContain('"price":1.10');
    expect(document.position('/paths/~1things/post/requestBody/content/application~1json/schema')).toMatch(
      /openapi\.yaml:7:\d+$/,
    );
    expect(document.position('/..~1schemas~1order.yaml/Order/properties/lines')).toMatch(/order\.yaml:1:\d+$/);
    expect(
      document.position('/paths/~1things/post/requestBody/content/application~1json/schema/properties/id'),
    ).toMatch(/order\.yaml:1:\d+$/);
  });

  test('path items, parameters, examples, $defs of a schema around, and merge keys', async () => {
    const document = await read({
      'openapi.json':
        '{"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {"/a/{id}": {"$ref": "paths.yaml#/a"}}}',
      'paths.yaml': `base: &base { responses: { '200': { description: OK. } } }
a:
  parameters: [{ $ref: '#/id' }]
  put:
    <<: *base
    operationId: put
    requestBody:
      content:
        application/json:
          schema: { properties: { n: { $ref: '#/$defs/N' } }, $defs: { N: { type: integer } } }
          examples: { one: { value: { $ref: one.json } } }
id: { name: id, in: path, schema: { type: string } }
`,
      'one.json': '{"n": 5}',
    });
    const [operation] = document.operations;
    const contract = new VerifiedContract(document);
    expect(operation).toMatchObject({ operationId: 'put', parameters: [{ name: 'id', required: true }] });
    expect(bases(contract, operation as Operation)[0]?.values.body).toEqual({ n: 5 });
    expect(
      contract.faults(operation as Operation, { path: { id: 'a' }, body: { n: 'x' } }).map(({ rule }) => rule),
    ).toEqual(['type']);
  });

  const refused: readonly (readonly [what: string, files: Readonly<Record<string, string>>, message: RegExp])[] = [
    [
      'a missing file',
      { 'o.yaml': main('{ $ref: ./none.yaml#/A }') },
      /o\.yaml:7:\d+: \$ref: \.\/none\.yaml#\/A: there is no such file/,
    ],
    [
      'a missing pointer',
      { 'o.yaml': main("{ $ref: '#/components/schemas/None' }") },
      /o\.yaml:7:\d+: \$ref: #\/components\/schemas\/None: nothing stands there/,
    ],
    [
      'a missing pointer of another file',
      { 'o.yaml': main('{ $ref: a.yaml#/A }'), 'a.yaml': 'A: { properties: { b: { $ref: "#/B" } } }' },
      /a\.yaml:1:\d+: \$ref: #\/a\.yaml\/B: nothing stands there/,
    ],
    [
      'a file that is no YAML',
      { 'o.yaml': main('{ $ref: a.yaml#/A }'), 'a.yaml': 'A: {' },
      /o\.yaml:7:\d+: \$ref: a\.yaml#\/A: .*a\.yaml:1:\d+: /,
    ],
    [
      'the network',
      { 'o.yaml': main('{ $ref: "https://example.com/s.json#/A" }') },
      /o\.yaml:7:\d+: \$ref: https:.*: nothing is fetched from a network; put the file beside/,
    ],
    [
      'a circle of references alone',
      {
        'o.yaml': `${main("{ $ref: '#/components/schemas/A' }")}components: { schemas: { A: { $ref: '#/components/schemas/A' } } }`,
      },
      /it leads back to itself/,
    ],
    [
      'Swagger 2.0',
      { 'o.yaml': "swagger: '2.0'\npaths: {}" },
      /o\.yaml:1:1: received swagger: 2\.0; OpenAPI 3\.0 and 3\.1 are read: convert it/,
    ],
    ['AsyncAPI', { 'o.yaml': 'asyncapi: 3.0.0' }, /received asyncapi: 3\.0\.0; .* give an OpenAPI/],
    ['OpenAPI 4', { 'o.yaml': 'openapi: 4.0.0\npaths: {}' }, /received openapi: 4\.0\.0;/],
    ['something else', { 'o.json': '[1]' }, /received no openapi;/],
    [
      'webhooks alone',
      { 'o.yaml': 'openapi: 3.1.0\nwebhooks: {}' },
      /received no paths; webhooks alone describe no request to a server/,
    ],
    ['broken YAML', { 'o.yaml': 'openapi: {' }, /o\.yaml:\d+:\d+: /],
  ];
  test.each(refused)('%s is refused with its place', async (_, files, message) => {
    await expect(read(files)).rejects.toMatchObject({ name: 'FileError', message: expect.stringMatching(message) });
  });

  test('what no operation leads to may be wrong', async () => {
    const more =
      'webhooks: { w: { $ref: none.yaml } }\ncomponents: { schemas: { Unused: { $ref: "https://example.com/x" } } }';
    expect((await read({ 'o.yaml': withSchema('{ type: string }', '3.1.1', more) })).notes).toEqual([]);
  });
});

describe('operations', () => {
  const paths = (text: string, more = '') => `openapi: 3.1.0\ninfo: { title: T, version: '1' }\npaths:\n${text}${more}`;
  const ok = "responses: { '2xx': { description: OK. } }";

  test('without an id, with one twice, with a parameter that is not declared or is not in the path', async () => {
    const { operations, notes } = await read({
      'o.yaml': paths(`  /a/{id}:
    get: { ${ok} }
    put: { operationId: same, parameters: [{ name: Id, in: path, schema: {} }, { name: accept, in: header }, { in: body }], ${ok} }
    post: { operationId: same, responses: {} }
`),
    });
    expect(operations.map(({ operationId, parameters }) => [operationId, parameters.map(({ name }) => name)])).toEqual([
      ['get /a/{id}', ['id']],
      ['same', ['id']],
      ['same-2', ['id']],
    ]);
    expect([...(operations[0]?.responses.keys() ?? [])]).toEqual(['2XX']);
    expect(notes.map((note) => note.replace(/ \(.*/, '')).sort()).toEqual([
      'operation without a response: any answer will do',
      'operation without operationId: it is called by its method and path',
      'operationId same twice: here it is called same-2',
      'parameter of a path that does not name it: left out',
      'parameter of a path that is not declared, such as {id}: any text is sent for it',
      'parameter without a name, or in none of path, query, header and cookie: left out',
    ]);
  });

  test('of OAuth 2 and OpenID Connect send bearer tokens; a client certificate is noted; the alternative with a credential is taken', async () => {
    const text = paths(
      `  /a: { get: { operationId: a, security: [{}, { tls: [] }, { oauth: [read] }, { id: [] }], ${ok} } }\n`,
      'components: { securitySchemes: { oauth: { type: oauth2, flows: {} }, id: { type: openIdConnect, openIdConnectUrl: x }, tls: { type: mutualTLS } } }\n',
    );
    const document = await read({ 'o.yaml': text });
    const [operation] = document.operations;
    const sent = (scheme: string) =>
      render(
        document,
        { operation: operation as Operation, values: {} },
        { credentials: new Map([[scheme, 'TOKEN']]), headers: [] },
      ).headers;
    expect([sent('oauth'), sent('id'), sent('none')]).toEqual([
      [['Authorization', 'Bearer TOKEN']],
      [['Authorization', 'Bearer TOKEN']],
      [],
    ]);
    expect(document.notes).toEqual([
      expect.stringMatching(/^security scheme tls is of type mutualTLS: nothing is sent for it/),
    ]);
  });

  const styles: readonly (readonly [parameter: string, value: JsonValue, path: string])[] = [
    [
      'in: query, content: { application/json: { schema: { type: object } } }',
      { a: [1] },
      '/a?p=%7B%22a%22%3A%5B1%5D%7D',
    ],
    [
      'in: query, style: deepObject, explode: true, schema: { type: object, properties: { a: { type: integer }, b: { type: object } } }',
      { a: 1, b: { c: 'x' } },
      '/a?p%5Ba%5D=1&p%5Bb%5D%5Bc%5D=x',
    ],
    ['in: query, schema: { type: object, properties: { a: { type: integer } } }', { a: 1, b: 'x' }, '/a?a=1&b=x'],
    ['in: query, explode: false, schema: { type: object }', { a: 1, b: 'x' }, '/a?p=a%2C1%2Cb%2Cx'],
    [
      'in: query, style: spaceDelimited, explode: false, schema: { type: array, items: { type: integer } }',
      [1, 2],
      '/a?p=1%202',
    ],
    [
      'in: query, style: pipeDelimited, explode: false, schema: { type: array, items: { type: string } }',
      ['x', 'y'],
      '/a?p=x%7Cy',
    ],
    ['in: query, schema: { type: array, items: { type: integer } }', [1, 2], '/a?p=1&p=2'],
    ['in: query, schema: { anyOf: [{ type: integer }, { type: boolean }] }', true, '/a?p=true'],
    ['in: query, allowReserved: true, schema: { type: string }', 'a/b?c&d', '/a?p=a/b?c%26d'],
    ['in: path, schema: { type: array, items: { type: string } }', ['x/y', 'z'], '/a/x%2Fy,z'],
    ['in: path, style: matrix, explode: true, schema: { type: object }', { x: 1, y: 2 }, '/a/;x=1;y=2'],
    ['in: path, style: matrix, schema: { type: array, items: { type: integer } }', [1, 2], '/a/;p=1,2'],
    ['in: path, style: label, schema: { type: integer }', 5, '/a/.5'],
  ];
  test.each(styles)('a parameter %s', async (parameter, value, path) => {
    const inPath = parameter.startsWith('in: path');
    const place = inPath ? 'path' : 'query';
    const text = paths(
      `  /a${inPath ? '/{p}' : ''}: { get: { operationId: a, parameters: [{ name: p, ${parameter} }], ${ok} } }\n`,
    );
    const { wire, faults: told } = await casesOf(text, { [place]: { p: value } });
    expect([wire.path, told]).toEqual([path, []]);
  });

  test('a structured parameter that is wrong is told', async () => {
    const text = paths(
      `  /a: { get: { operationId: a, parameters: [{ name: p, in: query, style: deepObject, schema: { type: object, required: [a], properties: { a: { type: integer } } } }], ${ok} } }\n`,
    );
    const { negative } = await casesOf(text, { query: { p: { a: 1 } } });
    expect(negative).toEqual(expect.arrayContaining(['query/p/a/type', 'query/p/a/required']));
  });

  test('headers and cookies are sent; a value that no header can have is no case', async () => {
    const text = paths(
      `  /a: { get: { operationId: a, parameters: [{ name: X-A, in: header, required: true, schema: { type: string, pattern: '^a+$' } }, { name: c, in: cookie, schema: { type: integer } }], ${ok} } }\n`,
    );
    const { wire, negative } = await casesOf(text, { header: { 'X-A': 'a' }, cookie: { c: 1 } });
    expect(wire.headers).toEqual([
      ['X-A', 'a'],
      ['Cookie', 'c=1'],
    ]);
    expect(negative).toContain('cookie/c/type');
    expect(negative).not.toContain('header/X-A/pattern');
  });

  const bodies: readonly (readonly [
    content: string,
    type: string | undefined,
    body: string | undefined,
    notes: readonly string[],
  ])[] = [
    ["'application/json; charset=utf-8': { schema: { type: object } }", 'application/json; charset=utf-8', '{}', []],
    ['application/vnd.api+json: { schema: { type: object } }', 'application/vnd.api+json', '{}', []],
    ["'*/*': { schema: { type: object } }", 'application/json', '{}', []],
    [
      'application/xml: { schema: { type: object } }, application/json: { schema: { type: object } }',
      'application/json',
      '{}',
      ['body of application/xml: no request with one is made'],
    ],
    [
      'multipart/form-data: { schema: { type: object } }',
      undefined,
      undefined,
      ['body of multipart/form-data: no request with one is made, and there is no other'],
    ],
    [
      'application/x-www-form-urlencoded: { schema: { type: object, properties: { d: { type: object, example: { a: 1 } }, l: { type: array, example: [1, 2], items: { type: integer } } } }, encoding: { d: { style: deepObject } } }',
      'application/x-www-form-urlencoded',
      'd%5Ba%5D=1&l=1&l=2',
      [],
    ],
  ];
  test.each(bodies)('a body of %s', async (content, type, body, notes) => {
    const { document, wire } = await casesOf(
      paths(`  /a: { post: { operationId: a, requestBody: { content: { ${content} } }, ${ok} } }\n`),
    );
    const [, sent] = wire.headers.find(([name]) => name === 'Content-Type') ?? [];
    expect([sent, wire.body]).toEqual([type, body]);
    expect(document.notes.map((note) => note.replace(/ \(#.*/, ''))).toEqual(notes);
  });

  test('a range of media types takes what it covers: an unknown type is tried only beyond it', async () => {
    const of = async (range: string) => {
      const body = `{ content: { '${range}': { schema: { type: object } } } }`;
      const text = paths(
        `  /a: { post: { operationId: a, requestBody: ${body}, responses: { '200': { description: OK. } } } }\n`,
      );
      const { operation, negative } = await casesOf(text);
      return [[...(operation.requestBody?.content.keys() ?? [])], negative.filter((id) => id.includes('unknown'))];
    };
    expect(await of('*/*')).toEqual([['application/json', '*/*'], []]);
    expect(await of('application/*')).toEqual([['application/json', 'application/*'], []]);
    expect(await of('application/json')).toEqual([['application/json'], ['media-type/unknown']]);
  });

  test('links are kept, referred ones too', async () => {
    const responses =
      "{ '200': { description: OK., links: { again: { $ref: '#/components/links/Again' }, b: { operationId: b } } } }";
    const more = 'components: { links: { Again: { operationId: a, parameters: { id: $response.body#/id } } } }\n';
    const document = await read({
      'openapi.yaml': paths(`  /a: { get: { operationId: a, responses: ${responses} } }\n`, more),
    });
    expect([...(document.operations[0]?.responses.get('200')?.links ?? [])]).toEqual([
      ['again', { operationId: 'a', operationRef: '', parameters: { id: '$response.body#/id' } }],
      ['b', { operationId: 'b', operationRef: '', parameters: {} }],
    ]);
  });

  test('in a form everything is text: a number for a text breaks nothing', async () => {
    const text = paths(
      `  /a: { post: { operationId: a, requestBody: { required: true, content: { application/x-www-form-urlencoded: { schema: { type: object, required: [t, i], properties: { t: { type: string }, i: { type: integer } } } } } }, ${ok} } }\n`,
    );
    const { negative } = await casesOf(text);
    expect(negative).toContain('body/i/type');
    expect(negative).not.toContain('body/t/type');
  });

  test('variables of a server have their defaults', async () => {
    const more =
      "servers: [{ url: 'https://{host}/{base}', variables: { host: { default: h }, base: { default: v2 } } }]\n";
    expect((await read({ 'o.yaml': paths(`  /a: { get: { ${ok} } }\n`, more) })).serverPaths).toEqual(['/v2']);
  });
});

test('what we serve is held to as much as before', async () => {
  const folder = join(directory, 'specs');
  mkdirSync(join(folder, 'strict'), { recursive: true });
  writeFileSync(join(folder, 'strict', 'openapi.yaml'), withSchema('{ const: a }'));
  expect(() => loadDocument('strict', folder)).toThrow('expected an OpenAPI 3.0 document');
  writeFileSync(join(folder, 'strict', 'openapi.yaml'), withSchema('{ const: a }', '3.0.3'));
  expect(() => loadDocument('strict', folder)).toThrow('const is no schema keyword of OpenAPI 3.0 that is enforced');
});

test('the command prints a line for each note, and says in one line why a document is refused', async () => {
  writeFileSync(join(directory, 'noted.yaml'), withSchema('{ type: string, format: iban }'));
  writeFileSync(join(directory, 'old.yaml'), "swagger: '2.0'\n");
  const url = ['--url', 'http://127.0.0.1:9'];
  const [noted, old] = await Promise.all(
    ['noted.yaml', 'old.yaml'].map((file) => paydouble(['verify', file, ...url], directory)),
  );
  expect([noted?.code, noted?.error]).toEqual([
    2,
    expect.stringMatching(/^note: format iban: nobody judges it \(2 places.*\nNo answer from /),
  ]);
  expect([old?.code, old?.error]).toEqual([
    2,
    expect.stringMatching(/^old\.yaml:1:1: received swagger: 2\.0; [^\n]*\n$/),
  ]);
});
