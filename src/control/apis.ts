/**
 * The control API's operations on what is served: apis, and what their documents declare.
 */
import type { components, operations } from '../../specs/_sandbox/openapi.js';
import type { ApiDefinition } from '../api.js';
import type { Api } from '../apis.js';
import { type ApiDocument, type CollectionDeclaration, list, type Operation, text } from '../document.js';
import { firstRequest } from '../first-request.js';
import type { JsonObject, JsonValue } from '../json.js';
import { credentialHeaders } from '../security.js';
import type { Workspace } from '../store/workspace.js';
import type { Found, Steered } from './handlers.js';

type Schemas = components['schemas'];
type Property = Schemas['ApiDetails']['collections'][number]['properties'][number];

/** The handlers of what is served. */
export function apiHandlers({ apis, workspaces }: Steered, found: Pick<Found, 'api'>) {
  return {
    listApis: () => ({ status: 200, body: [...apis.values()].map((api) => describe(api, workspaces.default)) }),
    getApi: ({ path }) => ({ status: 200, body: details(found.api(path.api), workspaces.default) }),
  } satisfies ApiDefinition<operations, object>['handlers'];
}

function describe(api: Api, workspace: Workspace): Schemas['Api'] {
  const credentials = workspace.credentials(api.name);
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

function details(api: Api, workspace: Workspace): Schemas['ApiDetails'] {
  const { document } = api;
  const request = firstRequest(api, workspace.credentials(api.name));
  return {
    api: api.name,
    title: document.title,
    operations: document.operations.map(({ operationId, method, path, summary, responses }) => ({
      operationId,
      method,
      path,
      summary,
      responses: describeResponses(responses),
    })),
    collections: document.collections.map((declared) => ({
      collection: declared.name,
      description: declared.description,
      key: declared.key,
      references: Object.fromEntries(declared.references),
      properties: properties(document, declared),
    })),
    ...(request === undefined ? {} : { firstRequest: { ...request, headers: { ...request.headers } } }),
  };
}

function describeResponses(responses: Operation['responses']) {
  return [...responses].map(([status, { description, content }]) => ({
    status,
    description,
    examples: [...new Set([...content.values()].flatMap(({ examples }) => [...examples.keys()]))],
  }));
}

/** What the records of a collection may hold, members of `allOf` included. */
export function properties(document: ApiDocument, { schema }: CollectionDeclaration): Property[] {
  const parts = withParts(document, schema);
  const required = new Set(parts.flatMap((part) => list(part.required)));
  const found = parts.flatMap((part) => Object.entries(document.resolve(part.properties)));
  return found.map(([name, node]) => {
    const own = document.resolve(node);
    return { name, type: text(own.type, 'any'), required: required.has(name), description: text(own.description, '') };
  });
}

function withParts(document: ApiDocument, node: JsonValue | undefined): JsonObject[] {
  const schema = document.resolve(node);
  return [schema, ...list(schema.allOf).flatMap((part) => withParts(document, part))];
}
