/**
 * A scenario of one api: the starting state that a workspace is made from. Read once, shared by all workspaces.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiDocument } from '../document.js';
import { object, text } from '../document.js';
import { judgeRules } from '../faults/judge.js';
import { type Instant, parseInstant } from '../instant.js';
import { isArray, isObject, type JsonObject, type JsonValue, stringify } from '../json.js';
import type { Validator } from '../validator.js';
import { FileError, readYaml, type YamlFile } from '../yaml.js';
import { BaseRecords, isKey } from './records.js';

export interface Scenario {
  readonly api: string;
  readonly name: string;
  /** Who these people are and what can be tried with them. */
  readonly story: string;
  /** Of the random numbers. */
  readonly seed: number;
  /** The clock is frozen there; absent: the real time. */
  readonly clock: Instant | undefined;
  /** Accepted values by security scheme. */
  readonly credentials: ReadonlyMap<string, readonly string[]>;
  /** Switches of behaviour that the api's handlers read. */
  readonly settings: JsonObject;
  /** What the number generators give first, by collection. */
  readonly nextIds: ReadonlyMap<string, number>;
  /** What the uuid generator gives first. */
  readonly uuids: readonly string[];
  readonly collections: ReadonlyMap<string, BaseRecords>;
  /** What it was read from, if it came with an uploaded snapshot and stands in no file. */
  readonly uploaded?: JsonObject;
  /** What goes wrong on purpose, in order; each rule names the scenario's api. Absent: nothing does. */
  readonly faults?: readonly JsonObject[];
  /** Changes when the records do: a stored workspace is only laid over the scenario that it was made from. */
  readonly fingerprint: string;
}

const members = new Set(['story', 'seed', 'clock', 'credentials', 'settings', 'next', 'faults', 'records']);

/** The names of an api's scenarios, in alphabetical order. */
export function scenarioNames(data: string, api: string): readonly string[] {
  const folder = join(data, api);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
    .sort();
}

/**
 * Reads `<data>/<api>/<name>.yaml`.
 *
 * @throws {FileError} naming file, line and column for each thing that is wrong
 */
export function loadScenario(data: string, document: ApiDocument, validator: Validator, name: string): Scenario {
  const file = join(data, document.api, `${name}.yaml`);
  if (!existsSync(file)) {
    throw new FileError(
      `${document.api} has no scenario ${name}: write ${file}. A first one may hold nothing but "story: …".`,
    );
  }
  const yaml = readYaml(file);
  return new ScenarioReader(document, validator, name, yaml).read();
}

/** The scenario of an api that has no records. */
export function emptyScenario(api: string): Scenario {
  return {
    api,
    name: 'default',
    story: '',
    seed: 1,
    clock: undefined,
    credentials: new Map(),
    settings: {},
    nextIds: new Map(),
    uuids: [],
    collections: new Map(),
    fingerprint: '',
  };
}

class ScenarioReader {
  readonly #complaints: string[] = [];
  readonly #root: JsonObject;

  constructor(
    private readonly document: ApiDocument,
    private readonly validator: Validator,
    private readonly name: string,
    private readonly yaml: YamlFile,
  ) {
    this.#root = object(yaml.value);
  }

