/**
 * The workspace that the page looks at, what its clock says, and the way to another.
 */
import { place } from '../place.js';
import { currentWorkspace, switchTo, workspaces } from '../sandbox.js';

export function WorkspaceChoice() {
  const { workspace } = place.value;
  const names = (workspaces.value ?? []).map(({ name }) => name);
  const clock = currentWorkspace()?.clock;
  return (
    <div class="workspace-choice">
      <label>
        <span class="unseen">Workspace</span>
        <select value={workspace} onChange={(event) => switchTo(event.currentTarget.value)}>
          {(names.includes(workspace) ? names : [workspace, ...names]).map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <span class="clock">
        {clock?.frozen === true ? `frozen ${moment(clock.now).replace(' UTC', '')}` : 'clock runs'}
      </span>
    </div>
  );
}

/** An instant to read: `2026-03-31 23:59:59`, in UTC as it came. */
export function moment(instant: string): string {
  return instant.replace('T', ' ').replace(/\.\d+/, '').replace('Z', ' UTC');
}
