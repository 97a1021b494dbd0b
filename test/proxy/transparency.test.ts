/**
 * What passes the proxy is what was sent, to the byte, in both directions; only Host and what belongs to one connection is
 * each side's own.
 */
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { root } from '../../src/paths.js';
import { type RunningProxy, startProxy } from '../../src/proxy/proxy.js';
import { dial, type End, RawServer, withoutConnection } from './wire.js';

const document = join(root, 'test', 'verify', 'ledger.yaml');

let server: RawServer;
let proxy: RunningProxy;
let client: End;
let host: string;

beforeEach(async () => {
  server = new RawServer();
  const url = await server.listen();
  host = new URL(url).host;
  proxy = await startProxy({ document, upstream: url, told: () => {} });
  client = await dial(proxy.url);
});

afterEach(async () => {
  client.socket.destroy();
  server.close();
  await proxy.close();
});

const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n';

describe('a request arrives as it was sent', () => {
  const binary = [...Array(256).keys()].map((code) => String.fromCharCode(code)).join('');
  const gzipped = gzipSync('{"amount": 12.50}').toString('latin1');
  const parts = '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--';
  const requests: Readonly<Record<string, string>> = {
    'order, letters and repetitions of headers':
      'GET /payments HTTP/1.1\r\nhost: HOST\r\nX-A: 1\r\nx-b: 2\r\nX-A:3\r\ncookie: a=b\r\nCookie: c=d\r\nAccept: */*\r\n\r\n',
    'bytes of headers above ASCII': 'GET /payments HTTP/1.1\r\nHost: HOST\r\nX-Name: Zo\u00c3\u00ab\r\n\r\n',
    'path and query, however they are encoded':
      'GET /payments/%2f%zz//a/../b;c?x=%20+&&y=[1]&x= HTTP/1.1\r\nHost: HOST\r\n\r\n',
    'ids that a URL takes for steps': 'GET /payments/.././%2e%2e/%2E/.. HTTP/1.1\r\nHost: HOST\r\n\r\n',
    'a body with a length, of any bytes': `POST /payments HTTP/1.1\r\nHost: HOST\r\nContent-Length: 256\r\n\r\n${binary}`,
    'a body in chunks, with a trailer':
      'POST /payments HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 9\r\n\r\n',
    'a compressed body': `POST /payments HTTP/1.1\r\nHost: HOST\r\nContent-Encoding: gzip\r\nContent-Length: ${gzipped.length}\r\n\r\n${gzipped}`,
    'a body of several parts': `POST /payments HTTP/1.1\r\nHost: HOST\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: ${parts.length}\r\n\r\n${parts}`,
    'a POST without a body, and without a length': 'POST /payments HTTP/1.1\r\nHost: HOST\r\nX-A: 1\r\n\r\n',
    'a POST with a length of 0': 'POST /payments HTTP/1.1\r\nHost: HOST\r\nContent-Length: 0\r\n\r\n',
    'a GET with a body': 'GET /payments HTTP/1.1\r\nHost: HOST\r\nContent-Length: 2\r\n\r\n{}',
    'a DELETE with a body in chunks':
      'DELETE /payments/1 HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
    'a HEAD': 'HEAD /payments HTTP/1.1\r\nHost: HOST\r\n\r\n',
    'an OPTIONS for all': 'OPTIONS * HTTP/1.1\r\nHost: HOST\r\n\r\n',
  };

  test.each(Object.entries(requests))('%s', async (_, request) => {
    client.send(request.replace('HOST', 'client.example'));
    const arrived = await server.connection();
    const wanted = request.replace('HOST', host).replace('X-A:3', 'X-A: 3');
    expect(await arrived.message(wanted)).toBe(wanted);
    arrived.send(ok);
    await client.until('\r\n\r\n');
  });

  test('without what belongs to the connection of the client, an upgrade among it', async () => {
    client.send(
      'GET /payments HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, X-Hop\r\nUpgrade: h2c\r\nX-Hop: 1\r\nKeep-Alive: 5\r\nX-A: 1\r\n\r\n',
    );
    const arrived = await server.connection();
    await arrived.until('\r\n\r\n');
    expect(withoutConnection(arrived.received)).toBe(`GET /payments HTTP/1.1\r\nHost: ${host}\r\nX-A: 1\r\n\r\n`);
    arrived.send(ok);
    await client.until('\r\n\r\n');
  });

  test('below the path of the upstream, and as a path where the client names a host', async () => {
    const below = await startProxy({ document, upstream: `http://${host}/base/v1/`, told: () => {} });
    const other = await dial(below.url);
    other.send('GET http://elsewhere.example/payments?x=1 HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n');
    const arrived = await server.connection();
    await arrived.until('\r\n\r\n');
    expect(arrived.received).toMatch(/^GET \/base\/v1\/payments\?x=1 HTTP\/1\.1\r\n/);
    arrived.send(ok);
    await other.until('\r\n\r\n');
    other.socket.destroy();
    await below.close();
  });
});

