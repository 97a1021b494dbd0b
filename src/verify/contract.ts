/**
 * A document made ready to judge by: what of a request it allows, and what of an answer.
 */
import { Backend } from '../backend.js';
import type { ApiDocument, Operation, Parameter } from '../document.js';
import type { JsonObject, JsonValue } from '../json.js';
import { valueAt } from '../json-pointer.js';
import { isFormMediaType, isJsonMediaType } from '../media-type.js';
import { Headers } from '../message.js';
import { readParameters } from '../parameters.js';
import type { ProblemDetail } from '../problem.js';
import { Validator } from '../validator.js';
import { asRead } from './as-read.js';
import type { Base } from './bases.js';
import { isStructured, parameterTexts } from './request.js';
import { type Site, SiteFinder } from './sites.js';

/** One document, and what is made of it once. */
export class VerifiedContract {
  readonly validator: Validator;
  readonly sites: SiteFinder;
  readonly backend: Backend;
  readonly #sites = new WeakMap<Base, readonly Site[]>();

  constructor(readonly document: ApiDocument) {
    this.validator = new Validator(document);
    this.backend = new Backend(document, this.validator);
    this.sites = new SiteFinder(document, (operation, values) => this.faults(operation, values).length === 0);
  }

  /** Every place of the request that a base is; looked for once. */
  sitesOf(base: Base): readonly Site[] {
    const known = this.#sites.get(base) ?? this.sites.sites(base.operation, base.values, base.mediaType);
    this.#sites.set(base, known);
    return known;
  }

  /** Everything that is wrong with the parts of a request, read as a server reads them off the wire. */
  faults(operation: Operation, values: JsonObject): readonly ProblemDetail[] {
    const structured: Record<Parameter['in'], [string, JsonValue][]> = { path: [], query: [], header: [], cookie: [] };
    const query = new URLSearchParams();
    const path: [string, string][] = [];
    const headers: string[] = [];
    for (const parameter of operation.parameters) {
      const value = valueAt(values, [parameter.in, parameter.name]);
      if (value === undefined) continue;
      if (isStructured(parameter, value)) {
        const name = parameter.in === 'header' ? parameter.name.toLowerCase() : parameter.name;
        structured[parameter.in].push([name, this.#structured(parameter, value)]);
        continue;
      }
      const texts = parameterTexts(this.document, parameter, value);
      if (parameter.in === 'path') path.push([parameter.name, texts.join(',')]);
      else if (parameter.in === 'query') for (const text of texts) query.append(parameter.name, text);
      else if (parameter.in === 'header') headers.push(parameter.name, texts.join(','));
      else headers.push('cookie', texts.map((text) => `${parameter.name}=${text}`).join('; '));
    }
    const read = readParameters(this.document, operation, Object.fromEntries(path), query, new Headers(headers));
    const parameters = {
      path: { ...read.path, ...Object.fromEntries(structured.path) },
      query: { ...read.query, ...Object.fromEntries(structured.query) },
      header: { ...read.header, ...Object.fromEntries(structured.header) },
      cookie: { ...read.cookie, ...Object.fromEntries(structured.cookie) },
    };
    return this.backend.validate(operation, parameters, this.#body(operation, values.body));
  }

  #structured({ mediaType, schema }: Parameter, value: JsonValue): JsonValue {
    return mediaType !== undefined && isJsonMediaType(mediaType)
      ? value
      : asRead(this.document, this.sites, schema, value);
  }

  /** A body is judged by its first media type; in a form, everything is text. */
  #body(operation: Operation, value: JsonValue | undefined): JsonValue | undefined {
    const [media] = operation.requestBody?.content ?? [];
    if (value === undefined || media === undefined || !isFormMediaType(media[0])) return value;
    return asRead(this.document, this.sites, media[1].schema, value);
  }
}
