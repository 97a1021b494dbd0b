/**
 * The records that a payment names by number: whether they exist (rule references-exist), and what they are called (rule
 * names-looked-up). 0 and null name none in a request; in state a record may have the number 0.
 */
import type { ProblemDetail } from '../../src/index.js';
import { capitalized } from './dialect.js';
import { broken, codes } from './errors.js';
import type { Books, PaymentInput, StoredPayment } from './types.js';

/** Each link of a payment: the property that holds the number, the collection, and what error texts call the object. */
const links = [
  ['accountId', 'accounts', 'Account'],
  ['paymentTypeId', 'paymentTypes', 'PaymentType'],
  ['cardTypeId', 'cardTypes', 'CardType'],
  ['invoiceId', 'invoices', 'Invoice'],
  ['currencyExchangeDetailId', 'currencyExchangeDetails', 'CurrencyExchangeDetail'],
  ['billRunHistoryId', 'billRunHistories', 'BillRunHistory'],
  ['reversePaymentId', 'payments', 'Payment'],
  ['createdByUserId', 'users', 'User'],
  ['paymentMethodId', 'paymentMethods', 'PaymentMethod'],
  ['paymentPreAuthorizeId', 'paymentPreAuthorizes', 'PaymentPreAuthorize'],
  ['paymentTransactionId', 'paymentTransactions', 'PaymentTransaction'],
  ['createdByPortalUserId', 'portalUsers', 'PortalUser'],
  ['paymentStatusTypeId', 'paymentStatusTypes', 'PaymentStatusType'],
  ['retryPaymentId', 'payments', 'Payment'],
] as const;

/** The number of a linked record; undefined where a request or a record names none. */
export function linkOf(id: number | null | undefined): number | undefined {
  return id === null || id === 0 ? undefined : id;
}

/** Every number in a request that is that of no stored record. `at` leads to the object in the body. */
export function missingRecords(input: PaymentInput, books: Books, at: string): readonly ProblemDetail[] {
  return links.flatMap(([property, collection, object]) => {
    const id = linkOf(input[property]);
    if (id === undefined || books[collection].has(id)) return [];
    const message = `'${capitalized(property)}' (${id}) does not exist in '${object}' for 'Payment'.`;
    return [broken('references-exist', `${at}/${property}`, message, codes.linkedRecord, id)];
  });
}

type Names = {
  readonly [Link in (typeof links)[number][0] as Link extends `${infer Name}Id` ? `${Name}Name` : never]: string | null;
};

/** What the records that a payment names are called; null where there is none. */
export function namesOf(payment: StoredPayment, books: Books): Names {
  const name = (collection: (typeof links)[number][1], id: number | null | undefined): string | null =>
    typeof id === 'number' ? (books[collection].get(id)?.name ?? null) : null;
  // A payment is called by its number, unless the scenario calls it otherwise.
  const paymentName = (id: number | null | undefined): string | null =>
    typeof id === 'number' && books.payments.has(id)
      ? (name('payments', id) ?? `PAY-${String(id).padStart(6, '0')}`)
      : null;
  return {
    accountName: name('accounts', payment.accountId),
    paymentTypeName: name('paymentTypes', payment.paymentTypeId),
    cardTypeName: name('cardTypes', payment.cardTypeId),
    invoiceName: name('invoices', payment.invoiceId),
    currencyExchangeDetailName: name('currencyExchangeDetails', payment.currencyExchangeDetailId),
    billRunHistoryName: name('billRunHistories', payment.billRunHistoryId),
    reversePaymentName: paymentName(payment.reversePaymentId),
    createdByUserName: name('users', payment.createdByUserId),
    paymentMethodName: name('paymentMethods', payment.paymentMethodId),
    paymentPreAuthorizeName: name('paymentPreAuthorizes', payment.paymentPreAuthorizeId),
    paymentTransactionName: name('paymentTransactions', payment.paymentTransactionId),
    createdByPortalUserName: name('portalUsers', payment.createdByPortalUserId),
    paymentStatusTypeName: name('paymentStatusTypes', payment.paymentStatusTypeId),
    retryPaymentName: paymentName(payment.retryPaymentId),
  };
}
