/**
 * What a record must be to stand in a collection, whoever puts it there: a scenario, an uploaded snapshot, the control API
 * or a handler. Its collection is declared, its schema holds, its key is its own, and it names no record that is not there:
 * handlers rely on all of it. Who asks says in its own form where a fault stands.
 */
import type { Key } from '../api.js';
import type { ApiDocument, CollectionDeclaration } from '../document.js';
import { excerpt } from '../excerpt.js';
import { isObject, type JsonObject, type JsonValue } from '../json.js';
import { escapePointer } from '../json-pointer.js';
import type { ProblemDetail } from '../problem.js';
import type { Contract } from '../validator.js';
import { isKey } from './records.js';

/** A record to be judged, with what its owner finds its place by. */
export interface Candidate {
  readonly record: JsonValue;
}

/** What is wrong with a record. */
export interface RecordFault<Judged extends Candidate = Candidate> {
  readonly candidate: Judged;
  /** JSON pointer into the record. */
  readonly pointer: string;
  readonly message: string;
  /** Whether the record is right but for its key, which a stored record has. */
  readonly isTaken: boolean;
  /** The record that this one names, and that is not there. */
  readonly missing?: { readonly collection: string; readonly key: Key };
}

/** What is stored beside the records that are judged. */
export interface Stored {
  has(collection: string, key: Key): boolean;
  /** Whether a judged record takes the place of the stored one with its key, rather than being refused for it. */
  readonly isReplaced: boolean;
}

const nothing: Stored = { has: () => false, isReplaced: false };

/** Judging ends there: who sent a million wrong records is not told of each. */
const mostFaults = 100;

/**
 * What is wrong with records, by collection; none if they may be stored together. Of very many faults the first, and then
 * one that says where judging ended.
 */
export function judgeRecords<Judged extends Candidate>(
  contract: Contract,
  given: ReadonlyMap<string, readonly Judged[]>,
  stored: Stored = nothing,
): readonly RecordFault<Judged>[] {
  const declared = contract.document.collections.filter(({ name }) => given.has(name));
  const faults: RecordFault<Judged>[] = [];
  for (const fault of eachFault(contract, declared, given, stored)) {
    if (faults.length === mostFaults) return [...faults, { ...fault, message: ended }];
    faults.push(fault);
  }
  return faults;
}

const ended = `Judging ended here, after ${mostFaults} faults; there are more.`;

function* eachFault<Judged extends Candidate>(
  contract: Contract,
  declared: readonly CollectionDeclaration[],
  given: ReadonlyMap<string, readonly Judged[]>,
  stored: Stored,
): Iterable<RecordFault<Judged>> {
  const judges: CollectionJudge<Judged>[] = [];
  for (const collection of declared) {
    const judge = new CollectionJudge(contract, collection, given.get(collection.name) ?? []);
    judges.push(judge);
    // The keys of the others are not known then, nor are they needed.
    if (judge.hasEnough) break;
  }
  for (const judge of judges) yield* judge.alone(stored);
  const keys = new Map(judges.map((judge) => [judge.name, judge.keys]));
  const holds = (name: string, key: Key) => keys.get(name)?.has(key) === true || stored.has(name, key);
  for (const judge of judges) yield* judge.dangling(holds);
}

/** The names that the document declares no collection of, each with what is wrong. */
export function unknownCollections(
  { collections }: ApiDocument,
  names: Iterable<string>,
): readonly { readonly name: string; readonly message: string }[] {
  const known = collections.map(({ name }) => name);
  return [...names]
    .filter((name) => !known.includes(name))
    .map((name) => ({ name, message: `There is no collection ${name}. Known are ${known.join(', ')}.` }));
}

/** Judges the records that are to stand in one collection. */
class CollectionJudge<Judged extends Candidate> {
  readonly name: string;
  /** Of every record that has one, wrong as the rest of it may be: who names it names something. */
  readonly keys: ReadonlySet<Key>;
  /** What the schema finds, for each record until it is enough. */
  readonly #details: (readonly ProblemDetail[])[] = [];
  #found = 0;

