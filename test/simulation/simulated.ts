/**
 * What a simulation knows of an api: how its requests are made, and a model of what they do. A model is written from the
 * vendor's documents and from nothing of handlers/ or src/ but how the text of JSON and its numbers is read.
 */
import type fc from 'fast-check';
import type { JsonObject } from '../../src/json.js';
import type { Expected } from './compare.js';
import type { Sent } from './connection.js';

/** The records of each collection, in the order in which they were stored. */
export type Books<Value> = Readonly<Record<string, readonly Value[]>>;

/** What became of an operation by the model. */
export interface Outcome {
  readonly request: Sent;
  /** The answer's status. */
  readonly status: number;
  /** Whether the document alone refuses the request: then no fault strikes it. */
  readonly byDocument?: boolean;
  /** What of the answer's body is known. */
  readonly body?: Expected;
}

export interface Simulated<Operation, State> {
  readonly api: string;
  /** The collections that the model keeps. */
  readonly collections: readonly string[];
  /** Requests, mostly valid. They name records by their place among those of the model, so that each part stands for itself. */
  readonly operations: fc.Arbitrary<Operation>;
  /** The model of a workspace that holds these records. A state is plain data: it is copied by `structuredClone`. */
  begin(books: Books<JsonObject>): State;
  /** Carries an operation out on the model. `now` is what the workspace's clock says. */
  carryOut(operation: Operation, state: State, now: Date): Outcome;
  /** Takes over what the model could not know, such as a UUID, from the records that the sandbox holds. */
  learn?(state: State, books: Books<JsonObject>): void;
  /** What of the records that the sandbox holds does not add up, whatever the model holds. */
  sound?(books: Books<JsonObject>): readonly string[];
  /** The records that the sandbox must hold, no others, in this order. */
  books(state: State): Books<Expected>;
}
