/**
 * All workspaces and snapshots of a sandbox: made, found by name or credential, kept in the state directory.
 */
import type { Instant } from '../instant.js';
import { JournalRoom } from '../journal/room.js';
import { isArray, isObject, type JsonObject, type JsonValue } from '../json.js';
import type { Limits } from '../limits.js';
import { FileError } from '../yaml.js';
import { type Clock, clockFromJson, clockToJson, realClock } from './clock.js';
import type { Durable } from './durable.js';
import type { Scenario } from './scenario.js';
import { type ApiChanges, changesFromJson, changesToJson } from './transaction.js';
import { ApiState, type GivenCredentials, Workspace, type WorkspaceOptions, World } from './workspace.js';
import { notServed, requireSame, type WorldSource, worldFromJson, worldToJson } from './world-json.js';

/** The workspace of requests that name none. */
export const defaultWorkspace = 'default';

/** Where a sandbox's scenarios are found, by api. */
export interface ScenarioSource {
  readonly apis: readonly string[];
  names(api: string): readonly string[];
  /** Reads a scenario once and keeps it. */
  load(api: string, name: string): Scenario;
  /** Reads a part of an uploaded snapshot, which was found to be right before. */
  read(api: string, name: string, content: JsonObject): Scenario;
}

/** What a workspace is made from: a scenario, or a copy of what another workspace or a snapshot holds now. */
export type Origin = { readonly scenario: string } | { readonly workspace: string } | { readonly snapshot: string };

/** What a new workspace is to be like. */
export interface WorkspaceRequest extends Partial<WorkspaceOptions> {
  readonly origin: Origin;
  /** Of the random numbers; absent: the origin's. */
  readonly seed?: number | undefined;
  /** Absent: the origin's. */
  readonly clock?: Clock | undefined;
}

/** A named world that nothing changes. */
export interface Snapshot {
  readonly name: string;
  /** The workspace that it was taken of; `undefined`: it was uploaded. */
  readonly workspace: string | undefined;
  /** The real time at which it was taken. */
  readonly takenAt: Instant;
  readonly world: World;
}

const noCredentials: GivenCredentials = new Map();

export class Workspaces {
  readonly #workspaces = new Map<string, Workspace>();
  readonly #snapshots = new Map<string, Snapshot>();
  /** The workspace that each given credential leads to. */
  readonly #byCredential = new Map<string, string>();
  readonly #uploads = new Map<string, Scenario>();
  readonly #journalRoom: JournalRoom;
  /** More are refused. */
  readonly limit: number;

