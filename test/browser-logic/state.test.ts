/**
 * What the view of state works out without a browser: columns, names, templates, drafts, and places in a JSON text.
 */
import { describe, expect, test } from 'vitest';
import { brokenAt, placeInWords, placeOf } from '../../src/browser/parts/json-places.js';
import {
  cellText,
  columns,
  type Declared,
  duplicate,
  namedBy,
  namedKey,
  namesOf,
  template,
} from '../../src/browser/views/state/declared.js';
import { readDraft } from '../../src/browser/views/state/draft.js';
import { isObject, parse, stringify } from '../../src/json.js';

const property = (name: string, type: string, required = false) => ({ name, type, required, description: '' });

const payments: Declared = {
  collection: 'payments',
  description: '',
  key: 'id',
  references: { accountId: 'accounts', 'a/b~c': 'accounts' },
  properties: [
    property('lines', 'array', true),
    property('note', 'string'),
    property('accountId', 'integer'),
    property('amount', 'number', true),
    property('open', 'boolean', true),
    property('id', 'integer', true),
    property('name', 'string', true),
    property('extra', 'any', true),
  ],
};

const tokens: Declared = { ...payments, key: 'name' };

describe('columns', () => {
  const names = (room: number) => columns(payments, room).map((each) => each.property.name);

  test('the key, what all have, names, the rest, and objects last', () => {
    expect(names(5_000)).toEqual(['id', 'amount', 'open', 'name', 'extra', 'accountId', 'note', 'lines']);
  });

  test('as many as there is room for, two at least', () => {
    expect(names(120 + 120 + 120 + 189)).toEqual(['id', 'amount', 'open']);
    expect(names(120 + 120 + 120 + 190)).toEqual(['id', 'amount', 'open', 'name']);
    expect(names(10)).toEqual(['id', 'amount']);
  });
});

test.each([
  ['8.00', '8.00'],
  ['"<b>"', '<b>'],
  ['null', 'null'],
  ['{"a":[1.0]}', '{"a":[1.0]}'],
])('the cell of %s is %s', (value, text) => {
  expect(cellText(parse(value))).toBe(text);
});

test.each([
  ['17', '17'],
  ['"a/b"', 'a/b'],
  ['12345678901234567890', '12345678901234567890'],
  ['0', undefined],
  ['""', undefined],
  ['null', undefined],
  ['{}', undefined],
])('%s names %s', (value, key) => {
  expect(namedKey(parse(value))).toBe(key);
});

test('a record names others, and is named by the properties that lead to its collection', () => {
  expect(namesOf({ id: 1, accountId: 17, 'a/b~c': 'x' }, payments)).toEqual([
    { pointer: '/accountId', collection: 'accounts', key: '17' },
    { pointer: '/a~1b~0c', collection: 'accounts', key: 'x' },
  ]);
  expect(namesOf({ id: 1, accountId: 0 }, payments)).toEqual([]);
  expect(namedBy([payments], 'accounts').map((each) => each.property)).toEqual(['accountId', 'a/b~c']);
  expect(namedBy([payments], 'payments')).toEqual([]);
});

describe('a new record', () => {
  test('begins with what it must have, without a key that it is given', () => {
    expect(stringify(template(payments))).toBe('{"lines":[],"amount":0,"open":false,"name":"","extra":null}');
    expect(template(tokens)).toMatchObject({ name: '', id: 0 });
  });

  test('is like another without the key that it is given, numbers with their text', () => {
    const record = parse('{"id":1,"name":"x","amount":8.00}');
    if (!isObject(record)) throw new Error('Give an object.');
    expect(stringify(duplicate(record, payments))).toBe('{"name":"x","amount":8.00}');
    expect(duplicate(record, tokens)).toBe(record);
  });
});

describe('a draft', () => {
  test('is a record, numbers with their text', () => {
    const { record } = readDraft('{"amount": 8.00}');
    expect(stringify(record ?? null)).toBe('{"amount":8.00}');
  });

  test.each([
    ['{"amount": }', /^This is no JSON yet\.$/],
    ['{"amount": 8.00,}', /^This is no JSON yet\.$/],
    ['', /^This is no JSON yet\.$/],
    ['[{}]', /^A record is an object/],
    ['5', /^A record is an object/],
  ])('%s is none', (text, fault) => {
    expect(readDraft(text).fault).toMatch(fault);
  });
});

describe('places', () => {
  const text = '{\n  "amount": 8.00,\n  "a/b~": {"x": [1, {"y": null}]},\n  "open": true, "open": false\n}';
  test.each([
    ['/amount', '8.00'],
    ['/a~1b~0', '{"x": [1, {"y": null}]}'],
    ['/a~1b~0/x/0', '1'],
    ['/a~1b~0/x/1/y', 'null'],
    ['/open', 'false'],
    ['', '{'],
    ['/missing', '{'],
    ['/a~1b~0/x/7/y', '[1, {"y": null}]'],
    ['no pointer', '{'],
  ])('%s is at %s', (pointer, expected) => {
    const { from, to } = placeOf(text, pointer);
    expect(text.slice(from, to)).toBe(expected);
  });

  test('an empty text has a place', () => {
    expect(placeOf('', '/a')).toEqual({ from: 0, to: 0 });
    expect(brokenAt('')).toEqual({ from: 0, to: 0 });
  });

  test.each([
    ['{"a": 1,}', 8],
    ['{"a": }', 6],
    ['{"a": 1 "b": 2}', 8],
    ['{"a": 1', 6],
  ])('%s is broken near %i', (broken, near) => {
    const span = brokenAt(broken);
    expect(Math.abs((span?.from ?? 99) - near), JSON.stringify(span)).toBeLessThanOrEqual(1);
    expect(span?.to).toBeLessThanOrEqual(broken.length);
  });

  test('a place is told by line and column', () => {
    const broken = '{\n  "a": 1,\n  "b": tru\n}';
    expect(placeInWords(broken, brokenAt(broken) ?? { from: 0, to: 0 })).toBe('line 3, column 8');
    expect(placeInWords('', { from: 0, to: 0 })).toBe('line 1, column 1');
  });

  test('what is JSON is not broken', () => {
    expect(brokenAt(text)).toBeUndefined();
    expect(brokenAt('{"a": 12345678901234567890}')).toBeUndefined();
  });
});
