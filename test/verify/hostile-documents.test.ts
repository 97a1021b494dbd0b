/**
 * Documents that nobody should write, and that somebody has: each is judged as far as it can be, with a note, or refused in a
 * line; beside each stands one that is nearly the same and does no harm.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadJudgedDocument } from '../../src/judged-document.js';
import { schemaPattern, textMatching } from '../../src/schema-pattern.js';
import { checks, phases } from '../../src/verify/case.js';
import { VerifiedContract } from '../../src/verify/contract.js';
import { verify } from '../../src/verify/verify.js';
import { type Asked, type SmallServer, startSmallServer } from './small-server.js';

const directory = mkdtempSync(join(tmpdir(), 'paydouble-hostile-'));
const asked: Asked[] = [];
let server: SmallServer;
beforeAll(async () => {
  server = await startSmallServer((request) => {
    asked.push(request);
    return [200, {}, { 'X-Json': '[1]', 'X-Plain': 'x' }];
  });
});
afterAll(() => {
  server.close();
  rmSync(directory, { recursive: true });
});
let count = 0;

type Files = Readonly<Record<string, unknown>>;

/** Writes the files of a document, values as JSON, and gives the path of the first. */
function written(files: Files): string {
  const [folder, [main = '']] = [join(directory, String(++count)), Object.keys(files)];
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return join(folder, main);
}

/** What judging the small server by a document comes to. */
async function judged(files: Files) {
  asked.length = 0;
  const { report } = await verify({
    document: written(files),
    url: server.url,
    authority: { credentials: new Map(), headers: [] },
    phases: new Set(phases),
    checks: new Set(checks),
    workers: 4,
    seed: 1,
    maxExamples: 5,
    maxMilliseconds: 2_000,
    timeoutMilliseconds: 10_000,
  });
  return { notes: report.notes.join(' '), sent: report.outcomes.length, findings: report.findings };
}

const schemaAt = (name: string) => ({ $ref: `#/components/schemas/${name}` });

/** A document with one operation that takes and gives what a schema says. */
function withSchema(schema: unknown, schemas: unknown = {}, openapi = '3.1.0'): Files {
  const content = { 'application/json': { schema } };
  const make = { operationId: 'make', requestBody: { content }, responses: { 200: { description: 'OK.', content } } };
  return { 'o.json': { openapi, info: {}, paths: { '/things': { post: make } }, components: { schemas } } };
}

/** A document with one operation. */
function withOperation(operation: object, path = '/things', more: object = {}): Files {
  const responses = { 200: { description: 'OK.' } };
  return {
    'o.json': {
      openapi: '3.1.0',
      info: {},
      paths: { [path]: { get: { operationId: 'read', responses, ...operation } } },
      ...more,
    },
  };
}

/** A document with one operation that only gives what a schema says. */
function withAnswer(schema: unknown, schemas: unknown): Files {
  const responses = { 200: { description: 'OK.', content: { 'application/json': { schema } } } };
  return withOperation({ responses }, '/things', { components: { schemas } });
}

function nested(levels: number, within: (inner: unknown) => unknown): unknown {
  let schema: unknown = { type: 'string' };
  for (let level = 0; level < levels; level++) schema = within(schema);
  return schema;
}

/** Schemas of which each refers to the next. */
function chained(length: number, link: (next: unknown) => unknown): Files {
  const names = Array.from({ length }, (_, index) => `S${index}`);
  const schemas = names.map((name, index) => [
    name,
    index + 1 < length ? link(schemaAt(`S${index + 1}`)) : { type: 'object' },
  ]);
  return withSchema(schemaAt('S0'), Object.fromEntries(schemas));
}

const objectOf = (properties: object, required: readonly string[] = []) => ({ type: 'object', required, properties });
const [A, B] = [schemaAt('A'), schemaAt('B')];

