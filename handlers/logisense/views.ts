/**
 * Stored payments as answers show them.
 */
import type { components } from '../../specs/logisense/openapi.js';
import { namesOf } from './links.js';
import { isFailed } from './status.js';
import type { Books, Payment, StoredPayment } from './types.js';

type Schemas = components['schemas'];

/** A payment with the names of the records that it names. Properties that are not set are null. */
export function paymentView(payment: StoredPayment, books: Books): Payment {
  const { name: _, merchantAccount: __, ...shown } = payment;
  return {
    ...shown,
    detail: shown.detail ?? null,
    checkNumber: shown.checkNumber ?? null,
    cardTypeId: shown.cardTypeId ?? null,
    invoiceId: shown.invoiceId ?? null,
    currencyExchangeDetailId: shown.currencyExchangeDetailId ?? null,
    billRunHistoryId: shown.billRunHistoryId ?? null,
    reversePaymentId: shown.reversePaymentId ?? null,
    createdByUserId: shown.createdByUserId ?? null,
    paymentMethodId: shown.paymentMethodId ?? null,
    paymentPreAuthorizeId: shown.paymentPreAuthorizeId ?? null,
    paymentTransactionId: shown.paymentTransactionId ?? null,
    createdByPortalUserId: shown.createdByPortalUserId ?? null,
    paymentStatusTypeId: shown.paymentStatusTypeId ?? null,
    retryPaymentId: shown.retryPaymentId ?? null,
    ...namesOf(payment, books),
  };
}

/** A payment with what hangs on it (rule details-of-the-payment). */
export function detailView(payment: StoredPayment, books: Books): Schemas['PaymentWithDetails'] {
  const invoiceDisbursements = books.invoiceDisbursements.where('paymentId', payment.identity).map((disbursement) => ({
    ...disbursement,
    invoiceName: books.invoices.get(disbursement.invoiceId)?.name ?? null,
  }));
  const paymentReversals = books.payments.where('reversePaymentId', payment.identity).map((reversal) => {
    // Names that the vendor's sample of a reversal lacks.
    const {
      currencyExchangeDetailName: _currencyExchangeDetailName,
      reversePaymentName: _reversePaymentName,
      paymentPreAuthorizeName: _paymentPreAuthorizeName,
      paymentTransactionName: _paymentTransactionName,
      retryPaymentName: _retryPaymentName,
      ...shown
    } = paymentView(reversal, books);
    return { ...shown, merchantAccount: reversal.merchantAccount ?? null };
  });
  return { ...paymentView(payment, books), details: { invoiceDisbursements, paymentReversals } };
}

/** The payments that lists show (rule failed-not-listed). */
export function listed(books: Books): readonly StoredPayment[] {
  return books.payments.all().filter((payment) => !isFailed(payment, books));
}
