/**
 * The report of one run: what it came to, the defects, what of the document was exercised.
 */
import { useState } from 'preact/hooks';
import { ask, control, type Schemas, stringify } from '../../control.js';
import { useShortcuts } from '../../keyboard.js';
import { useLoaded } from '../../loaded.js';
import { download } from '../../parts/copy.js';
import { Confirm } from '../../parts/dialog.js';
import { Refused } from '../../parts/refused.js';
import { documentationOf, goTo, linkTo } from '../../place.js';
import { Coverage } from './coverage.js';
import { Findings } from './findings.js';
import { RunProgress } from './run-progress.js';
import { remove, run, running, runs, titleOf } from './runs.js';
import { VerdictLine } from './verdict-line.js';
import { defects } from './words.js';

type Details = Schemas['VerificationDetails'];

/** `id` is that of the run. */
export function Report({ id }: { id: string }) {
  const known = runs.value?.find((each) => each.id === id);
  const path = { verification: id };
  const read = () => ask(control.GET('/verifications/{verification}', { params: { path } }));
  const loaded = useLoaded(read, [id, known?.state]);
  useShortcuts([{ keys: 'Escape', does: 'Back to all APIs', run: () => goTo({ view: 'contract' }) }]);
  const { value, refusal } = loaded;
  // What was loaded for another id, or before it ended, gives way to what is known of this one.
  const details: Details | undefined = value?.id === id ? { ...value, ...known } : known;
  return (
    <>
      <p class="back">
        <a href={linkTo({ view: 'contract' })}>Contract</a>
      </p>
      <h1>{details === undefined ? `Run ${id}` : titleOf(details.api)}</h1>
      {details !== undefined && <Told details={details} />}
      {details === undefined && (refusal === undefined ? <p class="waiting">…</p> : <Refused refusal={refusal} />)}
    </>
  );
}

function Told({ details }: { details: Details }) {
  const { state, trouble, report, api, id } = details;
  return (
    <>
      <VerdictLine run={details}>
        <span>{details.phases.length === 5 ? 'all phases' : details.phases.join(', ')}</span>
        <span>run {id}</span>
        <a href={documentationOf(api)}>Documentation</a>
      </VerdictLine>
      {state === 'running' && <RunProgress run={details} />}
      {state !== 'running' && <Actions details={details} />}
      {state === 'broken' && (
        <div class="refused" role="alert">
          <p>{trouble}</p>
        </div>
      )}
      {state === 'stopped' && (
        <p class="soft">
          It was stopped on the way, with {defects(details.findings)} found until then. There is no report.
        </p>
      )}
      {report !== undefined && (
        <>
          <Counts report={report} />
          {report.notes.map((note) => (
            <p key={note} class="note">
              {note}
            </p>
          ))}
          <Findings api={api} report={report} />
          <Coverage coverage={report.coverage} />
        </>
      )}
    </>
  );
}

function Actions({ details }: { details: Details }) {
  const [asks, setAsks] = useState(false);
  const { id, api, phases, seed, maxExamples } = details;
  const again = async () => {
    await run(api, { phases, seed, maxExamples });
    const next = running();
    if (next?.api === api) goTo({ view: 'contract', rest: [next.id] });
  };
  return (
    <p class="actions">
      <button type="button" disabled={running() !== undefined} onClick={again}>
        Run again
      </button>
      <button type="button" onClick={() => download(`contract-${api}-${id}.json`, `${stringify({ ...details }, 2)}\n`)}>
        Save as JSON
      </button>
      <button type="button" onClick={() => setAsks(true)}>
        Throw away
      </button>
      {asks && (
        <Confirm
          title={`Throw the run ${id} away?`}
          action="Throw it away"
          onConfirm={async () => {
            goTo({ view: 'contract' });
            await remove(id);
          }}
          onClose={() => setAsks(false)}
        >
          <p>The report on {titleOf(api)} is gone then. It can be saved before.</p>
        </Confirm>
      )}
    </p>
  );
}

function Counts({ report: { counts } }: { report: Schemas['VerificationReport'] }) {
  return (
    <table class="narrow">
      <caption>Requests</caption>
      <thead>
        <tr>
          <th scope="col">Phase</th>
          <th scope="col" class="number">
            Sent
          </th>
          <th scope="col" class="number">
            Show a defect
          </th>
          <th scope="col" class="number">
            Refused by a rule
          </th>
        </tr>
      </thead>
      <tbody>
        {counts.map(({ phase, requests, failed, ruled }) => (
          <tr key={phase}>
            <th scope="row">{phase}</th>
            <td class="number">{requests}</td>
            <td class={failed > 0 ? 'number is-failed' : 'number'}>{failed}</td>
            <td class="number">{ruled}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
