/**
 * The client of verify on connections that a server closes.
 */
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { WireClient } from '../../src/verify/client.js';

const client = new WireClient(1, 10_000);
let close: (() => void) | undefined;
afterEach(() => {
  close?.();
  client.close();
});

/** A server that hangs up at the requests for which that is said, by how many came over the same connection before. */
async function serve(hangsUp: (before: number) => boolean): Promise<{ url: string; connections: () => number }> {
  const requests = new Map<Socket, number>();
  const server = createServer((request, response) => {
    const before = requests.get(request.socket) ?? 0;
    requests.set(request.socket, before + 1);
    if (hangsUp(before)) request.socket.destroy();
    else response.end('here');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, connections: () => requests.size };
}

const request = { method: 'POST', path: '/', headers: [], body: 'x' };

test('a connection that was kept open, and is closed when it is used again, is no missing answer', async () => {
  const { url, connections } = await serve((before) => before > 0);
  for (let count = 1; count <= 3; count++) {
    expect(await client.send(url, request)).toMatchObject({ status: 200, text: 'here' });
  }
  expect(connections()).toBeGreaterThan(1);
});

test('a server that hangs up on a connection of its own gives no answer, and is asked once', async () => {
  const { url, connections } = await serve(() => true);
  expect(await client.send(url, request)).toMatchObject({ message: 'socket hang up' });
  expect(connections()).toBe(1);
});

test.each(['@other.example/a', '.other.example/a', 'http://other.example/a', ':1/a'])(
  'a path that would lead to another server is not followed: %s',
  async (path) => {
    const { url, connections } = await serve(() => false);
    const answer = await client.send(url, { ...request, path, headers: [['Authorization', 'secret']] });
    expect(answer).toMatchObject({ message: expect.stringContaining('leads to no place of this server') });
    expect(connections()).toBe(0);
  },
);

test('ids that a URL would take for steps upwards arrive as they are, and what no request line takes is encoded', async () => {
  const targets: (string | undefined)[] = [];
  const server = createServer((asked, response) => {
    targets.push(asked.url);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  close = () => server.close();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  for (const path of ['/payments/..', '/payments/%2e%2e/./lines?x=../y', '/payments/é x#y']) {
    await client.send(url, { ...request, path });
  }
  expect(targets).toEqual(['/v1/payments/..', '/v1/payments/%2e%2e/./lines?x=../y', '/v1/payments/%C3%A9%20x']);
});

test('what no header can carry is no answer, and no crash', async () => {
  const { url, connections } = await serve(() => false);
  for (const value of ['a\r\nb: c', '中']) {
    expect(await client.send(url, { ...request, headers: [['If-Match', value]] })).toBeInstanceOf(Error);
  }
  expect(connections()).toBe(0);
});

test('a server that switches protocols gives no answer', async () => {
  const server = createTcpServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', () =>
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  close = () => server.close();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect(await client.send(url, request)).toMatchObject({ message: expect.stringContaining('(101)') });
});
