/**
 * What other people's servers do, and rightly, is no defect; and what they do wrong beside it is found.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { checks, type Phase } from '../../src/verify/case.js';
import { type VerifyOptions, verify } from '../../src/verify/verify.js';
import { type Answer, type Asked, startSmallServer } from './small-server.js';

const directory = mkdtempSync(join(tmpdir(), 'paydouble-foreign-'));
afterAll(() => rmSync(directory, { recursive: true }));
let count = 0;

/** A document of paths. */
function documentOf(paths: string): string {
  const file = join(directory, `${++count}.yaml`);
  writeFileSync(file, `openapi: 3.0.3\ninfo: { title: Foreign, version: '1' }\npaths:\n${paths}`);
  return file;
}

/** What the judge says of a server, in its phases. */
async function judge(
  document: string,
  answer: (asked: Asked) => Answer,
  phases: Phase[],
  more: Partial<VerifyOptions> = {},
) {
  const server = await startSmallServer(answer);
  try {
    const { report } = await verify({
      document,
      url: server.url,
      authority: { credentials: new Map(), headers: [] },
      phases: new Set(phases),
      checks: new Set(checks),
      seed: 1,
      maxExamples: 20,
      maxMilliseconds: 10_000,
      workers: 1,
      timeoutMilliseconds: 10_000,
      ...more,
    });
    return { ...report, told: report.findings.map(({ check, message }) => `${check}: ${message}`) };
  } finally {
    server.close();
  }
}

const described = (...statuses: number[]) =>
  `{ ${statuses.map((status) => `'${status}': { description: S. }`).join(', ')} }`;

describe('a change without its condition', () => {
  const document = documentOf(`  /settings:
    put:
      operationId: putSettings
      parameters: [{ name: If-Match, in: header, required: true, schema: { type: string, maxLength: 10 } }]
      responses: ${described(200, 409, 412, 428)}
`);
  const server =
    (missing: number) =>
    (asked: Asked): Answer => {
      if (asked.method !== 'PUT') return asked.path === '/settings' ? [405] : [404];
      const given = asked.headers['if-match'];
      return given === undefined ? [missing] : [given === '*' ? 200 : 412];
    };
  test('may be refused with 428, and one that cannot hold with 412', async () => {
    expect((await judge(document, server(428), ['negative'])).told).toEqual([]);
  });
  test('not with a status of something else', async () => {
    expect((await judge(document, server(409), ['negative'])).told).toEqual([
      expect.stringMatching(/^missing_required_header: Received 409/),
    ]);
  });
});

function noteOf(text: string): unknown {
  try {
    return JSON.parse(text)?.note;
  } catch {
    return undefined;
  }
}

