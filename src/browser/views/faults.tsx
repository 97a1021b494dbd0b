/**
 * What goes wrong on purpose in the workspace that is looked at: the rules, how often each has struck, and a form for more.
 */
import './workspaces.css';
import { useState } from 'preact/hooks';
import { ask, control, type Schemas, tell } from '../control.js';
import { useEvery } from '../every.js';
import { useShortcuts } from '../keyboard.js';
import { useLoaded } from '../loaded.js';
import { Confirm } from '../parts/dialog.js';
import { Show } from '../parts/refused.js';
import { place } from '../place.js';
import { useRows } from '../rows.js';
import { carryOut } from '../sandbox.js';
import { FaultForm, newRuleId } from './faults/form.js';
import { Table } from './faults/table.js';

export function Faults() {
  const { workspace } = place.value;
  const [isClearing, setClearing] = useState(false);
  const [removed, setRemoved] = useState<string>();
  const params = { path: { name: workspace } };
  const faults = useLoaded(() => readFaults(workspace), [workspace]);
  useEvery(2_000, faults.again);
  useRows('rule');
  useShortcuts([{ keys: 'n', does: 'New rule', run: () => focusNew() }]);
  async function remove(fault: string): Promise<void> {
    const path = { name: workspace, fault };
    await carryOut(`The rule ${fault} is gone.`, () =>
      tell(control.DELETE('/workspaces/{name}/faults/{fault}', { params: { path } })),
    );
    faults.again();
  }
  async function clear(): Promise<void> {
    await carryOut(`${workspace} has no rules.`, () => tell(control.DELETE('/workspaces/{name}/faults', { params })));
    faults.again();
  }
  return (
    <>
      <header class="bar">
        <h1>Faults of {workspace}</h1>
        <button
          type="button"
          class="danger"
          disabled={faults.value === undefined || faults.value.length === 0}
          onClick={() => setClearing(true)}
        >
          Clear all
        </button>
      </header>
      <p class="lead">
        What goes wrong on purpose. Rules are tried in order; of those that strike a request, the first wins, and waits
        add up. A request that breaks the document is refused before, and meets no rule. Rules are not kept on disk: a
        reset puts back those that the workspace began with.
      </p>
      <Show loaded={faults}>
        {(rules) =>
          rules.length === 0 ? (
            <p class="soft">There are no rules: nothing goes wrong here.</p>
          ) : (
            <Table faults={rules} onDelete={setRemoved} />
          )
        }
      </Show>
      <section class="new-rule" aria-labelledby={newRuleId}>
        <h2 id={newRuleId} tabIndex={-1}>
          New rule
        </h2>
        <FaultForm onAdded={faults.again} />
      </section>
      {removed !== undefined && (
        <Confirm
          title={`Delete the rule ${removed}?`}
          action="Delete it"
          onConfirm={() => remove(removed)}
          onClose={() => setRemoved(undefined)}
        >
          <p>What it has counted is gone, too.</p>
        </Confirm>
      )}
      {isClearing && (
        <Confirm
          title={`Clear all rules of ${workspace}?`}
          action="Clear them"
          onConfirm={clear}
          onClose={() => setClearing(false)}
        >
          <p>Those of its scenario are gone, too, until it is reset.</p>
        </Confirm>
      )}
    </>
  );
}

async function readFaults(name: string): Promise<readonly Schemas['Fault'][]> {
  const faults = await ask(control.GET('/workspaces/{name}/faults', { params: { path: { name } } }));
  return faults.filter(isFault);
}

/** openapi-fetch types an answer's amounts as the members that they have, no longer as amounts. */
function isFault(value: { readonly rule: object }): value is Schemas['Fault'] {
  return 'fault' in value.rule;
}

function focusNew(): void {
  document.querySelector<HTMLElement>(`#${newRuleId} ~ form select`)?.focus();
}
