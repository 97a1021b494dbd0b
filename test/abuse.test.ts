/**
 * Clients that are many, slow, huge or hostile: each is refused or served, the others are served meanwhile, and nothing is
 * a 5xx.
 */
import { connect, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { documentedApis } from '../src/document.js';
import type { Limits } from '../src/limits.js';
import { type Sandbox, startSandbox } from '../src/sandbox.js';

async function start(limits: Partial<Limits> = {}, apis: readonly string[] = ['nuntiq']): Promise<Sandbox> {
  const sandbox = await startSandbox({ log: false, limits, apis });
  onTestFinished(() => sandbox.close());
  return sandbox;
}

/** A line to the server, and what comes back over it. */
class Line {
  text = '';
  #told = () => {};
  closed = false;

  private constructor(readonly socket: Socket) {
    socket.setEncoding('latin1');
    socket.on('data', (chunk) => {
      this.text += chunk;
      this.#told();
    });
    socket.on('close', () => {
      this.closed = true;
      this.#told();
    });
    socket.on('error', () => {});
  }

  static async open({ url }: Sandbox): Promise<Line> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    const line = new Line(socket);
    onTestFinished(() => {
      socket.destroy();
    });
    await new Promise((resolve) => socket.once('connect', resolve));
    return line;
  }

  send(bytes: string | Uint8Array): this {
    this.socket.write(bytes);
    return this;
  }

  /** Waits until what came satisfies; a line that is closed before is told as it is. */
  async until(satisfied: (line: Line) => boolean): Promise<this> {
    while (!satisfied(this) && !this.closed) {
      await new Promise<void>((resolve) => {
        this.#told = resolve;
      });
    }
    return this;
  }

  get statuses(): readonly string[] {
    return [...this.text.matchAll(/HTTP\/1\.1 (\d+) /g)].map(([, status = '']) => status);
  }
}

const health = 'GET /_sandbox/health HTTP/1.1\r\nHost: localhost\r\n\r\n';

async function isServed({ url }: Sandbox): Promise<boolean> {
  return (await fetch(`${url}/_sandbox/health`)).status === 200;
}

const payments = (sandbox: Sandbox) => {
  const [key = ''] = sandbox.workspaces.default.credentials('nuntiq').values().next().value ?? [];
  const operation = sandbox.apis
    .get('nuntiq')
    ?.document.operations.find(({ requestBody }) => requestBody !== undefined);
  const [[scheme] = []] = operation?.security ?? [];
  if (operation === undefined || scheme === undefined)
    throw new Error('nuntiq has no operation with a body and a key.');
  const credential = scheme.type === 'http' ? `${scheme.scheme} ${key}` : key;
  return `${operation.method} /nuntiq${operation.path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${scheme.parameter}: ${credential}\r\n`;
};

describe('many connections', () => {
  test('a thousand at once are served, again and again', async () => {
    const sandbox = await start();
    const lines = await Promise.all(Array.from({ length: 1_000 }, () => Line.open(sandbox)));
    for (let round = 1; round <= 3; round++) {
      await Promise.all(lines.map((line) => line.send(health).until(({ statuses }) => statuses.length === round)));
    }
    expect(new Set(lines.flatMap(({ statuses }) => statuses))).toEqual(new Set(['200']));
    expect(lines.every(({ statuses, closed }) => statuses.length === 3 && !closed)).toBe(true);
  });

  test('one more than the limit is closed; when another goes, the next is served', async () => {
    const sandbox = await start({ connections: 3 });
    const lines = await Promise.all([1, 2, 3].map(() => Line.open(sandbox)));
    for (const line of lines) await line.send(health).until(({ statuses }) => statuses.length === 1);
    const fourth = await (await Line.open(sandbox)).send(health).until(() => false);
    expect([fourth.closed, fourth.text]).toEqual([true, '']);
    const [first] = lines;
    const gone = new Promise((resolve) => first?.socket.once('close', resolve));
    first?.socket.end();
    await gone;
    const next = await (await Line.open(sandbox)).send(health).until(({ statuses }) => statuses.length === 1);
    expect(next.statuses).toEqual(['200']);
  });

  test('requests that are sent ahead are answered in order, each once', async () => {
    const sandbox = await start();
    const line = await Line.open(sandbox);
    const mixed = Array.from({ length: 200 }, (_, index) =>
      index % 2 === 0 ? health : 'GET /nuntiq/nothing HTTP/1.1\r\nHost: localhost\r\n\r\n',
    );
    await line.send(mixed.join('')).until(({ statuses }) => statuses.length === mixed.length);
    expect(line.statuses).toEqual(mixed.map((_, index) => (index % 2 === 0 ? '200' : '404')));
  });
});

