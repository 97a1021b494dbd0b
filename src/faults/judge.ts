/**
 * Whether a rule may stand: by its schema in the control API's document, by what is served, and by what the documents
 * declare for the answers that it gives. One judge for scenarios and for the control API.
 */
import type { components } from '../../specs/_sandbox/openapi.js';
import { documentedResponse, judge } from '../conformance.js';
import { type ApiDocument, loadDocument, type Operation, object, text } from '../document.js';
import { excerpt } from '../excerpt.js';
import { isArray, isObject, type JsonObject, type JsonValue } from '../json.js';
import { escapePointer } from '../json-pointer.js';
import { compileMatch, knownApis } from '../match.js';
import { responseMediaType } from '../negotiation.js';
import { Problem, type ProblemDetail } from '../problem.js';
import { Validator } from '../validator.js';
import { effectNames, type Respond, readEffect } from './effect.js';
import { objectAt } from './read.js';
import { operationIdsOf } from './rule.js';
import { faultWords } from './word.js';

/** An api as far as rules are judged by it. */
export interface FaultTarget {
  readonly document: ApiDocument;
  readonly validator: Validator;
}

/** A rule as it is written: `components.schemas.FaultRule` of the control API's document. */
export type WrittenRule = components['schemas']['FaultRule'];

/** One thing that is wrong with a rule, its pointer relative to the rule. */
export type RuleComplaint = Pick<ProblemDetail, 'pointer' | 'rule' | 'message'>;

const schema = { $ref: '#/components/schemas/FaultRule' };
let validator: Validator | undefined;

/** Read when the first rule is judged: most sandboxes have none. */
function ruleValidator(): Validator {
  validator ??= new Validator(loadDocument('_sandbox'));
  return validator;
}

/** Whether a value is a rule by its schema. */
export function isWrittenRule(value: JsonValue): value is JsonObject & WrittenRule {
  return ruleValidator().check(schema, 'request', value, 'body').length === 0;
}

/** All that is wrong with a rule; empty if it may stand. */
export function judgeRule(rule: JsonValue, targets: ReadonlyMap<string, FaultTarget>): readonly RuleComplaint[] {
  const details = ruleValidator().check(schema, 'request', rule, 'body');
  if (details.length > 0 || !isObject(rule)) return details;
  return new RuleJudge(rule, targets).complaints();
}

/** All that is wrong with a list of rules, names that come twice included. */
export function judgeRules(rules: readonly JsonValue[], targets: ReadonlyMap<string, FaultTarget>): RuleComplaint[] {
  const names = new Set<JsonValue>();
  return rules.flatMap((rule, index) => {
    const found = judgeRule(rule, targets).map((each) => ({ ...each, pointer: `/${index}${each.pointer}` }));
    const name = object(rule).name;
    if (name === undefined) return found;
    if (names.has(name)) {
      const message = `Another rule has the name ${excerpt(name)} already. Give each a name of its own, or none.`;
      found.push({ pointer: `/${index}/name`, rule: 'unique', message });
    }
    names.add(name);
    return found;
  });
}

/** An operation that a rule may strike, with its api. */
interface Struck {
  readonly target: FaultTarget;
  readonly operation: Operation;
}

/** Judges one rule that its schema has found valid. */
class RuleJudge {
  readonly #found: RuleComplaint[] = [];

  constructor(
    private readonly rule: JsonObject,
    private readonly targets: ReadonlyMap<string, FaultTarget>,
  ) {}

  complaints(): readonly RuleComplaint[] {
    this.#name();
    this.#api();
    this.#operationIds();
    this.#match();
    this.#range();
    this.#fault();
    return this.#found;
  }

