/**
 * The snapshots: what each is, and what can be done with it.
 */
import { ask, control, type Schemas } from '../../control.js';
import { download } from '../../parts/copy.js';
import { Wide } from '../../parts/wide.js';
import { moment } from '../../parts/workspace-choice.js';
import { linkTo, place, setQuery } from '../../place.js';
import { opensRow } from '../../rows.js';
import { carryOut } from '../../sandbox.js';
import { comparisonId } from './comparison.js';
import type { Doing } from './doing.js';

interface SnapshotsProperties {
  readonly snapshots: readonly Schemas['Snapshot'][];
  readonly begin: (doing: Doing) => void;
}

export function Snapshots({ snapshots, begin }: SnapshotsProperties) {
  return (
    <section aria-labelledby="snapshots">
      <header class="bar">
        <h2 id="snapshots">Snapshots</h2>
        <p class="row-actions">
          <button type="button" onClick={() => begin({ does: 'take', name: place.value.workspace })}>
            Take a snapshot of {place.value.workspace}
          </button>
          <button type="button" onClick={() => begin({ does: 'upload' })}>
            Upload a file
          </button>
        </p>
      </header>
      {snapshots.length === 0 ? (
        <p class="soft">There are none. A snapshot keeps what a workspace holds at a moment.</p>
      ) : (
        <Wide label="Table of the snapshots">
          <table class="snapshots stacks">
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Of</th>
                <th scope="col">Scenario</th>
                <th scope="col">Taken</th>
                <th scope="col">Actions</th>
              </tr>
            </thead>
            <tbody>
              {snapshots.map((snapshot) => (
                <Row key={snapshot.name} snapshot={snapshot} begin={begin} />
              ))}
            </tbody>
          </table>
        </Wide>
      )}
    </section>
  );
}

function Row({ snapshot, begin }: { snapshot: Schemas['Snapshot']; begin: (doing: Doing) => void }) {
  const { name, workspace, scenario, takenAt } = snapshot;
  const current = place.value.workspace;
  const from = { kind: 'snapshot', name } as const;
  return (
    <tr>
      <th scope="row" class="name">
        <a {...opensRow} href={linkTo({ view: 'workspaces', query: { from: name } })} onClick={goToComparison}>
          {name}
        </a>
      </th>
      <td data-label="Of">{workspace ?? 'uploaded'}</td>
      <td data-label="Scenario">{scenario}</td>
      <td data-label="Taken" class="moment">
        {moment(takenAt)}
      </td>
      <td data-label="Actions">
        <p class="row-actions">
          <button
            type="button"
            aria-label={`Restore ${name} into ${current}`}
            onClick={() => begin({ does: 'put', from })}
          >
            Restore
          </button>
          <button
            type="button"
            aria-label={`Make a workspace of ${name}`}
            onClick={() => begin({ does: 'make', from })}
          >
            Make a workspace
          </button>
          <button type="button" aria-label={`Compare ${name}`} onClick={() => compare(name)}>
            Compare
          </button>
          <button type="button" aria-label={`Download ${name}`} onClick={() => save(name)}>
            Download
          </button>
          <button
            type="button"
            class="danger"
            aria-label={`Throw away the snapshot ${name}`}
            onClick={() => begin({ does: 'deleteSnapshot', name })}
          >
            Throw away
          </button>
        </p>
      </td>
    </tr>
  );
}

/** Goes to the comparison, with this snapshot as the one before. */
function compare(name: string): void {
  setQuery({ from: name });
  goToComparison();
}

function goToComparison(): void {
  document.querySelector<HTMLElement>(`#${comparisonId}`)?.focus();
}

function save(snapshot: string): Promise<boolean> {
  return carryOut(`Saved: ${snapshot}.json.`, async () => {
    const params = { path: { snapshot } };
    // As text: an amount of 8.0 is to stay one.
    download(`${snapshot}.json`, await ask(control.GET('/snapshots/{snapshot}', { params, parseAs: 'text' })));
  });
}
