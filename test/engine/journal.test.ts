/**
 * The journal's parts: eviction, what a request wrote, what nothing reads, what is hidden, and matches.
 */
import { describe, expect, test } from 'vitest';
import type { Stream } from '../../src/api.js';
import type { Wait } from '../../src/delivery.js';
import { Entry, type Outcome } from '../../src/journal/entry.js';
import { Journal } from '../../src/journal/journal.js';
import { mask, Redactor, SensitiveNames } from '../../src/journal/redaction.js';
import { JournalRenderer } from '../../src/journal/render.js';
import { JournalRoom } from '../../src/journal/room.js';
import { EventTexts, heartbeatMilliseconds, journalStream, journalsStream } from '../../src/journal/stream.js';
import { touchedBy } from '../../src/journal/touched.js';
import { findUnread } from '../../src/journal/unread.js';
import { type JsonObject, type JsonValue, parse } from '../../src/json.js';
import { compileMatch, knownApis, type Seen } from '../../src/match.js';
import { Headers, noBytes } from '../../src/message.js';
import { BaseRecords, type Changes } from '../../src/store/records.js';
import { ApiState } from '../../src/store/workspace.js';
import { TooMuchWork, Work } from '../../src/work.js';
import { makeDocument, operationOf, refusal } from './fixture.js';

function outcome(body: string, changes: Partial<Outcome> = {}): Outcome {
  return {
    at: { epochMilliseconds: 0, nanoseconds: 0 },
    api: 'acme',
    operation: undefined,
    request: { method: 'POST', path: '/', query: '', rawHeaders: [], body: Buffer.from(body) },
    answer: { status: 200, headers: {}, body: noBytes },
    problem: undefined,
    violations: [],
    milliseconds: 1,
    touched: [],
    fault: undefined,
    ...changes,
  };
}

/** Room for one journal of so many bytes, or for several of them within `all` bytes. */
const roomOf = (journalBytes: number, allJournalsBytes = journalBytes) =>
  new JournalRoom({ journalBytes, allJournalsBytes });

const numbers = (entries: Iterable<Entry>) => [...entries].map(({ number }) => number);

describe('a journal', () => {
  test('keeps within its bytes, the newest last, and counts all', () => {
    const most = Entry.of(1, outcome('x'.repeat(1000)), 1e6).bytes * 3;
    const journal = new Journal(roomOf(most));
    for (let count = 1; count <= 10; count++) journal.record(outcome('x'.repeat(1000)));
    expect(numbers(journal.entries())).toEqual([8, 9, 10]);
    expect(numbers(journal.newestFirst())).toEqual([10, 9, 8]);
    expect(numbers(journal.entries(9))).toEqual([10]);
    expect(journal).toMatchObject({ total: 10, evicted: 7, newest: 10, bytes: most });
    expect(journal.counters).toEqual([{ api: 'acme', operationId: undefined, status: 200, count: 10 }]);
    expect([journal.get(7), journal.get(11)]).toEqual([undefined, undefined]);
  });

  test('keeps the head of an entry that is longer than all of it', () => {
    const journal = new Journal(roomOf(2000));
    journal.record(outcome('short'));
    const answer = { status: 201, headers: { 'X-Id': '1' }, body: Buffer.from('y'.repeat(3000)) };
    journal.record(outcome('x'.repeat(3000), { answer }));
    const entry = journal.get(2);
    expect(entry).toMatchObject({ leftOut: true, answer: { status: 201, headers: { 'X-Id': '1' }, body: noBytes } });
    expect(entry?.request.body).toBeUndefined();
    expect(journal.bytes).toBeLessThanOrEqual(2000);
    expect(numbers(journal.entries())).toEqual([1, 2]);
  });

  test('keeps a request as it came: header names in their case, repeated ones, and texts that are empty', () => {
    const rawHeaders = ['X-A', '1', 'x-a', '', 'Accept', 'é; q=0.5'];
    const request = { method: 'GET', path: '/a%0Ab', query: '', rawHeaders, body: new Uint8Array([1]) };
    expect(Entry.of(1, outcome('', { request }), 1e6).request).toEqual(request);
    const bare = { ...request, rawHeaders: [] };
    expect(Entry.of(1, outcome('', { request: bare }), 1e6).request).toEqual(bare);
  });

  test('counts what is not ASCII in bytes', () => {
    const size = (body: string) =>
      Entry.of(1, outcome('', { answer: { status: 200, headers: {}, body: Buffer.from(body) } }), 1e6).bytes;
    expect(size('€'.repeat(100)) - size('')).toBe(300);
  });

  test('keeps of a refusal neither the stack nor the parts of the body', () => {
    const details = [
      { in: 'body', pointer: '/a', rule: 'type', message: 'm', received: { big: ['x'] } },
      { in: 'body', pointer: '/b', rule: 'type', message: 'm', received: 'x', params: { type: 'number' } },
    ] as const;
    const { problem } = Entry.of(1, outcome('', { problem: { kind: 'rule', message: 'm', details } }), 1e6);
    expect(problem?.details).toEqual([
      { in: 'body', pointer: '/a', rule: 'type', message: 'm' },
      { in: 'body', pointer: '/b', rule: 'type', message: 'm', received: 'x' },
    ]);
  });

  test('corrects an answer and its counter', () => {
    const journal = new Journal(roomOf(1e6));
    journal.record(outcome('1'));
    journal.record(outcome('2'));
    const answer = { status: 500, headers: {}, body: noBytes };
    journal.correct(1, answer, { kind: 'internal', message: 'm', details: [] });
    expect(journal.get(1)).toMatchObject({ answer: { status: 500 }, problem: { kind: 'internal' } });
    expect(journal.counters.map(({ status, count }) => [status, count])).toEqual([
      [200, 1],
      [500, 1],
    ]);
    journal.correct(3, answer, undefined);
    expect(journal.total).toBe(2);
  });

  test('tells its listeners until they stop listening or it ends', () => {
    const journal = new Journal(roomOf(1e6));
    const heard: string[] = [];
    const listener = (name: string) => ({
      added: () => heard.push(`${name} added`),
      ended: () => heard.push(`${name} ended`),
    });
    const stop = journal.listen(listener('one'));
    journal.listen(listener('two'));
    journal.record(outcome(''));
    stop();
    journal.record(outcome(''));
    journal.end();
    journal.record(outcome(''));
    expect(heard).toEqual(['one added', 'two added', 'two added', 'two ended']);
  });
});

