/**
 * An api's OpenAPI document, read once: operations, refusals, collections, security schemes, samples.
 *
 * What would make the server wrong at a request is refused here, at start: see {@link FileError} and `checkDocument`.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { readCompiled } from './compiled-yaml.js';
import { excerpt } from './excerpt.js';
import { isArray, isNumberText, isObject, type JsonObject, type JsonValue, parse, stringify } from './json.js';
import { escapePointer } from './json-pointer.js';
import { keywordFault } from './keyword-values.js';
import { packagePlaces } from './paths.js';
import { findSchemas, knownKeywords } from './schema.js';
import { FileError, type YamlFile } from './yaml.js';

/** What a security scheme demands, in the order of the document. */
export interface SecurityScheme {
  readonly name: string;
  readonly type: 'apiKey' | 'http';
  /** For apiKey: where the key stands. */
  readonly in: 'header' | 'query' | 'cookie';
  /** The header, query parameter or cookie that carries it. */
  readonly parameter: string;
  /** For http: `basic`, `bearer` …, lower case. */
  readonly scheme?: string;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header' | 'cookie';
  readonly required: boolean;
  readonly schema: JsonObject;
  readonly style: string;
  readonly explode: boolean;
  /** The value that the document shows; absent if it shows none. */
  readonly example?: JsonValue;
  /** The media type of its text, where it has one in the place of a style. */
  readonly mediaType?: string;
  /** Whether characters that URLs keep for themselves are sent as they are. */
  readonly allowReserved?: boolean;
}

/** A named example: a value, and for a sample the text of its file, to the byte. */
export interface Example {
  readonly value: JsonValue;
  readonly text?: string;
}

export interface MediaType {
  readonly schema: JsonObject;
  readonly examples: ReadonlyMap<string, Example>;
  /** For forms: how each property is written; empty if nothing is said. */
  readonly encoding: JsonObject;
}

/** A header of a response. */
export interface DocumentedHeader {
  readonly required: boolean;
  readonly schema: JsonObject;
  /** The media type of its text; absent where its text is the value. */
  readonly mediaType?: string;
}

export interface DocumentedResponse {
  readonly description: string;
  /** By header name as documented. */
  readonly headers: ReadonlyMap<string, DocumentedHeader>;
  /** By media type; empty if the response has no body. */
  readonly content: ReadonlyMap<string, MediaType>;
  /** What the answer leads to, by the link's name. */
  readonly links: ReadonlyMap<string, Link>;
}

/** A link of a response: an operation that can be asked next, and what of the exchange goes into its request. */
export interface Link {
  /** Of the operation; empty where the link names it by a reference, or not at all. */
  readonly operationId: string;
  /** `#/paths/~1payments~1{id}/get`; empty where the link names the operation by its id. */
  readonly operationRef: string;
  /** Values and runtime expressions (`$response.body#/id`) by the target's parameter: `id`, or `path.id`. */
  readonly parameters: JsonObject;
  /** The body, or a runtime expression for it; absent: the link says nothing of it. */
  readonly requestBody?: JsonValue;
}

/** Where a behaviour comes from: the document's `x-source`. */
export interface Source {
  readonly from: 'seed' | 'public' | 'framework' | 'assumed';
  readonly see?: string;
  readonly because?: string;
}

/** What a handler enforces beyond the schemas: an entry of `x-rules`. */
export interface Rule {
  readonly id: string;
  readonly rule: string;
  readonly source: JsonObject;
  /** The parts of a request that it may refuse although their schemas allow them: `/body/lines/amount`, without indexes. */
  readonly at: readonly string[];
}

export interface Operation {
  readonly operationId: string;
  /** Upper case. */
  readonly method: string;
  /** The path template, as documented: `/Payment/{id}`. */
  readonly path: string;
  readonly summary: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody: { readonly required: boolean; readonly content: ReadonlyMap<string, MediaType> } | undefined;
  /** By status (`200`), range (`4XX`) or `default`. */
  readonly responses: ReadonlyMap<string, DocumentedResponse>;
  /** Alternatives; each names schemes that must all be satisfied. Empty: open to all. */
  readonly security: readonly (readonly SecurityScheme[])[];
  readonly rules: readonly Rule[];
}

/** A collection that the document declares under `x-collections`. */
export interface CollectionDeclaration {
  readonly name: string;
  readonly description: string;
  readonly key: string;
  readonly indexes: readonly string[];
  /** Property -> collection whose key it holds. */
  readonly references: ReadonlyMap<string, string>;
  readonly schema: JsonObject;
}