describe('judged, with a note of what is not, beside one that needs none', () => {
  const table: readonly (readonly [what: string, hostile: Files, note: RegExp, harmless: Files])[] = [
    [
      'allOf of itself',
      withSchema(A, { A: { allOf: [A] } }),
      /allOf that leads back/,
      withSchema(A, { A: { allOf: [B] }, B: {} }),
    ],
    [
      'two that are all of each other',
      withSchema(A, { A: { allOf: [B] }, B: { allOf: [A] } }),
      /allOf that leads back/,
      withSchema(A, { A: { allOf: [B] }, B: { properties: { a: A } } }),
    ],
    [
      'a required property that is the schema itself',
      withSchema(A, { A: objectOf({ a: A, b: A, c: A }, ['a', 'b', 'c']) }),
      /demands itself without end: no value of it is sent/,
      withSchema(A, { A: objectOf({ a: A, b: A, c: { oneOf: [A, { type: 'string' }] } }, ['c']) }),
    ],
    [
      'elements that are the schema itself',
      withSchema(A, { A: { type: 'array', minItems: 2, items: A } }),
      /demands itself without end/,
      withSchema(A, { A: { type: 'array', items: A } }),
    ],
    [
      'doubling by allOf',
      chained(25, (next) => ({ allOf: [next, next] })),
      /allOf that asks more than 10000 schemas/,
      chained(10, (next) => ({ allOf: [next, next] })),
    ],
    [
      'doubling by oneOf',
      chained(25, (next) => ({ oneOf: [next, next] })),
      /oneOf that asks more than 10000 schemas/,
      chained(10, (next) => ({ oneOf: [next, next] })),
    ],
    [
      'schemas within each other',
      withSchema(nested(150, (inner) => objectOf({ a: inner }))),
      /schema within more than 100 others: left out .{1,260}$/,
      withSchema(nested(60, (inner) => ({ oneOf: [inner, { type: 'integer' }] }))),
    ],
    [
      'references one after the other',
      chained(400, (next) => objectOf({ a: next }, ['a'])),
      /behind more than 200 references/,
      chained(150, (next) => objectOf({ a: next }, ['a'])),
    ],
    [
      'a text of two milliards',
      withSchema({ type: 'string', minLength: 2e9 }),
      /minLength: 2000000000 is more than is sent/,
      withSchema({ type: 'string', minLength: 200 }),
    ],
    [
      'a milliard elements',
      withSchema({ type: 'array', minItems: 1e9, items: {} }),
      /minItems: 1000000000 is more than is sent/,
      withSchema({ type: 'array', minItems: 10, items: {} }),
    ],
    [
      'a thousand lists of a thousand lists of a thousand',
      withSchema(nested(3, (inner) => ({ type: 'array', minItems: 1001, items: inner }))),
      /minItems: 1001 is more than is sent/,
      withSchema(nested(3, (inner) => ({ type: 'array', maxItems: 1001, items: inner }))),
    ],
    [
      'a choice of too many',
      withSchema({ enum: Array.from({ length: 1001 }, (_, index) => index) }),
      /enum of 1001 values: each of the first 1000 is sent/,
      withSchema({ enum: Array.from({ length: 100 }, (_, index) => index) }),
    ],
    [
      'limits that exclude each other',
      withSchema(
        objectOf({ a: { type: 'string', minLength: 5, maxLength: 2 }, b: { type: 'integer', minimum: 5, maximum: 2 } }),
      ),
      /minLength: 5 is above maxLength: 2: no value is valid.*minimum: 5 is above maximum: 2/,
      withSchema(
        objectOf({ a: { type: 'string', minLength: 2, maxLength: 2 }, b: { type: 'integer', minimum: 2, maximum: 2 } }),
      ),
    ],
    [
      'numbers that no double comes near',
      {
        'o.yaml': `openapi: 3.1.0\npaths: { /a: { post: { requestBody: { content: { application/json: { schema: { properties: { a: { type: number, maximum: 1e400 }, b: { type: number, multipleOf: 1e-999999 }, c: { enum: [1e999999] } } } } } }, responses: { '200': { description: OK. } } } } }\n`,
      },
      /maximum: 1e400 is none: left out.*multipleOf: 1e-999999 is none/,
      {
        'o.yaml': `openapi: 3.1.0\npaths: { /a: { post: { requestBody: { content: { application/json: { schema: { properties: { a: { type: number, minimum: 1e300 }, b: { type: number, multipleOf: 1e-300 } } } } } }, responses: { '200': { description: OK. } } } } }\n`,
      },
    ],
    [
      'keywords with values of another kind',
      withSchema({
        type: 'object',
        required: 'name',
        properties: {
          a: { type: 'string', minLength: '5', maxLength: -1 },
          b: { enum: [] },
          c: { multipleOf: 0 },
          d: { $ref: 5 },
        },
      }),
      /required: "name" is none: left out.*minLength: "5" is none.*maxLength: -1 is none.*enum: \[\] is none.*multipleOf: 0 is none.*\$ref: 5 is none/,
      withSchema(objectOf({ a: { type: 'string', minLength: 5 }, b: { enum: [1] }, c: { multipleOf: 1 } }, ['a'])),
    ],
    [
      'keywords that every object has',
      withSchema(JSON.parse('{"type":"object","toString":1,"constructor":{},"__proto__":{"type":"string"}}')),
      /keyword toString: nobody judges it.*keyword constructor.*keyword __proto__/,
      withSchema({ type: 'object' }),
    ],
    [
      'a header with a name that none can have, and one that HTTP writes',
      withOperation({
        parameters: ['X A', 'Content-Length'].map((name) => ({ name, in: 'header', required: true, schema: {} })),
      }),
      /a name that no header can have: left out.*header Content-Length as a parameter: HTTP itself writes it/,
      withOperation({ parameters: [{ name: 'X-A', in: 'header', required: true, schema: { type: 'string' } }] }),
    ],
    [
      'names that are no text',
      {
        'o.json': `{"openapi":"3.1.0","paths":{"/a":{"post":{"operationId":"\\ud800","parameters":[{"name":"\\ud800","in":"query","required":true}],"requestBody":{"content":{"application/json":{"schema":{"required":["\\ud800"],"properties":{"\\ud800":{}}}}}},"responses":{"200":{"description":"OK."}}}}}}`,
      },
      /half a pair of surrogates in its name: left out.*properties: .* is none: left out/,
      withOperation({ operationId: '💸', parameters: [{ name: '💸', in: 'query', schema: objectOf({ '💸': {} }) }] }),
    ],
    [
      'an example and a link that lead nowhere',
      withOperation({
        parameters: [{ name: 'a', in: 'query', schema: {}, examples: { one: { $ref: '#/none' } } }],
        responses: { 200: { description: 'OK.', links: { next: { $ref: '#/nowhere' } } } },
      }),
      /\$ref: #\/none: nothing stands there: left out.*\$ref: #\/nowhere: nothing stands there: left out/,
      withOperation({ parameters: [{ name: 'a', in: 'query', schema: {}, examples: { one: { value: 1 } } }] }),
    ],
    [
      'security schemes that are not declared',
      withOperation({ security: [{ constructor: [] }] }),
      /security scheme constructor is not declared/,
      withOperation({ security: [{ constructor: [] }] }, '/things', {
        components: { securitySchemes: { constructor: { type: 'http', scheme: 'bearer' } } },
      }),
    ],
  ];
  test.each(table)('%s', async (_, hostile, note, harmless) => {
    const bad = await judged(hostile);
    expect(bad.notes).toMatch(note);
    const good = await judged(harmless);
    expect(good.notes).not.toMatch(note);
    expect([bad.sent > 0, good.sent > 0]).toEqual([true, true]);
  });
});

