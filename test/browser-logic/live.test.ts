/**
 * What the live view works out without a browser: its rows, what a filter takes, and a request as it is sent again.
 */
import { describe, expect, test } from 'vitest';
import { asked, filterOf, takes } from '../../src/browser/views/live/filter.js';
import { headerLines, headersOf } from '../../src/browser/views/live/header-lines.js';
import { isEntry, type Row, rowOf } from '../../src/browser/views/live/row.js';
import { mostKept, withArrivals, withOlder, without } from '../../src/browser/views/live/rows.js';
import { sampleOf, sentOf } from '../../src/browser/views/live/sent.js';
import { parse, stringify } from '../../src/json.js';

function row(number: number, changes: Partial<Row> = {}): Row {
  return {
    workspace: 'w',
    number,
    time: '2026-01-01T00:00:00.000Z',
    api: 'acme',
    operationId: 'pay',
    method: 'POST',
    path: '/payments',
    status: 200,
    milliseconds: number + Math.random(),
    fault: '',
    searched: 'pay',
    ...changes,
  };
}

const names = (rows: readonly Row[]) => rows.map(({ workspace, number }) => `${workspace}${number}`);

describe('rows', () => {
  test('that arrive stand before the others, newest first', () => {
    const rows = withArrivals([row(2), row(1)], [row(3), row(1, { workspace: 'v' }), row(4)]);
    expect(names(rows)).toEqual(['w4', 'v1', 'w3', 'w2', 'w1']);
  });

  test('that are told again are there once', () => {
    const [first, second] = [row(1), row(2)];
    expect(names(withArrivals([second, first], [second, row(3)]))).toEqual(['w3', 'w2', 'w1']);
    expect(names(withArrivals([], [first, first]))).toEqual(['w1']);
  });

  test('of a journal that began anew take the place of the old ones', () => {
    const other = row(9, { workspace: 'v' });
    expect(names(withArrivals([row(2), other, row(1)], [row(3), row(1), row(2)]))).toEqual(['w2', 'w1', 'v9']);
  });

  test('are let go when there are too many, the oldest first', () => {
    const many = Array.from({ length: mostKept }, (_, index) => row(mostKept - index));
    const rows = withArrivals(many, [row(mostKept + 1)]);
    expect([rows.length, rows[0]?.number, rows.at(-1)?.number]).toEqual([mostKept, mostKept + 1, 2]);
  });

  test('that are older stand at the end, in their order, once', () => {
    const live = [row(9), row(5, { workspace: 'v' }), row(8)];
    const once = withOlder(live, 'w', [row(2), row(6), row(9)]);
    expect(names(once)).toEqual(['w9', 'v5', 'w8', 'w6', 'w2']);
    expect(names(withOlder([], 'w', [row(1), row(2)]))).toEqual(['w2', 'w1']);
    expect(withOlder(once, 'w', [row(6)])).toBe(once);
  });

  test('of a workspace are forgotten alone', () => {
    expect(names(without([row(2), row(1, { workspace: 'v' }), row(1)], 'w'))).toEqual(['v1']);
  });
});

describe('a filter', () => {
  const taken = (query: string, changes: Partial<Row> = {}) =>
    takes(filterOf(new URLSearchParams(query)))(row(1, changes));

  test.each([
    ['', {}, true],
    ['api=acme', {}, true],
    ['api=other', {}, false],
    ['operation=pay', {}, true],
    ['operation=pa', {}, false],
    ['status=2xx', {}, true],
    ['status=200', {}, true],
    ['status=20', {}, true],
    ['status=4XX', {}, false],
    ['status=0', { status: 0 }, true],
    ['status=0', { status: 200 }, false],
    ['text=PAY', {}, true],
    ['text=pay+me', {}, false],
    ['api=acme&status=404', {}, false],
  ])('%s of %j: %s', (query, changes, expected) => {
    expect(taken(query, changes)).toBe(expected);
  });

  test.each([
    ['', undefined],
    ['text=x&status=20', undefined],
    ['api=acme&operation=pay&status=4xx', { api: 'acme', operationId: 'pay', status: '4xx' }],
    ['status=0', { status: '0' }],
    ['status=999', undefined],
  ])('%s asks the sandbox for %j', (query, expected) => {
    expect(asked(filterOf(new URLSearchParams(query)))).toEqual(expected);
  });
});

type Entry = Parameters<typeof rowOf>[0];

