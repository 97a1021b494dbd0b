/**
 * YAML in, with number text kept (`125.50` stays `125.50`) and errors that name file, line and column.
 *
 * The only module that imports yaml; it is loaded when the first YAML is read, because what the build made JSON of is not.
 */
import { readFileSync } from 'node:fs';
import { isAbsolute, relative } from 'node:path';
import type * as Yaml from 'yaml';
import type { CST, Node, ScalarTag } from 'yaml';
import { isNumberText, type JsonObject, type JsonValue, NumberText, toNumber, stringify as writeJson } from './json.js';
import { escapePointer } from './json-pointer.js';
import { loadPackage } from './load-package.js';
import { root } from './paths.js';
import { reasonOf } from './reason.js';

/** A file that a person wrote and that is wrong. `message` holds file, line, column and what was expected. */
export class FileError extends Error {
  override readonly name = 'FileError';
}

/** A YAML file's value, and where each part of it stands. */
export interface YamlFile {
  readonly file: string;
  readonly value: JsonValue;
  /** `data/nuntiq/default.yaml:12:7` for a JSON pointer; the nearest part above it that exists. */
  position(pointer: string): string;
}

function library(): typeof Yaml {
  return loadPackage('yaml');
}

const jsonNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** Deeper than this nothing is read: what walks a value goes as deep as it does. */
const mostDepth = 512;

/**
 * Reads a YAML file. `mostRepeated` is how many values its aliases may stand for: nine lines may be a milliard.
 *
 * @throws {FileError} if it cannot be read, is no YAML, or nests too deep
 */
export function readYaml(file: string, mostRepeated = Number.POSITIVE_INFINITY): YamlFile {
  const { Composer, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, Parser } = library();
  const shown = shownPath(file);
  const lines = new LineCounter();
  const text = readText(file);
  const refuseAt = (offset: number, fault: string): never => {
    const { line, col } = lines.linePos(offset);
    throw new FileError(`${shown}:${line}:${col}: ${fault}`);
  };
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  const deep = tooDeepAt(tokens);
  if (deep !== undefined) refuseAt(deep, tooDeep);
  const [document, second] = new Composer({ prettyErrors: false }).compose(tokens, true, text.length);
  const [error] = document?.errors ?? [];
  if (error !== undefined) refuseAt(error.pos[0], error.message);
  if (second !== undefined) refuseAt(second.range[0], 'a second document: give each a file of its own');
  const nodes = new Map<string, Node>();
  /** Whether a node stands above a pointer: an alias there would repeat itself for ever. */
  const isAbove = (pointer: string, node: unknown): boolean => {
    for (let at = pointer; at !== ''; ) {
      at = at.slice(0, at.lastIndexOf('/'));
      if (nodes.get(at) === node) return true;
    }
    return false;
  };
  // Kept while reading: yaml's own Alias.resolve searches the whole document for each alias.
  const anchors = new Map<string, Node>();
  const keepAnchor = (node: Node): void => {
    if (isAlias(node) || !('anchor' in node) || typeof node.anchor !== 'string') return;
    // What is read again for an alias stands before what was read since.
    if ((anchors.get(node.anchor)?.range?.[0] ?? -1) < (node.range?.[0] ?? 0)) anchors.set(node.anchor, node);
  };
  let left = mostRepeated;
  const convert = (node: unknown, pointer: string, depth = 0, isRepeated = false): JsonValue => {
    const refuse = (fault: string): never => refuseAt((isNode(node) ? node.range?.[0] : undefined) ?? 0, fault);
    // What an alias stands for is as deep as it is, and where the alias is.
    if (depth > mostDepth) refuse(tooDeep);
    if (isRepeated && --left < 0) refuse(`aliases stand for more than ${mostRepeated} values: refer to a part by $ref`);
    if (isNode(node)) keepAnchor(node);
    const target = isAlias(node) ? anchors.get(node.source) : node;
    const repeats = isRepeated || isAlias(node);
    if (isAlias(node) && (target === undefined || isAbove(pointer, target))) {
      const fault = target === undefined ? 'no anchor before it has that name' : 'it stands within what it repeats';
      refuse(`*${node.source}: ${fault}`);
    }
    if (isMap(target)) {
      nodes.set(pointer, target);
      const members: [string, JsonValue][] = [];
      for (const { key, value } of target.items) {
        const name = isScalar(key) ? String(key.value) : String(key);
        members.push([name, convert(value, `${pointer}/${escapePointer(name)}`, depth + 1, repeats)]);
      }
      const object: JsonObject = Object.fromEntries(members);
      return object;
    }
    if (isSeq(target)) {
      nodes.set(pointer, target);
      return target.items.map((item, index) => convert(item, `${pointer}/${index}`, depth + 1, repeats));
    }
    if (!isScalar(target)) return null;
    nodes.set(pointer, target);
    return scalar(target.value, target.source);
  };
  const value = convert(document?.contents, '');
  return {
    file,
    value,
    position: (pointer) => {
      let at = pointer;
      while (at !== '' && !nodes.has(at)) at = at.slice(0, at.lastIndexOf('/'));
      const offset = nodes.get(at)?.range?.[0] ?? 0;
      const { line, col } = lines.linePos(offset);
      return `${shown}:${line}:${col}`;
    },
  };
}

