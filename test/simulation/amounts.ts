/**
 * Amounts of money in models: decimal texts, so that a model can be copied, and added with big.js.
 */
import Big from 'big.js';
import fc from 'fast-check';
import { isNumberText, type JsonValue, numberText } from '../../src/json.js';

/** The sum of decimal texts. */
export function sum(amounts: Iterable<string>): Big {
  return [...amounts].reduce((total, each) => total.plus(each), new Big(0));
}

/** The lesser of two. */
export function least(left: Big, right: Big): Big {
  return left.lt(right) ? left : right;
}

/** The text of a number in an answer or a record. */
export function amountOf(value: JsonValue | undefined): string {
  if (typeof value === 'number' || isNumberText(value)) return numberText(value);
  throw new Error(`Expected a number, received ${JSON.stringify(value)}.`);
}

/** Amounts above 0 whose sums binary floats get wrong, and texts that they lose: 0.10, 12.30, 0.1, 7.005. */
export const positiveAmounts: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 6_000 }).map((cents) => (cents / 100).toFixed(2)) },
  { weight: 2, arbitrary: fc.constantFrom('0.1', '0.2', '0.3', '0.7', '1.10', '25.00', '0.01', '33.33', '66.67') },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 9_999 }).map((mills) => (mills / 1000).toFixed(3)) },
  { weight: 1, arbitrary: fc.constantFrom('155.00', '300.00', '250', '1000000.01') },
);

/** Amounts, a few of them 0 or below. */
export const amounts: fc.Arbitrary<string> = fc.oneof(
  { weight: 12, arbitrary: positiveAmounts },
  { weight: 1, arbitrary: fc.constantFrom('0', '0.00', '-5.00', '-0.01') },
);
