/**
 * Instants: what RFC 3339 allows is read, to nine digits; vendors' formats are written.
 */
import { describe, expect, test } from 'vitest';
import { compareInstants, formatInstant, type Instant, type InstantFormat, parseInstant } from '../../src/instant.js';

function read(text: string): Instant {
  return parseInstant(text) ?? expect.fail(`${text} was not read`);
}

describe('parseInstant', () => {
  test.each([
    ['1970-01-01T00:00:00Z', 0, 0],
    ['1970-01-01T00:00:00.001Z', 1, 0],
    ['1970-01-01T00:00:00.000000001Z', 0, 1],
    ['1970-01-01T00:00:00.1234567Z', 123, 456_700],
    ['1970-01-01T00:00:00.123456789Z', 123, 456_789],
    ['1970-01-01T00:00:00.5Z', 500, 0],
    ['1969-12-31T23:59:59.999999999Z', -1, 999_999],
    ['1970-01-01T01:00:00+01:00', 0, 0],
    ['1969-12-31T19:00:00-05:00', 0, 0],
    ['1970-01-01T05:45:00+05:45', 0, 0],
    ['1970-01-01T00:00:00-00:00', 0, 0],
    ['1970-01-01t00:00:00z', 0, 0],
    ['1970-01-01T23:59:00+23:59', 0, 0],
    ['2021-04-26T15:25:27.587Z', 1_619_450_727_587, 0],
  ])('reads %s', (text, epochMilliseconds, nanoseconds) => {
    expect(read(text)).toEqual({ epochMilliseconds, nanoseconds });
  });

  test.each([
    ['1970-01-01T00:00:00.1234567891Z', 123, 456_789],
    ['1970-01-01T00:00:00.9999999999999999Z', 999, 999_999],
    [`1970-01-01T00:00:00.${'0'.repeat(40)}1Z`, 0, 0],
  ])('drops digits after the ninth: %s', (text, epochMilliseconds, nanoseconds) => {
    expect(read(text)).toEqual({ epochMilliseconds, nanoseconds });
  });

  test.each(['2024-02-29', '2000-02-29', '2023-02-28', '2025-04-30', '2025-12-31', '0000-02-29', '0000-01-01'])(
    'the day %s is in the calendar',
    (day) => {
      expect(formatInstant(read(`${day}T12:00:00Z`), { digits: 0, zone: 'Z' })).toBe(`${day}T12:00:00Z`);
    },
  );

  test.each([
    ...['2023-02-29', '1900-02-29', '2100-02-29', '2024-02-30', '2025-04-31', '2025-13-01', '2025-00-01', '2025-01-00'],
    ...['2025-01-32', '2025-06-31'],
  ])('the day %s is not', (day) => {
    expect(parseInstant(`${day}T12:00:00Z`)).toBeUndefined();
  });

  test.each([
    '',
    '2025-01-01',
    '2025-01-01T00:00:00',
    '2025-01-01 00:00:00Z',
    '2025-01-01T24:00:00Z',
    '2025-01-01T00:60:00Z',
    '2025-01-01T00:00:60Z',
    '2025-01-01T00:00:00+24:00',
    '2025-01-01T00:00:00+00:60',
    '2025-01-01T00:00:00+0000',
    '2025-01-01T00:00:00.Z',
    '2025-01-01T00:00Z',
    '25-01-01T00:00:00Z',
    '+002025-01-01T00:00:00Z',
    ' 2025-01-01T00:00:00Z',
    '2025-01-01T00:00:00Z\n',
    '２０２５-01-01T00:00:00Z',
  ])('%j is no date-time with its zone', (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });

  test.each([
    ['0000-01-01T00:00:00+00:01', '0000-01-01T00:01:00+00:01'],
    ['9999-12-31T23:59:59-00:01', '9999-12-31T23:58:59-00:01'],
  ])('%s is in no year of four digits, %s is', (outside, inside) => {
    expect(parseInstant(outside)).toBeUndefined();
    expect(formatInstant(read(inside), { digits: 0, zone: 'Z' })).toMatch(/^(?:0000-01-01|9999-12-31)T/);
  });
});

describe('formatInstant', () => {
  const instant = read('2025-11-03T19:49:47.759987123Z');
  test.each<[InstantFormat, string]>([
    [{ digits: 0, zone: 'Z' }, '2025-11-03T19:49:47Z'],
    [{ digits: 0, zone: '+00:00' }, '2025-11-03T19:49:47+00:00'],
    [{ digits: 3, zone: 'Z' }, '2025-11-03T19:49:47.759Z'],
    [{ digits: 3, zone: '+00:00' }, '2025-11-03T19:49:47.759+00:00'],
    [{ digits: 6, zone: 'Z' }, '2025-11-03T19:49:47.759987Z'],
    [{ digits: 6, zone: '+00:00' }, '2025-11-03T19:49:47.759987+00:00'],
    [{ digits: 7, zone: 'Z' }, '2025-11-03T19:49:47.7599871Z'],
    [{ digits: 7, zone: '+00:00' }, '2025-11-03T19:49:47.7599871+00:00'],
    [{ digits: 9, zone: 'Z' }, '2025-11-03T19:49:47.759987123Z'],
    [{ digits: 9, zone: '+00:00' }, '2025-11-03T19:49:47.759987123+00:00'],
  ])('writes %j', (format, text) => {
    expect(formatInstant(instant, format)).toBe(text);
  });

  test.each([
    '0000-01-01T00:00:00.000000000Z',
    '0099-03-01T01:02:03.000000001Z',
    '1969-12-31T23:59:59.999999999Z',
    '2024-02-29T23:59:59.000000100Z',
    '2025-11-03T19:49:47.759987100Z',
    '9999-12-31T23:59:59.999999999Z',
  ])('%s comes back', (text) => {
    expect(formatInstant(read(text), { digits: 9, zone: 'Z' })).toBe(text);
    const other = formatInstant(read(text), { digits: 9, zone: '+00:00' });
    expect(read(other)).toEqual(read(text));
  });
});

test('instants are ordered to the nanosecond, whatever their zone', () => {
  const ascending = [
    '1969-12-31T23:59:59.999999998Z',
    '1969-12-31T23:59:59.999999999Z',
    '1970-01-01T00:00:00Z',
    '1970-01-01T00:00:00.000000001Z',
    '1970-01-01T00:00:00.001Z',
    '1970-01-01T00:00:00-01:00',
  ].map(read);
  for (const [index, left] of ascending.entries()) {
    for (const [other, right] of ascending.entries()) {
      expect(Math.sign(compareInstants(left, right))).toBe(Math.sign(index - other));
    }
  }
  expect(compareInstants(read('2025-01-01T01:00:00+01:00'), read('2025-01-01T00:00:00.000Z'))).toBe(0);
});
