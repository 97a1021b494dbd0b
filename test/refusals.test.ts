/**
 * What a careless or hostile client sends, to every operation of every api: the answer is the refusal that is documented,
 * in the vendor's dialect and valid against the document, nothing is a 5xx, and no state changes.
 */
import { request as httpRequest } from 'node:http';
import { describe, expect, test } from 'vitest';
import { documentedResponse, judge } from '../src/conformance.js';
import { documentedApis, loadDocument, type Operation } from '../src/document.js';
import { parse } from '../src/json.js';
import { Validator } from '../src/validator.js';
import { type Answer, baseUrl, type Client, open, request, type SendOptions, useSandbox } from './harness.js';

useSandbox();

/** A path of an operation with every parameter filled in by something that is valid. */
function pathOf(operation: Operation): string {
  return operation.path.replace(/\{[^}]+\}/g, '1');
}

/** A body that is JSON and as good as nothing. */
const anyBody = (operation: Operation): SendOptions => (operation.requestBody === undefined ? {} : { body: {} });

const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;

/** Bodies of every wrong kind. */
const hostileBodies: Readonly<Record<string, string | Uint8Array>> = {
  nothing: '',
  'white space': '  \n ',
  null: 'null',
  'a number': '8.0',
  'a string': '"text"',
  true: 'true',
  'an empty array': '[]',
  'an empty object': '{}',
  'an array of null': '[null]',
  'an array of arrays': '[[[]]]',
  'an array of numbers': '[1, 2.50]',
  'half a document': '{"amount": 1',
  'two documents': '{} {}',
  'a trailing comma': '{"a": 1,}',
  'single quotes': "{'a': 1}",
  'a bad escape': '"\\x"',
  'invalid UTF-8': new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
  'a byte order mark': new Uint8Array([0xef, 0xbb, 0xbf, 0x7b, 0x7d]),
  '100,000 levels': deep,
  '65 levels': `${'['.repeat(65)}${']'.repeat(65)}`,
  '10,001 elements': `[${'1,'.repeat(10_000)}1]`,
  'duplicate keys': '{"amount": 1, "amount": 2}',
  'the prototype': '{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}',
  'the prototype with lossless numbers': '{"__proto__": {"polluted": 8.0}}',
  'a number beyond doubles': '{"amount": 1e400, "totalAmount": 1e400, "AmountBilled": 1e400, "total_amount": 1e400}',
  'a number with a giant exponent': '{"amount": 1e999999999, "total_amount": 1e999999999}',
  'a number of 100,000 digits': `{"amount": ${'9'.repeat(100_000)}, "total_amount": ${'9'.repeat(100_000)}}`,
  'a key of 100,000 characters': `{"${'k'.repeat(100_000)}": 1}`,
  'null bytes and lone surrogates': '{"reference": "\\u0000\\ud800", "detail": "\\u0000"}',
};

/** What the wire is asked to carry, header names and all, without fetch's own rules. */
function raw(client: Client, api: string, operation: Operation, headers: Record<string, string>): Promise<number> {
  const url = new URL(`${baseUrl()}/~${client.workspace}/${api}${pathOf(operation)}`);
  return new Promise((resolve, reject) => {
    const sent = httpRequest(url, { method: operation.method, headers }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    });
    sent.on('error', reject);
    sent.end();
  });
}

