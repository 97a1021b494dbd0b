/**
 * docs/library.md names every public member of the package.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { root } from '../src/paths.js';

const page = readFileSync(join(root, 'docs', 'library.md'), 'utf8');
const entries = ['src/library.ts', 'src/client/sandbox.ts', 'src/vitest.ts'].map((file) => join(root, file));
const program = ts.createProgram(entries, {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.NodeNext,
  strict: true,
  skipLibCheck: true,
  types: ['node'],
});
const checker = program.getTypeChecker();

/** What a file exports, by name; what it hands on is followed to where it is declared. */
function exported(file: string): ts.Symbol[] {
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  return module === undefined ? [] : checker.getExportsOfModule(module);
}

function declared(symbol: ts.Symbol): ts.Declaration[] {
  const origin = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return origin.declarations ?? [];
}

/** The public members of a class or an interface; those of an object that a member is made of come as `clock.read`. */
function membersOf(declaration: ts.Declaration): string[] {
  if (!ts.isClassDeclaration(declaration) && !ts.isInterfaceDeclaration(declaration)) return [];
  const own: readonly (ts.ClassElement | ts.TypeElement)[] = declaration.members;
  return own.flatMap((member): string[] => {
    if (ts.isConstructorDeclaration(member)) {
      return member.parameters
        .filter((each) => ts.isParameterPropertyDeclaration(each, member) && isPublic(each))
        .map(nameOf);
    }
    if (!isPublic(member) || member.name === undefined || ts.isPrivateIdentifier(member.name)) return [];
    const parts =
      ts.isPropertyDeclaration(member) && member.initializer && ts.isObjectLiteralExpression(member.initializer)
        ? member.initializer.properties.map((part) => `${nameOf(member)}.${nameOf(part)}`)
        : [];
    return [nameOf(member), ...parts];
  });
}

function isPublic(node: ts.Declaration): boolean {
  return (ts.getCombinedModifierFlags(node) & (ts.ModifierFlags.Private | ts.ModifierFlags.Override)) === 0;
}

function nameOf(node: ts.NamedDeclaration): string {
  return node.name?.getText() ?? '';
}

/** The code in a page's text: what stands between backquotes, without what stands between parentheses. */
const named = new Set(
  [...page.replace(/^```[\s\S]*?^```$/gm, '').matchAll(/`([^`]+)`/g)].map(([, code = '']) => code.replace(/\(.*$/, '')),
);

/** Types whose members handlers meet: docs/adding-an-api.md tells of them. */
const forHandlers = new Set(exported(join(root, 'src', 'index.ts')).map(({ name }) => name));

describe('docs/library.md', () => {
  test.each(entries)('names everything that %s exports', (file) => {
    const names = exported(file).map(({ name }) => name);
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => !named.has(name))).toEqual([]);
  });

  const symbols = new Map(entries.flatMap((file) => exported(file).map((symbol) => [symbol.name, symbol] as const)));
  const owners = [...symbols.values()].filter(({ name }) => !forHandlers.has(name) && name !== 'Apis');
  const members = owners.flatMap((symbol) =>
    declared(symbol)
      .flatMap(membersOf)
      .map((member) => [symbol.name, member] as const),
  );

  test('is held against all classes and interfaces', () => {
    const all = members.map(([owner, member]) => `${owner} ${member}`);
    expect(all).toEqual(
      expect.arrayContaining([
        'Sandbox workspace',
        'WorkspaceClient journal.verify',
        'ControlError errors',
        'SandboxOptions data',
      ]),
    );
    expect(all).not.toContain('WorkspaceClient control');
  });

  test.each(members)('%s: names %s', (owner, member) => {
    expect(named.has(member) || named.has(`${owner}.${member}`), `write \`${member}\` into docs/library.md`).toBe(true);
  });

  test('names the functions of money', () => {
    const money = exported(join(root, 'src', 'money.ts')).map(({ name }) => name);
    expect(money.filter((name) => !named.has(name))).toEqual([]);
  });
});
