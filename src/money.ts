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
  // To read a text as a double never changes the order of two: where the doubles differ, the amounts differ alike.
  const [first, second] = [nearest(left), nearest(right)];
  if (first !== second) return first < second ? -1 : 1;
  // Two doubles that are equal are the same amount; two texts need not be.
  return typeof left === 'number' && typeof right === 'number' ? 0 : big(left).cmp(big(right));
}

/** The double that is nearest to an amount. */
function nearest(value: Amount): number {
  return typeof value === 'number' ? value : Number(value.value);
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
