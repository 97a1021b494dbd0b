/**
 * What the generators may give, whoever says what they give first: a scenario or an uploaded snapshot. A number becomes the
 * key of a record, so the key's schema must allow it; and the highest one ends the numbers of its collection.
 */
import type { ApiDocument, CollectionDeclaration } from '../document.js';
import { excerpt } from '../excerpt.js';
import type { JsonObject, JsonValue } from '../json.js';
import { Problem } from '../problem.js';
import type { Contract } from '../validator.js';

const keySchemas = new WeakMap<CollectionDeclaration, JsonObject>();

/** The schema of a collection's key. */
export function keySchema(document: ApiDocument, collection: CollectionDeclaration): JsonObject {
  const known = keySchemas.get(collection);
  if (known !== undefined) return known;
  const { key, schema } = collection;
  const found = document.resolve(document.resolve(document.resolve(schema).properties)[key]);
  keySchemas.set(collection, found);
  return found;
}

/** What is wrong with a number as the next key of a collection; `undefined` if it may be one, or there is no such collection. */
export function nextIdFault({ document, validator }: Contract, collection: string, id: JsonValue): string | undefined {
  const declared = document.collections.find(({ name }) => name === collection);
  if (declared === undefined) return undefined;
  const schema = keySchema(document, declared);
  if (schema.type !== 'integer') return `The keys of ${collection} are no whole numbers: it takes no next id.`;
  return validator.check(schema, 'response', id, 'body', `next id of ${collection}`)[0]?.message;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What is wrong with a value as a next uuid; `undefined` if it is one. */
export function nextUuidFault(value: JsonValue): string | undefined {
  if (typeof value === 'string' && uuid.test(value)) return undefined;
  return `expected a UUID, such as 932cea20-bdc9-44d8-a9ca-2bc8e6519c89. Received ${excerpt(value)}`;
}

/**
 * The next number of a collection, for a request that stores a record under it.
 *
 * @throws {Problem} if the numbers have run out: the last one that the key's schema allows was given
 */
export function takeId(
  contract: Contract,
  numbers: { nextId(collection: string): number },
  collection: string,
): number {
  const id = numbers.nextId(collection);
  const fault = nextIdFault(contract, collection, id);
  if (fault === undefined) return id;
  const message = `The numbers of ${collection} have run out. ${fault}`;
  throw new Problem('rule', { details: [{ in: 'body', pointer: '', rule: 'numbers', message }] });
}