describe('idempotency keys', () => {
  const document = (header: string) =>
    documentOf(`  /payments:
    post:
      operationId: createPayment
      parameters: [{ name: Idempotency-Key, in: header, ${header} }]
      responses: { '201': { description: Made., content: { application/json: { schema: { type: object } } } }, '400': { description: No. } }
  /payments/{id}:
    get:
      operationId: getPayment
      parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
      responses: { '200': { description: One., content: { application/json: { schema: { type: object } } } }, '404': { description: None. } }
`);
  /** A server that remembers keys; `keys` are those that it was sent. */
  function payments(keys: string[], form = /^.{1,36}$/) {
    const made = new Map<string, Answer>();
    let last = 0;
    return ({ method, path, headers }: Asked): Answer => {
      const key = headers['idempotency-key'];
      if (method === 'GET')
        return Number(path.split('/').at(-1)) <= last ? [200, { id: path.split('/').at(-1) }] : [404];
      if (key !== undefined && !form.test(String(key))) return [400];
      keys.push(String(key));
      const answer: Answer = made.get(String(key)) ?? [201, { id: String(++last) }];
      if (key !== undefined) made.set(String(key), answer);
      return answer;
    };
  }

  test('are those of one run, and the same for the same run', async () => {
    const keysOf = async (run: string) => {
      const keys: string[] = [];
      expect((await judge(document('schema: { type: string }'), payments(keys), ['stateful'], { run })).told).toEqual(
        [],
      );
      return new Set(keys.filter((key) => key !== 'undefined'));
    };
    const [first, again, other] = [await keysOf('1'), await keysOf('1'), await keysOf('2')];
    expect(first.size).toBeGreaterThan(1);
    expect(again).toEqual(first);
    expect([...other].filter((key) => first.has(key))).toEqual([]);
  });

  test('are another for every request that is not about them: the same one with other content is refused', async () => {
    const documented = documentOf(`  /notes:
    post:
      operationId: createNote
      parameters: [{ name: Idempotency-Key, in: header, required: true, schema: { type: string, minLength: 8 }, example: one-and-the-same }]
      requestBody: { required: true, content: { application/json: { schema: { type: object, required: [note], properties: { note: { type: string, maxLength: 9 } } } } } }
      responses: ${described(201, 400, 415)}
`);
    const bodies = new Map<string, string>();
    const server = ({ method, path, headers, text }: Asked): Answer => {
      if (method !== 'POST') return path === '/notes' ? [405] : [404];
      const key = headers['idempotency-key'];
      if (typeof key !== 'string' || key.length < 8) return [400];
      if (headers['content-type'] !== 'application/json') return [415];
      const note = noteOf(text);
      if (typeof note !== 'string' || [...note].length > 9) return [400];
      const before = bodies.get(key);
      bodies.set(key, text);
      return before === undefined || before === text ? [201] : [422];
    };
    const { told, outcomes } = await judge(documented, server, ['positive', 'fuzz', 'negative']);
    expect(told).toEqual([]);
    expect(outcomes.length).toBeGreaterThan(10);
    expect([...bodies.keys()]).not.toContain('one-and-the-same');
  });

  test('that must be sent are another for every creation, and have the documented form', async () => {
    for (const [schema, form] of [
      ['{ type: string, format: uuid }', /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-8[\da-f]{3}-[\da-f]{12}$/],
      ['{ type: string, maxLength: 12 }', /^.{1,12}$/],
    ] as const) {
      const keys: string[] = [];
      const { outcomes } = await judge(document(`required: true, schema: ${schema}`), payments(keys, form), [
        'stateful',
      ]);
      const created = outcomes.filter(({ answer }) => !(answer instanceof Error) && answer.status === 201);
      const sent = created.flatMap(({ case: { request } }) =>
        request.headers.filter(([name]) => name === 'Idempotency-Key'),
      );
      expect(created.length).toBeGreaterThan(4);
      // The repeated one, and one of the two at once.
      expect(new Set(sent.map(([, key]) => key)).size).toBe(created.length - 2);
    }
  });
});

