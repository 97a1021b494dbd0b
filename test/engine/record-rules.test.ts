/**
 * What a record must be to stand in a collection.
 */
import { describe, expect, test, vi } from 'vitest';
import type { Key } from '../../src/api.js';
import { type JsonObject, type JsonValue, parse, stringify } from '../../src/json.js';
import { judgeRecords, unknownCollections } from '../../src/store/record-rules.js';
import { Validator } from '../../src/validator.js';
import { makeDocument } from './fixture.js';

const document = makeDocument(`
paths: {}
x-collections:
  owners: { key: id, schema: { $ref: '#/components/schemas/Owner' } }
  things: { key: code, references: { owner: owners, next/one: things }, schema: { $ref: '#/components/schemas/Thing' } }
components:
  schemas:
    Owner: { type: object, properties: { id: { type: integer } } }
    Thing:
      type: object
      properties: { code: { type: string }, owner: {}, next/one: { type: string }, count: { type: integer } }
`);
const contract = { document, validator: new Validator(document) };

function judge(records: string, stored: readonly [string, Key][] = [], isReplaced = false): string[] {
  const given = Object.entries(JSON.parse(records)).map(([name]) => [name, listOf(records, name)] as const);
  const has = (collection: string, key: Key) => stored.some(([name, id]) => name === collection && id === key);
  return judgeRecords(contract, new Map(given), { has, isReplaced }).map(
    ({ candidate, pointer, message, isTaken }) => `${candidate.at}${pointer} ${message}${isTaken ? ' (taken)' : ''}`,
  );
}

function listOf(records: string, name: string): readonly { record: JsonValue; at: string }[] {
  const all = parse(records);
  const list = Object.entries(all ?? {}).find(([each]) => each === name)?.[1];
  return Array.isArray(list) ? list.map((record, index) => ({ record, at: `${name}/${index}` })) : [];
}

test.each<[string, string, string[]]>([
  ['right ones', '{"things": [{"code": "a", "owner": 1}], "owners": [{"id": 1}]}', []],
  ['no reference', '{"things": [{"code": "a", "owner": 0, "next/one": ""}, {"code": "b", "owner": null}]}', []],
  ['what is no record', '{"owners": [5]}', ['owners/0 The record: must be object. Received 5.']],
  ['no key', '{"owners": [{}]}', ["owners/0 id is the record's key; expected a string or a number."]],
  ['a key that its schema refuses', '{"owners": [{"id": true}]}', ['owners/0/id /id: must be integer. Received true.']],
  [
    'a key twice, written in two ways',
    '{"owners": [{"id": 1}, {"id": 1.0}]}',
    ['owners/1/id Another record of owners has the id 1.'],
  ],
  [
    'a dangling reference in a record that is wrong, too',
    '{"things": [{"code": "a", "owner": 7, "count": "x"}]}',
    ['things/0/count /count: must be integer. Received "x".', 'things/0/owner There is no record 7 in owners.'],
  ],
  [
    'a reference to a record that is wrong',
    '{"things": [{"code": "a", "next/one": "b"}, {"code": "b", "count": "x"}]}',
    ['things/1/count /count: must be integer. Received "x".'],
  ],
  [
    'a reference that no key can be',
    '{"things": [{"code": "a", "owner": {"id": 1}}], "owners": [{"id": 1}]}',
    ['things/0/owner Expected the key of a record in owners. Received an object.'],
  ],
  [
    'a reference that its schema refuses',
    '{"things": [{"code": "a", "next/one": 5}]}',
    ['things/0/next~1one /next~1one: must be string. Received 5.'],
  ],
])('%s', (_, records, faults) => {
  expect(judge(records)).toEqual(faults);
});

test('what is stored holds references, and keys that are taken unless the record is replaced', () => {
  const records = '{"things": [{"code": "a", "owner": 1}]}';
  expect(judge(records, [['owners', 1]])).toEqual([]);
  const both: [string, Key][] = [
    ['owners', 1],
    ['things', 'a'],
  ];
  expect(judge(records, both)).toEqual(['things/0/code Another record of things has the code a. (taken)']);
  expect(judge(records, both, true)).toEqual([]);
  const twice = '{"things": [{"code": "a"}, {"code": "a"}]}';
  expect(judge(twice, both, true)).toEqual(['things/1/code Another record of things has the code a.']);
});

test('integers are stored as handlers read them', () => {
  const record = parse('{"id": 7.0}');
  expect(judgeRecords(contract, new Map([['owners', [{ record }]]]))).toEqual([]);
  expect(stringify(record)).toBe('{"id":7}');
});

test('collections that are none are named, with those that there are', () => {
  expect(unknownCollections(document, ['things', 'nothings'])).toEqual([
    { name: 'nothings', message: 'There is no collection nothings. Known are owners, things.' },
  ]);
});

describe('of very many wrong records', () => {
  const many = (make: (index: number) => JsonObject) =>
    Array.from({ length: 5_000 }, (_, index) => ({ record: make(index) }));

  test('those before the hundredth fault are judged, and nothing behind them', () => {
    const check = vi.spyOn(contract.validator, 'check');
    const owners = many((id) => ({ id: `${id}` }));
    const faults = judgeRecords(
      contract,
      new Map([
        ['owners', owners],
        ['things', owners],
      ]),
    );
    expect(check).toHaveBeenCalledTimes(101);
    check.mockRestore();
    expect(faults).toHaveLength(101);
    expect(faults.at(-1)).toEqual({
      candidate: owners[100],
      pointer: '/id',
      message: 'Judging ended here, after 100 faults; there are more.',
      isTaken: false,
    });
  });

  test.each<[string, (index: number) => JsonObject]>([
    ['without a key', () => ({})],
    ['with the same key', () => ({ code: 'a' })],
    ['that name what is not there', (index) => ({ code: `${index}`, owner: 7 })],
  ])('%s, references and keys are looked up no further', (_, make) => {
    const has = vi.fn(() => false);
    const faults = judgeRecords(contract, new Map([['things', many(make)]]), { has, isReplaced: false });
    expect(faults).toHaveLength(101);
    expect(has.mock.calls.length).toBeLessThanOrEqual(5_000 + 101);
  });
});

test('a hundred faults are told in full', () => {
  const owners = Array.from({ length: 100 }, () => ({ record: { id: 'x' } }));
  const faults = judgeRecords(contract, new Map([['owners', owners]]));
  expect(faults.map(({ message }) => message)).toEqual(owners.map(() => '/id: must be integer. Received "x".'));
});
