/**
 * Schemas of OpenAPI 3.0 as they judge requests and responses, and what is said of a value that breaks them.
 */
import { describe, expect, test } from 'vitest';
import { excerpt } from '../../src/excerpt.js';
import { deepFreeze } from '../../src/frozen.js';
import { type JsonValue, parse, stringify, toNumber } from '../../src/json.js';
import { sum } from '../../src/money.js';
import { findSchemas, knownKeywords, type Side, toJsonSchema } from '../../src/schema.js';
import { Validator } from '../../src/validator.js';
import { makeSchemas, places } from './fixture.js';

const document = makeSchemas(`
  Nullable: { type: string, nullable: true }
  NullableUntyped: { nullable: true }
  NullableBounds: { nullable: true, minLength: 2 }
  NullableEnum: { type: string, nullable: true, enum: [OPEN, PAID] }
  NullableUntypedEnum: { nullable: true, enum: [OPEN, PAID] }
  NullableNumber: { type: number, nullable: true, minimum: 1 }
  NullableObject: { type: object, nullable: true, required: [a], properties: { a: { type: string } } }
  NullablePart: { nullable: true, allOf: [{ $ref: '#/components/schemas/Person' }] }
  NullableReference: { nullable: true, $ref: '#/components/schemas/Person' }
  Above: { type: number, minimum: 0, exclusiveMinimum: true }
  Below: { type: integer, maximum: 10, exclusiveMaximum: true }
  AtLeast: { type: number, minimum: 0.50, exclusiveMinimum: false }
  Untyped: { minimum: 5, exclusiveMinimum: true, maximum: 9.0 }
  Huge: { type: number, maximum: 99999999999999999999.99 }
  Cents: { type: number, multipleOf: 0.01 }
  Rating: { type: number, enum: [1, 2.50, 3] }
  Step: { type: integer, enum: [1, 2], nullable: true }
  Int32: { type: integer, format: int32 }
  Int64: { type: integer, format: int64 }
  Amount: { type: number }
  Text: { type: string }
  Flag: { type: boolean }
  List: { type: array, items: { $ref: '#/components/schemas/Int32' }, maxItems: 3 }
  Set: { type: array, uniqueItems: true, items: {} }
  Bag: { type: array, uniqueItems: false, items: {} }
  Free: { description: Any JSON. }
  Closed: { type: object, additionalProperties: false, required: [a], minProperties: 1, properties: { a: { type: string } } }
  Values: { type: object, additionalProperties: { $ref: '#/components/schemas/Amount' } }
  TextOrList: { anyOf: [{ type: string }, { type: array, items: { type: string } }] }
  ObjectOrNumber: { anyOf: [{ type: object, required: [a] }, { type: number, maximum: 10 }] }
  One: { oneOf: [{ type: number, minimum: 1 }, { type: number, maximum: 5 }, { type: string }] }
  NotEmpty: { type: string, not: { enum: [''] } }
  Person:
    type: object
    required: [id, name, secret]
    properties:
      id: { type: integer, readOnly: true }
      name: { type: string, maxLength: 5 }
      secret: { type: string, writeOnly: true }
      friend: { $ref: '#/components/schemas/Person' }
  Tree:
    type: object
    required: [value]
    properties:
      value: { $ref: '#/components/schemas/Int32' }
      children: { type: array, items: { $ref: '#/components/schemas/Tree' } }
  Pair:
    type: object
    properties:
      left: { $ref: '#/components/schemas/Cents' }
      right: { $ref: '#/components/schemas/Cents' }
  Both:
    allOf:
      - { $ref: '#/components/schemas/Pair' }
      - { type: object, required: [note], properties: { note: { type: string, pattern: '^[a-z]+$' } } }
  Day: { type: string, format: date }
  Moment: { type: string, format: date-time }
  Id: { type: string, format: uuid }
  Mail: { type: string, format: email }
`);
const validator = new Validator(document);

function check(schema: string, value: JsonValue | undefined, side: Side = 'request') {
  return validator.check({ $ref: `#/components/schemas/${schema}` }, side, value, 'body');
}

