/**
 * Requests that the document allows: every property alone, all and none of those that may be left out, every documented
 * value, both ends of every range, length and list, every media type.
 */

import type { Operation } from '../../document.js';
import { isArray, isObject, type JsonObject, type JsonValue } from '../../json.js';
import { valueAt } from '../../json-pointer.js';
import { isSendable } from '../../media-type.js';
import type { Base } from '../bases.js';
import type { Case, Subject } from '../case.js';
import type { VerifiedContract } from '../contract.js';
import { type Authority, render, type WireChange } from '../request.js';
import { operationPointer, put, type Site } from '../sites.js';
import { edges } from '../values.js';
import { CaseList, subjectAt } from './case-list.js';

/** The positive cases of an operation, as variations of a request that is accepted. */
export function positiveCases(contract: VerifiedContract, base: Base, authority: Authority): readonly Case[] {
  const { operation } = base;
  const list = new CaseList('positive', operation);
  const add = (
    subject: Subject,
    values: JsonObject | undefined,
    mediaType = base.mediaType,
    change: WireChange = {},
  ) => {
    // What the document forbids after all is no positive case: limits may exclude each other.
    if (values === undefined || contract.faults(operation, values).length > 0) return;
    const draft = { operation, values, ...(mediaType === undefined ? {} : { mediaType }) };
    list.add(subject, render(contract.document, draft, authority, change), { kind: 'accepted' });
  };
  const documented = operationPointer(operation);
  add({ in: 'request', pointer: '', constraint: base.name, documented }, base.values);
  const sites = contract.sitesOf(base);
  const optional = sites.filter(({ required, tokens }) => !required && typeof tokens.at(-1) === 'string');
  add({ in: 'request', pointer: '', constraint: 'minimal', documented }, without(base.values, optional));
  add({ in: 'request', pointer: '', constraint: 'all', documented }, all(base.values, optional));
  for (const site of sites) {
    const given = valueAt(base.values, site.tokens);
    if (given === undefined) add(subjectAt(site, 'present'), site.carrier);
    else if (optional.includes(site)) add(subjectAt(site, 'absent'), put(base.values, site.tokens, undefined));
    for (const { constraint, value } of edges(site.placed.schema, valueAt(site.carrier, site.tokens))) {
      add(subjectAt(site, constraint), put(site.carrier, site.tokens, value));
    }
  }
  for (const [mediaType, { schema }] of operation.requestBody?.content ?? []) {
    if (mediaType === base.mediaType || !isSendable(mediaType)) continue;
    // Another media type may have another schema, which the body of this one does not keep.
    if (contract.validator.check(schema, 'request', base.values.body, 'body').length > 0) continue;
    const at = `${documented}/requestBody/content`;
    add({ in: 'media-type', pointer: '', constraint: mediaType, documented: at }, base.values, mediaType);
  }
  for (const [mediaType, documentedAt] of answerTypes(operation)) {
    const subject = { in: 'header', pointer: '/Accept', constraint: mediaType, documented: documentedAt };
    add(subject, base.values, base.mediaType, { accept: mediaType });
  }
  return list.cases;
}

/** The media types of successes, if there are several, each with its place in the document. */
function answerTypes(operation: Operation): readonly (readonly [string, string])[] {
  const types = [...operation.responses].flatMap(([status, { content }]) =>
    status.startsWith('2')
      ? [...content.keys()].map((type) => [type, `${operationPointer(operation)}/responses/${status}/content`] as const)
      : [],
  );
  return types.length > 1 ? types : [];
}

/** The request with nothing that may be left out; deepest first, so that a parent is not made again. */
function without(values: JsonObject, optional: readonly Site[]): JsonObject | undefined {
  let left: JsonObject | undefined = values;
  for (const { tokens } of [...optional].sort((one, other) => other.tokens.length - one.tokens.length)) {
    if (left !== undefined && valueAt(left, tokens) !== undefined) left = put(left, tokens, undefined);
  }
  return left;
}

/** The request with everything that may be there. */
function all(values: JsonObject, optional: readonly Site[]): JsonObject | undefined {
  let whole: JsonObject | undefined = values;
  for (const { tokens, carrier } of optional) {
    const value: JsonValue | undefined = valueAt(carrier, tokens);
    const parent = valueAt(whole, tokens.slice(0, -1));
    // What an alternative or an empty list leaves out stays out.
    if (whole === undefined || value === undefined || !(isObject(parent) || isArray(parent))) continue;
    if (valueAt(whole, tokens) === undefined) whole = put(whole, tokens, value);
  }
  return whole;
}
