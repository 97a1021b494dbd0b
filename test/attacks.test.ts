/**
 * What a page or a client with bad intentions tries on the control API and around the pages for browsers; each of these was
 * once possible.
 */
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { shellComment } from '../src/shell.js';
import { versionDifferences } from '../src/store/differences.js';
import { control } from './control-client.js';
import { baseUrl, open, request, useSandbox } from './harness.js';

useSandbox({ limits: { streams: 2 } });

/** A request whose path stays as it is written. */
async function raw(path: string, headers: readonly string[] = []): Promise<string> {
  const { hostname, port, host } = new URL(baseUrl());
  const socket = connect(Number(port), hostname);
  socket.write([`GET ${path} HTTP/1.1`, `Host: ${host}`, 'Connection: close', ...headers, '', ''].join('\r\n'));
  let text = '';
  for await (const chunk of socket.setEncoding('utf8')) text += chunk;
  return text;
}

describe('pages of others', () => {
  const reset = (site: string) =>
    request(`${baseUrl()}/_sandbox/workspaces/default/reset`, { method: 'POST', headers: { 'sec-fetch-site': site } });

  test.each(['cross-site', 'same-site'])(
    'a request that a browser calls %s is refused, though it has no Origin',
    async (site) => {
      const { status, body } = await reset(site);
      expect([status, body.detail]).toEqual([403, 'A page of another origin may not steer the sandbox.']);
    },
  );

  test.each(['same-origin', 'none'])('one that it calls %s passes', async (site) => {
    expect((await reset(site)).status).toBe(200);
  });

  test('an answer of an api that a browser shows has no power; one that a client asks for is as it was', async () => {
    const client = await open('nuntiq');
    const shown = await client.get('/payments', { headers: { 'sec-fetch-dest': 'document' } });
    expect(shown.headers.get('content-security-policy')).toBe('sandbox');
    expect(shown.headers.get('x-content-type-options')).toBe('nosniff');
    const asked = await client.get('/payments', { headers: { 'sec-fetch-dest': 'empty' } });
    expect(asked.headers.get('content-security-policy')).toBeNull();
  });
});

describe('odd requests around the pages', () => {
  test.each([
    ['/%ff', '400', []],
    ['/~%ED%A0%80', '400', []],
    ['/~default/%ff/openapi.json', '400', []],
    ['/', '416', ['Range: bytes=9999999-']],
    ['/', '412', ['If-Match: "x"']],
  ])('%s is a %s without a trace', async (path, status, headers) => {
    const answer = await raw(path, headers);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).toContain('application/problem+json');
    expect(answer).not.toMatch(/node_modules|\bat .*\.js:/);
  });

  test('a member that every object has anyway is a difference like any other', () => {
    const record = { collection: 'things', key: 1, before: { id: 1 }, after: { id: 1, constructor: 'x', toString: 2 } };
    const [changed] = versionDifferences('any', [record]).changed;
    expect(changed?.members).toEqual([
      { pointer: '/constructor', before: null, after: 'x' },
      { pointer: '/toString', before: null, after: 2 },
    ]);
  });

  test('what a client was called cannot end the comment above a curl', () => {
    expect(shellComment('put in your own: z\ntouch /tmp/x\r\u2028# y')).toBe('# put in your own: z touch /tmp/x # y');
  });
});

describe('odd requests to the control API', () => {
  test('a parameter that is given twice is refused, and nothing is stored', async () => {
    const at = '/workspaces/default/state/nuntiq/payments';
    const before = (await control('GET', at)).body.total;
    const { status, body } = await control('POST', `${at}?dryRun=true&dryRun=false`, [{}]);
    expect([status, body.errors.map(({ pointer }: { pointer: string }) => pointer)]).toEqual([400, ['/dryRun']]);
    expect((await control('GET', at)).body.total).toBe(before);
  });

  test('a number has one name in a URL', async () => {
    const at = '/workspaces/default/state/logisense/payments';
    expect((await control('GET', `${at}/1`)).status).toBe(200);
    for (const alias of ['01', '+1', '1.0', '1e0']) expect((await control('GET', `${at}/${alias}`)).status).toBe(404);
  });

  test.each(['', '.', '..', 'x'.repeat(1_001)])(
    'a record is not stored under a key that no URL can name',
    async (key) => {
      const { status, body } = await control('POST', '/workspaces/default/state/upwell/payments', { id: key });
      expect(status).toBe(400);
      const [{ pointer, message }] = body.errors.filter((each: { message: string }) =>
        each.message.startsWith('A key'),
      );
      expect([pointer, message]).toEqual(['/id', expect.stringContaining('1 to 1000 characters')]);
    },
  );

  test('so many streams are open at once, and one that is closed makes room', async () => {
    const url = `${baseUrl()}/_sandbox/workspaces/default/journal/stream`;
    const first = new AbortController();
    const begun = await fetch(url, { signal: first.signal });
    await fetch(`${baseUrl()}/_sandbox/journal/stream`, { signal: AbortSignal.timeout(60_000) });
    expect(begun.status).toBe(200);
    const { status, body } = await request(url);
    expect([status, body.detail]).toEqual([429, expect.stringContaining('2 live journals')]);
    first.abort();
    await expect
      .poll(async () => {
        const again = new AbortController();
        const { status } = await fetch(url, { signal: again.signal });
        again.abort();
        return status;
      })
      .toBe(200);
  });
});
