/**
 * HTTP: how a URL, a host name or a header leads to an api and a workspace, and what the server does with odd clients.
 */
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { documentedApis, loadDocument } from '../src/document.js';
import { baseUrl, open, request, useSandbox } from './harness.js';

useSandbox();

const [api = ''] = documentedApis();

/** A request with any header, `Host` included. */
function ask(
  path: string,
  headers: Record<string, string>,
  method = 'GET',
): Promise<{ status: number; headers: IncomingHttpHeaders; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(`${baseUrl()}${path}`, { method, headers, setHost: !('host' in headers) }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    sent.on('error', reject);
    sent.end();
  });
}

/** Bytes to the server's socket, and everything that comes back until it closes. */
function talk(bytes: string): Promise<string> {
  const { hostname, port } = new URL(baseUrl());
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    socket.setEncoding('utf8');
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('close', () => resolve(text));
    socket.on('error', reject);
  });
}

test('a browser that opens the root of an api is led to its documentation; a client is refused by the api', async () => {
  const page = await ask(`/${api}/`, { accept: 'text/html,*/*' });
  expect([page.status, page.headers.location]).toEqual([302, `/_browser/documentation.html?api=${api}`]);
  expect((await ask('/', { accept: 'text/html' })).text).toContain('<title>paydouble</title>');
  expect((await ask(`/${api}/`, {})).status).toBe(404);
});

