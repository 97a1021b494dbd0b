/**
 * Documents that servers are only judged by, as people have them: OpenAPI 3.0 and 3.1, in one file or many.
 *
 * What we serve is held to more (document.ts): there, what nobody enforces is a promise not kept. Here the document is given,
 * and what can be judged of it is judged. It is made into what the reader of documents takes - names for operations, one
 * form of schemas, references followed - and what is left out or guessed on the way is noted. Only what an operation leads to
 * is looked at: what nobody uses may be as wrong as it likes.
 */
import { type ApiDocument, object, readPrepared, text } from './document.js';
import { endlessSchemas } from './endless-schemas.js';
import { isHeaderName } from './header-text.js';
import { isArray, isObject, type JsonObject, type JsonValue } from './json.js';
import { escapePointer, valueAt } from './json-pointer.js';
import { isFormMediaType, isJsonMediaType, isSendable } from './media-type.js';
import { Notes } from './notes.js';
import { halfPair, inPlace, plainSchema } from './plain-schema.js';
import { type Files, readFiles, tokensOf } from './references.js';
import { FileError } from './yaml.js';

/** Reads a document wherever it stands. @throws {FileError} naming file, line and what to do for all that makes it unusable */
export async function loadJudgedDocument(file: string): Promise<ApiDocument> {
  const files = await readFiles(file);
  const prepared = new Preparation(files);
  const root = prepared.root();
  return readPrepared({
    file,
    root,
    notes: prepared.notes.lines(),
    find: (reference) => prepared.schemaAt(reference),
    position: (pointer) => files.position(pointer),
  });
}

/** Ranges of media types that JSON is in. */
const isRangeOfJson = /^(?:\*\/\*|application\/\*|application\/\*\+json)\s*(?:;|$)/i;

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

/** Schemas within each other, and references one after the other, beyond which a document is no longer one that is meant. */
const mostDepth = 100;
const mostHops = 200;

/** More schemas are not asked of one value. */
const mostWeight = 10_000;

/** Headers that HTTP itself writes: with others in them, a request does not arrive. */
const ofHttp = /^(?:connection|content-length|expect|host|keep-alive|te|trailer|transfer-encoding|upgrade)$/i;

/** A node of the document, references to it followed, and where it stands. */
interface Found {
  readonly node: JsonObject;
  readonly pointer: string;
}

class Preparation {
  readonly notes = new Notes();
  readonly #complaints = new Set<string>();
  readonly #isOld: boolean;
  /** What was made of each schema that something refers to. */
  readonly #schemas = new Map<string, JsonObject>();
  /** References that were met, in that order, and after how many others; their schemas are made one after the other. */
  readonly #met = new Map<string, number>();
  /** How many references lead to the schema that is made now. */
  #hops = 0;
  /** How many schemas are around it. */
  #depth = 0;
  /** How many schemas a schema asks of one value, where that is known; see {@link #weigh}. */
  readonly #weights = new WeakMap<JsonObject, number>();
  readonly #ids = new Map<string, string>();
  constructor(private readonly files: Files) {
    this.#isOld = text(files.root.openapi, '').startsWith('3.0');
  }