export interface ApiDocument {
  readonly api: string;
  readonly file: string;
  readonly title: string;
  /** The whole document, samples put in the place of their references, local references kept. */
  readonly root: JsonObject;
  readonly operations: readonly Operation[];
  /** `x-refusals`: responses that any request may get, whatever the operation, by status. */
  readonly refusals: ReadonlyMap<string, DocumentedResponse>;
  readonly collections: readonly CollectionDeclaration[];
  /** `x-settings`: the schema of each setting that a scenario may have, by name. */
  readonly settings: ReadonlyMap<string, JsonObject>;
  /** The paths of the documented servers, without a trailing slash, longest first: `/api/v1`. */
  readonly serverPaths: readonly string[];
  /** The documented servers, as they are written. */
  readonly serverUrls: readonly string[];
  /** What a local `$ref` points at. */
  resolve(node: JsonValue | undefined): JsonObject;
  /** The keywords of its schemas: OpenAPI 3.0's, or also those of JSON Schema 2020-12. */
  readonly dialect: Dialect;
  /** What was left out or read in one of several ways, a line each; empty for a document that is served. */
  readonly notes: readonly string[];
  /** `file:line:column` of a JSON pointer; the nearest part above it that exists. */
  position(pointer: string): string;
}

export type Dialect = '3.0' | '2020-12';

/** A document that was made ready for the reader before: nothing in it is missing, and schemas have no other references. */
export interface PreparedDocument {
  readonly file: string;
  readonly root: JsonObject;
  readonly notes: readonly string[];
  /** What a `$ref` of a schema points at. */
  find(reference: string): JsonValue | undefined;
  position(pointer: string): string;
}

const types: readonly JsonValue[] = ['object', 'array', 'string', 'number', 'integer', 'boolean'];
const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

/** The apis that have a document in specs/, in alphabetical order; the control API is not among them. */
export function documentedApis(specs: string = packagePlaces.specs): readonly string[] {
  return readdirSync(specs, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('_'))
    .map((entry) => entry.name)
    .filter((api) => existsSync(join(specs, api, 'openapi.yaml')))
    .sort();
}

/**
 * Reads `<specs>/<api>/openapi.yaml`.
 *
 * @throws {FileError} naming file, line and column for each thing that makes the document unusable
 */
export function loadDocument(api: string, specs: string = packagePlaces.specs): ApiDocument {
  return new DocumentReader(api, readCompiled(join(specs, api, 'openapi.yaml'))).read();
}

/** Reads a document that is only judged by; its name is that of its file. @throws {FileError} as {@link loadDocument} does */
export function readPrepared(prepared: PreparedDocument): ApiDocument {
  const name = basename(prepared.file, extname(prepared.file)).replaceAll(/[^\w.-]+/g, '-');
  return new DocumentReader(name, { ...prepared, value: prepared.root }, prepared).read();
}

/** Reads one document; collects every complaint, so that all are shown at once. */
class DocumentReader {
  readonly #complaints: string[] = [];
  /** The text of each sample's file by the very value that was read from it. */
  readonly #samples = new Map<JsonValue, string>();
  readonly #root: JsonObject;

  constructor(
    private readonly api: string,
    private readonly yaml: YamlFile,
    private readonly prepared?: PreparedDocument,
  ) {
    this.#root = prepared?.root ?? object(this.#bundle(yaml.value, ''));
  }

