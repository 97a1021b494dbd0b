/**
 * Giving payments back: how much is left to be given back, and what may not be.
 */
import { type Amount, money, numberText, type ProblemDetail } from '../../src/index.js';
import { broken, codes } from './errors.js';
import { linkOf } from './links.js';
import { isFailed } from './status.js';
import type { Books, StoredPayment } from './types.js';

/** What is left of a payment: its amount less its reversals that did not fail. `except` is not counted. */
export function remainderOf(payment: StoredPayment, books: Books, except?: number): Amount {
  const reversals = books.payments
    .where('reversePaymentId', payment.identity)
    .filter((reversal) => reversal.identity !== except && !isFailed(reversal, books));
  return money.subtract(payment.amount, money.sum(reversals.map(({ amount }) => amount)));
}

/** Why a payment cannot be reversed at all (rule no-reversal-of-reversal). */
export function irreversibleFaults(original: StoredPayment, books: Books, at: string): readonly ProblemDetail[] {
  const id = original.identity;
  if (linkOf(original.reversePaymentId) !== undefined) {
    const message = `Payment ${id} is itself a reversal and cannot be reversed. Name the payment that was received.`;
    return [broken('no-reversal-of-reversal', `${at}/reversePaymentId`, message)];
  }
  if (isFailed(original, books)) {
    const message = `Payment ${id} failed, so there is nothing to give back.`;
    return [broken('no-reversal-of-reversal', `${at}/reversePaymentId`, message)];
  }
  return [];
}

/** Why a payment cannot be reversed by an amount (rules reversal-within-remainder, no-reversal-of-reversal). */
export function reversalFaults(
  original: StoredPayment,
  amount: Amount | undefined,
  books: Books,
  at: string,
  except?: number,
): readonly ProblemDetail[] {
  const id = original.identity;
  const irreversible = irreversibleFaults(original, books, at);
  if (irreversible.length > 0) return irreversible;
  const left = remainderOf(original, books, except);
  if (!money.isPositive(left)) {
    const message = `Payment ${id} has been reversed in full.`;
    return [broken('reversal-within-remainder', `${at}/reversePaymentId`, message)];
  }
  if (amount === undefined || money.compare(amount, left) <= 0) return [];
  const message = `'Amount' (${numberText(amount)}) MUST be less than or equal to '${numberText(left)}', which is left of payment ${id}.`;
  return [broken('reversal-within-remainder', `${at}/amount`, message, codes.range, amount)];
}
