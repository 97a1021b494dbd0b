/**
 * Values that cannot change. What was worked out for such a value, its verdict or its text, holds as long as it is there.
 */

/** What {@link deepFreeze} froze: known without being looked through. */
const known = new WeakSet<object>();

/** Freezes a value and all in it, so that no handler changes a stored version. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || known.has(value)) return value;
  freeze(value);
  known.add(value);
  return value;
}

/** Also within what is frozen already: that may be so at its surface alone. */
function freeze(value: object): void {
  Object.freeze(value);
  for (const member of Object.values(value)) if (typeof member === 'object' && member !== null) freeze(member);
}

/** Whether neither a value nor anything in it can change. */
export function isDeeplyFrozen(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || known.has(value)) return true;
  return Object.isFrozen(value) && Object.values(value).every(isDeeplyFrozen);
}
