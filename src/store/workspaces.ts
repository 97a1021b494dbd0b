/**
 * All workspaces and snapshots of a sandbox: made, found by name or credential, kept in the state directory.
 */
import type { Instant } from '../instant.js';
import { JournalRoom } from '../journal/room.js';
import { isArray, isObject, type JsonObject, type JsonValue, stringify } from '../json.js';
import type { Limits } from '../limits.js';
import { FileError } from '../yaml.js';
import { type Clock, clockFromJson, clockToJson, realClock } from './clock.js';
import type { Durability } from './durability.js';
import type { Durable, Kept } from './durable.js';
import type { Scenario } from './scenario.js';
import { scenarioToJson } from './scenario-json.js';
import { changesToJson } from './transaction.js';
import {
  ApiState,
  type GivenCredentials,
  type Recipe,
  type Transaction,
  Workspace,
  type WorkspaceOptions,
  World,
} from './workspace.js';
import {
  applyPiece,
  basesToJson,
  statesFromJson,
  type WorldSource,
  worldFromJson,
  worldHead,
  worldPieces,
  worldToJson,
} from './world-json.js';

/** The workspace of requests that name none. */
export const defaultWorkspace = 'default';

/** Where a sandbox's scenarios are found, by api. */
export interface ScenarioSource {
  readonly apis: readonly string[];
  names(api: string): readonly string[];
  /** Whether {@link names} has a name. */
  has(api: string, name: string): boolean;
  /** The scenario as its files are now. @throws {FileError} if one of them is wrong */
  load(api: string, name: string): Scenario;
  /** Reads what was kept of a scenario, which was found to be right before. */
  read(api: string, name: string, content: JsonObject, fingerprint: string): Scenario;
}

/** What a workspace is made from: a scenario, or a copy of what another workspace or a snapshot holds now. */
export type Origin = { readonly scenario: string } | { readonly workspace: string } | { readonly snapshot: string };

/** What a new workspace is to be like. */
export interface WorkspaceRequest extends Partial<Pick<WorkspaceOptions, 'credentials' | 'ttlSeconds'>> {
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
  /** How long its file was as JSON; 0 if it was not uploaded. */
  readonly uploadedBytes: number;
}

const noCredentials: GivenCredentials = new Map();

