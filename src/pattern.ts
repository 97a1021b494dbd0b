/**
 * Regular expressions that a client gives: matched in linear time, so that no expression and no text can hang the sandbox.
 * Linear in both: a thousand states over a megabyte is a minute. So an expression has a size, and matching is counted.
 *
 * The only module that imports re2js; it is loaded when the first expression comes, because few starts need it.
 */
import type * as Re2js from 're2js';
import { loadPackage } from './load-package.js';
import { reasonOf } from './reason.js';
import type { Work } from './work.js';

/** The longest expression. */
const mostCharacters = 500;

/** The longest expression with its counts written out: `a{3}` as `aaa`. */
const mostExpanded = 2_000;

/** Thrown for a text that is no regular expression of RE2, or is too long. `message` says why. */
export class MalformedPattern extends Error {
  override readonly name = 'MalformedPattern';
}

function library(): typeof Re2js {
  return loadPackage('re2js');
}

/** Whether the expression is found anywhere in a text; throws {@link TooMuchWork} if finding it out takes too much. */
export type Pattern = (text: string, work: Work) => boolean;

/** `work` pays for making it ready, if that is still to be done. @throws {MalformedPattern} */
export function compilePattern(expression: string, work?: Work): Pattern {
  makeReady(expression, work);
  return (text, matching) => {
    const { states, pattern } = makeReady(expression, matching);
    matching.spend(states * (text.length + 1));
    return pattern.test(text);
  };
}

/** An expression made ready: much larger than its text. */
interface Ready {
  readonly states: number;
  readonly pattern: Re2js.RE2JS;
}

/** Those that were used last, the very last one at the end; what is malformed, by its reason. */
const ready = new Map<string, Ready | string>();

/** The states of all that are kept ready. */
let allStates = 0;
const mostStates = 100_000;

/** What making an expression ready takes. */
const stepsToMake = 500_000;

function makeReady(expression: string, work: Work | undefined): Ready {
  if (expression.length > mostCharacters) throw new MalformedPattern(`longer than ${mostCharacters} characters`);
  const known = ready.get(expression);
  if (known === undefined) work?.spend(stepsToMake);
  const made = known ?? compiled(expression);
  ready.delete(expression);
  ready.set(expression, made);
  if (known === undefined) allStates += statesOf(made);
  for (const [oldest, each] of ready) {
    if (allStates <= mostStates) break;
    ready.delete(oldest);
    allStates -= statesOf(each);
  }
  if (typeof made === 'string') throw new MalformedPattern(made);
  return made;
}

/** That an expression is malformed is remembered, too: as if it were a small one. */
function statesOf(made: Ready | string): number {
  return typeof made === 'string' ? 100 : made.states;
}

function compiled(expression: string): Ready | string {
  // Before it is compiled: that alone would take the time.
  if (expandedLength(expression) > mostExpanded) {
    return `longer than ${mostExpanded} characters with its counts written out`;
  }
  try {
    const pattern = library().RE2JS.compile(expression);
    return { states: pattern.programSize(), pattern };
  } catch (error) {
    return reasonOf(error);
  }
}

/** The parts of an expression: a text or a character by its code, an escape, a class, a count, any other character. */
const parts = /\\Q.*?(?:\\E|$)|\\[xpP]\{[^}]*\}|\\.|\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\]|\{(\d+)(?:,(\d*))?\}|./gsu;

/** About how many characters an expression has with its counts written out; at least as many as RE2 makes of it. */
function expandedLength(expression: string): number {
  /** The length of each group that is open; first that of the whole. */
  const open = [0];
  /** The length of what a count would repeat. */
  let last = 0;
  for (const [part, least, most] of expression.matchAll(parts)) {
    const isGroup = part === ')' && open.length > 1;
    if (part === '(') open.push(groupLength);
    else if (least === undefined) last = isGroup ? (open.pop() ?? 0) : part.startsWith('\\Q') ? part.length : 1;
    // A count adds what it repeats that many times less one: once it was added before.
    else last *= Math.max(Number(least), Number(most || 0), 1) - 1;
    if (part !== '(') open.push((open.pop() ?? 0) + last);
  }
  return open.reduce((sum, length) => sum + length, 0);
}

/** A group that is captured takes two steps of its own. */
const groupLength = 2;
