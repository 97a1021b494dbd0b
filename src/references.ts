/**
 * A document and the files that it refers to, read as one value.
 *
 * json-schema-ref-parser finds the files: it follows every `$ref`, relative to the file in which it stands, in circles too.
 * It reads nothing itself: files are read here, so that numbers keep their text and mistakes have a line, and nothing is ever
 * fetched from a network. @redocly/openapi-core would do as well and would be nine packages more; this one is there already,
 * under openapi-backend. Its own `bundle` is not used: it moves schemas to where they are first used, and a finding must name
 * the place where a person wrote one (docs/decisions/judged-documents.md).
 *
 * The only module that imports @apidevtools/json-schema-ref-parser.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { $RefParser } from '@apidevtools/json-schema-ref-parser';
import { isArray, isObject, type JsonObject, JsonTooLarge, type JsonValue, MalformedJson, parse } from './json.js';
import { escapePointer, pointerTokens, valueAt } from './json-pointer.js';
import { FileError, readYaml, shownPath, type YamlFile } from './yaml.js';

/** A document in one or several files. */
export interface Files {
  /**
   * The main file's members and, under its path from there, each other file: `schemas/payment.yaml`. Every `$ref` that can be
   * followed is a pointer into it: `#/schemas~1payment.yaml/Payment`; any other is as it was written.
   */
  readonly root: JsonObject;
  /** What a `$ref` points at; undefined if nothing stands there. */
  find(reference: string): JsonValue | undefined;
  /** Why a `$ref` that stands at a pointer cannot be followed. */
  refusal(reference: string, pointer: string): string;
  /** `file:line:column` of a pointer into {@link root}, references on the way followed; the nearest part above it that exists. */
  position(pointer: string): string;
}

/** Reads a document, and every file that it refers to. @throws {FileError} if the file itself cannot be read */
export async function readFiles(main: string): Promise<Files> {
  const mainPath = resolve(main);
  const read = new Map<string, YamlFile | FileError>([[mainPath, readAny(mainPath)]]);
  const first = read.get(mainPath);
  if (first === undefined || first instanceof FileError) throw first ?? new FileError(`${main}: cannot be read`);
  const everything = { order: 1, canRead: true, read: ({ url }: { url: string }) => url };
  const content = (url: string): JsonValue => {
    const path = pathOf(url);
    if (path === undefined || !isFile(path)) return {};
    const known = read.get(path) ?? readOrFail(path);
    read.set(path, known);
    return known instanceof FileError ? {} : otherFiles(known.value);
  };
  const parser = { order: 1, allowEmpty: true, canParse: true, parse: ({ url }: { url: string }) => content(url) };
  await new $RefParser().resolve(pathToFileURL(mainPath).pathname, {
    resolve: { file: false, http: false, everything },
    parse: { json: false, yaml: false, text: false, binary: false, everything: parser },
  });
  return new ReadFiles(mainPath, first, read);
}

/**
 * The references of a file that lead out of it, each once: all that ref-parser needs to find files. It would walk the whole
 * value, as deep as it goes, and break off at a reference that is no URL.
 */
function otherFiles(value: JsonValue): JsonValue {
  const found = new Set<string>();
  // What is added on the way is come to as well.
  const seen = new Set<JsonValue>([value]);
  for (const node of seen) {
    if (!isArray(node) && !isObject(node)) continue;
    for (const member of Object.values(node)) if (typeof member === 'object' && member !== null) seen.add(member);
    const { $ref } = isObject(node) ? node : {};
    if (typeof $ref === 'string' && !$ref.startsWith('#') && URL.canParse($ref, 'file:///')) found.add($ref);
  }
  return [...found].map(($ref) => ({ $ref }));
}

/** The schemas of a file that have names, each with its pointer: by `$id` as it is, by `$anchor` behind a number sign. */
function namesIn(value: JsonValue, start: string): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const seen = new Map<JsonValue, string>([[value, start]]);
  for (const [node, pointer] of seen) {
    if (!isArray(node) && !isObject(node)) continue;
    for (const [name, member] of Object.entries(node)) {
      if (typeof member === 'object' && member !== null) seen.set(member, `${pointer}/${escapePointer(name)}`);
    }
    const { $id, $anchor } = isObject(node) ? node : {};
    if (typeof $id === 'string' && !names.has($id)) names.set($id, pointer);
    if (typeof $anchor === 'string' && !names.has(`#${$anchor}`)) names.set(`#${$anchor}`, pointer);
  }
  return names;
}

