/**
 * Computed amounts with the digits of what they are computed from: 300.00 less 145.00 is 155.00, not 155.
 */
import { type Amount, numberText, toNumber } from '../json.js';
import { round } from '../money.js';

/** The digits after the point, as the number is written. */
export function digitsOf(amount: Amount): number {
  return /\.(\d+)$/.exec(numberText(amount))?.[1]?.length ?? 0;
}

/** The amount with so many digits after the point, rounded half up where it has more. */
export function withDigits(amount: Amount, digits: number): Amount {
  const text = numberText(amount);
  const has = digitsOf(amount);
  if (has === digits && !/e/i.test(text)) return amount;
  const [whole = '0', fraction = ''] = (
    has < digits && !/e/i.test(text) ? text : numberText(round(amount, digits))
  ).split('.');
  return toNumber(digits === 0 ? whole : `${whole}.${fraction.padEnd(digits, '0')}`);
}

/** The amount with the digits that are wanted; where none are, with as many as those that it was computed from have. */
export function inScaleOf(amount: Amount, operands: readonly Amount[], digits: number | undefined): Amount {
  return withDigits(amount, digits ?? operands.reduce<number>((most, each) => Math.max(most, digitsOf(each)), 0));
}
