/**
 * Schemas as people write them, made into the ones that this engine reads.
 *
 * The engine knows OpenAPI 3.0's keywords, and those of JSON Schema 2020-12 that say more. Where 3.1 says the same in other
 * words - several types, `const`, exclusive limits that are numbers - it becomes what 3.0 says, so that whatever makes values
 * has one form to know. What is malformed, or known to nobody, is left out and noted.
 */
import { mostChoices, mostItems, mostLength } from './generate.js';
import {
  isAmount,
  isArray,
  isNumberText,
  isObject,
  type JsonObject,
  type JsonValue,
  numberText,
  stringify,
} from './json.js';
import { canonical } from './json-keywords.js';
import { escapePointer } from './json-pointer.js';
import { compare, isMultiple, sum } from './money.js';
import { compilesPattern } from './schema-pattern.js';

/** What a schema's surroundings give. */
export interface SchemaPlace {
  /** Whether OpenAPI 3.0's words count: `nullable` does, what stands beside a `$ref` does not. */
  readonly isOld: boolean;
  /** Keywords that are left out because of what they lead to without going into a part of the value, and that in words. */
  readonly unjudged: ReadonlyMap<string, string>;
  /** A schema within it. `tokens` lead to it. */
  part(node: JsonObject, tokens: readonly string[]): JsonObject;
  /** Tells of what is left out at a keyword. */
  note(words: string, keyword: string): void;
}

type Form = (value: JsonValue) => boolean;

const isText: Form = (value) => typeof value === 'string';
const isFlag: Form = (value) => typeof value === 'boolean';
/** A number that a double comes near: computing with others would take for ever, and no server is sent one. */
const isNumber: Form = (value) => isAmount(value) && hasDouble(numberText(value));
const isCount: Form = (value) => isAmount(value) && isNumber(value) && isLength(Number(numberText(value)));
function hasDouble(text: string): boolean {
  const double = Number(text);
  return Number.isFinite(double) && (double !== 0 || !/[1-9]/.test(text.replace(/e.*/i, '')));
}

function isLength(count: number): boolean {
  return Number.isInteger(count) && count >= 0;
}

const isSchema: Form = (value) => typeof value === 'boolean' || isObject(value);
const isNonEmpty: Form = (value) => isArray(value) && value.length > 0;
const isSchemas: Form = (value) => isArray(value) && value.length > 0 && value.every(isSchema);
const isTexts: Form = (value) => isArray(value) && value.every(isText);
const isAnything: Form = () => true;

/** Keywords whose value is a schema. */
const one = ['not', 'if', 'then', 'else', 'contains', 'propertyNames', 'items', 'additionalItems'] as const;
const closing = ['additionalProperties', 'unevaluatedItems', 'unevaluatedProperties'] as const;
/** Keywords whose value is a list of schemas. */
const many = ['allOf', 'anyOf', 'oneOf', 'prefixItems'] as const;
/** Keywords whose value has schemas by name. */
const named = ['properties', 'patternProperties', 'dependentSchemas'] as const;

/** Keywords that are read, each with the form that its value must have. */
const forms: ReadonlyMap<string, Form> = new Map(
  Object.entries<Form>({
    type: (value) => isText(value) || isTexts(value),
    enum: isNonEmpty,
    const: isAnything,
    minimum: isNumber,
    maximum: isNumber,
    exclusiveMinimum: (value) => isNumber(value) || isFlag(value),
    exclusiveMaximum: (value) => isNumber(value) || isFlag(value),
    multipleOf: (value) => isAmount(value) && isNumber(value) && Number(numberText(value)) > 0,
    minLength: isCount,
    maxLength: isCount,
    pattern: isText,
    format: isText,
    minItems: isCount,
    maxItems: isCount,
    minContains: isCount,
    maxContains: isCount,
    uniqueItems: isFlag,
    minProperties: isCount,
    maxProperties: isCount,
    required: isTexts,
    dependentRequired: (value) => isObject(value) && Object.values(value).every((each) => isTexts(each ?? null)),
    nullable: isFlag,
    readOnly: isFlag,
    writeOnly: isFlag,
    discriminator: isObject,
    examples: isAnything,
    example: isAnything,
    default: isAnything,
    ...Object.fromEntries([...one, ...closing].map((keyword) => [keyword, isSchema])),
    items: (value) => isSchema(value) || isSchemas(value),
    ...Object.fromEntries(many.map((keyword) => [keyword, isSchemas])),
    ...Object.fromEntries(named.map((keyword) => [keyword, isObject])),
  }),
);

