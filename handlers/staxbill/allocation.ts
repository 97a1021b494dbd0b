/**
 * Which invoices a payment goes to: first as the request says, then over what is open (rules explicit-before-automatic,
 * automatic-order, rest-unallocated).
 */
import { type Amount, compareInstants, money, parseInstant } from '../../src/index.js';
import type { Allocation, Books, Import, Invoice } from './types.js';

/** Every allocation of an import that has no faults, in order. */
export function allocationsOf(body: Import, books: Books): readonly Allocation[] {
  const explicit = (body.paymentAllocations ?? []).map(({ invoiceId = 0, amount = 0 }) => ({ invoiceId, amount }));
  return body.autoAllocate === true ? [...explicit, ...automatic(body, explicit, books)] : explicit;
}

/** What of an amount the allocations leave; never less than nothing. */
export function restOf(amount: Amount, allocations: readonly Allocation[]): Amount {
  const rest = money.subtract(amount, money.sum(allocations.map((each) => each.amount)));
  return money.isPositive(rest) ? rest : 0;
}

function automatic(body: Import, explicit: readonly Allocation[], books: Books): readonly Allocation[] {
  const allocations: Allocation[] = [];
  let left = restOf(body.amount ?? 0, explicit);
  for (const invoice of inOrder(books.invoices.where('customerId', body.customerId ?? 0), body)) {
    const taken = explicit.filter(({ invoiceId }) => invoiceId === invoice.invoiceId).map(({ amount }) => amount);
    const open = money.subtract(invoice.outstandingBalance, money.sum(taken));
    if (!money.isPositive(left)) break;
    if (!money.isPositive(open)) continue;
    const amount = money.least(left, open);
    allocations.push({ invoiceId: invoice.invoiceId, amount });
    left = money.subtract(left, amount);
  }
  return allocations;
}

function inOrder(invoices: readonly Invoice[], { autoAllocateOrder }: Import): readonly Invoice[] {
  const epoch = { epochMilliseconds: 0, nanoseconds: 0 };
  const at = ({ postedTimestamp }: Invoice) => parseInstant(postedTimestamp) ?? epoch;
  const oldest = [...invoices].sort(
    (left, right) => compareInstants(at(left), at(right)) || left.invoiceId - right.invoiceId,
  );
  return autoAllocateOrder === 'NewestToOldest' ? oldest.reverse() : oldest;
}
