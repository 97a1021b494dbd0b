/**
 * The control API: what is served, workspaces that see nothing of each other, state that can be read.
 */
import { describe, expect, test } from 'vitest';
import { documentedApis, loadDocument } from '../src/document.js';
import { control } from './control-client.js';
import { baseUrl, useSandbox } from './harness.js';

useSandbox();

describe('what is served', () => {
  test('health says that it is up, which version, and how many apis', async () => {
    const { status, body } = await control('GET', '/health');
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'up', apis: documentedApis().length });
    expect(body.version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test('apis lists every operation of every document, and credentials that are accepted', async () => {
    const { body } = await control('GET', '/apis');
    expect(body.map(({ api }: { api: string }) => api)).toEqual(documentedApis());
    for (const { api, operations, credentials } of body) {
      const documented = loadDocument(api).operations.map(({ operationId }) => operationId);
      expect(operations.map(({ operationId }: { operationId: string }) => operationId)).toEqual(documented);
      for (const { values } of credentials) expect(values.length).toBeGreaterThan(0);
    }
  });

  test('an api in detail: what its operations answer, what its records are, and a request to begin with', async () => {
    for (const name of documentedApis()) {
      const { body } = await control('GET', `/apis/${name}`);
      const { operations, collections } = loadDocument(name);
      for (const [index, { operationId, responses }] of operations.entries()) {
        const shown = body.operations[index];
        expect(shown.operationId).toBe(operationId);
        expect(shown.responses.map(({ status }: { status: string }) => status)).toEqual([...responses.keys()]);
      }
      for (const [index, { name: collection, key, references }] of collections.entries()) {
        const shown = body.collections[index];
        expect(shown).toMatchObject({ collection, key, references: Object.fromEntries(references) });
        const names = shown.properties.map((each: { name: string }) => each.name);
        expect(names).toEqual([...new Set(names)]);
        for (const property of [key, ...references.keys()]) expect(names).toContain(property);
      }
      const { method, path, headers, body: text } = body.firstRequest;
      const answer = await fetch(baseUrl() + path, { method, headers, body: text });
      expect([200, 201], await answer.text()).toContain(answer.status);
    }
    expect((await control('GET', '/apis/nobody')).body.detail).toContain('There is no api nobody. Known are ');
  });

  test('samples lists one of each card, with paths that can be sent as they are', async () => {
    const { body } = await control('GET', '/samples');
    for (const sample of body) {
      expect(Object.keys(sample).slice(0, 9)).toEqual([
        'api',
        'operationId',
        'method',
        'path',
        'scenario',
        'headers',
        'request',
        'response',
        'deviations',
      ]);
      expect(sample.path.startsWith(`/${sample.api}/`)).toBe(true);
      expect(sample.path).not.toContain('{');
    }
  });

  test('scenarios lists default for every api, with its story', async () => {
    const { body } = await control('GET', '/scenarios');
    const found = body.find(({ scenario }: { scenario: string }) => scenario === 'default');
    expect(found.apis.map(({ api }: { api: string }) => api)).toEqual(documentedApis());
    for (const { story } of found.apis) expect(story.length).toBeGreaterThan(80);
  });
});

describe('workspaces', () => {
  test('one is made, described, listed, reset and thrown away', async () => {
    const made = await control('POST', '/workspaces', { name: 'Checkout-17', scenario: 'default' });
    expect(made.status).toBe(201);
    expect(made.headers.get('location')).toBe('/_sandbox/workspaces/Checkout-17');
    expect(made.body).toMatchObject({ name: 'Checkout-17', scenario: 'default', url: '/~Checkout-17', requests: 0 });
    const timeless = ({ clock: _, ...others }: Record<string, unknown>) => others;
    expect(timeless((await control('GET', '/workspaces/Checkout-17')).body)).toEqual(timeless(made.body));
    const names = (await control('GET', '/workspaces')).body.map(({ name }: { name: string }) => name);
    expect(names).toContain('Checkout-17');
    expect(timeless((await control('POST', '/workspaces/Checkout-17/reset')).body)).toEqual(timeless(made.body));
    expect((await control('DELETE', '/workspaces/Checkout-17')).status).toBe(204);
    expect((await control('GET', '/workspaces/Checkout-17')).status).toBe(404);
  });

  test('one without a name gets one, and without a scenario the default one', async () => {
    const [first, second] = [await control('POST', '/workspaces', {}), await control('POST', '/workspaces', {})];
    expect(first.body.scenario).toBe('default');
    expect(first.body.name).not.toBe(second.body.name);
  });

  test('the default one stays', async () => {
    const { status, body } = await control('DELETE', '/workspaces/default');
    expect(status).toBe(409);
    expect(body.detail).toContain('Reset it');
    expect((await control('GET', '/workspaces/default')).status).toBe(200);
  });

  test.each([
    ['a name that is taken', { name: 'default' }, 409, '/name'],
    ['an unknown scenario', { scenario: 'nothing' }, 404, '/scenario'],
    ['a path for a name', { name: '../etc' }, 400, '/name'],
    ['an empty name', { name: '' }, 400, '/name'],
    ['a name of 101 characters', { name: 'x'.repeat(101) }, 400, '/name'],
    ['a number for a name', { name: 7 }, 400, '/name'],
    ['an unknown member', { title: 'x' }, 400, ''],
  ])('%s is refused, and the refusal names the field', async (_, body, status, pointer) => {
    const before = (await control('GET', '/workspaces')).body.length;
    const answer = await control('POST', '/workspaces', body);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(answer.body.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer);
    expect((await control('GET', '/workspaces')).body).toHaveLength(before);
  });

  test.each([
    ['no JSON', '{"name"', 400],
    ['an array', [], 400],
    ['null', 'null', 400],
  ])('%s is refused', async (_, body, status) => {
    expect((await control('POST', '/workspaces', body)).status).toBe(status);
  });

  test('a query parameter that is not documented is refused, and those that are documented named', async () => {
    const one = await control('GET', '/workspaces/default/state/nuntiq/payments?limits=1');
    expect([one.status, one.body.detail]).toEqual([
      400,
      'readState has no query parameter "limits"; known are search, where, sort, limit, offset.',
    ]);
    expect((await control('GET', '/health?x=1')).body.detail).toContain('has no query parameter "x"; it has none.');
    expect((await control('DELETE', '/workspaces/nobody?force=1')).status).toBe(400);
  });

  test('every path and method that is not documented is refused', async () => {
    expect((await control('GET', '/nothing')).status).toBe(404);
    const answer = await control('PUT', '/workspaces');
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('GET, POST, HEAD');
  });
});

describe('state', () => {
  test('a collection is read in parts', async () => {
    const held: Record<string, Record<string, number>> = (await control('GET', '/workspaces/default')).body.collections;
    const all = Object.entries(held).flatMap(([name, sizes]) =>
      Object.entries(sizes).map(([collection, size]) => ({ api: name, collection, size })),
    );
    const { api, collection, size } = all.find((each) => each.size > 1) ?? expect.fail();
    const path = `/workspaces/default/state/${api}/${collection}`;
    const whole = (await control('GET', path)).body;
    expect(whole).toMatchObject({ api, collection, total: size });
    expect(whole.records).toHaveLength(size);
    const part = (await control('GET', `${path}?limit=1&offset=1`)).body;
    expect(part).toMatchObject({ total: size, records: [whole.records[1]] });
  });

  test('records are searched and sorted, and parts are taken of what is found', async () => {
    const { name } = (await control('POST', '/workspaces', {})).body;
    const path = `/workspaces/${name}/state/staxbill/customers`;
    const customers = Array.from({ length: 1_000 }, (_, index) => ({
      id: 8_000 + index,
      currency: 'USD',
      firstName: `Test ${index}`,
    }));
    await control('POST', path, customers);
    const found = (await control('GET', `${path}?search=tEST%2099&sort=-id&limit=2&offset=1`)).body;
    expect([found.total, found.records.map(({ id }: { id: number }) => id)]).toEqual([1 + 10, [8_998, 8_997]]);
    const held = (await control('GET', `${path}?where=id:8017`)).body;
    expect([held.total, held.records[0].firstName]).toEqual([1, 'Test 17']);
    expect((await control('GET', `${path}?search=nowhere`)).body).toMatchObject({ total: 0, records: [] });
  });

  test('a property that no record has is refused, wherever it is named', async () => {
    const path = '/workspaces/default/state/nuntiq/payments?sort=-amout&where=state:SETTLED';
    const { status, body } = await control('GET', path);
    expect([status, body.errors.map((each: { pointer: string }) => each.pointer)]).toEqual([400, ['/where', '/sort']]);
    expect(body.errors[1].message).toMatch(/^Records of payments have no amout\. They have payment_id, /);
  });

  test.each([
    ['/workspaces/nobody/state/nuntiq/payments', 404],
    ['/workspaces/default/state/nothing/payments', 404],
    ['/workspaces/default/state/nuntiq/nothing', 404],
    ['/workspaces/default/state/nuntiq/payments?limit=-1', 400],
    ['/workspaces/default/state/nuntiq/payments?limit=ten', 400],
    ['/workspaces/default/state/nuntiq/payments?limit=1e2', 400],
    ['/workspaces/default/state/nuntiq/payments?offset=0.5', 400],
    ['/workspaces/default/state/nuntiq/payments?search=', 400],
    [`/workspaces/default/state/nuntiq/payments?search=${'a'.repeat(1001)}`, 400],
    ['/workspaces/default/state/nuntiq/payments?where=status', 400],
    ['/workspaces/default/state/nuntiq/payments?where=:SETTLED', 400],
    ['/workspaces/default/state/nuntiq/payments?sort=', 400],
  ])('%s is a %i', async (path, status) => {
    expect((await control('GET', path)).status).toBe(status);
  });
});

describe('who may steer', () => {
  test('a page of another origin may not', async () => {
    const answer = await control('GET', '/health', undefined, { origin: 'https://evil.example' });
    expect(answer.status).toBe(403);
    expect(answer.body.detail).toContain('https://evil.example');
    expect((await control('POST', '/workspaces', { name: 'evil' }, { origin: 'https://evil.example' })).status).toBe(
      403,
    );
    expect((await control('GET', '/workspaces/evil')).status).toBe(404);
  });

  test("the sandbox's own page may", async () => {
    expect((await control('GET', '/health', undefined, { origin: baseUrl() })).status).toBe(200);
  });
});
