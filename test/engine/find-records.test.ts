/**
 * Records that are searched for and sorted.
 */
import { describe, expect, test } from 'vitest';
import { findRecords, type Search } from '../../src/control/find-records.js';
import { isObject, parse, stringify } from '../../src/json.js';

/** The ids of what is found among records that are written as JSON. */
function found(records: string, search: Search): string {
  const read = parse(records);
  if (!Array.isArray(read)) throw new Error('Give a list.');
  return stringify(findRecords(read.filter(isObject), search).map(({ id }) => id ?? null));
}

describe('search', () => {
  const records = `[{"id":1,"name":"Ada KING","amount":125.50},{"id":2,"open":true,"lines":[{"note":"König <b>"}]},{"id":3,"of":null}]`;
  test.each([
    ['king', '[1]'],
    ['KÖNIG', '[2]'],
    ['<B>', '[2]'],
    ['125.50', '[1]'],
    ['125.500', '[]'],
    ['TRUE', '[2]'],
    ['null', '[]'],
    ['name', '[]'],
    ['.*', '[]'],
  ])('%s finds %s', (search, expected) => {
    expect(found(records, { search })).toBe(expected);
  });
});

describe('where', () => {
  const records = `[{"id":1,"at":"17"},{"id":2,"at":17},{"id":3,"at":170},{"id":4,"at":8.0},{"id":5,"at":"a:b"},{"id":6},{"id":7,"at":null},{"id":8,"at":""},{"id":9,"at":false}]`;
  test.each([
    ['at:17', '[1,2]'],
    ['at:8.0', '[4]'],
    ['at:8', '[]'],
    ['at:a:b', '[5]'],
    ['at:A:b', '[]'],
    ['at:', '[8]'],
    ['at:false', '[9]'],
  ])('%s finds %s', (where, expected) => {
    expect(found(records, { where })).toBe(expected);
  });

  test('and search both hold', () => {
    expect(found(records, { where: 'at:17', search: '2' })).toBe('[2]');
  });
});

describe('sort', () => {
  test.each([
    [
      'numbers by decimal value',
      '[10,9.5,9.50,-1e2,12345678901234567891,12345678901234567890]',
      '[3,1,2,0,5,4]',
      '[4,5,0,1,2,3]',
    ],
    ['texts by code point', '["b","a","B","ab","\\uD83D\\uDE00","\\uFF21",""]', '[6,2,1,3,0,5,4]', '[4,5,0,3,1,2,6]'],
    ['kinds apart', '["a",true,2,[],false]', '[2,0,4,1,3]', '[3,1,4,0,2]'],
    ['null last either way, equal ones as they were', '[null,1,1.0,null,0]', '[4,1,2,0,3]', '[1,2,4,0,3]'],
  ])('%s', (_, values, ascending, descending) => {
    const read = parse(values);
    if (!Array.isArray(read)) throw new Error('Give a list.');
    const records = stringify(read.map((value, id) => ({ id, value })));
    expect(found(records, { sort: 'value' })).toBe(ascending);
    expect(found(records, { sort: '-value' })).toBe(descending);
  });

  test('records without the property are last, and the given list stays as it is', () => {
    const records = Object.freeze([{ id: 1 }, { id: 3, value: 2 }, { id: 2, value: 1 }]);
    expect(findRecords(records, { sort: '-value' }).map(({ id }) => id)).toEqual([3, 2, 1]);
    expect(records.map(({ id }) => id)).toEqual([1, 3, 2]);
  });
});
