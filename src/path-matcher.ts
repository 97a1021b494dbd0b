/**
 * Paths to path templates, compiled once. As OpenAPI says: a concrete path before a templated one; letters, case and
 * trailing slashes as documented.
 */

/** Where a path leads: the operations at its path template, by method, and the values in the path, decoded. */
export interface PathMatch<T> {
  /** Upper-case method -> operation. */
  readonly operations: ReadonlyMap<string, T>;
  readonly values: Readonly<Record<string, string>>;
}

interface Template<T> {
  readonly segments: readonly string[];
  readonly pattern: RegExp;
  readonly names: readonly string[];
  readonly operations: ReadonlyMap<string, T>;
}

export class PathMatcher<T extends { readonly path: string; readonly method: string }> {
  readonly #concrete = new Map<string, PathMatch<T>>();
  /** By number of segments, the most concrete first. */
  readonly #templates = new Map<number, Template<T>[]>();

  constructor(operations: readonly T[]) {
    const byPath = new Map<string, Map<string, T>>();
    for (const operation of operations) {
      const methods = byPath.get(operation.path) ?? new Map<string, T>();
      byPath.set(operation.path, methods.set(operation.method, operation));
    }
    for (const [path, methods] of byPath) {
      if (path.includes('{')) this.#add(path, methods);
      else this.#concrete.set(path, { operations: methods, values: {} });
    }
    for (const templates of this.#templates.values()) templates.sort(moreConcrete);
  }

  /** `undefined` if no path template matches. */
  match(path: string): PathMatch<T> | undefined {
    const concrete = this.#concrete.get(path);
    if (concrete !== undefined) return concrete;
    for (const template of this.#templates.get(path.split('/').length) ?? []) {
      const match = template.pattern.exec(path);
      if (match === null) continue;
      const values = template.names.map((name, index) => [name, decode(match[index + 1] ?? '')] as const);
      return { operations: template.operations, values: Object.fromEntries(values) };
    }
    return undefined;
  }

  #add(path: string, operations: ReadonlyMap<string, T>): void {
    const segments = path.split('/');
    const names = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name = '']) => name);
    const pattern = path
      .split(/\{[^}]+\}/)
      .map((literal) => literal.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('([^/]+)');
    const template = { segments, names, operations, pattern: new RegExp(`^${pattern}$`) };
    const count = segments.length;
    this.#templates.set(count, [...(this.#templates.get(count) ?? []), template]);
  }
}

/** Orders templates of equal length: at the first segment in which they differ in kind, the more concrete comes first. */
function moreConcrete(left: Template<unknown>, right: Template<unknown>): number {
  for (const [index, segment] of left.segments.entries()) {
    const difference = openness(segment) - openness(right.segments[index] ?? '');
    if (difference !== 0) return difference;
  }
  return 0;
}

/** 0 for a concrete segment, 1 for one that is templated in part (`{id}.csv`), 2 for `{id}`. */
function openness(segment: string): number {
  if (!segment.includes('{')) return 0;
  return /^\{[^}]+\}$/.test(segment) ? 2 : 1;
}

/** Percent-decoded; as it stands if it is no valid encoding. */
function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