describe('an answer arrives as it was sent', () => {
  const gzipped = gzipSync('{"items": []}').toString('latin1');
  const answers: Readonly<Record<string, string>> = {
    'its reason, order, letters and repetitions of headers':
      'HTTP/1.1 200 Very Well\r\ncontent-length: 2\r\nSet-Cookie: a=1; Path=/\r\nX-B: 1\r\nset-cookie: b=2\r\nDATE: never\r\n\r\n{}',
    'no reason': 'HTTP/1.1 299 \r\nContent-Length: 0\r\n\r\n',
    'no date': 'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n',
    'a compressed body': `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${gzipped.length}\r\n\r\n${gzipped}`,
    'a body in chunks, with a trailer':
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 9\r\n\r\n',
    'no content': 'HTTP/1.1 204 No Content\r\nX-A: 1\r\n\r\n',
    'not modified, with the length of what was not sent':
      'HTTP/1.1 304 Not Modified\r\nContent-Length: 500\r\nETag: "x"\r\n\r\n',
    'a redirection elsewhere': 'HTTP/1.1 302 Found\r\nLocation: http://elsewhere.example/\r\nContent-Length: 0\r\n\r\n',
  };

  test.each(Object.entries(answers))('%s', async (_, answer) => {
    client.send('GET /payments HTTP/1.1\r\nHost: x\r\n\r\n');
    const arrived = await server.connection();
    await arrived.until('\r\n\r\n');
    arrived.send(answer);
    expect(await client.message(answer)).toBe(answer);
  });

  test('to a HEAD: the length of a body that there is not', async () => {
    client.send('HEAD /payments HTTP/1.1\r\nHost: x\r\n\r\n');
    const arrived = await server.connection();
    await arrived.until('\r\n\r\n');
    arrived.send('HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n');
    await client.until('\r\n\r\n');
    expect(withoutConnection(client.received)).toBe('HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n');
  });

  test("that ends with its connection, so does the client's", async () => {
    client.send('GET /payments HTTP/1.1\r\nHost: x\r\n\r\n');
    const arrived = await server.connection();
    await arrived.until('\r\n\r\n');
    arrived.socket.end('HTTP/1.1 200 OK\r\nX-A: 1\r\n\r\nup to the end');
    expect(withoutConnection(await client.closed())).toBe('HTTP/1.1 200 OK\r\nX-A: 1\r\n\r\nup to the end');
  });

  test('in chunks, to a client that knows none', async () => {
    client.send('GET /payments HTTP/1.0\r\nHost: x\r\n\r\n');
    const arrived = await server.connection();
    await arrived.until('\r\n\r\n');
    arrived.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n');
    expect(withoutConnection(await client.closed())).toBe('HTTP/1.1 200 OK\r\n\r\nhello');
  });

  test('as it comes: the client has the beginning before the server says the end', async () => {
    client.send('GET /payments HTTP/1.1\r\nHost: x\r\n\r\n');
    const arrived = await server.connection();
    await arrived.until('\r\n\r\n');
    arrived.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
    await client.until('\r\n\r\n');
    arrived.send('5\r\nhello\r\n');
    await client.until('hello');
    arrived.send('0\r\n\r\n');
    await client.until('0\r\n\r\n');
  });
});