describe('judged without a word', () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'half of \u00e9'];
  const odd = ['\ud800', '💸', 'a\nb', 'a\r\nX-Evil: 1', '\u0000', 'é', ''];
  const table: readonly (readonly [what: string, files: Files])[] = [
    ['many properties of many schemas that all refer to each other', withSchema(schemaAt('S0'), webOf(12, 12))],
    ['eight hundred schemas that refer to each other', withAnswer(schemaAt('S0'), webOf(800, 3))],
    ['doubling by properties', chained(25, (next) => objectOf({ a: next, b: next }))],
    ['doubling by properties that are required', chained(25, (next) => objectOf({ a: next, b: next }, ['a', 'b']))],
    ['doubling by elements', chained(25, (next) => ({ type: 'array', minItems: 2, items: next }))],
    [
      'allOf of three hundred',
      withSchema({ allOf: Array.from({ length: 300 }, (_, index) => objectOf({ [`p${index}`]: {} })) }),
    ],
    ['an example that is deep', withSchema({ type: 'object', example: nested(300, (inner) => ({ a: inner })) })],
    ['a path that is no encoding', withOperation({}, '/%zz')],
    ['a path with half a parameter', withOperation({}, '/a/{b')],
    ['a path with no name for a parameter', withOperation({}, '/a/{}')],
    ['a path with one parameter twice', withOperation({}, '/a/{b}/{b}')],
    ['a path with half a pair of surrogates', withOperation({}, '/\ud800')],
    [
      'parameters twice',
      withOperation({
        parameters: ['a', 'a', 'A'].map((name) => ({
          name,
          in: 'header',
          required: true,
          schema: { type: 'integer' },
        })),
      }),
    ],
    ...names.map((name) => [`the name ${JSON.stringify(name)} everywhere`, named(name)] as const),
    ...odd.map((value) => [`the value ${JSON.stringify(value)} everywhere`, valued(value)] as const),
  ];
  test.each(table)('%s', async (_, files) => {
    const { sent, findings } = await judged(files);
    expect(sent).toBeGreaterThan(0);
    expect(findings.filter(({ check }) => check === 'answer_arrives')).toEqual([]);
  });

  test('paths that differ in the name of a parameter alone', async () => {
    const get = { responses: { 200: { description: 'OK.' } } };
    const paths = {
      '/x/{a}': { get: { ...get, operationId: 'one' } },
      '/x/{b}': { get: { ...get, operationId: 'other' } },
    };
    expect((await judged({ 'o.json': { openapi: '3.0.3', info: {}, paths } })).sent).toBeGreaterThan(0);
  });

  test('a name that every object has is missing where it is not there', async () => {
    const contract = new VerifiedContract(await loadJudgedDocument(written(named('constructor'))));
    const [operation] = contract.document.operations;
    if (operation === undefined) throw new Error('There is an operation.');
    const told = (values: object) =>
      contract.faults(operation, { ...values }).map(({ rule, in: place }) => `${place} ${rule}`);
    const query = { constructor: 'a' };
    expect(told({ path: query, query, body: {} })).toEqual(['body required']);
    expect(told({ path: query, body: { constructor: 'a' } })).toEqual(['query required']);
    expect(told({ path: query, query, body: { constructor: 'a' } })).toEqual([]);
  });
});

