/**
 * Keywords for ajv, which knows JavaScript's values but not numbers that are kept as text (json.ts).
 */
import type { FuncKeywordDefinition } from 'ajv';
import { type Amount, isAmount, isArray, isNumberText, isObject, type JsonValue, numberText } from './json.js';
import { compare, isMultiple, sum } from './money.js';

/** Numbers longer than this, or with a larger exponent, are no amounts; computing with them would take for ever. */
const mostInRequests = 64;
/** What is computed from such numbers may be longer than they are. */
const mostInResponses = 1024;

/** `numberText: true`: a number kept as text; asked in an `if`, where it gives no error. */
export const keptAsText: FuncKeywordDefinition = {
  keyword: 'numberText',
  schemaType: 'boolean',
  errors: false,
  validate: (_schema: boolean, value: unknown) => isNumberText(value),
};

/** `jsonObject: true`: an object, and not a number kept as text, which is an object to JavaScript. */
export const jsonObject: FuncKeywordDefinition = {
  keyword: 'jsonObject',
  schemaType: 'boolean',
  errors: true,
  compile() {
    const judge: ReturnType<NonNullable<FuncKeywordDefinition['compile']>> = (value) => {
      if (!isNumberText(value)) return true;
      judge.errors = [{ keyword: 'type', message: 'must be object', params: { type: 'object' } }];
      return false;
    };
    return judge;
  },
};

type Violation = { keyword: string; message: string; params: Record<string, unknown> };

/** `jsonNumber: {type, nullable, minimum, exclusiveMinimum, …}`: OpenAPI's numeric keywords over numbers kept as text. */
export const jsonNumber: FuncKeywordDefinition = {
  keyword: 'jsonNumber',
  schemaType: 'object',
  errors: true,
  modifying: true,
  compile(demands: NumberDemands) {
    const judge: ReturnType<NonNullable<FuncKeywordDefinition['compile']>> = (value, context) => {
      const violation = judgeNumber(demands, value);
      if (violation !== undefined) {
        judge.errors = [violation];
        return false;
      }
      // `2.0` is an integer by its value; handlers see 2. What stands alone, or in a stored record, stays as it is.
      if (demands.type !== 'integer' || !isNumberText(value) || context?.parentData === undefined) return true;
      if (!Object.isFrozen(context.parentData)) context.parentData[context.parentDataProperty] = Number(value.value);
      return true;
    };
    return judge;
  },
};

/** `uniqueItems` over numbers kept as text: `1` and `1.0` are the same element. */
export const jsonUniqueItems: FuncKeywordDefinition = {
  keyword: 'jsonUniqueItems',
  type: 'array',
  schemaType: 'boolean',
  errors: true,
  compile(wanted: boolean) {
    const judge: ReturnType<NonNullable<FuncKeywordDefinition['compile']>> = (elements: readonly JsonValue[]) => {
      if (!wanted || new Set(elements.map(canonical)).size === elements.length) return true;
      judge.errors = [{ keyword: 'uniqueItems', message: 'must NOT have duplicate items', params: {} }];
      return false;
    };
    return judge;
  },
};

/** A text that two values share if they are equal: numbers by their value, objects whatever the order of their members. */
export function canonical(value: JsonValue | undefined): string {
  if (isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (isObject(value)) {
    const members = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`);
    return `{${members.sort().join(',')}}`;
  }
  if (!isAmount(value)) return JSON.stringify(value) ?? '';
  const text = numberText(value);
  return isExcessive(text, mostInResponses) ? text : numberText(sum([value]));
}

interface NumberDemands {
  /** Absent: the bounds hold for numbers, and any other value passes. */
  readonly type?: 'number' | 'integer';
  readonly nullable?: boolean;
  /** In a response, where a value may be the sum of others. */
  readonly computed?: boolean;
  readonly minimum?: Amount;
  readonly maximum?: Amount;
  readonly exclusiveMinimum?: boolean;
  readonly exclusiveMaximum?: boolean;
  readonly multipleOf?: Amount;
  readonly format?: string;
  readonly enum?: readonly (Amount | null)[];
}

const integerRange: Readonly<Record<string, readonly [number, number]>> = {
  int32: [-2147483648, 2147483647],
};
const safeRange = [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER] as const;

function judgeNumber(demands: NumberDemands, value: unknown): Violation | undefined {
  if (value === null && demands.nullable === true) return undefined;
  if (!isAmount(value)) {
    if (demands.type === undefined) return undefined;
    const type = demands.nullable === true ? `${demands.type} or null` : demands.type;
    return { keyword: 'type', message: `must be ${type}`, params: { type: demands.type } };
  }
  const most = demands.computed === true ? mostInResponses : mostInRequests;
  if (!isUsual(value) && isExcessive(numberText(value), most)) {
    const limit = `must be a number of at most ${most} characters and an exponent of at most ${most}`;
    return { keyword: 'format', message: limit, params: { format: 'number' } };
  }
  return judgeInteger(demands, value) ?? judgeRange(demands, value);
}

/** Whether a number is one that JavaScript writes in a few characters without an exponent; asked first, as most are. */
function isUsual(value: Amount): boolean {
  const size = typeof value === 'number' ? Math.abs(value) : Number.NaN;
  return size === 0 || (size >= 1e-6 && size < 1e21);
}

function isExcessive(text: string, most: number): boolean {
  const exponent = /[eE]([+-]?\d+)$/.exec(text)?.[1] ?? '0';
  return text.length > most || Math.abs(Number(exponent)) > most;
}

function judgeInteger(demands: NumberDemands, value: Amount): Violation | undefined {
  if (demands.type !== 'integer') return undefined;
  const isInteger = typeof value === 'number' ? Number.isInteger(value) : isMultiple(value, 1);
  if (!isInteger) return { keyword: 'type', message: 'must be integer', params: { type: 'integer' } };
  const [least, most] = integerRange[demands.format ?? ''] ?? safeRange;
  const number = typeof value === 'number' ? value : Number(value.value);
  if (number >= least && number <= most) return undefined;
  return {
    keyword: 'format',
    message: `must be an integer between ${least} and ${most}`,
    params: { format: demands.format ?? 'int64' },
  };
}

function judgeRange(demands: NumberDemands, value: Amount): Violation | undefined {
  const { minimum, maximum, multipleOf } = demands;
  if (minimum !== undefined) {
    const difference = compare(value, minimum);
    if (difference < 0 || (difference === 0 && demands.exclusiveMinimum === true)) {
      return bound(demands.exclusiveMinimum === true ? 'exclusiveMinimum' : 'minimum', '>', minimum);
    }
  }
  if (maximum !== undefined) {
    const difference = compare(value, maximum);
    if (difference > 0 || (difference === 0 && demands.exclusiveMaximum === true)) {
      return bound(demands.exclusiveMaximum === true ? 'exclusiveMaximum' : 'maximum', '<', maximum);
    }
  }
  if (multipleOf !== undefined && !isMultiple(value, multipleOf)) {
    return { keyword: 'multipleOf', message: `must be a multiple of ${multipleOf}`, params: { multipleOf } };
  }
  if (demands.enum !== undefined && !demands.enum.some((each) => each !== null && compare(value, each) === 0)) {
    return {
      keyword: 'enum',
      message: 'must be one of the documented values',
      params: { allowedValues: demands.enum },
    };
  }
  return undefined;
}

function bound(keyword: string, sign: '<' | '>', limit: Amount): Violation {
  const comparison = keyword.startsWith('exclusive') ? sign : `${sign}=`;
  return { keyword, message: `must be ${comparison} ${limit}`, params: { comparison, limit } };
}
