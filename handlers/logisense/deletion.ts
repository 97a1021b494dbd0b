/**
 * Deleting a recorded payment with all that hangs on it (rule deletes-what-hangs-on-it).
 */
import type { ProblemDetail } from '../../src/index.js';
import { broken } from './errors.js';
import type { Books, Removal, StoredPayment } from './types.js';

/** Why a payment, or a reversal that would go with it, cannot be deleted (rule gateway-payment-stays). */
export function deletionFaults(payment: StoredPayment, books: Books, at: string): readonly ProblemDetail[] {
  return withReversals(payment, books)
    .filter(({ isManual }) => !isManual)
    .map(({ identity }) => {
      const message = `Payment ${identity} was made through a gateway and cannot be deleted. Reverse it with POST /Payment/Reverse/Vendor.`;
      return broken('gateway-payment-stays', `${at}/identity`, message);
    });
}

/** Takes the payment away, and lists all that went or was detached with it. */
export function remove(payment: StoredPayment, books: Books): readonly Removal[] {
  const going = withReversals(payment, books);
  for (const { identity } of going) books.payments.remove(identity);
  return going.flatMap(({ identity }, index): Removal[] => [
    index === 0
      ? { identity, action: 'deleted', dtoTypeKey: 'payment' }
      : { foreignKeyIdentity: identity, action: 'deleted', dtoTypeKey: 'paymentReversal' },
    ...detach(identity, books),
    ...removeDependents(identity, books),
  ]);
}

/** The payment, then what reverses it and what reverses that, each once, however a scenario ties them. */
function withReversals(payment: StoredPayment, books: Books): readonly StoredPayment[] {
  const found = new Map([[payment.identity, payment]]);
  // A Map's iterator reaches what is added on the way.
  for (const identity of found.keys()) {
    for (const reversal of books.payments.where('reversePaymentId', identity)) {
      if (!found.has(reversal.identity)) found.set(reversal.identity, reversal);
    }
  }
  return [...found.values()];
}

function detach(identity: number, books: Books): readonly Removal[] {
  const connectors = books.connectors.where('paymentId', identity).map(({ id, lhsId, rhsId, dtoTypeKey }): Removal => {
    books.connectors.remove(id);
    return { lhsId, rhsId, action: 'detached', dtoTypeKey };
  });
  const retries = books.payments.where('retryPaymentId', identity).map((retry): Removal => {
    books.payments.replace({ ...retry, retryPaymentId: null });
    return { lhsId: identity, rhsId: retry.identity, action: 'detached', dtoTypeKey: 'paymentRetry' };
  });
  return [...connectors, ...retries];
}

function removeDependents(identity: number, books: Books): readonly Removal[] {
  const dependents = books.dependents.where('paymentId', identity).map(({ id, dtoTypeKey }): Removal => {
    books.dependents.remove(id);
    return { foreignKeyIdentity: id, action: 'deleted', dtoTypeKey };
  });
  const disbursements = books.invoiceDisbursements.where('paymentId', identity).map((disbursement): Removal => {
    books.invoiceDisbursements.remove(disbursement.identity);
    return { foreignKeyIdentity: disbursement.identity, action: 'deleted', dtoTypeKey: 'invoiceDisbursement' };
  });
  return [...dependents, ...disbursements];
}
