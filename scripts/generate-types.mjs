/**
 * Writes specs/<api>/openapi.d.ts from specs/<api>/openapi.yaml, for every api whose document is newer than its types.
 *
 * Every non-integer `type: number` becomes `Amount` (src/json.ts), because an amount keeps the text it was written
 * with: `125.50` is not `125.5`. Integers are plain numbers.
 */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const specs = new URL('../specs/', import.meta.url);
const self = fileURLToPath(import.meta.url);

function modified(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** Says what is wrong with a document in the engine's words, with file and line, where the engine was built before. */
async function refuseBroken(api) {
  const engine = new URL('../dist/src/document.js', import.meta.url);
  if (!existsSync(engine)) return;
  const { loadDocument } = await import(engine.href);
  try {
    loadDocument(api);
  } catch (error) {
    if (error.name !== 'FileError') throw error;
    process.stderr.write(`paydouble cannot start.\n${error.message}\n`);
    process.exit(1);
  }
}

const stale = readdirSync(specs, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => ({
    api: entry.name,
    document: new URL(`${entry.name}/openapi.yaml`, specs),
    types: new URL(`${entry.name}/openapi.d.ts`, specs),
  }))
  .filter(({ document }) => modified(document) > 0)
  .filter(({ document, types }) => modified(types) < Math.max(modified(document), modified(self)));

if (stale.length > 0) {
  const { default: openapiTypescript, astToString } = await import('openapi-typescript');
  const { default: ts } = await import('typescript');
  const amount = ts.factory.createTypeReferenceNode('Amount');
  const withNull = ts.factory.createUnionTypeNode([amount, ts.factory.createLiteralTypeNode(ts.factory.createNull())]);
  const { parse } = await import('yaml');
  for (const { api, document, types } of stale) {
    await refuseBroken(api);
    // The samples are values, not types: their $refs to JSON files are left out before the types are made.
    const contract = JSON.parse(
      JSON.stringify(parse(readFileSync(document, 'utf8')), (key, value) =>
        key === 'examples' || key === 'example' ? undefined : value,
      ),
    );
    const tree = await openapiTypescript(contract, {
      defaultNonNullable: false,
      transform: (schema) => {
        if (schema.type === 'number') return schema.nullable ? withNull : amount;
        if (!('type' in schema) && Object.keys(schema).every((key) => key === 'description' || key.startsWith('x-'))) {
          return ts.factory.createTypeReferenceNode('JsonValue');
        }
        if (schema.type === 'object' && schema.additionalProperties === true && !schema.properties) {
          return ts.factory.createTypeReferenceNode('JsonObject');
        }
        return undefined;
      },
    });
    const header = [
      `// Generated from specs/${api}/openapi.yaml by \`npm run generate\`. Not kept in git; do not edit.`,
      "import type { Amount, JsonObject, JsonValue } from '../../src/json.js';",
      '',
    ].join('\n');
    writeFileSync(types, `${header}\n${astToString(tree)}`);
  }
}
