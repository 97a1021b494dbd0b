/**
 * Keys by which a creation says that it is the same as an earlier one. A request that is to be another needs another key: with
 * the same one it is answered from the first time, or refused.
 */
import { hash } from 'node:crypto';
import type { Operation, Parameter } from '../document.js';
import { uuidOf } from '../uuid.js';
import type { Case } from './case.js';
import type { VerifiedContract } from './contract.js';

/** The header for such keys; undefined if the operation has none. */
export function idempotencyHeader({ parameters }: Operation): Parameter | undefined {
  return parameters.find((each) => each.in === 'header' && /^(?:x-)?idempotency-key$/i.test(each.name));
}

/** A key that is the same for the same words alone: a UUID, as most servers want them, or as much of one as is allowed. */
export function idempotencyKey({ document }: VerifiedContract, header: Parameter, words: readonly string[]): string {
  const digits = hash('sha256', words.join('\n'));
  const uuid = uuidOf(digits);
  const { maxLength } = document.resolve(header.schema);
  return typeof maxLength === 'number' && maxLength < uuid.length ? digits.slice(0, maxLength) : uuid;
}

/** A case whose key, if it has one and is not about it, is that of these words; unchanged where keys have another form. */
export function withOwnKey(contract: VerifiedContract, tried: Case, words: readonly string[]): Case {
  const { operation, subject, request } = tried;
  const header = operation && idempotencyHeader(operation);
  if (header === undefined || (subject.in === 'header' && subject.pointer.endsWith(`/${header.name}`))) return tried;
  const key = idempotencyKey(contract, header, words);
  const isAllowed = (value: string) => contract.validator.check(header.schema, 'request', value, 'header').length === 0;
  if (!isAllowed(key)) return tried;
  const headers = request.headers.map(([name, value]) => {
    // One that is wrong may be what the request is about.
    const isKey = name.toLowerCase() === header.name.toLowerCase() && isAllowed(value);
    return [name, isKey ? key : value] as const;
  });
  return { ...tried, request: { ...request, headers } };
}
