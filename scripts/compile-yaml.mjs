/**
 * Writes each document and scenario as JSON for the server to start from (src/compiled-yaml.ts), and takes away what was made
 * of those that are no longer as they were.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compiledDirectory, compiledName } from '../dist/src/compiled-yaml.js';
import { stringify } from '../dist/src/json.js';
import { packagePlaces } from '../dist/src/paths.js';
import { readYaml } from '../dist/src/yaml.js';

const documents = readdirSync(packagePlaces.specs)
  .map((api) => join(packagePlaces.specs, api, 'openapi.yaml'))
  .filter((file) => existsSync(file));
const scenarios = readdirSync(packagePlaces.data, { recursive: true })
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => join(packagePlaces.data, name));
const names = new Map([...documents, ...scenarios].map((file) => [compiledName(readFileSync(file, 'utf8')), file]));
mkdirSync(compiledDirectory, { recursive: true });
for (const name of readdirSync(compiledDirectory)) if (!names.has(name)) rmSync(join(compiledDirectory, name));
for (const [name, file] of names) {
  const compiled = join(compiledDirectory, name);
  if (!existsSync(compiled)) writeFileSync(compiled, stringify(readYaml(file).value));
}
