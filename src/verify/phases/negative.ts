/**
 * Requests that the document forbids, each for one reason: one for every constraint of every parameter, header and property
 * of the body, and for what HTTP itself and the security schemes demand.
 */
import type { Operation } from '../../document.js';
import { isObject, type JsonObject, stringify } from '../../json.js';
import { escapePointer, valueAt } from '../../json-pointer.js';
import { covers, isJsonMediaType } from '../../media-type.js';
import type { ProblemDetail } from '../../problem.js';
import type { Base } from '../bases.js';
import type { Case, Check, Subject } from '../case.js';
import type { VerifiedContract } from '../contract.js';
import { type Authority, render, requirementOf, type WireChange } from '../request.js';
import { operationPointer, put, type Site } from '../sites.js';
import { breaches } from '../values.js';
import { CaseList, subjectAt } from './case-list.js';

const invalid = new Set([400, 422]);
const invalidPath = new Set([400, 404, 422]);
const tooLarge = new Set([400, 413, 422]);
/** RFC 6585: a request must be conditional. RFC 9110: its condition does not hold. */
const missingCondition = new Set([400, 422, 428]);
const brokenCondition = new Set([400, 412, 422]);
const unsupportedMedia = new Set([415]);
const unknownType = 'application/x-paydouble-unknown';
const unauthorized = new Set([401, 403]);

/** The negative cases of an operation, as variations of a request that is accepted. */
export function negativeCases(contract: VerifiedContract, base: Base, authority: Authority): readonly Case[] {
  const { operation } = base;
  const list = new CaseList('negative', operation);
  const add = (
    subject: Subject,
    statuses: ReadonlySet<number>,
    check: Check,
    change: WireChange,
    values = base.values,
  ) => {
    const draft = { operation, values, ...(base.mediaType === undefined ? {} : { mediaType: base.mediaType }) };
    list.add(subject, render(contract.document, draft, authority, change), { kind: 'refused', statuses, check });
  };
  for (const site of contract.sitesOf(base)) {
    for (const [constraint, values] of breaking(site)) {
      const subject = subjectAt(site, constraint);
      if (values === undefined || !breaksAlone(contract.faults(operation, values), subject)) continue;
      const missingHeader = subject.in === 'header' && constraint === 'required';
      const check = missingHeader ? 'missing_required_header' : 'negative_data_rejection';
      add(subject, statusesFor(subject), check, {}, values);
    }
  }
  malformed(base, add);
  notAcceptable(operation, add);
  credentials(operation, authority, add);
  return list.cases;
}

/** The parts of requests that break one constraint of a place each. */
function breaking({ tokens, placed, required, carrier }: Site): readonly (readonly [string, JsonObject | undefined])[] {
  const usual = valueAt(carrier, tokens);
  const found = breaches(placed.schema, usual, placed.others).map(
    ({ constraint, value }) => [constraint, put(carrier, tokens, value)] as const,
  );
  const more: (readonly [string, JsonObject | undefined])[] = [];
  // A body that is missing altogether is told apart below: its media type is missing with it.
  if (required && tokens.length > 1) more.push(['required', put(carrier, tokens, undefined)]);
  if (placed.schema.additionalProperties === false && isObject(usual)) {
    more.push(['additionalProperties', put(carrier, [...tokens, 'paydoubleUnknown'], 'x')]);
  }
  return [...more, ...found];
}

/** Whether everything that is wrong with a request is wrong at this place, and for one reason. */
function breaksAlone(faults: readonly ProblemDetail[], subject: Subject): boolean {
  // A value of another type breaks what is asked of its own type too.
  const oneReason = subject.constraint === 'type' || new Set(faults.map(({ rule }) => rule)).size === 1;
  if (!oneReason && subject.constraint !== 'null') return false;
  const at = subject.in === 'header' ? subject.pointer.toLowerCase() : subject.pointer;
  return (
    faults.length > 0 &&
    faults.every(({ in: place, pointer }) => {
      return (
        place === subject.in &&
        (pointer === at || pointer.startsWith(`${at}/`) || at.startsWith(`${pointer}/`) || pointer === '')
      );
    })
  );
}

function statusesFor({ in: place, pointer, constraint }: Subject): ReadonlySet<number> {
  if (place === 'path') return invalidPath;
  if (place === 'header' && /^\/if-(?:match|unmodified-since)$/i.test(pointer)) {
    return constraint === 'required' ? missingCondition : brokenCondition;
  }
  return constraint === 'maxLength' || constraint === 'maxItems' ? tooLarge : invalid;
}