  read(): Scenario {
    for (const member of Object.keys(this.#root).filter((each) => !members.has(each))) {
      this.#complain(`/${member}`, `${member} is not known here; expected ${[...members].join(', ')}`);
    }
    const next = object(this.#root.next);
    const collections = this.#collections();
    this.#checkReferences(collections);
    const scenario = {
      api: this.document.api,
      name: this.name,
      story: text(this.#root.story, '').trim(),
      seed: typeof this.#root.seed === 'number' ? this.#root.seed : 1,
      clock: this.#clock(),
      credentials: this.#credentials(),
      settings: object(this.#root.settings),
      nextIds: this.#nextIds(object(next.ids)),
      faults: this.#faults(),
      uuids: (isArray(next.uuids) ? next.uuids : []).map((each) => text(each, '')),
      collections,
      fingerprint: createHash('sha256').update(stringify(this.#root)).digest('hex').slice(0, 16),
    };
    if (this.#complaints.length > 0) throw new FileError(this.#complaints.join('\n'));
    return scenario;
  }

  #complain(pointer: string, message: string): void {
    this.#complaints.push(`${this.yaml.position(pointer)}: ${message}`);
  }

  #clock(): Instant | undefined {
    if (this.#root.clock === undefined) return undefined;
    const instant = parseInstant(text(this.#root.clock, ''));
    if (instant === undefined) {
      this.#complain('/clock', "expected a date-time with its zone, such as '2021-04-26T15:25:27.587Z'");
    }
    return instant;
  }

  #credentials(): ReadonlyMap<string, readonly string[]> {
    const credentials = new Map<string, readonly string[]>();
    const schemes = new Set(
      this.document.operations.flatMap(({ security }) => security.flat().map(({ name }) => name)),
    );
    for (const [scheme, values] of Object.entries(object(this.#root.credentials))) {
      if (!schemes.has(scheme)) {
        const known = [...schemes].join(', ');
        this.#complain(
          `/credentials/${scheme}`,
          `no operation asks for the security scheme ${scheme}; known: ${known}`,
        );
      }
      credentials.set(
        scheme,
        (isArray(values) ? values : [values ?? null]).map((each) => text(each, '')),
      );
    }
    return credentials;
  }

  #nextIds(ids: JsonObject): ReadonlyMap<string, number> {
    const next = new Map<string, number>();
    for (const [collection, id] of Object.entries(ids)) {
      const known = this.document.collections.some(({ name }) => name === collection);
      if (!known || typeof id !== 'number' || !Number.isSafeInteger(id)) {
        this.#complain(`/next/ids/${collection}`, 'expected the name of a collection and a whole number');
      } else next.set(collection, id);
    }
    return next;
  }

  #faults(): readonly JsonObject[] {
    const given = this.#root.faults ?? [];
    if (!isArray(given)) {
      this.#complain('/faults', 'expected a list of faults');
      return [];
    }
    const target = { document: this.document, validator: this.validator };
    for (const { pointer, message } of judgeRules(given, new Map([[this.document.api, target]]))) {
      this.#complain(`/faults${pointer}`, message);
    }
    return given.map((rule) => ({ api: this.document.api, ...object(rule) }));
  }

  #collections(): ReadonlyMap<string, BaseRecords> {
    const given = object(this.#root.records);
    for (const name of Object.keys(given)) {
      if (!this.document.collections.some((collection) => collection.name === name)) {
        const known = this.document.collections.map((collection) => collection.name).join(', ');
        this.#complain(`/records/${name}`, `there is no collection ${name}; the document declares ${known}`);
      }
    }
    return new Map(
      this.document.collections.map(({ name, key, indexes, schema }) => {
        const records = this.#records(name, key, schema, given[name]);
        return [name, new BaseRecords(name, key, indexes, records)] as const;
      }),
    );
  }

  #records(name: string, key: string, schema: JsonObject, given: JsonValue | undefined): readonly JsonObject[] {
    const records: JsonObject[] = [];
    const keys = new Set<JsonValue>();
    (isArray(given) ? given : []).forEach((record, index) => {
      const pointer = `/records/${name}/${index}`;
      const details = this.validator.check(schema, 'response', record, 'body');
      for (const detail of details) this.#complain(`${pointer}${detail.pointer}`, detail.message);
      if (details.length > 0 || !isObject(record)) return;
      const id = record[key];
      if (!isKey(id)) this.#complain(pointer, `${key} is the record's key; expected a string or a number`);
      else if (keys.has(id)) this.#complain(`${pointer}/${key}`, `another record of ${name} has the ${key} ${id}`);
      else {
        keys.add(id);
        records.push(record);
      }
    });
    return records;
  }

  /** No dangling reference: every key that a record names is that of a record. */
  #checkReferences(collections: ReadonlyMap<string, BaseRecords>): void {
    for (const { name, references } of this.document.collections) {
      for (const [property, target] of references) {
        const found = collections.get(target);
        let index = 0;
        for (const record of collections.get(name)?.values() ?? []) {
          const key = record[property];
          if (isKey(key) && key !== 0 && key !== '' && found?.has(key) !== true) {
            this.#complain(`/records/${name}/${index}/${property}`, `there is no record ${key} in ${target}`);
          }
          index++;
        }
      }
    }
  }
}
