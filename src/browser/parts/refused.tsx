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

/** What was loaded; before that nothing, and what was refused in its place. */
export function Show<T>({ loaded, children }: { loaded: Loaded<T>; children: (value: T) => ComponentChildren }) {
  if (loaded.value !== undefined) return <>{children(loaded.value)}</>;
  return loaded.refusal === undefined ? <p class="waiting">…</p> : <Refused refusal={loaded.refusal} />;
}
