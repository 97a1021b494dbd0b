/**
 * JSON in and out: which number texts survive, duplicates, limits, and what is no JSON.
 */
import { assert, jsonValue, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isNumberText,
  isObject,
  JsonTooLarge,
  type JsonValue,
  MalformedJson,
  NumberText,
  numberText,
  parse,
  quoted,
  stringify,
  toNumber,
} from '../../src/json.js';
import { dice, runSeed } from './fixture.js';

/** A number that sends the whole text down the lossless road. */
const slow = '1.0';

describe('the text of a number', () => {
  const plain = [
    '0',
    '1',
    '-1',
    '7',
    '10',
    '100',
    '-250',
    '0.5',
    '-0.5',
    '125.5',
    '0.000001',
    '123456789012345',
    '1.5e-7',
    '1e+21',
  ];
  const kept = [
    '-0',
    '-0.0',
    '0.0',
    '8.0',
    '125.50',
    '-125.50',
    '100.00',
    '1e3',
    '1E3',
    '1e+3',
    '15e-8',
    '0e0',
    '0.0000001',
    '0.00000012',
    '-0.0000001',
    '1234567890123456789',
    '12345678901234567890',
    '0.1234567890123456789',
    '99999999999999999999.99',
    '1e400',
    '-1e400',
    '1e-400',
  ];

  test.each(plain)('%s is a plain number', (text) => {
    expect(parse(text)).toBe(Number(text));
    expect(toNumber(text)).toBe(Number(text));
  });

  test.each(kept)('%s is kept as text', (text) => {
    expect(parse(text)).toEqual(new NumberText(text));
    expect(toNumber(text)).toEqual(new NumberText(text));
  });

  const wrappings: readonly (readonly [string, (text: string) => string])[] = [
    ['alone', (text) => text],
    ['in an array', (text) => `[1,${text},2]`],
    ['in an object', (text) => `{"a":${text},"b":1}`],
    ['nested', (text) => `{"a":[{"b":[[${text}]]},${text}]}`],
    ['beside a string that looks like a number', (text) => `["125.50",${text},"1e3"]`],
  ];
  test.each(wrappings)('survives %s', (_, wrap) => {
    for (const text of [...plain, ...kept]) expect(stringify(parse(wrap(text))), text).toBe(wrap(text));
  });

  test(`survives whatever the number is (seed ${runSeed})`, () => {
    const roll = dice(runSeed);
    const digits = (most: number) => Array.from({ length: 1 + roll(most) }, () => roll(10)).join('');
    for (let round = 0; round < 5_000; round++) {
      const whole = String(BigInt(digits(22)));
      const fraction = roll(2) === 0 ? '' : `.${digits(12)}`;
      const exponent = roll(4) > 0 ? '' : `${roll(2) ? 'e' : 'E'}${['', '+', '-'][roll(3)]}${roll(400)}`;
      const text = `${roll(2) ? '' : '-'}${whole}${fraction}${exponent}`;
      const value = parse(text);
      expect(stringify(value), text).toBe(text);
      expect(typeof value === 'number', text).toBe(String(Number(text)) === text);
    }
  });

  test('in a string is a string', () => {
    expect(parse('{"a":"125.50","b":"-0","c":"1e3"}')).toEqual({ a: '125.50', b: '-0', c: '1e3' });
  });

  test.each(['', ' 5', '5 ', '01', '.5', '5.', '+5', '0x10', 'NaN', 'Infinity', '-Infinity', 'five'])(
    'toNumber refuses %j, which is no JSON number',
    (text) => {
      expect(() => toNumber(text)).toThrow();
    },
  );

  test('is told by numberText, kept or not', () => {
    expect([12.5, toNumber('12.50'), toNumber('1e3')].map(numberText)).toEqual(['12.5', '12.50', '1e3']);
  });
});

describe('what kind of value it is', () => {
  test('a number kept as text is no object', () => {
    const values: JsonValue[] = [parse('1.0'), {}, [], null, 'text', 1, true];
    expect(values.map(isObject)).toEqual([false, true, false, false, false, false, false]);
    expect(values.map(isNumberText)).toEqual([true, false, false, false, false, false, false]);
  });

  test('an object that calls itself a number text is an object', () => {
    const value = parse('{"isLosslessNumber":true,"value":"1"}');
    expect(isNumberText(value)).toBe(false);
    expect(stringify(value)).toBe('{"isLosslessNumber":true,"value":"1"}');
  });
});

/** The same text on both roads: as it is for `JSON.parse`, and with a number beside it that must keep its text. */
const roads: readonly (readonly [string, (text: string) => JsonValue])[] = [
  ['the plain road', (text) => parse(text)],
  [
    'the lossless road',
    (text) => {
      const value = parse(`[${slow},${text}]`);
      return Array.isArray(value) ? value[1] : null;
    },
  ],
];

