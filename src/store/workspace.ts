/**
 * A workspace: a complete, isolated copy of everything that can change. Every request runs in exactly one.
 */
import type { Faker } from '@faker-js/faker';
import { faker } from '@faker-js/faker/locale/en';
import type { Collection, CollectionTypes, State } from '../api.js';
import { Faults } from '../faults/faults.js';
import type { Instant } from '../instant.js';
import { Journal } from '../journal/journal.js';
import type { JsonObject } from '../json.js';
import { type Changes, Records } from './records.js';
import type { Scenario } from './scenario.js';
import { type ApiChanges, WorkingCopy } from './transaction.js';

/** What a workspace holds of one api: the scenario that it was made from, and what changed since. */
export class ApiState {
  readonly #records: ReadonlyMap<string, Records>;
  readonly #nextIds: Map<string, number>;
  #uuids = 0;

  constructor(readonly scenario: Scenario) {
    this.#records = new Map([...scenario.collections].map(([name, base]) => [name, new Records(base)]));
    this.#nextIds = new Map(scenario.nextIds);
  }

  /** @throws {Error} if the document declares no such collection */
  records(collection: string): Records {
    const records = this.#records.get(collection);
    if (records === undefined) throw new Error(`${this.scenario.api} declares no collection ${collection}.`);
    return records;
  }

  /** The next number of a collection, before any that this request takes. */
  nextId(collection: string): number {
    return this.#nextIds.get(collection) ?? this.records(collection).base.highest + 1;
  }

  get uuids(): number {
    return this.#uuids;
  }

  apply(changes: ApiChanges): void {
    for (const [name, records] of changes.collections) this.records(name).apply(records);
    for (const [name, next] of changes.nextIds) this.#nextIds.set(name, next);
    this.#uuids = changes.uuids;
  }

  /** Everything that changed since the scenario; `undefined` if nothing did. */
  changes(): ApiChanges | undefined {
    const collections = [...this.#records].map(([name, records]) => [name, records.changes()] as const);
    const changed = collections.filter(([, changes]) => changes.size > 0);
    const moved = [...this.#nextIds].filter(([name, next]) => this.scenario.nextIds.get(name) !== next);
    if (changed.length === 0 && moved.length === 0 && this.#uuids === 0) return undefined;
    return { collections: new Map(changed), nextIds: new Map(moved), uuids: this.#uuids };
  }
}

/** A named workspace and its state of every api. */
export class Workspace {
  /** How many requests it has had; numbers each request's random numbers. */
  requests = 0;
  /** What its requests asked, were answered and changed. It is not kept on disk. */
  readonly journal = new Journal();
  /** What goes wrong here on purpose. They are not kept on disk. */
  readonly faults = new Faults(() => [...this.apis.values()].map(({ scenario }) => scenario));

  constructor(
    readonly name: string,
    /** The name of the scenario that it was made from. */
    readonly scenario: string,
    readonly apis: ReadonlyMap<string, ApiState>,
    private readonly clock: Instant | undefined,
    private readonly realTime: () => Instant,
  ) {}

  /** What the clock says: where the scenario froze it, or the real time. */
  now(): Instant {
    return this.clock ?? this.realTime();
  }

  /** The credentials that an api accepts here. */
  credentials(api: string): Scenario['credentials'] {
    return this.#state(api).scenario.credentials;
  }

  /** Begins one request's transaction in one api. */
  begin(api: string): Transaction {
    this.requests++;
    return new Transaction(this.#state(api), this.now(), this.requests);
  }

  #state(api: string): ApiState {
    const state = this.apis.get(api);
    if (state === undefined) throw new Error(`Workspace ${this.name} has no state of ${api}.`);
    return state;
  }
}

/** One request's view of the world. Nothing of it lasts unless {@link Transaction.commit} is called. */
export class Transaction {
  readonly state: State<CollectionTypes>;
  readonly #copies = new Map<string, WorkingCopy>();
  readonly #nextIds = new Map<string, number>();
  #uuids: number;
  #faker: Faker | undefined;

  constructor(
    private readonly api: ApiState,
    readonly now: Instant,
    private readonly request: number,
  ) {
    this.#uuids = api.uuids;
    const collections: Record<string, Collection<JsonObject>> = {};
    for (const name of api.scenario.collections.keys()) {
      Object.defineProperty(collections, name, { get: () => this.#copy(name), enumerable: true });
    }
    this.state = collections;
  }

  get settings(): JsonObject {
    return this.api.scenario.settings;
  }

  nextId(collection: string): number {
    const copy = this.#copy(collection);
    let id = this.#nextIds.get(collection) ?? this.api.nextId(collection);
    while (copy.has(id)) id++;
    this.#nextIds.set(collection, id + 1);
    return id;
  }

  uuid(): string {
    const pinned = this.api.scenario.uuids[this.#uuids];
    if (pinned === undefined) return this.faker.string.uuid();
    this.#uuids++;
    return pinned;
  }

  /** One faker serves all: handlers are synchronous, and each request seeds it anew before its first value. */
  get faker(): Faker {
    if (this.#faker === undefined) {
      faker.seed([this.api.scenario.seed, this.request]);
      // What `faker.date` counts from; otherwise it is the machine's own time.
      faker.setDefaultRefDate(this.now.epochMilliseconds);
      this.#faker = faker;
    }
    return this.#faker;
  }

  /** What this request wrote; `undefined` if nothing. Reading it commits nothing. */
  changes(): ApiChanges | undefined {
    const collections = new Map<string, Changes>();
    for (const [name, copy] of this.#copies) if (copy.changes.size > 0) collections.set(name, copy.changes);
    if (collections.size === 0 && this.#nextIds.size === 0 && this.#uuids === this.api.uuids) return undefined;
    return { collections, nextIds: this.#nextIds, uuids: this.#uuids };
  }

  #copy(name: string): WorkingCopy {
    let copy = this.#copies.get(name);
    if (copy === undefined) {
      copy = new WorkingCopy(this.api.records(name));
      this.#copies.set(name, copy);
    }
    return copy;
  }

  /** Makes what was written part of the workspace, and returns it for the journal. */
  commit(): ApiChanges | undefined {
    const changes = this.changes();
    if (changes !== undefined) this.api.apply(changes);
    return changes;
  }
}