describe('slow clients', () => {
  test.each([
    ['headers', 'GET /_sandbox/health HTTP/1.1\r\nHost: local'],
    ['a body', 'POST /_sandbox/workspaces HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{'],
  ])('%s that do not end are given up, and others are served meanwhile', async (_, bytes) => {
    const sandbox = await start({ headersMilliseconds: 100, requestMilliseconds: 200 });
    const line = (await Line.open(sandbox)).send(bytes);
    expect(await isServed(sandbox)).toBe(true);
    await line.until(() => false);
    expect(line.statuses).toEqual(['408']);
    expect(await isServed(sandbox)).toBe(true);
  });

  test('a body that comes a byte at a time is read whole', async () => {
    const sandbox = await start();
    const body = '{"scenario":"default"}';
    const head = `POST /_sandbox/workspaces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
    const line = await Line.open(sandbox);
    for (const byte of head + body) await new Promise((resolve) => line.socket.write(byte, resolve));
    await line.until(({ statuses }) => statuses.length === 1);
    expect(line.statuses).toEqual(['201']);
  });

  test('what all of them have sent is bounded: one more is refused, and read when the others are done', async () => {
    const sandbox = await start({ allBodiesBytes: 1_000 });
    const head = `${payments(sandbox)}Content-Length: 900\r\n\r\n`;
    const slow = (await Line.open(sandbox)).send(`${head}{"a":"${'x'.repeat(700)}`);
    const askAgain = async () => {
      const line = await Line.open(sandbox);
      await line.send(`${head}${'x'.repeat(900)}`).until(({ statuses }) => statuses.length === 1);
      return line;
    };
    // Until the first body's bytes have come, there is room for the second.
    let refused = await askAgain();
    while (refused.statuses[0] !== '413') refused = await askAgain();
    expect(refused.text).toContain('limits.allBodiesBytes');
    expect(refused.text).toContain('application/json');
    slow.socket.destroy();
    while ((await askAgain()).statuses[0] === '413');
    expect((await askAgain()).statuses).toEqual(['400']);
  });
});

describe('too much', () => {
  test('a hundred megabytes are passed over, without being kept, and others are served meanwhile', async () => {
    const sandbox = await start();
    const memory = async () => {
      const metrics = await (await fetch(`${sandbox.url}/_sandbox/metrics`)).text();
      return Number(/^process_resident_memory_bytes (\d+)/m.exec(metrics)?.[1]);
    };
    const before = await memory();
    const line = await Line.open(sandbox);
    const megabyte = Buffer.alloc(1_048_576, 0x20);
    line.send(`${payments(sandbox)}Content-Length: ${100 * megabyte.length}\r\n\r\n`);
    for (let sent = 0; sent < 100; sent++) {
      if (sent === 50) expect(await isServed(sandbox)).toBe(true);
      await new Promise((resolve) => line.socket.write(megabyte, resolve));
    }
    await line.until(({ statuses }) => statuses.length === 1);
    expect(line.statuses).toEqual(['413']);
    expect((await memory()) - before).toBeLessThan(90 * 1_048_576);
    await line.send(health).until(({ statuses }) => statuses.length === 2);
    expect(line.statuses).toEqual(['413', '200']);
  });

  test('a flood of headers is served or refused, and the server goes on', async () => {
    const sandbox = await start();
    const flood = (count: number) =>
      `GET /nuntiq/nothing HTTP/1.1\r\nHost: localhost\r\n${'x-a: b\r\n'.repeat(count)}\r\n`;
    const some = await (await Line.open(sandbox)).send(flood(1_500)).until(({ statuses }) => statuses.length === 1);
    expect(some.statuses).toEqual(['404']);
    const many = await (await Line.open(sandbox)).send(flood(5_000)).until(() => false);
    expect(many.statuses).toEqual(['431']);
    expect(await isServed(sandbox)).toBe(true);
  });
});

test('no body, however odd, of any operation is a 5xx, and what is refused changes nothing', async () => {
  const sandbox = await start({}, documentedApis());
  const deep = (open: string, close: string) => open.repeat(10_000) + close.repeat(10_000);
  const bodies: readonly (string | Uint8Array)[] = [
    '',
    '{',
    'null',
    '""',
    `[${'0,'.repeat(99_999)}0]`,
    `[${'{},'.repeat(9_999)}{}]`,
    deep('[', ']'),
    deep('{"a":', '}').replace('}', '1}'),
    Uint8Array.of(0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d),
    Uint8Array.of(0xef, 0xbb, 0xbf, 0x7b, 0x7d),
    '{"a":1,"a":2,"a":{"a":1,"a":2}}',
    '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
    '{"toString":1,"hasOwnProperty":2,"valueOf":null}',
    `{"amount":${'9'.repeat(10_000)},"total":1e99999999,"id":-0}`,
    '{"a":"\\ud800","\\udfff":"\\u0000"}',
    `{"${'k'.repeat(100_000)}":"${'v'.repeat(100_000)}"}`,
  ];
  const wrong: string[] = [];
  for (const { name, document } of sandbox.apis.values()) {
    const credentials = sandbox.workspaces.default.credentials(name);
    for (const { operationId, method, path, requestBody, security } of document.operations) {
      if (requestBody === undefined) continue;
      const headers = (security[0] ?? []).map((scheme): [string, string] => {
        const [value = ''] = credentials.get(scheme.name) ?? [];
        return [scheme.parameter, scheme.type === 'http' ? `${scheme.scheme} ${value}` : value];
      });
      const [type = 'application/json'] = requestBody.content.keys();
      for (const [number, body] of bodies.entries()) {
        const url = `${sandbox.url}/${name}${path.replaceAll(/\{[^}]+\}/g, '1')}`;
        const response = await fetch(url, { method, headers: [...headers, ['Content-Type', type]], body });
        const text = await response.text();
        if (response.status >= 500)
          wrong.push(`${operationId}, body ${number}: ${response.status} ${text.slice(0, 200)}`);
      }
    }
    const changed = [...sandbox.workspaces.default.journal.entries()].filter(
      ({ answer, touched }) => answer.status >= 400 && touched.length > 0,
    );
    expect(changed).toEqual([]);
  }
  expect(wrong).toEqual([]);
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
});
