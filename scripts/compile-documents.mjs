/**
 * Writes each document as JSON for the server to start from (src/compiled-document.ts), and takes those away whose document
 * is no longer as it was.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compiledDirectory, compiledName } from '../dist/src/compiled-document.js';
import { stringify } from '../dist/src/json.js';
import { packagePlaces } from '../dist/src/paths.js';
import { readYaml } from '../dist/src/yaml.js';

const documents = readdirSync(packagePlaces.specs)
  .map((api) => join(packagePlaces.specs, api, 'openapi.yaml'))
  .filter((file) => existsSync(file));
const names = new Map(documents.map((file) => [compiledName(readFileSync(file, 'utf8')), file]));
mkdirSync(compiledDirectory, { recursive: true });
for (const name of readdirSync(compiledDirectory)) if (!names.has(name)) rmSync(join(compiledDirectory, name));
for (const [name, file] of names) {
  const compiled = join(compiledDirectory, name);
  if (!existsSync(compiled)) writeFileSync(compiled, stringify(readYaml(file).value));
}