describe('lists that one answer does not show whole', () => {
  const things = (parameters: string) =>
    documentOf(`  /payouts:
    post:
      operationId: createPayout
      responses: { '201': { description: Made., content: { application/json: { schema: { type: object } } } } }
    get:
      operationId: listPayouts
      parameters: [${parameters}]
      responses: { '200': { description: Some., content: { application/json: { schema: { type: object } } } } }
  /payouts/{id}:
    get:
      operationId: getPayout
      parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
      responses: { '200': { description: One., content: { application/json: { schema: { type: object } } } }, '404': { description: None. } }
`);
  const size = '{ name: limit, in: query, schema: { type: integer, maximum: 7 } }';
  const sizeAlone = '{ name: limit, in: query, schema: { type: integer, default: 10 } }';
  const by = (name: string) => `{ name: ${name}, in: query, schema: { type: string } }`;
  type Page = (shown: readonly { id: string }[], rest: number, end: number, total: number) => Record<string, unknown>;

  /**
   * A server of payouts whose lists begin behind a number; the newest is last, or, where it forgets, not there. `held` are
   * there at first, and `most` stand on a page.
   */
  function payouts(from: (query: URLSearchParams) => number, page: Page, forgets: boolean, held = 30, most = 7) {
    let last = held;
    return ({ method, path, query }: Asked): Answer => {
      const id = path.split('/').at(2);
      if (method === 'POST') return [201, { id: `p${++last}` }];
      if (id !== undefined) return Number(id.slice(1)) <= last ? [200, { id }] : [404];
      const start = from(query);
      const kept = forgets ? held : last;
      const end = Math.min(kept, start + Math.min(Number(query.get('limit') ?? most), most));
      const shown = Array.from({ length: end - start }, (_, index) => ({ id: `p${start + index + 1}` }));
      return [200, page(shown, kept - end, end, kept)];
    };
  }

  const cursor = (name: string) => (query: URLSearchParams) => Number((query.get(name) ?? '0').replace(/^\D+/, ''));
  const styles: readonly (readonly [string, string, (query: URLSearchParams) => number, Page])[] = [
    [
      'next_cursor',
      `${size}, ${by('cursor')}`,
      cursor('cursor'),
      (data, rest, end) => ({ data, next_cursor: rest === 0 ? null : `c${end}` }),
    ],
    [
      'next_page_token, absent at the end',
      by('page_token'),
      cursor('page_token'),
      (data, rest, end) => ({ data, ...(rest === 0 ? {} : { next_page_token: `t${end}` }) }),
    ],
    [
      'has_more',
      `${size}, ${by('starting_after')}`,
      cursor('starting_after'),
      (data, rest) => ({ data, has_more: rest > 0 }),
    ],
    [
      'a link in its paging',
      by('after'),
      cursor('after'),
      (data, rest, end) => ({ data, paging: { next: rest === 0 ? '' : `/payouts?after=n${end}` } }),
    ],
    [
      'numbers, and no documented length',
      by('page'),
      (query) => (Number(query.get('page') ?? 1) - 1) * 7,
      (data) => ({ data }),
    ],
    [
      'numbers, and less than was asked for',
      `${by('page')}, { name: limit, in: query, schema: { type: integer, maximum: 100 } }`,
      (query) => (Number(query.get('page') ?? 1) - 1) * 7,
      (data, _, __, total) => ({ data, total }),
    ],
  ];
  test.each(styles)('%s: pages are followed', async (_, parameters, from, page) => {
    const document = things(parameters);
    const right = await judge(document, payouts(from, page, false), ['stateful'], {
      checks: new Set(['ensure_resource_availability']),
    });
    expect([right.told, right.notes]).toEqual([[], []]);
    const forgets = await judge(document, payouts(from, page, true), ['stateful']);
    expect(forgets.told).toContainEqual(
      expect.stringMatching(/^ensure_resource_availability: createPayout made p\d+, and listPayouts does not list it/),
    );
  });

  test.each([
    ['numbers', by('page'), (query: URLSearchParams) => (Number(query.get('page') ?? 1) - 1) * 200_000],
    ['a cursor', by('cursor'), () => 0],
  ])('by %s, with more records than a call has room for parameters: are followed', async (_, parameters, from) => {
    const all = payouts(from, (data) => ({ data, next_cursor: null }), false, 130_000, 200_000);
    const right = await judge(things(parameters), all, ['stateful'], {
      checks: new Set(['ensure_resource_availability']),
      maxMilliseconds: 60_000,
    });
    expect([right.told, right.notes]).toEqual([[], []]);
    expect(right.outcomes.some(({ case: { id } }) => id.includes('-list'))).toBe(true);
  });

  const unclear: readonly (readonly [string, string, (query: URLSearchParams) => number, Page, string])[] = [
    [
      'nothing says where to go on',
      by('cursor'),
      cursor('cursor'),
      (data) => ({ data }),
      'pages by cursor are not followed',
    ],
    [
      'two cursors',
      by('cursor'),
      cursor('cursor'),
      (data, _, end) => ({ data, next: `a${end}`, next_cursor: `b${end}` }),
      'pages by cursor are not followed',
    ],
    [
      'more, and no cursor',
      by('cursor'),
      cursor('cursor'),
      (data) => ({ data, has_more: true }),
      'pages by cursor are not followed',
    ],
    [
      'a cursor that leads nowhere else',
      by('cursor'),
      () => 0,
      (data) => ({ data, next_cursor: 'same' }),
      'pages by cursor are not followed',
    ],
    [
      'a total, and no pages',
      '',
      () => 0,
      (data, _, __, total) => ({ data, total }),
      'what it lists may not be all that there is, and is not judged as a whole',
    ],
    [
      'as long as a page is',
      sizeAlone.replace('10', '7'),
      () => 0,
      (data) => ({ data }),
      'what it lists may not be all that there is, and is not judged as a whole',
    ],
  ];
  test.each(unclear)(
    '%s: what is not there is not judged, and that is noted',
    async (_, parameters, from, page, note) => {
      const { told, notes } = await judge(things(parameters), payouts(from, page, false), ['stateful']);
      expect([told, notes]).toEqual([[], [`listPayouts: ${note}`]]);
    },
  );

  test('have the same ids of cases, whatever a server holds; one that there is not names the nearest', async () => {
    const document = things(`${size}, ${by('cursor')}`);
    const [, , from, page] = styles[0] ?? [];
    if (from === undefined || page === undefined) throw new Error('There is a style.');
    const idsOf = async (held: number, replay?: string) => {
      const server = payouts(from, page, false);
      for (let count = 0; count < held; count++) {
        server({ method: 'POST', path: '/payouts', query: new URLSearchParams(), headers: {}, text: '' });
      }
      const { outcomes } = await judge(document, server, ['stateful'], replay === undefined ? {} : { replay });
      return outcomes.map(({ case: { id } }) => id);
    };
    const others = (ids: readonly string[]) => ids.filter((id) => !id.includes('-list'));
    const few = await idsOf(0);
    expect(new Set(few).size).toBe(few.length);
    expect(others(await idsOf(50))).toEqual(others(few));
    const id = others(few).at(-1) ?? '';
    expect(await idsOf(50, id)).toEqual([id]);
    await expect(idsOf(0, 'stateful/createPayout/createPayout-craete')).rejects.toThrow(
      'Nearest are stateful/createPayout/createPayout-create',
    );
    await expect(idsOf(0, 'stateful/nothing')).rejects.toThrow('Run --phase stateful');
  });

  test('one that is shorter than a page is whole', async () => {
    const forgets = payouts(
      () => 0,
      (data) => ({ data }),
      true,
    );
    const { told } = await judge(things(sizeAlone), forgets, ['stateful']);
    expect(told).toContainEqual(expect.stringMatching(/^ensure_resource_availability: createPayout made/));
  });
});