describe('the journals of all workspaces', () => {
  const one = Entry.of(1, outcome('x'.repeat(1000)), 1e6).bytes;
  const fill = (journal: Journal, count: number) => {
    for (let each = 0; each < count; each++) journal.record(outcome('x'.repeat(1000)));
  };

  test('fit into one room: the largest makes place, and counts all the same', () => {
    const room = roomOf(one * 100, one * 20);
    const [large, small, late] = [new Journal(room), new Journal(room), new Journal(room)];
    fill(large, 16);
    fill(small, 3);
    fill(late, 4);
    expect(room.bytes).toBeLessThanOrEqual(one * 20);
    expect(room.bytes).toBe(large.bytes + small.bytes + late.bytes);
    expect([small, late].map((journal) => numbers(journal.entries()))).toEqual([
      [1, 2, 3],
      [1, 2, 3, 4],
    ]);
    expect(large).toMatchObject({ total: 16, newest: 16, counters: [{ count: 16 }] });
    expect(large.evicted).toBeGreaterThanOrEqual(3);
    const kept = numbers(large.entries());
    expect(kept).toEqual(Array.from({ length: 16 - large.evicted }, (_, index) => large.evicted + 1 + index));
  });

  test('do so however many there are', () => {
    const room = roomOf(one * 100, one * 50);
    const journals = Array.from({ length: 200 }, () => new Journal(room));
    for (const journal of journals) fill(journal, 2);
    expect(room.bytes).toBeLessThanOrEqual(one * 50);
    expect(room.bytes).toBe(journals.reduce((bytes, journal) => bytes + journal.bytes, 0));
    for (const journal of journals) expect(journal).toMatchObject({ total: 2, counters: [{ count: 2 }] });
    const [emptied] = journals;
    fill(emptied ?? expect.fail(), 1);
    expect(numbers(emptied?.entries() ?? [])).toEqual([3]);
  });

  test('give back what they took when they are emptied, and when they end', () => {
    const room = roomOf(one * 10, one * 10);
    const [emptied, ended] = [new Journal(room), new Journal(room)];
    fill(emptied, 4);
    fill(ended, 5);
    expect(room.bytes).toBe(one * 9);
    emptied.clear();
    expect(room.bytes).toBe(one * 5);
    ended.end();
    expect(room.bytes).toBe(0);
    fill(emptied, 10);
    expect(emptied).toMatchObject({ evicted: 0, total: 10 });
  });

  test('take none that is longer than all of it with its bodies', () => {
    const journal = new Journal(roomOf(1e6, 2000));
    journal.record(outcome('x'.repeat(3000)));
    expect(journal.get(1)).toMatchObject({ leftOut: true });
  });
});

