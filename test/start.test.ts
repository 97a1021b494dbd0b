/**
 * Starting and stopping: what is printed works when it is pasted, state survives a restart and a kill, and whatever cannot
 * be started says why and what to do. It runs the built command, as `npm start` does.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { documentedApis, loadDocument } from '../src/document.js';
import { packagePlaces, root } from '../src/paths.js';
import { startSandbox } from '../src/sandbox.js';
import { request } from './harness.js';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'paydouble-'));
});
afterAll(() => rm(directory, { recursive: true }));

const running = new Set<ChildProcess>();
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
});

interface Started {
  readonly child: ChildProcess;
  readonly url: string;
  /** Everything printed so far. */
  output(): string;
  /** Sends a signal and waits for the end. */
  stop(signal: NodeJS.Signals): Promise<number | null>;
}

/** Runs the command until it says where it serves, or ends. */
function run(
  parameters: readonly string[],
  environment: Record<string, string> = {},
): Promise<Started & { code?: number }> {
  const child = spawn(process.execPath, [join(root, 'dist', 'src', 'cli.js'), ...parameters], {
    env: { ...process.env, ...environment },
    cwd: directory,
  });
  running.add(child);
  let output = '';
  const ended = new Promise<number | null>((resolve) => {
    child.on('exit', (code) => {
      running.delete(child);
      resolve(code);
    });
  });
  return new Promise((resolve) => {
    const started = (url: string): Started => ({
      child,
      url,
      output: () => output,
      stop: (signal) => {
        child.kill(signal);
        return ended;
      },
    });
    const listen = (chunk: Buffer) => {
      output += chunk.toString();
      const url = /serves \d+ apis at (\S+)/.exec(output)?.[1];
      if (url !== undefined && output.includes('Stop:')) resolve(started(url));
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    void ended.then((code) => resolve({ ...started(''), code: code ?? -1 }));
  });
}

/** A command as the shell reads it: words, in single quotes or bare, a backslash before a line's end. */
function words(command: string): string[] {
  const joined = command.replaceAll('\\\n', ' ');
  return [...joined.matchAll(/'((?:[^']|'\\'')*)'|(\S+)/g)].map(([, quoted, bare]) =>
    quoted === undefined ? (bare ?? '') : quoted.replaceAll("'\\''", "'"),
  );
}

/** The curl commands of an output, each as a request. */
function curls(output: string): { url: string; method: string; headers: Record<string, string>; body?: string }[] {
  return [...output.matchAll(/^ {2}(curl(?:.*\\\n)*.*)$/gm)].map(([, command = '']) => {
    const [, ...rest] = words(command);
    const headers: Record<string, string> = {};
    let method = 'GET';
    let body: string | undefined;
    let url = '';
    for (let index = 0; index < rest.length; index++) {
      const word = rest[index] ?? '';
      if (word === '-X') method = rest[++index] ?? '';
      else if (word === '-H') {
        const [name = '', ...value] = (rest[++index] ?? '').split(': ');
        headers[name] = value.join(': ');
      } else if (word === '--data-binary') body = rest[++index] ?? '';
      else url = word;
    }
    return { url, method, headers, ...(body === undefined ? {} : { body }) };
  });
}

/** Everything that the default workspace holds, through the control API. */
async function everything(url: string): Promise<string> {
  const parts: unknown[] = [];
  for (const api of documentedApis()) {
    for (const { name } of loadDocument(api).collections) {
      const answer = await request(`${url}/_sandbox/workspaces/default/state/${api}/${name}?limit=10000`);
      parts.push([api, name, answer.text]);
    }
  }
  return JSON.stringify(parts);
}

