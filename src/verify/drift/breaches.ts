/**
 * Which of two answers breaks the document where they differ: the judge's word, which a difference alone does not have.
 */
import type { Check, Exchange, Failure } from '../case.js';
import { judgeExchange } from '../checks.js';
import type { VerifiedContract } from '../contract.js';
import type { Difference } from './compare.js';

/** What is wrong with each of two answers by the document; empty if nothing is. */
export type Breaches = readonly [first: readonly Failure[], second: readonly Failure[]];

/** Judges both answers to a case. */
export function breachesOf(contract: VerifiedContract, first: Exchange, second: Exchange): Breaches {
  return [judgeExchange(contract, first).failures, judgeExchange(contract, second).failures];
}

/** What the document says of both answers, as far as it is about this difference. */
export function verdictOn(breaches: Breaches, difference: Difference): string {
  const [first, second] = breaches.map((failures, side) =>
    failures.find((failure) => isAbout(failure, difference, difference.pointers[side] ?? '')),
  );
  if (first !== undefined && second !== undefined) {
    return `Both break the document. A: ${first.message} B: ${second.message}`;
  }
  if (first !== undefined) return `A breaks the document: ${first.message}`;
  if (second !== undefined) return `B breaks the document: ${second.message}`;
  if (difference.documented === '') return 'The document says nothing of it.';
  const isAllowed = breaches.every((failures) => failures.length === 0);
  return isAllowed ? 'The document allows both.' : 'It is no breach of the document by itself.';
}

/** Failures of the answer's parts; all others are of its status. */
const ofParts: ReadonlySet<Check> = new Set([
  'response_schema_conformance',
  'response_headers_conformance',
  'content_type_conformance',
]);

function isAbout(failure: Failure, { check, header, documented }: Difference, pointer: string): boolean {
  if (check === 'status_drift' || check === 'answer_drift') return !ofParts.has(failure.check);
  if (check === 'media_type_drift') return failure.check === 'content_type_conformance';
  if (header !== undefined) {
    return failure.check === 'response_headers_conformance' && failure.documented === documented;
  }
  if (failure.check !== 'response_schema_conformance') return false;
  // What is missing, or not documented, is told of the object that it is missing from.
  const slash = pointer.lastIndexOf('/');
  const isOfParent = failure.pointer === pointer.slice(0, slash) && failure.message.includes(pointer.slice(slash + 1));
  return failure.pointer === pointer || failure.pointer.startsWith(`${pointer}/`) || (slash >= 0 && isOfParent);
}