describe('a stream', () => {
  /** The stream of a journal, from its first entry on. */
  const streamOf = (journal: Journal) =>
    listenerOf((renderer, wait) =>
      journalStream({ journal, workspace: 'w', texts: new EventTexts(renderer), after: 0, wait }),
    );

  /** The stream of the journals of a room. */
  const streamOfAll = (room: JournalRoom, journals: ReadonlyMap<string, Journal>) =>
    listenerOf((renderer, wait) =>
      journalsStream({ room, journalOf: (name) => journals.get(name), texts: new EventTexts(renderer), wait }),
    );

  /** A listener that reads when told to, and hears a heart that beats when told to. */
  function listenerOf(open: (renderer: JournalRenderer, wait: Wait) => Stream) {
    const texts: string[] = [];
    const unread: (() => void)[] = [];
    const beats: (() => void)[] = [];
    let ended = false;
    const renderer = new JournalRenderer(new Map());
    const wait = (milliseconds: number) => {
      expect(milliseconds).toBe(heartbeatMilliseconds);
      return new Promise<void>((resolve) => beats.push(resolve));
    };
    const stop = open(renderer, wait)(
      (text, sent = () => {}) => {
        texts.push(text);
        unread.push(sent);
      },
      () => {
        ended = true;
      },
    );
    return {
      stop,
      /** What was sent since this was last asked, without the data. */
      sent: () =>
        texts.splice(0).map((text) =>
          text
            .replace(/data: {"number.*/, 'data')
            .trim()
            .split('\n')
            .join(' '),
        ),
      /** How many texts wait to be read. */
      waiting: () => unread.length,
      /** Everything leaves that waits, and what is sent thereupon, until nothing does. */
      read: () => {
        for (let sent = unread.shift(); sent !== undefined; sent = unread.shift()) sent();
      },
      beat: async () => {
        for (const each of beats.splice(0)) each();
        await turn();
      },
      ended: () => ended,
    };
  }

  /** What was put off until the next turn of the event loop is done. */
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  test('has one event on its way, and sends the next when that has left', async () => {
    const journal = new Journal(roomOf(1e6));
    const stream = streamOf(journal);
    for (let count = 0; count < 3; count++) journal.record(outcome(''));
    await turn();
    expect(stream.sent()).toEqual([': the journal begins']);
    stream.read();
    expect(stream.sent()).toEqual([1, 2, 3].map((number) => `id: ${number} event: entry data`));
    journal.record(outcome(''));
    await turn();
    expect(stream.sent()).toEqual(['id: 4 event: entry data']);
  });

  test('keeps nothing for a listener that does not read: it is told what it missed', async () => {
    const one = Entry.of(1, outcome('x'.repeat(1000)), 1e6).bytes;
    const journal = new Journal(roomOf(one * 2));
    const stream = streamOf(journal);
    for (let count = 0; count < 1000; count++) {
      journal.record(outcome('x'.repeat(1000)));
      if (count % 100 === 0) await turn();
      if (count % 100 === 50) await stream.beat();
    }
    expect([stream.waiting(), stream.sent()]).toEqual([1, [': the journal begins']]);
    stream.read();
    expect(stream.sent()).toEqual([
      'id: 998 event: evicted data: {"from":1,"to":998}',
      'id: 999 event: entry data',
      'id: 1000 event: entry data',
    ]);
  });

  test('beats while nothing else is sent, once for a listener that does not read', async () => {
    const journal = new Journal(roomOf(1e6));
    const stream = streamOf(journal);
    stream.read();
    stream.sent();
    await stream.beat();
    expect(stream.sent()).toEqual([': heartbeat']);
    await stream.beat();
    expect(stream.sent()).toEqual([]);
    stream.read();
    await stream.beat();
    expect(stream.sent()).toEqual([': heartbeat']);
    stream.read();
    journal.record(outcome(''));
    await turn();
    await stream.beat();
    expect(stream.sent()).toEqual(['id: 1 event: entry data']);
  });

  test('sends nothing after it was stopped, and ends with its journal', async () => {
    const journal = new Journal(roomOf(1e6));
    const [stopped, open] = [streamOf(journal), streamOf(journal)];
    for (const each of [stopped, open]) {
      each.read();
      each.sent();
    }
    journal.record(outcome(''));
    stopped.stop();
    await stopped.beat();
    expect([stopped.sent(), open.sent()]).toEqual([[], ['id: 1 event: entry data']]);
    journal.end();
    expect([stopped.ended(), open.ended()]).toEqual([false, true]);
  });

  test('of all journals tells the entries of each, and what it missed of each', async () => {
    const room = roomOf(1e6);
    const journals = new Map(['a', 'b', 'c'].map((name) => [name, new Journal(room, name)]));
    const [a, b, c] = [...journals.values()];
    a?.record(outcome('before'));
    const stream = streamOfAll(room, journals);
    stream.read();
    expect(stream.sent()).toEqual([': the journal begins']);
    a?.record(outcome(''));
    b?.record(outcome(''));
    a?.record(outcome(''));
    c?.record(outcome(''));
    a?.clear();
    journals.delete('c');
    await turn();
    stream.read();
    expect(stream.sent()).toEqual([
      'id: a/3 event: evicted data: {"workspace":"a","from":2,"to":3}',
      'id: b/1 event: entry data',
    ]);
    a?.record(outcome(''));
    await turn();
    stream.read();
    expect(stream.sent()).toEqual(['id: a/4 event: entry data']);
  });

  test('of all journals begins anew with a journal that did, and is silent after it was stopped', async () => {
    const room = roomOf(1e6);
    const journals = new Map([['a', new Journal(room, 'a')]]);
    const stream = streamOfAll(room, journals);
    for (let count = 0; count < 3; count++) journals.get('a')?.record(outcome(''));
    const again = new Journal(room, 'a');
    journals.set('a', again);
    again.record(outcome(''));
    again.record(outcome(''));
    stream.read();
    expect(stream.sent()).toEqual([': the journal begins', 'id: a/1 event: entry data', 'id: a/2 event: entry data']);
    stream.stop();
    again.record(outcome(''));
    await turn();
    expect(stream.sent()).toEqual([]);
  });
});

test('a version that was there before is counted, since nothing else may keep it', () => {
  const version = { id: 1, name: 'x'.repeat(1000), lines: [{ text: 'y'.repeat(500) }] };
  const sizeWith = (touched: Outcome['touched']) => Entry.of(1, outcome('', { touched }), 1e6).bytes;
  const written = { collection: 'things', key: 1 };
  const created = sizeWith([{ ...written, how: 'created', before: undefined, after: version }]);
  const changed = sizeWith([{ ...written, how: 'changed', before: version, after: { id: 1 } }]);
  expect(created - sizeWith([])).toBeLessThan(100);
  expect(changed - created).toBeGreaterThan(1500);
  expect(changed - created).toBeLessThan(2000);
});

test('a record is created, changed or deleted by what was there before', () => {
  const base = new BaseRecords('things', 'id', [], [{ id: 1 }, { id: 2 }]);
  const scenario = {
    api: 'acme',
    name: 'default',
    story: '',
    fingerprint: '',
    collections: new Map([['things', base]]),
    nextIds: new Map(),
    uuids: [],
    faults: [],
    seed: 1,
    settings: {},
    credentials: new Map(),
    clock: undefined,
  };
  const things: Changes = new Map([
    [1, { id: 1, name: 'x' }],
    [2, null],
    [3, { id: 3 }],
    [4, null],
  ]);
  const changes = { collections: new Map([['things', things]]), nextIds: new Map(), uuids: 0 };
  const state = new ApiState(scenario);
  expect(touchedBy(changes, state).map(({ key, how, before, after }) => [key, how, before, after])).toEqual([
    [1, 'changed', { id: 1 }, { id: 1, name: 'x' }],
    [2, 'deleted', { id: 2 }, undefined],
    [3, 'created', undefined, { id: 3 }],
  ]);
  expect(touchedBy(undefined, state)).toEqual([]);
});

describe('what nothing reads', () => {
  const document = makeDocument(`
paths:
  /things:
    post:
      operationId: put
      parameters:
        - { name: dryRun, in: query, schema: { type: string } }
      requestBody:
        content: { application/json: { schema: { $ref: '#/components/schemas/Thing' } } }
      security: [{ key: [] }]
      responses: { '204': { description: Done } }
    put:
      operationId: anyCase
      requestBody:
        content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Named' } } } }
      x-rules: [{ id: names-in-any-case, rule: As it says. }]
      responses: { '204': { description: Done } }
    get:
      operationId: get
      responses: { '204': { description: Done } }
components:
  securitySchemes:
    key: { type: apiKey, in: query, name: api_key }
  schemas:
    Named: { type: object, properties: { Name: { type: string } } }
    Free: { type: object }
    Thing:
      allOf:
        - $ref: '#/components/schemas/Named'
        - type: object
          required: [id]
          properties:
            id: { type: integer, readOnly: true }
            made: { allOf: [{ type: string, readOnly: true }] }
            free: { $ref: '#/components/schemas/Free' }
            open: { type: object, properties: { a: { type: string } }, additionalProperties: true }
            closed: { type: object, properties: { a: { type: string } }, additionalProperties: false }
            map: { type: object, additionalProperties: { $ref: '#/components/schemas/Named' } }
            self: { $ref: '#/components/schemas/Thing' }
            either:
              oneOf:
                - { $ref: '#/components/schemas/Named' }
                - { type: array, items: { $ref: '#/components/schemas/Named' } }
`);

  const unread = (body: JsonValue | undefined, query = '', operationId = 'put') =>
    findUnread(document, operationOf(document, operationId), new URLSearchParams(query), body).map(
      (each) => `${each.in} ${each.pointer}`,
    );

  test.each<[JsonValue, string[]]>([
    [{ Name: 'x' }, []],
    [{ name: 'x' }, ['body /name']],
    [{ id: 1, made: 'x' }, ['body /id', 'body /made']],
    [{ free: { a: { b: 1 } }, open: { b: 1 } }, []],
    [{ closed: { b: 1 } }, ['body /closed/b']],
    [{ map: { any: { Name: 'x', other: 1 } } }, ['body /map/any/other']],
    [{ self: { self: { Name: 'x', id: 1, 'a/b~c': 1 } } }, ['body /self/self/id', 'body /self/self/a~1b~0c']],
    [{ either: { Name: 'x', a: 1 } }, ['body /either/a']],
    [{ either: [{ Name: 'x' }, { a: 1 }] }, ['body /either/1/a']],
    ['text', []],
    [null, []],
  ])('of %j is %j', (body, expected) => {
    expect(unread(body)).toEqual(expected);
  });

  test('names in any letter case are read where a rule says so', () => {
    expect(unread([{ NAME: 'x', other: 1 }], '', 'anyCase')).toEqual(['body /0/other']);
  });

  test('query parameters, in any letter case; credentials and preferences are read', () => {
    expect(unread(undefined, 'DRYRUN=1&Api_Key=2&__code=200&x=1&x=2')).toEqual(['query /x']);
  });

  test('a body where none is documented is passed over, as the lifecycle does', () => {
    expect(unread({ a: 1 }, '', 'get')).toEqual([]);
  });

  test('no more than a hundred are told', () => {
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`m${index}`, 1]));
    expect(unread(many)).toHaveLength(100);
  });
});

