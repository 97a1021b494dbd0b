/**
 * What the document says of a value in an answer.
 */
import { documentedResponse } from '../../conformance.js';
import { object } from '../../document.js';
import { isArray, isObject, type JsonObject, type JsonValue } from '../../json.js';
import { escapePointer } from '../../json-pointer.js';
import type { Case, WireResponse } from '../case.js';
import { documentedType } from '../checks.js';
import { essenceOf } from '../client.js';
import type { VerifiedContract } from '../contract.js';
import { operationPointer, type Placed, type SiteFinder } from '../sites.js';

/** Where the document speaks of the answers of a case with this status. */
export function responsePointer({ operation }: Case, status: number): string {
  return operation === undefined ? `/x-refusals/${status}` : `${operationPointer(operation)}/responses/${status}`;
}

/** The documented headers of an answer, by lower-case name, each with its place; empty if the document has no such answer. */
export function documentedHeaders(
  { document }: VerifiedContract,
  tried: Case,
  { status }: WireResponse,
): ReadonlyMap<string, { readonly schema: JsonObject; readonly documented: string }> {
  const response = documentedResponse(tried.operation, document.refusals, status);
  const at = `${responsePointer(tried, status)}/headers`;
  return new Map(
    [...(response?.headers ?? [])].map(([name, { schema }]) => {
      const documented = `${at}/${escapePointer(name)}`;
      return [name.toLowerCase(), { schema: document.resolve(schema), documented }];
    }),
  );
}

/** The schema of an answer's body; one that allows everything if the document has none. */
export function documentedBody({ document, sites }: VerifiedContract, tried: Case, answer: WireResponse): Placed {
  const at = responsePointer(tried, answer.status);
  const response = documentedResponse(tried.operation, document.refusals, answer.status);
  const type = response && documentedType(response, essenceOf(answer));
  if (response === undefined || type === undefined) return { schema: {}, documented: at };
  return sites.place(response.content.get(type)?.schema, `${at}/content/${escapePointer(type)}/schema`);
}

/** The schema of an object's member; what is said of the object where nothing is said of the member. */
export function memberOf(sites: SiteFinder, placed: Placed, name: string): Placed {
  for (const { schema, documented } of alternatives(sites, placed)) {
    const property: JsonValue | undefined = object(schema.properties)[name];
    if (property !== undefined) return sites.place(property, `${documented}/properties/${escapePointer(name)}`);
  }
  const { additionalProperties } = placed.schema;
  return isObject(additionalProperties)
    ? sites.place(additionalProperties, `${placed.documented}/additionalProperties`)
    : { schema: {}, documented: placed.documented };
}

/** The schema of an array's elements. */
export function elementOf(sites: SiteFinder, placed: Placed): Placed {
  for (const { schema, documented } of alternatives(sites, placed)) {
    if (schema.items !== undefined) return sites.place(schema.items, `${documented}/items`);
  }
  return { schema: {}, documented: placed.documented };
}

/** A schema and what it offers to choose from. */
function alternatives(sites: SiteFinder, placed: Placed, depth = 0): readonly Placed[] {
  if (depth > 4) return [];
  const offered = (['oneOf', 'anyOf'] as const).flatMap((keyword) => {
    const choices = placed.schema[keyword];
    if (!isArray(choices)) return [];
    return choices.map((each, index) => sites.place(each, `${placed.documented}/${keyword}/${index}`));
  });
  return [placed, ...offered.flatMap((each) => alternatives(sites, each, depth + 1))];
}
