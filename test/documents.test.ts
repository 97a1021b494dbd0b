/**
 * The documents: lint-clean, with a source for everything, and with every response that the server can give.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { documentedApis, loadDocument } from '../src/document.js';
import { isArray, isObject, type JsonObject, type JsonValue } from '../src/json.js';
import { root } from '../src/paths.js';
import { Validator } from '../src/validator.js';

const run = promisify(execFile);
const all = ['_sandbox', ...documentedApis()];
const files = all.map((api) => join('specs', api, 'openapi.yaml'));

/** What a linter of node_modules prints, whether it complains or not. */
async function lint(command: string, parameters: readonly string[]): Promise<string> {
  const options = { cwd: root, env: { ...process.env, REDOCLY_TELEMETRY: 'off' }, maxBuffer: 67_108_864 };
  const settled = await run(join(root, 'node_modules', '.bin', command), [...parameters], options).catch(
    (error: { stdout: string }) => error,
  );
  return settled.stdout;
}

describe('linters', () => {
  test.each(files)(
    'Redocly finds nothing in %s, warnings included',
    async (file) => {
      const output = await lint('redocly', ['lint', file, '--format', 'json', '--config', 'redocly.yaml']);
      const report: { problems: { message: string; location: { pointer: string }[] }[] } = JSON.parse(output);
      expect(report.problems.map(({ message, location }) => `${location[0]?.pointer}: ${message}`)).toEqual([]);
    },
    60_000,
  );

  test('Spectral finds nothing, warnings and hints included', async () => {
    const output = await lint('spectral', ['lint', ...files, '--fail-severity', 'hint', '--format', 'json']);
    const problems: { source: string; path: string[]; message: string }[] = JSON.parse(
      output.slice(0, output.lastIndexOf(']') + 1),
    );
    expect(problems.map(({ source, path, message }) => `${source} ${path.join('/')}: ${message}`)).toEqual([]);
  }, 60_000);
});

/** Samples that break the vendor's own word, with the reason; the linters' configurations except them too. */
const invalidSamples: Readonly<Record<string, string>> = {
  'nuntiq request documented': 'its fillers ("string") are no currency of three letters and no countries of two',
};

/** Every object in a document with its JSON pointer, values of examples aside. */
function* objects(node: JsonValue | undefined, pointer = ''): Iterable<readonly [string, JsonObject]> {
  if (isArray(node)) {
    for (const [index, element] of node.entries()) yield* objects(element, `${pointer}/${index}`);
  } else if (isObject(node)) {
    yield [pointer, node];
    for (const [name, member] of Object.entries(node)) {
      if (name !== 'examples' && name !== 'example') yield* objects(member, `${pointer}/${name}`);
    }
  }
}

/** What a component is named in references: `#/components/schemas/Payment`. */
function usedReferences(document: JsonObject): Set<string> {
  const used = new Set<string>();
  for (const [, object] of objects(document)) if (typeof object.$ref === 'string') used.add(object.$ref);
  for (const [, { security }] of objects(document)) {
    for (const requirement of isArray(security) ? security : []) {
      if (isObject(requirement))
        for (const name of Object.keys(requirement)) used.add(`#/components/securitySchemes/${name}`);
    }
  }
  // A reference from within an example is a reference too.
  for (const [, reference] of JSON.stringify(document).matchAll(/"\$ref":"(#[^"]+)"/g)) used.add(reference ?? '');
  return used;
}

