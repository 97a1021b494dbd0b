/**
 * What the user has begun to do on the page of workspaces: a dialog, or nothing.
 */
import { control, type Schemas, tell } from '../../control.js';
import { Confirm } from '../../parts/dialog.js';
import { place } from '../../place.js';
import { carryOut, switchTo } from '../../sandbox.js';
import { Make } from './make.js';
import { type Origin, originBody } from './origin.js';
import { TakeSnapshot, UploadSnapshot } from './snapshot-forms.js';

/** `name` is that of the workspace or snapshot that it is done to. */
export type Doing =
  | { readonly does: 'make'; readonly from: Origin }
  | { readonly does: 'put'; readonly from: Origin }
  | { readonly does: 'reset' | 'delete' | 'take' | 'deleteSnapshot'; readonly name: string }
  | { readonly does: 'upload' };

interface DialogsProperties {
  readonly doing: Doing;
  readonly scenarios: readonly Schemas['Scenario'][];
  readonly snapshots: readonly Schemas['Snapshot'][];
  /** Asks for the snapshots again. */
  readonly again: () => void;
  readonly onClose: () => void;
}

export function Dialogs({ doing, scenarios, snapshots, again, onClose }: DialogsProperties) {
  const current = place.value.workspace;
  switch (doing.does) {
    case 'make':
      return <Make from={doing.from} scenarios={scenarios} snapshots={snapshots} onClose={onClose} />;
    case 'take':
      return <TakeSnapshot workspace={doing.name} onTaken={again} onClose={onClose} />;
    case 'upload':
      return <UploadSnapshot onTaken={again} onClose={onClose} />;
    case 'put':
      return (
        <Confirm
          title={`Put the ${doing.from.kind} ${doing.from.name} into ${current}?`}
          action="Put it there"
          onConfirm={() => put(doing.from, current)}
          onClose={onClose}
        >
          <p>
            What {current} holds now is gone, unless you keep a snapshot first. Its credentials, faults and journal
            stay.
          </p>
        </Confirm>
      );
    case 'reset':
      return (
        <Confirm title={`Reset ${doing.name}?`} action="Reset it" onConfirm={() => reset(doing.name)} onClose={onClose}>
          <p>It begins anew as it was made. Its records, journal, clock and added faults are gone.</p>
        </Confirm>
      );
    case 'delete':
      return (
        <Confirm
          title={`Throw ${doing.name} away?`}
          action="Throw it away"
          onConfirm={() => remove(doing.name)}
          onClose={onClose}
        >
          <p>Its records, journal, clock and faults are gone. Requests to it are refused.</p>
        </Confirm>
      );
    case 'deleteSnapshot':
      return (
        <Confirm
          title={`Throw the snapshot ${doing.name} away?`}
          action="Throw it away"
          onConfirm={async () => {
            await removeSnapshot(doing.name);
            again();
          }}
          onClose={onClose}
        >
          <p>Workspaces that were made from it stay as they are.</p>
        </Confirm>
      );
  }
}

function put(from: Origin, name: string): Promise<boolean> {
  const asked = { params: { path: { name } }, body: originBody(from) };
  return carryOut(`${name} goes on from the ${from.kind} ${from.name}.`, () =>
    tell(control.POST('/workspaces/{name}/restore', asked)),
  );
}

function reset(name: string): Promise<boolean> {
  return carryOut(`${name} is as it was made.`, () =>
    tell(control.POST('/workspaces/{name}/reset', { params: { path: { name } } })),
  );
}

async function remove(name: string): Promise<void> {
  const isCurrent = place.peek().workspace === name;
  await carryOut(`${name} is gone.`, async () => {
    await tell(control.DELETE('/workspaces/{name}', { params: { path: { name } } }));
    if (isCurrent) switchTo('default');
  });
}

function removeSnapshot(snapshot: string): Promise<boolean> {
  return carryOut(`The snapshot ${snapshot} is gone.`, () =>
    tell(control.DELETE('/snapshots/{snapshot}', { params: { path: { snapshot } } })),
  );
}
