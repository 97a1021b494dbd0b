/**
 * The fields of a wait: none, or one that is distributed somehow.
 */
import { Field, Select } from '../../parts/form.js';
import { type Draft, latencies } from './draft.js';

interface LatencyProperties {
  readonly draft: Draft;
  readonly change: (changed: Partial<Draft>) => void;
}

/** The fields of each distribution, by the member of the draft. */
const fieldsOf = {
  none: [],
  fixed: [['milliseconds', 'Milliseconds', 60_000]],
  uniform: [
    ['least', 'From, in milliseconds', 60_000],
    ['most', 'To, in milliseconds', 60_000],
  ],
  normal: [
    ['mean', 'Mean, in milliseconds', 60_000],
    ['deviation', 'Standard deviation, in milliseconds', 60_000],
    ['longest', 'At most, in milliseconds', 60_000],
  ],
  logNormal: [
    ['median', 'Median, in milliseconds', 60_000],
    ['sigma', 'Sigma, of the logarithm', 10],
    ['longest', 'At most, in milliseconds', 60_000],
  ],
} as const;

export function Latency({ draft, change }: LatencyProperties) {
  const isLate = draft.happening === 'late';
  const chosen = isLate && draft.latency === 'none' ? 'fixed' : draft.latency;
  return (
    <>
      <Field label="Wait before it" pointer="/fault/latency">
        {(attributes) => (
          <Select
            attributes={attributes}
            value={chosen}
            onChange={(value) => change({ latency: known(value) })}
            options={Object.entries(latencies).filter(([name]) => !isLate || name !== 'none')}
          />
        )}
      </Field>
      {fieldsOf[chosen].map(([name, label, max]) => (
        <Field key={name} label={label}>
          {(attributes) => (
            <input
              {...attributes}
              type="number"
              min={0}
              max={max}
              step="any"
              required={name !== 'longest'}
              value={draft[name]}
              onInput={(event) => change({ [name]: event.currentTarget.value })}
            />
          )}
        </Field>
      ))}
    </>
  );
}

function known(value: string): Draft['latency'] {
  if (value === 'fixed' || value === 'uniform' || value === 'normal' || value === 'logNormal') return value;
  return 'none';
}
