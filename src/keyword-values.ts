/**
 * What the keywords of a schema may say. Told where a document is read, with its place; ajv would say so at the first value
 * that it judges by the schema, and would first have to make itself a schema of schemas ready for it.
 */
import { excerpt } from './excerpt.js';
import { isAmount, isArray, isObject, type JsonValue, numberText } from './json.js';

interface Expected {
  readonly keywords: readonly string[];
  readonly called: string;
  readonly holds: (value: JsonValue) => boolean;
}

const expectations: readonly Expected[] = [
  {
    keywords: ['minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties'],
    called: 'a whole number from 0',
    holds: (value) => isAmount(value) && Number.isInteger(Number(numberText(value))) && Number(numberText(value)) >= 0,
  },
  { keywords: ['minimum', 'maximum'], called: 'a number', holds: isAmount },
  {
    keywords: ['multipleOf'],
    called: 'a number above 0',
    holds: (value) => isAmount(value) && Number(numberText(value)) > 0,
  },
  {
    keywords: ['exclusiveMinimum', 'exclusiveMaximum', 'uniqueItems', 'nullable', 'readOnly', 'writeOnly'],
    called: 'true or false',
    holds: (value) => typeof value === 'boolean',
  },
  { keywords: ['pattern'], called: 'a regular expression', holds: isExpression },
  { keywords: ['format'], called: 'a text', holds: (value) => typeof value === 'string' },
  { keywords: ['enum'], called: 'a list of values', holds: isArray },
  {
    keywords: ['required'],
    called: 'a list of names, each once',
    holds: (value) => isArray(value) && value.every(isText) && new Set(value).size === value.length,
  },
  {
    keywords: ['properties'],
    called: 'schemas by name',
    holds: (value) => isObject(value) && Object.values(value).every((each) => each !== undefined && isSchema(each)),
  },
  { keywords: ['items', 'not', 'additionalProperties'], called: 'a schema', holds: isSchema },
  {
    keywords: ['allOf', 'anyOf', 'oneOf'],
    called: 'a list of schemas',
    holds: (value) => isArray(value) && value.length > 0 && value.every(isSchema),
  },
];

const byKeyword = new Map(expectations.flatMap((each) => each.keywords.map((keyword) => [keyword, each] as const)));

/** What is wrong with a keyword's value; undefined if nothing is, or the keyword may say anything. */
export function keywordFault(keyword: string, value: JsonValue): string | undefined {
  const expected = byKeyword.get(keyword);
  if (expected === undefined || expected.holds(value)) return undefined;
  return `${keyword}: ${excerpt(value)} is none; expected ${expected.called}`;
}

function isText(value: JsonValue): boolean {
  return typeof value === 'string';
}

function isSchema(value: JsonValue): boolean {
  return isObject(value) || typeof value === 'boolean';
}

/** With Unicode's rules, as ajv reads it. */
function isExpression(value: JsonValue): boolean {
  try {
    return typeof value === 'string' && new RegExp(value, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}
