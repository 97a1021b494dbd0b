/**
 * The scenarios with their stories, to make a workspace of, or to put into the one that is looked at.
 */
import type { Schemas } from '../../control.js';
import { place } from '../../place.js';
import { opensRow } from '../../rows.js';
import type { Doing } from './doing.js';

interface ScenariosProperties {
  readonly scenarios: readonly Schemas['Scenario'][];
  readonly begin: (doing: Doing) => void;
}

export function Scenarios({ scenarios, begin }: ScenariosProperties) {
  const { workspace } = place.value;
  return (
    <section aria-labelledby="scenarios">
      <h2 id="scenarios">Scenarios</h2>
      <ul class="scenarios">
        {scenarios.map((each) => (
          <li key={each.scenario}>
            <details>
              <summary {...opensRow}>
                <strong>{each.scenario}</strong> <span class="soft">{each.apis.map(({ api }) => api).join(', ')}</span>
              </summary>
              <Stories scenario={each} />
            </details>
            <p class="row-actions">
              <button
                type="button"
                aria-label={`Load ${each.scenario} into ${workspace}`}
                onClick={() => begin({ does: 'put', from: { kind: 'scenario', name: each.scenario } })}
              >
                Load
              </button>
              <button
                type="button"
                aria-label={`Make a workspace of ${each.scenario}`}
                onClick={() => begin({ does: 'make', from: { kind: 'scenario', name: each.scenario } })}
              >
                Make a workspace
              </button>
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What each api's part of a scenario is about. */
export function Stories({ scenario }: { scenario: Schemas['Scenario'] }) {
  return (
    <dl class="stories">
      {scenario.apis.map(({ api, story }) => (
        <div key={api}>
          <dt>{api}</dt>
          <dd>{story === '' ? 'Nothing is said of it.' : story}</dd>
        </div>
      ))}
    </dl>
  );
}
