/**
 * Stored payments as answers show them.
 */
import type { components } from '../../specs/logisense/openapi.js';
import { namesOf } from './links.js';
import { isFailed } from './status.js';
import type { Books, Payment, StoredPayment } from './types.js';

type Schemas = components['schemas'];

/**
 * A payment with the names of the records that it names. Properties that are not set are null. Listed one by one, in the
 * order of the document: taking all but two out of forty takes JavaScript two hundred times as long.
 */
export function paymentView(payment: StoredPayment, books: Books): Payment {
  const names = namesOf(payment, books);
  return {
    identity: payment.identity,
    date: payment.date,
    amount: payment.amount,
    accountId: payment.accountId,
    accountName: names.accountName,
    disbursed: payment.disbursed,
    paymentTypeId: payment.paymentTypeId,
    paymentTypeName: names.paymentTypeName,
    detail: payment.detail ?? null,
    cardTypeId: payment.cardTypeId ?? null,
    cardTypeName: names.cardTypeName,
    checkNumber: payment.checkNumber ?? null,
    automaticDisburse: payment.automaticDisburse,
    created: payment.created,
    invoiceId: payment.invoiceId ?? null,
    invoiceName: names.invoiceName,
    posting: payment.posting,
    baseAmount: payment.baseAmount,
    invoiceAmount: payment.invoiceAmount,
    currencyExchangeDetailId: payment.currencyExchangeDetailId ?? null,
    currencyExchangeDetailName: names.currencyExchangeDetailName,
    billRunHistoryId: payment.billRunHistoryId ?? null,
    billRunHistoryName: names.billRunHistoryName,
    isManual: payment.isManual,
    reversePaymentId: payment.reversePaymentId ?? null,
    reversePaymentName: names.reversePaymentName,
    createdByUserId: payment.createdByUserId ?? null,
    createdByUserName: names.createdByUserName,
    paymentMethodId: payment.paymentMethodId ?? null,
    paymentMethodName: names.paymentMethodName,
    paymentPreAuthorizeId: payment.paymentPreAuthorizeId ?? null,
    paymentPreAuthorizeName: names.paymentPreAuthorizeName,
    paymentTransactionId: payment.paymentTransactionId ?? null,
    paymentTransactionName: names.paymentTransactionName,
    createdByPortalUserId: payment.createdByPortalUserId ?? null,
    createdByPortalUserName: names.createdByPortalUserName,
    paymentStatusTypeId: payment.paymentStatusTypeId ?? null,
    paymentStatusTypeName: names.paymentStatusTypeName,
    retryPaymentId: payment.retryPaymentId ?? null,
    retryPaymentName: names.retryPaymentName,
    updated: payment.updated,
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
