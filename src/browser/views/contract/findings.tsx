/**
 * The defects of a report: all, or those of one check; moved through with j and k.
 */
import { useState } from 'preact/hooks';
import type { Schemas } from '../../control.js';
import { place, setQuery } from '../../place.js';
import { useRows } from '../../rows.js';
import { Finding } from './finding.js';
import { byCheck, defects } from './words.js';

/** More are shown when they are asked for. */
const mostAtOnce = 50;

interface FindingsProperties {
  readonly api: string;
  readonly report: Schemas['VerificationReport'];
}

export function Findings({ api, report: { findings, findingsLeftOut } }: FindingsProperties) {
  const [most, setMost] = useState(mostAtOnce);
  const check = place.value.query.get('check') ?? '';
  const wanted = check === '' ? findings : findings.filter((each) => each.check === check);
  const shown = wanted.slice(0, most);
  useRows('defect');
  if (findings.length + findingsLeftOut === 0) return <p class="soft">Nothing breaks the document.</p>;
  return (
    <section aria-labelledby="defects">
      <h2 id="defects">Defects</h2>
      <fieldset class="checks">
        <legend>Check</legend>
        <button type="button" aria-pressed={check === ''} onClick={() => setQuery({ check: '' })}>
          all ({findings.length})
        </button>
        {byCheck(findings).map((each) => (
          <button
            key={each.check}
            type="button"
            aria-pressed={check === each.check}
            title={`${defects(each.defects)}, shown by ${each.requests} requests`}
            onClick={() => setQuery({ check: each.check })}
          >
            {each.check} ({each.defects})
          </button>
        ))}
      </fieldset>
      {findingsLeftOut > 0 && (
        <p class="note">
          {findingsLeftOut} more are left out, because the report would be too long. <code>paydouble verify {api}</code>{' '}
          tells them all.
        </p>
      )}
      {shown.map((finding, index) => (
        <Finding key={`${check}${index}`} api={api} finding={finding} index={index} />
      ))}
      {shown.length < wanted.length && (
        <button type="button" onClick={() => setMost(most + mostAtOnce)}>
          Show more of {wanted.length}
        </button>
      )}
    </section>
  );
}