/** Keywords that say nothing of validity, or whose schemas are read where something refers to them. */
const silent = new Set([
  ...['$ref', '$comment', '$schema', '$id', 'id', '$anchor', '$dynamicAnchor', '$defs', 'definitions', '$vocabulary'],
  ...['title', 'description', 'summary', 'externalDocs', 'xml', 'deprecated'],
]);

const types = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'] as const;

/** The formats that somebody judges, or that only describe. */
const formats = new Set(['date', 'time', 'date-time', 'iso-time', 'iso-date-time', 'duration', 'email', 'hostname']);
for (const format of ['uri', 'uri-reference', 'uri-template', 'url', 'ipv4', 'ipv6', 'regex', 'uuid', 'byte'])
  formats.add(format);
for (const format of ['json-pointer', 'relative-json-pointer', 'int32', 'int64', 'float', 'double'])
  formats.add(format);
for (const format of ['password', 'binary', 'decimal']) formats.add(format);

/** The keywords that hold for values of one type alone. */
const ofType: Readonly<Record<string, readonly string[]>> = {
  string: ['minLength', 'maxLength', 'pattern', 'format'],
  number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'format'],
  integer: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'format'],
  array: ['items', 'prefixItems', 'contains', 'minItems', 'maxItems', 'minContains', 'maxContains', 'uniqueItems'],
  object: ['properties', 'required', 'additionalProperties', 'minProperties', 'maxProperties'],
  boolean: [],
  null: [],
};
const typed = new Set(Object.values(ofType).flat());

type Members = Record<string, JsonValue | undefined>;

/** A schema in the engine's words; references are kept. */
export function plainSchema(schema: JsonObject, place: SchemaPlace): JsonObject {
  const own = wellFormed(schema, place);
  tellUnsent(own, place);
  const { $ref: reference } = schema;
  if (typeof reference === 'string') {
    const beside = Object.keys(own).filter((keyword) => keyword !== 'example' && keyword !== 'examples');
    if (beside.length === 0) return { $ref: reference };
    if (place.isOld) {
      place.note('what stands beside a $ref does not count in OpenAPI 3.0', beside[0] ?? '');
      return { $ref: reference };
    }
    own.allOf = [{ $ref: reference }, ...(isArray(own.allOf) ? own.allOf : [])];
  }
  const parts = withParts(own, place);
  if (isArray(parts.items)) {
    parts.prefixItems = parts.items;
    delete parts.items;
    if (parts.additionalItems !== undefined) parts.items = parts.additionalItems;
  }
  delete parts.additionalItems;
  exampleOf(parts);
  constant(parts);
  exclusive(parts, 'minimum', 'exclusiveMinimum', 1);
  exclusive(parts, 'maximum', 'exclusiveMaximum', -1);
  discriminated(parts);
  withoutNullAlternative(parts);
  choiceOfConstants(parts);
  return withTypes(parts);
}