export class Workspaces {
  readonly #workspaces = new Map<string, Workspace>();
  readonly #snapshots = new Map<string, Snapshot>();
  /** The workspace that each given credential leads to. */
  readonly #byCredential = new Map<string, string>();
  /** Scenarios that kept worlds rest on, by {@link idOf}: what was made from one shares its records after a start too. */
  readonly #bases = new Map<string, Scenario>();
  /** Whether the default workspace, which nobody makes, is among what is kept. */
  #isDefaultKept = false;
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
    this.#bases.clear();
    const kept = this.#workspaces.get(defaultWorkspace);
    if (kept === undefined || isUntouched(kept)) this.#makeDefault();
    durable.begin({ capture: () => this.#capture(), weight: () => this.#weight() });
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
    return workspace ?? this.#makeDefault();
  }

  /** About what the journals of all workspaces take. */
  get journalBytes(): number {
    return this.#journalRoom.bytes;
  }

  /** The journals of all workspaces, those made later included. */
  get journals(): Pick<JournalRoom, 'listen'> {
    return this.#journalRoom;
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
    this.durable.ifLost({}, () => () => this.#forget(name));
    const workspace = this.#make(name, request, this.#world(request.origin));
    // Refused requests stand in no entry, and the copy counts those of its origin.
    const { requests } = workspace.made;
    this.#append(() => ({ ...this.#creation(workspace, request), requests }));
    return workspace;
  }

  /**
   * Puts a workspace back to how it was made; if that was from a scenario, as its files are now, while there are any.
   *
   * @throws {FileError} if one of them is wrong; then nothing has changed
   */
  reset(workspace: Workspace): void {
    const { recipe } = workspace.options;
    const isThere = recipe !== undefined && this.#isThere(recipe.scenario);
    const made = isThere ? this.#begin(recipe.scenario).fork(recipe) : workspace.made;
    this.#rememberState(workspace);
    workspace.reset(made);
    this.#append(() => ({ reset: workspace.name, ...this.#basesOf(workspace) }));
  }

  /**
   * Goes on, in a workspace, from what an origin that exists holds now.
   *
   * @throws {FileError} if a file of the scenario is wrong; then nothing has changed
   */
  restore(workspace: Workspace, origin: Origin): void {
    const world = this.#world(origin);
    this.#rememberState(workspace);
    workspace.restore(world);
    // Refused requests of another workspace stand in no entry.
    const { requests } = workspace.world;
    const bases = () => ('scenario' in origin ? this.#basesToJson(world) : {});
    this.#append(() => ({ restore: workspace.name, ...origin, requests, ...bases() }));
  }

  setClock(workspace: Workspace, clock: Clock): void {
    this.#rememberState(workspace);
    workspace.world.clock = clock;
    this.#append(() => ({ clock: workspace.name, stands: clockToJson(clock) }));
  }

  remove(name: string): void {
    const workspace = this.#workspaces.get(name);
    if (workspace !== undefined) this.durable.ifLost({}, () => () => this.#put(workspace));
    this.#forget(name);
    this.#append(() => ({ remove: name }));
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
    const snapshot = { name, workspace: workspace.name, takenAt, world: workspace.world.fork(), uploadedBytes: 0 };
    this.#rememberSnapshot(name);
    this.#snapshots.set(name, snapshot);
    const { requests } = snapshot.world;
    this.#append(() => ({ take: name, workspace: workspace.name, at: takenAt.epochMilliseconds, requests }));
    return snapshot;
  }

  /** Keeps an uploaded world, whose file was so long, in the place of a snapshot with the name. */
  addSnapshot(name: string, world: World, uploadedBytes: number): Snapshot {
    const snapshot = { name, workspace: undefined, takenAt: this.realTime(), world, uploadedBytes };
    this.#rememberSnapshot(name);
    this.#snapshots.set(name, snapshot);
    const at = snapshot.takenAt.epochMilliseconds;
    this.#append(() => {
      const kept = worldToJson(world, (scenario) => this.#keepScenario(scenario));
      return { upload: name, at, uploadedBytes, world: kept };
    });
    return snapshot;
  }

  removeSnapshot(name: string): void {
    this.#rememberSnapshot(name);
    this.#snapshots.delete(name);
    this.#append(() => ({ drop: name }));
  }

  /** Commits what a request wrote, and keeps it. */
  commit(workspace: Workspace, api: string, transaction: Transaction): void {
    const changes = transaction.changes();
    if (changes === undefined) return;
    this.#rememberState(workspace);
    transaction.commit();
    const { requests } = workspace.world;
    this.#append(() => ({ commit: workspace.name, api, requests, changes: changesToJson(changes) }));
  }

  /** When a change counts as kept. */
  get durability(): Durability {
    return this.durable.durability;
  }

  /**
   * Resolves when everything that was changed is kept; `undefined` if it is. It rejects if it cannot be; then everything is
   * again as it was before.
   */
  pending(): Promise<void> | undefined {
    return this.durable.pending();
  }

  /** How many changes are not kept yet. */
  lag(): number {
    return this.durable.lag();
  }

  async close(): Promise<void> {
    // It begins as its scenario is at the next start.
    if (isUntouched(this.default)) this.#isDefaultKept = false;
    await this.durable.close();
  }

  #rememberState(workspace: Workspace): void {
    this.durable.ifLost(workspace, () => workspace.remember());
  }

  #rememberSnapshot(name: string): void {
    const before = this.#snapshots.get(name);
    this.durable.ifLost({}, () => () => {
      if (before === undefined) this.#snapshots.delete(name);
      else this.#snapshots.set(name, before);
    });
  }

  /** Takes an entry for the disk; the first one of a default workspace says what that began as. */
  #append(entry: () => JsonObject): void {
    if (!this.#isDefaultKept) {
      this.durable.ifLost({}, () => () => {
        this.#isDefaultKept = false;
      });
      this.#isDefaultKept = true;
      this.durable.append(() => this.#creation(this.default, defaultRequest));
    }
    this.durable.append(entry);
  }

  #creation(workspace: Workspace, request: WorkspaceRequest): JsonObject {
    return { create: workspace.name, ...requestToJson(request), ...this.#basesOf(workspace) };
  }

  /** What a workspace that was made from a scenario rests on: the scenario's files may change. */
  #basesOf({ made, options }: Workspace): JsonObject {
    return options.recipe === undefined ? {} : this.#basesToJson(made);
  }

