/**
 * House rules. Each message says what to do instead.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { documentedApis } from '../src/document.js';
import { root } from '../src/paths.js';

/** TypeScript files below a folder, relative to the repository. */
function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /(?<!\.d)\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

const text = (file: string) => readFileSync(join(root, file), 'utf8');

const trees = new Map<string, ts.SourceFile>();

/** A file's syntax tree; read once, since every rule asks for it. */
function tree(file: string): ts.SourceFile {
  const known = trees.get(file) ?? ts.createSourceFile(file, text(file), ts.ScriptTarget.Latest, true);
  trees.set(file, known);
  return known;
}

/** Every node of a file's syntax tree. */
function* nodes(file: string): Iterable<ts.Node> {
  const pending: ts.Node[] = [tree(file)];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    yield node;
    pending.push(...node.getChildren());
  }
}

/** What a file imports: package names, and for relative imports the file, relative to the repository. */
function imports(file: string): string[] {
  return tree(file).statements.flatMap((node) => {
    if (!ts.isImportDeclaration(node) && !ts.isExportDeclaration(node)) return [];
    const { moduleSpecifier } = node;
    if (moduleSpecifier === undefined || !ts.isStringLiteral(moduleSpecifier)) return [];
    const from = moduleSpecifier.text;
    return [from.startsWith('.') ? join(dirname(file), from) : from];
  });
}

/** Whether a node tells the compiler to look away: a cast, an `any`, a `!`. `as const` narrows and may stay. */
function silencesCompiler(node: ts.Node): boolean {
  if (ts.isAsExpression(node)) return node.type.getText() !== 'const';
  return ts.isNonNullExpression(node) || ts.isTypeAssertionExpression(node) || node.kind === ts.SyntaxKind.AnyKeyword;
}

/** Code without comments, for rules about what is called. */
const code = (file: string) => text(file).replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');

const source = sources('src');
const handlers = sources('handlers');

