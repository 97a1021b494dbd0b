/**
 * What a payment's status means, and which status a gateway's answer gives.
 */
import type { Books, StoredPayment } from './types.js';

/** Whether a payment's status type counts as failed. */
export function isFailed({ paymentStatusTypeId }: Pick<StoredPayment, 'paymentStatusTypeId'>, books: Books): boolean {
  if (typeof paymentStatusTypeId !== 'number') return false;
  return books.paymentStatusTypes.get(paymentStatusTypeId)?.outcome === 'failed';
}

/** The number of the status type for an outcome; null where the scenario has none. */
export function statusFor(outcome: 'processed' | 'failed', books: Books): number | null {
  return books.paymentStatusTypes.first('outcome', outcome)?.id ?? null;
}
