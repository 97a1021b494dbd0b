/**
 * What operations do to one kind of thing: as links say it, or read off their paths: `POST /payments` makes one,
 * `GET /payments/{id}` reads it.
 */
import type { ApiDocument, Operation, Parameter } from '../document.js';
import { isArray, isObject, type JsonObject, type JsonValue } from '../json.js';
import { pointerTokens } from '../json-pointer.js';
import { type Exchanged, evaluate, linksOfSuccess, type PlacedLink, parameterOf, scalarText } from './links.js';
import { bodyOf } from './read-json.js';

/** The operations on one kind of thing. */
export interface Resource {
  /** What makes one; where `parameters` are empty, what only leads on. */
  readonly create: Operation;
  readonly lists: readonly Operation[];
  readonly reads: readonly Operation[];
  readonly updates: readonly Operation[];
  readonly remove: Operation | undefined;
  /** Of each operation on one of them, the parameter of the path that names it. */
  readonly parameters: ReadonlyMap<Operation, string>;
  /** What gives the key of what was made, where links say it. */
  readonly key: JsonValue | undefined;
  /** Names that a key may have in a record, the likeliest first. */
  readonly keyNames: readonly string[];
  /** Whether links alone say that these operations belong together: then what is made may be something else after all. */
  readonly byLinksAlone: boolean;
}

/** Every kind of thing that an operation makes, by the links of the operation, or else by names. One that only leads on, by links, makes none. */
export function resourcesOf(document: ApiDocument): readonly Resource[] {
  return document.operations.flatMap((operation) => {
    const made = resourceMadeBy(document, operation);
    const leadsOn = operation.method !== 'DELETE' && linksOfSuccess(document, operation).length > 0;
    return made ?? (leadsOn ? [{ ...nothing, create: operation }] : []);
  });
}

const nothing: Omit<Resource, 'create'> = {
  lists: [],
  reads: [],
  updates: [],
  remove: undefined,
  parameters: new Map(),
  key: undefined,
  keyNames: [],
  byLinksAlone: true,
};

function resourceMadeBy(document: ApiDocument, create: Operation): Resource | undefined {
  if (create.method !== 'POST') return undefined;
  const { operations } = document;
  const collection = bare(create.path);
  const named = operations.filter(({ path }) => isItemOf(collection, bare(path)));
  const links = linksOfSuccess(document, create);
  const naming = links.flatMap(namingLink);
  // Of all that a creation leads to, the thing itself: what names say, or what can be changed, or else what can be read.
  const itself =
    naming.find(({ operation }) => named.includes(operation)) ??
    naming.find(({ operation }) => operation.method !== 'GET' && operation.method !== 'POST') ??
    naming.find(({ operation }) => operation.method === 'GET');
  const linked = naming.filter(({ key }) => key === itself?.key);
  const paths = new Set([...named, ...linked.map((each) => each.operation)].map(({ path }) => path));
  const items = new Map<Operation, string>();
  for (const operation of operations.filter(({ path, method }) => paths.has(path) && method !== 'POST')) {
    const parameter = itemParameter(operation.path);
    if (parameter !== undefined) items.set(operation, parameter);
  }
  const [first] = items;
  if (first === undefined) return undefined;
  const choose = (...methods: string[]) => {
    const is = ({ method }: Operation) => methods.includes(method);
    const byLinks = linked.map(({ operation }) => operation).filter(is);
    return byLinks.length > 0 ? byLinks : [...items.keys()].filter(is);
  };
  const own = bare(first[0].path).replace(/\/\{[^/}]+\}$/, '');
  const lists = links.flatMap(({ target }) => (target !== undefined && isListOf(own, target) ? [target] : []));
  const [remove] = choose('DELETE');
  return {
    create,
    lists: lists.length > 0 ? lists : operations.filter((each) => each.method === 'GET' && bare(each.path) === own),
    reads: choose('GET'),
    updates: choose('PATCH', 'PUT'),
    remove,
    parameters: items,
    key: itself?.key,
    keyNames: keyNames(first[1], itself?.key),
    byLinksAlone: named.length === 0,
  };
}

/** An operation on one thing that a link leads to, and what of the exchange names that thing. */
interface NamingLink {
  readonly operation: Operation;
  readonly key: JsonValue;
}

function namingLink({ link, target }: PlacedLink): readonly NamingLink[] {
  const parameter = target && itemParameter(target.path);
  if (target === undefined || parameter === undefined) return [];
  const key = Object.entries(link.parameters).find(([name]) => {
    const meant = parameterOf(target, name);
    return meant?.in === 'path' && meant.name === parameter;
  })?.[1];
  // What the request's own path names was there before.
  if (key === undefined || /^\$request\.path\./.test(String(key))) return [];
  return [{ operation: target, key }];
}

/** Whether an operation lists a collection, or a view of it: `/payments`, `/payments/paged`. */
function isListOf(collection: string, { method, path }: Operation): boolean {
  const behind = bare(path).slice(collection.length);
  return method === 'GET' && bare(path).startsWith(collection) && /^(?:\/[^{}]+)?$/.test(behind);
}

