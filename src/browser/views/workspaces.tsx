/**
 * Workspaces, the scenarios that they are made from, snapshots of them, and the clock of the one that is looked at.
 */
import './workspaces.css';
import { useEffect, useState } from 'preact/hooks';
import { ask, control } from '../control.js';
import { useEvery } from '../every.js';
import { useShortcuts } from '../keyboard.js';
import { useLoaded } from '../loaded.js';
import { Show } from '../parts/refused.js';
import { SearchField } from '../parts/search-field.js';
import { useRows } from '../rows.js';
import { currentWorkspace, refresh, workspaces } from '../sandbox.js';
import { Clock } from './workspaces/clock.js';
import { Comparison } from './workspaces/comparison.js';
import { Dialogs, type Doing } from './workspaces/doing.js';
import { Scenarios } from './workspaces/scenarios.js';
import { Snapshots } from './workspaces/snapshots.js';
import { Table } from './workspaces/table.js';

/** Rows of the table; a browser is slow with thousands. As long as there are no more workspaces, what becomes of them is seen. */
const mostShown = 200;

const aNewOne: Doing = { does: 'make', from: { kind: 'scenario', name: 'default' } };

export function Workspaces() {
  const all = workspaces.value ?? [];
  const [doing, setDoing] = useState<Doing>();
  const [search, setSearch] = useState('');
  const scenarios = useLoaded(() => ask(control.GET('/scenarios')), []);
  const snapshots = useLoaded(() => ask(control.GET('/snapshots')), []);
  useEffect(() => {
    if (workspaces.peek() !== undefined) refresh();
  }, []);
  useEvery(5_000, () => {
    if (all.length <= mostShown) refresh();
  });
  useRows('workspace, scenario or snapshot');
  useShortcuts([{ keys: 'n', does: 'Make a workspace', run: () => setDoing(aNewOne) }]);
  const sought = search.trim().toLowerCase();
  const found = all.filter(({ name, scenario }) => `${name} ${scenario}`.toLowerCase().includes(sought));
  const current = currentWorkspace();
  return (
    <>
      <header class="bar">
        <h1>Workspaces</h1>
        <button type="button" class="primary" onClick={() => setDoing(aNewOne)}>
          Make a workspace
        </button>
      </header>
      <p class="lead">
        Each is a copy of everything that can change: records, clock, random numbers, faults, journal. Requests reach
        one by its URL, by the header <code>X-Sandbox-Workspace</code>, or by a credential of its own.
      </p>
      <div class="filters">
        <SearchField label="Search in names and scenarios" value={search} onInput={setSearch} />
        <span class="soft" role="status">
          {workspaces.value === undefined ? '' : counted(found.length, all.length)}
        </span>
      </div>
      {/* Together, so that nothing jumps; what may take longer comes last. */}
      {workspaces.value === undefined || current === undefined ? (
        <p class="waiting">…</p>
      ) : (
        <Show loaded={snapshots}>
          {(taken) => (
            <>
              <Table workspaces={found.slice(0, mostShown)} begin={setDoing} />
              <Clock workspace={current} />
              <Snapshots snapshots={taken} begin={setDoing} />
              {taken.length > 0 && <Comparison snapshots={taken} />}
              <Show loaded={scenarios}>{(known) => <Scenarios scenarios={known} begin={setDoing} />}</Show>
            </>
          )}
        </Show>
      )}
      {doing !== undefined && (
        <Dialogs
          doing={doing}
          scenarios={scenarios.value ?? []}
          snapshots={snapshots.value ?? []}
          again={snapshots.again}
          onClose={() => setDoing(undefined)}
        />
      )}
    </>
  );
}

function counted(found: number, all: number): string {
  const shown = found > mostShown ? `, the first ${mostShown} are shown` : '';
  return `${found === all ? `${all} in all` : `${found} of ${all}`}${shown}`;
}
