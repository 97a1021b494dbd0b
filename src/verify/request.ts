/**
 * Requests by their parts, and as they go over the wire.
 */
import type { ApiDocument, Operation, Parameter, SecurityScheme } from '../document.js';
import { object } from '../document.js';
import { isArray, isObject, type JsonObject, type JsonValue, stringify } from '../json.js';
import { valueAt } from '../json-pointer.js';
import { isFormMediaType, isJsonMediaType } from '../media-type.js';
import { separatorOf } from '../parameters.js';
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
  const query: string[] = schemesIn(operation, 'query', authority, change).map(
    (scheme) => `${percentEncoded(scheme.parameter)}=${percentEncoded(credentialOf(scheme, authority, change))}`,
  );
  const cookies: string[] = [];
  let path = operation.path;
  for (const parameter of operation.parameters) {
    const value = valueAt(values, [parameter.in, parameter.name]);
    if (value === undefined) continue;
    if (parameter.in === 'path') {
      const text = delimited(parameter, value, percentEncoded);
      path = path.replaceAll(`{${parameter.name}}`, () => text);
    } else if (parameter.in === 'header') headers.push([parameter.name, delimited(parameter, value, (text) => text)]);
    else {
      const pairs = pairsOf(document, parameter, value);
      if (parameter.in === 'cookie') cookies.push(...pairs.map((pair) => pair.join('=')));
      else query.push(...pairs.map(([name, text]) => `${percentEncoded(name)}=${inQuery(text, parameter)}`));
    }
  }
  if (cookies.length > 0) headers.push(['Cookie', cookies.join('; ')]);
  const body = change.body ?? bodyText(operation, values.body, mediaType);
  const contentType = change.contentType ?? mediaType;
  if (body !== undefined && contentType !== undefined) headers.push(['Content-Type', contentType]);
  if (change.accept !== undefined) headers.push(['Accept', change.accept]);
  const asked = change.path ?? path;
  return {
    method: change.method ?? operation.method,
    path: query.length === 0 ? asked : `${asked}${asked.includes('?') ? '&' : '?'}${query.join('&')}`,
    headers,
    ...(body === undefined ? {} : { body }),
  };
}

/** A name and a text, as queries, cookies and forms have them. */
type Pair = readonly [name: string, text: string];

/** Whether a parameter's value goes over the wire in a form that texts and lists of them do not have. */
export function isStructured({ mediaType, in: place, style }: Parameter, value: JsonValue): boolean {
  return mediaType !== undefined || isObject(value) || (place === 'path' && style !== 'simple');
}

/** The texts that a parameter is sent as: one, or one for each element of a list that is repeated. */
export function parameterTexts(document: ApiDocument, parameter: Parameter, value: JsonValue): readonly string[] {
  if (!isArray(value)) return [textOf(value)];
  const texts = value.map(textOf);
  const repeated = parameter.explode && (parameter.in === 'query' || parameter.in === 'cookie');
  return repeated && document.resolve(parameter.schema).type === 'array' ? texts : [texts.join(separatorOf(parameter))];
}

/** What a parameter of a query or a cookie is sent as. */
function pairsOf(document: ApiDocument, parameter: Parameter, value: JsonValue): readonly Pair[] {
  const { name, mediaType, style, explode } = parameter;
  if (mediaType !== undefined) return [[name, contentText(value, mediaType)]];
  if (!isObject(value)) return parameterTexts(document, parameter, value).map((text) => [name, text]);
  if (style === 'deepObject') return bracketed(name, value);
  if (explode) return entriesOf(value);
  return [[name, entriesOf(value).flat().join(',')]];
}

/** A value with names of its parts in brackets: `created[after]`, `tags[0]`. */
function bracketed(name: string, value: JsonValue): readonly Pair[] {
  if (isArray(value)) return value.flatMap((each, index) => bracketed(`${name}[${index}]`, each));
  if (!isObject(value)) return [[name, textOf(value)]];
  return Object.entries(value).flatMap(([part, member]) => bracketed(`${name}[${part}]`, member ?? null));
}

function entriesOf(value: JsonObject): readonly Pair[] {
  return Object.entries(value).map(([name, member]) => [name, textOf(member ?? null)]);
}

