/**
 * JSON in and out without loss: a number keeps the text that it was written with.
 *
 * `JSON.parse` turns `125.50` into `125.5`, `8.0` into `8` and `12345678901234567890` into `12345678901234567000`. A test
 * double for payments may do none of this (design: "Money and numbers"). A number whose text would not survive becomes a
 * {@link NumberText}; every other number is a plain JavaScript number, so bodies that hold no such number are read by
 * `JSON.parse` alone.
 *
 * The only module that imports lossless-json.
 */
import { LosslessNumber, parse as parseLossless } from 'lossless-json';
import { reasonOf } from './reason.js';

/** A number kept as text because its text would not survive as a double: `8.0`, `125.50`, `1e3`, twenty digits. */
export const NumberText = LosslessNumber;
export type NumberText = LosslessNumber;

/** A decimal number as it stands in a message. Never compute with it directly: see money.ts. */
export type Amount = number | NumberText;

export type JsonValue = null | boolean | string | Amount | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: JsonValue | undefined;
}

/** Whether a value is a number kept as text. */
export function isNumberText(value: unknown): value is NumberText {
  return value instanceof LosslessNumber;
}

/** Whether a value is a number, in either form. */
export function isAmount(value: unknown): value is Amount {
  return Number.isFinite(value) || isNumberText(value);
}

/** Whether a value is a JSON object: neither array, null, nor a number kept as text. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isNumberText(value);
}

/** What an object holds under a name, `constructor` among them; `undefined` where it holds nothing. */
export function own(value: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

/** The text of a number as it goes into a message. */
export function numberText(value: Amount): string {
  return typeof value === 'number' ? String(value) : value.value;
}

/**
 * Reads a number's text: a plain number where it comes back as the same text, else a {@link NumberText}.
 *
 * @throws {Error} if the text is no JSON number
 */
export function toNumber(text: string): Amount {
  const value = Number(text);
  return Number.isFinite(value) && String(value) === text ? value : new NumberText(text);
}

/** How deep a message may nest and how long an array in it may be, before it is refused. */
export interface JsonLimits {
  readonly depth: number;
  readonly arrayLength: number;
}

/** Thrown by {@link parse} for text that is no JSON. `message` says what was expected and where. */
export class MalformedJson extends Error {
  override readonly name = 'MalformedJson';
}

/** Thrown by {@link parse} for JSON that is deeper or longer than the limits. */
export class JsonTooLarge extends Error {
  override readonly name = 'JsonTooLarge';
}

/**
 * Reads JSON text without loss. The last of duplicate keys wins, as in `JSON.parse`; `__proto__` is a key like any other.
 *
 * @throws {MalformedJson} if the text is no JSON
 * @throws {JsonTooLarge} if it nests deeper or holds a longer array than `limits` allow
 */
export function parse(
  text: string,
  limits: JsonLimits = { depth: 512, arrayLength: Number.POSITIVE_INFINITY },
): JsonValue {
  const value = losesNumbers(text, limits.depth) ? parseKeepingText(text) : parsePlain(text);
  if (text.length > limits.arrayLength) requireLength(value, limits.arrayLength);
  return value;
}

function parsePlain(text: string): JsonValue {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new MalformedJson(reasonOf(error));
  }
}

function parseKeepingText(text: string): JsonValue {
  try {
    const value: unknown = parseLossless(text, undefined, {
      parseNumber: toNumber,
      onDuplicateKey: ({ newValue }) => newValue,
    });
    return requireJson(value);
  } catch (error) {
    throw new MalformedJson(reasonOf(error));
  }
}

function requireJson(value: unknown): JsonValue {
  if (isJson(value)) return value;
  throw new MalformedJson('no JSON value');
}

/** lossless-json's answer is `unknown`; it holds nothing but JSON values and {@link NumberText}. */
function isJson(value: unknown): value is JsonValue {
  return value !== undefined;
}

/**
 * Looks at a text outside its strings: whether `JSON.parse` would lose the text of any number. Refuses what nests too deep
 * before any recursive code meets it.
 */
