/**
 * The workspaces: what each is, and what can be done with it.
 */
import type { Schemas } from '../../control.js';
import { Copy } from '../../parts/copy.js';
import { Wide } from '../../parts/wide.js';
import { moment } from '../../parts/workspace-choice.js';
import { linkTo, place } from '../../place.js';
import { opensRow } from '../../rows.js';
import type { Doing } from './doing.js';
import { recordsIn } from './words.js';

interface TableProperties {
  readonly workspaces: readonly Schemas['Workspace'][];
  readonly begin: (doing: Doing) => void;
}

export function Table({ workspaces, begin }: TableProperties) {
  return (
    <Wide label="Table of the workspaces">
      <table class="workspaces stacks">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Scenario</th>
            <th scope="col" class="number">
              Requests
            </th>
            <th scope="col" class="number">
              Records
            </th>
            <th scope="col">Clock</th>
            <th scope="col">Expires</th>
            <th scope="col">URL</th>
            <th scope="col">Actions</th>
          </tr>
        </thead>
        <tbody>
          {workspaces.map((workspace) => (
            <Row key={workspace.name} workspace={workspace} begin={begin} />
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

function Row({ workspace, begin }: { workspace: Schemas['Workspace']; begin: (doing: Doing) => void }) {
  const { name, scenario, requests, collections, clock, expiresAt, url } = workspace;
  const isCurrent = place.value.workspace === name;
  return (
    <tr class={isCurrent ? 'is-current' : ''}>
      <th scope="row" class="name">
        <a {...opensRow} href={linkTo({ workspace: name, view: 'workspaces' })} aria-current={isCurrent}>
          {name}
        </a>
        {isCurrent && <span class="soft"> (current)</span>}
      </th>
      <td data-label="Scenario">{scenario}</td>
      <td data-label="Requests" class="number">
        {requests}
      </td>
      <td data-label="Records" class="number">
        {recordsIn(collections)}
      </td>
      <td data-label="Clock" class="moment">
        {clock.frozen ? `frozen at ${moment(clock.now)}` : 'runs'}
      </td>
      <td data-label="Expires" class={expiresAt === undefined ? '' : 'moment'}>
        {expiresAt === undefined ? 'never' : moment(expiresAt)}
      </td>
      <td data-label="URL" class="url">
        <span>
          <code>{url}</code> <Copy text={`${location.origin}${url}`} what="URL" />
        </span>
      </td>
      <td data-label="Actions">
        <p class="row-actions">
          <button
            type="button"
            aria-label={`Fork ${name}`}
            onClick={() => begin({ does: 'make', from: { kind: 'workspace', name } })}
          >
            Fork
          </button>
          <button type="button" aria-label={`Snapshot of ${name}`} onClick={() => begin({ does: 'take', name })}>
            Snapshot
          </button>
          <button type="button" aria-label={`Reset ${name}`} onClick={() => begin({ does: 'reset', name })}>
            Reset
          </button>
          {name !== 'default' && (
            <button
              type="button"
              class="danger"
              aria-label={`Throw away ${name}`}
              onClick={() => begin({ does: 'delete', name })}
            >
              Throw away
            </button>
          )}
        </p>
      </td>
    </tr>
  );
}
