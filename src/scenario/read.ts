/**
 * Reads a scenario of one api: finds its files, puts them together, computes its records, and checks all of it.
 */
import { createHash } from 'node:crypto';
import type { Key } from '../api.js';
import type { ApiDocument } from '../document.js';
import { text } from '../document.js';
import { excerpt } from '../excerpt.js';
import { judgeRules } from '../faults/judge.js';
import { type Instant, parseInstant } from '../instant.js';
import { isObject, type JsonObject, type JsonValue, stringify } from '../json.js';
import { schemesOf } from '../security.js';
import { nextIdFault, nextUuidFault } from '../store/next-rules.js';
import { judgeRecords, unknownCollections } from '../store/record-rules.js';
import { BaseRecords } from '../store/records.js';
import type { Scenario } from '../store/scenario.js';
import { judgeSettings } from '../store/setting-rules.js';
import type { Contract } from '../validator.js';
import { compileRecord } from './compile.js';
import { computed, type Row, Table, UnderWay } from './expansion.js';
import { type Layer, type Layers, listed, type Placed } from './layers.js';
import { idOfKey, type Merged, merge, nameOf, placeIn } from './merge.js';
import { Complaints, positionOf } from './place.js';

/**
 * Reads the scenario of an api that has this name.
 *
 * @throws {FileError} naming file, line and column for each thing that is wrong
 */
export function loadScenario(layers: Layers, contract: Contract, name: string): Scenario {
  return readScenario(layers.chain(contract.document.api, name), contract, name);
}

/** Reads the scenario that these layers make, what it extends first. @throws {FileError} as {@link loadScenario} does */
export function readScenario(layers: readonly Layer[], contract: Contract, name: string): Scenario {
  return new ScenarioReader(layers, contract, name).read();
}

class ScenarioReader {
  readonly #complaints: Complaints;
  readonly #merged: Merged;
  readonly #document: ApiDocument;

  constructor(
    layers: readonly Layer[],
    private readonly contract: Contract,
    private readonly name: string,
  ) {
    this.#document = contract.document;
    this.#complaints = new Complaints(layers.at(-1)?.members.get('extends')?.place);
    const keys = new Map(contract.document.collections.map((each) => [each.name, each.key]));
    this.#merged = merge(layers, keys, this.#complaints);
  }

  read(): Scenario {
    const { members, settings, nextUuids, faults } = this.#merged;
    const seed = this.#seed(members.get('seed'));
    const clock = this.#clock(members.get('clock'));
    const scenario = {
      api: this.#document.api,
      name: this.name,
      story: this.#text(members.get('story')),
      seed,
      clock,
      credentials: this.#credentials(),
      settings: this.#settings(settings),
      nextIds: this.#nextIds(),
      uuids: nextUuids === undefined ? [] : listed(nextUuids).map((each) => this.#uuid(each)),
      faults: this.#faults(faults),
      collections: this.#collections(this.#tables(seed, clock)),
    };
    this.#complaints.settle();
    const merged = this.#merged;
    let known: string | undefined;
    return {
      ...scenario,
      // Of ten thousand records it takes a while, and no workspace that is only read asks for it.
      get fingerprint() {
        known ??= fingerprint(scenario, merged);
        return known;
      },
    };
  }

  #text(given: Placed | undefined): string {
    if (given === undefined) return '';
    if (typeof given.value !== 'string') {
      this.#complaints.add(given.place, `expected a text. Received ${excerpt(given.value)}`);
    }
    return text(given.value, '').trim();
  }

