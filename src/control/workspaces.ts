/**
 * The control API's operations on workspaces: made, forked, described, reset, restored, thrown away; and their clocks.
 */

import type { components, operations } from '../../specs/_sandbox/openapi.js';
import type { ApiDefinition } from '../api.js';
import type { Api } from '../apis.js';
import { type Instant, parseDuration, parseInstant } from '../instant.js';
import { escapePointer } from '../json-pointer.js';
import { Problem } from '../problem.js';
import { schemesOf } from '../security.js';
import { type Clock, type ClockChange, change } from '../store/clock.js';
import { shownInstant } from '../store/snapshot-file.js';
import type { GivenCredentials, Workspace } from '../store/workspace.js';
import { defaultWorkspace, eachCredential, type Origin, type Workspaces } from '../store/workspaces.js';
import type { Found, Steered } from './handlers.js';
import { conflict, invalid, notFound } from './refusals.js';
import { fromScenario } from './wrong-scenario.js';

type Schemas = components['schemas'];
type Request = Schemas['WorkspaceRequest'];

/** The handlers of workspaces and clocks. */
export function workspaceHandlers({ apis, workspaces }: Steered, found: Found) {
  return {
    listWorkspaces: () => ({ status: 200, body: workspaces.all().map((workspace) => describe(workspace, apis)) }),
    createWorkspace: ({ body }) => {
      const name = body.name ?? freeName('w', (each) => workspaces.get(each) !== undefined, workspaces.all().length);
      if (workspaces.get(name) !== undefined) {
        throw conflict('/name', `There is a workspace ${name} already. Choose another name, delete it, or reset it.`);
      }
      const origin = originOf(body, workspaces, found);
      const clock = clockOf(body);
      const credentials = credentialsOf(body, apis, workspaces);
      if (workspaces.full) {
        const message = `There are ${workspaces.limit} workspaces, as many as are allowed. Delete one first.`;
        throw new Problem('too-many', { message });
      }
      const request = { origin, clock, credentials, seed: body.seed, ttlSeconds: body.ttlSeconds };
      const workspace = fromScenario(scenarioOf(origin), () => workspaces.create(name, request));
      const headers = { Location: `/_sandbox/workspaces/${name}` };
      return { status: 201, body: describe(workspace, apis), headers };
    },
    getWorkspace: ({ path }) => ({ status: 200, body: describe(found.workspace(path.name), apis) }),
    deleteWorkspace: ({ path }) => {
      const { name } = found.workspace(path.name);
      if (name === defaultWorkspace) {
        throw new Problem('conflict', { message: 'The workspace default stays. Reset it instead.' });
      }
      workspaces.remove(name);
      return { status: 204, body: undefined };
    },
    resetWorkspace: ({ path }) => {
      const workspace = found.workspace(path.name);
      const { scenario = '' } = workspace.options.recipe ?? {};
      fromScenario(scenario, () => workspaces.reset(workspace), 'path', '/name');
      return { status: 200, body: describe(workspace, apis) };
    },
    restoreWorkspace: ({ path, body }) => {
      const workspace = found.workspace(path.name);
      const origin = originOf(body, workspaces, found);
      fromScenario(scenarioOf(origin), () => workspaces.restore(workspace, origin));
      return { status: 200, body: describe(workspace, apis) };
    },
    readClock: ({ path }) => ({ status: 200, body: describeClock(found.workspace(path.name)) }),
    changeClock: ({ path, body }) => {
      const workspace = found.workspace(path.name);
      workspaces.setClock(workspace, changedClock(workspace, body));
      return { status: 200, body: describeClock(workspace) };
    },
  } satisfies ApiDefinition<operations, object>['handlers'];
}

/** A short name that is free: `w-1`, `w-2` … */
export function freeName(prefix: string, isTaken: (name: string) => boolean, from: number): string {
  let number = from;
  while (isTaken(`${prefix}-${number}`)) number++;
  return `${prefix}-${number}`;
}

function describe(workspace: Workspace, apis: ReadonlyMap<string, Api>): Schemas['Workspace'] {
  const collections = [...apis.keys()].map((api) => {
    const state = workspace.apis.get(api);
    const names = [...(state?.scenario.collections.keys() ?? [])];
    return [api, Object.fromEntries(names.map((name) => [name, state?.size(name) ?? 0]))] as const;
  });
  const { name, world, expiresAt } = workspace;
  return {
    name,
    scenario: world.scenario,
    url: `/~${name}`,
    requests: world.requests,
    clock: describeClock(workspace),
    ...(world.seed === undefined ? {} : { seed: world.seed }),
    ...(expiresAt === undefined ? {} : { expiresAt: shownInstant(expiresAt) }),
    collections: Object.fromEntries(collections),
  };
}

