/**
 * The scenarios that are shipped, and the JSON Schemas of their files.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { loadApis, Scenarios } from '../src/apis.js';
import { documentedApis, loadDocument } from '../src/document.js';
import { type JsonObject, type JsonValue, stringify } from '../src/json.js';
import { packagePlaces, root } from '../src/paths.js';
import { scenarioSchema, severalSchema } from '../src/scenario/json-schema.js';
import { readYaml } from '../src/yaml.js';

const apis = documentedApis();
const control = loadDocument('_sandbox');
const schemas = new Map<string, JsonObject>([
  ['scenario.schema.json', severalSchema(apis)],
  ...apis.map((api) => [`${api}/scenario.schema.json`, scenarioSchema(loadDocument(api), control)] as const),
]);

const files = readdirSync(packagePlaces.data, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.yaml'))
  .map((entry) => relative(root, join(entry.parentPath, entry.name)))
  .sort();

/** The whole files that docs/scenarios.md shows, with the api in their first line; without one, for several. */
const shown = [...readFileSync(join(root, 'docs', 'scenarios.md'), 'utf8').matchAll(/```yaml\n([\s\S]*?)```/g)].map(
  ([, text = ''], index) => [index + 1, /specs\/(\w+)\/scenario/.exec(text)?.[1], text] as const,
);

describe('docs/scenarios.md', () => {
  test.each(shown)('example %i is a scenario of %s', async (_, api, text) => {
    const folder = mkdtempSync(join(tmpdir(), 'paydouble-documented-'));
    const scenarios = new Scenarios(await loadApis(packagePlaces), [folder, packagePlaces.data]);
    if (api !== undefined) mkdirSync(join(folder, api));
    writeFileSync(join(folder, api ?? '', 'example.yaml'), text);
    try {
      const having = apis.filter((each) => scenarios.names(each).includes('example'));
      expect(having.length).toBe(api === undefined ? 2 : 1);
      for (const each of having) expect(scenarios.load(each, 'example').story).not.toBe('');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('JSON Schemas of scenario files', () => {
  const ajv = new Ajv({ strict: true, strictTypes: false, strictRequired: false, allErrors: true });
  addFormats.default(ajv);
  for (const [name, schema] of schemas) ajv.addSchema(JSON.parse(stringify(schema)), `file:///specs/${name}`);

  /** What an editor would mark in a file. */
  function marked(schema: string, value: JsonValue): string[] {
    const validate = ajv.getSchema(`file:///specs/${schema}`) ?? expect.fail(`There is no ${schema}.`);
    validate(JSON.parse(stringify(value)));
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  }

  test.each([...schemas])('specs/%s is fresh', (name, schema) => {
    const kept = readFileSync(join(packagePlaces.specs, name), 'utf8');
    expect(kept === `${stringify(schema, 2)}\n`, 'stale: run npm run generate:schemas').toBe(true);
  });

  test.each(files)('%s names its schema in its first line, and is valid by it', (file) => {
    const folder = basename(dirname(file));
    const schema = folder === 'data' ? 'scenario.schema.json' : `${folder}/scenario.schema.json`;
    const [first] = readFileSync(join(root, file), 'utf8').split('\n');
    const path = relative(dirname(join(root, file)), join(packagePlaces.specs, schema));
    expect(first).toBe(`# yaml-language-server: $schema=${path}`);
    expect(marked(schema, readYaml(join(root, file)).value)).toEqual([]);
  });

  test.each<[string, JsonObject, readonly (string | RegExp)[]]>([
    ['a member that is none', { stroy: 'x' }, [/must NOT have additional properties/]],
    ['a collection that is none', { records: { nothing: [] } }, [/additional properties/]],
    ['a record that lacks something', { records: { customers: [{ id: 1 }] } }, [/required property 'currency'/]],
    ['the same, added to another', { extends: 'default', records: { customers: [{ id: 1 }] } }, []],
    ['a property that is none', { records: { customers: [{ id: 1, currency: 'USD', nme: 'x' }] } }, [/additional/]],
    ['an operator', { records: { customers: [{ id: { $index: 1 }, currency: { $choose: { USD: 1 } } }] } }, []],
    ['one that is none', { records: { customers: [{ id: { $indx: 1 }, currency: 'USD' }] } }, [/must be integer/]],
    ['two in one', { records: { customers: [{ id: { $index: 1, $same: 'x' }, currency: 'USD' }] } }, [/exactly one/]],
    [
      'a companion of another',
      { records: { customers: [{ id: { $index: 1, weights: [1] }, currency: 'USD' }] } },
      [/must have property \$choose/],
    ],
    [
      'instructions',
      {
        records: {
          customers: [
            { $name: 'a', $repeat: 2, id: 1, currency: 'x' },
            { $like: 'a', id: 2 },
          ],
        },
      },
      [],
    ],
  ])('%s', (_, value, wanted) => {
    const found = marked('staxbill/scenario.schema.json', value);
    if (wanted.length === 0) expect(found).toEqual([]);
    for (const each of wanted) expect(found.join('\n')).toMatch(each);
  });
});
