/**
 * The places of a request that the document says something about, each with a request in which it stands.
 */
import { type ApiDocument, list, type Operation, object, type Parameter } from '../document.js';
import { generateRequest } from '../generate.js';
import { isArray, isNumberText, isObject, type JsonObject, type JsonValue } from '../json.js';
import { escapePointer, valueAt } from '../json-pointer.js';

/** A schema with what its `$ref` and `allOf` say put together, and where it stands in the document. */
export interface Placed {
  readonly schema: JsonObject;
  readonly documented: string;
  /** The types of the alternatives to the schema. */
  readonly others?: readonly string[];
}

/** One place of a request. */
export interface Site {
  /** From the request's parts: `['body', 'lines', 0, 'amount']`. */
  readonly tokens: readonly (string | number)[];
  readonly placed: Placed;
  /** Whether the request must have it. */
  readonly required: boolean;
  /** The parts of a valid request in which it has a value; undefined if none could be made. */
  readonly carrier: JsonObject;
}

/** Schemas refer to themselves; deeper places are the same again. */
const mostDepth = 8;

/** When generated requests are made: dates in them do not hang on the day. */
export const generationTime = { epochMilliseconds: Date.UTC(2026, 0, 15, 12), nanoseconds: 0 } as const;

/** Walks what an operation documents of its request. */
export class SiteFinder {
  /** What was put together of each schema: parts that several schemas share are put together once. */
  readonly #whole = new WeakMap<JsonObject, JsonObject>();

  constructor(
    private readonly document: ApiDocument,
    /** Whether the parts of a request are valid. */
    private readonly isValid: (operation: Operation, values: JsonObject) => boolean,
  ) {}

  /** Every place of an operation's request, `base` being the parts of a valid one. */
  sites(operation: Operation, base: JsonObject, mediaType: string | undefined): readonly Site[] {
    const found: Site[] = [];
    for (const parameter of operation.parameters) {
      const documented = `${parameterPointer(this.document, operation, parameter)}/schema`;
      const tokens = [parameter.in, parameter.name];
      this.#visit(operation, tokens, this.place(parameter.schema, documented), parameter.required, base, found);
    }
    const body = operation.requestBody;
    const schema = mediaType === undefined ? undefined : body?.content.get(mediaType)?.schema;
    if (body !== undefined && mediaType !== undefined && schema !== undefined) {
      const documented = `${operationPointer(operation)}/requestBody/content/${escapePointer(mediaType)}/schema`;
      this.#visit(operation, ['body'], this.place(schema, documented), body.required, base, found);
    }
    return found;
  }

