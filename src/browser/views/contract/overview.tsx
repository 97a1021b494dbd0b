/**
 * Every api with what its last run came to, and the last runs of all.
 */
import type { Schemas } from '../../control.js';
import { Refused } from '../../parts/refused.js';
import { Wide } from '../../parts/wide.js';
import { moment } from '../../parts/workspace-choice.js';
import { linkTo } from '../../place.js';
import { opensRow, useRows } from '../../rows.js';
import { apis } from '../../sandbox.js';
import { RunOptions } from './run-options.js';
import { RunProgress } from './run-progress.js';
import { options, refusal, run, runAll, running, runs, titleOf, waiting } from './runs.js';
import { Verdict, VerdictLine } from './verdict-line.js';
import { duration, type Verification } from './words.js';

export function Overview() {
  const how = options.value;
  const isBusy = running() !== undefined || waiting.value.length > 0;
  return (
    <>
      <div class="bar">
        <h1>Contract</h1>
        <button
          type="button"
          class="primary"
          disabled={isBusy || how === undefined}
          onClick={() => how !== undefined && runAll(how)}
        >
          Run all
        </button>
      </div>
      <p class="lead">
        Each API is held to its document, as <code>paydouble verify</code> does, on a sandbox that is started for the
        run. No workspace here changes, and requests are answered meanwhile.
      </p>
      <RunOptions />
      {refusal.value !== undefined && <Refused refusal={refusal.value} />}
      {(apis.value ?? []).map((api) => (
        <Card key={api.api} api={api} />
      ))}
      <LastRuns />
    </>
  );
}

function Card({ api: { api, title } }: { api: Schemas['Api'] }) {
  const how = options.value;
  const own = (runs.value ?? []).filter((each) => each.api === api);
  const current = own.find(({ state }) => state === 'running');
  const last = own.find(({ state }) => state !== 'running');
  const isWaiting = waiting.value.some((each) => each.api === api);
  return (
    <section class="served" aria-labelledby={`contract-${api}`}>
      <header class="bar">
        <h2 id={`contract-${api}`}>{title}</h2>
        <button
          type="button"
          disabled={running() !== undefined || isWaiting || how === undefined}
          aria-label={`Run ${title}`}
          onClick={() => how !== undefined && run(api, how)}
        >
          Run
        </button>
      </header>
      <div class="run-state">
        {current !== undefined && <RunProgress run={current} />}
        {isWaiting && <span class="soft">waits for the end of the run before it</span>}
        {current === undefined && !isWaiting && <LastVerdict run={last} title={title} />}
      </div>
    </section>
  );
}

/** `run` is undefined where there is none, or none is known yet. */
function LastVerdict({ run: last, title }: { run: Verification | undefined; title: string }) {
  if (last === undefined) return <span class="soft">{runs.value === undefined ? '…' : 'Never run here.'}</span>;
  return (
    <VerdictLine run={last}>
      <a href={linkTo({ view: 'contract', rest: [last.id] })} aria-label={`Read the report on ${title}`}>
        Read the report
      </a>
    </VerdictLine>
  );
}

function LastRuns() {
  const all = runs.value ?? [];
  useRows('run');
  if (all.length === 0) return null;
  return (
    <>
      <h2>Last runs</h2>
      <p class="soft">The last twenty are kept until the sandbox stops.</p>
      <Wide label="Last runs">
        <table class="runs stacks">
          <thead>
            <tr>
              <th scope="col">Run</th>
              <th scope="col">API</th>
              <th scope="col">Verdict</th>
              <th scope="col">Began</th>
              <th scope="col" class="number">
                Took
              </th>
              <th scope="col" class="number">
                Seed
              </th>
              <th scope="col">Phases</th>
            </tr>
          </thead>
          <tbody>
            {all.map((each) => (
              <tr key={each.id}>
                <th scope="row">
                  <a {...opensRow} href={linkTo({ view: 'contract', rest: [each.id] })}>
                    {each.id}
                  </a>
                </th>
                <td data-label="API">{titleOf(each.api)}</td>
                <td data-label="Verdict">
                  <Verdict run={each} />
                </td>
                <td data-label="Began">{moment(each.startedAt)}</td>
                <td data-label="Took" class="number">
                  {duration(each)}
                </td>
                <td data-label="Seed" class="number">
                  {each.seed}
                </td>
                <td data-label="Phases">{each.phases.length === 5 ? 'all' : each.phases.join(', ')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </>
  );
}