/** So many schemas of so many properties, each another of the schemas. */
function webOf(length: number, width: number): object {
  const properties = (from: number) =>
    Array.from({ length: width }, (_, index) => [`p${index}`, schemaAt(`S${(from * width + index + 1) % length}`)]);
  const next = (from: number) =>
    objectOf({ ...Object.fromEntries(properties(from)), next: schemaAt(`S${(from + 1) % length}`) });
  return Object.fromEntries(Array.from({ length }, (_, index) => [`S${index}`, next(index)]));
}

/** A document in which all that has a name has this one. */
function named(name: string): Files {
  const schema = { type: 'string', minLength: 1, maxLength: 3, example: 'abc' };
  const parameters = ['path', 'query', ...(/^\w+$/.test(name) ? ['header', 'cookie'] : [])].map((place) => {
    return { name, in: place, required: place === 'path' || place === 'query', schema };
  });
  const body = { type: 'object', required: [name], properties: Object.fromEntries([[name, schema]]) };
  const schemas = Object.fromEntries([[name, body]]);
  const content = {
    'application/json': { schema: { $ref: `#/components/schemas/${encodeURI(name)}` } },
  };
  const links = Object.fromEntries([
    [name, { operationId: name, parameters: Object.fromEntries([[name, `$response.body#/${name}`]]) }],
  ]);
  const put = {
    operationId: name,
    parameters,
    requestBody: { required: true, content },
    responses: { 200: { description: 'OK.', links } },
  };
  return { 'o.json': { openapi: '3.1.0', info: {}, paths: { [`/a/{${name}}`]: { put } }, components: { schemas } } };
}

/** A document that gives a value for every kind of parameter, and for a form. */
function valued(value: string): Files {
  const parameters = ['path', 'query', 'header', 'cookie'].flatMap((place) =>
    ['example', 'default'].map((keyword) => {
      const name = place === 'path' ? 'p' : `${place}-${keyword}`;
      return { name, in: place, required: true, schema: { type: 'string', [keyword]: value } };
    }),
  );
  const form = { 'application/x-www-form-urlencoded': { schema: objectOf({ v: { enum: [value, 'x'] } }) } };
  const post = {
    operationId: 'send',
    parameters,
    requestBody: { content: form },
    responses: { 200: { description: 'OK.' } },
  };
  return { 'o.json': { openapi: '3.1.0', info: {}, paths: { '/a/{p}': { post } } } };
}