describe('what is hidden', () => {
  const document = makeDocument(`
paths:
  /things:
    get:
      operationId: get
      security: [{ misKey: [], session: [], query: [] }]
      responses: { '204': { description: Done } }
x-collections:
  invoices: { key: invoice_token, schema: &record { type: object, properties: { id: &text { type: string }, account: *text, invoice_token: *text } } }
  payments: { key: id, references: { account: accounts }, schema: *record }
  accounts: { key: id, schema: *record }
components:
  securitySchemes:
    misKey: { type: apiKey, in: header, name: X-Mis }
    session: { type: apiKey, in: cookie, name: sid }
    query: { type: apiKey, in: query, name: k }
`);
  const names = new SensitiveNames(document);
  const plain = new SensitiveNames(undefined);

  test.each([
    ...['account', 'beneficiary_account', 'payerAccount', 'accountNumber', 'account_no', 'bankAccountNumber'],
    ...[
      'maskedAccountNumber',
      'maskedTransitNumber',
      'beneficiary_routing',
      'routingNumber',
      'beneficiary_iban',
      'IBAN',
    ],
    ...['card', 'cardNumber', 'PAN', 'cvv', 'CVC2', 'cardSecurityCode', 'password', 'clientSecret', 'token'],
    ...['accessToken', 'refresh_token', 'tokens', 'apiKey', 'APIKey', 'private_key', 'sortCode', 'pin'],
  ])('a member %s is', (name) => {
    expect(plain.member(name, undefined)).toBe(true);
  });

  test.each([
    ...['accountId', 'accountName', 'bankAccountType', 'cardTypeId', 'cardTypeName', 'externalCardId', 'tokenId'],
    ...[
      'checkNumber',
      'orderNumber',
      'invoice_number',
      'number',
      'value',
      'dtoTypeKey',
      'idempotencyKey',
      'accounting',
    ],
    ...['company', 'span', 'shipping', 'amount', 'beneficiary_bank_country', 'pageNumber', 'CustomerPaymentNumber'],
  ])('a member %s is not', (name) => {
    expect(plain.member(name, undefined)).toBe(false);
  });

  test('a vague name is by what it stands in', () => {
    expect(plain.member('number', 'card')).toBe(true);
    expect(plain.member('number', 'bankAccount')).toBe(true);
    expect(plain.member('key', 'api')).toBe(true);
    expect(plain.member('number', 'invoice')).toBe(false);
  });

  test('a key of a collection is not, nor what names a record', () => {
    expect(names.member('invoice_token', undefined)).toBe(false);
    expect(names.member('account', undefined)).toBe(false);
    expect(plain.member('invoice_token', undefined)).toBe(true);
  });

  test.each([
    'X-Mis',
    'cookie',
    'k',
    'Authorization',
    'proxy-authorization',
    'set-cookie',
    'X-API-Key',
    'x-auth-token',
  ])('the header or parameter %s is', (name) => {
    expect(names.parameter(name)).toBe(true);
  });

  test.each(['idempotency-key', 'accept', 'x-request-id', 'content-type', 'host'])('the header %s is not', (name) => {
    expect(names.parameter(name)).toBe(false);
  });

  test('the last four characters of what is longer than eight are shown', () => {
    expect([mask('12345678'), mask('123456789'), mask('1')]).toEqual(['***', '***6789', '***']);
  });

  test.each([
    ['4111111111111111', '***1111'],
    ['pay 4111 1111 1111 1111 now', 'pay ***1111 now'],
    ['4111-1111-1111-1111.', '***1111.'],
    ['3782 822463 10005', '***0005'],
    ['4111111111111112', '4111111111111112'],
    ['41111111111', '41111111111'],
    ['4111111111111111.50', '4111111111111111.50'],
    ['x4111111111111111', 'x4111111111111111'],
    ['41111111-1111-1111-1111-111111111111', '41111111-1111-1111-1111-111111111111'],
    ['000000000000', '000000000000'],
  ])('%s is shown as %s', (text, expected) => {
    expect(new Redactor(plain).text(text)).toBe(expected);
  });

  test('values of every kind', () => {
    const value = parse(
      '{"account": 123456789012.50, "cards": ["4111", {"holder": "A", "number": "55"}], "token": null, "pin": "", ' +
        '"total": 10.00, "reference": 4111111111111111, "4111111111111111": true, "secret": false}',
    );
    expect(new Redactor(plain).value(value)).toEqual(
      parse(
        '{"account": "***2.50", "cards": ["***", {"holder": "***", "number": "***"}], "token": null, "pin": "", ' +
          '"total": 10.00, "reference": "***1111", "***1111": true, "secret": false}',
      ),
    );
  });

  test('a value that was found is hidden elsewhere, but not within longer words', () => {
    const redactor = new Redactor(plain);
    redactor.parameter('Authorization', 'Bearer abc.def-123456');
    redactor.value('987654', 'account');
    expect(redactor.text('got abc.def-123456, of 987654 and 19876543')).toBe('got ***3456, of *** and 19876543');
    expect(redactor.text('Bearer')).toBe('Bearer');
  });

  test.each([
    ['string', 'memo: string'],
    ['Savings', 'Savings, or so'],
    ['sample string 3', 'a string of a sample'],
    ['DOC_VALUE', 'DOC_VALUE'],
    ['an example of 12345', 'an example of 12345'],
    ['12345', '12345'],
  ])('what may be an ordinary value is hidden by its name alone: %s', (value, text) => {
    const shown = makeDocument(`
components:
  schemas:
    A: { type: string, enum: [DOC_VALUE] }
    B: { type: string, example: { deep: [an example of 12345] } }
`);
    const redactor = new Redactor(new SensitiveNames(shown));
    expect(redactor.value({ account: value, memo: text })).toEqual({ account: mask(value), memo: text });
    expect(redactor.parameter('X-API-Key', value)).toBe(mask(value));
    expect(redactor.text(text)).toBe(text);
    expect(redactor.value({ string: text })).toEqual({ string: text });
  });

  test.each([
    ['a4b8c1'],
    ['aGhTrEwqZ'],
    ['abcdefghijklmnopq'],
    ['ABCDEFGHIJKLMNOPQR'],
    ['correct horse battery'],
    ['DOC_VALUES'],
    ['123456'],
  ])('what is no ordinary value is hidden wherever it stands: %s', (value) => {
    const redactor = new Redactor(plain);
    redactor.value({ password: value });
    expect(redactor.text(`copy of ${value}.`)).toBe(`copy of ${mask(value)}.`);
    expect(redactor.value({ memo: value })).toEqual({ memo: mask(value) });
  });

  test('an ordinary value that was hidden is hidden where a message quotes it', () => {
    const redactor = new Redactor(plain);
    redactor.value({ password: 'hunter', pin: '12a', holder: 'string' });
    expect(redactor.message('pin must be a number. Received "12a"; and "hunter", "\\"", "string".')).toBe(
      'pin must be a number. Received "***"; and "***", "\\"", "string".',
    );
  });

  test('in text that is no JSON, by names and digits', () => {
    expect(new Redactor(plain).plainText('{"cvv": "123", "amount": 10, iban=DE89370400440532013000&x=1')).toBe(
      '{"cvv": "***", "amount": 10, iban=***3000&x=1',
    );
  });
});

