/**
 * Judges values against the schemas of one document. One Ajv instance an api; validators are compiled when first used, and a
 * schema is made known to ajv when something first refers to it.
 *
 * The only module that runs ajv; json-keywords.ts and judged-once.ts define keywords for it, judged-later.ts its order.
 */
import { Ajv, type ErrorObject, type Options, type ValidateFunction } from 'ajv';
import type * as Newer from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { ApiDocument } from './document.js';
import { excerpt } from './excerpt.js';
import { parseInstant } from './instant.js';
import type { JsonObject, JsonValue } from './json.js';
import { jsonNumber, jsonObject, jsonUniqueItems, keptAsText } from './json-keywords.js';
import { addLater } from './judged-later.js';
import { judgedOnce } from './judged-once.js';
import { loadPackage } from './load-package.js';
import type { ProblemDetail } from './problem.js';
import { type Side, toJsonSchema } from './schema.js';
import { schemaPattern } from './schema-pattern.js';

/** More are not listed: an answer to a hostile body stays an answer. */
const mostDetails = 100;

/** A document, and what judges values by its schemas. */
export interface Contract {
  readonly document: ApiDocument;
  readonly validator: Validator;
}

/** The validators of one document. */
export class Validator {
  readonly ajv: Ajv;
  /** Absolute, so that references between schemas mean the same wherever they stand. */
  readonly #base: string;
  readonly #compiled = new Map<Side, WeakMap<JsonObject, ValidateFunction>>([
    ['request', new WeakMap()],
    ['response', new WeakMap()],
  ]);
  /** Those of mere references, by side and `$ref`: callers make such a schema anew for each value. */
  readonly #referred = new Map<string, ValidateFunction>();
  /** The names of schemas that were referred to, by side and `$ref`. */
  readonly #names = new Map<string, string>();
  /** Those that ajv does not know yet. */
  #unknown: { readonly name: string; readonly reference: string; readonly side: Side }[] = [];

  constructor(private readonly document: ApiDocument) {
    this.#base = `paydouble://schemas/${document.api}`;
    this.ajv = document.dialect === '3.0' ? new Ajv(options) : newer();
    addFormats.default(this.ajv, { mode: 'fast' });
    this.ajv.addFormat('date-time', { type: 'string', validate: (value: string) => parseInstant(value) !== undefined });
    this.ajv.addFormat('date', {
      type: 'string',
      validate: (value: string) => /^\d{4}-\d\d-\d\d$/.test(value) && parseInstant(`${value}T00:00:00Z`) !== undefined,
    });
    this.ajv.addKeyword(jsonNumber);
    this.ajv.addKeyword(jsonObject);
    this.ajv.addKeyword(keptAsText);
    this.ajv.addKeyword(jsonUniqueItems);
    this.ajv.addKeyword(judgedOnce((reference) => this.ajv.getSchema(reference)));
  }

  /** The JSON Schema of an OpenAPI schema of this document, for one side; its references resolve in {@link ajv}. */
  jsonSchema(schema: JsonObject, side: Side): JsonObject {
    const converted = this.#convert(schema, side);
    for (let next = this.#unknown.pop(); next !== undefined; next = this.#unknown.pop()) {
      const made = this.#convert(this.document.resolve({ $ref: next.reference }), next.side);
      addLater(this.ajv, made, next.name);
    }
    return converted;
  }

  #convert(schema: JsonObject, side: Side): JsonObject {
    return toJsonSchema(schema, side, (reference) => {
      const $ref = this.#nameOf(reference, side);
      // In an answer of ours stand stored records, which need not be judged each time: see judged-once.ts. It knows nothing
      // of what unevaluatedProperties asks for.
      const isStored = side === 'response' && this.document.dialect === '3.0';
      return isStored ? { if: { judgedOnce: $ref }, else: { $ref } } : { $ref };
    });
  }

  #nameOf(reference: string, side: Side): string {
    const key = `${side}${reference}`;
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const name = `${this.#base}/${side}/${this.#names.size}`;
    this.#names.set(key, name);
    this.#unknown.push({ name, reference, side });
    return name;
  }

  /** Makes a request schema known to {@link ajv} under a name of its own, and returns the reference to it. */
  define(schema: JsonObject, name: string): string {
    const id = `${this.#base}/request/${encodeURIComponent(name.replaceAll(/\p{Surrogate}/gu, escaped))}`;
    this.ajv.addSchema(this.jsonSchema(schema, 'request'), id);
    return id;
  }

  /**
   * What is wrong with a value; empty if it is valid. `where` says which part of the message it is, and `called` what it is
   * called, if not by that.
   */
  check(
    schema: JsonObject,
    side: Side,
    value: JsonValue | undefined,
    where: ProblemDetail['in'],
    called: string = where,
  ): ProblemDetail[] {
    const validate = this.#compile(schema, side);
    if (validate(value)) return [];
    return toDetails(validate.errors ?? [], (error) => ({ in: where, pointer: error.instancePath }), called);
  }

  #compile(schema: JsonObject, side: Side): ValidateFunction {
    const reference = typeof schema.$ref === 'string' ? `${side}${schema.$ref}` : undefined;
    const compiled = reference === undefined ? this.#compiled.get(side)?.get(schema) : this.#referred.get(reference);
    if (compiled !== undefined) return compiled;
    const validate = this.ajv.compile(this.jsonSchema(schema, side));
    if (reference === undefined) this.#compiled.get(side)?.set(schema, validate);
    else this.#referred.set(reference, validate);
    return validate;
  }
}

