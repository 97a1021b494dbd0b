/**
 * Requests as code to paste: what the code sends is what was meant, to the byte.
 */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { languages } from '../../src/browser/snippets.js';
import type { SentRequest } from '../../src/curl.js';

const run = promisify(execFile);

/** What the last request was. */
let received = '';
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const { method, url, headers } = request;
  received = [method, url, headers['x-odd'], headers['content-type'], Buffer.concat(chunks).toString()].join('\n');
  response.end('"seen"');
});
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => server.close());

/** With everything that a language might read in its own way. */
function odd(): SentRequest {
  const { port } = server.address() as AddressInfo;
  return {
    method: 'POST',
    url: `http://127.0.0.1:${port}/a%20b?c=d&f=%24g`,
    headers: { 'X-Odd': `it's "quoted" \\ $HOME {x}`, 'Content-Type': 'application/json' },
    body: '{"amount":8.0,"big":12345678901234567890,"text":"it\'s \\"so\\" \\\\ $HOME \\n {x} é 漢 ```"}',
  };
}

function write(language: string, request: SentRequest): string {
  return languages.find(({ name }) => name === language)?.write(request) ?? '';
}

function expected({ method, url, headers, body }: SentRequest): string {
  const { pathname, search } = new URL(url);
  return [method, pathname + search, headers['X-Odd'], headers['Content-Type'], body].join('\n');
}

/** Python's requests in so far as the code uses it, by what every Python has. */
const requests = `
import urllib.request
class Response:
    pass
def request(method, url, headers, data=None):
    asked = urllib.request.Request(url, data=data, headers=headers, method=method)
    with urllib.request.urlopen(asked) as answered:
        response = Response()
        response.status_code, response.text = answered.status, answered.read().decode()
        return response
`;

describe('code to paste', () => {
  test('curl', async () => {
    const { stdout } = await run('bash', ['-c', `${write('curl', odd())} --silent --globoff`]);
    expect([stdout, received]).toEqual(['"seen"', expected(odd())]);
  });

  test('TypeScript', async () => {
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', write('TypeScript', odd())]);
    expect([stdout.trim(), received]).toEqual(['200 "seen"', expected(odd())]);
  });

  test('Python', async (context) => {
    const directory = mkdtempSync(join(tmpdir(), 'snippets-'));
    writeFileSync(join(directory, 'requests.py'), requests);
    const env = { ...process.env, PYTHONPATH: directory };
    const has = await run('python3', ['--version']).then(
      () => true,
      () => false,
    );
    if (!has) context.skip('there is no python3 on this machine');
    const { stdout } = await run('python3', ['-c', write('Python', odd())], { env });
    expect([stdout.trim(), received]).toEqual(['200 "seen"', expected(odd())]);
  });

  test('C#: a body stands in more quotes than it has in a row, on lines of its own', () => {
    const code = write('C#', { ...odd(), body: '{"a":"","b":"\\"\\"\\""}' });
    expect(code).toContain('new StringContent("""\n{"a":"","b":"\\"\\"\\""}\n""", Encoding.UTF8)');
    expect(write('C#', { ...odd(), body: 'a"""b' })).toContain('""""\na"""b\n""""');
    expect(code).toContain('MediaTypeHeaderValue.Parse("application/json")');
    expect(code).toContain('request.Headers.TryAddWithoutValidation("X-Odd", ');
    expect(code).not.toContain('TryAddWithoutValidation("Content-Type"');
  });

  test('a request without a body sends none', () => {
    const { body, ...without } = odd();
    for (const { write } of languages) expect(write(without)).not.toMatch(/data|body|StringContent/);
  });
});