/** schema, JSON texts that are valid, JSON texts that are not with what is broken where. */
const both: readonly (readonly [string, readonly string[], Readonly<Record<string, readonly string[]>>])[] = [
  ['Nullable', ['null', '"a"', '""'], { '1': [' type'], '1.0': [' type'] }],
  ['NullableUntyped', ['null', '1.0', '{}', '[]'], {}],
  ['NullableBounds', ['null', '"ab"', '1'], { '"a"': [' minLength'] }],
  ['NullableEnum', ['null', '"OPEN"'], { '"SHUT"': [' enum'], '""': [' enum'] }],
  ['NullableUntypedEnum', ['null', '"PAID"'], { '"SHUT"': [' enum'], '1.0': [' enum'] }],
  ['NullableNumber', ['null', '1', '1.0'], { '0.5': [' minimum'], '"1"': [' type'], '0.50': [' minimum'] }],
  ['NullableObject', ['null', '{"a":"b"}'], { '{}': [' required'], '[]': [' type'], '1.0': [' type'] }],
  [
    'Above',
    ['0.01', '0.010', '1e-9'],
    { '0': [' exclusiveMinimum'], '0.00': [' exclusiveMinimum'], '-1': [' exclusiveMinimum'] },
  ],
  [
    'Below',
    ['9', '9.0', '-3'],
    { '10': [' exclusiveMaximum'], '10.0': [' exclusiveMaximum'], '1e1': [' exclusiveMaximum'] },
  ],
  ['AtLeast', ['0.5', '0.50', '0.500'], { '0.4999': [' minimum'], '0.490': [' minimum'] }],
  [
    'Untyped',
    ['6', '9', '9.0', '"text"', 'null', '{}', '5.10'],
    { '5': [' exclusiveMinimum'], '5.0': [' exclusiveMinimum'], '9.10': [' maximum'] },
  ],
  [
    'Huge',
    ['99999999999999999999.99', '1'],
    { '100000000000000000000': [' maximum'], '99999999999999999999.991': [' maximum'] },
  ],
  [
    'Cents',
    ['0.07', '1.10', '2.50', '-0.01', '0', '12345678901234567890.12', '1e2'],
    { '0.001': [' multipleOf'], '1.005': [' multipleOf'], '12345678901234567890.123': [' multipleOf'] },
  ],
  [
    'Rating',
    ['1', '1.0', '2.5', '2.50', '3e0'],
    { '2': [' enum'], '2.51': [' enum'], '"1"': [' type'], null: [' type'] },
  ],
  ['Step', ['1', '2.0', 'null'], { '3': [' enum'], '1.5': [' type'] }],
  [
    'Int32',
    ['2147483647', '-2147483648', '2.0', '1e2', '0', '-0'],
    {
      '2147483648': [' format'],
      '-2147483649': [' format'],
      '2.5': [' type'],
      '2.50': [' type'],
      '1e-1': [' type'],
      '"1"': [' type'],
      true: [' type'],
      null: [' type'],
    },
  ],
  [
    'Int64',
    ['9007199254740991', '-9007199254740991', '1e15'],
    { '9007199254740992': [' format'], '12345678901234567890': [' format'], '1e16': [' format'] },
  ],
  [
    'Amount',
    ['1', '1.50', '12345678901234567890', `1${'0'.repeat(63)}`, '1e64', '1e-64', '-1E+64'],
    {
      [`1${'0'.repeat(64)}`]: [' format'],
      '1e65': [' format'],
      '1e-65': [' format'],
      '1e+65': [' format'],
      '1e999999999': [' format'],
      '"1"': [' type'],
      '[]': [' type'],
      '{}': [' type'],
      null: [' type'],
    },
  ],
  ['Text', ['"1.0"', '""'], { '1.0': [' type'], '1': [' type'], null: [' type'] }],
  ['Flag', ['true', 'false'], { '1.0': [' type'], '"true"': [' type'], '0': [' type'] }],
  [
    'List',
    ['[]', '[1,2.0,3]'],
    { '1.0': [' type'], '[1,2,3,4]': [' maxItems'], '[1.5,"2"]': ['/0 type', '/1 type'], '{}': [' type'] },
  ],
  [
    'Set',
    ['[]', '[1,2.0,"1",null,[1],{"a":1}]', '[{"valueOf":1},{"valueOf":2}]', '[1e999,1e998]'],
    {
      '[1,1.0]': [' uniqueItems'],
      '[100,1e2]': [' uniqueItems'],
      '[{"a":1,"b":2},{"b":2.0,"a":1}]': [' uniqueItems'],
      '[[1.0],[1.00]]': [' uniqueItems'],
      '[1e999,1e999]': [' uniqueItems'],
      '[{"valueOf":1},{"valueOf":1}]': [' uniqueItems'],
    },
  ],
  ['Bag', ['[1,1.0,1]'], {}],
  ['Free', ['1.0', 'null', '{"a":[1e999]}', '""'], {}],
  [
    'Closed',
    ['{"a":"b"}'],
    {
      '1.0': [' type'],
      '{}': [' minProperties', ' required'],
      '{"a":"b","c":1.0}': [' additionalProperties'],
      '{"a":1.0}': ['/a type'],
      '{"a":"b","__proto__":1}': [' additionalProperties'],
    },
  ],
  [
    'Values',
    ['{}', '{"a":1.0,"b":2}'],
    { '{"a":"1"}': ['/a type'], '{"a":{"value":"1"}}': ['/a type'], '8.0': [' type'] },
  ],
  ['TextOrList', ['"a"', '["a"]'], { '1.0': [' type', ' type'], '[1.0]': ['/0 type'] }],
  [
    'ObjectOrNumber',
    ['{"a":1.0}', '10.0', '3'],
    { '10.50': [' maximum'], '{}': [' required'], '[]': [' type', ' type'] },
  ],
  ['One', ['0', '0.5', '6.0', '"a"'], { '3': [' oneOf'], '3.0': [' oneOf'], true: [' type', ' type', ' type'] }],
  ['NotEmpty', ['"a"'], { '""': [' not'] }],
  [
    'Tree',
    ['{"value":1.0,"children":[{"value":2,"children":[]},{"value":3}]}'],
    {
      '{"value":1,"children":[{"children":[{"value":"x"}]}]}': [
        '/children/0 required',
        '/children/0/children/0/value type',
      ],
    },
  ],
  [
    'Pair',
    ['{"left":1.10,"right":2}', '{}'],
    { '{"left":0.001,"right":0.0010}': ['/left multipleOf', '/right multipleOf'] },
  ],
  [
    'Both',
    ['{"note":"a","left":1.0}'],
    {
      '{"note":"A","left":0.001}': ['/left multipleOf', '/note pattern'],
      '{}': [' required'],
      '1.0': [' type', ' type'],
    },
  ],
  [
    'Day',
    ['"2024-02-29"', '"0000-01-01"', '"9999-12-31"'],
    {
      '"2023-02-29"': [' format'],
      '"2024-2-9"': [' format'],
      '"2024-01-01T00:00:00Z"': [' format'],
      '""': [' format'],
    },
  ],
  [
    'Moment',
    ['"2024-02-29T00:00:00Z"', '"2024-01-01T00:00:00.1234567+05:45"', '"2024-01-01T00:00:00.123456789012Z"'],
    {
      '"2023-02-29T00:00:00Z"': [' format'],
      '"2024-01-01"': [' format'],
      '"2024-01-01T00:00:00"': [' format'],
      '"2024-01-01 00:00:00Z"': [' format'],
    },
  ],
  [
    'Id',
    ['"3fa85f64-5717-4562-b3fc-2c963f66afa6"', '"3FA85F64-5717-4562-B3FC-2C963F66AFA6"'],
    { '"3fa85f64"': [' format'], '"3fa85f64-5717-4562-b3fc-2c963f66afa"': [' format'], '""': [' format'] },
  ],
  ['Mail', ['"someone@example.com"'], { '"someone"': [' format'], '"@example.com"': [' format'], '""': [' format'] }],
];