describe('what is printed', () => {
  test('names every api and where it is, with a curl that works, and the answers are 200s', async () => {
    const { url, output, stop } = await run(['serve', '--port', '0', '--state', join(directory, 'printed')]);
    for (const api of documentedApis()) expect(output()).toContain(`${url}/${api}`);
    const commands = curls(output());
    expect(commands).toHaveLength(documentedApis().length);
    for (const { url: target, ...options } of commands) {
      const answer = await request(target, options);
      expect(answer.status, `${target}: ${answer.text}`).toBe(200);
    }
    expect(await stop('SIGTERM')).toBe(0);
  });

  test('PORT and HOST are read from the environment, and a flag wins', async () => {
    const state = join(directory, 'environment');
    const taken = await run(['--state', state], { PORT: '0', HOST: '127.0.0.1' });
    expect(taken.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    await taken.stop('SIGINT');
    const flag = await run(['--state', state, '--port', '0'], { PORT: 'nonsense' });
    expect(flag.code).toBeUndefined();
    await flag.stop('SIGINT');
  });
});

describe('state', () => {
  test.each(['SIGTERM', 'SIGINT', 'SIGKILL'] as const)(
    'survives %s and a restart; --fresh begins anew',
    async (signal) => {
      const state = join(directory, `survives-${signal}`);
      const parameters = ['serve', '--port', '0', '--state', state];
      const first = await run(parameters);
      const untouched = await everything(first.url);
      for (const { url, ...options } of curls(first.output())) await request(url, options);
      const made = await request(`${first.url}/_sandbox/workspaces`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"name": "kept", "scenario": "default"}',
      });
      expect(made.status).toBe(201);
      const written = await everything(first.url);
      expect(written).not.toBe(untouched);
      await first.stop(signal);

      const second = await run(parameters);
      expect(await everything(second.url)).toBe(written);
      expect((await request(`${second.url}/_sandbox/workspaces/kept`)).status).toBe(200);
      await second.stop(signal);

      const third = await run([...parameters, '--fresh']);
      expect(await everything(third.url)).toBe(untouched);
      expect((await request(`${third.url}/_sandbox/workspaces/kept`)).status).toBe(404);
      await third.stop(signal);
    },
  );

  test('a journal that was cut in its last line loses that line alone', async () => {
    const state = join(directory, 'torn');
    const parameters = ['serve', '--port', '0', '--state', state];
    const first = await run(parameters);
    const before = await everything(first.url);
    const [command] = curls(first.output()).filter(({ method }) => method === 'POST');
    if (command === undefined) throw new Error('No printed request writes anything.');
    const { url, ...options } = command;
    await request(url, options);
    await first.stop('SIGKILL');
    const journal = (await readdir(state)).find((name) => name.startsWith('journal-')) ?? '';
    const { length } = await readFile(join(state, journal));
    await truncate(join(state, journal), length - 5);
    const second = await run(parameters);
    expect(await everything(second.url)).toBe(before);
    await second.stop('SIGTERM');
  });

  test('a damaged snapshot is left as it is, and the message names it', async () => {
    const state = join(directory, 'damaged');
    await mkdir(state);
    await writeFile(join(state, 'state.jsonl'), '{"last": 1, "sta');
    const { code, output } = await run(['--port', '0', '--state', state]);
    expect(code).toBe(2);
    expect(output()).toContain('state.jsonl: damaged');
    expect(output()).toContain('--fresh');
    expect(await readFile(join(state, 'state.jsonl'), 'utf8')).toBe('{"last": 1, "sta');
  });
});

test('a start loads no package that the first answer does not need; what comes later does', async () => {
  const program = `
    import { createRequire } from 'node:module';
    import { startSandbox } from ${JSON.stringify(pathToFileURL(join(root, 'dist/src/sandbox.js')).href)};
    const loaded = () =>
      [...new Set(Object.keys(createRequire(import.meta.url).cache).map((file) => file.split('node_modules/')[1]?.split('/')[0]))];
    const sandbox = await startSandbox();
    await fetch(sandbox.url + '/nuntiq/payments', { method: 'POST', body: '{}', headers: { 'Content-Type': 'application/json' } });
    const first = loaded();
    await fetch(sandbox.url + '/');
    await sandbox.close();
    console.log(JSON.stringify([first, loaded()]));`;
  const file = join(directory, 'loaded.mjs');
  await writeFile(file, program);
  const { stdout } = await promisify(execFile)(process.execPath, [file]);
  const [first, later]: [string[], string[]] = JSON.parse(stdout);
  expect(first).toEqual(expect.arrayContaining(['openapi-backend', 'immutable']));
  for (const name of ['express', 'yaml', 'randexp', 're2js', 'json-p3', 'prom-client', 'fast-check'])
    expect(first).not.toContain(name);
  expect(later).toContain('express');
});

