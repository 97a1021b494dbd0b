/**
 * Which requests are meant: by api, operation, method, path, headers, query, body and answer. The journal is asked by it,
 * and faults are bound to requests by it.
 */
import type { components } from '../specs/_sandbox/openapi.js';
import type { ApiDocument } from './document.js';
import { excerpt } from './excerpt.js';
import { isArray, isObject, type JsonObject, type JsonValue } from './json.js';
import { escapePointer } from './json-pointer.js';
import { compileBody, type Values } from './match-body.js';
import type { Headers } from './message.js';
import { PathMatcher } from './path-matcher.js';
import { Problem, type ProblemDetail } from './problem.js';
import type { Work } from './work.js';

/** A match as it is written: `components.schemas.RequestMatch` of the control API's document. */
export type RequestMatch = components['schemas']['RequestMatch'];

/** A request as a match sees it, and its answer where there is one. */
export interface Seen {
  readonly api: string;
  /** Absent if no operation matched. */
  readonly operationId?: string | undefined;
  /** Upper case. */
  readonly method: string;
  /** Below the api, as the client wrote it. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  /** `undefined` for none, and for one that is no JSON. */
  readonly body: JsonValue | undefined;
  /** Absent before there is an answer; then no status matches. 0 for an answer that never was. */
  readonly status?: number | undefined;
  /** The faults that were applied, by their names; absent for none. */
  readonly faults?: readonly string[];
  /** The answer's body; `undefined` for none, and for one that is no JSON. */
  readonly response?: JsonValue | undefined;
  /** What judging it may take; shared by all that is judged at once. */
  readonly work: Work;
}

/** Where a request differs from a match. */
export interface Difference {
  /** The part, and the place in it: `method`, `header x-id`, `body /amount`. */
  readonly at: string;
  readonly expected: JsonValue;
  /** Absent for nothing. */
  readonly received?: JsonValue;
}

/** A match made ready: every difference of a request; empty if it matches. Throws {@link TooMuchWork} at the limit. */
export type Matcher = (seen: Seen) => readonly Difference[];

/** What a match may name of an api. */
export interface KnownApi {
  readonly operationIds: ReadonlySet<string>;
  /** Whether the api documents a path, written as in a match. */
  readonly documents: (path: string) => boolean;
}

/** What a match may name: the served apis. */
export type KnownApis = ReadonlyMap<string, KnownApi>;

/** What a match may name where these documents are served. */
export function knownApis(served: Iterable<ApiDocument>): KnownApis {
  const known = [...served].map(({ api, operations }): [string, KnownApi] => {
    const documents = (path: string) => new PathMatcher(operations).match(path) !== undefined;
    return [api, { operationIds: new Set(operations.map(({ operationId }) => operationId)), documents }];
  });
  return new Map(known);
}

export interface MatchPlace {
  /** JSON pointer of the match in the request that gives it; absent, the match is the whole body. */
  readonly at?: string;
  /** Absent, any name is taken. */
  readonly known?: KnownApis;
}

type Part = (seen: Seen) => Difference | undefined;

/**
 * Makes a match ready.
 *
 * @throws {Problem} `invalid-request` with a detail for each field that is wrong
 */
export function compileMatch(json: unknown, place: MatchPlace = {}): Matcher {
  const reader = new MatchReader(place.at ?? '', place.known);
  const parts = reader.read(json);
  if (reader.faults.length > 0) throw new Problem('invalid-request', { details: reader.faults });
  return (seen) => parts.map((part) => part(seen)).filter((difference) => difference !== undefined);
}

/** Reads one match; collects every fault, so that all are told at once. */
class MatchReader {
  readonly faults: ProblemDetail[] = [];
  /** Of the expressions so far. */
  #characters = 0;

  constructor(
    private readonly at: string,
    private readonly known: KnownApis | undefined,
  ) {}

