/**
 * The line about what was just done, at the foot of the page; read out where a screen is read out.
 */
import { useEffect } from 'preact/hooks';
import { notice } from '../sandbox.js';

/** How long what went well is shown; what did not stays until it is closed. */
const shownMilliseconds = 5_000;

export function NoticeLine() {
  const { value } = notice;
  useEffect(() => {
    if (value === undefined || value.isTrouble) return undefined;
    const timer = setTimeout(close, shownMilliseconds);
    return () => clearTimeout(timer);
  }, [value]);
  return (
    <div class="notices" role="status">
      {value !== undefined && (
        <p class={value.isTrouble ? 'notice is-trouble' : 'notice'}>
          {value.text}{' '}
          <button type="button" class="quiet" onClick={close}>
            Dismiss
          </button>
        </p>
      )}
    </div>
  );
}

function close(): void {
  notice.value = undefined;
}
