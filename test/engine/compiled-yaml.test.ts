/**
 * The JSON that documents and scenarios are started from says what the YAML says; what was changed since, and what is no JSON
 * that YAML would read alike, is read as it is.
 */
import { readdirSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { compiledDirectory, compiledName, readCompiled } from '../../src/compiled-yaml.js';
import { documentedApis } from '../../src/document.js';
import { parse, stringify } from '../../src/json.js';
import { packagePlaces } from '../../src/paths.js';
import { readYaml } from '../../src/yaml.js';

const directory = await mkdtemp(join(tmpdir(), 'paydouble-compiled-'));
afterAll(() => rm(directory, { recursive: true }));

const documents = [...documentedApis(), '_sandbox'].map((api) => join(packagePlaces.specs, api, 'openapi.yaml'));
const scenarios = readdirSync(packagePlaces.data, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => join(packagePlaces.data, name));

test.each([...documents, ...scenarios])('%s', async (file) => {
  const yaml = readYaml(file);
  const compiled = await readFile(join(compiledDirectory, compiledName(await readFile(file, 'utf8'))), 'utf8');
  expect(parse(compiled)).toEqual(yaml.value);
  const read = readCompiled(file);
  expect(read.value).toEqual(yaml.value);
  for (const pointer of ['/paths', '/records']) expect(read.position(pointer)).toBe(yaml.position(pointer));
});

test('a document that was changed is not read from its JSON', async () => {
  const file = join(directory, 'openapi.yaml');
  await cp(join(packagePlaces.specs, 'nuntiq', 'openapi.yaml'), file);
  await writeFile(file, `${await readFile(file, 'utf8')}x-changed: true\n`);
  expect(readCompiled(file).value).toMatchObject({ 'x-changed': true });
});

describe('a file of JSON', () => {
  async function written(text: string) {
    const file = join(directory, 'file.yaml');
    await writeFile(file, text);
    return file;
  }

  test.each([
    '{"a":[1.50,-0,1e3,12345678901234567890],"b":{"":null,"__proto__":{"x":true}}}',
    ' \n[{"text":"a: b, \\"c: d\\" \\\\","more":"\\u00e9\\ud83d\\ude00"}]',
    '{"a":{"b":1},"c":{"b":1}}',
  ])('%s is read as YAML reads it, and knows its lines', async (text) => {
    const file = await written(text);
    const yaml = readYaml(file);
    const read = readCompiled(file);
    expect(stringify(read.value)).toBe(stringify(yaml.value));
    expect(read.position('/c/b')).toBe(yaml.position('/c/b'));
  });

  test('with a key that comes twice is refused', async () => {
    const file = await written('{"a":{"b: c":1,\n "b: c":2}}');
    expect(() => readCompiled(file)).toThrow(/file\.yaml:2:2: /);
  });

  test('that is YAML and no JSON is read as YAML', async () => {
    expect(readCompiled(await written('{ a: 1.50, b: [yes] }')).value).toEqual(parse('{"a":1.50,"b":["yes"]}'));
  });

  test('that nests too deep is refused', async () => {
    const file = await written('['.repeat(600) + ']'.repeat(600));
    expect(() => readCompiled(file)).toThrow(/nested deeper than 512/);
  });
});

test('a file that cannot be read is told of', () => {
  expect(() => readCompiled(directory)).toThrow(/cannot be read/);
  expect(() => readCompiled(join(directory, 'none.yaml'))).toThrow(/none\.yaml: cannot be read/);
});
