/**
 * What changes at every key that is pressed, once it has rested for a moment.
 */
import { useEffect, useState } from 'preact/hooks';

/** The value as it was when it last stayed the same for so long. */
export function useRested<T>(value: T, milliseconds: number): T {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), milliseconds);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return rested;
}