  read(): ApiDocument {
    if (this.prepared === undefined) this.#check();
    const operations = this.#operations();
    const collections = this.#collections();
    const refusals = this.#responses(object(this.#root['x-refusals']));
    this.#stopOnComplaints();
    return {
      api: this.api,
      file: this.yaml.file,
      title: text(object(this.#root.info).title, this.api),
      root: this.#root,
      operations,
      refusals,
      collections,
      settings: new Map(Object.entries(object(this.#root['x-settings'])).map(([name, each]) => [name, object(each)])),
      serverPaths: this.#serverPaths(),
      serverUrls: this.#serverUrls(),
      resolve: (node) => this.#resolve(node),
      dialect: this.prepared === undefined ? '3.0' : '2020-12',
      notes: this.prepared?.notes ?? [],
      position: (pointer) => this.yaml.position(pointer),
    };
  }

  /** Whether it says no more than is served. */
  #check(): void {
    if (typeof this.#root.openapi !== 'string' || !this.#root.openapi.startsWith('3.0.')) {
      this.#complain('', 'expected an OpenAPI 3.0 document: openapi: 3.0.3');
    }
    if (!isObject(this.#root.paths)) {
      this.#complain('', 'expected paths, with the operations');
    }
    this.#checkReferences(this.#root, '');
    this.#stopOnComplaints();
    this.#checkSchemas();
  }

  #complain(pointer: string, message: string): void {
    this.#complaints.push(`${this.yaml.position(pointer)}: ${message}`);
  }

  #stopOnComplaints(): void {
    if (this.#complaints.length > 0) throw new FileError(this.#complaints.join('\n'));
  }

  /** Puts every sample in the place of its `$ref`, and keeps its text. */
  #bundle(node: JsonValue | undefined, pointer: string): JsonValue {
    if (isArray(node)) return node.map((element, index) => this.#bundle(element, `${pointer}/${index}`));
    if (!isObject(node)) return node ?? null;
    if (typeof node.$ref === 'string' && !node.$ref.startsWith('#')) return this.#sample(node.$ref, pointer);
    const members = Object.entries(node).map(([name, member]) => {
      const at = `${pointer}/${escapePointer(name)}`;
      return [name, this.#bundle(member, at)] as const;
    });
    return Object.fromEntries(members);
  }

  #sample(reference: string, pointer: string): JsonValue {
    const file = join(dirname(this.yaml.file), reference);
    if (!file.startsWith(`${dirname(this.yaml.file)}/`) || !file.endsWith('.json')) {
      this.#complain(
        pointer,
        `$ref: ${reference}: only local references (#/…) and samples (./samples/….json) are read`,
      );
      return null;
    }
    if (!existsSync(file)) {
      this.#complain(pointer, `$ref: ${reference}: there is no such file`);
      return null;
    }
    const content = readFileSync(file, 'utf8');
    const value = parse(content);
    this.#samples.set(value, content);
    return value;
  }

  #checkReferences(node: JsonValue | undefined, pointer: string): void {
    if (isArray(node)) {
      node.forEach((element, index) => {
        this.#checkReferences(element, `${pointer}/${index}`);
      });
    } else if (isObject(node)) {
      if (typeof node.$ref === 'string' && this.#lookup(node.$ref) === undefined) {
        this.#complain(pointer, `$ref: ${node.$ref}: nothing stands there`);
      }
      for (const [name, member] of Object.entries(node)) {
        this.#checkReferences(member, `${pointer}/${escapePointer(name)}`);
      }
    }
  }

  /**
   * Every schema has a type that there is, and says only what this engine enforces, in the form that it is enforced in; a
   * keyword that nothing reads would be a promise not kept.
   */
  #checkSchemas(): void {
    for (const [pointer, schema] of findSchemas(this.#root)) {
      if (schema.type !== undefined && !types.includes(schema.type)) {
        this.#complain(`${pointer}/type`, `type: ${stringify(schema.type)} is none; known are ${types.join(', ')}`);
      }
      for (const [keyword, value] of Object.entries(schema)) {
        const isKnown = knownKeywords.has(keyword) || keyword.startsWith('x-');
        const fault = isKnown
          ? keywordFault(keyword, value ?? null)
          : `${keyword} is no schema keyword of OpenAPI 3.0 that is enforced`;
        if (fault !== undefined) this.#complain(`${pointer}/${escapePointer(keyword)}`, fault);
      }
    }
  }

  #lookup(reference: string): JsonValue | undefined {
    let node: JsonValue | undefined = this.#root;
    for (const token of reference.slice(2).split('/')) {
      const name = decodeURIComponent(token).replaceAll('~1', '/').replaceAll('~0', '~');
      node = isArray(node) ? node[Number(name)] : isObject(node) ? node[name] : undefined;
    }
    return node;
  }

  #resolve(node: JsonValue | undefined): JsonObject {
    if (!isObject(node) || node.$ref === undefined) return object(node);
    let current: JsonValue | undefined = node;
    const seen = new Set<string>();
    while (isObject(current) && typeof current.$ref === 'string' && !seen.has(current.$ref)) {
      seen.add(current.$ref);
      current = this.prepared === undefined ? this.#lookup(current.$ref) : this.prepared.find(current.$ref);
    }
    return object(current);
  }

  #serverUrls(): readonly string[] {
    return list(this.#root.servers).map((server) => text(object(server).url, ''));
  }

