/**
 * A request for the first server as the second one gets it: with its own ids of the same things, and its own credentials.
 */
import type { Operation } from '../../document.js';
import { isArray, isObject, type JsonValue, stringify, toNumber } from '../../json.js';
import { pathAndQuery } from '../../path-and-query.js';
import type { Case, WireRequest, WireResponse } from '../case.js';
import { scalarText } from '../links.js';
import { readJson } from '../read-json.js';
import { type Authority, authenticated } from '../request.js';
import { itemOf, type Resource } from '../resources.js';
import type { Counterparts } from './counterparts.js';

/** Headers that say which state of a thing the client knows. */
const conditions = new Set(['if-match', 'if-none-match']);

/** Makes requests for the second server. */
export class SecondRequests {
  /** The second server's ETag of the state that has this one at the first. */
  readonly #tags = new Map<string, string>();

  constructor(
    private readonly resources: readonly Resource[],
    private readonly ids: Counterparts,
    private readonly first: Authority,
    private readonly second: Authority,
  ) {}

  /** Learns the ETags that both servers give to one state. */
  note(first: WireResponse | Error, second: WireResponse | Error): void {
    if (first instanceof Error || second instanceof Error) return;
    const [tag, other] = [first.headers.get('etag'), second.headers.get('etag')];
    if (tag !== undefined && other !== undefined) this.#tags.set(tag, other);
  }

  of({ request, operation, subject }: Case): WireRequest {
    const [path, query] = pathAndQuery(request.path);
    const asked = operation === undefined ? path : this.#path(path, operation);
    const headers = operation === undefined ? request.headers : this.#headers(request, operation, subject.in);
    const { body } = request;
    return {
      method: request.method,
      path: query === undefined ? asked : `${asked}?${this.#query(query, operation)}`,
      headers,
      ...(body === undefined ? {} : { body: this.#body(body) }),
    };
  }

  #path(path: string, operation: Operation): string {
    const template = operation.path.split('/');
    const segments = path.split('/');
    if (segments.length !== template.length) return path;
    return segments
      .map((segment, index) => {
        const [, name] = /^\{([^}]+)\}$/.exec(template[index] ?? '') ?? [];
        return name === undefined ? segment : this.#inUrl(segment, (text) => this.#key(operation, name, text));
      })
      .join('/');
  }

  /** The key of a thing in a path. */
  #key(operation: Operation, name: string, text: string): string {
    const item = this.resources
      .map(itemOf)
      .find((each) => each?.parameter === name && operation.path.startsWith(each.path));
    return item === undefined ? this.ids.inRequestByName(name, text) : this.ids.inRequest(item.path, text);
  }

  #query(query: string, operation: Operation | undefined): string {
    const schemes = (operation?.security[0] ?? []).filter((scheme) => scheme.in === 'query');
    return query
      .split('&')
      .map((pair) => {
        const [, name = '', text = ''] = /^([^=]*)=?(.*)$/s.exec(pair) ?? [];
        const scheme = schemes.find(({ parameter }) => encodeURIComponent(parameter) === name);
        if (scheme === undefined) {
          const changed = this.#inUrl(text, (id) => this.ids.inRequestByName(decodeURIComponent(name), id));
          return changed === text ? pair : `${name}=${changed}`;
        }
        const own = encodeURIComponent(this.first.credentials.get(scheme.name) ?? '');
        return text === own ? `${name}=${encodeURIComponent(this.second.credentials.get(scheme.name) ?? '')}` : pair;
      })
      .join('&');
  }

  /** A part of a URL with another text in it. One that cannot be read is left as it is: it is sent to see what comes. */
  #inUrl(part: string, change: (text: string) => string): string {
    try {
      const text = decodeURIComponent(part);
      const changed = change(text);
      return changed === text ? part : encodeURIComponent(changed);
    } catch (error) {
      if (error instanceof URIError) return part;
      throw error;
    }
  }

  #headers({ headers }: WireRequest, operation: Operation, about: string): WireRequest['headers'] {
    const [own, others] = [this.first, this.second].map(
      (authority) =>
        new Map(authenticated(operation, authority, {}).map((header) => [header[0].toLowerCase(), header])),
    );
    const sent = new Set(headers.map(([name]) => name.toLowerCase()));
    const changed = headers.flatMap((header): readonly (readonly [string, string])[] => {
      const name = header[0].toLowerCase();
      if (conditions.has(name)) return [[header[0], this.#tags.get(header[1]) ?? header[1]]];
      // A credential that is wrong for the first server is as wrong for the second.
      if (own?.get(name)?.[1] !== header[1]) return [header];
      const other = others?.get(name);
      return other === undefined ? [] : [other];
    });
    // One that the request leaves out to see what comes is left out here too.
    const more =
      about === 'security' ? [] : [...(others?.values() ?? [])].filter(([name]) => !sent.has(name.toLowerCase()));
    return [...more, ...changed];
  }

  #body(text: string): string {
    const body = readJson(text);
    if (body instanceof Error) return text;
    const changed = this.#value(body, '');
    return changed === body ? text : stringify(changed);
  }

  /** The value with the second server's ids; the value itself if there is none in it. */
  #value(value: JsonValue, name: string): JsonValue {
    if (isArray(value)) {
      const elements = value.map((element) => this.#value(element, name));
      return elements.every((element, index) => element === value[index]) ? value : elements;
    }
    if (isObject(value)) {
      const members = Object.entries(value).map(([own, member]) => [own, this.#value(member ?? null, own)] as const);
      return members.every(([own, member]) => member === value[own]) ? value : Object.fromEntries(members);
    }
    const text = scalarText(value);
    if (text === undefined) return value;
    const changed = this.ids.inRequestByName(name, text);
    if (changed === text) return value;
    return typeof value === 'string' || Number.isNaN(Number(changed)) ? changed : toNumber(changed);
  }
}