/** The keywords of a schema that are read and have the form that they must have. */
function wellFormed(schema: JsonObject, place: SchemaPlace): Members {
  const found: Members = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword === '$ref' && value !== undefined && !isText(value)) {
      place.note(`$ref: ${shown(value)} is none: left out`, keyword);
    }
    if (value === undefined || silent.has(keyword) || keyword.startsWith('x-')) continue;
    const form = forms.get(keyword);
    if (form === undefined) place.note(`keyword ${keyword}: nobody judges it`, keyword);
    else if (keyword === 'nullable' && !place.isOld) {
      if (value === true)
        place.note("nullable: says nothing in OpenAPI 3.1; there it is type: [string, 'null']", keyword);
    } else if (place.unjudged.has(keyword)) {
      place.note(`${keyword} that ${place.unjudged.get(keyword)}: left out`, keyword);
    } else if (!form(value)) place.note(`${keyword}: ${shown(value)} is none: left out`, keyword);
    else if (keyword === 'format' && isText(value) && !formats.has(String(value))) {
      place.note(`format ${String(value)}: nobody judges it`, keyword);
    } else if (keyword === 'pattern' && !compilesPattern(String(value))) {
      place.note(`pattern ${shown(value)}: no regular expression of JavaScript: left out`, keyword);
    } else if (isCount(value) && isNumberText(value) && keyword.startsWith('m')) found[keyword] = Number(value.value);
    else found[keyword] = value;
  }
  return found;
}

/** Tells of what is judged in answers and too large to be sent, or holds for no value at all. */
function tellUnsent(own: Members, place: SchemaPlace): void {
  const numberOf = (keyword: string) => {
    const value = own[keyword];
    return isAmount(value) ? Number(numberText(value)) : undefined;
  };
  const limits = { minLength: mostLength, minItems: mostItems };
  for (const [keyword, most] of Object.entries(limits)) {
    const least = numberOf(keyword);
    if (least !== undefined && least > most) {
      place.note(`${keyword}: ${least} is more than is sent, at most ${most}: no request with such a value`, keyword);
    }
  }
  if (isArray(own.enum) && own.enum.length > mostChoices) {
    place.note(`enum of ${own.enum.length} values: each of the first ${mostChoices} is sent`, 'enum');
  }
  const ranges = [
    ['minLength', 'maxLength'],
    ['minItems', 'maxItems'],
    ['minProperties', 'maxProperties'],
    ['minimum', 'maximum'],
  ] as const;
  for (const [from, to] of ranges) {
    const [least, most] = [numberOf(from), numberOf(to)];
    if (least === undefined || most === undefined || least <= most) continue;
    place.note(`${from}: ${least} is above ${to}: ${most}: no value is valid`, from);
  }
}

