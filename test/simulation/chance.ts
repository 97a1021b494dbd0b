/** How likely a part of an operation is there. */
import fc from 'fast-check';

/** There in so many of a hundred, else `undefined`. */
export function sometimes<T>(percent: number, value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: 100 - percent, arbitrary: fc.constant(undefined) }, { weight: percent, arbitrary: value });
}
