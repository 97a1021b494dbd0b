/**
 * The defects of a report: all, or those of one check; moved through with j and k.
 */
import { useState } from 'preact/hooks';
import type { Schemas } from '../../control.js';
import { useShortcuts } from '../../keyboard.js';
import { place, setQuery } from '../../place.js';
import { Finding, findingId } from './finding.js';
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
  const move = (by: number) => {
    const at = shown.findIndex((_, index) => document.activeElement?.id === findingId(index));
    document.getElementById(findingId(Math.max(0, Math.min(shown.length - 1, at + by))))?.focus();
  };
  useShortcuts([
    { keys: 'j', does: 'The next defect', run: () => move(1) },
    { keys: 'k', does: 'The defect before', run: () => move(-1) },
    { keys: 'Enter', does: 'Open or close the defect', run: toggle },
  ]);
  if (findings.length + findingsLeftOut === 0) return <p class="nothing">Nothing breaks the document.</p>;
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

/** Opens or closes what the focus is on; a button or a link that has the focus is pressed instead. */
function toggle(): void {
  const at = document.activeElement;
  if (at instanceof HTMLButtonElement || at instanceof HTMLAnchorElement) at.click();
  else at?.closest('.finding, details')?.querySelector<HTMLElement>('summary')?.click();
}
