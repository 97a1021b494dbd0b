/**
 * What is otherwise than in a snapshot: in a workspace now, or in another snapshot. The two sides stand in the URL.
 */
import { ask, control, type Schemas } from '../../control.js';
import { useLoaded } from '../../loaded.js';
import { Differences } from '../../parts/differences.js';
import { Field, Select } from '../../parts/form.js';
import { Show } from '../../parts/refused.js';
import { place, setQuery } from '../../place.js';
import { workspaces } from '../../sandbox.js';

/** The heading, for who is led here. */
export const comparisonId = 'comparison';

/** How many records are shown at the most; more would hold up the page. */
const mostShown = 200;

/** What the second side is: what a workspace holds now, or a snapshot. */
const sides = { workspace: 'workspace ', snapshot: 'snapshot ' } as const;

/** A choice of a side: what the URL says, and what is read; the same. */
function sideOf(kind: keyof typeof sides, name: string): readonly [string, string] {
  return [`${sides[kind]}${name}`, `${sides[kind]}${name}`];
}

export function Comparison({ snapshots }: { snapshots: readonly Schemas['Snapshot'][] }) {
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
        <Field label="From the snapshot">
          {(attributes) => (
            <Select
              attributes={attributes}
              value={from}
              onChange={(name) => setQuery({ from: name })}
              options={[['', 'choose one'], ...names.map((name) => [name, name] as const)]}
            />
          )}
        </Field>
        <Field label="To">
          {(attributes) => (
            <Select
              attributes={attributes}
              value={to}
              onChange={(side) => setQuery({ to: side })}
              options={[
                ...(workspaces.value ?? []).map(({ name }) => sideOf('workspace', name)),
                ...names.map((name) => sideOf('snapshot', name)),
              ]}
            />
          )}
        </Field>
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
  return (
    <Show loaded={compared}>
      {(differences) => (
        <>
          <p role="status">
            {counted(differences)}{' '}
            <button type="button" onClick={compared.again}>
              Compare again
            </button>
          </p>
          <Differences differences={differences} {...(isSnapshot ? {} : { workspace: other })} />
        </>
      )}
    </Show>
  );
}

function counted({ counts: { changed, added, removed } }: Schemas['Comparison']): string {
  const total = changed + added + removed;
  const shown = total > mostShown ? ` The first ${mostShown} of ${total} are shown.` : '';
  return `${changed} changed, ${added} added, ${removed} removed.${shown}`;
}