describe('who may import whom', () => {
  test.each(handlers)('%s imports the public face, its own files and its own types', (file) => {
    const [, second = ''] = file.split(sep);
    const api = second.replace(/\.ts$/, '');
    const foreign = imports(file).filter(
      (from) =>
        from !== join('src', 'index.js') &&
        from !== join('specs', api, 'openapi.js') &&
        !from.startsWith(join('handlers', api) + sep),
    );
    expect(foreign, 'import what the engine offers from src/index.ts; if it lacks something, add it there').toEqual([]);
  });

  const owners: Readonly<Record<string, readonly string[]>> = {
    express: ['src/home.ts'],
    'openapi-backend': ['src/backend.ts'],
    'prom-client': ['src/metrics.ts'],
    ajv: ['src/validator.ts', 'src/json-keywords.ts', 'src/judged-once.ts', 'src/judged-later.ts'],
    'ajv/dist/2020.js': ['src/validator.ts'],
    'ajv-formats': ['src/validator.ts'],
    '@apidevtools/json-schema-ref-parser': ['src/references.ts'],
    randexp: ['src/schema-pattern.ts'],
    lowdb: ['src/store/durable.ts'],
    'fs-native-extensions': ['src/store/lock.ts'],
    'lossless-json': ['src/json.ts'],
    'big.js': ['src/money.ts'],
    yaml: ['src/yaml.ts'],
    pino: ['src/log.ts'],
    commander: ['src/cli/'],
    immutable: ['src/store/records.ts'],
    'openapi-fetch': ['src/client/control.ts', 'src/browser/control.ts'],
    re2js: ['src/pattern.ts'],
    'json-p3': ['src/json-path.ts'],
    preact: ['src/browser/'],
    'preact/hooks': ['src/browser/'],
    '@preact/signals': ['src/browser/'],
    '@codemirror/lang-json': ['src/browser/parts/json-editor.ts'],
    '@lezer/json': ['src/browser/parts/json-places.ts'],
    '@codemirror/view': ['src/browser/parts/json-editor.ts'],
    '@codemirror/state': ['src/browser/parts/json-editor.ts'],
    '@codemirror/commands': ['src/browser/parts/json-editor.ts'],
    '@codemirror/language': ['src/browser/parts/json-editor.ts'],
    '@codemirror/lint': ['src/browser/parts/json-editor.ts'],
    '@lezer/highlight': ['src/browser/parts/json-editor.ts'],
    vite: ['src/browser/vite.config.ts'],
    negotiator: ['src/negotiation.ts'],
  };
  test.each(Object.entries(owners))('%s is imported by its own module alone', (dependency, own) => {
    // An owner that ends with a slash is a folder.
    const owned = (file: string) =>
      own.some((owner) => (owner.endsWith('/') ? file.startsWith(owner) : file === owner));
    const importers = source.filter((file) => imports(file).includes(dependency));
    expect(
      importers.filter((file) => !owned(file)),
      `use ${own.join(' or ')} instead`,
    ).toEqual([]);
    for (const owner of own) {
      const found = importers.some((file) => file.startsWith(owner));
      expect(found, `${owner} no longer imports it`).toBe(true);
    }
  });

  test('the pages know the control API, and of the engine only what runs anywhere', () => {
    const anywhere = ['curl', 'json', 'json-pointer', 'reason', 'shell'].map((name) => join('src', `${name}.js`));
    const own = (from: string) => from.startsWith(join('src', 'browser') + sep) || from.startsWith('specs');
    const wrong = source
      .filter((file) => file.startsWith(join('src', 'browser') + sep))
      .flatMap((file) =>
        imports(file).filter((from) => from.startsWith('src') && !own(from) && !anywhere.includes(from)),
      );
    expect(wrong, 'ask the control API').toEqual([]);
    const foreign = source.filter((file) => !file.startsWith(join('src', 'browser') + sep));
    const drawn = foreign.filter((file) => imports(file).some((from) => from.startsWith(join('src', 'browser') + sep)));
    expect(drawn, 'what both need stands outside src/browser').toEqual([]);
  });

  test('the engine imports no handler', () => {
    const wrong = source.filter((file) => imports(file).some((from) => from.startsWith(`handlers${sep}`)));
    expect(wrong, 'handlers are found by their api; see src/apis.ts').toEqual([]);
  });

  test('the engine names no api', () => {
    const names = new RegExp(`\\b(?:${documentedApis().join('|')})\\b`, 'i');
    const wrong = source.filter((file) => names.test(code(file)));
    expect(wrong, 'what one api needs belongs into its handlers or its document').toEqual([]);
  });
});

describe('time, ids and chance come from the context', () => {
  test.each(handlers)('%s reads no clock and rolls no dice of its own', (file) => {
    const wrong = [
      ...code(file).matchAll(
        /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\brandomUUID\b|\bsetTimeout\b|\bprocess\./g,
      ),
    ];
    expect(
      wrong.map(([found]) => found),
      'use context.now, context.nextId, context.uuid and context.faker',
    ).toEqual([]);
  });
});

describe('types are kept', () => {
  test.each([...source, ...handlers])('%s has no cast and no any', (file) => {
    const wrong = [...nodes(file)].filter(silencesCompiler).map((node) => node.parent.getText());
    const suppressed = text(file).match(/@ts-\w+|biome-ignore/g) ?? [];
    expect([...wrong, ...suppressed], 'narrow with a type guard, or mend the type').toEqual([]);
  });
});

describe('amounts are decimals', () => {
  test.each(handlers)('%s computes no amount in binary floats', (file) => {
    const wrong = [...code(file).matchAll(/\bparseFloat\b|\.toFixed\(|\bNumber\([^)]*[aA]mount/g)];
    expect(
      wrong.map(([found]) => found),
      'use money from src/index.ts',
    ).toEqual([]);
  });
});

describe('words', () => {
  test.each([...source, ...handlers])('%s is named with the words of the design', (file) => {
    expect(/(?:route|controller|service|manager|helper|util)/i.test(file), 'see "Words" in the design').toBe(false);
  });

  test.each(source)('%s says what it is for', (file) => {
    expect(text(file).replace(/^#!.*\n/, ''), 'begin the file with a docstring').toMatch(/^\/\*\*/);
  });
});