describe('refused in a line', () => {
  const laughs = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
  const doubled = laughs.slice(1).map((name, index) => `x-${name}: &${name} [${Array(10).fill(`*${laughs[index]}`)}]`);
  const table: readonly (readonly [what: string, files: Files, message: RegExp])[] = [
    [
      'JSON that is deep',
      withSchema(nested(2000, (inner) => ({ allOf: [inner] }))),
      /o\.json: JSON nested deeper than 512 levels/,
    ],
    [
      'YAML that is deep',
      { 'o.yaml': `openapi: 3.0.3\npaths: ${'['.repeat(900)}${']'.repeat(900)}` },
      /o\.yaml:2:\d+: YAML nested deeper/,
    ],
    [
      'YAML that is deeper',
      { 'o.yaml': `openapi: 3.0.3\n\npaths: ${'['.repeat(9000)}${']'.repeat(9000)}` },
      /o\.yaml:3:\d+: YAML nested deeper/,
    ],
    [
      'aliases that are a milliard values',
      { 'o.yaml': `openapi: 3.0.3\nx-a: &a [x,x,x,x,x,x,x,x,x,x]\n${doubled.join('\n')}` },
      /o\.yaml:\d+:\d+: aliases stand for more than 500000 values/,
    ],
    ['duplicate keys', { 'o.yaml': 'openapi: 3.0.3\nopenapi: 3.0.3\n' }, /o\.yaml:2:1: Map keys must be unique/],
    ['tabs', { 'o.yaml': 'openapi: 3.0.3\ninfo:\n\ttitle: x\n' }, /o\.yaml:3:1: Tabs are not allowed/],
    [
      'YAML that is long',
      { 'o.yaml': `openapi: 3.0.3\nx: ${'y'.repeat(16_777_216)}` },
      /o\.yaml: longer than 16777216 bytes, and no JSON/,
    ],
    ['JSON that is longer', { 'o.json': ' '.repeat(67_108_865) }, /o\.json: longer than 67108864 bytes/],
    ['an empty file', { 'o.yaml': '' }, /o\.yaml:1:1: received no openapi/],
    ['a file that is empty JSON', { 'o.json': '' }, /o\.json:1:1: received no openapi/],
    ['text', { 'o.yaml': 'hello' }, /o\.yaml:1:1: received no openapi/],
    ['references alone, many', chained(300, (next) => next), /\$ref: more than 200 references in a row/],
    [
      'a $ref to a directory',
      { ...withSchema({ $ref: './parts' }), 'parts/a.yaml': '' },
      /o\.json:1:\d+: \$ref: \.\/parts: that is a directory/,
    ],
    [
      'a $ref to another place of the network',
      withSchema({ $ref: 'http://example.com/a.json' }),
      /nothing is fetched from a network/,
    ],
    ['a $ref that is no URL', withSchema({ $ref: 'http://[' }), /o\.json:1:\d+: \$ref: http:\/\/\[: /],
    ['a $ref that is no encoding', withSchema({ $ref: '#/%zz' }), /\$ref: #\/%zz: nothing stands there/],
    [
      'a $ref to what every object has',
      withSchema({ $ref: '#/components/schemas/constructor' }),
      /nothing stands there/,
    ],
    ['a circle through many files', circleOfFiles({ $ref: 'f1.yaml' }), /it leads back to itself/],
  ];
  test.each(table)('%s', async (_, files, message) => {
    const refused = judged(files);
    await expect(refused).rejects.toMatchObject({ name: 'FileError', message: expect.stringMatching(message) });
    await expect(refused).rejects.not.toMatchObject({ message: expect.stringContaining('\n') });
  });

  test('a directory, by its name', async () => {
    await expect(loadJudgedDocument(directory)).rejects.toMatchObject({
      name: 'FileError',
      message: `${directory}: that is a directory; name the document in it`,
    });
  });

  test('a circle through many files that ends is none', async () => {
    expect((await judged(circleOfFiles(objectOf({ a: { $ref: 'f1.yaml' } })))).sent).toBeGreaterThan(0);
  });
});

/** Files of which each refers to the next, and the last to the first. */
function circleOfFiles(link: object): Files {
  const files = Array.from({ length: 20 }, (_, index) => {
    return [`f${index}.yaml`, JSON.stringify(link).replace('f1.yaml', `f${(index + 1) % 20}.yaml`)];
  });
  return { ...withSchema({ $ref: 'f0.yaml' }), ...Object.fromEntries(files) };
}

describe('patterns', () => {
  const table: readonly (readonly [pattern: string, text: string, isMatch: boolean])[] = [
    ['^(a+)+$', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaa', true],
    // Of what cannot be found out, nothing is said.
    ['^(a+)+$', `${'a'.repeat(60)}!`, true],
    ['^(a|a)+$', `${'a'.repeat(60)}!`, true],
    ['(?<=a)b', 'ab', true],
    ['(?<=a)b', 'cb', false],
    ['^\\p{L}+$', 'é', true],
    ['^[\\w\\-]+$', 'a-b', true],
    ['^[a-z]+@[a-z]+\\.[a-z]+$', 'somebody@example.com', true],
    ['^[a-z]+@[a-z]+\\.[a-z]+$', 'somebody at example.com', false],
  ];
  test.each(table)('%s of %j: %s', (pattern, text, isMatch) => {
    expect(schemaPattern(pattern).test(text)).toBe(isMatch);
  });

  test('that ask for more than there is room for give no text', () => {
    const most = { most: 1000, choose: (_: number, highest: number) => highest };
    expect(textMatching('^((a*)*)*$', most)).toBeUndefined();
    expect(textMatching('^a{2000000000}$', most)).toBeUndefined();
    expect(textMatching('^(a*)b$', most)).toBe(`${'a'.repeat(1000)}b`);
  });
});

describe('names that schemas give themselves', () => {
  const thing = objectOf({ a: { type: 'string' } }, ['a']);
  test.each([
    ['$anchor', withSchema({ $ref: '#thing' }, { T: { ...thing, $anchor: 'thing' } })],
    [
      '$anchor of another file',
      { ...withSchema({ $ref: 'a%20b.json#thing' }), 'a b.json': { x: { ...thing, $anchor: 'thing' } } },
    ],
    ['$id', withSchema({ $ref: 'https://example.com/t' }, { T: { ...thing, $id: 'https://example.com/t' } })],
    [
      '$id and a pointer',
      withSchema(
        { $ref: 'https://example.com/t#/$defs/x' },
        { T: { $id: 'https://example.com/t', $defs: { x: thing } } },
      ),
    ],
  ])('%s', async (_, files) => {
    const contract = new VerifiedContract(await loadJudgedDocument(written(files)));
    const [operation] = contract.document.operations;
    if (operation === undefined) throw new Error('There is an operation.');
    const told = (body: object) =>
      contract.faults(operation, { body: { ...body } }).map(({ rule, pointer }) => `${rule} ${pointer}`);
    expect([told({ a: 'x' }), told({ a: 1 }), told({})]).toEqual([[], ['type /a'], ['required ']]);
  });

  test('that nobody has are refused', async () => {
    await expect(judged(withSchema({ $ref: '#nobody' }))).rejects.toThrow('$ref: #nobody: nothing stands there');
  });
});

test.each([
  ['X-Json', { type: 'array', items: { type: 'integer' } }, []],
  ['X-Json', { type: 'array', items: { type: 'string' } }, ['Header X-Json: /0: must be string. Received 1.']],
  ['X-Plain', { type: 'string' }, ['Header X-Plain: Received "x", which is no JSON; documented: application/json.']],
])('a header %s with content is judged by it: %j', async (name, schema, messages) => {
  const headers = { [name]: { content: { 'application/json': { schema } } } };
  const responses = { 200: { description: 'OK.', headers, content: { 'application/json': {} } } };
  const { findings } = await judged(withOperation({ responses }));
  const told = findings.filter(({ check }) => check === 'response_headers_conformance');
  expect(told.map(({ message }) => message)).toEqual(messages);
});