  #basesToJson(world: World): JsonObject {
    return { bases: basesToJson(world, (scenario) => this.#keepScenario(scenario)) };
  }

  #keepScenario(scenario: Scenario): void {
    const { api, name } = scenario;
    this.durable.keepScenario(idOf(scenario), () => ({ api, scenario: name, ...scenarioToJson(scenario) }));
  }

  #isExpired({ expiresAt }: Workspace): boolean {
    return expiresAt !== undefined && expiresAt <= this.realTime().epochMilliseconds;
  }

  /** Makes a workspace from the world that its origin gives. */
  #make(name: string, request: WorkspaceRequest, world: World): Workspace {
    const { origin, seed, clock, credentials = noCredentials, ttlSeconds } = request;
    return this.#add(name, world.fork({ seed, clock }), {
      credentials,
      ttlSeconds,
      recipe: 'scenario' in origin ? { scenario: origin.scenario, seed, clock } : undefined,
      faults: 'workspace' in origin ? this.#workspaces.get(origin.workspace)?.faults.rules : undefined,
    });
  }

  #makeDefault(): Workspace {
    this.#isDefaultKept = false;
    return this.#make(defaultWorkspace, defaultRequest, this.#begin('default'));
  }

  #add(name: string, made: World, options: WorkspaceOptions): Workspace {
    const workspace = new Workspace(name, made, options, this.realTime, this.#journalRoom);
    this.#put(workspace);
    return workspace;
  }

  #put(workspace: Workspace): void {
    const { name, options } = workspace;
    this.#workspaces.set(name, workspace);
    for (const [api, scheme, value] of eachCredential(options.credentials)) {
      this.#byCredential.set(credentialKey(api, scheme, value), name);
    }
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
    if ('scenario' in origin) return this.#begin(origin.scenario);
    const found =
      'workspace' in origin
        ? this.#workspaces.get(origin.workspace)?.world
        : this.#snapshots.get(origin.snapshot)?.world;
    if (found === undefined) throw new Error('A workspace is made from what does not exist.');
    return found;
  }

  /** A world as the files of a scenario begin it now. */
  #begin(scenario: string): World {
    const states = this.scenarios.apis.map((api) => [api, this.begin(api, scenario)] as const);
    return worldOf(scenario, new Map(states));
  }

  /** What an api begins with in a scenario; one that lacks the scenario takes part with its default one. */
  begin(api: string, scenario: string): ApiState {
    return new ApiState(this.scenarios.load(api, this.scenarios.has(api, scenario) ? scenario : 'default'));
  }

  #isThere(scenario: string): boolean {
    return this.scenarios.apis.some((api) => this.scenarios.has(api, scenario));
  }

  #keptWorkspaces(): readonly Workspace[] {
    return [...this.#workspaces.values()].filter(({ name }) => name !== defaultWorkspace || this.#isDefaultKept);
  }

  /** How much {@link Workspaces.#capture} would give. */
  #weight(): number {
    const worlds = [
      ...this.#keptWorkspaces().flatMap(({ made, world }) => [made, world]),
      ...[...this.#snapshots.values()].map(({ world }) => world),
    ];
    return worlds.reduce((sum, world) => sum + 1 + world.changed, 0);
  }

  /** Everything as it is now; its entries show this moment, whenever they are made. */
  #capture(): Kept {
    const workspaces = this.#keptWorkspaces().map(({ name, made, world, options }) => {
      return { name, made, world: world.fork(), options };
    });
    const snapshots = this.snapshots();
    const scenarios = new Set<string>();
    const keep = (scenario: Scenario) => {
      scenarios.add(idOf(scenario));
      this.#keepScenario(scenario);
    };
    function* entries(): Iterable<JsonObject> {
      for (const { name, made, world, options } of workspaces) {
        const recipe = options.recipe === undefined ? {} : { recipe: recipeToJson(options.recipe) };
        const heads = { made: worldHead(made, keep), world: worldHead(world, keep) };
        yield { holds: name, ...optionsToJson(options), ...recipe, ...heads };
        for (const piece of worldPieces(made)) yield { fill: 'made', of: name, ...piece };
        for (const piece of worldPieces(world)) yield { fill: 'world', of: name, ...piece };
      }
      for (const { name, workspace, takenAt, world, uploadedBytes } of snapshots) {
        const head = { at: takenAt.epochMilliseconds, uploadedBytes, world: worldHead(world, keep) };
        yield { upload: name, workspace: workspace ?? null, ...head };
        for (const piece of worldPieces(world)) yield { fill: 'snapshot', of: name, ...piece };
      }
    }
    return { entries: entries(), scenarios };
  }

  /** Lays what was kept over the scenarios, entry by entry. */
  #restore(): void {
    for (const entry of this.durable.take()) this.#restoreEntry(entry);
  }

  /** A workspace as a snapshot holds it; what its worlds have beside their scenarios follows. */
  #restoreHeld(name: string, entry: JsonObject): void {
    const whose = `workspace ${name}`;
    const made = worldFromJson(entry.made, whose, this.#source(whose));
    const options = { ...optionsFromJson(entry), recipe: recipeFromJson(entry.recipe) };
    this.#add(name, made, options).restore(worldFromJson(entry.world, whose, this.#source(whose)));
    if (name === defaultWorkspace) this.#isDefaultKept = true;
  }

  #restorePiece(entry: JsonObject): void {
    const name = text(entry.of);
    const isSnapshot = entry.fill === 'snapshot';
    const workspace = this.#workspaces.get(name);
    const world = isSnapshot ? this.#snapshots.get(name)?.world : entry.fill === 'made' ? workspace?.made : workspace;
    const whose = `${isSnapshot ? 'snapshot' : 'workspace'} ${name}`;
    if (world === undefined) throw new FileError(`The kept state has no ${whose}. Begin anew with --fresh.`);
    applyPiece(entry, world, whose);
  }

  #restoreSnapshot(name: string, kept: JsonObject): void {
    const whose = `snapshot ${name}`;
    const takenAt = { epochMilliseconds: typeof kept.at === 'number' ? kept.at : 0, nanoseconds: 0 };
    const workspace = typeof kept.workspace === 'string' ? kept.workspace : undefined;
    const world = worldFromJson(kept.world, whose, this.#source(whose));
    const uploadedBytes = typeof kept.uploadedBytes === 'number' ? kept.uploadedBytes : 0;
    this.#snapshots.set(name, { name, workspace, takenAt, world, uploadedBytes });
  }

  #restoreEntry(entry: JsonObject): void {
    if (typeof entry.create === 'string') this.#restoreCreated(entry.create, entry);
    else if (typeof entry.holds === 'string') this.#restoreHeld(entry.holds, entry);
    else if (entry.fill !== undefined) this.#restorePiece(entry);
    else if (typeof entry.remove === 'string') this.#forget(entry.remove);
    else if (typeof entry.upload === 'string') this.#restoreSnapshot(entry.upload, entry);
    else if (typeof entry.drop === 'string') this.#snapshots.delete(entry.drop);
    else this.#restoreChange(entry);
  }

  #restoreCreated(name: string, entry: JsonObject): void {
    const request = requestFromJson(entry);
    this.#make(name, request, this.#keptWorld(name, request.origin, entry));
    if (name === defaultWorkspace) this.#isDefaultKept = true;
  }

  /** The world of the origin that an entry names, as it was then. */
  #keptWorld(workspace: string, origin: Origin, entry: JsonObject): World {
    const world = 'scenario' in origin ? this.#kept(workspace, origin.scenario, entry) : this.#world(origin);
    if (typeof entry.requests === 'number') world.requests = entry.requests;
    return world;
  }

  /** The world that a workspace was made from, by the scenarios that the entry names. */
  #kept(workspace: string, scenario: string, { bases }: JsonObject): World {
    const whose = `workspace ${workspace}`;
    return worldOf(scenario, statesFromJson(isObject(bases) ? bases : {}, scenario, this.#source(whose)));
  }

  #restoreChange(entry: JsonObject): void {
    const name = text(entry.reset ?? entry.restore ?? entry.clock ?? entry.commit ?? entry.workspace);
    const workspace = this.#workspaces.get(name);
    if (workspace === undefined)
      throw new FileError(`The kept state has no workspace ${name}. Begin anew with --fresh.`);
    if (entry.reset !== undefined) this.#restoreReset(workspace, entry);
    else if (entry.clock !== undefined) workspace.world.clock = clockFromJson(entry.stands);
    else if (entry.restore !== undefined)
      workspace.restore(this.#keptWorld(name, requestFromJson(entry).origin, entry));
    else if (typeof entry.take === 'string') {
      const takenAt = { epochMilliseconds: Number(entry.at), nanoseconds: 0 };
      if (typeof entry.requests === 'number') workspace.world.requests = entry.requests;
      const world = workspace.world.fork();
      this.#snapshots.set(entry.take, { name: entry.take, workspace: name, takenAt, world, uploadedBytes: 0 });
    } else replay(workspace, entry);
  }

  #restoreReset(workspace: Workspace, entry: JsonObject): void {
    const { recipe } = workspace.options;
    const isAnew = recipe !== undefined && entry.bases !== undefined;
    workspace.reset(isAnew ? this.#kept(workspace.name, recipe.scenario, entry).fork(recipe) : workspace.made);
  }

  #source(whose: string): WorldSource {
    return {
      apis: this.scenarios.apis,
      base: (api, name, fingerprint) => this.#base(api, name, fingerprint, whose),
      begin: (api, scenario) => this.begin(api, scenario),
    };
  }

  /** The scenario of a fingerprint: today's if it has not changed, else what was kept of it. */
  #base(api: string, name: string, fingerprint: string, whose: string): Scenario {
    const id = idOf({ api, fingerprint });
    const known = this.#bases.get(id) ?? this.#today(api, name, fingerprint) ?? this.#read(api, name, fingerprint);
    if (known === undefined) {
      throw new FileError(
        `The kept ${whose} was made from the scenario ${name} of ${api} as it was, and scenarios/${id}.json in the state directory is not there. ` +
          'Put a copy of it there, or begin anew with --fresh.',
      );
    }
    this.#bases.set(id, known);
    return known;
  }

  #today(api: string, name: string, fingerprint: string): Scenario | undefined {
    try {
      if (!this.scenarios.has(api, name)) return undefined;
      const today = this.scenarios.load(api, name);
      return today.fingerprint === fingerprint ? today : undefined;
    } catch (error) {
      // Whoever makes a workspace from it is told; what is kept does not need it.
      if (error instanceof FileError) return undefined;
      throw error;
    }
  }

  #read(api: string, name: string, fingerprint: string): Scenario | undefined {
    const content = this.durable.scenario(idOf({ api, fingerprint }));
    return isObject(content) ? this.scenarios.read(api, name, content, fingerprint) : undefined;
  }
}

