/**
 * The control API's operations on snapshots: taken, listed, downloaded, uploaded, compared, thrown away.
 */
import type { components, operations } from '../../specs/_sandbox/openapi.js';
import type { ApiDefinition } from '../api.js';
import { stringify } from '../json.js';
import { Problem } from '../problem.js';
import { differences } from '../store/differences.js';
import { fileFaults, shownInstant, worldFromFile, worldToFile } from '../store/snapshot-file.js';
import type { World } from '../store/workspace.js';
import type { Snapshot, Workspaces } from '../store/workspaces.js';
import type { Found, Steered } from './handlers.js';
import { conflict, invalid } from './refusals.js';
import { freeName } from './workspaces.js';
import { fromScenario } from './wrong-scenario.js';

type Schemas = components['schemas'];

/** The handlers of snapshots. */
export function snapshotHandlers({ apis, workspaces, limits }: Steered, found: Found) {
  return {
    listSnapshots: () => ({ status: 200, body: workspaces.snapshots().map(describe) }),
    takeSnapshot: ({ body }) => {
      const workspace = found.workspace(body.workspace, 'body', '/workspace');
      const known = workspaces.snapshots().length;
      const name = body.name ?? freeName('s', (each) => workspaces.snapshot(each) !== undefined, known + 1);
      if (workspaces.snapshot(name) === undefined) requireRoom(workspaces, limits.snapshots);
      else if (body.replace !== true) {
        throw conflict('/name', `There is a snapshot ${name} already. Choose another name, or send "replace": true.`);
      }
      const snapshot = workspaces.takeSnapshot(name, workspace);
      return { status: 201, body: describe(snapshot), headers: { Location: `/_sandbox/snapshots/${name}` } };
    },
    readSnapshot: ({ path }) => {
      const body = worldToFile(found.snapshot(path.snapshot).world, apis);
      return { status: 200, body, text: `${stringify({ ...body }, 2)}\n` };
    },
    uploadSnapshot: ({ path, query, body }) => {
      const isTaken = workspaces.snapshot(path.snapshot) !== undefined;
      if (isTaken && query.replace === false) {
        const message = `There is a snapshot ${path.snapshot} already. Choose another name, or send replace=true.`;
        throw conflict('/snapshot', message, 'path');
      }
      const faults = fileFaults(body, apis);
      if (faults.length > 0) throw invalid(faults);
      if (!isTaken) requireRoom(workspaces, limits.snapshots);
      const bytes = Buffer.byteLength(stringify(body));
      requireBytes(workspaces, path.snapshot, bytes, limits.allUploadsBytes);
      const world = fromScenario(body.scenario ?? 'default', () =>
        worldFromFile(body, apis, (api, scenario) => workspaces.begin(api, scenario)),
      );
      return { status: 200, body: describe(workspaces.addSnapshot(path.snapshot, world, bytes)) };
    },
    deleteSnapshot: ({ path }) => {
      workspaces.removeSnapshot(found.snapshot(path.snapshot).name);
      return { status: 204, body: undefined };
    },
    compareSnapshot: ({ path, query }) => {
      const { world } = found.snapshot(path.snapshot);
      return { status: 200, body: compared(world, otherWorld(query, found), query.limit) };
    },
  } satisfies ApiDefinition<operations, object>['handlers'];
}

function describe({ name, workspace, world, takenAt }: Snapshot): Schemas['Snapshot'] {
  return {
    name,
    ...(workspace === undefined ? {} : { workspace }),
    scenario: world.scenario,
    takenAt: shownInstant(takenAt.epochMilliseconds),
  };
}

function requireRoom(workspaces: Workspaces, limit: number): void {
  if (workspaces.snapshots().length < limit) return;
  throw new Problem('too-many', { message: `There are ${limit} snapshots, as many as are allowed. Delete one first.` });
}

/** Refuses an upload with which all uploads would take more than they may; it takes the place of one with its name. */
function requireBytes(workspaces: Workspaces, name: string, bytes: number, limit: number): void {
  const others = workspaces.snapshots().filter((each) => each.name !== name);
  const taken = others.reduce((sum, { uploadedBytes }) => sum + uploadedBytes, 0);
  if (taken + bytes <= limit) return;
  const message = `Uploaded snapshots may take ${limit} bytes together. Those that are kept take ${taken}, this one ${bytes}. Delete one first.`;
  throw new Problem('too-many', { message });
}

function otherWorld({ snapshot, workspace }: { snapshot?: string; workspace?: string }, found: Found): World {
  if (snapshot !== undefined && workspace === undefined) return found.snapshot(snapshot, 'query').world;
  if (workspace !== undefined && snapshot === undefined) return found.workspace(workspace, 'query', '/workspace').world;
  const message = 'Send one of the query parameters snapshot and workspace: what to compare with.';
  throw new Problem('invalid-request', {
    details: [{ in: 'query', pointer: snapshot === undefined ? '/snapshot' : '/workspace', rule: 'required', message }],
  });
}

/** `limit`: how many records are shown, those that changed first, then those that were added; absent, all. */
function compared(before: World, after: World, limit = Number.POSITIVE_INFINITY): Schemas['Comparison'] {
  const { added, removed, changed } = differences(before, after);
  const shownChanged = changed.slice(0, limit);
  const shownAdded = added.slice(0, limit - shownChanged.length);
  return {
    added: shownAdded,
    removed: removed.slice(0, limit - shownChanged.length - shownAdded.length),
    changed: shownChanged.map((each) => ({ ...each, members: [...each.members] })),
    counts: { added: added.length, removed: removed.length, changed: changed.length },
  };
}
