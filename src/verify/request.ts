/**
 * Requests by their parts, and as they go over the wire.
 */
import type { ApiDocument, Operation, Parameter, SecurityScheme } from '../document.js';
import { object } from '../document.js';
import { isArray, isObject, type JsonObject, type JsonValue, stringify } from '../json.js';
import { credentialHeaders } from '../security.js';
import { quote } from '../shell.js';
import type { WireRequest } from './case.js';

/** What authenticates: a value for each security scheme, and headers that are sent with every request as they are. */
export interface Authority {
  readonly credentials: ReadonlyMap<string, string>;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** A request by its parts: `{path, query, header, cookie, body}`, each a JSON value; `body` absent for none. */
export interface Draft {
  readonly operation: Operation;
  readonly values: JsonObject;
  /** Of the body; absent if there is none. */
  readonly mediaType?: string;
}

/** How a request differs on the wire from what its parts say. */
export interface WireChange {
  readonly method?: string;
  readonly path?: string;
  readonly contentType?: string;
  readonly accept?: string;
  /** In the place of the body. */
  readonly body?: string;
  /** The scheme whose credential is left out, or wrong. */
  readonly without?: SecurityScheme;
  readonly wrong?: SecurityScheme;
}

/** What a wrong credential is: like no right one, and in no header's way. */
const wrongCredential = 'paydouble-wrong-credential';

/** The request that the parts make. */
export function render(
  document: ApiDocument,
  draft: Draft,
  authority: Authority,
  change: WireChange = {},
): WireRequest {
  const { operation, values, mediaType } = draft;
  const headers: (readonly [string, string])[] = [...authenticated(operation, authority, change)];
  const query: string[] = schemesIn(operation, 'query', change).map(
    (scheme) =>
      `${encodeURIComponent(scheme.parameter)}=${encodeURIComponent(credentialOf(scheme, authority, change))}`,
  );
  const cookies: string[] = [];
  let path = operation.path;
  for (const parameter of operation.parameters) {
    const value = object(values[parameter.in])[parameter.name];
    if (value === undefined) continue;
    const texts = parameterTexts(document, parameter, value);
    if (parameter.in === 'path') path = path.replace(`{${parameter.name}}`, texts.map(encodeURIComponent).join(','));
    else if (parameter.in === 'query')
      query.push(...texts.map((text) => `${encodeURIComponent(parameter.name)}=${encodeURIComponent(text)}`));
    else if (parameter.in === 'header') headers.push([parameter.name, texts.join(',')]);
    else cookies.push(...texts.map((text) => `${parameter.name}=${text}`));
  }
  if (cookies.length > 0) headers.push(['Cookie', cookies.join('; ')]);
  const body = change.body ?? bodyText(values.body, mediaType);
  const contentType = change.contentType ?? mediaType;
  if (body !== undefined && contentType !== undefined) headers.push(['Content-Type', contentType]);
  if (change.accept !== undefined) headers.push(['Accept', change.accept]);
  const asked = change.path ?? path;
  return {
    method: change.method ?? operation.method,
    path: query.length === 0 ? asked : `${asked}?${query.join('&')}`,
    headers,
    ...(body === undefined ? {} : { body }),
  };
}

/** The texts that a parameter is sent as: one, or one for each element of a list that is repeated. */
export function parameterTexts(document: ApiDocument, parameter: Parameter, value: JsonValue): readonly string[] {
  if (!isArray(value)) return [textOf(value)];
  const texts = value.map(textOf);
  const repeated = parameter.explode && (parameter.in === 'query' || parameter.in === 'cookie');
  const separator = { spaceDelimited: ' ', pipeDelimited: '|' }[parameter.style] ?? ',';
  return repeated && document.resolve(parameter.schema).type === 'array' ? texts : [texts.join(separator)];
}

function textOf(value: JsonValue): string {
  return typeof value === 'string' ? value : stringify(value);
}

/** Whether bodies of a media type can be made from JSON values. */
export function canSend(mediaType: string): boolean {
  return isJson(mediaType) || mediaType === 'application/x-www-form-urlencoded' || mediaType.startsWith('text/plain');
}

/** Whether a media type is JSON, whatever its parameters. */
export function isJson(mediaType: string): boolean {
  return /^[^;]*[/+]json\s*(?:;|$)/i.test(mediaType);
}

function bodyText(value: JsonValue | undefined, mediaType: string | undefined): string | undefined {
  if (value === undefined || mediaType === undefined) return undefined;
  if (mediaType !== 'application/x-www-form-urlencoded' || !isObject(value)) {
    return isJson(mediaType) || typeof value !== 'string' ? stringify(value) : value;
  }
  const pairs = Object.entries(value).flatMap(([name, member]) =>
    (isArray(member) ? member : [member ?? null]).map((each): [string, string] => [name, textOf(each)]),
  );
  return new URLSearchParams(pairs).toString();
}

/** The headers that authenticate a request, and those that are sent with each. */
export function authenticated(
  operation: Operation,
  authority: Authority,
  change: WireChange,
): readonly [string, string][] {
  const known = new Map(
    [...authority.credentials].map(([name, value]) => [name, [offered(name, value, change)].filter(isText)]),
  );
  const headers = new Map(Object.entries(credentialHeaders(operation, known)));
  const changed = change.without ?? change.wrong;
  for (const [name, value] of authority.headers) {
    if (changed === undefined || name.toLowerCase() !== changed.parameter.toLowerCase()) headers.set(name, value);
    else if (change.wrong !== undefined) headers.set(name, wrongLike(value));
  }
  return [...headers];
}

function isText(value: string | undefined): value is string {
  return value !== undefined;
}

function offered(name: string, value: string, { without, wrong }: WireChange): string | undefined {
  if (without?.name === name) return undefined;
  return wrong?.name === name ? wrongCredential : value;
}

/** A header's value with another credential: `Basic abc` becomes `Basic paydouble-…`. */
function wrongLike(value: string): string {
  const scheme = /^[A-Za-z]+ /.exec(value)?.[0] ?? '';
  return `${scheme}${wrongCredential}`;
}

function schemesIn(operation: Operation, place: SecurityScheme['in'], { without }: WireChange): SecurityScheme[] {
  const [first = []] = operation.security;
  return first.filter((scheme) => scheme.in === place && scheme.name !== without?.name);
}

function credentialOf(scheme: SecurityScheme, authority: Authority, { wrong }: WireChange): string {
  return wrong?.name === scheme.name ? wrongCredential : (authority.credentials.get(scheme.name) ?? '');
}

/** A curl that sends a request again. */
export function toCurl(url: string, { method, headers, body }: WireRequest): string {
  const parts = [
    `curl -i -X ${method} ${quote(url)}`,
    ...headers.map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`),
    ...(body === undefined ? [] : [`--data-raw ${quote(body)}`]),
  ];
  return parts.join(' \\\n  ');
}