  root(): JsonObject {
    const { root } = this.files;
    this.#checkVersion();
    const paths: [string, JsonValue][] = [];
    for (const [path, item] of Object.entries(object(root.paths))) {
      const pointer = `/paths/${escapePointer(path)}`;
      if (!path.startsWith('x-')) paths.push([path, this.#pathItem(path, item, pointer)]);
    }
    const extensions = Object.entries(root).filter(([name]) => name === 'x-first-request');
    const prepared = {
      openapi: '3.0.3',
      info: root.info ?? {},
      servers: this.#servers(root.servers),
      ...(root.security === undefined ? {} : { security: this.#security(root.security, '/security') }),
      paths: Object.fromEntries(paths),
      components: { securitySchemes: this.#securitySchemes() },
      'x-refusals': this.#responses(root['x-refusals'], '/x-refusals'),
      ...Object.fromEntries(extensions),
    };
    // What is met on the way is made after what was met before it: each over the fewest references that lead to it.
    for (const [reference, hops] of this.#met) this.#make(reference, hops);
    this.#stop();
    for (const reference of endlessSchemas(this.#schemas)) {
      this.notes.add('schema that demands itself without end: no value of it is sent', pointerOf(reference));
    }
    return prepared;
  }

  /** The schema that a reference leads to; undefined for a reference that no schema has. */
  schemaAt(reference: string): JsonObject | undefined {
    return this.#schemas.get(reference);
  }

  #complain(pointer: string, message: string): void {
    this.#complaints.add(`${this.files.position(pointer)}: ${message}`);
  }

  #stop(): void {
    if (this.#complaints.size > 0) throw new FileError([...this.#complaints].join('\n'));
  }

  #checkVersion(): void {
    const { openapi, swagger, asyncapi, paths, jsonSchemaDialect } = this.files.root;
    const version = text(openapi, '');
    if (!/^3\.[01](?:\.|$)/.test(version)) {
      const known = Object.entries({ swagger, asyncapi, openapi }).find(([, value]) => value !== undefined);
      const received = known === undefined ? 'no openapi' : `${known[0]}: ${text(known[1], 'no version')}`;
      const advice =
        swagger === undefined
          ? 'give an OpenAPI 3.0 or 3.1 document'
          : 'convert it to OpenAPI 3, with swagger2openapi for one';
      this.#complain('', `received ${received}; OpenAPI 3.0 and 3.1 are read: ${advice}`);
    } else if (!isObject(paths) || Object.keys(paths).every((path) => path.startsWith('x-'))) {
      const others = ['webhooks', 'components'].filter((name) => isObject(this.files.root[name])).join(' and ');
      const has = others === '' ? '' : ` ${others} alone describe no request to a server;`;
      this.#complain('', `received no paths;${has} give a document with the operations that the server answers`);
    }
    this.#stop();
    const dialect = text(jsonSchemaDialect, '');
    if (dialect !== '' && !/2020-12|spec\.openapis\.org\/oas/.test(dialect)) {
      this.notes.add(`jsonSchemaDialect ${dialect}: schemas are read as JSON Schema 2020-12`, '/jsonSchemaDialect');
    }
  }

  /** A node, its references followed; undefined, and a complaint, if they lead nowhere. Of what can be done without, a note is enough. */
  #follow(node: JsonValue | undefined, pointer: string, isNeeded = true): Found | undefined {
    const tell = (at: string, message: string) =>
      isNeeded ? this.#complain(at, message) : this.notes.add(`${message}: left out`, at);
    let [current, at] = [node, pointer];
    const seen = new Set<string>();
    while (isObject(current) && typeof current.$ref === 'string') {
      const reference = this.#reference(current.$ref, at);
      if (seen.size > mostHops) {
        tell(pointer, `$ref: more than ${mostHops} references in a row: refer to what is meant itself`);
        return undefined;
      }
      if (seen.has(reference)) {
        tell(pointer, `$ref: ${reference}: it leads back to itself, and to nothing else`);
        return undefined;
      }
      seen.add(reference);
      current = this.files.find(reference);
      if (current === undefined) {
        tell(at, `$ref: ${reference}: ${this.files.refusal(reference, at)}`);
        return undefined;
      }
      at = pointerOf(reference);
    }
    return isObject(current) ? { node: current, pointer: at } : undefined;
  }

  #pathItem(path: string, item: JsonValue | undefined, pointer: string): JsonObject {
    const found = this.#follow(item, pointer);
    if (found === undefined) return {};
    const own = isObject(item) ? item : {};
    const merged = { ...found.node, ...own };
    const at = (name: string) => `${Object.hasOwn(own, name) ? pointer : found.pointer}/${name}`;
    const shared = this.#parameters(merged.parameters, at('parameters'), path);
    const operations = methods
      .filter((method) => isObject(merged[method]))
      .map((method) => {
        const operation = this.#operation(path, method, object(merged[method]), at(method), shared);
        return [method, operation] as const;
      });
    return { parameters: shared, ...Object.fromEntries(operations) };
  }

  #operation(
    path: string,
    method: string,
    source: JsonObject,
    pointer: string,
    shared: readonly JsonObject[],
  ): JsonObject {
    const own = this.#parameters(source.parameters, `${pointer}/parameters`, path);
    const declared = [...shared, ...own].filter((each) => each.in === 'path').map(({ name }) => name);
    const missing = [...new Set([...path.matchAll(/\{([^}]+)\}/g)].map(([, name = '']) => name))].filter(
      (name) => !declared.includes(name),
    );
    for (const name of missing) {
      this.notes.add(`parameter of a path that is not declared, such as {${name}}: any text is sent for it`, pointer);
    }
    const texts = missing.map((name) => ({
      name,
      in: 'path',
      required: true,
      schema: { type: 'string', minLength: 1 },
    }));
    const body = source.requestBody === undefined ? undefined : this.#requestBody(source.requestBody, pointer);
    const responses = this.#responses(source.responses, `${pointer}/responses`);
    if (Object.keys(responses).length === 0)
      this.notes.add('operation without a response: any answer will do', pointer);
    return {
      operationId: this.#operationId(text(source.operationId, ''), `${method} ${path}`, pointer),
      summary: text(source.summary, ''),
      parameters: [...own, ...texts],
      ...(body === undefined ? {} : { requestBody: body }),
      responses: Object.keys(responses).length === 0 ? { default: { content: { '*/*': {} } } } : responses,
      ...(source.security === undefined ? {} : { security: this.#security(source.security, `${pointer}/security`) }),
      ...(source['x-rules'] === undefined ? {} : { 'x-rules': source['x-rules'] }),
    };
  }

  /** The operation's own id; one that is missing is its method and path, one that is taken gets a number. */
  #operationId(given: string, otherwise: string, pointer: string): string {
    if (given === '') this.notes.add('operation without operationId: it is called by its method and path', pointer);
    const wanted = given === '' ? otherwise : given;
    const taken = this.#ids.get(wanted);
    let id = wanted;
    for (let number = 2; this.#ids.has(id); number++) id = `${wanted}-${number}`;
    if (taken !== undefined) this.notes.add(`operationId ${wanted} twice: here it is called ${id}`, pointer);
    this.#ids.set(id, pointer);
    return id;
  }

  #parameters(nodes: JsonValue | undefined, pointer: string, path: string): readonly JsonObject[] {
    return (isArray(nodes) ? nodes : []).flatMap((node, index) => {
      const found = this.#follow(node, `${pointer}/${index}`);
      if (found === undefined) return [];
      const { name, in: place, required, style, explode, allowReserved } = found.node;
      if (
        typeof name !== 'string' ||
        !(place === 'path' || place === 'query' || place === 'header' || place === 'cookie')
      ) {
        this.notes.add(
          'parameter without a name, or in none of path, query, header and cookie: left out',
          found.pointer,
        );
        return [];
      }
      // OpenAPI says so itself: these come from the media types and the security schemes.
      if (place === 'header' && /^(?:accept|content-type|authorization)$/i.test(name)) return [];
      if (halfPair.test(name)) {
        this.notes.add('parameter with half a pair of surrogates in its name: left out', found.pointer);
        return [];
      }
      if (place === 'header' && !isHeaderName(name)) {
        this.notes.add('parameter of a header with a name that no header can have: left out', found.pointer);
        return [];
      }
      if (place === 'header' && ofHttp.test(name)) {
        this.notes.add(`header ${name} as a parameter: HTTP itself writes it, left out`, found.pointer);
        return [];
      }
      if (place === 'path' && !path.includes(`{${name}}`)) {
        this.notes.add('parameter of a path that does not name it: left out', found.pointer);
        return [];
      }
      const said = { style, explode, allowReserved };
      const kept = Object.entries(said).filter(([, value]) => value !== undefined);
      return [
        {
          name,
          in: place,
          required: required === true || place === 'path',
          ...Object.fromEntries(kept),
          ...this.#shape(found),
          ...this.#exampled(found),
        },
      ];
    });
  }

  /** The schema of a parameter or a header, or its content. */
  #shape({ node, pointer }: Found): JsonObject {
    if (!isObject(node.content)) return { schema: this.#schema(node.schema, `${pointer}/schema`) };
    return { content: this.#content(node.content, `${pointer}/content`) };
  }

  #exampled({ node, pointer }: Found): JsonObject {
    const { example } = node;
    const examples = Object.entries(object(node.examples)).flatMap(([name, each]) => {
      const found = this.#follow(each, `${pointer}/examples/${escapePointer(name)}`, false);
      return found?.node.value === undefined ? [] : [[name, { value: this.#value(found.node.value) }] as const];
    });
    return {
      ...(example === undefined ? {} : { example: this.#value(example) }),
      ...(examples.length === 0 ? {} : { examples: Object.fromEntries(examples) }),
    };
  }

  /** A value that stands in a file of its own. */
  #value(value: JsonValue): JsonValue {
    if (!isObject(value) || typeof value.$ref !== 'string' || Object.keys(value).length > 1) return value;
    return this.files.find(value.$ref) ?? value;
  }

  #content(node: JsonValue | undefined, pointer: string): JsonObject {
    const media = Object.entries(object(node)).map(([mediaType, each]) => {
      const found = this.#follow(each, `${pointer}/${escapePointer(mediaType)}`);
      if (found === undefined) return [mediaType, {}] as const;
      const { encoding, schema } = found.node;
      const read = {
        schema: this.#schema(schema, `${found.pointer}/schema`),
        ...(isObject(encoding) ? { encoding } : {}),
        ...this.#exampled(found),
      };
      return [mediaType, read] as const;
    });
    return Object.fromEntries(media);
  }

  /** A body in the media types that requests can be made of first, JSON before all. */
  #requestBody(node: JsonValue, operation: string): JsonObject {
    const found = this.#follow(node, `${operation}/requestBody`);
    if (found === undefined) return {};
    const given = Object.entries(this.#content(found.node.content, `${found.pointer}/content`));
    const named = given.flatMap(([type, media]) => this.#sent(type, given).map((each) => [each, media] as const));
    const rank = ([type]: readonly [string, unknown]) =>
      isJsonMediaType(type) ? 0 : isFormMediaType(type) ? 1 : isSendable(type) ? 2 : 3;
    const sorted = [...named].sort((left, right) => rank(left) - rank(right));
    const unsendable = sorted.filter(([type]) => !isSendable(type) && !isRangeOfJson.test(type));
    for (const [type] of unsendable) {
      const none = unsendable.length === sorted.length ? ', and there is no other' : '';
      this.notes.add(`body of ${type}: no request with one is made${none}`, found.pointer);
    }
    return { required: found.node.required === true, content: Object.fromEntries(sorted) };
  }

  /** A range of media types that JSON is in is asked with JSON; others that it covers may come too. */
  #sent(type: string, given: readonly (readonly [string, unknown])[]): readonly string[] {
    const isAsked = isRangeOfJson.test(type) && !given.some(([other]) => /^application\/json$/i.test(other));
    return isAsked ? ['application/json', type] : [type];
  }

  #responses(nodes: JsonValue | undefined, pointer: string): JsonObject {
    const responses = Object.entries(object(nodes)).flatMap(([status, each]) => {
      if (status.startsWith('x-')) return [];
      const found = this.#follow(each, `${pointer}/${escapePointer(status)}`);
      if (found === undefined) return [];
      const headers = Object.entries(object(found.node.headers)).flatMap(([name, header]) => {
        const resolved = this.#follow(header, `${found.pointer}/headers/${escapePointer(name)}`);
        // Of the media type, content has the word.
        if (resolved === undefined || /^content-type$/i.test(name)) return [];
        return [[name, { required: resolved.node.required === true, ...this.#shape(resolved) }] as const];
      });
      const response = {
        description: text(found.node.description, ''),
        headers: Object.fromEntries(headers),
        content: this.#content(found.node.content, `${found.pointer}/content`),
        links: this.#links(found),
      };
      return [[/^\dxx$/i.test(status) ? status.toUpperCase() : status, response] as const];
    });
    return Object.fromEntries(responses);
  }

  #links({ node, pointer }: Found): JsonObject {
    const links = Object.entries(object(node.links)).flatMap(([name, link]) => {
      const found = this.#follow(link, `${pointer}/links/${escapePointer(name)}`, false);
      return found === undefined ? [] : [[name, found.node] as const];
    });
    return Object.fromEntries(links);
  }

  #servers(nodes: JsonValue | undefined): readonly JsonObject[] {
    return (isArray(nodes) ? nodes : []).map((node) => {
      const { url, variables } = object(node);
      const filled = text(url, '').replace(/\{([^}]+)\}/g, (whole, name: string) =>
        text(object(object(variables)[name]).default, whole),
      );
      return { url: filled };
    });
  }

  /** The schemes by name, as they go over the wire: a token of OAuth 2 or OpenID Connect is a bearer token. */
  #securitySchemes(): JsonObject {
    const schemes = Object.entries(object(object(this.files.root.components).securitySchemes)).flatMap(
      ([name, each]) => {
        const found = this.#follow(each, `/components/securitySchemes/${escapePointer(name)}`);
        const type = found?.node.type;
        if (type === 'oauth2' || type === 'openIdConnect') return [[name, { type: 'http', scheme: 'bearer' }] as const];
        return found !== undefined && (type === 'http' || type === 'apiKey') ? [[name, found.node] as const] : [];
      },
    );
    return Object.fromEntries(schemes);
  }

  #security(nodes: JsonValue, pointer: string): readonly JsonObject[] {
    const declared = object(object(this.files.root.components).securitySchemes);
    const known = this.#securitySchemes();
    return (isArray(nodes) ? nodes : []).map((node) => {
      const schemes = Object.entries(object(node)).filter(([name]) => {
        if (Object.hasOwn(known, name)) return true;
        const type = this.#follow(valueAt(declared, [name]), pointer)?.node.type;
        const reason = type === undefined ? 'is not declared' : `is of type ${text(type, 'none')}`;
        this.notes.add(`security scheme ${name} ${reason}: nothing is sent for it`, pointer);
        return false;
      });
      return Object.fromEntries(schemes);
    });
  }

  #schema(node: JsonValue | undefined, pointer: string): JsonObject {
    if (!isObject(node)) return node === false ? { not: {} } : {};
    if (this.#depth >= mostDepth) {
      this.notes.add(`schema within more than ${mostDepth} others: left out`, pointer);
      return {};
    }
    if (typeof node.$ref === 'string') this.#want(node.$ref, pointer);
    this.#depth++;
    const made = plainSchema(this.#local(node, pointer), {
      isOld: this.#isOld,
      unjudged: this.#unjudged(node, pointer),
      part: (part, tokens) =>
        this.#schema(part, `${pointer}${tokens.map((token) => `/${escapePointer(token)}`).join('')}`),
      note: (words, keyword) => this.notes.add(words, `${pointer}/${escapePointer(keyword)}`),
    });
    this.#depth--;
    return made;
  }