  #serverPaths(): readonly string[] {
    const paths = this.#serverUrls().map((url) => url.replace(/^[a-z]+:\/\/[^/]*/i, ''));
    const trimmed = paths.map((path) => path.replace(/\/+$/, '')).filter((path) => path !== '');
    return [...new Set(trimmed)].sort((left, right) => right.length - left.length);
  }

  #operations(): readonly Operation[] {
    const operations: Operation[] = [];
    const ids = new Map<string, string>();
    for (const [path, item] of Object.entries(object(this.#root.paths))) {
      const pathItem = this.#resolve(item);
      if (path.startsWith('x-')) continue;
      if (!path.startsWith('/')) {
        this.#complain(`/paths/${escapePointer(path)}`, `a path begins with /. Received ${excerpt(path)}`);
      }
      for (const method of methods.filter((name) => name in pathItem)) {
        const pointer = `/paths/${escapePointer(path)}/${method}`;
        const operation = this.#operation(path, method, pathItem, pointer);
        const known = ids.get(operation.operationId);
        if (operation.operationId === '') this.#complain(pointer, `${method} ${path} has no operationId: give it one`);
        else if (known !== undefined) {
          this.#complain(pointer, `operationId ${operation.operationId} is already that of ${known}: give it another`);
        }
        for (const [, name = ''] of path.matchAll(/\{([^}]+)\}/g)) {
          const declared = operation.parameters.some((parameter) => parameter.in === 'path' && parameter.name === name);
          if (!declared)
            this.#complain(pointer, `${operation.operationId} does not declare its path parameter ${name}`);
        }
        if (operation.responses.size === 0) {
          this.#complain(pointer, `${operation.operationId} has no response: document at least one under responses`);
        }
        ids.set(operation.operationId, `${method} ${path}`);
        operations.push(operation);
      }
    }
    return operations;
  }

  #operation(path: string, method: string, pathItem: JsonObject, pointer: string): Operation {
    const source = object(pathItem[method]);
    const body = source.requestBody === undefined ? undefined : this.#resolve(source.requestBody);
    const own = isArray(source.parameters) ? source.parameters : [];
    const shared = isArray(pathItem.parameters) ? pathItem.parameters : [];
    const parameters = new Map<string, Parameter>();
    for (const each of [...shared, ...own]) {
      const parameter = this.#parameter(each);
      parameters.set(`${parameter.in} ${parameter.name.toLowerCase()}`, parameter);
    }
    return {
      operationId: text(source.operationId, ''),
      method: method.toUpperCase(),
      path,
      summary: text(source.summary, ''),
      parameters: [...parameters.values()],
      requestBody: body && { required: body.required === true, content: this.#content(object(body.content)) },
      responses: this.#responses(object(source.responses)),
      security: this.#security(source.security ?? this.#root.security, pointer),
      rules: (isArray(source['x-rules']) ? source['x-rules'] : []).map((rule) => ({
        id: text(object(rule).id, ''),
        rule: text(object(rule).rule, ''),
        source: object(object(rule)['x-source']),
        at: texts(object(rule).at),
      })),
    };
  }

  #parameter(node: JsonValue): Parameter {
    const parameter = this.#resolve(node);
    const place = text(parameter.in, 'query');
    const where = place === 'path' || place === 'header' || place === 'cookie' ? place : 'query';
    const style = text(parameter.style, where === 'query' || where === 'cookie' ? 'form' : 'simple');
    const [content] = Object.entries(object(parameter.content));
    return {
      name: text(parameter.name, ''),
      in: where,
      required: parameter.required === true,
      schema: object(parameter.schema ?? object(content?.[1]).schema),
      style,
      explode: typeof parameter.explode === 'boolean' ? parameter.explode : style === 'form',
      ...(content === undefined ? {} : { mediaType: content[0].toLowerCase() }),
      ...(parameter.allowReserved === true ? { allowReserved: true } : {}),
      ...this.#parameterExample(content === undefined ? parameter : object(content[1])),
    };
  }

  #parameterExample({ example, examples }: JsonObject): { example?: JsonValue } {
    const [first] = Object.values(object(examples));
    const value = example ?? this.#resolve(first).value;
    return value === undefined ? {} : { example: value };
  }

  #responses(node: JsonObject): ReadonlyMap<string, DocumentedResponse> {
    const responses = new Map<string, DocumentedResponse>();
    for (const [status, each] of Object.entries(node)) {
      if (status.startsWith('x-')) continue;
      const response = this.#resolve(each);
      const headers = Object.entries(object(response.headers)).map(([name, header]) => {
        const resolved = this.#resolve(header);
        const [content] = Object.entries(object(resolved.content));
        const documented: DocumentedHeader = {
          required: resolved.required === true,
          schema: object(resolved.schema ?? object(content?.[1]).schema),
          ...(content === undefined ? {} : { mediaType: content[0].toLowerCase() }),
        };
        return [name, documented] as const;
      });
      responses.set(status, {
        description: text(response.description, ''),
        headers: new Map(headers),
        content: this.#content(object(response.content)),
        links: new Map(Object.entries(object(response.links)).map(([name, link]) => [name, this.#link(link)])),
      });
    }
    return responses;
  }

  #link(node: JsonValue | undefined): Link {
    const { operationId, operationRef, parameters, requestBody } = this.#resolve(node);
    return {
      operationId: text(operationId, ''),
      operationRef: text(operationRef, ''),
      parameters: object(parameters),
      ...(requestBody === undefined ? {} : { requestBody }),
    };
  }

  #content(node: JsonObject): ReadonlyMap<string, MediaType> {
    return new Map(
      Object.entries(node).map(([mediaType, each]) => {
        const media = object(each);
        const examples = Object.entries(object(media.examples)).map(
          ([name, example]) => [name, this.#example(this.#resolve(example).value)] as const,
        );
        if (media.example !== undefined) examples.push(['example', this.#example(media.example)]);
        const { schema, encoding } = media;
        const read = { schema: object(schema), examples: new Map(examples), encoding: object(encoding) };
        return [mediaType.toLowerCase(), read] as const;
      }),
    );
  }

  #example(value: JsonValue | undefined): Example {
    const sample = value === undefined ? undefined : this.#samples.get(value);
    return sample === undefined ? { value: value ?? null } : { value: value ?? null, text: sample };
  }

  #security(node: JsonValue | undefined, pointer: string): readonly (readonly SecurityScheme[])[] {
    const schemes = object(object(this.#root.components).securitySchemes);
    return (isArray(node) ? node : []).map((requirement) =>
      Object.keys(object(requirement)).map((name) => {
        const scheme = this.#resolve(schemes[name]);
        const place = text(scheme.in, 'header');
        if (scheme.type === 'http') {
          const kind = text(scheme.scheme, '').toLowerCase();
          return { name, type: 'http', in: 'header', parameter: 'authorization', scheme: kind } as const;
        }
        if (scheme.type !== 'apiKey') {
          this.#complain(
            pointer,
            `security scheme ${name}: type ${text(scheme.type, 'none')}; apiKey and http are served`,
          );
        }
        const where = place === 'query' || place === 'cookie' ? place : 'header';
        return { name, type: 'apiKey', in: where, parameter: text(scheme.name, '') } as const;
      }),
    );
  }

  #collections(): readonly CollectionDeclaration[] {
    const declared = object(this.#root['x-collections']);
    return Object.entries(declared).map(([name, node]) => {
      const collection = object(node);
      const pointer = `/x-collections/${name}`;
      const key = text(collection.key, '');
      const properties = object(this.#resolve(collection.schema).properties);
      const indexes = (isArray(collection.indexes) ? collection.indexes : []).map(String);
      const references = Object.entries(object(collection.references)).map(
        ([from, to]) => [from, text(to, '')] as const,
      );
      for (const property of [key, ...indexes, ...references.map(([from]) => from)]) {
        if (properties[property] === undefined) this.#complain(pointer, `${property} is no property of its schema`);
      }
      for (const [from, to] of references) {
        if (declared[to] === undefined) this.#complain(pointer, `references.${from}: there is no collection ${to}`);
      }
      return {
        name,
        description: text(collection.description, ''),
        key,
        indexes,
        references: new Map(references),
        schema: object(collection.schema),
      };
    });
  }
}

/** The value if it is an object, else an empty one. */
export function object(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? value : {};
}

/** The value if it is a list, else an empty one. */
export function list(value: JsonValue | undefined): readonly JsonValue[] {
  return isArray(value) ? value : [];
}

/** The texts of a list; none if it is no list. */
function texts(value: JsonValue | undefined): readonly string[] {
  return list(value).filter((each): each is string => typeof each === 'string');
}

/** The value if it is a string, else the other. */
export function text(value: JsonValue | undefined, otherwise: string): string {
  if (isNumberText(value) || typeof value === 'number') return String(value);
  return typeof value === 'string' ? value : otherwise;
}
