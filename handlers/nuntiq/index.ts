/**
 * Nuntiq, seed 003: payments, one or an array of them, created or updated by the key of their source.
 *
 * A single payment has been held against PaymentCreateRequest before it comes here. The entries of an array have not, since
 * one that is wrong must not keep the others from being stored: each is judged here, by the same schema.
 */
import type { operations } from '../../specs/nuntiq/openapi.js';
import { defineApi, isObject, type JsonValue, Problem, type ProblemDetail } from '../../src/index.js';
import { storeLines, unknownInvoices } from './applications.js';
import { dialect } from './dialect.js';
import { storePayment } from './payment.js';
import type { Answer, Collections, EntryResult, NuntiqContext, PaymentRequest } from './types.js';
import { messageOf } from './words.js';

export default defineApi<operations, Collections>({
  dialect,
  handlers: {
    upsertPayments({ body }, context) {
      return Array.isArray(body) ? upsertMany(body, context) : upsertOne(body, context);
    },
  },
});

function upsertOne(request: PaymentRequest, context: NuntiqContext): Answer {
  const details = unknownInvoices(request, context);
  if (details.length > 0) throw new Problem('rule', { details });
  return { status: 200, body: { payment_id: upsert(request, context) } };
}

/** Each entry sees what those before it stored. One that is refused has written nothing: it is judged first. */
function upsertMany(entries: readonly JsonValue[], context: NuntiqContext): Answer {
  const results = entries.map((entry, index) => resultOf(entry, index, context));
  return { status: results.every(({ ok }) => ok) ? 200 : 207, body: { results } };
}

function resultOf(entry: JsonValue, index: number, context: NuntiqContext): EntryResult {
  const broken = context.validate('PaymentCreateRequest', entry);
  if (!isPayment(entry, broken)) return refusal(index, externalIdOf(entry), broken);
  const { external_payment_id } = entry;
  const unknown = unknownInvoices(entry, context);
  if (unknown.length > 0) return refusal(index, external_payment_id, unknown);
  return { index, external_payment_id, ok: true, payment_id: upsert(entry, context) };
}

function refusal(index: number, external_payment_id: string | null, details: readonly ProblemDetail[]): EntryResult {
  return { index, external_payment_id, ok: false, error: messageOf(details) };
}

/** What names an entry that is no payment in its result, if it says so much. */
function externalIdOf(entry: JsonValue): string | null {
  const id = isObject(entry) ? entry.external_payment_id : null;
  return typeof id === 'string' ? id : null;
}

/** Whether an entry is a payment, by the verdict of its schema: nothing in it is broken. */
function isPayment(entry: JsonValue, broken: readonly ProblemDetail[]): entry is PaymentRequest {
  return isObject(entry) && broken.length === 0;
}

/** Stores a payment that keeps every rule, with its lines; returns its id. */
function upsert(request: PaymentRequest, context: NuntiqContext): number {
  const payment = storePayment(request, context);
  storeLines(request, payment, context);
  return payment.payment_id;
}
