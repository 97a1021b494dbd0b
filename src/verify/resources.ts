/**
 * What operations do to one kind of thing, read off their paths: `POST /payments` makes one, `GET /payments/{id}` reads it.
 */
import type { ApiDocument, Operation, Parameter } from '../document.js';
import { isArray, isNumberText, isObject, type JsonObject, type JsonValue, numberText } from '../json.js';

/** The operations on one kind of thing. */
export interface Resource {
  readonly create: Operation;
  readonly list: Operation | undefined;
  readonly read: Operation | undefined;
  readonly updates: readonly Operation[];
  readonly remove: Operation | undefined;
  /** The parameter of the path that names one. */
  readonly parameter: string;
}

/** Every kind of thing that an operation makes. */
export function resourcesOf({ operations }: ApiDocument): readonly Resource[] {
  return operations.flatMap((create): readonly Resource[] => {
    if (create.method !== 'POST') return [];
    const collection = bare(create.path);
    const items = operations.filter(({ path }) => isItemOf(collection, bare(path)));
    const [, parameter] = /\{([^}]+)\}$/.exec(bare(items[0]?.path ?? '')) ?? [];
    if (parameter === undefined) return [];
    const item = (method: string) => items.find((each) => each.method === method);
    return [
      {
        create,
        parameter,
        list: operations.find(({ method, path }) => method === 'GET' && bare(path) === collection),
        read: item('GET'),
        updates: items.filter(({ method }) => method === 'PATCH' || method === 'PUT'),
        remove: item('DELETE'),
      },
    ];
  });
}

/** The resource that an operation works on a made one of; undefined if it needs none. */
export function resourceOf(resources: readonly Resource[], operation: Operation): Resource | undefined {
  return resources.find(
    ({ read, updates, remove }) => operation === read || operation === remove || updates.includes(operation),
  );
}

function bare(path: string): string {
  return path.replace(/\/+$/, '');
}

/** Whether a path is that of a collection with one parameter behind it. */
function isItemOf(collection: string, path: string): boolean {
  const behind = path.slice(collection.length);
  return path.startsWith(collection) && /^\/\{[^/}]+\}$/.test(behind);
}

/** What a thing is known by: a text for a path, and the same as it stands in answers. */
export type Key = string;

/** The key of what an answer shows as made: by the path's parameter, or a name that means it, or the Location header. */
export function keyOf(
  { parameter }: Resource,
  body: JsonValue | undefined,
  location: string | undefined,
): Key | undefined {
  for (const name of keyNames(parameter)) {
    const found = search(body, name);
    if (found !== undefined) return found;
  }
  return location?.split('/').filter(Boolean).at(-1);
}

/** Names that a key may have in a record, the likeliest first. */
function keyNames(parameter: string): readonly string[] {
  return [...new Set([parameter, 'id', 'identity', 'uuid', 'key'])];
}

/** The first scalar of a name, level by level. */
function search(value: JsonValue | undefined, name: string): Key | undefined {
  let level: readonly (JsonValue | undefined)[] = [value];
  while (level.length > 0) {
    for (const each of level) {
      const key = isObject(each) ? keyText(each[name]) : undefined;
      if (key !== undefined) return key;
    }
    level = level.flatMap(inside);
  }
  return undefined;
}

function inside(value: JsonValue | undefined): readonly (JsonValue | undefined)[] {
  if (isArray(value)) return value;
  return isObject(value) ? Object.values(value) : [];
}

/** A scalar as the text of a key: what is no text and no number is none. */
export function keyText(value: JsonValue | undefined): Key | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || isNumberText(value) ? numberText(value) : undefined;
}

/** The key of a record. */
export function keyOfRecord({ parameter }: Resource, record: JsonValue): Key | undefined {
  if (!isObject(record)) return undefined;
  return keyNames(parameter)
    .map((name) => keyText(record[name]))
    .find((key) => key !== undefined);
}

/** The record with a key, wherever an answer has it; undefined if it has none. */
export function recordIn(resource: Resource, body: JsonValue | undefined, key: Key): JsonObject | undefined {
  if (isObject(body) && keyOfRecord(resource, body) === key) return body;
  for (const each of inside(body)) {
    const found = recordIn(resource, each, key);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The records of an answer to a list: the first array of objects, level by level. */
export function recordsIn(body: JsonValue | undefined): readonly JsonValue[] | undefined {
  let level: readonly (JsonValue | undefined)[] = [body];
  while (level.length > 0) {
    for (const each of level) if (isArray(each) && each.every(isObject)) return each;
    level = level.flatMap((each) => (isObject(each) ? Object.values(each) : []));
  }
  return undefined;
}

const sizes = ['size', 'limit', 'pagesize', 'perpage', 'pagelimit', 'top', 'take'];
const pages = ['page', 'pagenumber', 'pageno', 'pageindex'];
const offsets = ['offset', 'skip', 'start'];

/** The query parameters by which a list is paged. */
export interface Paging {
  readonly size: Parameter;
  readonly page?: Parameter;
  readonly offset?: Parameter;
}

/** How a list is paged; undefined if it is not. */
export function pagingOf({ parameters }: Operation): Paging | undefined {
  const named = (names: readonly string[]) =>
    parameters.find(
      ({ name, in: place }) => place === 'query' && names.includes(name.toLowerCase().replaceAll(/[-_$]/g, '')),
    );
  const [size, page, offset] = [named(sizes), named(pages), named(offsets)];
  if (size === undefined) return undefined;
  return { size, ...(page === undefined ? {} : { page }), ...(offset === undefined ? {} : { offset }) };
}

/** Whether a query parameter is one by which a list is paged. */
export function isPaging({ name }: Parameter): boolean {
  return [...sizes, ...pages, ...offsets].includes(name.toLowerCase().replaceAll(/[-_$]/g, ''));
}