describe('connections', () => {
  test('a client that asks whether to go on is told by the server', async () => {
    client.send('POST /payments HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n');
    const arrived = await server.connection();
    expect(await arrived.until('\r\n\r\n')).toContain('Expect: 100-continue\r\n');
    expect(client.received).toBe('');
    arrived.send('HTTP/1.1 100 Continue\r\n\r\n');
    await client.until('HTTP/1.1 100 Continue\r\n\r\n');
    client.send('{}');
    await arrived.until('\r\n\r\n{}');
    arrived.send(ok);
    await client.until('200 OK');
  });

  test('a server that does not want the body says so', async () => {
    client.send('POST /payments HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n');
    const arrived = await server.connection();
    await arrived.until('\r\n\r\n');
    arrived.send('HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n');
    expect(await client.closed()).toMatch(/^HTTP\/1\.1 413 Content Too Large\r\n/);
  });

  test('requests of one connection of the client go over one to the server, in their order', async () => {
    client.send('GET /payments?first HTTP/1.1\r\nHost: x\r\n\r\nGET /payments?second HTTP/1.1\r\nHost: x\r\n\r\n');
    const arrived = await server.connection();
    await arrived.until('first');
    arrived.send('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none');
    await arrived.until('second');
    arrived.send('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\ntwo');
    expect(await client.until('two')).toMatch(/one[\s\S]*two$/);
    expect(server.sockets).toHaveLength(1);
  });

  test("the server that ends an idle connection ends the client's", async () => {
    client.send('GET /payments HTTP/1.1\r\nHost: x\r\n\r\n');
    const arrived = await server.connection();
    await arrived.until('\r\n\r\n');
    arrived.send(ok);
    await client.until('\r\n\r\n');
    arrived.socket.end();
    await client.closed();
    expect(client.reset).toBe(false);
  });

  test('the client that leaves ends the request to the server', async () => {
    client.send('GET /payments HTTP/1.1\r\nHost: x\r\n\r\n');
    const arrived = await server.connection();
    await arrived.until('\r\n\r\n');
    client.socket.destroy();
    await arrived.closed();
    const { counts, notes } = await proxy.close();
    expect(counts).toMatchObject([{ name: 'requests' }, { name: 'answers', judged: 0 }]);
    expect(notes).toEqual(['Not judged: 1 × an answer: the client left before it was whole.']);
  });
});

test('what is still under way at the end of the grace is in the report', async () => {
  client.send('GET /payments HTTP/1.1\r\nHost: x\r\n\r\n');
  const arrived = await server.connection();
  await arrived.until('\r\n\r\n');
  expect((await proxy.close()).notes).toEqual(['Not judged: 1 × an answer: the client left before it was whole.']);
}, 30_000);