describe('is hidden, wherever it stands:', () => {
  const plain = new SensitiveNames(undefined);
  const secret = 's3cr3t-and-more';
  const card = '4111111111111111';
  const percent = [...card].map((digit) => `%3${digit}`).join('');

  test.each<[string, JsonValue]>([
    ['below a sensitive name', { password: { x: secret, y: [{ z: secret }] } }],
    ['an account number in an object', { accountNumber: { v: secret } }],
    ...[
      'credentials',
      'pwd',
      'passwd',
      'acctNumber',
      'acctnumber',
      'AccountNumber',
      'cvc',
      'track',
      'track2',
      'trackData',
    ].map((name): [string, JsonValue] => [name, { [name]: secret }]),
    ['JSON in a string', { payload: `{"user": "u", "password": "${secret}"}` }],
    ['JSON in JSON in a string', { payload: JSON.stringify(JSON.stringify({ password: { x: secret } })) }],
    ['names and values in a string', { note: `user: u, password: ${secret}` }],
    ['XML in a string', { note: `<a><pin>${secret}</pin></a>` }],
    ['a user in a URL', { callback: `https://user:${secret}@example.com/x` }],
    ['a parameter of a URL', { callback: `https://example.com/x?api_key=${secret}&y=1` }],
    ['a card with percent signs', { callback: `/cards/${percent}` }],
    ['a card as a name', { [card]: 1 }],
  ])('in JSON, %s', (_, value) => {
    const shown = JSON.stringify(new Redactor(plain).value(value));
    expect(shown).not.toContain(secret);
    expect(shown).not.toContain(card);
    expect(shown).not.toContain(percent);
    expect(shown).toContain('***');
  });

  test.each<[string, string]>([
    ['malformed JSON', `{"a": 1, "password": "${secret}"`],
    ['malformed JSON with escapes', `{"\\u0070assword": "\\u0073${secret.slice(1)}"`],
    ['an object in malformed JSON', `{"password": {"x": ["}", "${secret}"]}, "y": }`],
    ['an object that never closes', `{"password": {"x": "${secret}"`],
    ['quotes of the other kind', `{'password': '${secret}'}`],
    ['a form', `a=1&password=${secret}&b=2`],
    ['a form with names in percent signs', `a=1&%70assword=${secret}`],
    ['a form with values in percent signs', `a=1&pass%77ord=${secret.replaceAll('-', '%2D')}`],
    ['an element', `<r><user>u</user><password>${secret}</password></r>`],
    ['an element with a namespace', `<x:r xmlns:x="u"><x:password a="1">${secret}</x:password></x:r>`],
    ['elements in an element', `<r><card><card/><number>${secret}</number></card></r>`],
    ['an element that never closes', `<r><password>${secret}`],
    ['a section of characters', `<r><password><![CDATA[${secret}]]></password></r>`],
    ['an attribute', `<r user="u" password="${secret}"/>`],
    ['an attribute in single quotes', `<r password = '${secret}'/>`],
    ['a part', `--b\r\nContent-Disposition: form-data; name="password"\r\n\r\n${secret}\r\n--b--`],
    ['a part of more than a line', `--b\nContent-Disposition: form-data; name=password\n\nx\n${secret}\n--b--`],
    ['a header', `Authorization: Bearer ${secret}`],
    ['a pair within a pair', `data: password=${secret}`],
  ])('in text, %s', (_, text) => {
    const shown = new Redactor(plain).plainText(text);
    expect(shown).not.toContain(secret);
    expect(shown).not.toContain(secret.slice(1));
    expect(shown).toContain('***');
  });

  test('what is not named stays', () => {
    const same = (text: string) => expect(new Redactor(plain).plainText(text)).toBe(text);
    same('{"amount": 10, "memo": "a: b = c"');
    same('<r a="1"><memo>x</memo><pin/><z>7</z></r>');
    same('a=1&b=2%20&c');
    same('--b\r\nContent-Disposition: form-data; name="memo"\r\n\r\nx\r\n--b--');
    const json = { memo: '{"a": 1.50}', at: '2026-01-01T00:00:00Z', url: 'https://example.com/x?y=1', list: '[1,' };
    expect(new Redactor(plain).value(json)).toEqual(json);
  });

  test.each(['Referer', 'Location'])('a URL in the header %s', (name) => {
    const redactor = new Redactor(plain);
    expect(redactor.parameter(name, `https://u:${secret}@x.test/a;token=${secret}&y=1`)).toBe(
      'https://***@x.test/a;token=***&y=1',
    );
    expect(redactor.text(`/nope;token=${secret}`)).toBe('/nope;token=***more');
  });

  test('more words than anybody looks for one by one, and of more than a hundred others everything', () => {
    const words = Array.from({ length: 500 }, (_, index) => `secret${index}`);
    const redactor = new Redactor(plain);
    redactor.value(words.map((password) => ({ password })));
    expect(redactor.text('copy of secret499 here')).toBe('copy of *** here'.replace('***', mask('secret499')));
    redactor.value(words.map((word) => ({ password: `${word} and more` })));
    expect(redactor.text('copy of secret499 and more')).toBe('***');
    expect(redactor.value({ memo: 'copy of secret499 and more' })).toEqual({ memo: '***' });
  });

  test('in what a request did to records: alike in what it made, changed and took away', () => {
    const record = { 'account/number': '55x', account: { note: 'abc' }, 'a~key': 'k', key: 4111111111111111 };
    const touch = (
      key: string | number,
      how: 'created' | 'changed' | 'deleted',
      before?: JsonObject,
      after?: JsonObject,
    ) => ({ collection: 'c', key, how, before, after }) as const;
    const changed = Object.fromEntries(Object.entries(record).map(([name]) => [name, 'before']));
    const touched = [
      touch('1', 'created', undefined, record),
      touch(4111111111111111, 'changed', changed, record),
      touch('3', 'deleted', record, undefined),
    ];
    const entry = Entry.of(1, outcome('', { touched }), 1e6);
    const changes = new JournalRenderer(new Map()).changes(entry);
    const shown = { 'account/number': '***', account: { note: '***' }, 'a~key': 'k', key: '***1111' };
    expect(changes.added[0]?.record).toEqual(shown);
    expect(changes.removed[0]?.record).toEqual(shown);
    expect(changes.changed[0]?.key).toBe('***1111');
    expect(changes.changed[0]?.members.map(({ after }) => after)).toEqual(Object.values(shown));
  });

  test('in an entry: names of parameters, what nothing reads, and what a refusal received', () => {
    const details = [
      { in: 'body', pointer: `/password/${card}`, rule: 'type', message: 'm', received: 'short-' },
    ] as const;
    const request = { method: 'POST', path: '/', query: `${card}=1`, rawHeaders: [], body: Buffer.from('') };
    const entry = Entry.of(1, outcome('', { request, problem: { kind: 'rule', message: 'm', details } }), 1e6);
    const shown = new JournalRenderer(new Map()).render(entry, 'w');
    expect(JSON.stringify(shown)).not.toContain(card);
    expect(JSON.stringify(shown)).not.toContain('short-');
  });
});

