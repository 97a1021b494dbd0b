/**
 * From a URL to an api, a workspace and the vendor's own path.
 *
 * `/nuntiq/payments`, `/~checkout-17/nuntiq/payments`, or the host `nuntiq.localhost` with `/payments`. The header
 * `X-Sandbox-Workspace` names a workspace too; the URL prefix wins.
 */
import type { IncomingMessage } from 'node:http';
import { pathAndQuery } from './path-and-query.js';

export interface Target {
  readonly api: string;
  /** The workspace that the URL or the header names; `undefined`: neither does. */
  readonly workspace: string | undefined;
  /** The vendor's path, not decoded. */
  readonly path: string;
  readonly query: string;
}

const prefixed = /^\/~([^/]*)(\/.*)?$/;

/** `undefined` if the URL leads to no served api. */
export function findTarget(request: IncomingMessage, served: Pick<ReadonlySet<string>, 'has'>): Target | undefined {
  const url = (request.url ?? '/').replace(/^https?:\/\/[^/]*/i, '');
  const [whole, query = ''] = pathAndQuery(url);
  const match = prefixed.exec(whole);
  const header = request.headers['x-sandbox-workspace'];
  const named = match === null ? (Array.isArray(header) ? header[0] : header) : match[1];
  const below = match === null ? whole : (match[2] ?? '/');
  const workspace = named === undefined ? undefined : decode(named);

  const [, first = ''] = below.split('/', 2);
  if (served.has(first)) return { api: first, workspace, path: below.slice(first.length + 1) || '/', query };
  const host = /^([^.:]+)\.localhost(?::\d+)?$/i.exec(request.headers.host ?? '')?.[1]?.toLowerCase();
  if (host !== undefined && served.has(host)) return { api: host, workspace, path: below, query };
  return undefined;
}

function decode(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