/** Responses may carry longer numbers than requests: what is computed is longer than what it is computed from. */
const longInResponses = new Set([`1${'0'.repeat(64)}`, '1e65', '1e-65', '1e+65']);

describe.each<Side>(['request', 'response'])('in a %s', (side) => {
  test.each(both)('%s accepts what it describes', (schema, valid) => {
    for (const text of valid) expect(check(schema, parse(text), side), text).toEqual([]);
  });

  test.each(both.filter(([, , invalid]) => Object.keys(invalid).length > 0))(
    '%s refuses what it does not',
    (schema, _, invalid) => {
      for (const [text, expected] of Object.entries(invalid)) {
        const wanted = side === 'response' && longInResponses.has(text) ? [] : expected;
        expect(places(check(schema, parse(text), side)).sort(), text).toEqual([...wanted].sort());
      }
    },
  );
});

describe('numbers that JSON does not have', () => {
  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('%d is no number', (value) => {
    for (const schema of ['Amount', 'Int32', 'NullableNumber']) expect(places(check(schema, value))).toEqual([' type']);
  });

  test('a sum of accepted amounts may be answered, though it is longer than a request may be', () => {
    const total = sum([toNumber('1e64'), toNumber('1e-64')]);
    expect(check('Amount', total, 'response')).toEqual([]);
    expect(places(check('Amount', total, 'request'))).toEqual([' format']);
    expect(places(check('Amount', parse('1e1025'), 'response'))).toEqual([' format']);
  });
});

