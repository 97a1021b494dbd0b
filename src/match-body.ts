/**
 * What a match asks of a body: a place, by JSON pointer or JSONPath, and a value, an expression or mere presence.
 */
import { excerpt } from './excerpt.js';
import { isNumberText, isObject, type JsonObject, type JsonValue, numberText } from './json.js';
import { canonical } from './json-keywords.js';
import { compilePath, MalformedPath, type Path } from './json-path.js';
import { escapePointer, pointerTokens, valueAt } from './json-pointer.js';
import { compilePattern, MalformedPattern } from './pattern.js';
import type { Work } from './work.js';

/** The values that a place leads to. */
export type Values = readonly JsonValue[];

/** Whether the values are as demanded. */
type Demand = (values: Values, work: Work) => boolean;

/** A clause made ready. */
export interface BodyClause {
  /** The pointer or path, as it was written. */
  readonly place: string;
  /** What is asked, for a difference: the value, `{matches}` or `{exists}`. */
  readonly expected: JsonValue;
  /** `undefined` if the body has what is asked, else the values that stand in its place. */
  readonly judge: (body: JsonValue | undefined, work: Work) => Values | undefined;
  /** What is wrong with the clause, pointers relative to it; then it judges nothing. */
  readonly faults: readonly ClauseFault[];
}

export interface ClauseFault {
  readonly pointer: string;
  readonly rule: string;
  readonly message: string;
}

const places = ['pointer', 'path'];
const demands = ['equals', 'matches', 'exists'];

/** Makes one clause ready; it never throws. */
export function compileBody(clause: JsonValue): BodyClause {
  const reader = new ClauseReader();
  if (!isObject(clause)) {
    const message = `Received ${excerpt(clause)}; expected an object such as {"pointer": "/amount", "equals": 10.00}.`;
    return { place: '', expected: null, judge: () => undefined, faults: [{ pointer: '', rule: 'type', message }] };
  }
  reader.requireMembers(clause);
  const values = reader.place(clause);
  const holds = reader.demand(clause);
  return {
    place: String(clause.pointer ?? clause.path ?? ''),
    expected: expectation(clause),
    judge: (body, work) => {
      const found = body === undefined ? [] : values(body, work);
      return holds(found, work) ? undefined : found;
    },
    faults: reader.faults,
  };
}

function expectation({ equals, matches, exists }: JsonObject): JsonValue {
  if (equals !== undefined) return equals;
  return matches === undefined ? { exists: exists ?? null } : { matches };
}

class ClauseReader {
  readonly faults: ClauseFault[] = [];

  #fault(pointer: string, rule: string, message: string): void {
    this.faults.push({ pointer, rule, message });
  }

  /** One of the places and one of the demands, and nothing else. */
  requireMembers(clause: JsonObject): void {
    const names = Object.keys(clause).filter((name) => clause[name] !== undefined);
    for (const name of names.filter((each) => !places.includes(each) && !demands.includes(each))) {
      this.#fault(
        `/${escapePointer(name)}`,
        'additionalProperties',
        `${excerpt(name)} is nothing that a body is asked.`,
      );
    }
    for (const group of [places, demands]) {
      const given = names.filter((name) => group.includes(name));
      if (given.length === 1) continue;
      const received = given.length === 0 ? 'none' : given.join(' and ');
      this.#fault('', 'oneOf', `Received ${received}; give one of ${group.join(', ')}.`);
    }
  }

  place({ pointer, path }: JsonObject): Path {
    if (path !== undefined) return this.#path(path);
    if (pointer === undefined) return () => [];
    const tokens = typeof pointer === 'string' ? pointerTokens(pointer) : undefined;
    if (tokens === undefined) {
      const message = `Received ${excerpt(pointer)}; a JSON pointer is empty or begins with "/", such as "/lines/0/amount".`;
      this.#fault('/pointer', 'format', message);
      return () => [];
    }
    return (body) => {
      const found = valueAt(body, tokens);
      return found === undefined ? [] : [found];
    };
  }

  #path(path: JsonValue): Path {
    try {
      if (typeof path === 'string') return compilePath(path);
      this.#fault('/path', 'type', `Received ${excerpt(path)}; a path is a text.`);
    } catch (error) {
      if (!(error instanceof MalformedPath)) throw error;
      this.#fault('/path', 'format', `Received ${excerpt(path)}; no JSONPath that is taken: ${error.message}.`);
    }
    return () => [];
  }

  demand({ equals, matches, exists }: JsonObject): Demand {
    if (equals !== undefined) {
      const wanted = canonical(equals);
      return (values, work) =>
        values.some((value) => {
          const text = canonical(value);
          work.spend(text.length);
          return text === wanted;
        });
    }
    if (matches !== undefined) return this.#pattern(matches);
    if (exists === undefined || typeof exists === 'boolean') return (values) => values.length > 0 === exists;
    this.#fault('/exists', 'type', `Received ${excerpt(exists)}; exists is true or false.`);
    return () => true;
  }

  #pattern(matches: JsonValue): Demand {
    try {
      if (typeof matches === 'string') {
        const test = compilePattern(matches);
        return (values, work) => values.map(asText).some((text) => text !== undefined && test(text, work));
      }
      this.#fault('/matches', 'type', `Received ${excerpt(matches)}; a regular expression is a text.`);
    } catch (error) {
      if (!(error instanceof MalformedPattern)) throw error;
      this.#fault(
        '/matches',
        'format',
        `Received ${excerpt(matches)}; no regular expression of RE2: ${error.message}.`,
      );
    }
    return () => true;
  }
}

function asText(value: JsonValue): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || isNumberText(value) ? numberText(value) : undefined;
}
