/**
 * The JSON that documents are started from says what the YAML says, and what was changed since is read as it is.
 */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { compiledDirectory, compiledName, readDocument } from '../../src/compiled-document.js';
import { documentedApis } from '../../src/document.js';
import { parse } from '../../src/json.js';
import { packagePlaces } from '../../src/paths.js';
import { readYaml } from '../../src/yaml.js';

const directory = await mkdtemp(join(tmpdir(), 'paydouble-documents-'));
afterAll(() => rm(directory, { recursive: true }));

test.each([...documentedApis(), '_sandbox'])('%s', async (api) => {
  const file = join(packagePlaces.specs, api, 'openapi.yaml');
  const yaml = readYaml(file);
  const compiled = await readFile(join(compiledDirectory, compiledName(await readFile(file, 'utf8'))), 'utf8');
  expect(parse(compiled)).toEqual(yaml.value);
  const document = readDocument(file);
  expect(document.value).toEqual(yaml.value);
  expect(document.position('/paths')).toBe(yaml.position('/paths'));
});

test('a document that was changed is not read from its JSON', async () => {
  const file = join(directory, 'openapi.yaml');
  await cp(join(packagePlaces.specs, 'nuntiq', 'openapi.yaml'), file);
  await writeFile(file, `${await readFile(file, 'utf8')}x-changed: true\n`);
  expect(readDocument(file).value).toMatchObject({ 'x-changed': true });
});