describe('integers', () => {
  const converted: readonly (readonly [string, string])[] = [
    ['{"value":2.0}', '{"value":2}'],
    ['{"value":1e2}', '{"value":100}'],
    ['{"value":1,"children":[{"value":-3.00}]}', '{"value":1,"children":[{"value":-3}]}'],
  ];
  test.each(converted)('written %s become %s, a plain number', (text, plain) => {
    const value = parse(text);
    expect(check('Tree', value)).toEqual([]);
    expect(stringify(value)).toBe(plain);
    expect(value).toEqual(JSON.parse(plain));
  });

  test('amounts keep their text', () => {
    const value = parse('{"left":2.0,"right":2.50}');
    expect(check('Pair', value)).toEqual([]);
    expect(stringify(value)).toBe('{"left":2.0,"right":2.50}');
  });

  test('in a stored record, or alone, are judged and left as they are', () => {
    const stored = deepFreeze(parse('{"value":2.0}'));
    expect(check('Tree', stored, 'response')).toEqual([]);
    expect(stringify(stored)).toBe('{"value":2.0}');
    expect(check('Int32', parse('2.0'))).toEqual([]);
  });
});

describe('readOnly and writeOnly', () => {
  test.each<[Side, string, readonly string[]]>([
    ['request', '{"name":"Ann","secret":"x"}', []],
    ['request', '{"id":1,"name":"Ann","secret":"x"}', []],
    ['request', '{"id":"1","name":"Ann","secret":"x"}', ['/id type']],
    ['request', '{"id":1}', [' required', ' required']],
    ['request', '{"name":"Ann","secret":"x","friend":{"name":"Bob"}}', ['/friend required']],
    ['response', '{"id":1,"name":"Ann"}', []],
    ['response', '{"name":"Ann"}', [' required']],
    ['response', '{"id":1,"name":"Ann","secret":"x"}', ['/secret false schema']],
    ['response', '{"id":1,"name":"Ann","friend":{"name":"Bob"}}', ['/friend required']],
  ])('%s %s', (side, text, expected) => {
    expect(places(check('Person', parse(text), side))).toEqual(expected);
  });

  test('of a nullable part, only what is wrong is told', () => {
    expect(check('NullablePart', null)).toEqual([]);
    expect(check('NullablePart', parse('{"name":"Ann","secret":"x"}'))).toEqual([]);
    expect(places(check('NullablePart', parse('{"name":"Long name","secret":"x"}')))).toEqual(['/name maxLength']);
    expect(places(check('NullablePart', 'text'))).toEqual([' type']);
  });

  test('beside a reference, nullable says nothing, as OpenAPI has it', () => {
    expect(places(check('NullableReference', null))).toEqual([' type']);
  });
});

