/**
 * The apis that a sandbox serves: each one's document, handlers and scenarios, made ready.
 */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AnyApiDefinition } from './api.js';
import { Backend } from './backend.js';
import { type ApiDocument, documentedApis, loadDocument, type Operation, text } from './document.js';
import type { JsonObject } from './json.js';
import type { PathMatch } from './path-matcher.js';
import { moduleExtension, type Places } from './paths.js';
import { plainDialect } from './plain-dialect.js';
import { hasOwnAnswer } from './prefer.js';
import { Layers } from './scenario/layers.js';
import { readScenario } from './scenario/read.js';
import { areUnchanged, type Looked } from './scenario/stamp.js';
import { Serializer } from './serializer.js';
import type { Scenario } from './store/scenario.js';
import { scenarioFromJson } from './store/scenario-json.js';
import type { ScenarioSource } from './store/workspaces.js';
import { type Contract, Validator } from './validator.js';
import { FileError } from './yaml.js';

/** An api, ready to serve. */
export class Api {
  readonly name: string;
  readonly validator: Validator;
  readonly backend: Backend;
  readonly serializer: Serializer;

  constructor(
    readonly document: ApiDocument,
    readonly definition: AnyApiDefinition,
  ) {
    this.name = document.api;
    this.validator = new Validator(document);
    this.backend = new Backend(document, this.validator);
    this.serializer = new Serializer(document.resolve);
  }

  /** The operations at a path, which may begin with the path of any documented server: `/api/v1/payments`. */
  match(path: string): PathMatch<Operation> | undefined {
    return this.backend.match(path);
  }
}

/**
 * Reads the wanted apis, or every one in specs/, with their handlers.
 *
 * @throws {FileError} if a document is broken, a handler has no operation, or an operation nothing that answers it
 */
export async function loadApis(
  places: Places,
  wanted: readonly string[] = documentedApis(places.specs),
): Promise<ReadonlyMap<string, Api>> {
  const apis = new Map<string, Api>();
  const complaints: string[] = [];
  for (const name of wanted) {
    try {
      apis.set(name, new Api(loadDocument(name, places.specs), await loadDefinition(places.handlers, name)));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      complaints.push(error.message);
    }
  }
  for (const api of apis.values()) complaints.push(...mismatches(api));
  if (complaints.length > 0) throw new FileError(complaints.join('\n'));
  return apis;
}

/** The default export of `handlers/<api>.ts` or `handlers/<api>/index.ts`; without either, examples answer. */
async function loadDefinition(handlers: string, api: string): Promise<AnyApiDefinition> {
  const files = [join(handlers, `${api}${moduleExtension}`), join(handlers, api, `index${moduleExtension}`)];
  const file = files.find((each) => existsSync(each));
  if (file === undefined) return { dialect: plainDialect, handlers: {} };
  const module: unknown = await import(pathToFileURL(file).href);
  const definition = typeof module === 'object' && module !== null && 'default' in module ? module.default : undefined;
  if (isDefinition(definition)) return definition;
  throw new FileError(`handlers/${api}: expected "export default defineApi({ dialect, handlers })".`);
}

function isDefinition(value: unknown): value is AnyApiDefinition {
  if (typeof value !== 'object' || value === null) return false;
  if (!('dialect' in value) || typeof value.dialect !== 'function') return false;
  return 'handlers' in value && typeof value.handlers === 'object' && value.handlers !== null;
}

function mismatches(api: Api): readonly string[] {
  const operations = new Map(api.document.operations.map((operation) => [operation.operationId, operation]));
  const orphans = Object.keys(api.definition.handlers)
    .filter((operationId) => !operations.has(operationId))
    .map((operationId) => {
      const known = [...operations.keys()].join(', ');
      return `handlers/${api.name}: ${operationId} is no operation of specs/${api.name}/openapi.yaml. Rename or remove it; documented are ${known}.`;
    });
  const silent = [...operations.values()]
    .filter((operation) => api.definition.handlers[operation.operationId] === undefined && !hasOwnAnswer(operation))
    .map(
      ({ operationId }) =>
        `specs/${api.name}/openapi.yaml: nothing answers ${operationId}. Write a handler for it in handlers/${api.name}.ts, or give its success response an example.`,
    );
  return [...orphans, ...silent];
}

/** A scenario that was read, and the files that it hangs on as they were then. */
interface Loaded {
  readonly scenario: Scenario;
  readonly looked: Looked;
}

/** The scenarios of the served apis, each read when first asked for, and again when one of its files has changed. */
export class Scenarios implements ScenarioSource {
  readonly apis: readonly string[];
  readonly layers: Layers;
  readonly #loaded = new Map<string, Loaded>();

  /** `data` are the directories that scenarios are in; those that come first are looked at first. */
  constructor(
    private readonly served: ReadonlyMap<string, Api>,
    data: readonly string[],
  ) {
    this.apis = [...served.keys()];
    this.layers = new Layers(data);
  }

  /** Scenarios of the same apis from other directories. */
  withDirectories(data: readonly string[]): Scenarios {
    return new Scenarios(this.served, data);
  }

  /** The names of an api's scenarios, in alphabetical order; those of files for several apis are among them. */
  names(api: string): readonly string[] {
    return this.layers.names(api);
  }

  /** Whether an api has a scenario of the name, right or wrong. */
  has(api: string, name: string): boolean {
    return this.layers.has(api, name);
  }

  /** @throws {FileError} naming file, line and column for each thing that is wrong */
  load(api: string, name: string): Scenario {
    const id = `${api}/${name}`;
    const known = this.#loaded.get(id);
    if (known !== undefined && areUnchanged(known.looked)) return known.scenario;
    const looked: Looked = new Map();
    const scenario = readScenario(this.layers.chain(api, name, looked), this.#contract(api), name);
    this.#loaded.set(id, { scenario, looked });
    return scenario;
  }

  read(api: string, name: string, content: JsonObject, fingerprint: string): Scenario {
    return scenarioFromJson(this.#api(api).document, name, content, fingerprint);
  }

  #api(name: string): Api {
    const api = this.served.get(name);
    if (api === undefined) throw new Error(`The api ${name} is not served.`);
    return api;
  }

  /** Reads the scenario in a file, which need not be in one of the directories. @throws {FileError} as {@link load} does */
  loadFile(api: string, file: string): Scenario {
    return readScenario(this.layers.chainOfFile(api, file), this.#contract(api), basename(file, '.yaml'));
  }

  /** A scenario's story, without its records being read. @throws {FileError} if a file is no YAML */
  story(api: string, name: string): string {
    const stories = this.layers.chain(api, name).map(({ members }) => members.get('story')?.value);
    return text(stories.filter((each) => each !== undefined).at(-1), '').trim();
  }

  #contract(name: string): Contract {
    const { document, validator } = this.#api(name);
    return { document, validator };
  }
}