const options: Options = {
  allErrors: true,
  strict: false,
  verbose: true,
  logger: false,
  validateFormats: true,
  // Schemas are judged where documents are read, with their places, and need not be judged by ajv's schema of schemas.
  validateSchema: false,
  meta: false,
  // A schema put into each that refers to it would be compiled again for each; and ajv looks for references within what it
  // puts so in a time that doubles with every list in a list.
  inlineRefs: false,
  // What is asked a thousand times a second V8 makes fast; ajv's own pass takes a sixth of the time that a start has.
  code: { optimize: false },
};

/** An instance that knows JSON Schema 2020-12; loaded when a document asks for it, which none that is served does. */
function newer(): Ajv {
  const { Ajv2020 } = loadPackage<typeof Newer>('ajv/dist/2020.js');
  const expression = Object.assign((pattern: string) => schemaPattern(pattern), { code: 'new RegExp' });
  // A member that every object inherits is none of its own.
  return new Ajv2020({ ...options, ownProperties: true, code: { ...options.code, regExp: expression } });
}

/** Half a pair of surrogates, which no URI can have, by its code. */
function escaped(half: string): string {
  return `\\u${half.charCodeAt(0).toString(16)}`;
}

/** What ajv found, as details: at most a hundred, those of `if` and of a failed alternative's own keyword left out. */
export function toDetails(
  errors: readonly ErrorObject[],
  place: (error: ErrorObject) => Pick<ProblemDetail, 'in' | 'pointer'>,
  called?: string,
): ProblemDetail[] {
  const telling = withoutOtherTypes(errors).filter((error) => !isSummary(error));
  const details = telling.slice(0, mostDetails).map((error) => toDetail(error, place(error), called));
  if (telling.length <= mostDetails) return details;
  const more = `And ${telling.length - mostDetails} more.`;
  return [...details, { in: 'body', pointer: '', rule: 'more', message: more }];
}

/**
 * Of alternatives, those that are for a value of another type say nothing where one is for a value of this type: an object
 * that lacks a member, where an object or an array may stand, need not be told that it is no array.
 */
function withoutOtherTypes(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const alternatives = errors.filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf');
  if (alternatives.length === 0) return errors;
  // Counted once: a long array may have as many alternatives as errors.
  const ofType = new Map<string, number>();
  for (const { keyword, instancePath } of errors) {
    if (keyword === 'type') ofType.set(instancePath, (ofType.get(instancePath) ?? 0) + 1);
  }
  const settled = alternatives.filter(
    ({ instancePath, schema }) => Array.isArray(schema) && (ofType.get(instancePath) ?? 0) < schema.length,
  );
  const places = new Set(settled.map(({ instancePath }) => instancePath));
  return errors.filter(({ keyword, instancePath }) => keyword !== 'type' || !places.has(instancePath));
}

/** Whether the error only says that others in the list make its keyword fail. */
function isSummary({ keyword, params }: ErrorObject): boolean {
  return keyword === 'if' || keyword === 'anyOf' || (keyword === 'oneOf' && params.passingSchemas === null);
}

function toDetail(error: ErrorObject, place: Pick<ProblemDetail, 'in' | 'pointer'>, called?: string): ProblemDetail {
  const received: unknown = error.data;
  const known = isJsonValue(received) && error.keyword !== 'required';
  return {
    ...place,
    rule: error.keyword,
    message: message(error, place.pointer === '' ? `The ${called ?? place.in}` : place.pointer),
    params: error.params,
    ...(known ? { received } : {}),
  };
}

function isJsonValue(value: unknown): value is JsonValue {
  return value !== undefined && typeof value !== 'function';
}

function message(error: ErrorObject, name: string): string {
  if (error.keyword === 'required') return `${name}: ${String(error.params.missingProperty)} is required.`;
  if (error.keyword === 'additionalProperties') {
    return `${name}: ${excerpt(error.params.additionalProperty)} is not documented.`;
  }
  if (error.keyword === 'false schema') return `${name}: not documented here. Received ${excerpt(error.data)}.`;
  const values: unknown = error.params.allowedValues;
  const demand = Array.isArray(values) ? `must be one of ${values.map(String).join(', ')}` : error.message;
  return `${name}: ${demand ?? 'is not valid'}. Received ${excerpt(error.data)}.`;
}
