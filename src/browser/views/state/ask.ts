/**
 * What the view of state asks the control API.
 */
import { ask, control, type Schemas } from '../../control.js';
import { place } from '../../place.js';
import { detailsOf } from '../../sandbox.js';
import type { Collection, Declared } from './declared.js';

/** What is declared of a collection. @throws {Error} if there is none of the name */
export async function declaredOf({ api, collection }: Collection): Promise<Declared> {
  const { collections } = await detailsOf(api);
  const found = collections.find((each) => each.collection === collection);
  if (found !== undefined) return found;
  throw new Error(
    `${api} has no collection ${collection}. It has ${collections.map((each) => each.collection).join(', ')}.`,
  );
}

/** The path of a collection in the workspace that is looked at. */
export function pathOf(of: Collection) {
  return { name: place.peek().workspace, ...of };
}

interface Search {
  readonly search?: string;
  readonly where?: string;
  readonly sort?: string;
  readonly limit: number;
  readonly offset?: number;
}

/** Records of a collection; members of `search` that are empty ask for nothing. */
export function recordsOf(of: Collection, search: Search): Promise<Schemas['State']> {
  const query = Object.fromEntries(Object.entries(search).filter(([, value]) => value !== ''));
  return ask(control.GET('/workspaces/{name}/state/{api}/{collection}', { params: { path: pathOf(of), query } }));
}

/** One record. */
export function recordOf(of: Collection, key: string): Promise<Schemas['Record']> {
  const params = { path: { ...pathOf(of), key } };
  return ask(control.GET('/workspaces/{name}/state/{api}/{collection}/{key}', { params }));
}