  read(json: unknown): readonly Part[] {
    if (!isObject(json)) {
      this.#fault('', 'type', `Received ${excerpt(json)}; a match is an object.`);
      return [];
    }
    const members = Object.entries(json).filter(([, member]) => member !== undefined);
    return members.flatMap(([name, member]) => this.#part(name, member ?? null, json));
  }

  #fault(pointer: string, rule: string, message: string): void {
    this.faults.push({ in: 'body', pointer: `${this.at}${pointer}`, rule, message });
  }

  #part(name: string, value: JsonValue, match: JsonObject): readonly Part[] {
    switch (name) {
      case 'api':
        return this.#named(name, value, (each) => this.known === undefined || this.known.has(each), this.#apis());
      case 'operationId':
        return this.#operation(value, match);
      case 'method':
        return this.#text(name, value, (expected) => same(name, expected.toUpperCase(), ({ method }) => method));
      case 'path':
        return this.#path(value);
      case 'status':
        return this.#status(value);
      case 'fault':
        return this.#byFault(value);
      case 'header':
        return this.#pairs(name, value, ({ headers }, header) => headers.all(header));
      case 'query':
        return this.#pairs(name, value, ({ query }, parameter) => query.getAll(parameter));
      case 'body':
        return this.#body(name, value, ({ body }) => body);
      case 'response':
        return this.#body(name, value, ({ response }) => response);
      default: {
        const pointer = `/${escapePointer(name)}`;
        this.#fault(pointer, 'additionalProperties', `A match has no ${excerpt(name)}. It has ${parts.join(', ')}.`);
        return [];
      }
    }
  }

  #text(name: string, value: JsonValue, make: (expected: string) => Part): readonly Part[] {
    if (typeof value === 'string' && value !== '') return [make(value)];
    this.#fault(`/${name}`, 'type', `Received ${excerpt(value)}; ${name} is a text.`);
    return [];
  }

  #named(name: 'api' | 'operationId', value: JsonValue, isKnown: (name: string) => boolean, all: readonly string[]) {
    return this.#text(name, value, (expected) => {
      if (!isKnown(expected)) {
        this.#fault(`/${name}`, 'exists', `Nothing is served under ${name} ${expected}. Known are ${all.join(', ')}.`);
      }
      return same(name, expected, (seen) => seen[name]);
    });
  }

  #apis(): readonly string[] {
    return [...(this.known?.keys() ?? [])];
  }

  /** An operation of the api that the match names; where it names none that is served, of any. */
  #operation(value: JsonValue, { api }: JsonObject): readonly Part[] {
    const own = typeof api === 'string' ? this.known?.get(api) : undefined;
    const apis = own === undefined ? [...(this.known?.values() ?? [])] : [own];
    const all = apis.flatMap(({ operationIds }) => [...operationIds]);
    return this.#named('operationId', value, (each) => this.known === undefined || all.includes(each), all);
  }

  /** A path below the api; one that begins with an api would match nothing, and nobody would know why. */
  #path(value: JsonValue): readonly Part[] {
    const [, api = '', below = ''] = /^\/(?:~[^/]*\/)?([^/]+)(\/.*)?$/.exec(String(value)) ?? [];
    const apis = [...(this.known?.entries() ?? [])];
    if (apis.some(([name]) => name === api) && !apis.some(([, { documents }]) => documents(String(value)))) {
      const message = `No api documents a path ${excerpt(value)}. Write ${below || '/'}; \`path\` is below the api.`;
      this.#fault('/path', 'exists', message);
    }
    return this.#text('path', value, samePath);
  }

  #status(value: JsonValue): readonly Part[] {
    const text = String(value);
    const isRange = typeof value === 'string' && /^[1-5]xx$/i.test(text);
    const isNone = value === 0;
    if (!isRange && !isNone && !(Number.isInteger(value) && Number(value) >= 100 && Number(value) <= 599)) {
      const message = `Received ${excerpt(value)}; a status is a number such as 404, "4xx", or 0 for no answer at all.`;
      this.#fault('/status', 'type', message);
      return [];
    }
    const holds = (status: number | undefined) => (isRange ? String(status)[0] === text[0] : status === value);
    return [({ status }) => (holds(status) ? undefined : difference('status', value, status))];
  }

  #byFault(value: JsonValue): readonly Part[] {
    const wanted = typeof value === 'string' && value !== '' ? value : undefined;
    if (wanted === undefined && typeof value !== 'boolean') {
      const message = `Received ${excerpt(value)}; fault is a name, true for any, or false for none.`;
      this.#fault('/fault', 'type', message);
      return [];
    }
    return [
      ({ faults = [] }) => {
        const holds = wanted === undefined ? faults.length > 0 === value : faults.includes(wanted);
        return holds ? undefined : difference('fault', value, shown(faults));
      },
    ];
  }

  #pairs(name: string, value: JsonValue, values: (seen: Seen, name: string) => readonly string[]): readonly Part[] {
    if (!isObject(value)) {
      this.#fault(`/${name}`, 'type', `Received ${excerpt(value)}; ${name} is an object of names and values.`);
      return [];
    }
    return Object.entries(value).flatMap(([each, expected = null]): Part[] => {
      if (typeof expected === 'string') return [oneOf(`${name} ${each}`, expected, (seen) => values(seen, each))];
      this.#fault(`/${name}/${escapePointer(each)}`, 'type', `Received ${excerpt(expected)}; a value is a text.`);
      return [];
    });
  }

  /** Making expressions ready takes time, too: counted before it is done. */
  #expression(pointer: string, expression: JsonValue | undefined): void {
    const before = this.#characters;
    if (typeof expression === 'string') this.#characters += expression.length;
    if (before > mostCharacters || this.#characters <= mostCharacters) return;
    this.#fault(pointer, 'limit', `The expressions of a match have more than ${mostCharacters} characters together.`);
  }

  #body(name: string, value: JsonValue, body: (seen: Seen) => JsonValue | undefined): readonly Part[] {
    if (!isArray(value) || value.length > mostClauses) {
      const message = `Received ${excerpt(value)}; ${name} is an array of at most ${mostClauses} {pointer or path, equals, matches or exists}.`;
      this.#fault(`/${name}`, 'type', message);
      return [];
    }
    return value.flatMap((clause, index): Part[] => {
      if (isObject(clause)) this.#expression(`/${name}/${index}/matches`, clause.matches);
      if (this.#characters > mostCharacters) return [];
      const { expected, judge, place, faults } = compileBody(clause);
      for (const { pointer, rule, message } of faults) this.#fault(`/${name}/${index}${pointer}`, rule, message);
      if (faults.length > 0) return [];
      return [
        (seen) => {
          const values = judge(body(seen), seen.work);
          return values === undefined ? undefined : difference(`${name} ${place}`, expected, shown(values));
        },
      ];
    });
  }
}

