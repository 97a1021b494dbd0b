/**
 * A workspace: a complete, isolated copy of everything that can change. Every request runs in exactly one.
 */
import { hash } from 'node:crypto';
import type { Faker } from '@faker-js/faker';
import type * as Locale from '@faker-js/faker/locale/en';
import type { CollectionTypes, Key, State } from '../api.js';
import { Faults, type NamedRule } from '../faults/faults.js';
import type { Instant } from '../instant.js';
import { Journal } from '../journal/journal.js';
import { JournalRoom } from '../journal/room.js';
import type { JsonObject } from '../json.js';
import { defaultLimits } from '../limits.js';
import { loadPackage } from '../load-package.js';
import { uuidOf } from '../uuid.js';
import { type Clock, read } from './clock.js';
import { type Changes, Records } from './records.js';
import type { Scenario } from './scenario.js';
import { type ApiChanges, WorkingCopy } from './transaction.js';

/** What a world holds of one api: the scenario that it was made from, and what changed since. */
export class ApiState {
  /** Made when first asked for, so that a workspace costs nothing for what it does not touch. */
  readonly #records = new Map<string, Records>();
  readonly #nextIds: Map<string, number>;
  #uuids = 0;

  constructor(readonly scenario: Scenario) {
    this.#nextIds = new Map(scenario.nextIds);
  }