  constructor(
    private readonly scenarios: ScenarioSource,
    private readonly durable: Durable,
    private readonly realTime: () => Instant,
    limits: Pick<Limits, 'workspaces' | 'journalBytes' | 'allJournalsBytes'>,
  ) {
    this.limit = limits.workspaces;
    this.#journalRoom = new JournalRoom(limits);
    this.#restore();
    if (!this.#workspaces.has(defaultWorkspace)) this.#make(defaultWorkspace, { origin: { scenario: 'default' } });
  }

  get(name: string): Workspace | undefined {
    const workspace = this.#workspaces.get(name);
    if (workspace === undefined || !this.#isExpired(workspace)) return workspace;
    this.remove(name);
    return undefined;
  }

  /** The workspace of requests that name none; it always exists. */
  get default(): Workspace {
    const workspace = this.#workspaces.get(defaultWorkspace);
    return workspace ?? this.#make(defaultWorkspace, { origin: { scenario: 'default' } });
  }

  /** Whether any workspace was given credentials of its own. */
  get hasCredentials(): boolean {
    return this.#byCredential.size > 0;
  }

  /** The workspace that was given a credential; `undefined` if none was. */
  byCredential(api: string, scheme: string, value: string): Workspace | undefined {
    const name = this.#byCredential.get(credentialKey(api, scheme, value));
    return name === undefined ? undefined : this.get(name);
  }

  /** In the order in which they were made. */
  all(): readonly Workspace[] {
    for (const workspace of [...this.#workspaces.values()]) {
      if (this.#isExpired(workspace)) this.remove(workspace.name);
    }
    return [...this.#workspaces.values()];
  }

  /** Whether there are as many as are allowed, those aside whose time is up. */
  get full(): boolean {
    return this.#workspaces.size >= this.limit && this.all().length >= this.limit;
  }

  /** Every scenario's name, with the apis that have one of that name. */
  scenarioApis(): ReadonlyMap<string, readonly string[]> {
    const found = new Map<string, string[]>();
    for (const api of this.scenarios.apis) {
      for (const name of this.scenarios.names(api)) found.set(name, [...(found.get(name) ?? []), api]);
    }
    return new Map([...found].sort(([left], [right]) => (left < right ? -1 : 1)));
  }

  /** Makes a workspace; its origin exists, and its name and credentials are free. */
  create(name: string, request: WorkspaceRequest): Workspace {
    const workspace = this.#make(name, request);
    this.durable.append({ create: name, ...requestToJson(request) });
    return workspace;
  }

  /** Puts a workspace back to how it was made. */
  reset(workspace: Workspace): void {
    workspace.reset();
    this.durable.append({ reset: workspace.name });
  }

  /** Goes on, in a workspace, from what a snapshot holds. */
  restoreSnapshot(workspace: Workspace, snapshot: Snapshot): void {
    workspace.restore(snapshot.world);
    this.durable.append({ restore: workspace.name, snapshot: snapshot.name });
  }

  setClock(workspace: Workspace, clock: Clock): void {
    workspace.world.clock = clock;
    this.durable.append({ clock: workspace.name, stands: clockToJson(clock) });
  }

  remove(name: string): void {
    this.#forget(name);
    this.durable.append({ remove: name });
  }

  /** In alphabetical order. */
  snapshots(): readonly Snapshot[] {
    return [...this.#snapshots.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
  }

  snapshot(name: string): Snapshot | undefined {
    return this.#snapshots.get(name);
  }

  /** Keeps what a workspace holds now, in the place of a snapshot with the name. */
  takeSnapshot(name: string, workspace: Workspace): Snapshot {
    const takenAt = this.realTime();
    const snapshot = { name, workspace: workspace.name, takenAt, world: workspace.world.fork() };
    this.#snapshots.set(name, snapshot);
    this.durable.append({ take: name, workspace: workspace.name, at: takenAt.epochMilliseconds });
    return snapshot;
  }

  /** Keeps an uploaded world, in the place of a snapshot with the name. */
  addSnapshot(name: string, world: World): Snapshot {
    const snapshot = { name, workspace: undefined, takenAt: this.realTime(), world };
    this.#snapshots.set(name, snapshot);
    const uploads: JsonValue[] = [];
    const kept = worldToJson(world, (scenario) => uploads.push(this.#uploadToJson(scenario)));
    this.durable.append({ upload: name, at: snapshot.takenAt.epochMilliseconds, uploads, world: kept });
    return snapshot;
  }

  removeSnapshot(name: string): void {
    this.#snapshots.delete(name);
    this.durable.append({ drop: name });
  }

  /** Keeps what a request committed. */
  keep(workspace: Workspace, api: string, changes: ApiChanges): void {
    const scenario = workspace.apis.get(api)?.scenario.fingerprint ?? '';
    const { requests } = workspace.world;
    this.durable.append({ commit: workspace.name, api, scenario, requests, changes: changesToJson(changes) });
  }

  /** Resolves when everything that was changed is on the disk; `undefined` if it is. */
  pending(): Promise<void> | undefined {
    return this.durable.pending();
  }

  async close(): Promise<void> {
    await this.durable.close(() => this.#toJson());
  }

  #isExpired({ expiresAt }: Workspace): boolean {
    return expiresAt !== undefined && expiresAt <= this.realTime().epochMilliseconds;
  }

  #make(name: string, { origin, seed, clock, credentials = noCredentials, ttlSeconds }: WorkspaceRequest): Workspace {
    const made = this.#world(origin).fork({ seed, clock });
    return this.#add(name, made, { credentials, ttlSeconds });
  }

  #add(name: string, made: World, options: WorkspaceOptions): Workspace {
    const workspace = new Workspace(name, made, options, this.realTime, this.#journalRoom);
    this.#workspaces.set(name, workspace);
    for (const [api, scheme, value] of eachCredential(options.credentials)) {
      this.#byCredential.set(credentialKey(api, scheme, value), name);
    }
    return workspace;
  }

  #forget(name: string): void {
    const workspace = this.#workspaces.get(name);
    if (workspace === undefined) return;
    workspace.journal.end();
    for (const [api, scheme, value] of eachCredential(workspace.options.credentials)) {
      this.#byCredential.delete(credentialKey(api, scheme, value));
    }
    this.#workspaces.delete(name);
  }

  #world(origin: Origin): World {
    if ('scenario' in origin) return this.begin(origin.scenario);
    const found =
      'workspace' in origin
        ? this.#workspaces.get(origin.workspace)?.world
        : this.#snapshots.get(origin.snapshot)?.world;
    if (found === undefined) throw new Error('A workspace is made from what does not exist.');
    return found;
  }

  /** A world as a scenario begins it. An api that lacks the scenario takes part with its default one. */
  begin(scenario: string): World {
    const states = this.scenarios.apis.map((api) => [api, new ApiState(this.#scenario(api, scenario))] as const);
    const named = states.map(([, state]) => state.scenario).filter((each) => each.name === scenario);
    const clock = named.find((each) => each.clock !== undefined)?.clock;
    return new World(scenario, new Map(states), clock === undefined ? realClock : { frozen: clock }, undefined);
  }

  #scenario(api: string, name: string): Scenario {
    return this.scenarios.load(api, this.scenarios.names(api).includes(name) ? name : 'default');
  }

  #uploadToJson(scenario: Scenario): JsonObject {
    this.#uploads.set(scenario.fingerprint, scenario);
    const { api, name, uploaded = null } = scenario;
    return { api, name, content: uploaded };
  }

  #toJson(): JsonValue {
    const uploads = new Map<string, JsonObject>();
    const world = (each: World) =>
      worldToJson(each, (scenario) => uploads.set(scenario.fingerprint, this.#uploadToJson(scenario)));
    const workspaces = this.all().map(({ name, made, world: now, options }) => ({
      name,
      ...optionsToJson(options),
      made: world(made),
      world: world(now),
    }));
    const snapshots = this.snapshots().map(({ name, workspace, takenAt, world: kept }) => ({
      name,
      workspace: workspace ?? null,
      at: takenAt.epochMilliseconds,
      world: world(kept),
    }));
    return { uploads: [...uploads.values()], workspaces, snapshots };
  }

  /** Lays what was kept over the scenarios: the snapshot of the state directory, then every entry since. */
  #restore(): void {
    const kept = isObject(this.durable.snapshot) ? this.durable.snapshot : {};
    this.#restoreUploads(kept.uploads);
    for (const each of objects(kept.snapshots)) this.#restoreSnapshot(text(each.name), each);
    for (const each of objects(kept.workspaces)) {
      const name = text(each.name);
      const whose = `workspace ${name}`;
      const made = worldFromJson(each.made, whose, this.#source(whose));
      this.#add(name, made, optionsFromJson(each)).restore(worldFromJson(each.world, whose, this.#source(whose)));
    }
    for (const entry of this.durable.entries) this.#restoreEntry(entry);
  }

  #restoreUploads(uploads: JsonValue | undefined): void {
    for (const { api, name, content } of objects(uploads)) {
      if (!isObject(content)) continue;
      if (!this.scenarios.apis.includes(text(api))) throw notServed(text(api), 'snapshot');
      const scenario = this.scenarios.read(text(api), text(name), content);
      this.#uploads.set(scenario.fingerprint, scenario);
    }
  }

  #restoreSnapshot(name: string, kept: JsonObject): void {
    const whose = `snapshot ${name}`;
    const takenAt = { epochMilliseconds: typeof kept.at === 'number' ? kept.at : 0, nanoseconds: 0 };
    const workspace = typeof kept.workspace === 'string' ? kept.workspace : undefined;
    const world = worldFromJson(kept.world, whose, this.#source(whose));
    this.#snapshots.set(name, { name, workspace, takenAt, world });
  }

  #restoreEntry(entry: JsonObject): void {
    if (typeof entry.create === 'string') this.#restoreCreated(entry.create, entry);
    else if (typeof entry.remove === 'string') this.#forget(entry.remove);
    else if (typeof entry.upload === 'string') {
      this.#restoreUploads(entry.uploads);
      this.#restoreSnapshot(entry.upload, entry);
    } else if (typeof entry.drop === 'string') this.#snapshots.delete(entry.drop);
    else this.#restoreChange(entry);
  }

  #restoreCreated(name: string, entry: JsonObject): void {
    const request = requestFromJson(entry);
    if ('scenario' in request.origin && !this.scenarioApis().has(request.origin.scenario)) {
      throw missingScenario(`workspace ${name}`, request.origin.scenario);
    }
    this.#make(name, request);
  }

  /** What happened in a workspace that is there: the default one has no entry of its making. */
  #restoreChange(entry: JsonObject): void {
    const name = text(entry.reset ?? entry.restore ?? entry.clock ?? entry.commit ?? entry.workspace);
    if (name === defaultWorkspace && !this.#workspaces.has(name)) this.#make(name, { origin: { scenario: 'default' } });
    const workspace = this.#workspaces.get(name);
    if (workspace === undefined)
      throw new FileError(`The kept state has no workspace ${name}. Begin anew with --fresh.`);
    if (entry.reset !== undefined) workspace.restore(workspace.made);
    else if (entry.clock !== undefined) workspace.world.clock = clockFromJson(entry.stands);
    else if (entry.restore !== undefined) {
      const snapshot = this.#snapshots.get(text(entry.snapshot));
      if (snapshot !== undefined) workspace.restore(snapshot.world);
    } else if (typeof entry.take === 'string') {
      const takenAt = { epochMilliseconds: Number(entry.at), nanoseconds: 0 };
      this.#snapshots.set(entry.take, { name: entry.take, workspace: name, takenAt, world: workspace.world.fork() });
    } else this.#replay(workspace, entry);
  }

  #replay(workspace: Workspace, { api, scenario, requests, changes }: JsonObject): void {
    const whose = `workspace ${workspace.name}`;
    const state = workspace.apis.get(text(api));
    if (state === undefined) throw notServed(text(api), whose);
    requireSame(state.scenario, scenario, whose);
    state.apply(changesFromJson(changes));
    if (typeof requests === 'number') workspace.world.requests = requests;
  }

  #source(whose: string): WorldSource {
    return {
      apis: this.scenarios.apis,
      scenario: (api, name) => {
        if (!this.scenarioApis().has(name)) throw missingScenario(whose, name);
        return this.#scenario(api, name);
      },
      upload: (fingerprint) => this.#uploads.get(fingerprint),
    };
  }
}

/** Every value of given credentials, with its api and security scheme. */
export function eachCredential(credentials: GivenCredentials): [api: string, scheme: string, value: string][] {
  return [...credentials].flatMap(([api, schemes]) =>
    [...schemes].flatMap(([scheme, values]) => values.map((value): [string, string, string] => [api, scheme, value])),
  );
}

function credentialKey(api: string, scheme: string, value: string): string {
  return JSON.stringify([api, scheme, value]);
}

function missingScenario(whose: string, scenario: string): FileError {
  return new FileError(
    `The kept ${whose} was made from the scenario ${scenario}, which data/ no longer has. ` +
      'Put it back, or begin anew with --fresh.',
  );
}

function requestToJson({ origin, seed, clock, credentials = noCredentials, ttlSeconds }: WorkspaceRequest): JsonObject {
  return {
    ...origin,
    ...(seed === undefined ? {} : { seed }),
    ...(clock === undefined ? {} : { clock: clockToJson(clock) }),
    ...optionsToJson({ credentials, ttlSeconds }),
  };
}

function requestFromJson(entry: JsonObject): WorkspaceRequest {
  const { scenario, workspace, snapshot, seed, clock } = entry;
  const forked = typeof workspace === 'string' ? { workspace } : { scenario: text(scenario) };
  return {
    origin: typeof snapshot === 'string' ? { snapshot } : forked,
    seed: typeof seed === 'number' ? seed : undefined,
    clock: clock === undefined ? undefined : clockFromJson(clock),
    ...optionsFromJson(entry),
  };
}

function optionsToJson({ credentials, ttlSeconds }: WorkspaceOptions): JsonObject {
  const given = eachCredential(credentials);
  return {
    ...(ttlSeconds === undefined ? {} : { ttlSeconds }),
    ...(given.length === 0 ? {} : { credentials: given }),
  };
}

function optionsFromJson({ ttlSeconds, credentials }: JsonObject): WorkspaceOptions {
  const given = new Map<string, Map<string, string[]>>();
  for (const each of isArray(credentials) ? credentials : []) {
    const [api = '', scheme = '', value = ''] = isArray(each) ? each.map((part) => text(part)) : [];
    const schemes = given.get(api) ?? new Map<string, string[]>();
    given.set(api, schemes.set(scheme, [...(schemes.get(scheme) ?? []), value]));
  }
  return { credentials: given, ttlSeconds: typeof ttlSeconds === 'number' ? ttlSeconds : undefined };
}

function objects(value: JsonValue | undefined): readonly JsonObject[] {
  return (isArray(value) ? value : []).filter(isObject);
}

function text(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