function entry(changes: Partial<Entry> = {}, request: Partial<Entry['request']> = {}): Entry {
  return {
    number: 7,
    time: '2026-01-01T00:00:00.000Z',
    workspace: 'w',
    api: 'acme',
    operationId: 'pay',
    request: {
      method: 'POST',
      path: '/payments/a%20b',
      query: { page: ['1', '2'], key: ['***'] },
      headers: {
        host: 'x',
        'x-api-key': '***-key',
        'x-other-secret': '***',
        'content-type': 'application/json',
        'sec-fetch-mode': 'cors',
        prefer: 'code=200',
      },
      body: parse('{"amount":8.0,"account":"***4433","lines":[{"iban":"***"}]}'),
      ...request,
    },
    response: { status: 201, headers: {}, body: parse('{"total":125.50}') },
    problems: [],
    violations: [],
    milliseconds: 1.25,
    created: [],
    changed: [],
    deleted: [],
    unread: [],
    ...changes,
  };
}

const api = {
  url: '/acme',
  headers: { 'X-API-Key': 'sandbox-key' },
  credentials: [{ scheme: 'k', in: 'query' as const, parameter: 'key', values: ['query-key', 'second'] }],
};

test('an entry is a row that can be searched, numbers as they were', () => {
  const made = rowOf(entry());
  expect(made).toMatchObject({ number: 7, path: '/payments/a%20b?page=1&page=2&key=***', status: 201, fault: '' });
  for (const text of ['"amount":8.0', '125.50', 'pay', '/payments']) expect(made.searched).toContain(text);
  expect(made.searched).not.toContain('code=200');
  expect(rowOf(entry({}, { body: 'x'.repeat(50_000) })).searched).toHaveLength(20_000);
  expect([isEntry(entry()), isEntry({ number: 1 }), isEntry(null)]).toEqual([true, false, false]);
});

describe('a request that is sent again', () => {
  test('has the credentials of the sandbox, and says what else is hidden', () => {
    const sent = sentOf(entry(), api, 'http://localhost/~w');
    expect(sent.url).toBe('http://localhost/~w/acme/payments/a%20b?page=1&page=2&key=query-key');
    expect(sent.headers).toEqual({
      'x-api-key': 'sandbox-key',
      'x-other-secret': '***',
      'content-type': 'application/json',
      prefer: 'code=200',
    });
    expect(sent.body).toBe('{"amount":8.0,"account":"***4433","lines":[{"iban":"***"}]}');
    expect(sent.notes).toEqual([
      "x-api-key is the sandbox's own credential; the one that was sent is hidden in the journal.",
      'Hidden in the journal, put in your own: x-other-secret.',
      "key is the sandbox's own credential; the one that was sent is hidden in the journal.",
      'Hidden in the journal, put in your own: /account, /lines/0/iban.',
    ]);
  });

  test('is sent as it is where nothing is hidden', () => {
    const plain = entry({}, { method: 'GET', path: '/x', query: {}, headers: { accept: '*/*' } });
    const { body, ...request } = plain.request;
    const sent = sentOf({ ...plain, request }, api, '');
    expect(sent).toEqual({ method: 'GET', url: '/acme/x', headers: { accept: '*/*' }, notes: [] });
  });

  test('says that a body was too long, or is hidden in part', () => {
    const { body, ...request } = entry({}, { query: {}, headers: {}, leftOut: true }).request;
    expect(sentOf(entry({ request }), api, '').notes).toEqual([
      'The body was too long for the journal, and is left out.',
    ]);
    expect(sentOf(entry({ request: { ...request, leftOut: false, text: 'pin=***' } }), api, '').notes).toEqual([
      'Hidden in the journal, put in your own: the body.',
    ]);
  });

  test('has its headers a line each', () => {
    const headers = headersOf('a: 1\n\nb:x: y \n');
    expect([...headers]).toEqual([
      ['a', '1'],
      ['b', 'x: y'],
    ]);
    expect(headerLines({ a: '1', b: 'x: y' })).toBe('a: 1\nb: x: y');
    for (const wrong of ['nothing', ': 1', 'a b: 1']) expect(() => headersOf(wrong)).toThrow(JSON.stringify(wrong));
  });
});

test('a sample has no credentials, and numbers as they were', () => {
  const sample = sampleOf(entry(), api, 'documented');
  expect(stringify(sample)).toBe(
    '{"api":"acme","operationId":"pay","method":"POST","path":"/acme/payments/a%20b?page=1&page=2&key=***",' +
      '"scenario":"documented","headers":{"content-type":"application/json","prefer":"code=200"},' +
      '"request":{"amount":8.0,"account":"***4433","lines":[{"iban":"***"}]},"response":{"total":125.50},"deviations":[]}',
  );
});
