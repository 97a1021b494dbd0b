/**
 * What the page of workspaces reckons.
 */
import { expect, test } from 'vitest';
import { originBody } from '../../src/browser/views/workspaces/origin.js';
import { clockAfter, inUtc, nameOfFile, recordsIn } from '../../src/browser/views/workspaces/words.js';

test('records are counted over apis and collections', () => {
  expect(recordsIn({ one: { a: 2, b: 3 }, two: {}, three: { c: 10_000 } })).toBe(10_005);
});

test.each([
  [true, '2026-03-31T23:59:59.000Z', '2026-03-31T23:59:59.000Z'],
  [false, '2026-03-31T23:59:59.000Z', '2026-04-01T00:00:01.500Z'],
  [false, '9999-12-31T23:59:59.000Z', '9999-12-31T23:59:59.999Z'],
])('a clock (frozen: %j) at %s says %s after 2.5 seconds', (frozen, now, later) => {
  expect(clockAfter({ now, frozen }, 2_500)).toBe(later);
});

test.each([
  ['2026-03-31T23:59', '2026-03-31T23:59:00Z'],
  ['2026-03-31T23:59:07', '2026-03-31T23:59:07Z'],
  ['2026-03-31T23:59:07.5', '2026-03-31T23:59:07.5Z'],
])('a field with %s is %s in UTC', (local, instant) => {
  expect(inUtc(local)).toBe(instant);
});

test.each([
  ['before-refund.json', 'before-refund'],
  ['my books (2).JSON', 'my-books-2-'],
  ['_..x.y', 'x.y'],
  [`${'n'.repeat(150)}.json`, 'n'.repeat(100)],
  ['....json', ''],
])('a file %s may be a snapshot %s', (file, name) => {
  expect(nameOfFile(file)).toBe(name);
});

test.each([
  ['scenario', { scenario: 'x' }],
  ['workspace', { workspace: 'x' }],
  ['snapshot', { snapshot: 'x' }],
] as const)('an origin of the kind %s names it', (kind, body) => {
  expect(originBody({ kind, name: 'x' })).toEqual(body);
});
