/**
 * Writes specs/<api>/scenario.schema.json and specs/scenario.schema.json from the documents. They are kept in git, so that an
 * editor finds them; a test says when they are stale.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { documentedApis, loadDocument } from '../dist/src/document.js';
import { stringify } from '../dist/src/json.js';
import { scenarioSchema, severalSchema } from '../dist/src/scenario/json-schema.js';

const write = (file, schema) => {
  writeFileSync(fileURLToPath(new URL(`../specs/${file}`, import.meta.url)), `${stringify(schema, 2)}\n`);
};
const control = loadDocument('_sandbox');
for (const api of documentedApis()) write(`${api}/scenario.schema.json`, scenarioSchema(loadDocument(api), control));
write('scenario.schema.json', severalSchema(documentedApis()));