describe('what is said', () => {
  test.each<[string, string, string]>([
    ['Text', '1.0', 'The body: must be string. Received 1.0.'],
    ['Int32', '2147483648', 'The body: must be an integer between -2147483648 and 2147483647. Received 2147483648.'],
    ['Above', '0.00', 'The body: must be > 0. Received 0.00.'],
    ['AtLeast', '0.4', 'The body: must be >= 0.5. Received 0.4.'],
    ['Huge', '100000000000000000000', 'The body: must be <= 99999999999999999999.99. Received 100000000000000000000.'],
    ['Cents', '0.001', 'The body: must be a multiple of 0.01. Received 0.001.'],
    ['NullableEnum', '"SHUT"', 'The body: must be one of OPEN, PAID, null. Received "SHUT".'],
    ['NullableNumber', '"1"', 'The body: must be number or null. Received "1".'],
    ['Closed', '{"a":"b","c":1}', 'The body: "c" is not documented.'],
    ['Tree', '{}', 'The body: value is required.'],
    ['Tree', '{"value":1,"children":[1]}', '/children/0: must be object. Received 1.'],
    ['List', '{}', 'The body: must be array. Received an object.'],
    ['Text', '[]', 'The body: must be string. Received an array.'],
    [
      'Amount',
      '1e999999999',
      'The body: must be a number of at most 64 characters and an exponent of at most 64. Received 1e999999999.',
    ],
    ['Day', '"soon"', 'The body: must match format "date". Received "soon".'],
  ])('of %s when it is %s', (schema, text, message) => {
    expect(check(schema, parse(text)).map((detail) => detail.message)).toContain(message);
  });

  test('of a property that no response may have', () => {
    const details = check('Person', parse('{"id":1,"name":"Ann","secret":"x"}'), 'response');
    expect(details.map(({ message }) => message)).toEqual(['/secret: not documented here. Received "x".']);
  });

  test('tells the value and the constraint, and no value where there is none', () => {
    expect(check('NullableNumber', parse('0.50'))).toEqual([
      {
        in: 'body',
        pointer: '',
        rule: 'minimum',
        message: 'The body: must be >= 1. Received 0.50.',
        received: parse('0.50'),
        params: { comparison: '>=', limit: 1 },
      },
    ]);
    const [missing] = check('Tree', {});
    expect(missing).toMatchObject({ rule: 'required', params: { missingProperty: 'value' } });
    expect(missing).not.toHaveProperty('received');
  });

  test.each<[unknown, string]>([
    [undefined, 'nothing'],
    [null, 'null'],
    [parse('8.0'), '8.0'],
    [8, '8'],
    ['text', '"text"'],
    [[], 'an array'],
    [{}, 'an object'],
    ['x'.repeat(80), `"${'x'.repeat(80)}"`],
    ['x'.repeat(81), `"${'x'.repeat(80)}"…`],
  ])('an excerpt of %j is %s', (value, text) => {
    expect(excerpt(value)).toBe(text);
  });
});

describe('many faults', () => {
  const faulty = (count: number): JsonValue => ({
    value: 1,
    children: Array.from({ length: count }, () => ({ value: 'x' })),
  });

  test('a hundred are listed', () => {
    const details = check('Tree', faulty(100));
    expect(places(details)).toEqual(Array.from({ length: 100 }, (_, index) => `/children/${index}/value type`));
  });

  test.each([101, 150, 2_000])('of %i a hundred are listed, and the last detail counts the rest', (count) => {
    const details = check('Tree', faulty(count));
    expect(details).toHaveLength(101);
    expect(details.at(-1)).toEqual({ in: 'body', pointer: '', rule: 'more', message: `And ${count - 100} more.` });
  });
});