function losesNumbers(text: string, mostDepth: number): boolean {
  let depth = 0;
  let loses = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x22) {
      index = endOfString(text, index);
    } else if (code === 0x5b || code === 0x7b) {
      depth++;
      if (depth > mostDepth) throw new JsonTooLarge(`JSON nested deeper than ${mostDepth} levels`);
    } else if (code === 0x5d || code === 0x7d) {
      depth--;
    } else if (code === 0x2d || (code >= 0x30 && code <= 0x39)) {
      const end = endOfNumber(text, index);
      loses ||= losesText(text.slice(index, end));
      index = end - 1;
    }
  }
  return loses;
}

/** How many members a JSON text writes in all its objects; more than its value has where a key comes twice. */
export function membersWritten(text: string): number {
  let members = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x22) index = endOfString(text, index);
    else if (code === 0x3a) members++;
  }
  return members;
}

/** Where a number that begins here ends: behind the last character that may be part of one. */
function endOfNumber(text: string, start: number): number {
  let end = start + 1;
  while (isOfNumber(text.charCodeAt(end))) end++;
  return end;
}

/** Whether a character is a digit, or one of `+ - . E e`. */
function isOfNumber(code: number): boolean {
  if (code >= 0x30 && code <= 0x39) return true;
  return code === 0x2b || code === 0x2d || code === 0x2e || code === 0x45 || code === 0x65;
}

function losesText(number: string): boolean {
  return String(Number(number)) !== number;
}

function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end;
}

function isEscaped(text: string, index: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(index - 1 - backslashes) === 0x5c) backslashes++;
  return backslashes % 2 === 1;
}

function requireLength(value: JsonValue, limit: number): void {
  if (Array.isArray(value)) {
    if (value.length > limit) {
      throw new JsonTooLarge(`a JSON array of ${value.length} elements, more than the ${limit} that are accepted`);
    }
    for (const element of value) requireLength(element, limit);
  } else if (isObject(value)) {
    for (const member of Object.values(value)) if (member !== undefined) requireLength(member, limit);
  }
}

/** Writes JSON, numbers with their own text. `undefined` members are left out, as in `JSON.stringify`. */
export function stringify(value: JsonValue, space = 0): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'null';
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return holdsNumberText(value) ? write(value, space, '\n') : JSON.stringify(value, undefined, space);
}

/** The same, where the texts of objects may be known already: `known` gives an object's, or `undefined`, and is asked first. */
export function stringifyKnowing(value: JsonValue, known: Known): string {
  return write(value, 0, '\n', known);
}

/** Whether there is a number kept as text in a value; without one, JavaScript's own writer does. */
export function holdsNumberText(value: JsonValue | undefined): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (isArray(value)) return value.some(holdsNumberText);
  return isNumberText(value) || Object.values(value).some(holdsNumberText);
}

type Known = (value: JsonObject) => string | undefined;

function write(value: JsonValue, space: number, newline: string, known?: Known): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (isNumberText(value)) return value.value;
  const ready = isArray(value) ? undefined : known?.(value);
  if (ready !== undefined) return ready;
  const inner = newline + ' '.repeat(space);
  const [before, between, after, colon] = space > 0 ? [inner, `,${inner}`, newline, ': '] : ['', ',', '', ':'];
  if (isArray(value)) {
    if (value.length === 0) return '[]';
    return `[${before}${value.map((element) => write(element, space, inner, known)).join(between)}${after}]`;
  }
  const members: string[] = [];
  for (const [name, member] of Object.entries(value)) {
    if (member !== undefined) members.push(`${quoted(name)}${colon}${write(member, space, inner, known)}`);
  }
  return members.length === 0 ? '{}' : `{${before}${members.join(between)}${after}}`;
}

/** Beyond it JavaScript's own writer is faster than looking at each character. */
const shortText = 64;

/** A text as JSON writes it. Most are short and have nothing in them that must be escaped. */
export function quoted(text: string): string {
  if (text.length > shortText) return JSON.stringify(text);
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || code === 0x22 || code === 0x5c || code >= 0xd800) return JSON.stringify(text);
  }
  return `"${text}"`;
}

/** `Array.isArray` for read-only arrays, which TypeScript's own does not narrow. */
export function isArray(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}
