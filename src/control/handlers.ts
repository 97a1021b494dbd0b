/**
 * The control API's behaviour. What it changes are workspaces, not records, so it works on the sandbox itself rather than
 * on its context's state.
 */
import type { components, operations } from '../../specs/_sandbox/openapi.js';
import { defineApi } from '../api.js';
import type { Api, Scenarios } from '../apis.js';
import { plainDialect } from '../plain-dialect.js';
import { Problem, type ProblemDetail } from '../problem.js';
import { readSamples, type Sample } from '../samples.js';
import { credentialHeaders } from '../security.js';
import { WorkingCopy } from '../store/transaction.js';
import type { Workspace } from '../store/workspace.js';
import { defaultWorkspace, type Workspaces } from '../store/workspaces.js';
import { fromScenario, storyOrFault } from './wrong-scenario.js';

type Schemas = components['schemas'];

/** What the control API steers. */
export interface Steered {
  readonly version: string;
  /** The vendors' apis; not the control API. */
  readonly apis: ReadonlyMap<string, Api>;
  readonly scenarios: Scenarios;
  readonly workspaces: Workspaces;
}

export function controlDefinition({ version, apis, scenarios, workspaces }: Steered) {
  let samples: readonly Sample[] | undefined;

  function found(name: string): Workspace {
    const workspace = workspaces.get(name);
    if (workspace === undefined) throw notFound('/name', `There is no workspace ${name}.`);
    return workspace;
  }

  function describe(workspace: Workspace): Schemas['Workspace'] {
    const collections = [...apis.keys()].map((api) => {
      const state = workspace.apis.get(api);
      const sizes = [...(state?.scenario.collections.keys() ?? [])].map((name) => [
        name,
        state?.records(name).size ?? 0,
      ]);
      return [api, Object.fromEntries(sizes)];
    });
    return {
      name: workspace.name,
      scenario: workspace.scenario,
      url: `/~${workspace.name}`,
      requests: workspace.requests,
      collections: Object.fromEntries(collections),
    };
  }

  /** A short name that is free: `w-1`, `w-2` … */
  function freeName(): string {
    let number = workspaces.all().length;
    while (workspaces.get(`w-${number}`) !== undefined) number++;
    return `w-${number}`;
  }

  return defineApi<operations, object>({
    dialect: plainDialect,
    handlers: {
      getHealth: () => ({
        status: 200,
        body: { status: 'up', version, apis: apis.size, workspaces: workspaces.all().length },
      }),
      listApis: () => ({ status: 200, body: [...apis.values()].map((api) => describeApi(api, scenarios)) }),
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
      listWorkspaces: () => ({ status: 200, body: workspaces.all().map(describe) }),
      createWorkspace: ({ body }) => {
        const name = body.name ?? freeName();
        const scenario = body.scenario ?? 'default';
        if (workspaces.get(name) !== undefined) {
          const message = `There is a workspace ${name} already. Choose another name, delete it, or reset it.`;
          throw new Problem('conflict', {
            details: [{ in: 'body', pointer: '/name', rule: 'unique', message, received: name }],
          });
        }
        const known = [...workspaces.scenarioApis().keys()];
        if (!known.includes(scenario)) {
          throw notFound('/scenario', `There is no scenario ${scenario}. Known are ${known.join(', ')}.`, 'body');
        }
        if (workspaces.full) {
          const message = `There are ${workspaces.limit} workspaces, as many as are allowed. Delete one first.`;
          throw new Problem('too-many', { message });
        }
        const workspace = fromScenario(scenario, () => workspaces.create(name, scenario));
        return { status: 201, body: describe(workspace), headers: { Location: `/_sandbox/workspaces/${name}` } };
      },
      getWorkspace: ({ path }) => ({ status: 200, body: describe(found(path.name)) }),
      deleteWorkspace: ({ path }) => {
        const { name } = found(path.name);
        if (name === defaultWorkspace) {
          throw new Problem('conflict', { message: 'The workspace default stays. Reset it instead.' });
        }
        workspaces.remove(name);
        return { status: 204, body: undefined };
      },
      resetWorkspace: ({ path }) => {
        const { name, scenario } = found(path.name);
        return { status: 200, body: describe(workspaces.create(name, scenario)) };
      },
      readState: ({ path, query }) => {
        const state = found(path.name).apis.get(apis.has(path.api) ? path.api : '');
        if (state === undefined) {
          throw notFound('/api', `There is no api ${path.api}. Known are ${[...apis.keys()].join(', ')}.`);
        }
        const names = [...state.scenario.collections.keys()];
        if (!names.includes(path.collection)) {
          throw notFound(
            '/collection',
            `${path.api} has no collection ${path.collection}. It has ${names.join(', ')}.`,
          );
        }
        const records = new WorkingCopy(state.records(path.collection)).all();
        const offset = query.offset ?? 0;
        const shown = records.slice(offset, offset + (query.limit ?? 1000));
        return {
          status: 200,
          body: { api: path.api, collection: path.collection, total: records.length, records: shown },
        };
      },
    },
  });
}

function notFound(pointer: string, message: string, place: ProblemDetail['in'] = 'path'): Problem {
  return new Problem('not-found', { details: [{ in: place, pointer, rule: 'exists', message }] });
}

function describeApi(api: Api, scenarios: Scenarios): Schemas['Api'] {
  const { credentials } = scenarios.load(api.name, 'default');
  const { operations } = api.document;
  const schemes = new Map(operations.flatMap(({ security }) => security.flat()).map((scheme) => [scheme.name, scheme]));
  const [first] = operations;
  return {
    api: api.name,
    title: api.document.title,
    url: `/${api.name}`,
    document: `/${api.name}/openapi.json`,
    operations: operations.map(({ operationId, method, path, summary }) => ({ operationId, method, path, summary })),
    collections: api.document.collections.map(({ name }) => name),
    credentials: [...schemes.values()].map((scheme) => ({
      scheme: scheme.name,
      in: scheme.in,
      parameter: scheme.parameter,
      values: [...(credentials.get(scheme.name) ?? [])],
    })),
    headers: first === undefined ? {} : credentialHeaders(first, credentials),
  };
}
