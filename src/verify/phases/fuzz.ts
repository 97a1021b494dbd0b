/**
 * Random requests, most of them nearly right: a server must answer each as its document says, whatever comes.
 */
import type { JsonObject, JsonValue } from '../../json.js';
import { type Arbitrary, arbitraryOf, recordOf } from '../arbitrary.js';
import type { Base } from '../bases.js';
import { type Case, refusals } from '../case.js';
import type { VerifiedContract } from '../contract.js';
import { type Authority, render } from '../request.js';
import { operationPointer } from '../sites.js';

/** Random parts of requests of an operation. */
export function randomParts(contract: VerifiedContract, { operation, mediaType }: Base): Arbitrary<JsonObject> {
  const { sites } = contract;
  const schema = mediaType === undefined ? undefined : operation.requestBody?.content.get(mediaType)?.schema;
  const parameters = (place: 'path' | 'query' | 'header' | 'cookie') => {
    const own = operation.parameters.filter((parameter) => parameter.in === place);
    const members = own.map(({ name, schema: of }) => [name, arbitraryOf(sites, of).filter(canStand)] as const);
    const requiredKeys = own.filter(({ required }) => required).map(({ name }) => name);
    return recordOf(Object.fromEntries(members), { requiredKeys, noNullPrototype: true });
  };
  return recordOf(
    {
      path: parameters('path'),
      query: parameters('query'),
      header: parameters('header'),
      cookie: parameters('cookie'),
      ...(schema === undefined ? {} : { body: arbitraryOf(sites, schema) }),
    },
    { noNullPrototype: true },
  );
}

/** Whether a value can stand in a URL or a header at all: HTTP's clients refuse some before they are sent. */
function canStand(value: JsonValue): boolean {
  if (value === null || typeof value === 'object') return false;
  const text = String(value);
  return (
    text === text.trim() &&
    text !== '' &&
    /^[\x20-\x7e]*$/.test(text) &&
    text.length < 2_000 &&
    text !== '.' &&
    text !== '..'
  );
}

/** The case of random parts: refused if they are not valid, else accepted, or refused by a rule. */
export function fuzzCase(contract: VerifiedContract, base: Base, values: JsonObject, authority: Authority): Case {
  const { operation } = base;
  const valid = contract.faults(operation, values).length === 0;
  return {
    id: `fuzz/${operation.operationId}`,
    phase: 'fuzz',
    operation,
    subject: {
      in: 'request',
      pointer: '',
      constraint: valid ? 'random, valid' : 'random, not valid',
      documented: operationPointer(operation),
    },
    request: render(contract.document, { ...base, values }, authority),
    expectation: valid
      ? { kind: 'accepted' }
      : { kind: 'refused', statuses: refusals, check: 'negative_data_rejection' },
  };
}
