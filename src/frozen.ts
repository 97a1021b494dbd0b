/**
 * Values that cannot change. What was worked out for such a value, its verdict or its text, holds as long as it is there.
 */

/** Freezes a value and all in it, so that no handler changes a stored version. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const member of Object.values(value)) deepFreeze(member);
  return value;
}

/** Whether neither a value nor anything in it can change. */
export function isDeeplyFrozen(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return Object.isFrozen(value) && Object.values(value).every(isDeeplyFrozen);
}