test('a second signal ends it while it still finishes what is under way', async () => {
  const { child, url, output, stop } = await run(['--port', '0', '--state', join(directory, 'signals')]);
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).on('error', () => {});
  // A client that is told to go on, and does not, is under way.
  socket.write('POST /nuntiq/payments HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n');
  await once(socket, 'data');
  child.kill('SIGTERM');
  while (!output().includes('finishes what is under way')) await once(child.stdout ?? child, 'data');
  expect(await stop('SIGINT')).toBe(2);
  socket.destroy();
});

describe('what cannot be started', () => {
  test('a busy port is a clear message and exit code 2', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { code, output } = await run(['--port', String(port), '--state', join(directory, 'busy')]);
    taken.close();
    expect([code, output()]).toEqual([
      2,
      `paydouble cannot start: Port ${port} of 127.0.0.1 is in use. Stop what listens there, or give another with --port (0 for any that is free).\n`,
    ]);
  });

  test('a port that is none is refused', async () => {
    const { code, output } = await run(['--port', '70000']);
    expect(code).toBe(2);
    expect(output()).toContain('0 to 65535');
  });

  const handler = `export default { dialect: () => ({ status: 500 }), handlers: { listThings: () => ({ status: 200, body: [] }) } };\n`;
  const scenario = 'story: Nobody.\n';
  const thing = `
openapi: 3.0.3
info: { title: Things, version: '1' }
paths:
  /things:
    get:
      operationId: listThings
      responses:
        '200': { description: All., content: { application/json: { schema: { type: array, items: {} } } } }
`;
  test.each([
    ['no YAML', thing.replace('paths:', 'paths: ['), handler, 'things/openapi.yaml:7:20: '],
    [
      'a missing reference',
      thing.replace('items: {}', "items: { $ref: '#/components/schemas/Thing' }"),
      handler,
      'nothing stands there',
    ],
    ['OpenAPI 2', thing.replace('openapi: 3.0.3', "swagger: '2.0'"), handler, 'expected an OpenAPI 3.0 document'],
    [
      'an operation without an id',
      thing.replace('operationId: listThings', 'summary: x'),
      handler,
      'has no operationId',
    ],
    [
      'an id that is taken',
      `${thing}  /others:\n    get:\n      operationId: listThings\n      responses: { '200': { description: x } }\n`,
      handler,
      'is already that of get /things',
    ],
    ['a path that leads elsewhere', thing.replace('/things:', '"@evil.example/a":'), handler, 'a path begins with /'],
    ['an operation without a response', thing.replace(/ {6}responses:[\s\S]*/, ''), handler, 'has no response'],
    [
      'an undeclared path parameter',
      thing.replace('/things:', '/things/{id}:'),
      handler,
      'does not declare its path parameter id',
    ],
    [
      'an unknown schema keyword',
      thing.replace('items: {}', 'items: { minimun: 1 }'),
      handler,
      'minimun is no schema keyword',
    ],
    ['a type that is none', thing.replace('items: {}', 'items: { type: nmber }'), handler, 'type: "nmber" is none'],
    ['no paths', thing.replace('paths:', 'x-paths:'), handler, 'expected paths'],
    ['a handler without an operation', thing, handler.replace('listThings', 'listThing'), 'listThing is no operation'],
    ['nothing that answers an operation', thing, undefined, 'nothing answers listThings'],
    ['a handler file of another form', thing, 'export const nothing = 1;\n', 'expected "export default defineApi'],
  ])('%s is a message that says where and what to do', async (name, document, module, message) => {
    const places = {
      specs: join(directory, name, 'specs'),
      data: join(directory, name, 'data'),
      handlers: join(directory, name, 'handlers'),
    };
    for (const place of [join(places.specs, 'things'), join(places.data, 'things'), places.handlers]) {
      await mkdir(place, { recursive: true });
    }
    await writeFile(join(places.specs, 'things', 'openapi.yaml'), document);
    await writeFile(join(places.data, 'things', 'default.yaml'), scenario);
    if (module !== undefined) await writeFile(join(places.handlers, 'things.ts'), module);
    await expect(startSandbox({ port: 0, log: false, places })).rejects.toThrow(message);
  });

  test.each([
    [
      'a record that breaks its schema',
      (text: string) => text.replace(/^records:\n {2}(\w+):\n {4}- /m, 'records:\n  $1:\n    - nothing: 1\n    - '),
    ],
    ['a collection that is none', (text: string) => `${text}\n  nothings: []\n`],
    ['a member that is none', (text: string) => `${text}\ncolour: red\n`],
    ['a clock that is none', (text: string) => `clock: yesterday\n${text.replace(/^clock:.*$/m, '')}`],
  ])('%s in a scenario is named with file and line', async (name, change) => {
    const [api = ''] = documentedApis();
    const data = join(directory, name);
    await cp(packagePlaces.data, data, { recursive: true });
    const file = join(data, api, 'default.yaml');
    await writeFile(file, change(await readFile(file, 'utf8')));
    await expect(startSandbox({ port: 0, log: false, places: { data } })).rejects.toThrow(/default\.yaml:\d+:\d+: /);
  });
});

