/**
 * What a view shows of the control API: asked when it is shown, and again when it is told to.
 */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { reasonOf } from '../reason.js';
import { Refusal } from './control.js';

export interface Loaded<T> {
  /** What was answered last; it stays while it is asked again, so that nothing jumps. `undefined`: nothing yet. */
  readonly value: T | undefined;
  /** Why the last question was refused; `undefined` if it was not. */
  readonly refusal: Refusal | undefined;
  /** Asks again. */
  readonly again: () => void;
}

/** Asks, and asks again whenever one of `inputs` changes; an answer that was overtaken by a later question is dropped. */
export function useLoaded<T>(question: () => Promise<T>, inputs: readonly unknown[]): Loaded<T> {
  const [value, setValue] = useState<T>();
  const [refusal, setRefusal] = useState<Refusal>();
  const latest = useRef(0);
  const ask = useCallback(() => {
    const mine = ++latest.current;
    question().then(
      (answer) => {
        if (mine !== latest.current) return;
        setValue(() => answer);
        setRefusal(undefined);
      },
      (error: unknown) => {
        if (mine === latest.current) setRefusal(asRefusal(error));
      },
    );
  }, inputs);
  useEffect(() => {
    ask();
    return () => {
      latest.current++;
    };
  }, [ask]);
  return { value, refusal, again: ask };
}

/** Whatever was thrown, for people. */
export function asRefusal(error: unknown): Refusal {
  return error instanceof Refusal ? error : new Refusal(reasonOf(error), 0);
}
