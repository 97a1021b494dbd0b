/**
 * Paths to path templates, compiled once into a tree of segments, so that a match takes the same time however many there
 * are. As OpenAPI says: a concrete path before a templated one; letters, case and trailing slashes as documented.
 */

/** Where a path leads: the operations at its path template, by method, and the values in the path, decoded. */
export interface PathMatch<T> {
  /** Upper-case method -> operation. */
  readonly operations: ReadonlyMap<string, T>;
  readonly values: Readonly<Record<string, string>>;
}

/** What may follow the segments that led here. */
interface Node<T> {
  /** By the segment, decoded. */
  readonly concrete: Map<string, Node<T>>;
  /** Segments that are templated in part: `{id}.csv`; in the order of the document. */
  readonly partly: { readonly segment: string; readonly pattern: RegExp; readonly node: Node<T> }[];
  /** What follows `{id}`. */
  templated: Node<T> | undefined;
  /** What ends here. */
  end: { readonly names: readonly string[]; readonly operations: Map<string, T> } | undefined;
}

export class PathMatcher<T extends { readonly path: string; readonly method: string }> {
  readonly #root: Node<T> = makeNode();

  constructor(operations: readonly T[]) {
    for (const operation of operations) {
      const end = this.#end(operation.path);
      end.set(operation.method, operation);
    }
  }

  /** `undefined` if no path template matches. */
  match(path: string): PathMatch<T> | undefined {
    const values: string[] = [];
    const end = walk(this.#root, path.split('/'), 0, values);
    if (end === undefined) return undefined;
    return { operations: end.operations, values: named(end.names, values) };
  }

  /** The operations at a template, which is put into the tree if it is not there. */
  #end(path: string): Map<string, T> {
    let node = this.#root;
    for (const segment of path.split('/')) node = next(node, segment);
    const names = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name = '']) => name);
    node.end ??= { names, operations: new Map() };
    return node.end.operations;
  }
}

const nothing: Readonly<Record<string, string>> = Object.freeze({});

function named(names: readonly string[], values: readonly string[]): Readonly<Record<string, string>> {
  if (names.length === 0) return nothing;
  return Object.fromEntries(names.map((name, index) => [name, decode(values[index] ?? '')]));
}

function makeNode<T>(): Node<T> {
  return { concrete: new Map(), partly: [], templated: undefined, end: undefined };
}

/** The node behind a template's segment, made if there is none. */
function next<T>(node: Node<T>, segment: string): Node<T> {
  if (/^\{[^}]+\}$/.test(segment)) {
    node.templated ??= makeNode();
    return node.templated;
  }
  if (segment.includes('{')) {
    const known = node.partly.find((each) => each.segment === segment);
    if (known !== undefined) return known.node;
    const made = { segment, pattern: patternOf(segment), node: makeNode<T>() };
    node.partly.push(made);
    return made.node;
  }
  const literal = decode(segment);
  const known = node.concrete.get(literal) ?? makeNode<T>();
  node.concrete.set(literal, known);
  return known;
}

function patternOf(segment: string): RegExp {
  const literals = segment.split(/\{[^}]+\}/).map((literal) => literal.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${literals.join('([^/]+)')}$`);
}

/**
 * The most concrete template that the segments from `index` on match; its values are left in `values`. At each segment the
 * concrete comes first, then what is templated in part, then what is templated whole; the tree bounds the work, not the path.
 */
function walk<T>(node: Node<T>, segments: readonly string[], index: number, values: string[]): Node<T>['end'] {
  const segment = segments[index];
  if (segment === undefined) return node.end;
  const concrete = node.concrete.get(segment.includes('%') ? decode(segment) : segment);
  const found = concrete && walk(concrete, segments, index + 1, values);
  if (found !== undefined) return found;
  const before = values.length;
  for (const { pattern, node: behind } of node.partly) {
    const match = pattern.exec(segment);
    if (match === null) continue;
    values.push(...match.slice(1));
    const end = walk(behind, segments, index + 1, values);
    if (end !== undefined) return end;
    values.length = before;
  }
  if (node.templated === undefined || segment === '') return undefined;
  values.push(segment);
  const end = walk(node.templated, segments, index + 1, values);
  if (end === undefined) values.length = before;
  return end;
}

/** Percent-decoded; as it stands if it is no valid encoding. */
function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