  #complain(pointer: string, rule: string, message: string): void {
    this.#found.push({ pointer, rule, message });
  }

  #name(): void {
    const { name } = this.rule;
    if (!faultWords.some((word) => word === name)) return;
    this.#complain('/name', 'name', `${excerpt(name)} is a fault of its own in Prefer: fault=. Choose another name.`);
  }

  #api(): void {
    const { api } = this.rule;
    if (api === undefined || this.targets.has(String(api))) return;
    const known = [...this.targets.keys()].join(', ');
    this.#complain('/api', 'exists', `Nothing is served under api ${String(api)}. Known are ${known}.`);
  }

  #operationIds(): void {
    const { operationId } = this.rule;
    const wanted = operationIdsOf(operationId);
    if (wanted === undefined) return;
    const known = new Set(this.#inApi().map(({ operation }) => operation.operationId));
    [...wanted].forEach((each, index) => {
      if (known.has(each)) return;
      const pointer = isArray(operationId) ? `/operationId/${index}` : '/operationId';
      const message = `Nothing is served under operationId ${each}. Known are ${[...known].join(', ')}.`;
      this.#complain(pointer, 'exists', message);
    });
  }

  #match(): void {
    const { match } = this.rule;
    if (match === undefined) return;
    const known = knownApis([...this.targets.values()].map(({ document }) => document));
    try {
      compileMatch(match, { at: '/match', known });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.#found.push(...error.details);
    }
    for (const name of ['status', 'response', 'fault'] as const) {
      if (object(match)[name] === undefined) continue;
      const message = `A fault is chosen before there is an answer or another fault, so that no ${name} matches. Leave it out.`;
      this.#complain(`/match/${name}`, 'match', message);
    }
  }

  #range(): void {
    const { uniform } = object(object(this.rule.fault).latency);
    const [least, most] = isArray(uniform) ? uniform.map((each) => Number(String(each))) : [];
    if (least === undefined || most === undefined || least <= most) return;
    const message = `Received ${least} to ${most}; the shorter latency comes first.`;
    this.#complain('/fault/latency/uniform', 'order', message);
  }

  #fault(): void {
    const fault = objectAt(this.rule, 'fault') ?? {};
    const given = effectNames.filter((name) => fault[name] !== undefined);
    if (given.length > 1) {
      const message = `Received ${given.join(' and ')}; a fault has one of ${effectNames.join(', ')}, and latency beside it.`;
      this.#complain('/fault', 'oneOf', message);
      return;
    }
    const effect = readEffect(fault);
    if (effect?.kind === 'respond') this.#respond(effect);
  }

  #respond(respond: Respond): void {
    if (respond.example !== undefined && respond.body !== undefined) {
      this.#complain('/fault/respond', 'oneOf', 'Received example and body; an answer has one of them, or neither.');
      return;
    }
    this.#headers(respond);
    const struck = this.#struck();
    for (const each of struck) this.#respondTo(each, respond);
    this.#undocumented(struck, respond);
  }

  #headers({ headers }: Respond): void {
    for (const name of Object.keys(headers)) {
      const pointer = `/fault/respond/headers/${escapePointer(name)}`;
      if (!/^[\w!#$%&'*+.^`|~-]{1,100}$/.test(name)) {
        this.#complain(pointer, 'name', `${excerpt(name)} is no name of a header.`);
      } else if (serversOwn.has(name.toLowerCase())) {
        this.#complain(pointer, 'name', `${name} is the server's own to write. Leave it out.`);
      }
    }
  }

  #respondTo({ target, operation }: Struck, respond: Respond): void {
    const { status, example, body, force } = respond;
    const at = `/fault${respond.at}`;
    const { operationId } = operation;
    const response = documentedResponse(operation, target.document.refusals, status);
    if (response === undefined) return;
    const content = response.content.get(responseMediaType(response, undefined) ?? '');
    if (example !== undefined && content?.examples.has(example) !== true) {
      const names = [...(content?.examples.keys() ?? [])].join(', ') || 'none';
      const message = `The ${status} response of ${operationId} has no example ${excerpt(example)}; it has ${names}.`;
      this.#complain(`${at}/example`, 'documented', message);
    }
    if (force) return;
    const headers = { ...engineHeaders(status), ...respond.headers };
    const checked = body === undefined ? { ...response, content: new Map() } : response;
    for (const { pointer, message, check } of judge({ status, headers, body }, checked, target.validator)) {
      const part = check === 'response_headers_conformance' ? 'headers' : `body${pointer}`;
      const told = `The ${status} response of ${operationId}: ${message} Mend it, or add "force": true.`;
      this.#complain(respond.at === '/respond' ? `${at}/${part}` : at, 'documented', told);
    }
  }

  /** One complaint of all operations that do not document the status. */
  #undocumented(struck: readonly Struck[], { status, example, force, at }: Respond): void {
    if (force && example === undefined) return;
    const without = struck.filter(
      ({ target, operation }) => documentedResponse(operation, target.document.refusals, status) === undefined,
    );
    const [first, ...others] = without.map(statuses);
    if (first === undefined) return;
    const all = first.filter((each) => others.every((other) => other.includes(each))).join(', ');
    const documented =
      others.length === 0 ? `it documents ${all}` : `all of them document ${all || 'no other, either'}`;
    const subject = shortened(without.map(({ operation }) => operation.operationId));
    const verb = others.length === 0 ? 'documents' : 'document';
    const way = example === undefined ? ' Choose one of them, or add "force": true.' : '';
    const place = at === '/respond' ? `/fault${at}/status` : `/fault${at}`;
    this.#complain(place, 'documented', `${subject} ${verb} no status ${status}; ${documented}.${way}`);
  }

  /** The operations of the api that the rule names, or of all. */
  #inApi(): readonly Struck[] {
    const { api } = this.rule;
    const targets = [...this.targets].filter(([name]) => api === undefined || api === name).map(([, target]) => target);
    return targets.flatMap((target) => target.document.operations.map((operation) => ({ target, operation })));
  }

  /** The operations that the rule may strike. */
  #struck(): readonly Struck[] {
    const match = object(this.rule.match);
    const wanted = operationIdsOf(this.rule.operationId);
    const method = text(match.method, '').toUpperCase();
    return this.#inApi().filter(
      ({ target, operation }) =>
        (wanted === undefined || wanted.has(operation.operationId)) &&
        (match.api === undefined || match.api === target.document.api) &&
        (match.operationId === undefined || match.operationId === operation.operationId) &&
        (method === '' || method === operation.method || (method === 'HEAD' && operation.method === 'GET')),
    );
  }
}

/** Headers that say how the message is sent; a wrong one would leave client and server at odds. */
const serversOwn = new Set([
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'upgrade',
  'trailer',
  'date',
  'te',
]);

/** What the engine adds to an answer of a status by itself. */
function engineHeaders(status: number): Readonly<Record<string, string>> {
  if (status === 405) return { Allow: '' };
  return status === 401 ? { 'WWW-Authenticate': '' } : {};
}

/** The statuses that an operation may answer with, those of its document's refusals included. */
function statuses({ target, operation }: Struck): readonly string[] {
  return [...new Set([...operation.responses.keys(), ...target.document.refusals.keys()])].sort();
}

/** Names in a sentence: the first few, and how many more. */
function shortened(names: readonly string[]): string {
  if (names.length <= mostNamed) return names.join(', ');
  return `${names.slice(0, mostNamed).join(', ')} and ${names.length - mostNamed} other operations`;
}

const mostNamed = 3;
