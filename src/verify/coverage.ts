/**
 * What of a document a run exercised: every operation, the media types and parameters of its request and every constraint of
 * them, every status and media type of its answers.
 */
import type { Operation, Parameter } from '../document.js';
import type { JsonObject } from '../json.js';
import { covers } from '../media-type.js';
import { pathAndQuery } from '../path-and-query.js';
import { type Base, bases } from './bases.js';
import type { Phase, Subject, WireRequest, WireResponse } from './case.js';
import { essenceOf } from './client.js';
import type { VerifiedContract } from './contract.js';
import type { RunResult } from './run.js';
import { formats } from './values.js';

/**
 * What is counted: an operation, if it succeeded; a parameter and a media type of a body, if they were sent; an answer, if it
 * came; a constraint, if a request was made for it.
 */
export const coverageKinds = ['operation', 'parameter', 'media-type', 'response', 'constraint'] as const;
export type CoverageKind = (typeof coverageKinds)[number];

/** One thing that a document says of an operation, and what exercised it. */
export interface CoverageItem {
  readonly operationId: string;
  readonly kind: CoverageKind;
  /** `POST /payments`, `query size`, `application/json`, `400 application/json`, `body /amount maxLength`. */
  readonly name: string;
  /** The phases of a run, or `client`. Empty: never. */
  readonly phases: readonly string[];
}

/** How much of one kind was exercised. */
export interface CoverageCount {
  readonly kind: CoverageKind;
  readonly exercised: number;
  readonly total: number;
}

/** Keywords that a request can keep or break; others describe. */
const constraints = [
  'type',
  'enum',
  'minLength',
  'maxLength',
  'pattern',
  'format',
  'minimum',
  'maximum',
  'multipleOf',
  'minItems',
  'maxItems',
  'uniqueItems',
  'additionalProperties',
  'contains',
  'dependentRequired',
] as const;

/** Every item of the document, with the phases that came to it. */
export function coverageOf(
  contract: VerifiedContract,
  { outcomes, bases: known }: Pick<RunResult, 'outcomes' | 'bases'>,
): readonly CoverageItem[] {
  const reached = new Map<string, Set<Phase>>();
  const reach = (operation: Operation, kind: CoverageKind, name: string, phase: Phase) => {
    const key = keyOf(operation.operationId, kind, name);
    reached.set(key, (reached.get(key) ?? new Set()).add(phase));
  };
  for (const outcome of outcomes) {
    const { operation, phase, subject, request } = outcome.case;
    if (operation === undefined) continue;
    reach(operation, 'constraint', subjectName(subject), phase);
    for (const parameter of operation.parameters) {
      if (isSent(parameter, request)) reach(operation, 'parameter', parameterName(parameter), phase);
    }
    const mediaType = headersNamed('content-type', request).join();
    if (request.body !== undefined) reach(operation, 'media-type', mediaType.toLowerCase(), phase);
    const { answer } = outcome;
    if (answer instanceof Error) continue;
    reach(operation, 'response', responseName(operation, answer), phase);
    if (answer.status < 300) reach(operation, 'operation', operationName(operation), phase);
  }
  return contract.document.operations.flatMap((operation) => {
    const item = (kind: CoverageKind) => (name: string) => {
      const phases = [...(reached.get(keyOf(operation.operationId, kind, name)) ?? [])];
      return { operationId: operation.operationId, kind, name, phases };
    };
    return [
      item('operation')(operationName(operation)),
      ...operation.parameters.map(parameterName).map(item('parameter')),
      ...[...(operation.requestBody?.content.keys() ?? [])]
        .filter((type) => !type.includes('*'))
        .map(item('media-type')),
      ...documentedResponses(operation).map(item('response')),
      ...documentedConstraints(contract, known.get(operation) ?? firstBase(contract, operation)).map(
        item('constraint'),
      ),
    ];
  });
}

/** How much of each kind was exercised, of the kinds that there are. */
export function coverageCounts(items: readonly CoverageItem[]): readonly CoverageCount[] {
  return coverageKinds.flatMap((kind) => {
    const own = items.filter((item) => item.kind === kind);
    if (own.length === 0) return [];
    return [{ kind, exercised: own.filter(({ phases }) => phases.length > 0).length, total: own.length }];
  });
}

function keyOf(...parts: readonly string[]): string {
  return parts.join('\n');
}

function operationName({ method, path }: Operation): string {
  return `${method} ${path}`;
}

function parameterName({ name, in: place }: Parameter): string {
  return `${place} ${name}`;
}

/** Whether a request has a parameter; one of the path is always there. */
function isSent({ name, in: place }: Parameter, request: WireRequest): boolean {
  if (place === 'path') return true;
  if (place === 'query') return new URLSearchParams(pathAndQuery(request.path)[1]).has(name);
  if (place === 'header') return headersNamed(name, request).length > 0;
  return headersNamed('cookie', request).some((text) => text.split('; ').some((pair) => pair.startsWith(`${name}=`)));
}

function headersNamed(name: string, { headers }: WireRequest): readonly string[] {
  return headers.filter(([each]) => each.toLowerCase() === name.toLowerCase()).map(([, value]) => value);
}

/** Every documented response of an operation, by status and media type. */
export function documentedResponses({ responses }: Operation): readonly string[] {
  return [...responses].flatMap(([status, { content }]) =>
    content.size === 0 ? [status] : [...content.keys()].map((mediaType) => `${status} ${mediaType}`),
  );
}

/** The documented response that an answer is, by name. */
export function responseName({ responses }: Operation, { status, headers }: Pick<WireResponse, 'status' | 'headers'>) {
  const name =
    [String(status), `${String(status)[0]}XX`, 'default'].find((each) => responses.has(each)) ?? String(status);
  const essence = essenceOf({ headers });
  const types = [...(responses.get(name)?.content.keys() ?? [])];
  const type = types.find((each) => covers(each, essence)) ?? essence;
  return type === '' ? name : `${name} ${type}`;
}

/** A subject with indexes and repetitions taken out. */
function subjectName({ in: place, pointer, constraint }: Subject): string {
  return `${place} ${pointer.replaceAll(/\/\d+(?=\/|$)/g, '/0')} ${constraint}`;
}

/** Formats that no validator judges, such as `double`, and `true` where there is nothing to break, are no constraints. */
function isEnforced(schema: JsonObject, keyword: string): boolean {
  const value = schema[keyword];
  if (keyword === 'format') return formats.has(String(value));
  return value !== undefined && (keyword !== 'additionalProperties' || value === false);
}

/** Where no phase needed a request to begin from. */
function firstBase(contract: VerifiedContract, operation: Operation): Base | undefined {
  const candidates = bases(contract, operation);
  return candidates.find(({ values }) => contract.faults(operation, values).length === 0) ?? candidates[0];
}

/** Every constraint of every part of the request that can be reached, by the names that cases have for it. */
function documentedConstraints(contract: VerifiedContract, base: Base | undefined): readonly string[] {
  const sites = base === undefined ? [] : contract.sitesOf(base);
  return sites.flatMap(({ tokens: [place = '', ...rest], placed: { schema }, required }) => {
    const pointer = rest.map((token) => `/${token}`).join('');
    // Whatever stands in a query or a header is a text.
    const isText = place !== 'body' && schema.type === 'string';
    const own = constraints.filter((keyword) => isEnforced(schema, keyword) && !(isText && keyword === 'type'));
    const presence = required ? ['required'] : [];
    return [...presence, ...own].map((constraint) => `${place} ${pointer} ${constraint}`);
  });
}