for (const api of documentedApis()) {
  const document = loadDocument(api);
  const validator = new Validator(document);

  /** Demands that the answer is a documented one, and no fault of ours. */
  function expectDocumented(answer: Answer, operation: Operation | undefined, what: string): void {
    expect(answer.status, `${what}: ${answer.text}`).toBeLessThan(500);
    const documented = documentedResponse(operation, document.refusals, answer.status);
    const headers = Object.fromEntries(answer.headers);
    const body = answer.text === '' ? undefined : parse(answer.text);
    expect(judge({ status: answer.status, headers, body }, documented, validator), what).toEqual([]);
    if (body !== undefined)
      expect(answer.headers.get('content-type'), what).toMatch(/^(application|text)\/json; charset=utf-8$/);
  }

  /** Everything that the workspace holds of this api, as text. */
  async function everything(client: Client): Promise<string> {
    const parts = document.collections.map(async ({ name }) => [name, await client.state(name)]);
    return JSON.stringify(await Promise.all(parts));
  }

  describe.each(document.operations.map((operation) => [operation.operationId, operation] as const))(
    `${api} %s`,
    (_, operation) => {
      /** For operations that read a body; the others have nothing to test here. */
      const testWithBody = (name: string, run: () => Promise<void>) => {
        if (operation.requestBody !== undefined) test(name, run);
      };

      test('without a credential, and with a wrong one for each scheme, is a 401', async () => {
        const client = await open(api);
        const names = [...new Set(operation.security.flat().map(({ parameter }) => parameter.toLowerCase()))];
        expect(names.length).toBeGreaterThan(0);
        for (const name of names) {
          for (const value of [undefined, '', 'wrong', 'Basic wrong', 'Bearer wrong', `${'x'.repeat(5000)}`]) {
            const answer = await client.send(operation.method, pathOf(operation), {
              ...anyBody(operation),
              headers: { [name]: value },
            });
            expect(answer.status, `${name}: ${value}`).toBe(401);
            expectDocumented(answer, operation, `${name}: ${value}`);
          }
        }
      });

      test('with every undocumented method is a 405 that lists the documented ones', async () => {
        const client = await open(api);
        const documented = document.operations
          .filter(({ path }) => path === operation.path)
          .map(({ method }) => method);
        for (const method of ['GET', 'PUT', 'POST', 'DELETE', 'OPTIONS', 'PATCH']) {
          if (documented.includes(method)) continue;
          const answer = await client.send(method, pathOf(operation));
          expect(answer.status, method).toBe(405);
          const allowed = (answer.headers.get('allow') ?? '').split(', ');
          expect(allowed.filter((each) => each !== 'HEAD').sort()).toEqual([...documented].sort());
          expectDocumented(answer, undefined, method);
        }
      });

      test('without a credential or with another method is refused in the media type that is accepted', async () => {
        const client = await open(api);
        const without = Object.fromEntries(
          operation.security.flat().map(({ parameter }) => [parameter.toLowerCase(), undefined]),
        );
        for (const accept of operation.responses.get('401')?.content.keys() ?? []) {
          const expected = `${accept}; charset=utf-8`;
          const stranger = await client.send(operation.method, pathOf(operation), { headers: { ...without, accept } });
          expect([stranger.status, stranger.headers.get('content-type')]).toEqual([401, expected]);
          const misled = await client.send('OPTIONS', pathOf(operation), { headers: { accept } });
          expect([misled.status, misled.headers.get('content-type')]).toEqual([405, expected]);
        }
      });

      test('with an Accept that no documented media type meets is a 406', async () => {
        const client = await open(api);
        const hasBody = [...operation.responses].some(
          ([status, { content }]) => status.startsWith('2') && content.size > 0,
        );
        const answer = await client.send(operation.method, pathOf(operation), {
          ...anyBody(operation),
          headers: { accept: 'application/xml' },
        });
        expect(answer.status).toBe(hasBody ? 406 : 204);
        expectDocumented(answer, operation, 'accept: application/xml');
      });

      testWithBody('with another media type, charset or encoding is a 415', async () => {
        const client = await open(api);
        const before = await everything(client);
        const wrong: Record<string, string>[] = [
          { 'content-type': 'application/xml' },
          { 'content-type': 'application/x-www-form-urlencoded' },
          { 'content-type': 'application/json; charset=utf-16' },
          { 'content-type': 'nonsense' },
          { 'content-encoding': 'gzip' },
        ];
        for (const headers of wrong) {
          const answer = await client.send(operation.method, pathOf(operation), { text: '{}', headers });
          expect(answer.status, JSON.stringify(headers)).toBe(415);
          expectDocumented(answer, operation, JSON.stringify(headers));
        }
        expect(await everything(client)).toBe(before);
      });

      testWithBody('with a body over the limit is a 413', async () => {
        const client = await open(api);
        const answer = await client.send(operation.method, pathOf(operation), { text: `"${'x'.repeat(1_048_576)}"` });
        expect(answer.status).toBe(413);
        expectDocumented(answer, operation, 'a body over the limit');
      });

      testWithBody('with a hostile body is refused or carried out, never a 5xx', async () => {
        const client = await open(api);
        for (const [what, text] of Object.entries(hostileBodies)) {
          const before = await everything(client);
          const answer = await client.send(operation.method, pathOf(operation), { text });
          expectDocumented(answer, operation, what);
          if (answer.status >= 400) expect(await everything(client), what).toBe(before);
        }
        expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
      });

      test('with strange parameters and headers is never a 5xx', async () => {
        const client = await open(api);
        const strange = ['%00', '%zz', '%f0%9f%92%b8', '0', '-1', '1e9', '99999999999999999999', 'a'.repeat(4000)];
        for (const value of strange) {
          const path = `${operation.path.replace(/\{[^}]+\}/g, value)}?pageSize=${value}&${value}=${value}&__proto__=1`;
          const answer = await client.send(operation.method, path, anyBody(operation));
          expectDocumented(answer, answer.status === 404 ? undefined : operation, value);
        }
      });

      test('HEAD answers as GET does, without a body', async () => {
        const client = await open(api);
        const head = await client.send('HEAD', pathOf(operation));
        const hasGet = document.operations.some(({ method, path }) => method === 'GET' && path === operation.path);
        expect(head.status).toBe(hasGet ? 200 : 405);
        expect(head.text).toBe('');
      });

      test('with ten thousand bytes of headers is answered', async () => {
        const client = await open(api);
        const status = await raw(client, api, operation, { 'x-long': 'x'.repeat(10_000), 'content-length': '0' });
        expect(status).toBe(401);
      });
    },
  );

  describe(`${api}, beside its operations`, () => {
    test('an unknown path is a 404', async () => {
      const client = await open(api);
      for (const path of [
        '/',
        '/nothing',
        '/nothing/at/all',
        '/%00',
        '/..%2f..%2fetc%2fpasswd',
        '//',
        '/payments/../x',
      ]) {
        const answer = await client.get(path);
        expect([404, 405], path).toContain(answer.status);
        expectDocumented(answer, undefined, path);
      }
    });

    test('an unknown workspace is a 404 that says how to make it', async () => {
      const [operation] = document.operations;
      const path = operation === undefined ? '/' : pathOf(operation);
      const answer = await request(`${baseUrl()}/~nobody/${api}${path}`, { method: operation?.method ?? 'GET' });
      expect(answer.status).toBe(404);
      expect(answer.text).toContain('nobody');
      expectDocumented(answer, undefined, 'an unknown workspace');
    });

    test('the path of every documented server leads to the operations', async () => {
      const client = await open(api);
      const [operation] = document.operations;
      if (operation === undefined) throw new Error(`${api} has no operation.`);
      expect(document.serverPaths).toContain(`/${api}`);
      for (const prefix of document.serverPaths) {
        const answer = await client.send(operation.method, `${prefix}${pathOf(operation)}`, {
          headers: { accept: 'application/xml' },
        });
        expect(answer.status, prefix).toBe(406);
      }
    });
  });
}