  constructor(
    { validator }: Contract,
    private readonly declared: CollectionDeclaration,
    private readonly candidates: readonly Judged[],
  ) {
    this.name = declared.name;
    // First of all: the validator writes integers such as 7.0 as 7, and keys are compared as they are stored.
    for (const { record } of candidates) {
      if (this.hasEnough) break;
      const details = validator.check(declared.schema, 'response', record, 'body', 'record');
      this.#found += details.length;
      this.#details.push(details);
    }
    const keys = candidates.map(({ record }) => (isObject(record) ? record[declared.key] : undefined));
    this.keys = new Set(keys.filter(isKey));
  }

  /** Whether the schema alone finds more than is told of: what is wrong beside it need not be found out. */
  get hasEnough(): boolean {
    return this.#found > mostFaults;
  }

  /** What is wrong with each record by its schema and its key. */
  *alone(stored: Stored): Iterable<RecordFault<Judged>> {
    const known = new Set<Key>();
    for (const [index, candidate] of this.candidates.entries()) {
      const details = this.#details[index] ?? [];
      for (const { pointer, message } of details) yield { candidate, pointer, message, isTaken: false };
      const fault = isObject(candidate.record) ? this.#keyFault(candidate, candidate.record, known, stored) : undefined;
      // A key that the schema refuses has been told of.
      if (fault !== undefined && !details.some(({ pointer }) => pointer === fault.pointer)) yield fault;
    }
  }

  #keyFault(candidate: Judged, record: JsonObject, known: Set<Key>, stored: Stored): RecordFault<Judged> | undefined {
    const { name, key } = this.declared;
    const id = record[key];
    if (!isKey(id)) {
      const message = `${key} is the record's key; expected a string or a number.`;
      return { candidate, pointer: id === undefined ? '' : `/${escapePointer(key)}`, message, isTaken: false };
    }
    const isTwice = known.has(id);
    known.add(id);
    if (!isTwice && (stored.isReplaced || !stored.has(name, id))) return undefined;
    const message = `Another record of ${name} has the ${key} ${id}.`;
    return { candidate, pointer: `/${escapePointer(key)}`, message, isTaken: !isTwice };
  }

  /** Every reference to a key that its collection does not hold. Null, 0 and the empty text are none. */
  *dangling(holds: (collection: string, key: Key) => boolean): Iterable<RecordFault<Judged>> {
    for (const [index, candidate] of this.candidates.entries()) {
      const { record } = candidate;
      if (!isObject(record)) continue;
      const told = new Set(this.#details[index]?.map(({ pointer }) => pointer));
      for (const [property, target] of this.declared.references) {
        const pointer = `/${escapePointer(property)}`;
        const key = record[property] ?? null;
        const message = referenceFault(key, target, holds);
        if (message === undefined || told.has(pointer)) continue;
        const missing = isKey(key) ? { missing: { collection: target, key } } : {};
        yield { candidate, pointer, message, isTaken: false, ...missing };
      }
    }
  }
}

function referenceFault(
  key: JsonValue,
  target: string,
  holds: (collection: string, key: Key) => boolean,
): string | undefined {
  if (key === null || key === 0 || key === '') return undefined;
  if (!isKey(key)) return `Expected the key of a record in ${target}. Received ${excerpt(key)}.`;
  return holds(target, key) ? undefined : `There is no record ${key} in ${target}.`;
}

/** The other records of the state that name a record: collection and key of each. */
export function referencesTo(
  document: ApiDocument,
  collection: string,
  key: Key,
  all: (collection: string) => readonly JsonObject[],
): readonly string[] {
  return document.collections.flatMap((declared) => {
    const naming = [...declared.references].filter(([, target]) => target === collection).map(([property]) => property);
    if (naming.length === 0) return [];
    return all(declared.name)
      .filter((record) => declared.name !== collection || record[declared.key] !== key)
      .filter((record) => naming.some((property) => record[property] === key))
      .map((record) => `${declared.name} ${String(record[declared.key])}`);
  });
}