describe('where a request goes', () => {
  const [operation] = loadDocument(api).operations;
  const path = (operation?.path ?? '/').replace(/\{[^}]+\}/g, '1');
  const method = operation?.method ?? 'GET';

  test('a host name leads to the api, with the path of its own server', async () => {
    const { status } = await ask(path, { host: `${api}.localhost:4010` }, method);
    expect(status).toBe(401);
    for (const prefix of loadDocument(api).serverPaths) {
      expect((await ask(`${prefix}${path}`, { host: `${api}.localhost` }, method)).status, prefix).toBe(401);
    }
  });

  test('the header X-Sandbox-Workspace chooses a workspace, and a URL prefix wins over it', async () => {
    const { workspace } = await open(api);
    expect((await ask(`/${api}${path}`, { 'x-sandbox-workspace': workspace }, method)).status).toBe(401);
    expect((await ask(`/${api}${path}`, { 'x-sandbox-workspace': 'nobody' }, method)).status).toBe(404);
    expect((await ask(`/~${workspace}/${api}${path}`, { 'x-sandbox-workspace': 'nobody' }, method)).status).toBe(401);
  });

  test.each(['nobody', `n${'o'.repeat(99)}`])(
    'for the unknown workspace %s there is advice that works',
    async (name) => {
      const { text } = await ask(`/~${name}/${api}${path}`, {}, method);
      const [advice] = /\{[^{}]*"scenario[^{}]*\}/.exec(text.replaceAll('\\"', '"')) ?? [];
      const headers = { 'content-type': 'application/json' };
      const made = await request(`${baseUrl()}/_sandbox/workspaces`, { method: 'POST', headers, body: advice ?? text });
      expect(made.status, made.text).toBe(201);
      expect((await ask(`/~${name}/${api}${path}`, {}, method)).status).toBe(401);
    },
  );

  test.each(['..%2f', `n${'o'.repeat(100)}`, '%22', '', '-n'])(
    'a workspace %j, which cannot be, is told what a name is',
    async (name) => {
      const { status, text } = await ask(`/~${name}/${api}${path}`, {}, method);
      expect(status).toBe(404);
      expect(text).toContain('A name has up to 100 letters');
      expect(text).not.toContain('POST');
    },
  );

  test('an unknown api is a 404 that lists those that are served', async () => {
    const { status, text, headers } = await ask('/nothing/payments', {});
    expect(status).toBe(404);
    expect(headers['content-type']).toContain('application/problem+json');
    expect(text).toContain(`/${api}`);
  });

  test.each(documentedApis())(
    'the document of %s is served as JSON and as YAML, samples in their places',
    async (each) => {
      const json = await request(`${baseUrl()}/${each}/openapi.json`);
      expect(json.status).toBe(200);
      expect(json.body.openapi).toBe('3.0.3');
      expect(json.text).not.toContain('./samples/');
      const yaml = await request(`${baseUrl()}/${each}/openapi.yaml`);
      expect(yaml.status).toBe(200);
      expect(yaml.text).toContain('openapi: 3.0.3');
    },
  );

  test('its first server is the one that was asked, below a workspace too; the vendor stays', async () => {
    const plain = await request(`${baseUrl()}/${api}/openapi.json`);
    const [first, ...others] = plain.body.servers;
    expect(first).toEqual({ url: `${baseUrl()}/${api}`, description: 'The sandbox.' });
    expect(others).not.toEqual([]);
    expect(JSON.stringify(others)).not.toContain('127.0.0.1');
    const below = await request(`${baseUrl()}/~some-tests/${api}/openapi.json`);
    const servers = [{ ...first, url: `${baseUrl()}/~some-tests/${api}` }, ...others];
    expect(below.body).toEqual({ ...plain.body, servers });
    expect((await request(`${baseUrl()}/~default/nothing/openapi.json`)).status).toBe(404);
  });

  test('the pages come with a policy that lets nothing else in, and a workspace leads to its own', async () => {
    const home = await request(`${baseUrl()}/`);
    expect(home.headers.get('content-security-policy')).toMatch(/default-src 'self'.*frame-ancestors 'none'/);
    const [script = ''] = /\/_browser\/assets\/[^"]+\.js/.exec(home.text) ?? [];
    expect((await request(baseUrl() + script)).headers.get('cache-control')).toContain('immutable');
    expect((await ask('/~some-tests/', { accept: 'text/html' })).headers.location).toBe('/#/~some-tests/');
    expect((await ask('/_browser/..%2f..%2fpackage.json', {})).status).toBe(404);
    expect((await ask('/_browser/none.js', {})).status).toBe(404);
  });
});

test('a 401 on demand says how to authenticate, as one that happened does', async () => {
  const client = await open('logisense');
  const headers = { authorization: 'Bearer nobody' };
  const happened = await client.get('/Payment/1', { headers });
  const demanded = await client.get('/Payment/1', { headers: { prefer: 'code=401' } });
  expect([happened.status, demanded.status]).toEqual([401, 401]);
  expect(demanded.headers.get('www-authenticate')).toBe(happened.headers.get('www-authenticate'));
  expect(demanded.headers.get('www-authenticate')).toMatch(/^Bearer/);
});

describe('odd clients', () => {
  test('bytes that are no HTTP get a 400 and a closed line', async () => {
    expect(await talk('nonsense\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
  });

  test('a Content-Length beyond the limit with Expect: 100-continue is refused before the body is sent', async () => {
    const headers = `POST /${api}/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n`;
    expect(await talk(headers)).toMatch(/^HTTP\/1\.1 4\d\d /);
  });

  test('requests that are sent at once on one line are answered in order', async () => {
    const one = 'GET /_sandbox/health HTTP/1.1\r\nHost: localhost\r\n\r\n';
    const two = 'GET /_sandbox/nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
    const answers = await talk(one + two);
    expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 404']);
  });

  test('a body in chunks beyond the limit is passed over, and the line serves on', async () => {
    const { workspace } = await open(api);
    const [operation] = loadDocument(api).operations.filter(({ requestBody }) => requestBody !== undefined);
    const path = (operation?.path ?? '').replace(/\{[^}]+\}/g, '1');
    const head = `${operation?.method} /~${workspace}/${api}${path} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n`;
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`.repeat(20);
    const next = 'GET /_sandbox/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
    const answers = await talk(`${head}${chunk}0\r\n\r\n${next}`);
    expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 413', 'HTTP/1.1 200']);
  });

  test('an absolute URL in the request line is read as a path', async () => {
    const answers = await talk(
      'GET http://localhost/_sandbox/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    );
    expect(answers).toMatch(/^HTTP\/1\.1 200 /);
  });

  test.each(['/_sandbox/health', '/', '/_browser/index.html', '/nuntiq/openapi.json', '/~w/nuntiq/openapi.yaml'])(
    'a host name that is not this machine may not read %s, which its own names may',
    async (path) => {
      const { status, text } = await ask(path, { host: 'evil.example:4010' });
      expect(status).toBe(403);
      expect(text).toContain('The host name evil.example is not');
      for (const host of ['localhost:4010', '127.0.0.1', '[::1]:4010', 'pay.localhost', 'LocalHost:4010'])
        expect((await ask(path, { host })).status, host).toBe(200);
    },
  );

  test("a vendor's operations answer to any host name, and a path that leads nowhere says so", async () => {
    const { status } = await ask('/nuntiq/payments', { host: 'pay.example' }, 'POST');
    expect(status).toBe(401);
    expect((await ask('/nowhere/at/all', { host: 'pay.example' })).status).toBe(404);
  });
});
