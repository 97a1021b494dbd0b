/**
 * Midnight, seed 002: payments of customers, each recorded or refused by itself.
 */
import type { operations } from '../../specs/midnight/openapi.js';
import { type Context, defineApi, formatInstant } from '../../src/index.js';
import { Balances } from './balances.js';
import { dialect } from './dialect.js';
import { errorMessages } from './error-messages.js';
import { faultsOf, labelOf, orderIdOf, requestSourceOf } from './faults.js';
import { inDocumentedNames } from './names.js';
import type { Collections, Outcome, Payment, StoredDetail } from './types.js';

type Parts = readonly Pick<StoredDetail, 'orderId' | 'paymentLabel' | 'amountBilled'>[];

export default defineApi<operations, Collections>({
  dialect,
  handlers: {
    insertCustomerPayments(request, context) {
      const payments = inDocumentedNames(request.body, context.validate);
      const balances = Balances.stored((orderId) => context.state.paymentDetails.where('orderId', orderId));
      return { status: 200, body: payments.map((payment) => outcomeOf(payment, context, balances)) };
    },
  },
});

/** Records a payment that keeps every rule, and says what became of it. */
function outcomeOf(payment: Payment, context: Context<Collections>, balances: Balances): Outcome {
  const faults = faultsOf(payment, context.state, balances);
  if (faults.length > 0) {
    const ErrorMessage = errorMessages(faults, context.state.errorMessages);
    return { CustomerPaymentId: 0, CustomerPaymentNumber: null, Error: { ErrorMessage } };
  }
  const id = record(payment, context, balances);
  return { CustomerPaymentId: id, CustomerPaymentNumber: paymentNumber(id), Error: null };
}

/** Writes a payment and its details, and takes them off the balances; returns its id. */
function record(payment: Payment, context: Context<Collections>, balances: Balances): number {
  const { state } = context;
  const { CustomerId = 0, OrderNumber = null } = payment;
  const requestSource = requestSourceOf(payment) ?? 'Other';
  const isMerchant = requestSource === 'PRCMerchant';
  const parts = isMerchant ? merchantPart(payment, context) : sentParts(payment);
  // Before anything is stored: a balance not read yet is read from what is stored.
  takeFrom(balances, parts, context);
  const id = context.nextId('payments');
  state.payments.insert({
    id,
    customerId: CustomerId,
    requestSource,
    orderNumber: isMerchant ? OrderNumber : null,
    createdAt: formatInstant(context.now, { digits: 7, zone: '+00:00' }),
  });
  for (const part of parts) {
    state.paymentDetails.insert({ id: context.nextId('paymentDetails'), paymentId: id, ...part });
  }
  return id;
}

/** PRC Merchant has taken the money already: one detail, for the customer's order of that number or else in escrow. */
function merchantPart(payment: Payment, { state }: Context<Collections>): Parts {
  const { OrderNumber, AmountBilled: amountBilled = 0 } = payment;
  const named = typeof OrderNumber === 'string' ? state.orders.where('orderNumber', OrderNumber) : [];
  const order = named.find(({ customerId }) => customerId === payment.CustomerId);
  return order === undefined
    ? [{ orderId: null, paymentLabel: 'Escrow', amountBilled }]
    : [{ orderId: order.id, paymentLabel: 'Earmarked', amountBilled }];
}

/** The details as they were sent; their labels were judged before. */
function sentParts(payment: Payment): Parts {
  return (payment.CustomerPaymentDetailList ?? []).flatMap((detail) => {
    const paymentLabel = labelOf(detail);
    if (paymentLabel === undefined) return [];
    return [{ orderId: orderIdOf(detail) ?? null, paymentLabel, amountBilled: detail.AmountBilled ?? 0 }];
  });
}

function takeFrom(balances: Balances, parts: Parts, { state }: Context<Collections>): void {
  for (const { orderId, paymentLabel, amountBilled } of parts) {
    const order = orderId === null ? undefined : state.orders.get(orderId);
    if (order !== undefined && paymentLabel !== 'Escrow') balances.take(order, paymentLabel, amountBilled);
  }
}

/** `CP-000012` for payment 12. How the vendor numbers payments is unknown. */
function paymentNumber(id: number): string {
  return `CP-${String(id).padStart(6, '0')}`;
}
