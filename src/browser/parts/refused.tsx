/**
 * What stands in the place of something that could not be had, and what stands there while it is waited for.
 */
import type { ComponentChildren } from 'preact';
import type { Refusal } from '../control.js';
import type { Loaded } from '../loaded.js';

/** All that is wrong, each with its place. */
export function Refused({ refusal }: { refusal: Refusal }) {
  const errors = refusal.errors.filter(({ message }) => !refusal.message.includes(message));
  return (
    <div class="refused" role="alert">
      <p>{refusal.message}</p>
      {errors.length > 0 && (
        <ul>
          {errors.map(({ pointer, message }) => (
            <li key={`${pointer}${message}`}>
              {pointer !== '' && !message.startsWith(pointer) && <code>{pointer}</code>} {message}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

interface ShowProperties<T> {
  readonly loaded: Pick<Loaded<T>, 'value' | 'refusal'>;
  readonly children: (value: T) => ComponentChildren;
}

/** What was loaded; before that nothing. What was refused stands in its place, or above what was loaded before. */
export function Show<T>({ loaded: { value, refusal }, children }: ShowProperties<T>) {
  return (
    <>
      {refusal !== undefined && <Refused refusal={refusal} />}
      {value === undefined ? refusal === undefined && <p class="waiting">…</p> : children(value)}
    </>
  );
}
