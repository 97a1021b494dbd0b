/**
 * How far a run is, and the way to stop it.
 */
import { stop, titleOf } from './runs.js';
import { defects, share, stepOf, type Verification } from './words.js';

export function RunProgress({ run }: { run: Verification }) {
  return (
    <div class="run-progress">
      <Bar run={run} />
      <span class="step">
        {stepOf(run)} · {defects(run.findings)} so far
      </span>
      <button type="button" onClick={() => stop(run)}>
        Stop
      </button>
    </div>
  );
}

/** Without a value, which the browser shows as moving, until it is known how much there is. */
function Bar({ run }: { run: Verification }) {
  const label = `How far the run of ${titleOf(run.api)} is`;
  const value = share(run);
  return value === undefined ? <progress aria-label={label} /> : <progress aria-label={label} max={1} value={value} />;
}