/** A parameter of a path or a header, each part of it encoded. */
function delimited(
  { name, style, explode, mediaType }: Parameter,
  value: JsonValue,
  encode: (text: string) => string,
): string {
  if (mediaType !== undefined) return encode(contentText(value, mediaType));
  const pair = ([part, text]: Pair) =>
    explode ? `${encode(part)}=${encode(text)}` : `${encode(part)},${encode(text)}`;
  const parts = isArray(value)
    ? value.map((each) => encode(textOf(each)))
    : isObject(value)
      ? entriesOf(value).map(pair)
      : [encode(textOf(value))];
  if (style === 'label') return `.${parts.join(explode ? '.' : ',')}`;
  if (style !== 'matrix') return parts.join(',');
  if (!explode) return `;${encode(name)}=${parts.join(',')}`;
  return parts.map((part) => (isObject(value) ? `;${part}` : `;${encode(name)}=${part}`)).join('');
}

/** A value as a text is sent: itself if it is one, else as JSON. */
export function textOf(value: JsonValue): string {
  return typeof value === 'string' ? value : stringify(value);
}

function contentText(value: JsonValue, mediaType: string): string {
  return isJsonMediaType(mediaType) ? stringify(value) : textOf(value);
}

/** Percent-encoded; half a pair of surrogates, which no URL can carry, as U+FFFD. */
function percentEncoded(text: string): string {
  return encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, '\ufffd'));
}

/** Percent-encoded for a query; characters that URLs keep for themselves as they are, where the document says so. */
function inQuery(text: string, { allowReserved }: Pick<Parameter, 'allowReserved'>): string {
  const encoded = percentEncoded(text);
  // An ampersand, a plus and a number sign would end the text.
  return allowReserved === true
    ? encoded.replaceAll(/%(?:3A|2F|3F|5B|5D|40|24|2C|3B|3D)/g, decodeURIComponent)
    : encoded;
}

function bodyText(
  operation: Operation,
  value: JsonValue | undefined,
  mediaType: string | undefined,
): string | undefined {
  if (value === undefined || mediaType === undefined) return undefined;
  if (!isFormMediaType(mediaType) || !isObject(value)) return contentText(value, mediaType);
  const encoding = operation.requestBody?.content.get(mediaType)?.encoding ?? {};
  const pairs = Object.entries(value).flatMap(([name, member = null]): readonly Pair[] => {
    const { style, explode } = object(valueAt(encoding, [name]));
    if (style === 'deepObject') return bracketed(name, member);
    if (!isArray(member)) return [[name, textOf(member)]];
    return explode === false ? [[name, member.map(textOf).join(',')]] : member.map((each) => [name, textOf(each)]);
  });
  return new URLSearchParams(pairs.map(([name, text]): [string, string] => [name, text])).toString();
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
  const asked = { ...operation, security: [requirementOf(operation, authority)] };
  const headers = new Map(Object.entries(credentialHeaders(asked, known)));
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

/** The alternative of an operation's security that there are credentials for; the first, if there are for none. */
export function requirementOf({ security }: Operation, { credentials }: Authority): readonly SecurityScheme[] {
  const known = security.filter((schemes) => schemes.length > 0 && schemes.every(({ name }) => credentials.has(name)));
  return known[0] ?? security[0] ?? [];
}

function schemesIn(
  operation: Operation,
  place: SecurityScheme['in'],
  authority: Authority,
  { without }: WireChange,
): readonly SecurityScheme[] {
  return requirementOf(operation, authority).filter((scheme) => scheme.in === place && scheme.name !== without?.name);
}

function credentialOf(scheme: SecurityScheme, authority: Authority, { wrong }: WireChange): string {
  return wrong?.name === scheme.name ? wrongCredential : (authority.credentials.get(scheme.name) ?? '');
}

/** A curl that sends a request again. */
export function toCurl(url: string, { method, headers, body }: WireRequest): string {
  // With -X HEAD, curl waits for a body; with -I it sends none.
  const how = method === 'HEAD' && body === undefined ? '-I' : `-i -X ${method}`;
  // It would take an id that is `..` for a step upwards.
  const asIs = /\/(?:\.|%2e){1,2}(?=[/?]|$)/i.test(url) ? ' --path-as-is' : '';
  const parts = [
    `curl ${how}${asIs} ${quote(url)}`,
    ...headers.map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`),
    ...(body === undefined ? [] : [`--data-raw ${quote(body)}`]),
  ];
  return parts.join(' \\\n  ');
}
