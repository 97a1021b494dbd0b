/**
 * Decimal arithmetic on amounts, exact at any length. Amounts are never added or compared as doubles: 0.1 + 0.2 is 0.3.
 *
 * The only module that imports big.js.
 */
import { Big } from 'big.js';
import { type Amount, numberText, toNumber } from './json.js';

function big(amount: Amount): Big {
  return new Big(numberText(amount));
}

/** A computed amount, in plain notation, as a message carries it. */
function amount(value: Big): Amount {
  return toNumber(value.toFixed());
}

/** The exact sum; 0 for none. */
export function sum(amounts: Iterable<Amount>): Amount {
  let total = new Big(0);
  for (const each of amounts) total = total.plus(big(each));
  return amount(total);
}

/** `minuend` less `subtrahend`, exactly. */
export function subtract(minuend: Amount, subtrahend: Amount): Amount {
  return amount(big(minuend).minus(big(subtrahend)));
}

/** The exact product, for example of a quantity and a price. */
export function multiply(left: Amount, right: Amount): Amount {
  return amount(big(left).times(big(right)));
}

/** The amount with at most so many digits after the point, half of one rounded away from zero. */
export function round(value: Amount, digits: number): Amount {
  return amount(big(value).round(digits, 1));
}

/** Negative if `left` is the smaller, 0 if they are equal (`2.0` equals `2`), positive if it is the larger. */
export function compare(left: Amount, right: Amount): -1 | 0 | 1 {
  // Each is the shortest text of its double, and those are in the order of the doubles.
  if (typeof left === 'number' && typeof right === 'number') return left < right ? -1 : left > right ? 1 : 0;
  return big(left).cmp(big(right));
}

/** The smaller of two amounts, as it was given. */
export function least(left: Amount, right: Amount): Amount {
  return compare(left, right) <= 0 ? left : right;
}

/** Whether the amount is above zero. */
export function isPositive(value: Amount): boolean {
  return compare(value, 0) > 0;
}

/** Whether the amount is a whole multiple of the step: `2.50` of `0.01`. */
export function isMultiple(value: Amount, step: Amount): boolean {
  return big(value).mod(big(step)).eq(0);
}
