/**
 * What a client sent and nothing reads: a misspelt member, a read-only one, a query parameter that is not documented. A
 * server that passes over it in silence hides a client's mistake.
 */
import type { ApiDocument, Operation } from '../document.js';
import { isArray, isObject, type JsonObject, type JsonValue } from '../json.js';
import { escapePointer } from '../json-pointer.js';

/** One thing that nothing reads. */
export interface Unread {
  readonly in: 'body' | 'query';
  /** JSON pointer into it. */
  readonly pointer: string;
}

/** More are not listed. */
const most = 100;

/** The sandbox's own parameters, see prefer.ts. */
const preferences = ['__code', '__example', '__dynamic'];

/** What stands in a request and its operation's document does not name; the first hundred. */
export function findUnread(
  document: ApiDocument,
  operation: Operation,
  query: URLSearchParams,
  body: JsonValue | undefined,
): readonly Unread[] {
  const reader = new BodyReader(document, operation);
  const [media] = operation.requestBody?.content.values() ?? [];
  if (body !== undefined && media !== undefined) reader.read(body, [media.schema], '');
  return [...unreadParameters(operation, query), ...reader.unread].slice(0, most);
}

function unreadParameters(operation: Operation, query: URLSearchParams): readonly Unread[] {
  const documented = operation.parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name);
  const credentials = operation.security.flat().filter((scheme) => scheme.in === 'query');
  const names = [...documented, ...credentials.map(({ parameter }) => parameter), ...preferences];
  const known = new Set(names.map((name) => name.toLowerCase()));
  return [...new Set(query.keys())]
    .filter((name) => !known.has(name.toLowerCase()))
    .map((name) => ({ in: 'query', pointer: `/${escapePointer(name)}` }));
}

/** What the schemas of one value say of it, those within `allOf`, `oneOf` and `anyOf` included. */
interface Naming {
  /** The schemas of each member that is named. */
  readonly properties: Map<string, JsonValue[]>;
  /** The schemas of members that are not named. */
  readonly rest: JsonValue[];
  /** Whether every member counts as named. */
  open: boolean;
  readonly items: JsonValue[];
  readOnly: boolean;
}

class BodyReader {
  readonly unread: Unread[] = [];
  /** Whether names are read in any letter case, as the operation's rule of that id says. */
  readonly #anyCase: boolean;

  constructor(
    private readonly document: ApiDocument,
    operation: Operation,
  ) {
    this.#anyCase = operation.rules.some(({ id }) => id === 'names-in-any-case');
  }

  read(value: JsonValue, schemas: readonly JsonValue[], pointer: string): void {
    if (this.unread.length >= most || schemas.length === 0) return;
    const naming = this.#naming(schemas);
    if (isArray(value)) {
      for (const [index, element] of value.entries()) this.read(element, naming.items, `${pointer}/${index}`);
    } else if (isObject(value)) {
      for (const [name, member] of Object.entries(value)) {
        if (member !== undefined) this.#member(name, member, naming, `${pointer}/${escapePointer(name)}`);
      }
    }
  }

  #member(name: string, member: JsonValue, naming: Naming, pointer: string): void {
    const own = naming.properties.get(name) ?? this.#inAnyCase(name, naming);
    const isNamed = own !== undefined || naming.open || naming.rest.length > 0 || naming.properties.size === 0;
    if (!isNamed || (own !== undefined && this.#naming(own).readOnly)) this.unread.push({ in: 'body', pointer });
    else this.read(member, own ?? naming.rest, pointer);
  }

  #inAnyCase(name: string, { properties }: Naming): JsonValue[] | undefined {
    if (!this.#anyCase) return undefined;
    const found = [...properties.keys()].find((each) => each.toLowerCase() === name.toLowerCase());
    return found === undefined ? undefined : properties.get(found);
  }

  #naming(schemas: readonly JsonValue[]): Naming {
    const naming: Naming = { properties: new Map(), rest: [], open: false, items: [], readOnly: false };
    const seen = new Set<JsonObject>();
    for (const schema of schemas) this.#gather(schema, naming, seen);
    return naming;
  }

  #gather(node: JsonValue, naming: Naming, seen: Set<JsonObject>): void {
    const schema = this.document.resolve(node);
    if (seen.has(schema)) return;
    seen.add(schema);
    for (const [name, property] of Object.entries(isObject(schema.properties) ? schema.properties : {})) {
      naming.properties.set(name, [...(naming.properties.get(name) ?? []), property ?? {}]);
    }
    if (schema.additionalProperties === true) naming.open = true;
    else if (isObject(schema.additionalProperties)) naming.rest.push(schema.additionalProperties);
    if (schema.items !== undefined) naming.items.push(schema.items);
    if (schema.readOnly === true) naming.readOnly = true;
    for (const keyword of ['allOf', 'oneOf', 'anyOf'] as const) {
      const parts = schema[keyword];
      for (const part of isArray(parts) ? parts : []) this.#gather(part, naming, seen);
    }
  }
}