function describeClock(workspace: Workspace): Schemas['Clock'] {
  return { now: shownInstant(workspace.now().epochMilliseconds), frozen: 'frozen' in workspace.world.clock };
}

/** What a request names, `default` if it names nothing. @throws {Problem} if it names two, or what does not exist */
function originOf(
  { scenario, workspace, snapshot }: Pick<Request, 'scenario' | 'workspace' | 'snapshot'>,
  workspaces: Workspaces,
  found: Found,
): Origin {
  const named = Object.entries({ scenario, workspace, snapshot }).filter(([, name]) => name !== undefined);
  if (named.length > 1) {
    const names = named.map(([member]) => member).join(' and ');
    const message = `Received ${names}. A workspace is made from one of scenario, workspace and snapshot.`;
    throw invalid(named.map(([member]) => ({ pointer: `/${member}`, message })));
  }
  if (workspace !== undefined) return { workspace: found.workspace(workspace, 'body', '/workspace').name };
  if (snapshot !== undefined) return { snapshot: found.snapshot(snapshot, 'body').name };
  const known = [...workspaces.scenarioApis().keys()];
  const name = scenario ?? 'default';
  if (known.includes(name)) return { scenario: name };
  throw notFound('/scenario', `There is no scenario ${name}. Known are ${known.join(', ')}.`, 'body');
}

/** The scenario whose files may be wrong; empty for what is none. */
function scenarioOf(origin: Origin): string {
  return 'scenario' in origin ? origin.scenario : '';
}

function clockOf({ clock }: Request): Clock | undefined {
  return clock === undefined ? undefined : { frozen: instantOf(clock, '/clock') };
}

function instantOf(text: string, pointer: string): Instant {
  const instant = parseInstant(text);
  if (instant !== undefined) return instant;
  const message = `Received ${JSON.stringify(text)}; expected a date-time with its zone, such as 2026-03-31T23:59:59Z.`;
  throw invalid([{ pointer, message }]);
}

/** Credentials that no other workspace has: one that leads to two would lead to either. */
function credentialsOf(
  { credentials = {} }: Request,
  apis: ReadonlyMap<string, Api>,
  workspaces: Workspaces,
): GivenCredentials {
  const given = new Map(
    Object.entries(credentials).map(([api, schemes]) => {
      const values = Object.entries(schemes).map(([scheme, given]) => [scheme, [given].flat()] as const);
      return [api, new Map(values)] as const;
    }),
  );
  const faults = eachCredential(given).flatMap(([api, scheme, value]) => {
    const served = apis.get(api);
    if (served === undefined) {
      return [
        {
          pointer: `/credentials/${escapePointer(api)}`,
          message: `${api} is not served. Served are ${[...apis.keys()].join(', ')}.`,
        },
      ];
    }
    const pointer = `/credentials/${escapePointer(api)}/${escapePointer(scheme)}`;
    const known = schemesOf(served.document);
    if (!known.includes(scheme)) {
      return [{ pointer, message: `${api} has no security scheme ${scheme}. It has ${known.join(', ')}.` }];
    }
    const usual = workspaces.default.credentials(api).get(scheme) ?? [];
    if (!usual.includes(value) && workspaces.byCredential(api, scheme, value) === undefined) return [];
    return [{ pointer, message: 'The credential leads to another workspace already. Choose one of its own.' }];
  });
  if (faults.length > 0) throw invalid(faults);
  return given;
}

function changedClock(workspace: Workspace, wanted: Schemas['ClockChange']): Clock {
  const changed = change(workspace.world.clock, changeOf(wanted), workspace.real());
  if (changed !== undefined) return changed;
  throw invalid([{ pointer: '/advance', message: 'The clock would leave the years 0000 to 9999.' }]);
}

function changeOf({ freeze, set, advance, run }: Schemas['ClockChange']): ClockChange {
  if (freeze !== undefined) return { freeze: freeze === 'now' ? undefined : instantOf(freeze, '/freeze') };
  if (set !== undefined) return { set: instantOf(set, '/set') };
  if (run !== undefined || advance === undefined) return { run: true };
  const milliseconds = parseDuration(advance);
  if (milliseconds !== undefined) return { advance: milliseconds };
  const message = `Received ${JSON.stringify(advance)}; expected an ISO 8601 duration of weeks, days, hours, minutes and seconds, such as P1DT12H.`;
  throw invalid([{ pointer: '/advance', message }]);
}
