/**
 * JSONPath (RFC 9535) over messages.
 *
 * The only module that imports json-p3; it is loaded when the first path comes, because few starts need it.
 */
import { createRequire } from 'node:module';
import type * as JsonP3 from 'json-p3';
import { isArray, isNumberText, isObject, type JsonValue } from './json.js';
import { valueAt } from './json-pointer.js';
import { compilePattern, MalformedPattern } from './pattern.js';

const mostCharacters = 256;

/** Thrown for a text that is no JSONPath, or asks for too much work. `message` says why. */
export class MalformedPath extends Error {
  override readonly name = 'MalformedPath';
}

/** The library's own values: JSON without {@link NumberText}. */
type Plain = null | boolean | string | number | Plain[] | { [name: string]: Plain };

let loaded: { readonly library: typeof JsonP3; readonly environment: JsonP3.JSONPathEnvironment } | undefined;

function environment(): JsonP3.JSONPathEnvironment {
  loaded ??= load();
  return loaded.environment;
}

function load(): NonNullable<typeof loaded> {
  const library: typeof JsonP3 = createRequire(import.meta.url)('json-p3');
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
  return { library, environment: made };
}

function linear(library: typeof JsonP3, whole: (pattern: string) => string) {
  const { LogicalType, ValueType } = library.FunctionExpressionType;
  const known = new Map<string, (text: string) => boolean>();
  return {
    argTypes: [ValueType, ValueType],
    returnType: LogicalType,
    call(text: unknown, pattern: unknown): boolean {
      if (typeof text !== 'string' || typeof pattern !== 'string') return false;
      const test = known.get(pattern) ?? compiled(whole(pattern));
      if (known.size < 100) known.set(pattern, test);
      return test(text);
    },
  };
}

/** As the RFC says, an expression that is none matches nothing. */
function compiled(pattern: string): (text: string) => boolean {
  try {
    return compilePattern(pattern);
  } catch (error) {
    if (error instanceof MalformedPattern) return () => false;
    throw error;
  }
}

/** Every value that a path leads to, numbers with their own text. @throws {MalformedPath} */
export function compilePath(path: string): (value: JsonValue) => readonly JsonValue[] {
  requireCheap(path);
  const query = parsed(path);
  return (value) =>
    query
      .query(plain(value))
      .locations()
      .map((location) => valueAt(value, location) ?? null);
}

function parsed(path: string): JsonP3.JSONPathQuery {
  try {
    return environment().compile(path);
  } catch (error) {
    throw new MalformedPath(error instanceof Error ? error.message : String(error));
  }
}

/** Each `..`, and each `$` within a filter, multiplies the work by the size of the body. */
function requireCheap(path: string): void {
  if (path.length > mostCharacters) throw new MalformedPath(`longer than ${mostCharacters} characters`);
  const bare = path.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '');
  if ((bare.match(/\.\./g) ?? []).length > 1) throw new MalformedPath('more than one ".."');
  if (bare.lastIndexOf('$') > 0) throw new MalformedPath('"$" in a filter; use "@"');
}

/** Filters compare doubles; what they lead to is read from the value itself. */
function plain(value: JsonValue): Plain {
  if (isArray(value)) return value.map(plain);
  if (isNumberText(value)) return Number(value.value);
  if (!isObject(value)) return value;
  const members = Object.entries(value).flatMap(([name, member]): [string, Plain][] =>
    member === undefined ? [] : [[name, plain(member)]],
  );
  return Object.fromEntries(members);
}
