/**
 * Deleting a recorded payment with all that hangs on it (rule deletes-what-hangs-on-it).
 */
import type { ProblemDetail } from '../../src/index.js';
import { broken } from './errors.js';
import type { Books, Removal, StoredPayment } from './types.js';

/** Why a payment cannot be deleted (rule gateway-payment-stays). */
export function deletionFaults(payment: StoredPayment, at: string): readonly ProblemDetail[] {
  if (payment.isManual) return [];
  const message = `Payment ${payment.identity} was made through a gateway and cannot be deleted. Reverse it with POST /Payment/Reverse/Vendor.`;
  return [broken('gateway-payment-stays', `${at}/identity`, message)];
}

/** Takes the payment away, and lists all that went or was detached with it. */
export function remove(payment: StoredPayment, books: Books): readonly Removal[] {
  const { identity } = payment;
  const removals: Removal[] = [{ identity, action: 'deleted', dtoTypeKey: 'payment' }];
  for (const { id, lhsId, rhsId, dtoTypeKey } of books.connectors.where('paymentId', identity)) {
    books.connectors.remove(id);
    removals.push({ lhsId, rhsId, action: 'detached', dtoTypeKey });
  }
  for (const retry of books.payments.where('retryPaymentId', identity)) {
    books.payments.replace({ ...retry, retryPaymentId: null });
    removals.push({ lhsId: identity, rhsId: retry.identity, action: 'detached', dtoTypeKey: 'paymentRetry' });
  }
  for (const { id, dtoTypeKey } of books.dependents.where('paymentId', identity)) {
    books.dependents.remove(id);
    removals.push({ foreignKeyIdentity: id, action: 'deleted', dtoTypeKey });
  }
  for (const { identity: disbursement } of books.invoiceDisbursements.where('paymentId', identity)) {
    books.invoiceDisbursements.remove(disbursement);
    removals.push({ foreignKeyIdentity: disbursement, action: 'deleted', dtoTypeKey: 'invoiceDisbursement' });
  }
  for (const reversal of books.payments.where('reversePaymentId', identity)) {
    const [, ...hanging] = remove(reversal, books);
    removals.push(
      { foreignKeyIdentity: reversal.identity, action: 'deleted', dtoTypeKey: 'paymentReversal' },
      ...hanging,
    );
  }
  books.payments.remove(identity);
  return removals;
}
