/**
 * Records at the extremes of their schemas: whatever the control API lets in, no vendor's GET answers it with a fault of the
 * sandbox. A record's schema must be as tight as those of the answers that show it.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { type ApiDocument, type CollectionDeclaration, documentedApis, loadDocument } from '../src/document.js';
import { isObject, type JsonObject, parse, stringify } from '../src/json.js';
import { control } from './control-client.js';
import { baseUrl, open, request, useSandbox } from './harness.js';

useSandbox();

interface Get {
  readonly api: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
}

let gets: readonly Get[] = [];
beforeAll(async () => {
  gets = (await control('GET', '/samples')).body.filter(({ method }: Get) => method === 'GET');
});

/** Values that a property would take if nothing bounds it: many are refused, and say so by their refusal. */
const extremes: readonly [string, Readonly<Record<string, readonly string[]>>][] = [
  [
    'largest',
    {
      number: ['1e400', '1e64', '1e20', '99999999999999999999', '9007199254740991', '2147483647'],
      integer: ['1e64', '9223372036854775807', '9007199254740991', '2147483647'],
      string: ['A'.repeat(100_000), 'A'.repeat(4_000), 'A'.repeat(255), 'A'.repeat(64)].map((text) => stringify(text)),
    },
  ],
  [
    'smallest',
    {
      number: ['-1e400', '-1e64', '-1e20', '-9007199254740991', '-1', '0', '1e-64'],
      integer: ['-1e64', '-9223372036854775808', '-9007199254740991', '-1', '0'],
      string: ['""', '" "'],
    },
  ],
];

function properties(document: ApiDocument, { schema, key, references }: CollectionDeclaration): [string, string][] {
  const named = Object.entries(document.resolve(document.resolve(schema).properties));
  return named.flatMap(([name, property]): [string, string][] => {
    const { type } = document.resolve(property ?? {});
    return name === key || references.has(name) || typeof type !== 'string' ? [] : [[name, type]];
  });
}

describe.each(documentedApis())('%s', (api) => {
  const document = loadDocument(api);

  test.each(extremes)('records with the %s values that their schemas take are answered', async (_, values) => {
    const { workspace } = await open(api);
    let taken = 0;
    for (const collection of document.collections) {
      const at = `/workspaces/${workspace}/state/${api}/${collection.name}`;
      const { records } = parsed((await control('GET', `${at}?limit=3`)).text);
      for (const record of records) {
        const place = `${at}/${encodeURIComponent(String(record[collection.key]))}`;
        for (const [name, type] of properties(document, collection)) {
          for (const value of values[type] ?? []) {
            const { status } = await control('PATCH', place, `{${stringify(name)}: ${value}}`);
            expect([200, 400], `${place} ${name} ${value}`).toContain(status);
            if (status !== 200) continue;
            taken++;
            break;
          }
        }
      }
    }
    expect(taken).toBeGreaterThan(0);
    const own = gets.filter((each) => each.api === api);
    const broken = new Set<string>();
    for (const { method, path, headers } of own) {
      const { status, text } = await request(`${baseUrl()}/~${workspace}${path}`, { method, headers });
      if (status >= 500) broken.add(`${path}: ${text}`);
    }
    expect([...broken]).toEqual([]);
  });
});

function parsed(text: string): { readonly records: readonly JsonObject[] } {
  const body = parse(text);
  const records = isObject(body) && Array.isArray(body.records) ? body.records : [];
  return { records: records.filter(isObject) };
}
