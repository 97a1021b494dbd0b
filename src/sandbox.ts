/**
 * A sandbox: apis, workspaces and a server, started and closed as one.
 */

import type { Server } from 'node:http';
import { resolve } from 'node:path';
import { Api, loadApis, Scenarios } from './apis.js';
import { isLocal, makeGuard, requireLocal } from './control/guard.js';
import { controlDefinition } from './control/handlers.js';
import { Deliveries, systemWait, type Wait } from './delivery.js';
import { loadDocument } from './document.js';
import { makeHome } from './home.js';
import type { Instant } from './instant.js';
import { Lifecycle } from './lifecycle.js';
import { defaultLimits, type Limits, uploadLimits } from './limits.js';
import { ListenError, listen, urlOf } from './listen.js';
import { type Log, makeLog } from './log.js';
import { madeLater } from './made-later.js';
import { Metrics } from './metrics.js';
import { isDirectory, type Places, packagePlaces } from './paths.js';
import { endStreams, makeServer } from './server.js';
import { realClock } from './store/clock.js';
import { type Disk, systemDisk } from './store/disk.js';
import { type Durability, durabilities } from './store/durability.js';
import { type Durable, memory, openDirectory } from './store/durable.js';
import { emptyScenario } from './store/scenario.js';
import { ApiState, Workspace, World } from './store/workspace.js';
import { Workspaces } from './store/workspaces.js';
import type { Served } from './verifications/thread.js';
import { Verifications } from './verifications/verifications.js';
import { version } from './version.js';
import { FileError } from './yaml.js';

export interface SandboxOptions {
  /** 0, or absent: any that is free. */
  readonly port?: number;
  /** Absent, 127.0.0.1. */
  readonly host?: string;
  /** The directory that keeps the state. Absent, the state is kept in memory alone. */
  readonly state?: string;
  /** Throw away what the state directory holds. */
  readonly fresh?: boolean;
  /** When a change counts as kept, and is answered. Absent, `full` with a state directory, and `memory` without. */
  readonly durability?: Durability;
  /** Whether to log to standard error. Absent, it does. */
  readonly log?: boolean;
  /** The apis to serve. Absent, every one that has a document. */
  readonly apis?: readonly string[];
  /** Directories of scenarios that are looked at before the package's own. */
  readonly data?: readonly string[];
  readonly limits?: Partial<Limits>;
  /** Where documents, scenarios and handlers are, if not in the package. */
  readonly places?: Partial<Places>;
  /** What the control API asks for; wanted when `host` is not this machine's own. */
  readonly token?: string;
  /** The time where no scenario freezes it. Absent, the system's. */
  readonly realTime?: () => Instant;
  /** Milliseconds since some moment, from which the journal takes how long requests took. Absent, the system's. */
  readonly stopwatch?: () => number;
  /** Whether what handlers write is judged like a scenario's records before it is committed. Absent, it is not. */
  readonly checkRecords?: boolean;
  /** Waits where a fault delays an answer, and between the heartbeats of a stream. Absent, it really does. */
  readonly wait?: Wait;
  /** What the state directory is written through. Absent, node:fs/promises. */
  readonly disk?: Disk;
}

/** Every option, so that a misspelt one is refused; the type sees to it that none is missing. */
const optionNames: Readonly<Record<keyof SandboxOptions, true>> = {
  port: true,
  host: true,
  state: true,
  fresh: true,
  durability: true,
  log: true,
  apis: true,
  data: true,
  limits: true,
  places: true,
  token: true,
  realTime: true,
  stopwatch: true,
  checkRecords: true,
  wait: true,
  disk: true,
};

export interface Sandbox {
  /** `http://127.0.0.1:4010` */
  readonly url: string;
  readonly apis: ReadonlyMap<string, Api>;
  readonly scenarios: Scenarios;
  readonly workspaces: Workspaces;
  /** Finishes what is under way, writes the state, and stops. */
  close(): Promise<void>;
}

/** The control API's name, and the first part of its URL. */
const control = '_sandbox';

/** How long a request that is under way may take after {@link Sandbox.close}. */
const graceMilliseconds = 5_000;