type Add = (subject: Subject, statuses: ReadonlySet<number>, check: Check, change: WireChange) => void;

/** What is wrong before there is a value: another media type, text that is no JSON, no body. */
function malformed({ operation, mediaType, values }: Base, add: Add): void {
  if (mediaType === undefined || operation.requestBody === undefined) return;
  const documented = `${operationPointer(operation)}/requestBody`;
  const check = 'negative_data_rejection';
  const accepted = [...operation.requestBody.content.keys()];
  if (!accepted.some((each) => covers(each, unknownType))) {
    const subject = { in: 'media-type', pointer: '', constraint: 'unknown', documented: `${documented}/content` };
    add(subject, unsupportedMedia, check, { contentType: unknownType });
  }
  if (!isJsonMediaType(mediaType)) return;
  const text = values.body === undefined ? '{}' : stringify(values.body);
  const at = `${documented}/content/${escapePointer(mediaType)}`;
  const json = { in: 'media-type', pointer: '', documented: at };
  add({ ...json, constraint: 'malformed' }, invalid, check, { body: text.slice(0, -1) });
  add({ ...json, constraint: 'trailing' }, invalid, check, { body: `${text}}` });
  if (operation.requestBody.required) {
    const subject = { in: 'body', pointer: '', constraint: 'required', documented: `${documented}/required` };
    add(subject, new Set([...invalid, 415]), check, { body: '' });
  }
}

/** An answer in a media type that there is not, where the document says that this is refused. */
function notAcceptable(operation: Operation, add: Add): void {
  if (!operation.responses.has('406')) return;
  const documented = `${operationPointer(operation)}/responses/406`;
  const subject = { in: 'header', pointer: '/Accept', constraint: 'unknown', documented };
  add(subject, new Set([406]), 'negative_data_rejection', { accept: 'application/x-paydouble-unknown' });
}

/** A credential that is missing, and one that is wrong, for each security scheme that the operation demands. */
function credentials(operation: Operation, authority: Authority, add: Add): void {
  if (operation.security.some((schemes) => schemes.length === 0)) return;
  for (const scheme of requirementOf(operation, authority)) {
    const subject = {
      in: 'security',
      pointer: `/${scheme.name}`,
      documented: `/components/securitySchemes/${scheme.name}`,
    };
    add({ ...subject, constraint: 'missing' }, unauthorized, 'ignored_auth', { without: scheme });
    add({ ...subject, constraint: 'wrong' }, unauthorized, 'ignored_auth', { wrong: scheme });
  }
}

const commonMethods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Requests for no operation: every path with a method that it does not have, and a path that there is not. */
export function strayCases(contract: VerifiedContract, bases: readonly Base[], authority: Authority): readonly Case[] {
  const list = new CaseList('negative', undefined);
  const { document } = contract;
  const declares = (status: string) =>
    document.refusals.has(status) || document.operations.some(({ responses }) => responses.has(status));
  const methodStatuses = new Set(declares('405') ? [405] : [404, 405, 501]);
  for (const [path, [base]] of grouped(bases)) {
    if (base === undefined) continue;
    const known = document.operations.filter((operation) => operation.path === path).map(({ method }) => method);
    for (const method of commonMethods.filter((each) => !known.includes(each))) {
      const { body: _, ...request } = render(document, base, authority, { method });
      const subject = { in: 'method', pointer: '', constraint: method, documented: `/paths/${escapePointer(path)}` };
      list.add(subject, request, { kind: 'refused', statuses: methodStatuses, check: 'unsupported_method' });
    }
  }
  const [base] = bases;
  if (base === undefined) return list.cases;
  const { body: _, ...request } = render(document, base, authority, { method: 'GET', path: '/paydouble-unknown-path' });
  const subject = { in: 'request', pointer: '', constraint: 'unknown path', documented: '/paths' };
  list.add(subject, request, { kind: 'refused', statuses: new Set([404]), check: 'negative_data_rejection' });
  return list.cases;
}

function grouped(bases: readonly Base[]): ReadonlyMap<string, readonly Base[]> {
  const groups = new Map<string, Base[]>();
  for (const base of bases) groups.set(base.operation.path, [...(groups.get(base.operation.path) ?? []), base]);
  return groups;
}