  /** A copy that goes its own way from here; records are shared until one side writes. */
  fork(): ApiState {
    const fork = new ApiState(this.scenario);
    for (const [name, records] of this.#records) fork.#records.set(name, records.fork());
    for (const [name, next] of this.#nextIds) fork.#nextIds.set(name, next);
    fork.#uuids = this.#uuids;
    return fork;
  }

  /** @throws {Error} if the document declares no such collection */
  records(collection: string): Records {
    const known = this.#records.get(collection);
    if (known !== undefined) return known;
    const base = this.scenario.collections.get(collection);
    if (base === undefined) throw new Error(`${this.scenario.api} declares no collection ${collection}.`);
    const records = new Records(base);
    this.#records.set(collection, records);
    return records;
  }

  /** How many records a collection has; asking makes nothing. */
  size(collection: string): number {
    return (this.#records.get(collection) ?? this.scenario.collections.get(collection))?.size ?? 0;
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

  /** Whether anything changed since the scenario. */
  get isChanged(): boolean {
    return this.#uuids > 0 || this.#movedIds().size > 0 || this.changed > 0;
  }

  /** How many records changed since the scenario. */
  get changed(): number {
    return [...this.#records.values()].reduce((sum, each) => sum + each.changed, 0);
  }

  /** Everything that changed since the scenario; `undefined` if nothing did. */
  changes(): ApiChanges | undefined {
    if (!this.isChanged) return undefined;
    const changed = [...this.#records].filter(([, records]) => records.changed > 0);
    const collections = changed.map(([name, records]) => [name, new Map(records.changes())] as const);
    return { collections: new Map(collections), nextIds: this.#movedIds(), uuids: this.#uuids };
  }

  /** The same in pieces of at most so many records, which may be applied in turn. They are made when they are asked for. */
  *changesInPieces(records: number): Iterable<ApiChanges> {
    if (!this.isChanged) return;
    yield { collections: new Map(), nextIds: this.#movedIds(), uuids: this.#uuids };
    for (const [name, each] of this.#records) {
      let piece = new Map<Key, JsonObject | null>();
      const whole = () => ({ collections: new Map([[name, piece]]), nextIds: new Map(), uuids: this.#uuids });
      for (const [key, record] of each.changes()) {
        piece.set(key, record);
        if (piece.size < records) continue;
        yield whole();
        piece = new Map();
      }
      if (piece.size > 0) yield whole();
    }
  }

  #movedIds(): ReadonlyMap<string, number> {
    return new Map([...this.#nextIds].filter(([name, next]) => this.scenario.nextIds.get(name) !== next));
  }
}

/** Everything in a workspace that a snapshot keeps: records, ids, clock and random numbers. */
export class World {
  /** How many requests it has had; numbers each request's random numbers. */
  requests = 0;

  constructor(
    /** The name of the scenario that it began as. */
    readonly scenario: string,
    readonly apis: ReadonlyMap<string, ApiState>,
    public clock: Clock,
    /** Of the random numbers, in place of the scenario's own; `undefined`: each api's scenario says it. */
    readonly seed: number | undefined,
  ) {}

  /** How many records changed since the scenario. */
  get changed(): number {
    return [...this.apis.values()].reduce((sum, state) => sum + state.changed, 0);
  }

  /** A copy that goes its own way from here, made in a time that does not grow with what it holds. */
  fork(changed: { readonly seed?: number | undefined; readonly clock?: Clock | undefined } = {}): World {
    const apis = [...this.apis].map(([api, state]) => [api, state.fork()] as const);
    const fork = new World(this.scenario, new Map(apis), changed.clock ?? this.clock, changed.seed ?? this.seed);
    fork.requests = this.requests;
    return fork;
  }
}

/** How a workspace is made from a scenario, at first and at each reset. */
export interface Recipe {
  readonly scenario: string;
  /** Of the random numbers; `undefined`: the scenario's. */
  readonly seed: number | undefined;
  /** `undefined`: the scenario's. */
  readonly clock: Clock | undefined;
}

/** How a workspace differs from others that are made alike. */
export interface WorkspaceOptions {
  /** Credentials that lead here and are accepted here, beside those of the scenario: by api and security scheme. */
  readonly credentials: GivenCredentials;
  /** It is thrown away when it had no request for so long; `undefined`: never. */
  readonly ttlSeconds: number | undefined;
  /** Absent: it was made from another workspace, or a snapshot. */
  readonly recipe?: Recipe | undefined;
  /** The rules for what goes wrong that it begins with; absent: those of its scenario. They are not kept on disk. */
  readonly faults?: readonly NamedRule[] | undefined;
}

/** Credentials that a workspace was given, by api and security scheme. */
export type GivenCredentials = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;

/** A named world. */
export class Workspace {
  #made: World;
  #world: World;
  #journal: Journal;
  #faults: Faults;
  #lastUsed: number;

  constructor(
    readonly name: string,
    made: World,
    readonly options: WorkspaceOptions,
    private readonly realTime: () => Instant,
    /** What its journal shares with others. Absent, it shares with none. */
    private readonly room: JournalRoom = new JournalRoom(defaultLimits),
  ) {
    this.#journal = new Journal(room, name);
    this.#made = made;
    this.#world = made.fork();
    this.#faults = this.#firstFaults();
    this.#lastUsed = realTime().epochMilliseconds;
  }

  get world(): World {
    return this.#world;
  }

  /** The world as it was when the workspace was made, or reset last; nothing writes to it. */
  get made(): World {
    return this.#made;
  }

  /** Goes on from a copy of another world; {@link Workspace.made} stays. */
  restore(world: World): void {
    this.#world = world.fork();
  }

  /** Remembers what it holds, and returns what puts it back. Its journal goes on: what was asked was asked. */
  remember(): () => void {
    const [made, world, faults] = [this.#made, this.#world.fork(), this.#faults];
    return () => {
      this.#made = made;
      this.#world = world;
      this.#faults = faults;
    };
  }

  /** What its requests asked, were answered and changed. It is not kept on disk. */
  get journal(): Journal {
    return this.#journal;
  }

  /** What goes wrong here on purpose. It is not kept on disk. */
  get faults(): Faults {
    return this.#faults;
  }

  /** Begins anew: from a world that nothing else writes to, with the faults that it began with, and an empty journal. */
  reset(made: World): void {
    this.#made = made;
    this.restore(made);
    this.#faults = this.#firstFaults();
    this.#journal.end();
    this.#journal = new Journal(this.room, this.name);
  }

  #firstFaults(): Faults {
    return new Faults(
      () =>
        [...this.made.apis.values()].map(({ scenario: { api, seed, faults } }) => {
          return { api, faults, seed: this.made.seed ?? seed };
        }),
      this.options.faults,
    );
  }

  get apis(): World['apis'] {
    return this.#world.apis;
  }

  /** What the clock says. */
  now(): Instant {
    return read(this.#world.clock, this.realTime());
  }

  /** The moment at which it is thrown away if nobody uses it, in milliseconds of the real time; `undefined`: never. */
  get expiresAt(): number | undefined {
    const { ttlSeconds } = this.options;
    return ttlSeconds === undefined ? undefined : this.#lastUsed + ttlSeconds * 1000;
  }

  /** The credentials that an api accepts here: those that the workspace was made with, whatever is restored into it. */
  credentials(api: string): Scenario['credentials'] {
    const known = this.#state(api, this.#made).scenario.credentials;
    const given = this.options.credentials.get(api);
    if (given === undefined) return known;
    const all = new Map(known);
    for (const [scheme, values] of given) all.set(scheme, [...(known.get(scheme) ?? []), ...values]);
    return all;
  }

  /**
   * Counts a request, whatever becomes of it, so that each has its own random numbers; and keeps the workspace alive. Returns
   * what the clock says.
   */
  count(): Instant {
    this.#world.requests++;
    const realTime = this.realTime();
    this.#lastUsed = realTime.epochMilliseconds;
    return read(this.#world.clock, realTime);
  }

  /** Begins a transaction of the request that was counted last, in one api. */
  begin(api: string): Transaction {
    return new Transaction(this.#state(api), this.now(), this.#world.requests, this.#world.seed);
  }

  /** Begins a change of records that no request makes: it shifts no random numbers, and keeps the workspace alive. */
  change(api: string): Transaction {
    this.#lastUsed = this.realTime().epochMilliseconds;
    return this.begin(api);
  }

  /** The real time, which a running clock counts from. */
  real(): Instant {
    return this.realTime();
  }

  #state(api: string, world: World = this.#world): ApiState {
    const state = world.apis.get(api);
    if (state === undefined) throw new Error(`Workspace ${this.name} has no state of ${api}.`);
    return state;
  }
}

/** One request's view of the world. Nothing of it lasts unless {@link Transaction.commit} is called. */
export class Transaction {
  readonly state: State<CollectionTypes>;
  readonly #copies: ReadonlyMap<string, WorkingCopy>;
  readonly #nextIds = new Map<string, number>();
  #uuids: number;
  /** How many UUIDs it made, beside those that are pinned. */
  #made = 0;
  #faker: Faker | undefined;

  constructor(
    private readonly api: ApiState,
    readonly now: Instant,
    private readonly request: number,
    /** In place of the scenario's. */
    private readonly seed: number = api.scenario.seed,
  ) {
    this.#uuids = api.uuids;
    const names = [...api.scenario.collections.keys()];
    this.#copies = new Map(names.map((name) => [name, new WorkingCopy(() => api.records(name))]));
    this.state = Object.fromEntries(this.#copies);
  }

  get settings(): JsonObject {
    return this.api.scenario.settings;
  }

  nextId(collection: string): number {
    const copy = this.collection(collection);
    let id = this.#nextIds.get(collection) ?? this.api.nextId(collection);
    // Beyond the safe integers `id + 1` may be `id`; whoever takes such a number refuses it.
    while (Number.isSafeInteger(id) && copy.has(id)) id++;
    this.#nextIds.set(collection, id + 1);
    return id;
  }

  uuid(): string {
    const pinned = this.api.scenario.uuids[this.#uuids];
    if (pinned === undefined) return uuidOf(hash('sha256', `${this.seed} ${this.request} ${++this.#made}`));
    this.#uuids++;
    return pinned;
  }

  /**
   * One faker serves all: handlers are synchronous, and each request seeds it anew before its first value. It is loaded when
   * the first of them asks for a value.
   */
  get faker(): Faker {
    if (this.#faker === undefined) {
      const { faker } = loadPackage<typeof Locale>('@faker-js/faker/locale/en');
      faker.seed([this.seed, this.request]);
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

  /** The working copy of a collection. @throws {Error} if the document declares none of the name */
  collection(name: string): WorkingCopy {
    const copy = this.#copies.get(name);
    if (copy === undefined) throw new Error(`${this.api.scenario.api} declares no collection ${name}.`);
    return copy;
  }

  /** Makes what was written part of the workspace, and returns it for the journal. */
  commit(): ApiChanges | undefined {
    const changes = this.changes();
    if (changes !== undefined) this.api.apply(changes);
    return changes;
  }
}