class ReadFiles implements Files {
  readonly root: JsonObject;
  readonly #folder: string;
  readonly #names = new Map<string, ReadonlyMap<string, string>>();

  constructor(
    private readonly mainPath: string,
    private readonly main: YamlFile,
    private readonly read: ReadonlyMap<string, YamlFile | FileError>,
  ) {
    this.#folder = dirname(mainPath);
    const root: [string, JsonValue][] = [];
    const own = this.#local(main.value, mainPath);
    if (isObject(own)) for (const [name, member] of Object.entries(own)) root.push([name, member ?? null]);
    for (const [path, each] of read) {
      if (path !== mainPath && !(each instanceof FileError))
        root.push([this.#name(path), this.#local(each.value, path)]);
    }
    this.root = Object.fromEntries(root);
  }

  find(reference: string): JsonValue | undefined {
    return reference.startsWith('#') ? valueAt(this.root, tokensOf(reference)) : undefined;
  }

  refusal(reference: string, pointer: string): string {
    if (reference.startsWith('#')) return 'nothing stands there';
    if (/^[a-z][a-z\d+.-]*:/i.test(reference) && !reference.startsWith('file:')) {
      return 'nothing is fetched from a network; put the file beside the document and refer to it by its path';
    }
    const [{ file }] = this.#place(pointerTokens(pointer) ?? []);
    const path = this.#target(reference, file);
    const failed = path === undefined ? undefined : this.read.get(path);
    if (path !== undefined && isDirectory(path)) return 'that is a directory; refer to a file in it';
    return failed instanceof FileError ? failed.message : 'there is no such file';
  }

  position(pointer: string): string {
    const [place, inside] = this.#place(pointerTokens(pointer) ?? []);
    return place.position(inside.map((token) => `/${escapePointer(token)}`).join(''));
  }

  /** The file that tokens lead into, and the rest of the way in it. */
  #place(tokens: readonly string[], hops = 0): readonly [YamlFile, readonly string[]] {
    let node: JsonValue | undefined = this.root;
    for (const [index, token] of tokens.entries()) {
      const next: JsonValue | undefined = valueAt(node, [token]);
      if (
        next === undefined &&
        isObject(node) &&
        typeof node.$ref === 'string' &&
        node.$ref.startsWith('#') &&
        hops < 50
      ) {
        return this.#place([...tokensOf(node.$ref), ...tokens.slice(index)], hops + 1);
      }
      if (next === undefined) break;
      node = next;
    }
    const [name, ...rest] = tokens;
    for (const [path, each] of this.read) {
      if (path !== this.mainPath && !(each instanceof FileError) && this.#name(path) === name) return [each, rest];
    }
    return [this.main, tokens];
  }

  /** The name of another file among the members of the main one. */
  #name(path: string): string {
    const name = relative(this.#folder, path);
    return /[./\\]/.test(name) ? name : `./${name}`;
  }

  /** A file's value with references into {@link root}, and YAML's merge keys merged. */
  #local(node: JsonValue | undefined, file: string): JsonValue {
    if (isArray(node)) return node.map((element) => this.#local(element, file));
    if (!isObject(node)) return node ?? null;
    const members: [string, JsonValue][] = [];
    for (const [name, member] of Object.entries(node)) {
      if (name === '$ref' && typeof member === 'string') members.push([name, this.#localReference(member, file)]);
      else if (name === '<<') members.unshift(...this.#merged(member, file));
      else members.push([name, this.#local(member, file)]);
    }
    return Object.fromEntries(members);
  }

  #merged(member: JsonValue | undefined, file: string): readonly [string, JsonValue][] {
    const parts = isArray(member) ? [...member].reverse() : [member];
    return parts
      .flatMap((part) => Object.entries(part === undefined || !isObject(part) ? {} : part))
      .map(([name, value]): [string, JsonValue] => [name, this.#local(value, file)]);
  }

  #localReference(reference: string, file: string): string {
    const [, fragment = ''] = /#(.*)$/s.exec(reference) ?? [];
    const path = reference.startsWith('#') ? file : this.#target(reference, file);
    const known = path === undefined ? undefined : this.read.get(path);
    if (path === undefined || known === undefined || known instanceof FileError) {
      return this.#byName(reference) ?? reference;
    }
    // A fragment that is no pointer is the name that a schema of the file has by `$anchor`.
    const named = fragment === '' || fragment.startsWith('/') ? undefined : this.#named(path).get(`#${fragment}`);
    return named === undefined ? `#${encoded(this.#start(path))}${fragment}` : `#${encoded(named)}`;
  }

  /** Where a reference by `$id` leads, with what is behind its number sign; undefined if no schema has such a name. */
  #byName(reference: string): string | undefined {
    const [id = '', fragment = ''] = reference.split('#', 2);
    for (const path of this.read.keys()) {
      const named = this.#named(path).get(id);
      if (named !== undefined && (fragment === '' || fragment.startsWith('/'))) return `#${encoded(named)}${fragment}`;
    }
    return undefined;
  }

  /** The schemas of a file that have names; looked for when the first is asked for. */
  #named(path: string): ReadonlyMap<string, string> {
    const file = this.read.get(path);
    const value = file === undefined || file instanceof FileError ? null : file.value;
    const known = this.#names.get(path) ?? namesIn(value, this.#start(path));
    this.#names.set(path, known);
    return known;
  }

  /** Where a file begins among the members of the main one. */
  #start(path: string): string {
    return path === this.mainPath ? '' : `/${escapePointer(this.#name(path))}`;
  }

  #target(reference: string, file: string): string | undefined {
    return URL.canParse(reference, pathToFileURL(file).href)
      ? pathOf(new URL(reference, pathToFileURL(file)).href)
      : undefined;
  }
}

/** Where a local `$ref` leads. */
export function tokensOf(reference: string): readonly string[] {
  return pointerTokens(decoded(reference.slice(1))) ?? [reference];
}

/** A pointer as a fragment has it. */
function encoded(pointer: string): string {
  return pointer.replaceAll('%', '%25');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The path of a file's URL, or of the part of it that ref-parser keeps; undefined if it is no file. */
function pathOf(url: string): string | undefined {
  const whole = url.startsWith('/') ? `file://${url}` : url;
  if (!whole.startsWith('file:') || !URL.canParse(whole)) return undefined;
  const { href } = new URL(whole);
  try {
    return fileURLToPath(href.replace(/[?#].*$/, ''));
  } catch {
    return undefined;
  }
}

function isFile(path: string): boolean {
  return !path.includes('\0') && existsSync(path) && statSync(path).isFile();
}

function isDirectory(path: string): boolean {
  return !path.includes('\0') && existsSync(path) && statSync(path).isDirectory();
}

function readOrFail(path: string): YamlFile | FileError {
  try {
    return readAny(path);
  } catch (error) {
    if (error instanceof FileError) return error;
    throw error;
  }
}

/** A file that is text to every reader, and no document: a description, a sample in another format. */
const isText = /\.(?:md|markdown|txt|xml|html?|csv)$/i;

/** Reads YAML or JSON; JSON without a mistake is read in a tenth of the time, and its lines are found when they are asked for. */
function readAny(file: string): YamlFile {
  if (isText.test(file)) return { file, value: readFileSync(file, 'utf8'), position: () => `${shownPath(file)}:1:1` };
  if (isDirectory(file))
    throw new FileError(`${shownPath(file) || file}: that is a directory; name the document in it`);
  if (isFile(file) && statSync(file).size > mostBytes) {
    throw new FileError(
      `${shownPath(file)}: longer than ${mostBytes} bytes; leave out the operations that are not judged`,
    );
  }
  if (!/\.json$/i.test(file) || !isFile(file)) return readAsYaml(file);
  const value = readJson(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''), shownPath(file));
  if (value === undefined) return readAsYaml(file);
  let yaml: YamlFile | undefined;
  return {
    file,
    value,
    position: (pointer) => {
      // Of the largest files, lines would take more memory than there is.
      if (statSync(file).size > mostBytesOfYaml) return `${shownPath(file)}:1:1`;
      yaml ??= readAsYaml(file);
      return yaml.position(pointer);
    },
  };
}

/** The longest file; the largest documents that are published have half of it. */
const mostBytes = 67_108_864;

/** YAML takes a hundred times the memory that it is long. */
const mostBytesOfYaml = 16_777_216;

function readAsYaml(file: string): YamlFile {
  if (isFile(file) && statSync(file).size > mostBytesOfYaml) {
    throw new FileError(
      `${shownPath(file)}: longer than ${mostBytesOfYaml} bytes, and no JSON: as JSON it may have ${mostBytes}`,
    );
  }
  return readYaml(file, mostRepeated);
}

/** The most values that the aliases of a YAML file may stand for. */
const mostRepeated = 500_000;

function readJson(text: string, shown: string): JsonValue | undefined {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof MalformedJson) return undefined;
    if (error instanceof JsonTooLarge) throw new FileError(`${shown}: ${error.message}: give a flatter document`);
    throw error;
  }
}
