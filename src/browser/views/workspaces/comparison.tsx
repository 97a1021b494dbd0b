/**
 * What is otherwise than in a snapshot: in a workspace now, or in another snapshot. The two sides stand in the URL.
 */
import { useId } from 'preact/hooks';
import { ask, control, type Schemas } from '../../control.js';
import { useLoaded } from '../../loaded.js';
import { Differences } from '../../parts/differences.js';
import { Refused } from '../../parts/refused.js';
import { place, setQuery } from '../../place.js';
import { workspaces } from '../../sandbox.js';

/** The heading, for who is led here. */
export const comparisonId = 'comparison';

/** How many records are shown at the most; more would hold up the page. */
const mostShown = 200;

/** What the second side is: what a workspace holds now, or a snapshot. */
const sides = { workspace: 'workspace ', snapshot: 'snapshot ' } as const;

export function Comparison({ snapshots }: { snapshots: readonly Schemas['Snapshot'][] }) {
  const [fromId, toId] = [useId(), useId()];
  const { query, workspace: current } = place.value;
  const names = snapshots.map(({ name }) => name);
  const from = query.get('from') ?? '';
  const to = query.get('to') ?? `${sides.workspace}${current}`;
  return (
    <section aria-labelledby={comparisonId}>
      <h2 id={comparisonId} tabIndex={-1}>
        Compare
      </h2>
      <div class="fields">
        <div class="field">
          <label for={fromId}>From the snapshot</label>
          <select id={fromId} value={from} onChange={(event) => setQuery({ from: event.currentTarget.value })}>
            <option value="">choose one</option>
            {names.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </div>
        <div class="field">
          <label for={toId}>To</label>
          <select id={toId} value={to} onChange={(event) => setQuery({ to: event.currentTarget.value })}>
            <optgroup label="What a workspace holds now">
              {(workspaces.value ?? []).map(({ name }) => (
                <option key={name} value={`${sides.workspace}${name}`}>
                  {name}
                </option>
              ))}
            </optgroup>
            <optgroup label="Another snapshot">
              {names.map((name) => (
                <option key={name} value={`${sides.snapshot}${name}`}>
                  {name}
                </option>
              ))}
            </optgroup>
          </select>
        </div>
      </div>
      {from !== '' && <Result key={`${from} ${to}`} from={from} to={to} />}
    </section>
  );
}

function Result({ from, to }: { from: string; to: string }) {
  const isSnapshot = to.startsWith(sides.snapshot);
  const other = to.slice(isSnapshot ? sides.snapshot.length : sides.workspace.length);
  const compared = useLoaded(() => {
    const query = { limit: mostShown, ...(isSnapshot ? { snapshot: other } : { workspace: other }) };
    return ask(control.GET('/snapshots/{snapshot}/diff', { params: { path: { snapshot: from }, query } }));
  }, [from, to]);
  if (compared.refusal !== undefined) return <Refused refusal={compared.refusal} />;
  if (compared.value === undefined) return <p class="waiting">…</p>;
  const { changed, added, removed } = compared.value.counts;
  const total = changed + added + removed;
  return (
    <>
      <p role="status">
        {changed} changed, {added} added, {removed} removed.{' '}
        {total > mostShown && `The first ${mostShown} of ${total} are shown. `}
        <button type="button" onClick={compared.again}>
          Compare again
        </button>
      </p>
      <Differences differences={compared.value} {...(isSnapshot ? {} : { workspace: other })} />
    </>
  );
}