describe('a sixth api', () => {
  test('without a scenario is told where to write one', async () => {
    const places = { data: join(directory, 'no-data') };
    await expect(startSandbox({ port: 0, log: false, places })).rejects.toThrow(
      /default\.yaml: there is no scenario default of /,
    );
  });

  test('is a document, and is answered from its examples', async () => {
    const places = { specs: join(directory, 'sixth'), data: join(directory, 'sixth-data'), handlers: directory };
    await cp(join(packagePlaces.specs, '_sandbox'), join(places.specs, '_sandbox'), { recursive: true });
    await mkdir(join(places.specs, 'acme'), { recursive: true });
    await mkdir(join(places.data, 'acme'), { recursive: true });
    await writeFile(join(places.data, 'acme', 'default.yaml'), 'story: Nobody.\n');
    await writeFile(
      join(places.specs, 'acme', 'openapi.yaml'),
      `
openapi: 3.0.3
info: { title: Acme, version: '1' }
paths:
  /payments/{id}:
    get:
      operationId: getPayment
      parameters: [{ name: id, in: path, required: true, schema: { type: integer } }]
      responses:
        '200':
          description: The payment.
          content:
            application/json:
              schema: { type: object, properties: { amount: { type: number, format: decimal }, id: { type: integer } } }
              examples: { paid: { value: { id: 1, amount: 2.50 } }, open: { value: { id: 1, amount: 3 } } }
        '400':
          description: It breaks this document.
          content: { application/json: { schema: { type: object } } }
`,
    );
    const sandbox = await startSandbox({ port: 0, log: false, places });
    try {
      const path = `${sandbox.url}/acme/payments/1`;
      expect((await request(path)).text).toBe('{"amount":2.50,"id":1}');
      expect((await request(path, { headers: { prefer: 'example=open' } })).text).toBe('{"amount":3.0,"id":1}');
      expect((await request(`${path}x`)).status).toBe(400);
      // The document declares neither; they are told all the same.
      const lost = await request(`${path}/`);
      expect([lost.status, lost.body.detail]).toEqual([
        404,
        'acme documents no path /payments/1/. Did you mean /payments/1?',
      ]);
      expect((await request(path, { method: 'POST' })).status).toBe(405);
    } finally {
      await sandbox.close();
    }
  });
});