/**
 * Starts a sandbox.
 *
 * @throws {FileError} if a document, handler, scenario, directory of scenarios or the kept state is wrong
 * @throws {ListenError} if the port cannot be had
 * @throws {TypeError} for an option that there is not
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  requireOptions(options);
  const limits = { ...defaultLimits, ...options.limits };
  const log = makeLog(options.log ?? true);
  const places = { ...packagePlaces, ...options.places };
  const host = options.host ?? '127.0.0.1';
  const apis = await loadApis(places, options.apis);
  const scenarios = new Scenarios(apis, [...(options.data ?? []), places.data]);
  const durable = await openDurable(options, limits, log);
  const workspaces = await openWorkspaces(scenarios, durable, options.realTime ?? systemTime, limits);
  const realTime = options.realTime ?? systemTime;
  const own = controlWorkspace(realTime);
  const verifications = new Verifications({ served: servedAlike(options), realTime });
  const wait = options.wait ?? systemWait;
  let waitingForDisk = 0;
  const metrics = new Metrics({
    workspaces: () => workspaces.all().length,
    snapshots: () => workspaces.snapshots().length,
    journalBytes: () => workspaces.journalBytes,
    waitingForDisk: () => waitingForDisk,
    journalLag: () => workspaces.lag(),
  });
  const definition = controlDefinition({ version, apis, scenarios, workspaces, limits, wait, metrics, verifications });
  const guard = makeGuard(isLocal(host) ? undefined : (options.token ?? ''));
  // Beyond this machine it may have any name; what is more than pages and documents wants the token there.
  const requireHost = isLocal(host) ? requireLocal : () => {};
  const stopwatch = options.stopwatch ?? (() => performance.now());
  const checkRecords = options.checkRecords ?? false;
  const vendors = new Map(
    [...apis].map(([name, api]) => {
      return [name, new Lifecycle(api, workspaces, limits, log, { stopwatch, metrics, checkRecords })] as const;
    }),
  );
  // Its document is as long as all vendors' together, and Express takes longer to load than either: who only asks a vendor's
  // api waits for neither.
  const controlApi = madeLater(() => new Api(loadDocument(control), definition));
  const controlLimits = { ...limits, ...uploadLimits(limits) };
  const steering = madeLater(() => {
    return new Lifecycle(controlApi(), workspaces, controlLimits, log, { guard, only: own, strictQuery: true });
  });
  const home = madeLater(() => makeHome(new Map([...apis, [control, controlApi()]]), requireHost));
  const deliveries = new Deliveries(wait, limits.waitingAnswers, log);
  const waiting = (change: number) => {
    waitingForDisk += change;
  };
  const server = makeServer({
    lifecycles: {
      has: (name) => name === control || vendors.has(name),
      get: (name) => (name === control ? steering() : vendors.get(name)),
    },
    rest: (request, response) => home()(request, response),
    limits,
    deliveries,
    log,
    waiting,
  });
  try {
    await listen(server, options.port ?? 0, host);
  } catch (error) {
    await workspaces.close();
    throw error;
  }
  return {
    url: urlOf(server, host),
    apis,
    scenarios,
    workspaces,
    close: async () => {
      await stop(server, deliveries);
      await verifications.close();
      await workspaces.close();
    },
  };
}

/** What a sandbox that serves the same is started with. */
function servedAlike({ places, data, limits }: SandboxOptions): Served {
  return {
    ...(places === undefined ? {} : { places }),
    ...(data === undefined ? {} : { data }),
    ...(limits === undefined ? {} : { limits }),
  };
}

/** @throws {FileError} if the state cannot be kept where it should be, or what is kept there is damaged */
async function openDurable(options: SandboxOptions, limits: Limits, log: Log): Promise<Durable> {
  const { state, durability, fresh = false, disk = systemDisk } = options;
  if (state === undefined || durability === 'memory') return memory;
  return openDirectory(state, { durability: durability ?? 'full', fresh, limits, disk, log });
}

/** @throws {FileError} if the kept state, or the scenario that the default workspace begins with, is wrong */
async function openWorkspaces(...parameters: ConstructorParameters<typeof Workspaces>): Promise<Workspaces> {
  const [, durable] = parameters;
  try {
    return new Workspaces(...parameters);
  } catch (error) {
    await durable.release();
    throw error;
  }
}

/** @throws {TypeError | FileError} as {@link startSandbox} does */
function requireOptions(options: SandboxOptions): void {
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(optionNames, name));
  if (unknown !== undefined) {
    throw new TypeError(`startSandbox has no option ${unknown}. It has ${Object.keys(optionNames).join(', ')}.`);
  }
  const { state, durability } = options;
  if (durability !== undefined && !durabilities.includes(durability)) {
    throw new TypeError(`durability: received ${durability}; expected ${durabilities.join(', ')}.`);
  }
  if (durability !== undefined && (durability === 'memory') !== (state === undefined)) {
    throw new TypeError(
      `durability: ${durability} ${state === undefined ? 'wants a directory: give state too' : 'keeps nothing: leave state out'}.`,
    );
  }
  const missing = (options.data ?? []).find((directory) => !isDirectory(directory));
  if (missing === undefined) return;
  throw new FileError(`data: expected a directory that exists; there is none at ${resolve(missing)}.`);
}

/** The control API's own workspace: what steers the sandbox shifts no vendor's random numbers. */
function controlWorkspace(realTime: () => Instant): Workspace {
  const states = new Map([[control, new ApiState(emptyScenario(control))]]);
  const world = new World('default', states, realClock, undefined);
  return new Workspace(control, world, { credentials: new Map(), ttlSeconds: undefined }, realTime);
}

async function stop(server: Server, deliveries: Deliveries): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  endStreams(server);
  deliveries.end();
  server.closeIdleConnections();
  // Of connections that are answered from now on, soon after the last answer.
  server.keepAliveTimeout = 1;
  const grace = setTimeout(() => server.closeAllConnections(), graceMilliseconds);
  await closed;
  clearTimeout(grace);
}

export { ListenError };

function systemTime(): Instant {
  return { epochMilliseconds: Date.now(), nanoseconds: 0 };
}
