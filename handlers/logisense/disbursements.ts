/**
 * Money on its way from payments to invoices. What is open of an invoice is derived: its amount less its disbursements.
 */
import { type Amount, compareInstants, money, parseInstant } from '../../src/index.js';
import type { Books, Collections, StoredPayment, World } from './types.js';

type Invoice = Collections['invoices'];

/** What is still open of an invoice. */
export function balanceOf(invoice: Invoice, books: Books): Amount {
  const paid = books.invoiceDisbursements.where('invoiceId', invoice.id).map(({ amount }) => amount);
  return money.subtract(invoice.amount, money.sum(paid));
}

/** What of a payment went to invoices. */
export function disbursedOf(payment: StoredPayment, books: Books): Amount {
  return money.sum(books.invoiceDisbursements.where('paymentId', payment.identity).map(({ amount }) => amount));
}

/** A share of a payment for an invoice, before it is written. */
export interface Share {
  readonly invoice: Invoice;
  readonly amount: Amount;
}

/** How an amount spreads over the account's open invoices, the oldest first (rule oldest-invoice-first). */
export function sharesOf(amount: Amount, accountId: number, books: Books): readonly Share[] {
  const shares: Share[] = [];
  let left = amount;
  for (const invoice of oldestFirst(books.invoices.where('accountId', accountId))) {
    const open = balanceOf(invoice, books);
    if (!money.isPositive(left)) break;
    if (!money.isPositive(open)) continue;
    const share = money.least(left, open);
    shares.push({ invoice, amount: share });
    left = money.subtract(left, share);
  }
  return shares;
}

function oldestFirst(invoices: readonly Invoice[]): readonly Invoice[] {
  const epoch = { epochMilliseconds: 0, nanoseconds: 0 };
  const at = ({ date }: Invoice) => parseInstant(date) ?? epoch;
  return [...invoices].sort((left, right) => compareInstants(at(left), at(right)) || left.id - right.id);
}

/** Writes a payment's shares. The base and invoice amounts of a share are at a rate of 1. */
export function disburse(paymentId: number, shares: readonly Share[], world: World): void {
  for (const { invoice, amount } of shares) {
    world.state.invoiceDisbursements.insert({
      identity: world.nextId('invoiceDisbursements'),
      invoiceId: invoice.id,
      paymentId,
      amount,
      baseAmount: amount,
      invoiceAmount: amount,
      automaticDisburse: true,
    });
  }
}
