/**
 * What of a document a run exercised: every status and media type of every operation, and every constraint of every part of
 * its request.
 */
import type { Operation } from '../document.js';
import type { JsonObject } from '../json.js';
import { covers } from '../media-type.js';
import type { Phase, Subject } from './case.js';
import { essenceOf } from './client.js';
import type { VerifiedContract } from './contract.js';
import type { Outcome } from './run.js';
import { formats } from './values.js';

/** One thing that a document says of an operation, and the phases that exercised it. */
export interface CoverageItem {
  readonly operationId: string;
  readonly kind: 'response' | 'constraint';
  /** `400 application/json`, or `body /amount maxLength`. */
  readonly name: string;
  /** Empty: never. */
  readonly phases: readonly Phase[];
}

/** How much of one kind was exercised. */
export interface CoverageCount {
  readonly kind: CoverageItem['kind'];
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
export function coverageOf(contract: VerifiedContract, outcomes: readonly Outcome[]): readonly CoverageItem[] {
  const reached = new Map<string, Set<Phase>>();
  const reach = (operation: Operation, kind: CoverageItem['kind'], name: string, phase: Phase) => {
    const key = keyOf(operation.operationId, kind, name);
    reached.set(key, (reached.get(key) ?? new Set()).add(phase));
  };
  for (const outcome of outcomes) {
    const { operation, phase, subject } = outcome.case;
    if (operation === undefined) continue;
    const { response } = outcome.exchange;
    if (!(response instanceof Error)) reach(operation, 'response', responseName(operation, response), phase);
    reach(operation, 'constraint', subjectName(subject), phase);
  }
  return contract.document.operations.flatMap((operation) => {
    const item = (kind: CoverageItem['kind']) => (name: string) => {
      const phases = [...(reached.get(keyOf(operation.operationId, kind, name)) ?? [])];
      return { operationId: operation.operationId, kind, name, phases };
    };
    return [
      ...documentedResponses(operation).map(item('response')),
      ...documentedConstraints(contract, operation).map(item('constraint')),
    ];
  });
}

/** How much of each kind was exercised. */
export function coverageCounts(items: readonly CoverageItem[]): readonly CoverageCount[] {
  return (['response', 'constraint'] as const).map((kind) => {
    const own = items.filter((item) => item.kind === kind);
    return { kind, exercised: own.filter(({ phases }) => phases.length > 0).length, total: own.length };
  });
}

function keyOf(...parts: readonly string[]): string {
  return parts.join('\n');
}

function documentedResponses({ responses }: Operation): readonly string[] {
  return [...responses].flatMap(([status, { content }]) =>
    content.size === 0 ? [status] : [...content.keys()].map((mediaType) => `${status} ${mediaType}`),
  );
}

/** The documented response that an answer is, by name. */
function responseName(
  { responses }: Operation,
  { status, headers }: { status: number; headers: ReadonlyMap<string, string> },
) {
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
  if (keyword === 'format') return String(value) in formats;
  return value !== undefined && (keyword !== 'additionalProperties' || value === false);
}

/** Every constraint of every part of the request that can be reached, by the names that cases have for it. */
function documentedConstraints(contract: VerifiedContract, operation: Operation): readonly string[] {
  const [mediaType] = operation.requestBody?.content.keys() ?? [];
  const sites = contract.sites.sites(operation, {}, mediaType);
  return sites.flatMap(({ tokens: [place = '', ...rest], placed: { schema }, required }) => {
    const pointer = rest.map((token) => `/${token}`).join('');
    const own = constraints.filter((keyword) => isEnforced(schema, keyword));
    const presence = required ? ['required'] : [];
    return [...presence, ...own].map((constraint) => `${place} ${pointer} ${constraint}`);
  });
}