  /** A schema with its reference as the document has it: one to `#/$defs` may mean those of a schema around it. */
  #local(node: JsonObject, pointer: string): JsonObject {
    const { $ref } = node;
    if (typeof $ref !== 'string') return node;
    const reference = this.#reference($ref, pointer);
    return reference === $ref ? node : { ...node, $ref: reference };
  }

  #reference(reference: string, pointer: string): string {
    const [, local] = /^#(?:\/[^/]+)??(\/(?:\$defs|definitions)\/.*)$/.exec(reference) ?? [];
    if (local === undefined || this.files.find(reference) !== undefined) return reference;
    for (let at = pointer; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
      const nearer = `#${at.replaceAll('%', '%25')}${local}`;
      if (this.files.find(nearer) !== undefined) return nearer;
    }
    return reference;
  }

  /** Sees to it that the schema that a reference leads to will be made. */
  #want(given: string, pointer: string): void {
    const reference = this.#reference(given, pointer);
    if (this.#schemas.has(reference)) return;
    const found = this.#follow({ $ref: reference }, pointer);
    // Something else than a schema, or nothing: that is told; meanwhile anything is valid.
    this.#schemas.set(reference, {});
    if (found === undefined) return;
    if (this.#hops < mostHops) this.#met.set(reference, this.#hops + 1);
    else this.notes.add(`schema behind more than ${mostHops} references in a row: left out`, pointerOf(reference));
  }

  #make(reference: string, hops: number): void {
    this.#hops = hops;
    const node = this.files.find(reference);
    this.#schemas.set(reference, this.#schema(node, pointerOf(reference)));
  }

  /** The keywords of a schema that are left out for what they ask of the same value, each with why. */
  #unjudged(schema: JsonObject, pointer: string): ReadonlyMap<string, string> {
    const found = new Map<string, string>();
    for (const [keyword, node, at] of inPlace(schema)) {
      const isChoice = keyword === 'oneOf' || keyword === 'anyOf';
      // What it says would never be found out.
      if (!found.has(keyword) && this.#reaches([node, `${pointer}${at}`], schema, isChoice)) {
        found.set(keyword, 'leads back to its own schema');
      }
    }
    for (const [keyword, weight] of this.#weightsOf(schema, pointer, 0)) {
      if (weight > mostWeight && !found.has(keyword)) {
        found.set(keyword, `asks more than ${mostWeight} schemas of one value, or one behind too many others`);
      }
    }
    return found;
  }

  /**
   * How many schemas a schema asks of one value, each counted as often as it is met: two parts that have two parts each are
   * seven, and twenty-five such levels more than anybody waits for. What is left out for that weighs nothing.
   */
  #weigh(node: JsonValue, pointer: string, depth: number): number {
    if (!isObject(node)) return 1;
    const known = this.#weights.get(node);
    if (known !== undefined) return known;
    if (depth > mostHops) return Number.POSITIVE_INFINITY;
    // Meanwhile: what leads back to its own schema is left out.
    this.#weights.set(node, 1);
    const kept = [...this.#weightsOf(node, pointer, depth).values()].filter((weight) => weight <= mostWeight);
    const weight = kept.reduce((total, each) => total + each, 1 + this.#weightOfReference(node, pointer, depth));
    this.#weights.set(node, weight);
    return weight;
  }

  #weightOfReference(node: JsonObject, pointer: string, depth: number): number {
    if (typeof node.$ref !== 'string') return 0;
    const reference = this.#reference(node.$ref, pointer);
    return this.#weigh(this.files.find(reference) ?? true, pointerOf(reference), depth + 1);
  }

  /** The same by keyword. */
  #weightsOf(schema: JsonObject, pointer: string, depth: number): ReadonlyMap<string, number> {
    const weights = new Map<string, number>();
    for (const [keyword, node, at] of inPlace(schema)) {
      const weight = this.#weigh(node, `${pointer}${at}`, depth + 1);
      weights.set(keyword, (weights.get(keyword) ?? 0) + weight);
    }
    return weights;
  }

  /** Whether a schema leads to another for the same value. Choices that lead back to their own schema are left out already. */
  #reaches(from: readonly [JsonValue, pointer: string], target: JsonObject, throughChoices: boolean): boolean {
    const pending = [from];
    const seen = new Set<JsonValue>();
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const [node, pointer] = next;
      if (!isObject(node) || seen.has(node)) continue;
      seen.add(node);
      if (node === target) return true;
      if (typeof node.$ref === 'string') {
        const reference = this.#reference(node.$ref, pointer);
        const found = this.files.find(reference);
        if (found !== undefined) pending.push([found, pointerOf(reference)]);
      }
      for (const [keyword, each, at] of inPlace(node)) {
        if (throughChoices || (keyword !== 'oneOf' && keyword !== 'anyOf')) pending.push([each, `${pointer}${at}`]);
      }
    }
    return false;
  }
}

/** The pointer of a local reference. */
function pointerOf(reference: string): string {
  return tokensOf(reference)
    .map((token) => `/${escapePointer(token)}`)
    .join('');
}
