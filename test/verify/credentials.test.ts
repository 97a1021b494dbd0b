/**
 * What a run was given to authenticate with: it is sent, and stands in nothing that the run tells.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { paydouble } from '../command.js';
import { type Asked, startSmallServer } from './small-server.js';

const directory = mkdtempSync(join(tmpdir(), 'paydouble-credentials-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** An operation for each way in which a credential is sent; every answer breaks it. */
const document = join(directory, 'openapi.yaml');
writeFileSync(
  document,
  JSON.stringify({
    openapi: '3.0.3',
    info: { title: 'Echo', version: '1' },
    paths: Object.fromEntries(
      ['inHeader', 'inQuery', 'inCookie', 'basic', 'bearer'].map((scheme) => [
        `/${scheme}`,
        {
          get: {
            operationId: scheme,
            security: [{ [scheme]: [] }],
            responses: { 200: { description: 'x', content: { 'application/json': { schema: { type: 'integer' } } } } },
          },
        },
      ]),
    ),
    components: {
      securitySchemes: {
        inHeader: { type: 'apiKey', in: 'header', name: 'X-Key' },
        inQuery: { type: 'apiKey', in: 'query', name: 'api_key' },
        inCookie: { type: 'apiKey', in: 'cookie', name: 'sid' },
        basic: { type: 'http', scheme: 'basic' },
        bearer: { type: 'http', scheme: 'bearer' },
      },
    },
  }),
);

const secrets = {
  inHeader: 'it\'s-a-head"er-key',
  inQuery: 'query key/1+2',
  inCookie: 'cookie-4c1d9e',
  basic: Buffer.from('operator:pass:word-77').toString('base64'),
  bearer: `ey${'Jhbc.'.repeat(40)}tail-of-it`,
};

/** All texts that a secret must not stand in as: itself, and as URLs and JSON have it. */
const forbidden = [
  ...Object.values(secrets).flatMap((value) => [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)]),
  'operator',
  'pass:word-77',
  // The beginning of one, as a message quotes it.
  secrets.bearer.slice(0, 30),
];

/** Says back all that it was sent, in ways that reports quote. */
function echo({ path, query, headers }: Asked) {
  const sent = [headers['x-key'], query.get('api_key'), headers.cookie, headers.authorization].filter(Boolean).join();
  return [
    200,
    `${path} ${sent}`,
    { 'x-echo': sent.replaceAll(/[^\x20-\x7e]/g, ''), 'x-url': encodeURI(`${query}`) },
  ] as const;
}

async function outputs(...words: string[]) {
  const asked: Asked[] = [];
  const server = await startSmallServer((each) => {
    asked.push(each);
    return echo(each);
  });
  try {
    const files = ['r.xml', 'r.ctrf', 'r.html', 'r.json'];
    const reports = ['junit', 'ctrf', 'html', 'json'].flatMap((format, index) => [
      '--report',
      `${format}=${files[index]}`,
    ]);
    const all = ['verify', document, '--url', server.url, ...words, ...reports, '--cases', 'c.jsonl'];
    const { code, out, error } = await paydouble(all, directory, { GITHUB_ACTIONS: 'true' });
    const written = [...files, 'c.jsonl'].map((file) => readFileSync(join(directory, file), 'utf8'));
    return { asked, code, out, texts: [out, error, ...written] };
  } finally {
    server.close();
  }
}

const given = {
  'as credentials': Object.entries(secrets).flatMap(([scheme, value]) => ['--credential', `${scheme}=${value}`]),
  'as headers': [
    ...['--header', `X-Key: ${secrets.inHeader}`, '--header', `Cookie: sid=${secrets.inCookie}`],
    ...['--header', `Authorization: Basic ${secrets.basic}`],
    // Those of the others have no headers of their own.
    ...['--credential', `inQuery=${secrets.inQuery}`, '--header', `X-Session: ${secrets.bearer}`],
  ],
};

test.each(Object.entries(given))(
  'given %s, it is sent, and in no output',
  async (_, words) => {
    const { asked, code, texts } = await outputs(...words, '--header', 'X-Client: till-number-1');
    expect(code).toBe(1);
    const sent = (path: string) => asked.filter((each) => each.path === path);
    expect(sent('/inHeader').map(({ headers }) => headers['x-key'])).toContain(secrets.inHeader);
    expect(sent('/inQuery').map(({ query }) => query.get('api_key'))).toContain(secrets.inQuery);
    expect(sent('/inCookie').map(({ headers }) => headers.cookie)).toContain(`sid=${secrets.inCookie}`);
    expect(sent('/basic').map(({ headers }) => headers.authorization)).toContain(`Basic ${secrets.basic}`);
    for (const text of texts) {
      expect(text.length).toBeGreaterThan(500);
      for (const secret of forbidden) expect(text).not.toContain(secret);
    }
    // What is no credential stays, and so does the wrong one that the run made up itself.
    expect(texts[0]).toContain("-H 'X-Client: till-number-1'");
    expect(texts[0]).toContain('paydouble-wrong-credential');
  },
  60_000,
);

