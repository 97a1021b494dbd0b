/**
 * The rules of a payment (the document's x-rules): all that is wrong with one, in the order of its properties. Nothing is
 * written here.
 */
import { type Amount, excerpt, money, numberText } from '../../src/index.js';
import type { Balances } from './balances.js';
import type { Books, Detail, Order, Payment, PaymentLabel, PaymentRule, RequestSource } from './types.js';

/** A rule that a payment breaks. */
export interface Fault {
  readonly rule: PaymentRule;
  /** The property that is wrong, without the place in the list for those of details. */
  readonly property: string;
  /** What was received, what is documented, what to do. */
  readonly message: string;
}

const labels: readonly PaymentLabel[] = ['Escrow', 'Earmarked', 'Services', 'Postage'];
const requestSources: readonly RequestSource[] = ['PRCMerchant', 'Other'];

/** Every rule that the payment breaks; none if it can be recorded. */
export function faultsOf(payment: Payment, books: Books, balances: Balances): readonly Fault[] {
  return [
    ...customerFaults(payment, books),
    ...amountFaults(payment),
    ...detailFaults(payment, books, balances.attempt()),
    ...requestSourceFaults(payment),
  ];
}

/** Absent or null is Other (rule request-source-default); `undefined` for what is no RequestSource. */
export function requestSourceOf(payment: Payment): RequestSource | undefined {
  const given = payment.RequestSource ?? 'Other';
  return requestSources.find((source) => source === given);
}

/** The detail's label, or `undefined` for what is none. */
export function labelOf(detail: Detail): PaymentLabel | undefined {
  return labels.find((label) => label === detail.PaymentLabel);
}

/** The order that a detail names; 0 and null are what an unset integer is, so they name none. */
export function orderIdOf(detail: Detail): number | undefined {
  return detail.OrderId === 0 ? undefined : (detail.OrderId ?? undefined);
}

function customerFaults({ CustomerId = 0 }: Payment, books: Books): readonly Fault[] {
  if (books.customers.has(CustomerId)) return [];
  const message = `Received CustomerId ${CustomerId}, which is no Midnight customer. Send the CustomerId of a stored customer.`;
  return [{ rule: 'customer-exists', property: 'CustomerId', message }];
}

function amountFaults(payment: Payment): readonly Fault[] {
  const faults: Fault[] = [];
  const amount = payment.AmountBilled ?? 0;
  const details = payment.CustomerPaymentDetailList ?? [];
  const property = 'AmountBilled';
  if (!money.isPositive(amount)) {
    const message = `Received AmountBilled ${numberText(amount)}. Send an amount greater than 0.`;
    faults.push({ rule: 'amount-positive', property, message });
  }
  // The server makes the detail of a PRCMerchant payment; without details of its own there is nothing to compare.
  if (details.length === 0 && requestSourceOf(payment) === 'PRCMerchant') return faults;
  const total = money.sum(details.map((detail) => detail.AmountBilled ?? 0));
  if (money.compare(amount, total) !== 0) {
    const message = `Received AmountBilled ${numberText(amount)}, while that of the details is ${numberText(total)} in sum. Send equal amounts.`;
    faults.push({ rule: 'amount-equals-details', property, message });
  }
  return faults;
}

function requestSourceFaults(payment: Payment): readonly Fault[] {
  if (requestSourceOf(payment) !== undefined) return [];
  const message = `Received RequestSource ${excerpt(payment.RequestSource)}. Send PRCMerchant or Other, or leave it out.`;
  return [{ rule: 'request-source', property: 'RequestSource', message }];
}

/** Judges details one after the other: what one takes from an order, the next does not find. */
function detailFaults(payment: Payment, books: Books, balances: Balances): readonly Fault[] {
  return (payment.CustomerPaymentDetailList ?? []).flatMap((detail, index) => {
    const place = `CustomerPaymentDetailList[${index}]`;
    const order = orderOf(payment, detail, books);
    return [
      ...orderFaults(detail, order, place),
      ...labelFaults(detail, place),
      ...detailAmountFaults(detail, place),
      ...balanceFaults(detail, order, balances, place),
    ];
  });
}

/** The customer's order that the detail names; `undefined` if it names none or another's. */
function orderOf(payment: Payment, detail: Detail, books: Books): Order | undefined {
  const orderId = orderIdOf(detail);
  const order = orderId === undefined ? undefined : books.orders.get(orderId);
  return order?.customerId === payment.CustomerId ? order : undefined;
}

function orderFaults(detail: Detail, order: Order | undefined, place: string): readonly Fault[] {
  const label = labelOf(detail);
  const orderId = orderIdOf(detail);
  // Money in escrow is for future jobs; with a label that is none, nobody knows whether an order is needed.
  const needed = label !== undefined && label !== 'Escrow';
  if (order !== undefined || (orderId === undefined && !needed)) return [];
  const message = `${place}: received OrderId ${excerpt(detail.OrderId)}, which is no order of the payment's customer. Send one of theirs.`;
  return [{ rule: 'detail-order-of-customer', property: 'CustomerPaymentDetailList.OrderId', message }];
}

function labelFaults(detail: Detail, place: string): readonly Fault[] {
  if (labelOf(detail) !== undefined) return [];
  const message = `${place}: received PaymentLabel ${excerpt(detail.PaymentLabel)}. Send Escrow, Earmarked, Services or Postage.`;
  return [{ rule: 'detail-label', property: 'CustomerPaymentDetailList.PaymentLabel', message }];
}

function detailAmountFaults({ AmountBilled = 0 }: Detail, place: string): readonly Fault[] {
  if (money.isPositive(AmountBilled)) return [];
  const message = `${place}: received AmountBilled ${numberText(AmountBilled)}. Send an amount greater than 0.`;
  return [{ rule: 'detail-amount-positive', property: 'CustomerPaymentDetailList.AmountBilled', message }];
}

/** Judged only where the order is the customer's and there is an amount; takes what is within the balance off it. */
function balanceFaults(detail: Detail, order: Order | undefined, balances: Balances, place: string): readonly Fault[] {
  const label = labelOf(detail);
  const amount: Amount = detail.AmountBilled ?? 0;
  if (order === undefined || label === undefined || label === 'Escrow') return [];
  const due = balances.due(order, label);
  if (!money.isPositive(due)) {
    const message = `${place}: order ${order.id} has no balance due for ${label}. Send an order with an outstanding balance.`;
    return [{ rule: 'detail-order-has-balance', property: 'CustomerPaymentDetailList.OrderId', message }];
  }
  if (!money.isPositive(amount)) return [];
  if (money.compare(amount, due) > 0) {
    const message = `${place}: received AmountBilled ${numberText(amount)}, while ${numberText(due)} is due for ${label} of order ${order.id}. Send at most that.`;
    return [{ rule: 'detail-amount-within-balance', property: 'CustomerPaymentDetailList.AmountBilled', message }];
  }
  balances.take(order, label, amount);
  return [];
}