describe.each(all)('%s', (api) => {
  const document = loadDocument(api);

  test('every component is used', () => {
    const used = usedReferences(document.root);
    const components = isObject(document.root.components) ? document.root.components : {};
    const declared = Object.entries(components).flatMap(([kind, members]) =>
      Object.keys(isObject(members) ? members : {}).map((name) => `#/components/${kind}/${name}`),
    );
    expect(declared.filter((reference) => !used.has(reference))).toEqual([]);
  });

  test('every operation lists the refusals that any request may meet', () => {
    const lacking = document.operations.flatMap((operation) => {
      const common = ['500', ...(operation.method === 'DELETE' ? [] : ['406'])];
      const withCredentials = operation.security.flat().length > 0 && api !== '_sandbox' ? ['401'] : [];
      const withBody = operation.requestBody === undefined ? [] : ['400', '413', '415'];
      return [...common, ...withCredentials, ...withBody]
        .filter((status) => !operation.responses.has(status))
        .map((status) => `${operation.operationId} ${status}`);
    });
    expect(lacking).toEqual([]);
    expect([...document.refusals.keys()]).toEqual(expect.arrayContaining(['404', '405']));
  });

  test('every example of ours is valid against its schema', () => {
    const validator = new Validator(document);
    const wrong: string[] = [];
    for (const operation of document.operations) {
      const bodies = [...(operation.requestBody?.content ?? [])].map(([, media]) => ['request', media] as const);
      const answers = [...operation.responses.values()].flatMap((response) =>
        [...response.content.values()].map((media) => ['response', media] as const),
      );
      for (const [side, media] of [...bodies, ...answers]) {
        for (const [name, example] of media.examples) {
          const details = validator.check(media.schema, side, example.value, 'body');
          if (`${api} ${side} ${name}` in invalidSamples) {
            expect(details).not.toEqual([]);
            continue;
          }
          for (const { pointer, message } of details) {
            wrong.push(`${operation.operationId} ${side} ${name} ${pointer}: ${message}`);
          }
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  test('a property that is called example is in the types; the examples of values are not', () => {
    const isExample = (name: string) => name === 'example' || name === 'examples';
    const declared = [...objects(document.root)]
      .filter(([pointer]) => pointer.endsWith('/properties') && !pointer.endsWith('/properties/properties'))
      .flatMap(([, properties]) => Object.keys(properties).filter(isExample));
    expect(declared).toEqual(api === '_sandbox' ? ['examples', 'example'] : []);
    for (const types of ['openapi.d.ts', 'client.d.ts']) {
      const typed = readFileSync(join(root, 'specs', api, types), 'utf8').matchAll(/^\s*(examples?)\??:/gm);
      expect([...typed].map(([, name]) => name)).toEqual(declared);
    }
  });

  test('every property says what it is for', () => {
    const silent: string[] = [];
    for (const [pointer, object] of objects(document.root)) {
      if (!isObject(object.properties) || pointer.endsWith('/properties')) continue;
      for (const [name, property] of Object.entries(object.properties)) {
        if (!isObject(property) || typeof property.$ref === 'string') continue;
        if (typeof property.description !== 'string') silent.push(`${pointer}/properties/${name}`);
      }
    }
    expect(silent).toEqual([]);
  });
});

describe.each(documentedApis())('%s, as the word of a vendor', (api) => {
  const document = loadDocument(api);
  const origins = ['seed', 'public', 'framework', 'assumed'];

  test('every operation, schema and rule says where it comes from', () => {
    const without: string[] = [];
    const judge = (name: string, node: JsonValue | undefined) => {
      const source = isObject(node) ? node['x-source'] : undefined;
      const sources = isArray(source) ? source : [source];
      const told = sources.every((each) => {
        if (!isObject(each) || !origins.includes(String(each.from))) return false;
        return typeof (each.from === 'assumed' ? each.because : each.see) === 'string';
      });
      if (!told) without.push(name);
    };
    for (const [path, item] of Object.entries(document.resolve(document.root.paths))) {
      for (const [method, operation] of Object.entries(document.resolve(item))) {
        if (!isObject(operation) || operation.operationId === undefined) continue;
        judge(`${method} ${path}`, operation);
        const rules = operation['x-rules'];
        for (const rule of isArray(rules) ? rules : []) judge(`rule ${isObject(rule) ? String(rule.id) : ''}`, rule);
      }
    }
    const components = document.resolve(document.root.components);
    for (const [name, schema] of Object.entries(document.resolve(components.schemas))) judge(`schema ${name}`, schema);
    expect(without).toEqual([]);
  });
});
