/**
 * The control API's behaviour. What it changes are workspaces, not records, so it works on the sandbox itself rather than
 * on its context's state.
 */
import type { operations } from '../../specs/_sandbox/openapi.js';
import { defineApi, type Stream } from '../api.js';
import type { Api, Scenarios } from '../apis.js';
import type { Wait } from '../delivery.js';
import type { Limits } from '../limits.js';
import type { Metrics } from '../metrics.js';
import { plainDialect } from '../plain-dialect.js';
import type { ProblemDetail } from '../problem.js';
import { readSamples, type Sample } from '../samples.js';
import type { Workspace } from '../store/workspace.js';
import type { Snapshot, Workspaces } from '../store/workspaces.js';
import type { Verifications } from '../verifications/verifications.js';
import { apiHandlers } from './apis.js';
import { faultHandlers } from './faults.js';
import { journalHandlers } from './journal.js';
import { notFound } from './refusals.js';
import { snapshotHandlers } from './snapshots.js';
import { stateHandlers } from './state.js';
import { verificationHandlers } from './verifications.js';
import { workspaceHandlers } from './workspaces.js';
import { storyOrFault } from './wrong-scenario.js';

/** What the control API steers. */
export interface Steered {
  readonly version: string;
  /** The vendors' apis; not the control API. */
  readonly apis: ReadonlyMap<string, Api>;
  readonly scenarios: Scenarios;
  readonly workspaces: Workspaces;
  readonly limits: Limits;
  /** What the heartbeats of streams wait by. */
  readonly wait: Wait;
  readonly metrics: Metrics;
  readonly verifications: Verifications;
}

/** What a request names, or a refusal that says so. `place` and `pointer` tell where the request names it. */
export interface Found {
  api(name: string, place?: ProblemDetail['in']): Api;
  workspace(name: string, place?: ProblemDetail['in'], pointer?: string): Workspace;
  snapshot(name: string, place?: ProblemDetail['in']): Snapshot;
}

export function controlDefinition(steered: Steered) {
  const { version, apis, scenarios, workspaces, metrics } = steered;
  let samples: readonly Sample[] | undefined;

  const found: Found = {
    api: (name, place = 'path') => {
      const api = apis.get(name);
      if (api !== undefined) return api;
      throw notFound('/api', `There is no api ${name}. Known are ${[...apis.keys()].join(', ')}.`, place);
    },
    workspace: (name, place = 'path', pointer = '/name') => {
      const workspace = workspaces.get(name);
      if (workspace === undefined) throw notFound(pointer, `There is no workspace ${name}.`, place);
      return workspace;
    },
    snapshot: (name, place = 'path') => {
      const snapshot = workspaces.snapshot(name);
      if (snapshot !== undefined) return snapshot;
      const known = workspaces.snapshots().map((each) => each.name);
      const names = known.length === 0 ? 'There are none yet.' : `Known are ${known.join(', ')}.`;
      throw notFound('/snapshot', `There is no snapshot ${name}. ${names}`, place);
    },
  };

  return defineApi<operations, object>({
    dialect: plainDialect,
    handlers: {
      ...apiHandlers(steered, found),
      ...journalHandlers(steered, found.workspace),
      ...snapshotHandlers(steered, found),
      ...stateHandlers(steered, found),
      ...workspaceHandlers(steered, found),
      ...faultHandlers(steered, found.workspace),
      ...verificationHandlers(steered, found.api),
      getHealth: () => ({
        status: 200,
        body: {
          status: 'up',
          version,
          apis: apis.size,
          workspaces: workspaces.all().length,
          durability: workspaces.durability,
        },
      }),
      getMetrics: () => ({
        status: 200,
        body: '',
        headers: { 'Content-Type': metrics.contentType },
        stream: later(metrics.text()),
      }),
      listSamples: () => {
        samples ??= [...apis.values()].flatMap((api) => readSamples(api, scenarios));
        return { status: 200, body: samples.map((sample) => ({ ...sample, deviations: [...sample.deviations] })) };
      },
      listScenarios: () => ({
        status: 200,
        body: [...workspaces.scenarioApis()].map(([scenario, names]) => ({
          scenario,
          apis: names.map((api) => ({ api, story: storyOrFault(() => scenarios.story(api, scenario)) })),
        })),
      }),
    },
  });
}

/** A text that is not there yet, as the whole of what goes on after the headers. */
function later(text: Promise<string>): Stream {
  return (send, close) => {
    let stopped = false;
    text.then((whole) => {
      if (stopped) return;
      send(whole);
      close();
    }, close);
    return () => {
      stopped = true;
    };
  };
}
