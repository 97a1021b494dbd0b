/**
 * JSON Schemas (draft 7) of scenario files, for editors: they complete names and mark what cannot be. What only the computed
 * records show (references, keys, sums) is left to `paydouble scenarios check`.
 */
import { type ApiDocument, object, text } from '../document.js';
import { isArray, isObject, type JsonObject, type JsonValue } from '../json.js';
import { operatorSchema, recordInstructions } from './operator-schema.js';

const draft = 'http://json-schema.org/draft-07/schema#';

/** Formats that JSON Schema knows; those of OpenAPI alone, such as `decimal`, are left out. */
const formats = ['date-time', 'date', 'uuid', 'email', 'uri'];

const copied = ['title', 'description', 'default', 'enum', 'pattern', 'minLength', 'maxLength', 'minItems', 'maxItems'];
copied.push('uniqueItems', 'minProperties', 'maxProperties', 'multipleOf', 'required');

/** The schema of the files of one api. `control` is the control API's document, which has the rules of `faults`. */
export function scenarioSchema(document: ApiDocument, control: ApiDocument): JsonObject {
  const converter = new Converter(document, '');
  const rules = new Converter(control, 'fault.');
  const records = document.collections.map(({ name, description, schema }) => {
    const items = converter.record(document.resolve(schema));
    return [name, { description, type: ['array', 'null'], items }] as const;
  });
  const required = document.collections.map(({ name, schema }) => {
    const names = document.resolve(schema).required ?? [];
    return [name, { items: { anyOf: [...exempt, { required: names }] } }] as const;
  });
  const members = {
    extends: {
      description: 'The scenario of the same api, or several, that this one adds to; the latest word wins.',
      anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
    },
    ...common,
    credentials: credentials(document),
    settings: converter.settings(),
    next: next(document),
    faults: { type: 'array', description: 'What goes wrong on purpose, by rule.', items: rules.faultRule() },
    records: { description: 'Records by collection.', ...closed(Object.fromEntries(records)) },
  };
  return {
    $schema: draft,
    title: `A scenario of ${document.api}`,
    ...closed(members),
    // A record of a scenario that extends another need not be whole.
    if: { required: ['extends'] },
    else: { properties: { records: { properties: Object.fromEntries(required) } } },
    definitions: { operator: operatorSchema, ...converter.definitions(), ...rules.definitions() },
  };
}

/** The schema of files for several apis, beside the folders that have those of each. */
export function severalSchema(apis: readonly string[]): JsonObject {
  const each = apis.map((api) => [api, { $ref: `./${api}/scenario.schema.json` }] as const);
  return {
    $schema: draft,
    title: 'A scenario for several apis',
    ...closed({
      ...common,
      apis: { description: 'What each api begins with.', ...closed(Object.fromEntries(each)), minProperties: 1 },
    }),
    required: ['apis'],
  };
}

/** Records that need not be whole: instructions say where the rest of them is. */
const exempt: readonly JsonObject[] = [{ required: ['$remove'] }, { required: ['$like'] }];

const common: JsonObject = {
  story: { type: 'string', description: 'A paragraph: who these people are and what can be tried with them.' },
  seed: { type: 'integer', description: 'Of the random numbers; absent, 1.' },
  clock: {
    type: 'string',
    format: 'date-time',
    description: 'The clock is frozen there; absent, it shows the real time.',
  },
};

function closed(properties: JsonObject): JsonObject {
  return { type: 'object', additionalProperties: false, properties };
}

function credentials(document: ApiDocument): JsonObject {
  const schemes = document.operations.flatMap(({ security }) => security.flat().map(({ name }) => name));
  const value = { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] };
  const each = [...new Set(schemes)].map((scheme) => [scheme, value] as const);
  return { description: 'Accepted values by security scheme.', ...closed(Object.fromEntries(each)) };
}

function next(document: ApiDocument): JsonObject {
  const ids = document.collections.map(({ name }) => [name, { type: 'integer' }] as const);
  return {
    description: 'What the generators give first.',
    ...closed({
      ids: closed(Object.fromEntries(ids)),
      uuids: { type: 'array', items: { type: 'string', format: 'uuid' } },
    }),
  };
}