const parts = [
  'api',
  'operationId',
  'method',
  'path',
  'status',
  'fault',
  'header',
  'query',
  'body',
  'response',
] as const;

/** More are refused. */
const mostClauses = 20;
const mostCharacters = 1_000;

function difference(at: string, expected: JsonValue, received: JsonValue | undefined): Difference {
  return received === undefined ? { at, expected } : { at, expected, received };
}

/** One value as itself, several as an array, of which the first ten tell enough. */
function shown(values: Values): JsonValue | undefined {
  return values.length > 1 ? values.slice(0, 10) : values[0];
}

function same(at: string, expected: string, received: (seen: Seen) => string | undefined): Part {
  return (seen) => {
    const value = received(seen);
    return value === expected ? undefined : difference(at, expected, value);
  };
}

function oneOf(at: string, expected: string, received: (seen: Seen) => readonly string[]): Part {
  return (seen) => {
    const values = received(seen);
    return values.includes(expected) ? undefined : difference(at, expected, shown(values));
  };
}

/** `{…}` stands for any one segment that is not empty. */
function samePath(expected: string): Part {
  const wanted = expected.split('/');
  return ({ path }) => {
    const segments = path.split('/');
    const holds =
      segments.length === wanted.length &&
      wanted.every((each, index) => (/^\{[^{}]+\}$/.test(each) ? segments[index] !== '' : segments[index] === each));
    return holds ? undefined : difference('path', expected, path);
  };
}