describe('a server that fails', () => {
  /** What the report says that did not arrive. */
  const arrivals = async () => (await proxy.close()).findings.map(({ check, message }) => `${check}: ${message}`);

  test('in the middle of an answer: the client sees what there was, and the end', async () => {
    client.send('GET /payments HTTP/1.1\r\nHost: x\r\n\r\n');
    const arrived = await server.connection();
    await arrived.until('\r\n\r\n');
    arrived.socket.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello');
    expect(await client.closed()).toMatch(/\r\n\r\nhello$/);
    expect(await arrivals()).toContain('answer_arrives: Received no whole answer: the answer broke off.');
  });

  test('in the middle of an answer without a length: no client takes it for the end', async () => {
    client.send('GET /payments HTTP/1.1\r\nHost: x\r\n\r\n');
    const arrived = await server.connection();
    await arrived.until('\r\n\r\n');
    arrived.send('HTTP/1.1 200 OK\r\n\r\nhello');
    await client.until('hello');
    arrived.socket.resetAndDestroy();
    await client.closed();
    expect(client.reset).toBe(true);
  });

  test('by hanging up: the client sees the same', async () => {
    client.send('GET /payments HTTP/1.1\r\nHost: x\r\n\r\n');
    const arrived = await server.connection();
    await arrived.until('\r\n\r\n');
    arrived.socket.end();
    expect(await client.closed()).toBe('');
    expect(await arrivals()).toContainEqual(expect.stringMatching(/^answer_arrives: Received no whole answer: /));
  });

  test('by speaking no HTTP: 502, and why', async () => {
    client.send('GET /payments HTTP/1.1\r\nHost: x\r\n\r\n');
    const arrived = await server.connection();
    await arrived.until('\r\n\r\n');
    arrived.send('220 mail.example ready\r\n');
    expect(await client.until('"}\n')).toMatch(
      /^HTTP\/1\.1 502 Bad Gateway\r\n[\s\S]*\{"error":"paydouble proxy: no answer from http:\/\/127\.0\.0\.1:\d+: Parse Error/,
    );
  });

  test('by a reason that cannot be passed on: 502, and why', async () => {
    client.send('GET /payments HTTP/1.1\r\nHost: x\r\n\r\n');
    const arrived = await server.connection();
    await arrived.until('\r\n\r\n');
    arrived.send('HTTP/1.1 200 a\u001b[2Jb\r\nContent-Length: 0\r\n\r\n');
    expect(await client.until('"}\n')).toMatch(
      /^HTTP\/1\.1 502 Bad Gateway\r\n[\s\S]*Invalid character in statusMessage/,
    );
    expect(await arrivals()).toContainEqual(expect.stringMatching(/^answer_arrives: .*Invalid character/));
  });

  test('by going on without end: the client is told once', async () => {
    client.send('GET /payments HTTP/1.1\r\nHost: x\r\n\r\n');
    const arrived = await server.connection();
    await arrived.until('\r\n\r\n');
    arrived.send(`${'HTTP/1.1 100 Continue\r\n\r\n'.repeat(100)}HTTP/1.1 204 No Content\r\n\r\n`);
    const received = await client.until('204 No Content');
    expect(received.match(/100 Continue/g)).toHaveLength(1);
  });

  test('by not being there: 502, and why', async () => {
    server.close();
    client.send('POST /payments HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}');
    expect(await client.until('"}\n')).toMatch(/^HTTP\/1\.1 502 Bad Gateway\r\n[\s\S]*connect ECONNREFUSED/);
    expect(await arrivals()).toContainEqual(expect.stringMatching(/^answer_arrives: .*ECONNREFUSED/));
  });
});

const refused: Readonly<Record<string, readonly [sent: string, answer: RegExp, told: RegExp]>> = {
  'what is no HTTP': [
    'HELO mail.example\r\n\r\n',
    /^HTTP\/1\.1 400 Bad Request\r\n/,
    /1 × a request that is no HTTP \(HPE_/,
  ],
  'headers without end': [
    `GET /payments HTTP/1.1\r\nHost: x\r\nX-A: ${'a'.repeat(70_000)}\r\n\r\n`,
    /^HTTP\/1\.1 431 Request Header Fields Too Large\r\n/,
    /1 × a request that is no HTTP \(HPE_HEADER_OVERFLOW\)/,
  ],
  'a tunnel': [
    'CONNECT test.example:443 HTTP/1.1\r\nHost: test.example:443\r\n\r\n',
    /^HTTP\/1\.1 501 Not Implemented\r\n[\s\S]*\{"error":"paydouble proxy: there are no tunnels; .*"\}\n$/,
    /1 × a CONNECT, which asks for a tunnel/,
  ],
};

test.each(Object.entries(refused))('%s is refused, and told', async (_, [sent, answer, told]) => {
  client.send(sent);
  expect(await client.closed()).toMatch(answer);
  expect((await proxy.close()).notes).toContainEqual(expect.stringMatching(told));
});