test('of two servers that are compared, neither credential stands in an output', async () => {
  const keys = ['first-4c1d9e-key', 'second-77aa10-key'];
  const asked: Asked[][] = [[], []];
  const servers = await Promise.all(
    asked.map((own) =>
      startSmallServer((each) => {
        own.push(each);
        return echo(each);
      }),
    ),
  );
  try {
    const [first = '', second = ''] = servers.map(({ url }) => url);
    const [a, b] = keys.map((key) => `X-Key: ${key}`);
    const words = ['verify', document, '--against', first, '--and', second, '--header-a', `${a}`, '--header-b', `${b}`];
    const files = ['--report', 'html=two.html', '--report', 'json=two.json', '--cases', 'two.jsonl'];
    const { code, out, error } = await paydouble([...words, '--phase', 'positive', ...files], directory);
    expect(code).toBe(1);
    for (const [index, key] of keys.entries()) expect(asked[index]?.[0]?.headers['x-key']).toBe(key);
    const written = ['two.html', 'two.json', 'two.jsonl'].map((file) => readFileSync(join(directory, file), 'utf8'));
    expect(out).toMatch(/value_drift[\s\S]*A has "\/inHeader \*{3}-key", B has "\/inHeader \*{3}-key"/);
    for (const text of [out, error, ...written]) for (const key of keys) expect(text).not.toContain(key);
  } finally {
    for (const server of servers) server.close();
  }
}, 60_000);

test('a run that cannot go on does not name it either', async () => {
  const words = ['verify', document, '--url', 'http://127.0.0.1:9', '--credential', `inQuery=${secrets.inQuery}`];
  const { code, error } = await paydouble(words, directory);
  expect([code, error]).toEqual([2, expect.stringMatching(/^No answer from http:\/\/127\.0\.0\.1:9\//)]);
  for (const secret of forbidden) expect(error).not.toContain(secret);
  const user = await paydouble(['verify', document, '--url', 'http://me:pass-word@127.0.0.1:9'], directory);
  expect([user.code, user.out, user.error]).toEqual([
    2,
    '',
    '--url: a user and password in the URL are not sent; give them as a header of the client.\n',
  ]);
}, 60_000);

test('a curl of a report sends the request again when its variable is set, and says which one is not', async () => {
  const asked: Asked[] = [];
  const server = await startSmallServer((each) => {
    asked.push(each);
    return echo(each);
  });
  try {
    const words = [
      'verify',
      document,
      '--url',
      server.url,
      '--phase',
      'positive',
      '--json',
      ...given['as credentials'],
    ];
    const { findings } = JSON.parse((await paydouble(words, directory)).out);
    const curls = new Map<string, string>();
    for (const { operationId, curl } of findings) if (!curls.has(operationId)) curls.set(operationId, curl);
    const variables = {
      X_KEY: secrets.inHeader,
      API_KEY: encodeURIComponent(secrets.inQuery),
      COOKIE: `sid=${secrets.inCookie}`,
    };
    const run = (operationId: string, env: Record<string, string>) =>
      promisify(execFile)('bash', ['-c', `${curls.get(operationId)}`], {
        env: { PATH: process.env.PATH ?? '', ...env },
      });
    const sentBy = async (operationId: string, env: Record<string, string>) => {
      asked.length = 0;
      await run(operationId, env);
      return asked[0];
    };
    expect((await sentBy('inHeader', variables))?.headers['x-key']).toBe(secrets.inHeader);
    expect((await sentBy('inQuery', variables))?.query.get('api_key')).toBe(secrets.inQuery);
    expect((await sentBy('inCookie', variables))?.headers.cookie).toBe(`sid=${secrets.inCookie}`);
    const bearer = { AUTHORIZATION: `Bearer ${secrets.bearer}` };
    expect((await sentBy('bearer', bearer))?.headers.authorization).toBe(bearer.AUTHORIZATION);
    await expect(run('inHeader', {})).rejects.toThrow(/X_KEY: parameter null or not set/);
  } finally {
    server.close();
  }
}, 60_000);

test('the documented credentials of a sandbox of our own stay, so that its curls can be pasted', async () => {
  const words = ['verify', 'upwell', '--phase', 'samples', '--cases', 'own.jsonl'];
  expect((await paydouble(words, directory)).code).toBe(0);
  expect(readFileSync(join(directory, 'own.jsonl'), 'utf8')).toContain('upwell-sandbox-key');
}, 60_000);