describe.each(roads)('on %s', (_, read) => {
  const same = [
    ['{"a":1,"a":2}', '{"a":2}'],
    ['{"a":{"b":1},"a":{"c":2}}', '{"c":2}'],
    ['{"a":1,"b":2,"a":3}', '{"a":3,"b":2}'],
    ['{"a":1,"a":1}', '{"a":1}'],
    ['{"a":[1],"a":null}', '{"a":null}'],
  ] as const;
  test.each(same)('the last of duplicate keys wins: %s', (text, last) => {
    const value = read(text);
    const expected: JsonValue = last.startsWith('{"a"') ? JSON.parse(last) : { a: JSON.parse(last) };
    expect(value).toEqual(expected);
    expect(stringify(value)).toBe(JSON.stringify(expected));
  });

  test('__proto__ is a key like any other, and pollutes nothing', () => {
    const value = read('{"__proto__":{"polluted":true},"a":{"__proto__":[1]}}');
    expect(Object.keys(isObject(value) ? value : {})).toEqual(['__proto__', 'a']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
    expect(stringify(value)).toBe('{"__proto__":{"polluted":true},"a":{"__proto__":[1]}}');
  });

  test('the last of two __proto__ wins, and constructor is a key like any other', () => {
    expect(stringify(read('{"__proto__":1,"__proto__":2,"constructor":{"prototype":{"x":3}}}'))).toBe(
      '{"__proto__":2,"constructor":{"prototype":{"x":3}}}',
    );
    expect(Reflect.get({}, 'x')).toBeUndefined();
  });

  const texts = [
    '"\\ud800"',
    '"\\udc00\\ud800"',
    '"\\ud83d\\ude00"',
    '"😀"',
    '"\\u0000\\n\\t\\"\\\\\\/"',
    '"[[[{{{"',
    '" "',
    '""',
    ' [ true , false , null , { } , [ ] ] ',
    '{"":{" ":""}}',
  ];
  test.each(texts)('%s is what JSON.parse says, and is written as JSON.stringify does', (text) => {
    const expected: unknown = JSON.parse(text);
    expect(read(text)).toEqual(expected);
    expect(stringify(read(text))).toBe(JSON.stringify(expected));
  });

  const malformed = [
    '{',
    '[',
    ']',
    '}',
    '[1,]',
    '{"a":1,}',
    '{"a"}',
    '{"a":}',
    '{a:1}',
    "{'a':1}",
    '"open',
    '"\\x"',
    '"\\u12"',
    '"\n"',
    '01',
    '+1',
    '.5',
    '1.',
    '1e',
    '-',
    'NaN',
    'Infinity',
    'undefined',
    'tru',
    '1 2',
    '[1 2]',
    '/* no */ 1',
    '\u00a01',
    ']]][[[',
  ];
  test.each(malformed)('%j is no JSON', (text) => {
    expect(() => read(text)).toThrow(MalformedJson);
  });
});

describe('text that is no JSON', () => {
  test.each(['', ' ', '\n', '\ufeff1', '1.0 x', '[1.0', '{"a":1.0'])('%j gives MalformedJson', (text) => {
    expect(() => parse(text)).toThrow(MalformedJson);
  });
});

describe('limits', () => {
  const limits = { depth: 3, arrayLength: 4 };
  const accepted = [
    '[[[1]]]',
    '{"a":{"b":{"c":1.0}}}',
    '[[],[],[],[]]',
    '[[1],[[2]],{"a":[3]}]',
    '["[[[[[[[[", "{{{{{{", "]]]]"]',
    '["\\"[[[[[[[[\\"", "\\\\"]',
    '{"[[[[":"{{{{","\\"[[[[":[[1]]}',
    '[1,2,3,4]',
    '"[[[["',
  ];
  test.each(accepted)('%s is within them', (text) => {
    expect(stringify(parse(text, limits))).toBe(stringify(parse(text)));
  });

  const refused = [
    '[[[[1]]]]',
    '[[[{}]]]',
    '{"a":{"b":{"c":{"d":1.0}}}}',
    '["\\\\",[[[1]]]]',
    '["\\"",[[[1]]]]',
    '[1,2,3,4,5]',
    '{"a":[1,2,3,4,5.0]}',
    '[[[1,2,3,4,5]]]',
    '[[[[',
  ];
  test.each(refused)('%s is beyond them', (text) => {
    expect(() => parse(text, limits)).toThrow(JsonTooLarge);
  });

  test('a depth that would overflow the stack is refused before it is read', () => {
    for (const bracket of ['[', '{"a":', '[1.0,']) expect(() => parse(bracket.repeat(1e5))).toThrow(JsonTooLarge);
    expect(() => parse('[1.0,'.repeat(512))).toThrow(MalformedJson);
  });

  test('absent, arrays may be of any length and nest 512 levels', () => {
    expect(parse(`[${'0,'.repeat(20_000)}0]`)).toHaveLength(20_001);
    expect(stringify(parse('['.repeat(512) + ']'.repeat(512)))).toBe('['.repeat(512) + ']'.repeat(512));
    expect(() => parse('['.repeat(513) + ']'.repeat(513))).toThrow(JsonTooLarge);
  });

  // Backslashes before a quote are counted backwards from it. The runs of two quotes never overlap, so that all counting
  // together is as long as the text; were it not, the last of these would take hours.
  const long: readonly (readonly [string, string])[] = [
    ['backslashes', '\\\\'.repeat(250_000)],
    ['escaped quotes', '\\"'.repeat(250_000)],
    ['escaped quotes behind escaped backslashes', '\\\\\\"'.repeat(125_000)],
    ['brackets', '[{'.repeat(250_000)],
    ['zeros behind a point', `.${'0'.repeat(250_000)}1`],
    ['minus zeros', '-0.'.repeat(150_000)],
  ];
  test.each(long)('a long string of %s is read whole, on both roads', (_, inside) => {
    const expected: unknown = JSON.parse(`"${inside}"`);
    expect(parse(`"${inside}"`) === expected).toBe(true);
    const slowly = parse(`[1.0,"${inside}"]`, limits);
    expect(Array.isArray(slowly) && slowly[1] === expected).toBe(true);
  });

  test('an open string of a million backslashes is malformed', () => {
    expect(() => parse(`"${'\\'.repeat(1_000_001)}"`)).toThrow(MalformedJson);
  });
});

describe('stringify', () => {
  const values: readonly JsonValue[] = [
    null,
    true,
    'text "quoted"\n',
    '\ud800 alone',
    0,
    -1.5,
    [],
    {},
    [[]],
    [{}],
    { a: [] },
    [1, 'two', null, { three: [3] }],
    { a: { b: { c: [1, { d: null }] } }, 'e"f': '' },
  ];
  test.each(values)('writes %j as JSON.stringify does, indented or not', (value) => {
    expect(stringify(value)).toBe(JSON.stringify(value));
    for (const space of [1, 2, 4]) expect(stringify(value, space)).toBe(JSON.stringify(value, undefined, space));
    expect(parse(stringify(value, 2))).toEqual(value);
  });

  test('leaves members out that are undefined', () => {
    expect(stringify({ a: undefined, b: 1, c: undefined })).toBe('{"b":1}');
    expect(stringify({ a: undefined }, 2)).toBe('{}');
  });

  test('writes number text as it is, indented or not', () => {
    const text = '{"a":8.0,"b":[125.50,12345678901234567890]}';
    expect(stringify(parse(text))).toBe(text);
    expect(stringify(parse(text), 2)).toBe('{\n  "a": 8.0,\n  "b": [\n    125.50,\n    12345678901234567890\n  ]\n}');
  });
});

test('a value is written alike, whether or not a number kept as text is beside it', () => {
  assert(
    property(jsonValue(), (value: unknown) => {
      const plain = parse(JSON.stringify(value));
      const texts = [stringify([plain]), stringify([plain], 2)];
      const beside = [stringify([plain, new NumberText('1.0')]), stringify([plain, new NumberText('1.0')], 2)];
      expect(texts).toEqual([beside[0]?.replace(/,1\.0]$/, ']'), beside[1]?.replace(/,\n {2}1\.0\n]$/, '\n]')]);
    }),
    { seed: 1, numRuns: 500 },
  );
});

test('quoted: every character, short and long, as JSON.stringify writes it', () => {
  for (let code = 0; code <= 0xffff; code++) {
    const character = String.fromCharCode(code);
    if (quoted(`a${character}b`) !== JSON.stringify(`a${character}b`)) throw new Error(`U+${code.toString(16)}`);
  }
  for (const text of ['', 'é€', '😀', '"'.repeat(64), '"'.repeat(65), 'a'.repeat(1000)]) {
    expect(quoted(text)).toBe(JSON.stringify(text));
  }
});

test('stringify: numbers alone, as JSON.stringify writes them', () => {
  for (const number of [0, -0, 1.5, 1e21, 1e-7, Number.MAX_SAFE_INTEGER, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(stringify(number)).toBe(JSON.stringify(number));
  }
});
