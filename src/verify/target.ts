/**
 * The server under judgement: a sandbox of our own, which gives every case a world of its own, or any other by its URL.
 */
import type { ControlClient } from '../client/control.js';
import type { Authority } from './request.js';

/** Somewhere to send requests to. */
export interface Session {
  /** Without a slash at the end. */
  readonly baseUrl: string;
  /** What was added, changed or removed since it began, a line each; undefined where that cannot be told. */
  changes(): Promise<readonly string[] | undefined>;
  close(): Promise<void>;
}

/** A server under judgement. */
export interface Target {
  readonly authority: Authority;
  /** Whether a session sees nothing of any other. */
  readonly isolated: boolean;
  /** A place to send to, of a scenario where the server has such. */
  session(scenario?: string): Promise<Session>;
  close(): Promise<void>;
}

/** A URL as requests are put behind it: without a slash at the end. */
export function baseUrlOf(url: string): string {
  return url.replace(/\/+$/, '');
}

/** A server that is known by its URL alone. */
export function urlTarget(url: string, authority: Authority): Target {
  const session: Session = {
    baseUrl: baseUrlOf(url),
    changes: async () => undefined,
    close: async () => {},
  };
  return { authority, isolated: false, session: async () => session, close: async () => {} };
}

/** One api of a sandbox. Sessions are workspaces; `close` ends what the sandbox runs in. */
export async function sandboxTarget(control: ControlClient, api: string, close: () => Promise<void>): Promise<Target> {
  const authority = await sandboxAuthority(control, api);
  const origins = new Map<string, Promise<string>>();
  const origin = (scenario: string): Promise<string> => {
    const known = origins.get(scenario) ?? takeOrigin(control, scenario);
    origins.set(scenario, known);
    return known;
  };
  return {
    authority,
    isolated: true,
    session: async (scenario = 'default') => {
      const snapshot = await origin(scenario);
      const { name, url } = await control.ask(
        control.api.POST('/workspaces', { body: { snapshot, ttlSeconds: 3600 } }),
      );
      return {
        baseUrl: `${control.url}${url}/${api}`,
        changes: () => changesSince(control, snapshot, name),
        close: () => control.tell(control.api.DELETE('/workspaces/{name}', { params: { path: { name } } })),
      };
    },
    close,
  };
}

/** What a sandbox accepts from the clients of an api. */
export async function sandboxAuthority(control: ControlClient, api: string): Promise<Authority> {
  const apis = await control.ask(control.api.GET('/apis'));
  const credentials = apis.find((each) => each.api === api)?.credentials ?? [];
  const values = credentials.flatMap(({ scheme, values: [value] }) =>
    value === undefined ? [] : [[scheme, value] as const],
  );
  return { credentials: new Map(values), headers: [] };
}

/** The name of a snapshot of a scenario that nothing has happened to. */
async function takeOrigin(control: ControlClient, scenario: string): Promise<string> {
  const { name } = await control.ask(control.api.POST('/workspaces', { body: { scenario } }));
  const snapshot = await control.ask(control.api.POST('/snapshots', { body: { workspace: name } }));
  await control.tell(control.api.DELETE('/workspaces/{name}', { params: { path: { name } } }));
  return snapshot.name;
}

async function changesSince(control: ControlClient, snapshot: string, workspace: string): Promise<readonly string[]> {
  const params = { path: { snapshot }, query: { workspace } };
  const { added, removed, changed } = await control.ask(control.api.GET('/snapshots/{snapshot}/diff', { params }));
  return [
    ...added.map(({ collection }) => `a record of ${collection} was added`),
    ...removed.map(({ collection }) => `a record of ${collection} was removed`),
    ...changed.map(({ collection, key, members }) => {
      return `${collection} ${key} was changed: ${members.map(({ pointer }) => pointer).join(', ')}`;
    }),
  ];
}
