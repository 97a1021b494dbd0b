/**
 * Decimal arithmetic: exact at any length, in plain notation.
 */
import { describe, expect, test } from 'vitest';
import { type Amount, numberText, toNumber } from '../../src/json.js';
import { compare, isMultiple, isPositive, least, multiply, subtract, sum } from '../../src/money.js';

const amounts = (texts: readonly string[]): Amount[] => texts.map(toNumber);

describe('sum', () => {
  test.each([
    [[], '0'],
    [['0.1', '0.2'], '0.3'],
    [['0.10', '0.20'], '0.3'],
    [['1.10', '-1.10'], '0'],
    [['-0'], '0'],
    [['-1', '0.01'], '-0.99'],
    [['12345678901234567890', '1'], '12345678901234567891'],
    [['99999999999999999999.99', '0.01'], '100000000000000000000'],
    [['1e3', '1E-2', '2.5e+1'], '1025.01'],
    [['0.0000001', '0.0000002'], '0.0000003'],
    [['1e21', '1'], '1000000000000000000001'],
    [Array.from({ length: 1_000 }, () => '0.01'), '10'],
  ])('of %j is %s', (texts, total) => {
    expect(numberText(sum(amounts(texts)))).toBe(total);
  });

  test('is a plain number where its text is that of one, and text where it is not', () => {
    expect(sum([0.1, 0.2])).toBe(0.3);
    expect(sum(amounts(['12345678901234567890']))).toEqual(toNumber('12345678901234567890'));
  });

  test('leaves what it sums as it is', () => {
    const [first = 0] = amounts(['125.50']);
    sum([first, 1]);
    expect(numberText(first)).toBe('125.50');
  });
});

describe('subtract and multiply', () => {
  test.each([
    ['0.3', '0.1', '0.2'],
    ['125.50', '125.5', '0'],
    ['1', '1.01', '-0.01'],
    ['0', '12345678901234567890', '-12345678901234567890'],
    ['-0.1', '-0.3', '0.2'],
    ['1e3', '1', '999'],
  ])('%s less %s is %s', (minuend, subtrahend, difference) => {
    expect(numberText(subtract(toNumber(minuend), toNumber(subtrahend)))).toBe(difference);
  });

  test.each([
    ['0.1', '0.2', '0.02'],
    ['3', '19.99', '59.97'],
    ['-3', '0', '0'],
    ['99999999999999999999', '99999999999999999999', '9999999999999999999800000000000000000001'],
    ['1.10', '10', '11'],
    ['1e3', '1e-3', '1'],
    ['-0.5', '-0.5', '0.25'],
  ])('%s times %s is %s', (left, right, product) => {
    expect(numberText(multiply(toNumber(left), toNumber(right)))).toBe(product);
    expect(numberText(multiply(toNumber(right), toNumber(left)))).toBe(product);
  });
});

describe('compare', () => {
  test.each([
    ['2.0', '2', 0],
    ['2.00', '2.0', 0],
    ['1e3', '1000', 0],
    ['-0', '0', 0],
    ['0.1', '0.10', 0],
    ['12345678901234567890', '12345678901234567891', -1],
    ['0.30000000000000004', '0.3', 1],
    ['-2', '-1', -1],
    ['-1', '1', -1],
    ['100', '99.999', 1],
    // Alike as doubles, and no further apart than their texts say.
    ['9007199254740993', '9007199254740992.0', 1],
    ['0.1', '0.1000000000000000055', -1],
    ['1e400', '1e401', -1],
    ['-1e401', '1e400', -1],
    ['2.0e-400', '1.0e-400', 1],
  ])('of %s and %s is %i, and the other way round the reverse', (left, right, expected) => {
    expect(compare(toNumber(left), toNumber(right))).toBe(expected);
    expect(compare(toNumber(right), toNumber(left)) + expected).toBe(0);
  });
});

test.each([
  ['1', '2', '1'],
  ['2.50', '2.5', '2.50'],
  ['2.5', '2.50', '2.5'],
  ['-1', '-1.01', '-1.01'],
  ['12345678901234567891', '12345678901234567890', '12345678901234567890'],
])('the least of %s and %s is %s, as it was given', (left, right, expected) => {
  expect(numberText(least(toNumber(left), toNumber(right)))).toBe(expected);
});

test.each([
  ['0.01', true],
  ['1e-9', true],
  ['0', false],
  ['0.00', false],
  ['-0', false],
  ['-0.01', false],
])('whether %s is positive: %s', (text, expected) => {
  expect(isPositive(toNumber(text))).toBe(expected);
});

test.each([
  ['2.50', '0.01', true],
  ['0.07', '0.01', true],
  ['1.005', '0.01', false],
  ['-2.5', '0.5', true],
  ['0', '0.01', true],
  ['12345678901234567890.12', '0.01', true],
  ['12345678901234567890.123', '0.01', false],
  ['2.0', '1', true],
  ['1e2', '1', true],
  ['7', '2', false],
])('whether %s is a multiple of %s: %s', (value, step, expected) => {
  expect(isMultiple(toNumber(value), toNumber(step))).toBe(expected);
});