const defaultRequest: WorkspaceRequest = { origin: { scenario: 'default' } };

/** What a scenario is kept under. */
function idOf({ api, fingerprint }: Pick<Scenario, 'api' | 'fingerprint'>): string {
  return `${api}-${fingerprint}`;
}

/** The world of a scenario, whose clock is that of the first api that says one. */
function worldOf(scenario: string, states: ReadonlyMap<string, ApiState>): World {
  const named = [...states.values()].map((state) => state.scenario).filter((each) => each.name === scenario);
  const clock = named.find((each) => each.clock !== undefined)?.clock;
  return new World(scenario, states, clock === undefined ? realClock : { frozen: clock }, undefined);
}

/** Whether a workspace holds what it began with, and nothing else. */
function isUntouched({ made, world }: Workspace): boolean {
  if (stringify(clockToJson(made.clock)) !== stringify(clockToJson(world.clock)) || made.seed !== world.seed)
    return false;
  return [...world.apis].every(([api, state]) => state.scenario === made.apis.get(api)?.scenario && !state.isChanged);
}

function replay(workspace: Workspace, entry: JsonObject): void {
  applyPiece(entry, workspace, `workspace ${workspace.name}`);
  if (typeof entry.requests === 'number') workspace.world.requests = entry.requests;
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

function recipeToJson({ scenario, seed, clock }: Recipe): JsonObject {
  return requestToJson({ origin: { scenario }, seed, clock });
}

function recipeFromJson(json: JsonValue | undefined): Recipe | undefined {
  if (!isObject(json)) return undefined;
  const { seed, clock } = requestFromJson(json);
  return { scenario: text(json.scenario), seed, clock };
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

function text(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
