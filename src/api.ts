/**
 * What an api's handler file says to the engine: behaviour by operationId, and the api's error dialect.
 *
 * Types come from the document: `defineApi<operations, Collections>()({...})` checks that every handler belongs to an
 * operation, reads the request that the document describes and returns a response that it declares.
 */
import type { Faker } from '@faker-js/faker';
import type { Instant } from './instant.js';
import type { JsonObject, JsonValue } from './json.js';
import type { Problem, ProblemDetail } from './problem.js';

/** A record's key: what the collection's `key` property holds. */
export type Key = string | number;

/**
 * Records of one kind in an api's state, as a handler sees them: the transaction's working copy. Records are immutable;
 * to change one, put another in its place.
 */
export interface Collection<R> {
  /** The record with this key, or `undefined`. */
  get(key: Key): R | undefined;
  has(key: Key): boolean;
  /** Every record: those of the scenario first, in its order, then in order of insertion. */
  all(): R[];
  /** The records whose `property` (one of the collection's declared indexes) equals `value`, in the order of `all`. */
  where<P extends keyof R & string>(property: P, value: R[P] & Key): R[];
  /** The first of those that {@link where} gives, `undefined` for none. It is found without reading the others. */
  first<P extends keyof R & string>(property: P, value: R[P] & Key): R | undefined;
  /** The last of those that {@link where} gives, `undefined` for none. It is found without reading the others. */
  last<P extends keyof R & string>(property: P, value: R[P] & Key): R | undefined;
  readonly size: number;
  /** Adds a record. @throws {Error} if its key is taken: a handler refuses that before it writes. */
  insert(record: R): void;
  /** Puts a record in the place of the one with its key. @throws {Error} if there is none. */
  replace(record: R): void;
  /** Takes a record away. @throws {Error} if there is none. */
  remove(key: Key): void;
}

/** The collections of an api by name, each with its type of record. */
export type CollectionTypes = { readonly [name: string]: object };

export type State<Collections> = { readonly [Name in keyof Collections]: Collection<Collections[Name]> };

/** What a handler may know of the world: nothing but this. The same scenario, seed and requests give the same answers. */
export interface Context<Collections> {
  readonly state: State<Collections>;
  /** The workspace's clock, read once for this request. */
  readonly now: Instant;
  /** The next number for a collection: one above the highest ever used, or what the scenario's `next.ids` says. */
  nextId(collection: keyof Collections & string): number;
  /** A version 4 UUID from the workspace's random numbers, or what the scenario's `next.uuids` says. */
  uuid(): string;
  /** faker, seeded by the workspace and the request. */
  readonly faker: Faker;
  /** The scenario's `settings` for this api: switches of behaviour, each declared under the document's `x-settings`. */
  readonly settings: JsonObject;
  /**
   * Judges a value against `components.schemas.<schema>` of the document, as part of a request: all that is wrong with
   * it, pointers relative to the value; empty if it is valid. For operations that answer for each entry of a batch.
   */
  validate(schema: string, value: JsonValue): readonly ProblemDetail[];
  /** The path that was asked for, as the client wrote it, with the query: `/v1/GlobalPayments/ImportPayment`. */
  readonly path: string;
  /** Every query parameter as it was sent, documented or not; the documented ones are in the request, typed. */
  readonly rawQuery: URLSearchParams;
  /** The request's headers, names in lower case, repeated ones joined by `, `. */
  readonly rawHeaders: { readonly [name: string]: string };
}

/** What a dialect may use of the context; state is not open to it. */
export type DialectContext = Pick<Context<CollectionTypes>, 'now' | 'uuid' | 'path'> & {
  /** The method that was asked for, upper case. */
  readonly method: string;
  /** Of the matched operation; absent if none matched. */
  readonly operationId?: string;
  /** The media type that the client sent, as it wrote it; empty if none. */
  readonly contentType: string;
};

/**
 * What goes on after an answer's headers, until either side closes: it is given what sends a text and what ends the
 * answer, and returns what stops it. `sent`, if given, is called when the text has left for the client, so that a slow one
 * is not sent more and more.
 */
export type Stream = (send: (text: string, sent?: () => void) => void, close: () => void) => () => void;

/** A response before it is serialised. */
export interface Reply {
  readonly status: number;
  /** In the place of a body. Absent: the answer ends with its body. */
  readonly stream?: Stream;
  /** Absent: no body. */
  readonly body?: JsonValue | undefined;
  readonly headers?: { readonly [name: string]: string };
  /** The body as it is to be written; absent: as its schema has it, in one line. */
  readonly text?: string;
}

/** Turns a refusal into the vendor's own error answer. It must not throw. */
export type Dialect = (problem: Problem, context: DialectContext) => Reply;

type Property<T, Name extends string> = T extends { [N in Name]?: infer Value } ? Exclude<Value, undefined> : never;
type Content<T> = T extends { content: infer C } ? C[keyof C] : undefined;

/** The request that an operation's handler reads: validated, typed by the document. */
export interface RequestOf<Operation> {
  readonly path: Property<Property<Operation, 'parameters'>, 'path'>;
  readonly query: Property<Property<Operation, 'parameters'>, 'query'>;
  readonly header: Property<Property<Operation, 'parameters'>, 'header'>;
  readonly body: Operation extends { requestBody: infer Body }
    ? Content<Body>
    : Operation extends { requestBody?: infer Body }
      ? Content<Exclude<Body, undefined>> | undefined
      : undefined;
}

type Success = 200 | 201 | 202 | 204 | 207;

/** A response that the document declares for the operation. Refusals are thrown instead, as {@link Problem}. */
export type ResponseOf<Operation> = Operation extends { responses: infer Responses }
  ? {
      [Status in keyof Responses & Success]: {
        readonly status: Status;
        readonly body: Content<Responses[Status]>;
        readonly headers?: { readonly [name: string]: string };
        /** The body as it is to be written; absent: as its schema has it, in one line. */
        readonly text?: string;
        /** In the place of a body, which is then an empty text. */
        readonly stream?: Stream;
      };
    }[keyof Responses & Success]
  : never;

/** Carries out one operation. Synchronous; reads all, throws what must be thrown, then writes. */
export type Handler<Operation, Collections> = (
  request: RequestOf<Operation>,
  context: Context<Collections>,
) => ResponseOf<Operation>;

export interface ApiDefinition<Operations, Collections> {
  readonly dialect: Dialect;
  /** By operationId. An operation without a handler is answered from the document's examples. */
  readonly handlers: { readonly [Id in keyof Operations]?: Handler<Operations[Id], Collections> };
}

/** An api's definition with its types erased, as the engine runs it: requests are validated before, responses after. */
export interface AnyApiDefinition {
  readonly dialect: Dialect;
  readonly handlers: { readonly [operationId: string]: AnyHandler | undefined };
}

/** Written as a method, because an operation's own handler takes a narrower request than any. */
export type AnyHandler = { handle(request: AnyRequest, context: Context<CollectionTypes>): Reply }['handle'];

export interface AnyRequest {
  readonly path: JsonObject;
  readonly query: JsonObject;
  readonly header: JsonObject;
  readonly body: JsonValue | undefined;
}

/**
 * Declares an api: `export default defineApi<operations, Collections>({ dialect, handlers })`, `operations` being the
 * types generated from its document and `Collections` the type of record of each of its `x-collections`.
 */
export function defineApi<Operations, Collections>(
  definition: ApiDefinition<Operations, Collections>,
): ApiDefinition<Operations, Collections> {
  return definition;
}