  /** A schema, its references followed and its parts put together. */
  place(node: JsonValue | undefined, documented: string): Placed {
    if (isObject(node) && typeof node.$ref === 'string') {
      return { schema: this.#flat(this.document.resolve(node)), documented: node.$ref.replace(/^#/, '') };
    }
    return { schema: this.#flat(object(node)), documented };
  }

  /** The schema of a value: of alternatives, the one that the value is. */
  placeOf(node: JsonValue | undefined, value: JsonValue | undefined): Placed {
    return this.#branch(this.place(node, ''), value);
  }

  #flat(schema: JsonObject): JsonObject {
    if (!isArray(schema.allOf)) return schema;
    const { allOf, ...own } = schema;
    const whole =
      this.#whole.get(schema) ??
      together([...schema.allOf.map((part) => this.#flat(this.document.resolve(part))), own]);
    this.#whole.set(schema, whole);
    return whole;
  }

  #visit(
    operation: Operation,
    tokens: readonly (string | number)[],
    given: Placed,
    required: boolean,
    base: JsonObject,
    found: Site[],
  ): void {
    const placed = this.#branch(given, valueAt(base, tokens));
    if (placed.schema.readOnly === true || tokens.length > mostDepth) return;
    if (found.filter((site) => site.placed.documented === placed.documented).length > 1) return;
    const carrier = this.#carry(operation, base, tokens, placed.schema);
    if (carrier === undefined) return;
    found.push({ tokens, placed, required, carrier });
    const { schema, documented } = placed;
    const names = list(schema.required);
    for (const [name, property] of Object.entries(object(schema.properties))) {
      const below = this.place(property, `${documented}/properties/${escapePointer(name)}`);
      this.#visit(operation, [...tokens, name], below, names.includes(name), carrier, found);
    }
    if (schema.items !== undefined && valueAt(carrier, [...tokens, 0]) !== undefined) {
      this.#visit(operation, [...tokens, 0], this.place(schema.items, `${documented}/items`), false, carrier, found);
    }
  }

  /** Of alternatives, the one that the value is; the first that is no null where there is no value. */
  #branch({ schema, documented }: Placed, value: JsonValue | undefined): Placed {
    const keyword = isArray(schema.oneOf) ? 'oneOf' : 'anyOf';
    const alternatives = schema[keyword];
    if (!isArray(alternatives)) return { schema, documented };
    const placed = alternatives.map((each, index) => this.place(each, `${documented}/${keyword}/${index}`));
    const chosen = (value === undefined ? undefined : fittingValue(placed, value)) ??
      placed.find((each) => each.schema.type !== 'null') ?? { schema, documented };
    const { [keyword]: _, ...own } = schema;
    const others = placed.filter((each) => each !== chosen).flatMap((each) => typesOf(each.schema));
    return { schema: together([own, chosen.schema]), documented: chosen.documented, others };
  }

  /** The base, if the place has a value in it, or a base with a generated one. */
  #carry(
    operation: Operation,
    base: JsonObject,
    tokens: readonly (string | number)[],
    schema: JsonObject,
  ): JsonObject | undefined {
    const present = valueAt(base, tokens);
    if (present !== undefined && present !== null && !(isArray(present) && present.length === 0)) return base;
    const value = generateRequest(schema, this.document.resolve, generationTime);
    const carrier = put(base, tokens, value);
    if (carrier !== undefined && this.isValid(operation, carrier)) return carrier;
    return present === undefined ? undefined : base;
  }
}

/** The alternative that a value is: by its type, and of several objects the one whose tag it has. */
function fittingValue(placed: readonly Placed[], value: JsonValue): Placed | undefined {
  const ofType = placed.filter((each) => isOfType(value, each.schema.type));
  return ofType.find(({ schema }) => isObject(value) && hasTags(value, schema)) ?? ofType[0];
}

/** Whether every member of an object that may have few values has one of them, and nothing that must be there is missing. */
function hasTags(value: JsonObject, schema: JsonObject): boolean {
  if (list(schema.required).some((name) => valueAt(value, [String(name)]) === undefined)) return false;
  return Object.entries(object(schema.properties)).every(([name, property]) => {
    const [values, own] = [object(property).enum, valueAt(value, [name])];
    return own === undefined || !isArray(values) || values.some((each) => each === own);
  });
}

/** The types that a schema names. */
function typesOf({ type, nullable }: JsonObject): readonly string[] {
  return [...(typeof type === 'string' ? [type] : []), ...(nullable === true ? ['null'] : [])];
}

/** What several schemas of one value say. */
export function together(parts: readonly JsonObject[]): JsonObject {
  const properties = new Map<string, JsonValue | undefined>();
  const required = new Set<JsonValue>();
  const found = new Map<string, JsonValue | undefined>();
  for (const part of parts) {
    for (const [keyword, value] of Object.entries(part)) {
      found.set(keyword, value);
      if (keyword === 'properties')
        for (const [name, each] of Object.entries(object(value))) properties.set(name, each);
      if (keyword === 'required') for (const name of list(value)) required.add(name);
    }
  }
  if (found.has('properties')) found.set('properties', Object.fromEntries(properties));
  if (found.has('required')) found.set('required', [...required]);
  return Object.fromEntries(found);
}

function isOfType(value: JsonValue, type: JsonValue | undefined): boolean {
  if (type === 'array') return isArray(value);
  if (type === 'object') return isObject(value);
  if (type === 'string' || type === 'boolean') return typeof value === type;
  if (type === 'number' || type === 'integer') return typeof value === 'number' || isNumberText(value);
  return true;
}

/** The value with another put at a place; a parent that is missing is made. Undefined if the place cannot be. */
export function put(
  value: JsonValue | undefined,
  tokens: readonly (string | number)[],
  wanted: JsonValue | undefined,
): JsonObject | undefined {
  const changed = putAny(value, tokens, wanted);
  return isObject(changed) ? changed : undefined;
}

function putAny(
  value: JsonValue | undefined,
  [token, ...rest]: readonly (string | number)[],
  wanted: JsonValue | undefined,
): JsonValue | undefined {
  if (token === undefined) return wanted;
  if (typeof token === 'number') {
    const elements = isArray(value) ? value : [];
    const element = putAny(elements[token], rest, wanted);
    if (element === undefined) return elements.filter((_, index) => index !== token);
    return [...elements.slice(0, token), element, ...elements.slice(token + 1)];
  }
  const members = isObject(value) ? value : {};
  const member = putAny(valueAt(members, [token]), rest, wanted);
  if (member !== undefined) return { ...members, [token]: member };
  const { [token]: _, ...others } = members;
  return others;
}

/** Where an operation stands in the document. */
export function operationPointer({ path, method }: Operation): string {
  return `/paths/${escapePointer(path)}/${method.toLowerCase()}`;
}

/** Where a parameter stands in the document. */
export function parameterPointer({ root, resolve }: ApiDocument, operation: Operation, parameter: Parameter): string {
  const item = `/paths/${escapePointer(operation.path)}`;
  const pathItem = resolve(object(root.paths)[operation.path]);
  const owners = [
    [
      `${item}/${operation.method.toLowerCase()}/parameters`,
      object(pathItem[operation.method.toLowerCase()]).parameters,
    ],
    [`${item}/parameters`, pathItem.parameters],
  ] as const;
  for (const [pointer, parameters] of owners) {
    for (const [index, node] of list(parameters).entries()) {
      const { name, in: place } = resolve(node);
      if (name !== parameter.name || place !== parameter.in) continue;
      return isObject(node) && typeof node.$ref === 'string' ? node.$ref.replace(/^#/, '') : `${pointer}/${index}`;
    }
  }
  return item;
}