describe('the same schema', () => {
  test('is compiled once, however often and by whatever object it is referred to', () => {
    let compiled = 0;
    const counting = new Validator(document);
    const compile = counting.ajv.compile.bind(counting.ajv);
    Object.defineProperty(counting.ajv, 'compile', {
      value: (...parameters: Parameters<typeof compile>) => {
        compiled++;
        return compile(...parameters);
      },
    });
    const inline = { type: 'string' };
    for (let round = 0; round < 3; round++) {
      counting.check({ $ref: '#/components/schemas/Tree' }, 'request', {}, 'body');
      counting.check(inline, 'request', 'a', 'body');
    }
    expect(compiled).toBe(2);
    counting.check({ $ref: '#/components/schemas/Tree' }, 'response', {}, 'body');
    expect(compiled).toBe(3);
  });
});

describe('the conversion', () => {
  test('drops annotations and extensions, and leaves its schema as it was', () => {
    const schema = deepFreeze({
      title: 'T',
      description: 'd',
      default: 1,
      example: 2,
      deprecated: true,
      discriminator: { propertyName: 'x' },
      'x-source': { from: 'seed' },
      type: 'string',
      maxLength: 3,
    });
    expect(toJsonSchema(schema, 'request', ($ref) => ({ $ref }))).toEqual({ type: 'string', maxLength: 3 });
  });

  test('a document with a keyword that nothing enforces is refused', () => {
    expect(() => makeSchemas('A: { type: string, const: a }')).toThrow(/const is no schema keyword/);
    expect(knownKeywords.has('const')).toBe(false);
    expect(() =>
      makeSchemas('A: { type: array, uniqueItems: true, items: { type: string, nullable: true } }'),
    ).not.toThrow();
  });

  test.each([
    ['minLength: -1', 'a whole number from 0'],
    ['maxItems: 1.5', 'a whole number from 0'],
    ["minimum: '1'", 'a number'],
    ['multipleOf: 0', 'a number above 0'],
    ['exclusiveMinimum: 3', 'true or false'],
    ["pattern: '['", 'a regular expression'],
    ['format: 1', 'a text'],
    ['enum: a', 'a list of values'],
    ['required: true', 'a list of names, each once'],
    ['required: [a, a]', 'a list of names, each once'],
    ['properties: [a]', 'schemas by name'],
    ['properties: { a: 1 }', 'schemas by name'],
    ['items: [{ type: string }]', 'a schema'],
    ['additionalProperties: 1', 'a schema'],
    ['anyOf: []', 'a list of schemas'],
    ['allOf: [1]', 'a list of schemas'],
  ])('a document whose schema says %s is refused', (keyword, expected) => {
    const [name = ''] = keyword.split(':');
    expect(() => makeSchemas(`A: { type: object, ${keyword} }`)).toThrow(
      new RegExp(`:\\d+:\\d+: ${name}: .* is none; expected ${expected}`),
    );
  });

  test('a document whose schemas say what they may is read', () => {
    const schema =
      "A: { minLength: 0, maxLength: 8.0, minimum: -1.50, multipleOf: 0.01, exclusiveMinimum: false, pattern: '^\\d+$', format: own, enum: [1, a, null], required: [a], properties: { a: {} }, items: {}, not: { type: string }, additionalProperties: false, allOf: [{}] }";
    expect(() => makeSchemas(schema)).not.toThrow();
  });

  test('finds every schema with its place', () => {
    const found = makeSchemas(`
      A: { type: object, properties: { b: { type: array, items: { anyOf: [{ not: { type: string } }] } } }, example: { schema: 1 } }
    `);
    expect([...findSchemas(found.root)].map(([pointer]) => pointer)).toEqual([
      '/components/schemas/A',
      '/components/schemas/A/properties/b',
      '/components/schemas/A/properties/b/items',
      '/components/schemas/A/properties/b/items/anyOf/0',
      '/components/schemas/A/properties/b/items/anyOf/0/not',
    ]);
  });
});