describe('a PATCH', () => {
  const document = documentOf(`  /cards:
    post:
      operationId: createCard
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/Card' } } } }
      responses: { '201': { description: Made., content: { application/json: { schema: { type: object } } } } }
  /cards/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    get:
      operationId: getCard
      responses: { '200': { description: One., content: { application/json: { schema: { type: object } } } }, '404': { description: None. } }
    patch:
      operationId: patchCard
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/Card' } } } }
      responses: { '200': { description: One., content: { application/json: { schema: { type: object } } } }, '404': { description: None. } }
components:
  schemas:
    Card:
      type: object
      example: { label: mine, note: long, limit: 5 }
      properties: { label: { type: string }, note: { type: string }, limit: { type: integer }, version: { type: integer } }
`);
  type Card = Record<string, unknown>;

  function cards(patched: (card: Card, sent: Card) => Card) {
    const made = new Map<string, Card>();
    return ({ method, path, text }: Asked): Answer => {
      const id = path.split('/').at(2) ?? String(made.size + 1);
      const card = made.get(id);
      if (method !== 'POST' && card === undefined) return [404];
      const sent: Card = text === '' ? {} : JSON.parse(text);
      if (method === 'POST') made.set(id, { version: 1, ...sent, id });
      if (method === 'PATCH' && card !== undefined) made.set(id, { ...patched(card, sent), id });
      return [method === 'POST' ? 201 : 200, made.get(id)];
    };
  }

  const empty = { label: null, note: null, limit: null };
  const wrong: readonly (readonly [string, (card: Card, sent: Card) => Card])[] = [
    ['null', (_, sent) => ({ ...empty, ...sent })],
    ['nothing', (_, sent) => sent],
    ['a default', (card, sent) => ({ ...card, note: '', ...sent })],
    ['null, one of them', (card, sent) => ({ ...card, limit: null, ...sent })],
  ];
  test.each(wrong)('that sets what was not sent to %s loses it', async (_, patched) => {
    const { told } = await judge(document, cards(patched), ['stateful'], { checks: new Set(['lost_update']) });
    expect(told.length).toBeGreaterThan(0);
  });

  const right: readonly (readonly [string, (card: Card, sent: Card) => Card])[] = [
    ['keeps the rest', (card, sent) => ({ ...card, ...sent })],
    ['counts versions', (card, sent) => ({ ...card, ...sent, version: Number(card.version) + 1 })],
    [
      'makes something new of what changed',
      (card, sent) => ({
        ...card,
        ...(sent.limit === undefined || sent.limit === card.limit ? {} : { note: 'raised' }),
        ...sent,
      }),
    ],
  ];
  test.each(right)('that %s loses nothing', async (_, patched) => {
    const { told } = await judge(document, cards(patched), ['stateful'], { checks: new Set(['lost_update']) });
    expect(told).toEqual([]);
  });
});

test('what random requests must get is said in a word, and the type of a text counts as no constraint', async () => {
  const document = documentOf(`  /search:
    get:
      operationId: search
      parameters:
        - { name: q, in: query, required: true, schema: { type: string } }
        - { name: n, in: query, required: true, schema: { type: integer, minimum: 3 } }
      responses: ${described(200)}
`);
  const few = (asked: Asked): Answer => (asked.query.get('n') === 'paydouble' ? [400] : [200]);
  const { coverage } = await judge(document, few, ['negative']);
  const names = coverage.filter(({ kind }) => kind === 'constraint').map(({ name }) => name);
  expect(names).toContain('query /n type');
  expect(names).not.toContain('query /q type');
  const { told } = await judge(document, few, ['fuzz'], { maxExamples: 200 });
  expect(told).toEqual([expect.stringMatching(/^negative_data_rejection: .*; documented: a refusal \(4xx\)\.$/)]);
});
