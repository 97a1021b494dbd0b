/**
 * The errors that LogiSense's rules give, with codes. Published are 11900000 (a value out of its range) and 13100000 (a
 * linked record that does not exist); the others are assumed in their manner.
 */
import type { JsonValue, ProblemDetail } from '../../src/index.js';

/** The codes of errors, by what is wrong. */
export const codes = {
  rolledBack: 2000,
  unauthorized: 4010000,
  notFound: 4040000,
  request: 4000000,
  required: 11100000,
  type: 11200000,
  range: 11900000,
  rule: 12000000,
  linkedRecord: 13100000,
  internal: 5000000,
} as const;

/** A rule that a request breaks: `rule` is the id of its x-rules entry, `pointer` leads to the property. */
export function broken(
  rule: string,
  pointer: string,
  message: string,
  code: number = codes.rule,
  received?: JsonValue,
): ProblemDetail {
  return { in: 'body', pointer, rule, message, code, ...(received === undefined ? {} : { received }) };
}