describe('a match', () => {
  const seen = (changes: Partial<Seen> = {}): Seen => ({
    api: 'acme',
    operationId: 'pay',
    method: 'POST',
    path: '/accounts/7/payments',
    query: new URLSearchParams('a=1&a=2'),
    headers: new Headers(['X-Id', '1', 'x-id', '2']),
    body: parse(
      '{"amount": 10.00, "lines": [{"sku": "a", "price": 1.50}, {"sku": "b", "price": 20}], "a/b": {"~": null}}',
    ),
    status: 201,
    response: parse('{"id": 12345678901234567890}'),
    work: new Work(1e8),
    ...changes,
  });
  const differences = (match: JsonValue, changes: Partial<Seen> = {}) => compileMatch(match)(seen(changes));

  test.each<[string]>([
    ['{}'],
    ['{"api": "acme", "operationId": "pay", "method": "post", "status": 201}'],
    ['{"status": "2XX"}'],
    ['{"path": "/accounts/7/payments"}'],
    ['{"path": "/accounts/{id}/payments"}'],
    ['{"header": {"X-ID": "2"}, "query": {"a": "1"}}'],
    ['{"body": [{"pointer": "/amount", "equals": 10}]}'],
    ['{"body": [{"pointer": "/amount", "equals": 1e1}]}'],
    ['{"body": [{"pointer": "/a~1b/~0", "equals": null}]}'],
    ['{"body": [{"pointer": "/lines/1", "equals": {"price": 20.0, "sku": "b"}}]}'],
    ['{"body": [{"path": "$.lines[*].sku", "equals": "b"}]}'],
    ['{"body": [{"path": "$.lines[?@.price > 1.4].price", "equals": 1.5}]}'],
    ['{"body": [{"path": "$.lines[?match(@.sku, \\"[ab]\\")]", "exists": true}]}'],
    ['{"body": [{"path": "$.lines[?search(@.sku, \\"(\\")]", "exists": false}]}'],
    ['{"body": [{"path": "$..sku", "matches": "^b$"}]}'],
    ['{"body": [{"pointer": "/amount", "matches": "^10\\\\.00$"}]}'],
    ['{"body": [{"pointer": "/nothing", "exists": false}, {"pointer": "", "exists": true}]}'],
    ['{"response": [{"pointer": "/id", "equals": 12345678901234567890}]}'],
  ])('%s holds', (match) => {
    expect(differences(parse(match))).toEqual([]);
  });

  test.each<[string, string]>([
    ['{"api": "other"}', '[{"at": "api", "expected": "other", "received": "acme"}]'],
    ['{"method": "get"}', '[{"at": "method", "expected": "GET", "received": "POST"}]'],
    ['{"status": "4xx"}', '[{"at": "status", "expected": "4xx", "received": 201}]'],
    [
      '{"path": "/accounts/{id}"}',
      '[{"at": "path", "expected": "/accounts/{id}", "received": "/accounts/7/payments"}]',
    ],
    ['{"header": {"X-Id": "3"}}', '[{"at": "header X-Id", "expected": "3", "received": ["1", "2"]}]'],
    ['{"query": {"b": "1"}}', '[{"at": "query b", "expected": "1"}]'],
    [
      '{"body": [{"pointer": "/amount", "equals": 10.01}]}',
      '[{"at": "body /amount", "expected": 10.01, "received": 10.00}]',
    ],
    [
      '{"body": [{"path": "$.lines[*].price", "equals": 3}]}',
      '[{"at": "body $.lines[*].price", "expected": 3, "received": [1.50, 20]}]',
    ],
    [
      '{"body": [{"pointer": "/lines/0/sku", "matches": "^b"}]}',
      '[{"at": "body /lines/0/sku", "expected": {"matches": "^b"}, "received": "a"}]',
    ],
    [
      '{"response": [{"pointer": "/id", "equals": 12345678901234567891}]}',
      '[{"at": "response /id", "expected": 12345678901234567891, "received": 12345678901234567890}]',
    ],
    [
      '{"body": [{"pointer": "/lines/01", "exists": true}]}',
      '[{"at": "body /lines/01", "expected": {"exists": true}}]',
    ],
    [
      '{"body": [{"pointer": "/constructor", "exists": true}]}',
      '[{"at": "body /constructor", "expected": {"exists": true}}]',
    ],
  ])('%s differs by %s', (match, expected) => {
    expect(differences(parse(match))).toEqual(parse(expected));
  });

  test('without an answer yet no status matches, and a body that is no JSON has nothing', () => {
    expect(differences({ status: 200 }, { status: undefined })).toEqual([{ at: 'status', expected: 200 }]);
    expect(differences({ body: [{ pointer: '', exists: false }] }, { body: undefined })).toEqual([]);
  });

  test('that is wrong is refused at once for all that is wrong, with the place', () => {
    const known = new Map([['acme', { operationIds: new Set(['pay']), documents: () => true }]]);
    const { kind, details } = refusal(() =>
      compileMatch(
        {
          api: 'other',
          operationId: 'refund',
          method: '',
          status: 99,
          header: { a: 1 },
          query: [],
          body: [
            { pointer: 'x', equals: 1 },
            { path: 'x', matches: '[' },
            { exists: 'yes', pointer: '' },
            1,
            { at: 1 },
          ],
          response: {},
          else: 1,
        },
        { at: '/match', known },
      ),
    );
    expect(kind).toBe('invalid-request');
    expect(details.map(({ pointer }) => pointer)).toEqual([
      '/match/api',
      '/match/operationId',
      '/match/method',
      '/match/status',
      '/match/header/a',
      '/match/query',
      '/match/body/0/pointer',
      '/match/body/1/path',
      '/match/body/1/matches',
      '/match/body/2/exists',
      '/match/body/3',
      '/match/body/4/at',
      '/match/body/4',
      '/match/body/4',
      '/match/response',
      '/match/else',
    ]);
    expect(refusal(() => compileMatch('x')).details).toMatchObject([{ pointer: '', rule: 'type' }]);
  });

  test.each([0, 204])('the status %i of an answer holds', (status) => {
    expect(differences({ status }, { status })).toEqual([]);
    expect(differences({ status: 200 }, { status })).toHaveLength(1);
  });

  test('asks for a fault by name, for any or for none', () => {
    const faults = ['slow', 'down'];
    for (const fault of ['slow', 'down', true]) expect(differences({ fault }, { faults })).toEqual([]);
    expect(differences({ fault: 'low' }, { faults })).toEqual([{ at: 'fault', expected: 'low', received: faults }]);
    expect(differences({ fault: false }, { faults })).toHaveLength(1);
    expect(differences({ fault: false })).toEqual([]);
    expect(differences({ fault: true })).toEqual([{ at: 'fault', expected: true }]);
    expect(refusal(() => compileMatch({ fault: 1 })).details).toMatchObject([{ pointer: '/fault' }]);
    expect(refusal(() => compileMatch({ fault: '' })).details).toMatchObject([{ pointer: '/fault' }]);
  });

  test('a path that begins with an api is refused unless an api documents it', () => {
    const document = makeDocument(
      'paths: { "/pay/{id}": { get: { operationId: a, parameters: [{ name: id, in: path, required: true, schema: { type: string } }], responses: { "200": { description: a } } } } }',
    );
    const known = knownApis([document]);
    for (const path of ['/pay/7', '/pay/{any}', '/nothing', '/acmes/pay/7']) {
      expect(() => compileMatch({ path }, { known })).not.toThrow();
    }
    for (const path of ['/acme/pay/7', '/~w-1/acme/pay/7']) {
      const [detail] = refusal(() => compileMatch({ path }, { known })).details;
      expect(detail).toMatchObject({
        pointer: '/path',
        message: expect.stringContaining('Write /pay/7; `path` is below'),
      });
    }
    const own = makeDocument(
      'paths: { "/acme/pay": { get: { operationId: a, responses: { "200": { description: a } } } } }',
    );
    expect(() => compileMatch({ path: '/acme/pay' }, { known: knownApis([own]) })).not.toThrow();
  });

  test.each([
    'a'.repeat(501),
    '(?<=a)b',
    '(a)\\1',
    'a{1001}{1001}',
    '(?:a?){1000}a{1000}$',
    '(?:(?:a{10}){10}){21}',
    '(){1000}a',
    '(?:\\Q)\\Eaaa){500}',
    '(?:[)]aaa){500}',
  ])('the expression %s is refused', (matches) => {
    expect(refusal(() => compileMatch({ body: [{ pointer: '', matches }] })).details).toMatchObject([
      { pointer: '/body/0/matches' },
    ]);
  });

  test.each([
    '$..a..b',
    `$..[${'*,'.repeat(17)}*]`,
    `$${'[0,0,0,0]'.repeat(6)}`,
    '$[?$.a]',
    `$${'.a'.repeat(200)}`,
    'a',
    '$.a b',
  ])('the path %s is refused', (path) => {
    expect(refusal(() => compileMatch({ body: [{ path, exists: true }] })).details).toMatchObject([
      { pointer: '/body/0/path' },
    ]);
  });

  test('names within quotes may look like anything', () => {
    expect(differences({ body: [{ path: '$["$..", "lines"]', exists: true }] })).toEqual([]);
  });

  test('an expression may be counted, and its text look like a count', () => {
    const taken = ['^[0-9]{1,64}$', '(?:[0-9a-f]{2}:){5}[0-9a-f]{2}', '\\x{20AC}{3}', '\\p{Greek}{2,}', '^.{0,1000}$'];
    const body = taken.map((matches) => ({ pointer: '', matches }));
    expect(differences({ body }, { body: 'no' })).toHaveLength(4);
  });

  test('the expressions of a match are bounded together', () => {
    const body = ['a', 'b', 'c', 'd'].map((letter) => ({ pointer: '', matches: letter.repeat(400) }));
    expect(refusal(() => compileMatch({ body })).details).toMatchObject([
      {
        pointer: '/body/2/matches',
        rule: 'limit',
        message: 'The expressions of a match have more than 1000 characters together.',
      },
    ]);
  });

  describe('is judged within the work that the request may make:', () => {
    const nested = (depth: number): JsonValue => (depth === 0 ? 1 : [nested(depth - 1)]);
    const wide: JsonValue = Array.from({ length: 300 }, () => Array.from({ length: 50 }, () => 0));

    test.each<[string, JsonObject, JsonValue]>([
      ['the same element by many ways', { path: `$${'[0,0]'.repeat(16)}`, exists: true }, nested(60)],
      ['every value many times over', { path: `$..[${'*,'.repeat(15)}*]`, exists: true }, wide],
      ['a filter that takes every value with all below it', { path: '$..[?@[?@[?@ == 1]]]', exists: true }, wide],
      ['a filter within which ways multiply', { path: `$[?@${'[0,0]'.repeat(16)}]`, exists: true }, nested(60)],
      [
        'expressions out of the values',
        { path: '$[?match(@, @)]', exists: true },
        Array.from({ length: 300 }, (_each, index) => `${index}`),
      ],
      ['a large expression on a long text', { pointer: '', matches: '(?:a?){200}a{200}$' }, 'a'.repeat(20_000)],
      ['the same in a filter', { path: '$[?search(@, "(?:a?){200}a{200}$")]', exists: true }, ['a'.repeat(20_000)]],
      ['many values compared', { path: '$..*', equals: 2 }, Array.from({ length: 300 }, () => 'a'.repeat(20_000))],
    ])('%s', (_, clause, body) => {
      const work = new Work(5_000_000);
      expect(() => differences({ body: [clause] }, { body, work })).toThrow(TooMuchWork);
      expect(work.done).toBeLessThanOrEqual(5_000_000);
    });

    test('what a test asks takes little of it', () => {
      const work = new Work(1e8);
      const body = [
        { path: '$.lines[?@.price > 1.4].price', equals: 1.5 },
        { path: '$.lines[*].sku', matches: '^b$' },
      ];
      expect(differences({ body }, { work })).toEqual([]);
      expect(work.done).toBeGreaterThan(0);
      expect(work.done).toBeLessThan(10_000);
    });
  });
});