/** The resource that an operation works on a made one of; undefined if it needs none. */
export function resourceOf(resources: readonly Resource[], operation: Operation): Resource | undefined {
  return resources.find(({ parameters }) => parameters.has(operation));
}

/** Where one thing of a kind is, and the parameter that names it there; undefined for what only leads on. */
export function itemOf({ parameters }: Resource): { readonly path: string; readonly parameter: string } | undefined {
  const [first] = parameters;
  return first && { path: bare(first[0].path), parameter: first[1] };
}

/** The parameter that a path ends with; undefined if it ends with none. */
function itemParameter(path: string): string | undefined {
  return /\{([^/}]+)\}$/.exec(bare(path))?.[1];
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

/** The key of what an exchange made: by its link, or the path's parameter, or a name that means it, or the Location header. */
export function keyOf(resource: Resource, exchanged: Exchanged): Key | undefined {
  const linked = scalarText(evaluate(resource.key, exchanged));
  // A Location is the whole URL of what was made; its last part names it.
  if (linked !== undefined) return linked.split('/').filter(Boolean).at(-1);
  const body = bodyOf(exchanged.response);
  for (const name of resource.keyNames) {
    const found = search(body, name);
    if (found !== undefined) return found;
  }
  return exchanged.response.headers.get('location')?.split('/').filter(Boolean).at(-1);
}

function keyNames(parameter: string, key: JsonValue | undefined): readonly string[] {
  const [, pointer = ''] = /^\$(?:request|response)\.body#(.*)$/.exec(String(key)) ?? [];
  const linked = (pointerTokens(pointer) ?? []).slice(-1);
  return [...new Set([...linked, parameter, 'id', 'identity', 'uuid', 'key'])];
}

/** The first scalar of a name, level by level. */
function search(value: JsonValue | undefined, name: string): Key | undefined {
  let level: readonly (JsonValue | undefined)[] = [value];
  while (level.length > 0) {
    for (const each of level) {
      const key = isObject(each) ? scalarText(each[name]) : undefined;
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

/** The key of a record. */
export function keyOfRecord({ keyNames: names }: Resource, record: JsonValue): Key | undefined {
  if (!isObject(record)) return undefined;
  return names.map((name) => scalarText(record[name])).find((key) => key !== undefined);
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

/** Whether an answer is about the thing with a key, and no list in which it stands. */
export function isAbout(resource: Resource, body: JsonValue | undefined, key: Key): boolean {
  if (!isObject(body)) return false;
  return keyOfRecord(resource, body) === key || Object.values(body).some((each) => isAbout(resource, each, key));
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
const cursors = [
  ...['cursor', 'after', 'startingafter', 'startafter', 'next', 'nextcursor', 'nexttoken', 'nextpagetoken'],
  ...['pagetoken', 'pagecursor', 'continuationtoken'],
];
const sorts = ['sort', 'sortby', 'orderby', 'order', 'sortfield', 'sortkey'];

/** A name without what languages write differently. */
export function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[-_$]/g, '');
}

/** The query parameters by which a list is paged. */
export interface Paging {
  readonly size?: Parameter;
  readonly page?: Parameter;
  readonly offset?: Parameter;
}

/** The parameter of a list that names the member by which it is sorted; undefined if there is none. */
export function sortingOf({ parameters }: Operation): Parameter | undefined {
  return parameters.find(({ name, in: place }) => place === 'query' && sorts.includes(plain(name)));
}

/** How a list is paged; undefined if it is not. */
export function pagingOf({ parameters }: Operation): Paging | undefined {
  const named = (names: readonly string[]) =>
    parameters.find(({ name, in: place }) => place === 'query' && names.includes(plain(name)));
  const [size, page, offset] = [named(sizes), named(pages), named(offsets)];
  if (size === undefined && page === undefined && offset === undefined) return undefined;
  return {
    ...(size === undefined ? {} : { size }),
    ...(page === undefined ? {} : { page }),
    ...(offset === undefined ? {} : { offset }),
  };
}

/** The parameter of a list that says behind what the next page begins; undefined if there is none, or pages have numbers. */
export function cursorOf(list: Operation, resolve: ApiDocument['resolve']): Parameter | undefined {
  const paging = pagingOf(list);
  if (paging?.page !== undefined || paging?.offset !== undefined) return undefined;
  return list.parameters.find(({ name, in: place, schema }) => {
    // What is after a day is a filter.
    const isDate = String(resolve(schema).format ?? '').startsWith('date');
    return place === 'query' && cursors.includes(plain(name)) && !isDate;
  });
}

/** Whether a query parameter says how a list is shown, not what it has. */
export function isArrangement({ name }: Parameter): boolean {
  return [...sizes, ...pages, ...offsets, ...cursors, ...sorts].includes(plain(name));
}