/** From the schemas of an OpenAPI document to those of what a file may hold: each value, or an operator in its place. */
class Converter {
  readonly #definitions = new Map<string, JsonValue>();

  constructor(
    private readonly document: ApiDocument,
    private readonly prefix: string,
  ) {}

  definitions(): JsonObject {
    return Object.fromEntries(this.#definitions);
  }

  /** A record of a collection; what it must have is said apart, since not every file says all of a record. */
  record(schema: JsonObject): JsonObject {
    const { required: _, ...converted } = this.#convert(schema, true);
    return { ...converted, properties: { ...recordInstructions, ...object(converted.properties) } };
  }

  /** The switches that the document declares. */
  settings(): JsonObject {
    const each = [...this.document.settings].map(([name, schema]) => [name, this.#convert(schema, false)] as const);
    return { description: "Switches of behaviour that the api's handlers read.", ...closed(Object.fromEntries(each)) };
  }

  /** A rule of `faults`; anything, for a document that has no schema of them. */
  faultRule(): JsonObject {
    if (object(object(this.document.root.components).schemas).FaultRule === undefined) return { type: 'object' };
    return this.#convert({ $ref: '#/components/schemas/FaultRule' }, false);
  }

  /** `computed`: whether operators may stand in the places of values below. */
  #convert(schema: JsonObject, computed: boolean): JsonObject {
    if (typeof schema.$ref === 'string') return this.#reference(schema.$ref, computed);
    const converted: Record<string, JsonValue | undefined> = {};
    for (const keyword of copied) if (schema[keyword] !== undefined) converted[keyword] = schema[keyword];
    if (schema.nullable === true && isArray(schema.enum)) converted.enum = [...new Set([...schema.enum, null])];
    if (schema.type !== undefined) converted.type = schema.nullable === true ? [schema.type, 'null'] : schema.type;
    if (formats.includes(text(schema.format, ''))) converted.format = schema.format;
    Object.assign(converted, limits(schema));
    if (isObject(schema.items)) converted.items = this.#value(schema.items, computed);
    if (isObject(schema.properties)) converted.properties = this.#properties(schema.properties, computed);
    const rest = schema.additionalProperties;
    if (rest !== undefined) converted.additionalProperties = isObject(rest) ? this.#value(rest, computed) : rest;
    for (const keyword of ['allOf', 'anyOf', 'oneOf'] as const) {
      const parts = schema[keyword];
      if (isArray(parts)) converted[keyword] = parts.map((part) => this.#convert(object(part), computed));
    }
    return converted;
  }

  #properties(properties: JsonObject, computed: boolean): JsonObject {
    const entries = Object.entries(properties);
    return Object.fromEntries(entries.map(([name, property]) => [name, this.#value(object(property), computed)]));
  }

  #value(schema: JsonObject, computed: boolean): JsonObject {
    const { description, ...converted } = this.#convert(schema, computed);
    const said = description === undefined ? {} : { description };
    return computed ? { ...said, anyOf: [converted, { $ref: '#/definitions/operator' }] } : { ...said, ...converted };
  }

  #reference(reference: string, computed: boolean): JsonObject {
    const name = `${this.prefix}${reference.slice(reference.lastIndexOf('/') + 1)}`;
    if (!this.#definitions.has(name)) {
      this.#definitions.set(name, {});
      this.#definitions.set(name, this.#convert(this.document.resolve({ $ref: reference }), computed));
    }
    return { $ref: `#/definitions/${name}` };
  }
}

/** 3.0 says by a boolean whether a limit is exclusive, JSON Schema by the limit itself. */
function limits({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonObject): JsonObject {
  return {
    ...(minimum === undefined ? {} : { [exclusiveMinimum === true ? 'exclusiveMinimum' : 'minimum']: minimum }),
    ...(maximum === undefined ? {} : { [exclusiveMaximum === true ? 'exclusiveMaximum' : 'maximum']: maximum }),
  };
}
