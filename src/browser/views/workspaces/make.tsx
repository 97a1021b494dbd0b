/**
 * The form that makes a workspace: from a scenario, or as a copy of a workspace or a snapshot.
 */
import { useState } from 'preact/hooks';
import { ask, control, type Schemas } from '../../control.js';
import { Dialog } from '../../parts/dialog.js';
import { Field, Form, nameFormat, Select, type Values } from '../../parts/form.js';
import { Wide } from '../../parts/wide.js';
import { refresh, say, switchTo, workspaces } from '../../sandbox.js';
import { type Origin, originBody, originKinds } from './origin.js';
import { Stories } from './scenarios.js';
import { inUtc } from './words.js';

interface MakeProperties {
  readonly from: Origin;
  readonly scenarios: readonly Schemas['Scenario'][];
  readonly snapshots: readonly Schemas['Snapshot'][];
  readonly onClose: () => void;
}

export function Make({ from, scenarios, snapshots, onClose }: MakeProperties) {
  const [origin, setOrigin] = useState(from);
  const [isLookedAt, setLookedAt] = useState(true);
  const names: Readonly<Record<Origin['kind'], readonly string[]>> = {
    scenario: scenarios.map(({ scenario }) => scenario),
    workspace: (workspaces.value ?? []).map(({ name }) => name),
    snapshot: snapshots.map(({ name }) => name),
  };
  const chosen = scenarios.find(({ scenario }) => origin.kind === 'scenario' && scenario === origin.name);
  async function send(values: Values): Promise<void> {
    const { name } = await ask(control.POST('/workspaces', { body: requestOf(values, origin) }));
    await refresh();
    say(`Made ${name}.`);
    onClose();
    if (isLookedAt) switchTo(name);
  }
  return (
    <Dialog title="Make a workspace" onClose={onClose}>
      <Form
        action="Make it"
        pointers={['/name', '/scenario', '/workspace', '/snapshot', '/seed', '/clock', '/ttlSeconds']}
        send={send}
        onClose={onClose}
      >
        <Field label="Name" pointer="/name" format={nameFormat} hint="Empty: one is made up.">
          {(attributes) => <input {...attributes} name="name" maxLength={100} autocomplete="off" />}
        </Field>
        <div class="fields">
          <Field label="Made from">
            {(attributes) => (
              <Select
                attributes={attributes}
                value={origin.kind}
                onChange={(value) => {
                  const kind = originKinds.find((each) => each === value) ?? 'scenario';
                  setOrigin({ kind, name: names[kind][0] ?? '' });
                }}
                options={originKinds
                  .filter((kind) => names[kind].length > 0)
                  .map((kind) => [kind, kind === 'workspace' ? 'what a workspace holds now' : `a ${kind}`])}
              />
            )}
          </Field>
          <Field label="Which" pointer={`/${origin.kind}`}>
            {(attributes) => (
              <Select
                attributes={attributes}
                value={origin.name}
                onChange={(name) => setOrigin({ ...origin, name })}
                options={names[origin.kind].map((name) => [name, name])}
              />
            )}
          </Field>
        </div>
        {chosen !== undefined && (
          <Wide label={`The story of ${chosen.scenario}`}>
            <Stories scenario={chosen} />
          </Wide>
        )}
        <details>
          <summary>More</summary>
          <Field label="Seed of the random numbers" pointer="/seed" hint="Empty: that of what it is made from.">
            {(attributes) => <input {...attributes} name="seed" type="number" min={0} max={4_294_967_295} step={1} />}
          </Field>
          <Field label="Clock frozen at, in UTC" pointer="/clock" hint="Empty: as in what it is made from.">
            {(attributes) => <input {...attributes} name="clock" type="datetime-local" step={1} />}
          </Field>
          <Field
            label="Seconds without a request until it is thrown away"
            pointer="/ttlSeconds"
            hint="Empty: it stays."
          >
            {(attributes) => (
              <input {...attributes} name="ttlSeconds" type="number" min={1} max={31_536_000} step={1} />
            )}
          </Field>
        </details>
        <label class="check">
          <input type="checkbox" checked={isLookedAt} onChange={(event) => setLookedAt(event.currentTarget.checked)} />
          Look at it when it is made
        </label>
      </Form>
    </Dialog>
  );
}

function requestOf(values: Values, origin: Origin): Schemas['WorkspaceRequest'] {
  const [name, seed, clock, ttlSeconds] = [values('name'), values('seed'), values('clock'), values('ttlSeconds')];
  return {
    ...originBody(origin),
    ...(name === '' ? {} : { name }),
    ...(seed === '' ? {} : { seed: Number(seed) }),
    ...(clock === '' ? {} : { clock: inUtc(clock) }),
    ...(ttlSeconds === '' ? {} : { ttlSeconds: Number(ttlSeconds) }),
  };
}
