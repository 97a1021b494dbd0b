/**
 * Writes specs/<api>/openapi.d.ts (for handlers) and client.d.ts (for clients) from specs/<api>/openapi.yaml, for every api
 * whose document is newer than its types, and specs/apis.d.ts.
 *
 * For handlers, every non-integer `type: number` becomes `Amount` (src/json.ts), because an amount keeps the text it was written
 * with: `125.50` is not `125.5`. Integers are plain numbers.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
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

/** Members whose own members are named by the document's author, so that none of these names is a keyword of OpenAPI. */
const namesWithin = new Set([
  'callbacks',
  'content',
  'encoding',
  'headers',
  'links',
  'mapping',
  'parameters',
  'paths',
  'properties',
  'requestBodies',
  'responses',
  'schemas',
  'securitySchemes',
  'variables',
  'x-collections',
  'x-refusals',
  'x-settings',
]);

/**
 * The document without its samples, which are values, not types, and may be $refs to JSON files. A property that is called
 * `example` is none of them. `named`: whether the names in `node` are the author's.
 */
function withoutExamples(node, named = false) {
  if (Array.isArray(node)) return node.map((each) => withoutExamples(each));
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node)
      .filter(([name]) => named || (name !== 'example' && name !== 'examples'))
      .map(([name, value]) => [name, withoutExamples(value, !named && namesWithin.has(name))]),
  );
}

const stale = readdirSync(specs, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => ({
    api: entry.name,
    document: new URL(`${entry.name}/openapi.yaml`, specs),
    types: new URL(`${entry.name}/openapi.d.ts`, specs),
    client: new URL(`${entry.name}/client.d.ts`, specs),
  }))
  .filter(({ document }) => modified(document) > 0)
  .filter(({ document, client }) => modified(client) < Math.max(modified(document), modified(self)));

if (stale.length > 0) {
  const { default: openapiTypescript, astToString } = await import('openapi-typescript');
  const { default: ts } = await import('typescript');
  const amount = ts.factory.createTypeReferenceNode('Amount');
  const withNull = ts.factory.createUnionTypeNode([amount, ts.factory.createLiteralTypeNode(ts.factory.createNull())]);
  const { parse } = await import('yaml');
  for (const { api, document, types, client } of stale) {
    await refuseBroken(api);
    const contract = withoutExamples(parse(readFileSync(document, 'utf8')));
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
    // A client of the api reads plain JSON: its numbers are numbers.
    const [first] = header.split('\n');
    writeFileSync(client, `${first}\n${astToString(await openapiTypescript(contract, { defaultNonNullable: false }))}`);
  }
}

/**
 * Every api's paths by its name, for clients that are typed by api; and all of it beside the compiled engine, whose
 * declarations lead there.
 */
const documented = readdirSync(specs, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && modified(new URL(`${entry.name}/openapi.yaml`, specs)) > 0)
  .map((entry) => entry.name)
  .sort();
const vendors = documented.filter((api) => !api.startsWith('_'));
const names = vendors.map((api) => [api, api.replace(/[^A-Za-z0-9]/g, '_')]);
writeIfOther(
  new URL('apis.d.ts', specs),
  [
    '// Generated from the folders of specs/ by `npm run generate`. Not kept in git; do not edit.',
    ...names.map(([api, name]) => `import type { paths as ${name} } from './${api}/client.js';`),
    '',
    "/** What each api's document has under `paths`. */",
    'export interface Apis {',
    ...names.map(([api, name]) => `  ${JSON.stringify(api)}: ${name};`),
    '}',
    '',
  ].join('\n'),
);
const compiled = new URL('../dist/specs/', import.meta.url);
const declarations = documented.flatMap((api) => [`${api}/openapi.d.ts`, `${api}/client.d.ts`]);
for (const file of ['apis.d.ts', ...declarations]) {
  mkdirSync(new URL('.', new URL(file, compiled)), { recursive: true });
  writeIfOther(new URL(file, compiled), readFileSync(new URL(file, specs), 'utf8'));
}

function writeIfOther(file, text) {
  if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text);
}
