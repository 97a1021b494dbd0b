/**
 * JSONPath (RFC 9535) over messages.
 *
 * The only module that imports json-p3; it is loaded when the first path comes, because few starts need it.
 */
import type * as JsonP3 from 'json-p3';
import { isArray, isNumberText, isObject, type JsonObject, type JsonValue } from './json.js';
import { valueAt } from './json-pointer.js';
import { loadPackage } from './load-package.js';
import { compilePattern, MalformedPattern } from './pattern.js';
import { reasonOf } from './reason.js';
import { TooMuchWork, Work } from './work.js';

const mostCharacters = 256;

/** Thrown for a text that is no JSONPath, or asks for too much work. `message` says why. */
export class MalformedPath extends Error {
  override readonly name = 'MalformedPath';
}

/** The library's own values: JSON without {@link NumberText}. */
type Plain = null | boolean | string | number | Plain[] | { [name: string]: Plain };

let loaded: JsonP3.JSONPathEnvironment | undefined;

/** What the path that is followed just now may take: the library hands nothing on to the functions of its filters. */
let current = new Work(0);

function environment(): JsonP3.JSONPathEnvironment {
  loaded ??= load();
  return loaded;
}

function load(): JsonP3.JSONPathEnvironment {
  const library: typeof JsonP3 = loadPackage('json-p3');
  const made = new library.JSONPathEnvironment({ strict: true });
  // The library's own are JavaScript's expressions, which can take exponential time.
  made.functionRegister.set(
    'match',
    linear(library, (pattern) => `^(?:${pattern})$`),
  );
  made.functionRegister.set(
    'search',
    linear(library, (pattern) => pattern),
  );
  return made;
}

function linear({ FunctionExpressionType }: typeof JsonP3, whole: (pattern: string) => string) {
  const { LogicalType, ValueType } = FunctionExpressionType;
  return {
    argTypes: [ValueType, ValueType],
    returnType: LogicalType,
    call(text: unknown, pattern: unknown): boolean {
      if (typeof text !== 'string' || typeof pattern !== 'string') return false;
      try {
        return compilePattern(whole(pattern), current)(text, current);
      } catch (error) {
        // As the RFC says, an expression that is none matches nothing.
        if (error instanceof MalformedPattern) return false;
        throw error;
      }
    },
  };
}

/** Every value that a path leads to, numbers with their own text; throws {@link TooMuchWork} if finding them takes too much. */
export type Path = (value: JsonValue, work: Work) => readonly JsonValue[];

/** @throws {MalformedPath} */
export function compilePath(path: string): Path {
  requireCheap(path);
  const query = parsed(path);
  // Each part of the path may look at what is read.
  const perValue = stepsPerValue + path.length;
  return (value, work) => {
    current = work;
    const counted = plain(value, () => work.spend(perValue));
    try {
      return Array.from(query.lazyQuery(counted), ({ location }) => valueAt(value, location) ?? null);
    } catch (error) {
      // The library puts what a filter finds on the stack.
      if (error instanceof RangeError) throw new TooMuchWork('A filter of the path finds too many values at once');
      throw error;
    }
  };
}

/** What reading one value costs: it is wrapped, and its place is written down. */
const stepsPerValue = 100;

function parsed(path: string): JsonP3.JSONPathQuery {
  try {
    return environment().compile(path);
  } catch (error) {
    throw new MalformedPath(reasonOf(error));
  }
}

/**
 * Each `..`, and each `$` within a filter, multiplies the work by the size of the body; each `,` doubles it. What is left
 * is counted while the path is followed.
 */
function requireCheap(path: string): void {
  if (path.length > mostCharacters) throw new MalformedPath(`longer than ${mostCharacters} characters`);
  const bare = path.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '');
  if ((bare.match(/\.\./g) ?? []).length > 1) throw new MalformedPath('more than one ".."');
  if ((bare.match(/,/g) ?? []).length > mostCommas) throw new MalformedPath(`more than ${mostCommas} ","`);
  if (bare.lastIndexOf('$') > 0) throw new MalformedPath('"$" in a filter; use "@"');
}

/** In all brackets of a path together: each adds a selector that is tried on every value. */
const mostCommas = 16;

/**
 * A value as the library sees it: wrapped, so that `count` is told of each look at what is in it, wherever in a path that
 * happens. Filters compare doubles; what they lead to is read from the value itself.
 */
function plain(value: JsonValue, count: () => void): Plain {
  if (isNumberText(value)) return Number(value.value);
  if (isArray(value)) return plainArray(value, count);
  return isObject(value) ? plainObject(value, count) : value;
}

function plainArray(array: readonly JsonValue[], count: () => void): Plain[] {
  const at = (index: string | symbol): JsonValue | undefined => {
    count();
    return typeof index === 'string' ? array[Number(index)] : undefined;
  };
  return new Proxy<Plain[]>([], {
    has: (_, index) => at(index) !== undefined,
    get: (_, index) => {
      const element = index === 'length' ? array.length : at(index);
      return element === undefined ? undefined : plain(element, count);
    },
  });
}

function plainObject(object: JsonObject, count: () => void): { [name: string]: Plain } {
  const at = (name: string | symbol): JsonValue | undefined => {
    count();
    return typeof name === 'string' && Object.hasOwn(object, name) ? object[name] : undefined;
  };
  return new Proxy<{ [name: string]: Plain }>(Object.create(null), {
    ownKeys: () => Object.keys(object),
    getOwnPropertyDescriptor: (_, name) => {
      const value = at(name);
      return value === undefined ? undefined : { value, configurable: true, enumerable: true };
    },
    get: (_, name) => {
      const member = at(name);
      return member === undefined ? undefined : plain(member, count);
    },
  });
}
