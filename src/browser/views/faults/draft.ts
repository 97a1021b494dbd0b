/**
 * What the form of a fault holds, and the rule that it means. Every kind of effect and of `when` that the control API takes
 * has its fields here.
 */
import type { components } from '../../../../specs/_sandbox/openapi.js';
import { type JsonValue, parse } from '../../../json.js';

type Schemas = components['schemas'];
type Rule = Schemas['FaultRule'];
type Latency = NonNullable<Schemas['FaultEffect']['latency']>;

/** An operation with the responses that its document declares. */
export type Operation = Schemas['ApiDetails']['operations'][number];

/** What may happen, by what it is called in a draft. */
export const happenings = {
  answer: 'Another answer',
  tooMany: '429, with Retry-After',
  reset: 'The connection is reset',
  half: 'Half of the answer, then the end',
  silent: 'No answer at all',
  loseReply: 'Carried out, and the answer lost',
  late: 'The answer, but late',
} as const;

export const latencies = {
  none: 'none',
  fixed: 'always the same',
  uniform: 'between two',
  normal: 'normally distributed',
  logNormal: 'log-normally distributed (a long tail)',
} as const;

export const whens = {
  always: 'always',
  first: 'the first so many',
  every: 'every nth',
  after: 'all after the first so many',
  probability: 'by chance',
} as const;

/** What stands in a choice of answers for a status that is typed. */
export const otherStatus = 'other';

/** Texts as they were typed; empty, nothing was. */
export interface Draft {
  readonly name: string;
  /** Empty: any. */
  readonly api: string;
  /** Empty: any. */
  readonly operationId: string;
  readonly happening: keyof typeof happenings;
  /** A documented response, by its status as the document has it: `404`, `4XX`, `default`; or {@link otherStatus}. */
  readonly answer: string;
  /** The status that is sent where `answer` is not one. */
  readonly status: string;
  /** The name of a documented example; empty: as the api words its own. */
  readonly example: string;
  readonly retryAfter: string;
  /** Whether the answer may be one that the document does not declare; counts where {@link mayNeedForce}. */
  readonly force: boolean;
  readonly latency: keyof typeof latencies;
  readonly milliseconds: string;
  readonly least: string;
  readonly most: string;
  readonly mean: string;
  readonly deviation: string;
  readonly median: string;
  readonly sigma: string;
  /** The longest wait of a distribution. */
  readonly longest: string;
  readonly when: keyof typeof whens;
  readonly count: string;
  readonly probability: string;
  /** A place in the request's body. */
  readonly pointer: string;
  /** What stands there: JSON, or a text. */
  readonly equals: string;
}

export const emptyDraft: Draft = {
  name: '',
  api: '',
  operationId: '',
  happening: 'answer',
  answer: otherStatus,
  status: '503',
  example: '',
  retryAfter: '30',
  force: false,
  latency: 'none',
  milliseconds: '800',
  least: '200',
  most: '900',
  mean: '300',
  deviation: '80',
  median: '120',
  sigma: '0.5',
  longest: '',
  when: 'always',
  count: '1',
  probability: '0.25',
  pointer: '',
  equals: '',
};

/** Whether the document may not declare the answer, so that a rule with it has to say that it is meant. */
export function mayNeedForce({ happening, answer }: Draft, operation: Operation | undefined): boolean {
  if (happening === 'answer') return !isStatus(answer);
  if (happening !== 'tooMany') return false;
  return operation === undefined || !operation.responses.some(({ status }) => /^(?:429|4XX|default)$/.test(status));
}

/** Whether a response has one status, and is no range. */
export function isStatus(answer: string): boolean {
  return /^\d{3}$/.test(answer);
}

/** The rule that a draft means. What is empty is left out, so that the control API says what is missing. */
export function ruleOf(draft: Draft, operation: Operation | undefined): Rule {
  const { name, api, operationId, pointer, equals, when } = draft;
  return {
    ...(name === '' ? {} : { name }),
    ...(api === '' ? {} : { api }),
    ...(operationId === '' ? {} : { operationId }),
    ...(pointer === '' && equals === '' ? {} : { match: { body: [{ pointer, equals: readValue(equals) }] } }),
    ...(when === 'always' ? {} : { when: whenOf(draft) }),
    fault: { ...latencyOf(draft), ...effectOf(draft, operation) },
  };
}

/** JSON where it is some: `10.00`, `true`, `"10"`; else the text itself. */
function readValue(text: string): JsonValue {
  try {
    return parse(text);
  } catch {
    return text;
  }
}

function whenOf({ when, count, probability }: Draft): NonNullable<Rule['when']> {
  switch (when) {
    case 'first':
      return { first: Number(count) };
    case 'every':
      return { every: Number(count) };
    case 'after':
      return { after: Number(count) };
    case 'probability':
      return { probability: Number(probability) };
    case 'always':
      return {};
  }
}

function latencyOf({ happening, latency, ...texts }: Draft): { latency?: Latency } {
  const most = texts.longest === '' ? {} : { most: Number(texts.longest) };
  switch (latency) {
    case 'uniform':
      return { latency: { uniform: [Number(texts.least), Number(texts.most)] } };
    case 'normal':
      return { latency: { normal: { mean: Number(texts.mean), deviation: Number(texts.deviation), ...most } } };
    case 'logNormal':
      return { latency: { logNormal: { median: Number(texts.median), sigma: Number(texts.sigma), ...most } } };
    case 'none':
      // What is late is late by something.
      if (happening !== 'late') return {};
      return { latency: { milliseconds: Number(texts.milliseconds) } };
    case 'fixed':
      return { latency: { milliseconds: Number(texts.milliseconds) } };
  }
}

function effectOf(draft: Draft, operation: Operation | undefined): Schemas['FaultEffect'] {
  const { happening, answer, status, example, retryAfter } = draft;
  const force = draft.force && mayNeedForce(draft, operation) ? { force: true } : {};
  switch (happening) {
    case 'answer':
      return {
        respond: {
          status: Number(isStatus(answer) ? answer : status),
          ...(example === '' ? {} : { example }),
          ...force,
        },
      };
    case 'tooMany':
      return { tooManyRequests: { retryAfter: Number(retryAfter), ...force } };
    case 'reset':
    case 'half':
    case 'silent':
      return { connection: happening };
    case 'loseReply':
      return { loseReply: true };
    case 'late':
      return {};
  }
}
