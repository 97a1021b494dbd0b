/**
 * Documents for the viewer: sources and rules can be read, and examples stay what they are.
 */
import { describe, expect, test } from 'vitest';
import { withSources } from '../../src/browser/sources.js';
import { documentedApis, loadDocument } from '../../src/document.js';
import { isObject, type JsonValue, parse, stringify } from '../../src/json.js';

const server = 'http://127.0.0.1:4010/~tests/some';

describe('a document for the viewer', () => {
  test('says where a behaviour comes from, in words that Markdown leaves alone', () => {
    const source = { from: 'seed', see: 'the *Name properties', because: 'a_b_c is assumed' };
    const shown = withSources(
      { info: { description: 'Before.', 'x-source': source }, tags: [{ 'x-source': source }] },
      server,
    );
    const words = "Source: the vendor's documentation (the \\*Name properties; a\\_b\\_c is assumed).";
    expect(shown).toMatchObject({ info: { description: `Before.\n\n${words}` }, tags: [{ description: words }] });
  });

  test.each(documentedApis())('has no word that only its writers know: %s', (api) => {
    expect(stringify(withSources(loadDocument(api).root, server))).not.toMatch(/seed \d{3}|\bthe seed\b/);
  });

  test('offers this sandbox alone, and no vendor', () => {
    const { servers } = withSources({ servers: [{ url: 'https://vendor.test' }] }, server);
    expect(servers).toEqual([{ url: server, description: 'This sandbox.' }]);
  });

  test('shows an HTTP scheme that is no bearer token as its header', () => {
    const securitySchemes = {
      key: { type: 'http', scheme: 'basic', description: 'A key.' },
      token: { type: 'http', scheme: 'bearer' },
    };
    expect(withSources({ components: { securitySchemes } }, server)).toMatchObject({
      components: {
        securitySchemes: {
          key: { type: 'apiKey', in: 'header', name: 'Authorization', description: 'A key.' },
          token: { type: 'http', scheme: 'bearer' },
        },
      },
    });
  });

  test('keeps an example as the text that is sent, and says what the viewer makes of its numbers', () => {
    const content = { 'application/json': { examples: { documented: { value: parse('{"amount":8.0}') } } } };
    expect(withSources({ body: { content } }, server)).toMatchObject({
      body: {
        description: expect.stringContaining('8.0 as 8'),
        content: { 'application/json': { examples: { documented: { value: '{\n  "amount": 8.0\n}' } } } },
      },
    });
    const plain = { 'application/json': { examples: { documented: { value: { amount: 8.5 } } } } };
    expect(stringify(withSources({ body: { content: plain } }, server))).not.toContain('viewer');
  });

  test.each(documentedApis())('of %s tells every source and every rule', (api) => {
    const { root, operations } = loadDocument(api);
    const shown = withSources(root, server);
    expect([...untold(shown)]).toEqual([]);
    const text = stringify(shown);
    for (const { rules } of operations) {
      for (const { id } of rules) expect(text).toContain(`**${id}**`);
    }
  });
});

/** Whatever has a source and does not say so. */
function* untold(node: JsonValue | undefined, at = ''): Iterable<string> {
  if (Array.isArray(node)) for (const [index, each] of node.entries()) yield* untold(each, `${at}/${index}`);
  if (!isObject(node)) return;
  if (node['x-source'] !== undefined && !String(node.description).includes('Source: ')) yield at;
  for (const [name, each] of Object.entries(node)) {
    if (name !== 'x-rules' && name !== 'examples') yield* untold(each, `${at}/${name}`);
  }
}