  #seed(given: Placed | undefined): number {
    if (given === undefined) return 1;
    if (typeof given.value === 'number' && Number.isSafeInteger(given.value)) return given.value;
    this.#complaints.add(given.place, `expected a whole number. Received ${excerpt(given.value)}`);
    return 1;
  }

  #clock(given: Placed | undefined): Instant | undefined {
    if (given === undefined) return undefined;
    const instant = parseInstant(text(given.value, ''));
    if (instant === undefined) {
      const example = "'2021-04-26T15:25:27.587Z'";
      this.#complaints.add(given.place, `expected a date-time with its zone, such as ${example}`);
    }
    return instant;
  }

  #credentials(): ReadonlyMap<string, readonly string[]> {
    const credentials = new Map<string, readonly string[]>();
    const schemes = schemesOf(this.#document);
    for (const [scheme, given] of this.#merged.credentials) {
      if (!schemes.includes(scheme)) {
        const known = schemes.join(', ');
        this.#complaints.add(given.place, `no operation asks for the security scheme ${scheme}; known: ${known}`);
      }
      credentials.set(
        scheme,
        listed(given).map((each) => this.#text(each)),
      );
    }
    return credentials;
  }

  #settings(given: ReadonlyMap<string, Placed>): JsonObject {
    const values = [...given].map(([name, { value }]) => [name, value] as const);
    for (const { name, pointer, message } of judgeSettings(this.contract, values)) {
      const place = given.get(name)?.place;
      if (place !== undefined) this.#complaints.add({ ...place, pointer: `${place.pointer}${pointer}` }, message);
    }
    return Object.fromEntries(values);
  }

  #nextIds(): ReadonlyMap<string, number> {
    const next = new Map<string, number>();
    for (const [collection, { value, place }] of this.#merged.nextIds) {
      for (const { message } of unknownCollections(this.#document, [collection])) this.#complaints.add(place, message);
      if (typeof value !== 'number' || !Number.isSafeInteger(value)) {
        this.#complaints.add(place, `expected a whole number. Received ${excerpt(value)}`);
        continue;
      }
      const fault = nextIdFault(this.contract, collection, value);
      if (fault !== undefined) this.#complaints.add(place, fault);
      next.set(collection, value);
    }
    return next;
  }

  #uuid({ value, place }: Placed): string {
    const fault = nextUuidFault(value);
    if (fault !== undefined) this.#complaints.add(place, fault);
    return text(value, '');
  }

  #faults(given: readonly Placed[]): readonly JsonObject[] {
    const { api } = this.#document;
    const targets = new Map([[api, this.contract]]);
    const rules = given.map(({ value }) => value);
    for (const { pointer, message } of judgeRules(rules, targets)) {
      const [, index, ...tokens] = pointer.split('/');
      const place = given[Number(index)]?.place;
      const below = tokens.map((token) => `/${token}`).join('');
      if (place !== undefined) this.#complaints.add({ yaml: place.yaml, pointer: `${place.pointer}${below}` }, message);
    }
    return rules.filter(isObject).map((rule) => ({ api, ...rule }));
  }

  /** Every record of the scenario, to be computed. @throws {FileError} if an operator is used wrongly */
  #tables(seed: number, clock: Instant | undefined): readonly Table[] {
    const { records } = this.#merged;
    const { collections } = this.#document;
    for (const { name, message } of unknownCollections(this.#document, records.keys())) {
      const place = records.get(name)?.place;
      if (place !== undefined) this.#complaints.add(place, message);
    }
    const tables = makeTables(this.#document, records);
    const before = this.#complaints.size;
    for (const declaration of collections) {
      const common = { document: this.#document, complaints: this.#complaints };
      this.#fill(declaration.name, { ...common, declaration, tables, seed, clock });
    }
    if (this.#complaints.size > before) this.#complaints.settle();
    return [...tables.values()];
  }

  #fill(name: string, scope: RecordScope): void {
    const { sources = [] } = this.#merged.records.get(name) ?? {};
    let templates = 0;
    for (const source of sources) {
      const template = compileRecord(source, templates, scope);
      if (template.literal === undefined) templates++;
      scope.tables.get(name)?.add(template);
    }
  }

  #collections(tables: readonly Table[]): ReadonlyMap<string, BaseRecords> {
    const made = new Map(tables.map((table) => [table.name, [...computed(table, this.#complaints)].map(candidate)]));
    const faults = judgeRecords(this.contract, made);
    for (const { candidate, pointer, message, missing } of faults) {
      const { template, repetition } = candidate.row;
      const told = missing === undefined ? message : `${message}${this.#removal(missing)}`;
      this.#complaints.add(placeIn(template.source, pointer), told, repetition);
    }
    const wrong = new Set(faults.map(({ candidate }) => candidate));
    return new Map(
      this.#document.collections.map(({ name, key, indexes }) => {
        const right = (made.get(name) ?? []).filter((each) => !wrong.has(each));
        return [name, new BaseRecords(name, key, indexes, right.map(({ record }) => record).filter(isObject))] as const;
      }),
    );
  }

  /** Where a record that is named was taken away, if a file did that. */
  #removal({ collection, key }: { readonly collection: string; readonly key: Key }): string {
    const place = this.#merged.removed.get(collection)?.get(idOfKey(key));
    return place === undefined ? '' : ` It is removed at ${positionOf(place)}.`;
  }
}

/** A computed record; one without operators is judged as it stands, which may be no record at all. */
function candidate([row, record]: readonly [Row, JsonObject]): { readonly row: Row; readonly record: JsonValue } {
  return { row, record: row.template.literal === undefined ? record : row.template.source.value };
}

type RecordScope = Parameters<typeof compileRecord>[2];

function makeTables(document: ApiDocument, records: Merged['records']): ReadonlyMap<string, Table> {
  const underWay = new UnderWay();
  return new Map(
    document.collections.map(({ name, key }) => {
      const names = (records.get(name)?.sources ?? []).map(({ value }) => nameOf(value));
      return [name, new Table(name, key, new Set(names.filter((each) => each !== undefined)), underWay)] as const;
    }),
  );
}

function valuesOf(members: ReadonlyMap<string, Placed>): JsonObject {
  return Object.fromEntries([...members].map(([name, { value }]) => [name, value]));
}

/** Of everything that a workspace begins with, and of whose it is: what is kept under it is read back as that scenario's. */
function fingerprint({ api, name, collections }: Omit<Scenario, 'fingerprint'>, merged: Merged): string {
  const { members, credentials, settings, nextIds, nextUuids, faults } = merged;
  const hash = createHash('sha256');
  const plain = ['story', 'seed', 'clock'].map((member) => members.get(member)?.value ?? null);
  hash.update(
    stringify([
      api,
      name,
      plain,
      valuesOf(credentials),
      valuesOf(settings),
      valuesOf(nextIds),
      nextUuids?.value ?? null,
    ]),
  );
  hash.update(stringify(faults.map(({ value }) => value)));
  for (const [each, records] of collections) hash.update(`${each}${stringify([...records.values()])}`);
  return hash.digest('hex').slice(0, 16);
}
