/**
 * What an operator is given, read with complaints that name the position and what was expected.
 */

import type { ApiDocument } from '../document.js';
import { type CollectionDeclaration, object } from '../document.js';
import { excerpt } from '../excerpt.js';
import type { Instant } from '../instant.js';
import { isArray, isObject, type JsonValue } from '../json.js';
import { seedOf } from './dice.js';
import { type Expression, type Table, within } from './expansion.js';
import { below, type Complaints, type Place } from './place.js';

/** What operators may know of the scenario and of the record that they stand in. */
export interface Scope {
  readonly document: ApiDocument;
  readonly declaration: CollectionDeclaration;
  /** The record's own properties. */
  readonly properties: ReadonlySet<string>;
  readonly tables: ReadonlyMap<string, Table>;
  readonly seed: number;
  /** When the scenario is; absent if its clock is the real one. */
  readonly clock: Instant | undefined;
  readonly complaints: Complaints;
}

/** Makes an expression of a value that may hold operators. */
export type Compile = (value: JsonValue | undefined, argument: Argument) => Expression;

/** A value of a file, on its way to become part of an expression. */
export class Argument {
  constructor(
    readonly value: JsonValue | undefined,
    readonly place: Place,
    /** Names the value's random numbers: the collection, the template, and where it stands in it. */
    readonly path: string,
    readonly scope: Scope,
    private readonly compile: Compile,
  ) {}

  complain(message: string): void {
    this.scope.complaints.add(this.place, message);
  }

  /** Complains that something else was expected. */
  expected(what: string): void {
    this.complain(`expected ${what}. Received ${excerpt(this.value ?? null)}`);
  }

  member(name: string): Argument {
    return this.#part(name, within(this.value, name));
  }

  /** Where it stands in the record: `allocations.0.amount`. */
  recordPath(): string {
    return this.path.split('/').slice(2).join('.');
  }

  elements(): readonly Argument[] {
    return isArray(this.value) ? this.value.map((element, index) => this.#part(String(index), element)) : [];
  }

  /** Whether it is an object that has all of the required members and none but the allowed ones; if not, complains. */
  isObject(required: readonly string[], optional: readonly string[]): boolean {
    if (!isObject(this.value)) {
      this.expected(`members: ${[...required, ...optional.map((name) => `${name} (optional)`)].join(', ')}`);
      return false;
    }
    const allowed = [...required, ...optional];
    for (const name of Object.keys(this.value)) {
      if (!allowed.includes(name))
        this.member(name).complain(`${name} is not known here; expected ${allowed.join(', ')}`);
    }
    const missing = required.filter((name) => this.member(name).value === undefined);
    for (const name of missing) this.complain(`${name} is required here`);
    return missing.length === 0;
  }

  /** A text; complains of anything else. `undefined` if it is absent, or wrong. */
  text(what: string): string | undefined {
    if (typeof this.value === 'string') return this.value;
    if (this.value !== undefined) this.expected(what);
    return undefined;
  }

  /** A whole number within limits; complains of anything else. `undefined` if it is absent, or wrong. */
  integer(what: string, least: number, most = Number.MAX_SAFE_INTEGER): number | undefined {
    if (this.value === undefined) return undefined;
    if (
      typeof this.value === 'number' &&
      Number.isSafeInteger(this.value) &&
      this.value >= least &&
      this.value <= most
    ) {
      return this.value;
    }
    this.expected(what);
    return undefined;
  }

  /** One of these words, the first where it is absent; complains of any other. */
  word<const Word extends string>(words: readonly [Word, ...Word[]]): Word {
    const found = words.find((word) => word === this.value);
    if (found === undefined && this.value !== undefined) this.expected(words.join(' or '));
    return found ?? words[0];
  }

  /** The value, which may hold operators. */
  expression(): Expression {
    return this.compile(this.value, this);
  }

  /** Of the value's random numbers. */
  seed(): number {
    return seedOf(`${this.scope.seed}/${this.path}`);
  }

  /** A collection by its name; complains if there is none. */
  table(): Table | undefined {
    const table = typeof this.value === 'string' ? this.scope.tables.get(this.value) : undefined;
    if (table === undefined) this.expected(`the name of a collection: ${[...this.scope.tables.keys()].join(', ')}`);
    return table;
  }

  /** Complains if a path begins with no property of a collection's records. */
  checkProperty(collection: string, path: string): void {
    const { document } = this.scope;
    const declaration = document.collections.find(({ name }) => name === collection);
    const properties = object(document.resolve(declaration?.schema).properties);
    const [first = ''] = path.split('.');
    if (properties[first] === undefined) {
      const known = Object.keys(properties).join(', ');
      this.complain(`records of ${collection} have no property ${first}; expected one of ${known}`);
    }
  }

  #part(name: string, value: JsonValue | undefined): Argument {
    return new Argument(value, below(this.place, name), `${this.path}/${name}`, this.scope, this.compile);
  }
}

/** What stands in the place of what could not be read; complaints keep it from being used. */
export const nothing: Expression = () => null;