const tooDeep = `YAML nested deeper than ${mostDepth} levels: give a flatter document`;

/**
 * Where a text nests too deep; undefined if nowhere. Found before yaml puts its parts together: it does so a level within
 * the other, and where room for that ends, Node may end too.
 */
function tooDeepAt(tokens: readonly CST.Token[]): number | undefined {
  for (const document of tokens) {
    const pending: [CST.Token, depth: number][] = [[document, -1]];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const [token, depth] = next;
      if (depth > mostDepth) return token.offset;
      if (token.type === 'document' && token.value !== undefined) pending.push([token.value, depth + 1]);
      for (const { key, value } of 'items' in token ? token.items : []) {
        for (const part of [key, value]) if (part !== undefined && part !== null) pending.push([part, depth + 1]);
      }
    }
  }
  return undefined;
}

/** A path as messages show it: from paydouble's own directory or the current one, if it is in either. */
export function shownPath(file: string): string {
  const inside = [root, process.cwd()].map((directory) => relative(directory, file));
  return inside.find((path) => !path.startsWith('..') && !isAbsolute(path)) ?? file;
}

/** The text of a file. @throws {FileError} if it cannot be read */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new FileError(`${shownPath(file)}: cannot be read: ${reasonOf(error)}`);
  }
}

function scalar(value: unknown, source: string | undefined): JsonValue {
  if (typeof value === 'number') {
    if (source !== undefined && jsonNumber.test(source)) return toNumber(source);
    // `.inf` and `.nan` are no JSON; as text, the schema refuses them.
    return Number.isFinite(value) ? value : (source ?? null);
  }
  if (typeof value === 'bigint') return toNumber(String(value));
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  return null;
}

/** Numbers as they are written, for {@link toYaml}; yaml's own are doubles. */
const textNumber: ScalarTag = {
  tag: 'tag:yaml.org,2002:float',
  default: true,
  test: jsonNumber,
  identify: isNumberText,
  resolve: (text) => new NumberText(text),
  stringify: ({ value }) => String(value),
};

/** Writes YAML; numbers keep their text. */
export function toYaml(value: JsonValue): string {
  const { parseDocument, visit } = library();
  const document = parseDocument(writeJson(value), { customTags: (tags) => [textNumber, ...tags] });
  visit(document, {
    Scalar: (_, scalar) => {
      // JSON's quotes are left off where YAML needs none.
      if (typeof scalar.value === 'string') delete scalar.type;
    },
    Collection: (_, collection) => {
      collection.flow = false;
    },
  });
  return document.toString({ lineWidth: 100 });
}
