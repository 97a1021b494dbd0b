/**
 * What a page does again and again while it is looked at.
 */
import { useEffect, useRef } from 'preact/hooks';

/** Acts every so many milliseconds while the page is visible, and at once when it is visible again. */
export function useEvery(milliseconds: number, action: () => void): void {
  const latest = useRef(action);
  latest.current = action;
  useEffect(() => {
    const act = () => {
      if (document.visibilityState === 'visible') latest.current();
    };
    const timer = setInterval(act, milliseconds);
    document.addEventListener('visibilitychange', act);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', act);
    };
  }, [milliseconds]);
}