/** A value in a note: short, so that a mistake that is made everywhere is one note. */
function shown(value: JsonValue): string {
  const text = stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** Half a pair of surrogates: no text has one, and ajv makes a URI of each name. */
export const halfPair = /\p{Surrogate}/u;

/** The schema with those within it converted. */
function withParts(own: Members, place: SchemaPlace): Members {
  const found: Members = { ...own };
  const convert = (node: JsonValue | undefined, ...tokens: string[]): JsonObject => {
    if (isObject(node)) return place.part(node, tokens);
    return node === false ? { not: {} } : {};
  };
  const list = (nodes: readonly JsonValue[], keyword: string) =>
    nodes.map((node, index) => convert(node, keyword, String(index)));
  for (const keyword of one) if (isSchema(own[keyword] ?? null)) found[keyword] = convert(own[keyword], keyword);
  for (const keyword of closing) if (isObject(own[keyword])) found[keyword] = convert(own[keyword], keyword);
  for (const keyword of [...many, 'items'] as const) {
    const nodes = own[keyword];
    if (isArray(nodes)) found[keyword] = list(nodes, keyword);
  }
  for (const keyword of named) {
    const nodes = own[keyword];
    if (!isObject(nodes)) continue;
    const members = Object.entries(nodes).filter(([name, node]) => {
      const isName = keyword === 'patternProperties' ? compilesPattern(name) : !halfPair.test(name);
      if (isSchema(node ?? null) && isName) return true;
      place.note(`${keyword}: ${shown(name)} is none: left out`, keyword);
      return false;
    });
    found[keyword] = Object.fromEntries(members.map(([name, node]) => [name, convert(node, keyword, name)]));
  }
  return found;
}

/** 3.1 has a list of examples. */
function exampleOf(own: Members): void {
  const [first] = isArray(own.examples) ? own.examples : [];
  if (own.example === undefined && first !== undefined) own.example = first;
  delete own.examples;
}

/** A constant is a choice of one; a choice says of what type its values are. */
function constant(own: Members): void {
  if (own.const !== undefined) own.enum = [own.const];
  delete own.const;
  if (!isArray(own.enum) || own.type !== undefined) return;
  const found = [...new Set(own.enum.map(typeOf))];
  const kinds = found.filter((type) => type !== 'null');
  const [only] = kinds;
  if (kinds.length === 1 && only !== undefined && only !== 'object' && only !== 'array') own.type = found;
  if (kinds.length === 0) own.type = 'null';
}

/** 3.1 has the limit itself, 3.0 a flag beside `minimum` or `maximum`. */
function exclusive(own: Members, limit: 'minimum' | 'maximum', keyword: string, sign: 1 | -1): void {
  const [bound, other] = [own[keyword], own[limit]];
  if (!isAmount(bound)) return;
  delete own[keyword];
  if (isAmount(other) && sign * compare(other, bound) > 0) return;
  const isWhole = (isArray(own.type) ? own.type : [own.type]).every((type) => type === 'integer' || type === 'null');
  // Above 0, a whole number is at least 1.
  if (isWhole && isMultiple(bound, 1)) own[limit] = sum([bound, sign]);
  else {
    own[limit] = bound;
    own[keyword] = true;
  }
}

/** Of alternatives that a property tells apart, each says which value of it is its own. */
function discriminated(own: Members): void {
  if (!isObject(own.discriminator)) return;
  const { propertyName, mapping } = own.discriminator;
  delete own.discriminator;
  if (typeof propertyName !== 'string') return;
  const names = Object.entries(isObject(mapping) ? mapping : {});
  for (const keyword of ['oneOf', 'anyOf'] as const) {
    const alternatives = own[keyword];
    if (!isArray(alternatives)) continue;
    own[keyword] = alternatives.map((each) => {
      if (!isObject(each) || typeof each.$ref !== 'string') return each;
      const schema = lastToken(each.$ref);
      const mapped = names.filter(([, target]) => typeof target === 'string' && lastToken(target) === schema);
      const values = mapped.length === 0 ? [schema] : mapped.map(([name]) => name);
      const tag = { properties: { [propertyName]: { type: 'string', enum: values } }, required: [propertyName] };
      return { allOf: [each, { type: 'object', ...tag }] };
    });
  }
}

function lastToken(reference: string): string {
  const [last = ''] = reference.split(/[/#]/).slice(-1);
  return last.replace(/\.(?:ya?ml|json)$/, '');
}

/** Of alternatives, `null` is no schema of its own: what is said beside it may be null. */
function withoutNullAlternative(own: Members): void {
  for (const keyword of ['anyOf', 'oneOf'] as const) {
    const alternatives = own[keyword];
    if (!isArray(alternatives) || Object.keys(own).some((each) => each !== keyword && !describing.has(each))) continue;
    const others = alternatives.filter((each) => !isObject(each) || each.type !== 'null');
    if (others.length === alternatives.length || others.length === 0) continue;
    own[keyword] = others;
    own.nullable = true;
  }
}

/** Alternatives that are one value each, as 3.1 describes the values of a choice, are that choice. */
function choiceOfConstants(own: Members): void {
  for (const keyword of ['anyOf', 'oneOf'] as const) {
    const alternatives = own[keyword];
    if (!isArray(alternatives) || own.enum !== undefined) continue;
    const parts = alternatives.filter(isObject);
    const kinds = new Set(parts.map(({ type }) => type));
    const isConstant = (part: JsonObject) =>
      isArray(part.enum) && Object.keys(part).every((name) => name === 'enum' || name === 'type' || name === 'example');
    if (parts.length < alternatives.length || kinds.size > 1 || !parts.every(isConstant)) continue;
    const [type] = kinds;
    if (typeof type !== 'string' || (own.type !== undefined && own.type !== type)) continue;
    own.type = type;
    own.enum = parts.flatMap((part) => (isArray(part.enum) ? part.enum : []));
    delete own[keyword];
  }
}

const describing = new Set(['default', 'example', 'readOnly', 'writeOnly', 'nullable']);

/** One type, or an alternative for each; `null` among them is `nullable`. */
function withTypes(own: Members): JsonObject {
  const said = isArray(own.type) ? own.type : own.type === undefined ? [] : [own.type];
  const wanted = [...new Set(said)].filter((type): type is string => types.some((each) => each === type));
  const others = wanted.filter((type) => type !== 'null' && (type !== 'integer' || !wanted.includes('number')));
  delete own.type;
  if (said.length === 0 || wanted.length < said.length) return own;
  const choices = isArray(own.enum) ? own.enum : undefined;
  const mayBeNull = wanted.includes('null') && (choices === undefined || choices.includes(null));
  const [only] = others;
  if (only === undefined) return { ...own, type: 'null' };
  if (mayBeNull) own.nullable = true;
  else if (choices !== undefined && own.nullable !== true) own.enum = choices.filter((each) => each !== null);
  if (others.length === 1) return { ...own, type: only };
  const shared = Object.entries(own).filter(
    ([keyword]) => !typed.has(keyword) && keyword !== 'enum' && keyword !== 'anyOf',
  );
  const branches = others.map((type): JsonObject => {
    const kept = Object.entries(own).filter(([keyword]) => ofType[type]?.includes(keyword));
    const values = choices?.filter((each) => isOf(type, each));
    return { type, ...Object.fromEntries(kept), ...(values === undefined ? {} : { enum: values }) };
  });
  const possible = branches.filter(({ enum: values }) => !isArray(values) || values.length > 0);
  const rest = Object.fromEntries(shared);
  if (own.anyOf === undefined) return { ...rest, anyOf: possible };
  return { ...rest, allOf: [...(isArray(own.allOf) ? own.allOf : []), { anyOf: possible }, { anyOf: own.anyOf }] };
}

function isOf(type: string, value: JsonValue): boolean {
  const own = typeOf(value);
  return own === type || (type === 'integer' && own === 'number' && Number.isInteger(Number(canonical(value))));
}

function typeOf(value: JsonValue): string {
  if (value === null) return 'null';
  if (isArray(value)) return 'array';
  if (isAmount(value)) return 'number';
  return isObject(value) ? 'object' : typeof value;
}

/** The schemas within a schema that are about the same value, by keyword. */
export function inPlace(schema: JsonObject): readonly (readonly [keyword: string, node: JsonValue, at: string])[] {
  const found: (readonly [string, JsonValue, string])[] = [];
  for (const keyword of ['allOf', 'anyOf', 'oneOf'] as const) {
    const nodes = schema[keyword];
    for (const [index, node] of (isArray(nodes) ? nodes : []).entries())
      found.push([keyword, node, `/${keyword}/${index}`]);
  }
  for (const keyword of ['not', 'if', 'then', 'else'] as const) {
    const node = schema[keyword];
    if (node !== undefined) found.push([keyword, node, `/${keyword}`]);
  }
  const { dependentSchemas } = schema;
  if (isObject(dependentSchemas)) {
    for (const [name, node = true] of Object.entries(dependentSchemas)) {
      found.push(['dependentSchemas', node, `/dependentSchemas/${escapePointer(name)}`]);
    }
  }
  return found;
}
