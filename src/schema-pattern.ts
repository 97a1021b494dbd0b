/**
 * The patterns of schemas: regular expressions of JavaScript that are read with Unicode's rules, as JSON Schema wants it, or
 * without where they only mean something so: `[\w\-]`, `\_`.
 *
 * A pattern may be one that takes years to say that a text does not match: `^(a+)+$`. So a search that might has a time limit,
 * and what is not found out by then counts as a match: it is no proof of anything.
 *
 * The only module that imports randexp; it is loaded when the first text is made.
 */
import { createContext, Script } from 'node:vm';
import type RandExp from 'randexp';
import { loadPackage } from './load-package.js';

/** A schema's pattern made ready. */
export interface SchemaPattern {
  /** Whether it is found in a text; true as well if that takes too long to find out. */
  test(text: string): boolean;
}

/** A schema's pattern made ready. @throws {SyntaxError} if it is none either way */
export function schemaPattern(pattern: string): SchemaPattern {
  const expression = regularExpression(pattern);
  // What repeats at one place alone goes over the text for each of its characters at most.
  if (!pattern.includes('|') && countRepeats(pattern) < 2) return expression;
  return { test: (text) => (text.length <= shortText ? expression.test(text) : testInTime(expression, text)) };
}

function regularExpression(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'u');
  } catch {
    return new RegExp(pattern);
  }
}

/** About so short a text is searched in no time whatever the pattern. */
const shortText = 16;

/** How long one search may take: long, so that a busy machine makes no pattern slow. It is waited for once for a pattern. */
const mostMilliseconds = 1_000;

/** A pattern that took too long is not tried again. */
const tooSlow = new Set<string>();

const search = new Script('expression.test(text)');
const place = createContext({});

function testInTime(expression: RegExp, text: string): boolean {
  const { source } = expression;
  if (tooSlow.has(source)) return true;
  Object.assign(place, { expression, text });
  try {
    return search.runInContext(place, { timeout: mostMilliseconds }) === true;
  } catch {
    tooSlow.add(source);
    return true;
  }
}

/** How many parts of a pattern may repeat more often than a few times, at most. */
function countRepeats(pattern: string): number {
  const counts = [...pattern.matchAll(/[*+]|\{\d+,\}|\{(?:\d+,)?(\d+)\}/g)];
  return counts.filter(([, most]) => most === undefined || Number(most) > fewRepeats).length;
}

const fewRepeats = 8;

/** Whether a pattern is a regular expression. */
export function compilesPattern(pattern: string): boolean {
  try {
    regularExpression(pattern);
    return true;
  } catch {
    return false;
  }
}

/** How a text is chosen: the most that is repeated where there is no limit, and a number between two. */
export interface Choice {
  readonly most: number;
  readonly choose: (least: number, most: number) => number;
}

/** More steps are not taken to make a text. */
const mostSteps = 2_000_000;

function library(): typeof RandExp {
  return loadPackage('randexp');
}

/** A text that matches; undefined for a pattern with parts that randexp cannot make texts of, or only endless ones. */
export function textMatching(pattern: string, { most, choose }: Choice): string | undefined {
  let left = mostSteps;
  try {
    const expression = new (library())(pattern);
    expression.max = most;
    expression.randInt = (least, highest) => {
      const chosen = choose(least, highest);
      left -= 1 + chosen;
      if (left < 0) throw new RangeError(`${pattern} asks for more than ${mostSteps} repetitions.`);
      return chosen;
    };
    const text = expression.gen();
    return schemaPattern(pattern).test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a pattern counts so high that no text should be made of it at random. */
export function isLongWinded(pattern: string): boolean {
  const counts = [...pattern.matchAll(/\{(\d+)(?:,(\d*))?\}/g)].map(([, least, most]) => Number(most || least));
  return counts.reduce((product, count) => product * Math.max(1, count), 1) > mostRepeated;
}

const mostRepeated = 2_000;
