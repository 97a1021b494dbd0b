/**
 * Paths to path templates: as documented, to the letter, concrete ones first.
 */
import { describe, expect, test } from 'vitest';
import { PathMatcher } from '../../src/path-matcher.js';

const get = (path: string) => ({ path, method: 'GET' });

/** `template a=1 b=2`, or `none`. */
function found(templates: readonly string[], path: string): string {
  const match = new PathMatcher(templates.map(get)).match(path);
  if (match === undefined) return 'none';
  const values = Object.entries(match.values).map(([name, value]) => `${name}=${value}`);
  return [match.operations.get('GET')?.path, ...values].join(' ');
}

const payment = ['/Payment/', '/Payment/{id}', '/Payment/Paged', '/Payment/{id}/Detail', '/Payment/Paged/Detail'];

describe.each([
  ['as declared', payment],
  ['declared the other way round', [...payment].reverse()],
])('%s', (_, templates) => {
  test.each([
    ['/Payment/', '/Payment/'],
    ['/Payment/Paged', '/Payment/Paged'],
    ['/Payment/Paged/Detail', '/Payment/Paged/Detail'],
    ['/Payment/7', '/Payment/{id} id=7'],
    ['/Payment/7/Detail', '/Payment/{id}/Detail id=7'],
    ['/Payment/paged', '/Payment/{id} id=paged'],
    ['/Payment', 'none'],
    ['/payment/', 'none'],
    ['/Payment//', 'none'],
    ['/Payment/7/', 'none'],
    ['/Payment/7/detail', 'none'],
    ['/Payment/7/Detail/', 'none'],
    ['/Payment//Detail', 'none'],
    ['Payment/7', 'none'],
    ['', 'none'],
    ['/', 'none'],
    ['/__proto__', 'none'],
  ])('%s leads to %s', (path, expected) => {
    expect(found(templates, path)).toBe(expected);
  });
});

describe('the more concrete of two templates wins, whatever comes first in the document', () => {
  test.each([
    [['/a/{x}', '/{y}/b'], '/a/b', '/a/{x} x=b'],
    [['/{x}/b/{y}', '/{x}/{y}/c'], '/1/b/c', '/{x}/b/{y} x=1 y=c'],
    [['/a/{id}', '/a/{id}.csv'], '/a/7.csv', '/a/{id}.csv id=7'],
    [['/a/{id}', '/a/{id}.csv'], '/a/7.txt', '/a/{id} id=7.txt'],
  ])('of %j for %s', (templates, path, expected) => {
    expect(found(templates, path)).toBe(expected);
    expect(found([...templates].reverse(), path)).toBe(expected);
  });
});

describe('several templates in a segment', () => {
  test.each([
    ['/rates/{from}-{to}', '/rates/EUR-USD', '/rates/{from}-{to} from=EUR to=USD'],
    ['/rates/{from}-{to}', '/rates/EUR', 'none'],
    ['/rates/{from}-{to}', '/rates/-USD', 'none'],
    ['/v{major}.{minor}/x', '/v1.20/x', '/v{major}.{minor}/x major=1 minor=20'],
    ['/v{major}.{minor}/x', '/v1x20/x', 'none'],
    ['/a(b)*+/{c}', '/a(b)*+/1', '/a(b)*+/{c} c=1'],
    ['/a(b)*+/{c}', '/ab/1', 'none'],
  ])('%s and %s: %s', (template, path, expected) => {
    expect(found([template], path)).toBe(expected);
  });
});

describe('percent encoding', () => {
  test.each([
    ['/p/a%20b', '/p/{id} id=a b'],
    ['/p/%E2%82%AC', '/p/{id} id=€'],
    ['/p/a%2Fb', '/p/{id} id=a/b'],
    ['/p/100%', '/p/{id} id=100%'],
    ['/p/%zz', '/p/{id} id=%zz'],
    ['/p/%E2%82', '/p/{id} id=%E2%82'],
    ['/p/a+b', '/p/{id} id=a+b'],
    ['/p/%2e%2e', '/p/{id} id=..'],
    ['/p/a%0Ab', '/p/{id} id=a\nb'],
    ['/%70/a', '/p/{id} id=a'],
    ['/%70%2Fa/b', 'none'],
  ])('%s leads to %j', (path, expected) => {
    expect(found(['/p/{id}'], path)).toBe(expected);
  });
});

test('a path has its operations by method, those of other paths left out', () => {
  const operations = [
    { path: '/a/{id}', method: 'GET' },
    { path: '/a/{id}', method: 'DELETE' },
    { path: '/a/b', method: 'POST' },
  ];
  const matcher = new PathMatcher(operations);
  expect([...(matcher.match('/a/1')?.operations.keys() ?? [])]).toEqual(['GET', 'DELETE']);
  expect([...(matcher.match('/a/b')?.operations.keys() ?? [])]).toEqual(['POST']);
  expect(matcher.match('/a/1')?.operations.get('DELETE')).toBe(operations[1]);
});

test('each of a thousand paths is found, and no other', () => {
  const templates = Array.from({ length: 1_000 }, (_, index) => `/c${index}${index % 2 ? '/{id}' : '/items'}`);
  const matcher = new PathMatcher(templates.map(get));
  for (const [index, template] of templates.entries()) {
    const path = template.replace('{id}', `id-${index}`);
    const match = matcher.match(path);
    expect(match?.operations.get('GET')?.path).toBe(template);
    expect(match?.values).toEqual(index % 2 ? { id: `id-${index}` } : {});
    expect(matcher.match(`${path}/`)).toBeUndefined();
  }
  expect(matcher.match('/c1000/items')).toBeUndefined();
});
