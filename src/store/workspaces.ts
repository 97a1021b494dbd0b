/**
 * All workspaces of a sandbox: made from scenarios, kept in the state directory, found by name.
 */
import type { Instant } from '../instant.js';
import { isArray, isObject, type JsonObject, type JsonValue } from '../json.js';
import { FileError } from '../yaml.js';
import type { Durable } from './durable.js';
import type { Scenario } from './scenario.js';
import { type ApiChanges, changesFromJson, changesToJson } from './transaction.js';
import { ApiState, Workspace } from './workspace.js';

/** The workspace of requests that name none. */
export const defaultWorkspace = 'default';

/** Where a sandbox's scenarios are found, by api. */
export interface ScenarioSource {
  readonly apis: readonly string[];
  names(api: string): readonly string[];
  /** Reads a scenario once and keeps it. */
  load(api: string, name: string): Scenario;
}

export class Workspaces {
  readonly #workspaces = new Map<string, Workspace>();

  constructor(
    private readonly scenarios: ScenarioSource,
    private readonly durable: Durable,
    private readonly realTime: () => Instant,
    /** More are refused. */
    readonly limit: number,
  ) {
    this.#restore();
    if (!this.#workspaces.has(defaultWorkspace)) this.#add(defaultWorkspace, 'default');
  }

  get(name: string): Workspace | undefined {
    return this.#workspaces.get(name);
  }

  /** The workspace of requests that name none; it always exists. */
  get default(): Workspace {
    return this.#workspaces.get(defaultWorkspace) ?? this.#add(defaultWorkspace, 'default');
  }

  /** In the order in which they were made. */
  all(): readonly Workspace[] {
    return [...this.#workspaces.values()];
  }

  get full(): boolean {
    return this.#workspaces.size >= this.limit;
  }

  /** Every scenario's name, with the apis that have one of that name. */
  scenarioApis(): ReadonlyMap<string, readonly string[]> {
    const found = new Map<string, string[]>();
    for (const api of this.scenarios.apis) {
      for (const name of this.scenarios.names(api)) found.set(name, [...(found.get(name) ?? []), api]);
    }
    return new Map([...found].sort(([left], [right]) => left.localeCompare(right)));
  }

  /** Makes a workspace from a scenario that exists, in the place of one with its name. */
  create(name: string, scenario: string): Workspace {
    const workspace = this.#add(name, scenario);
    this.durable.append({ create: name, scenario });
    return workspace;
  }

  remove(name: string): void {
    this.#workspaces.get(name)?.journal.end();
    this.#workspaces.delete(name);
    this.durable.append({ remove: name });
  }

  /** Keeps what a request committed. */
  keep(workspace: Workspace, api: string, changes: ApiChanges): void {
    const scenario = workspace.apis.get(api)?.scenario.fingerprint ?? '';
    const { name, requests } = workspace;
    this.durable.append({ commit: name, api, scenario, requests, changes: changesToJson(changes) });
  }

  /** Resolves when everything that was changed is on the disk; `undefined` if it is. */
  pending(): Promise<void> | undefined {
    return this.durable.pending();
  }

  async close(): Promise<void> {
    await this.durable.close(() => this.#snapshot());
  }

  /** An api that lacks the scenario takes part with its default one. */
  #add(name: string, scenario: string): Workspace {
    const states = this.scenarios.apis.map((api) => {
      const has = this.scenarios.names(api).includes(scenario);
      return [api, new ApiState(this.scenarios.load(api, has ? scenario : 'default'))] as const;
    });
    const named = states.map(([, state]) => state.scenario).filter((each) => each.name === scenario);
    const clock = named.find((each) => each.clock !== undefined)?.clock;
    const workspace = new Workspace(name, scenario, new Map(states), clock, this.realTime);
    this.#workspaces.get(name)?.journal.end();
    this.#workspaces.set(name, workspace);
    return workspace;
  }

  #snapshot(): JsonValue {
    return this.all().map(({ name, scenario, requests, apis }) => {
      const changed = [...apis].flatMap(([api, state]) => {
        const changes = state.changes();
        if (changes === undefined) return [];
        return [[api, { scenario: state.scenario.fingerprint, changes: changesToJson(changes) }] as const];
      });
      return { name, scenario, requests, apis: Object.fromEntries(changed) };
    });
  }

  #restore(): void {
    const snapshot = this.durable.snapshot;
    for (const kept of isArray(snapshot) ? snapshot : []) {
      if (!isObject(kept) || typeof kept.name !== 'string') continue;
      this.#restoreWorkspace(kept.name, kept.scenario);
      for (const [api, state] of Object.entries(isObject(kept.apis) ? kept.apis : {})) {
        if (isObject(state)) this.#replay(kept.name, api, kept.requests, state);
      }
    }
    for (const entry of this.durable.entries) this.#restoreEntry(entry);
  }

  #restoreEntry(entry: JsonObject): void {
    if (typeof entry.create === 'string') this.#restoreWorkspace(entry.create, entry.scenario);
    else if (typeof entry.remove === 'string') this.#workspaces.delete(entry.remove);
    else if (typeof entry.commit === 'string' && typeof entry.api === 'string') {
      if (!this.#workspaces.has(entry.commit)) this.#add(entry.commit, 'default');
      this.#replay(entry.commit, entry.api, entry.requests, entry);
    }
  }

  #restoreWorkspace(name: string, scenario: JsonValue | undefined): void {
    const known = typeof scenario === 'string' && this.scenarioApis().has(scenario);
    if (!known) {
      throw new FileError(
        `The kept workspace ${name} was made from the scenario ${String(scenario)}, which data/ no longer has. ` +
          'Put it back, or begin anew with --fresh.',
      );
    }
    this.#add(name, scenario);
  }

  #replay(name: string, api: string, requests: JsonValue | undefined, kept: JsonObject): void {
    const workspace = this.#workspaces.get(name);
    const state = workspace?.apis.get(api);
    if (workspace === undefined || state === undefined) {
      throw new FileError(
        `The kept workspace ${name} has state of the api ${api}, which is not served. Begin anew with --fresh.`,
      );
    }
    if (kept.scenario !== state.scenario.fingerprint) {
      throw new FileError(
        `data/${api}/${state.scenario.name}.yaml has changed since the kept workspace ${name} was made from it. ` +
          'Put the old one back, or begin anew with --fresh.',
      );
    }
    state.apply(changesFromJson(kept.changes));
    if (typeof requests === 'number') workspace.requests = requests;
  }
}
