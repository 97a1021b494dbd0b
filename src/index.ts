/**
 * The engine's public face: all that a handler file may import.
 */
export type {
  ApiDefinition,
  Collection,
  Context,
  Dialect,
  DialectContext,
  Handler,
  Key,
  Reply,
  RequestOf,
  ResponseOf,
  State,
} from './api.js';
export { defineApi } from './api.js';
export { excerpt } from './excerpt.js';
export type { Instant, InstantFormat } from './instant.js';
export { compareInstants, formatInstant, parseInstant } from './instant.js';
export type { Amount, JsonObject, JsonValue } from './json.js';
export { isArray, isNumberText, isObject, NumberText, numberText, stringify, toNumber } from './json.js';
export * as money from './money.js';
export type { ProblemDetail, ProblemKind, ProblemOptions } from './problem.js';
export { Problem } from './problem.js';
