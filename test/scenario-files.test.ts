/**
 * The scenarios that are shipped, and the JSON Schemas of their files.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
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
});
