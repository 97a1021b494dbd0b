/**
 * How the next runs are made: which phases, the seed, how many random requests.
 */
import { form, wrong } from './runs.js';
import { type Form, type Phase, phaseTexts } from './words.js';

export function RunOptions() {
  const { phases, seed, maxExamples } = form.value;
  return (
    <details class="run-options">
      <summary>Options</summary>
      <fieldset>
        <legend>Phases</legend>
        <div class="phases">
          {phaseTexts.map(({ phase, does }) => (
            <label key={phase} class="check">
              <input
                type="checkbox"
                checked={phases.includes(phase)}
                onChange={(event) => choose(phase, event.currentTarget.checked)}
              />
              <span>
                <b>{phase}</b> {does}
              </span>
            </label>
          ))}
        </div>
      </fieldset>
      <div class="fields">
        <label>
          Seed of the random requests
          <input inputMode="numeric" value={seed} onInput={(event) => change({ seed: event.currentTarget.value })} />
        </label>
        <label>
          Random requests for each operation
          <input
            inputMode="numeric"
            value={maxExamples}
            onInput={(event) => change({ maxExamples: event.currentTarget.value })}
          />
        </label>
      </div>
      <p class="wrong" role="status">
        {wrong.value.join(' ')}
      </p>
    </details>
  );
}

function change(changed: Partial<Form>): void {
  form.value = { ...form.value, ...changed };
}

function choose(phase: Phase, isWanted: boolean): void {
  const { phases } = form.value;
  const chosen = phaseTexts
    .map((each) => each.phase)
    .filter((each) => (each === phase ? isWanted : phases.includes(each)));
  change({ phases: chosen });
}
