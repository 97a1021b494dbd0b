/**
 * A record while it is written: a new one, or one that is there. The sandbox judges it as it is written, and stores it when
 * that is asked for.
 */
import { useState } from 'preact/hooks';
import { ask, control, Refusal, type Schemas, stringify } from '../../control.js';
import { keyText } from '../../key-text.js';
import { useRested } from '../../later.js';
import { useLoaded } from '../../loaded.js';
import { JsonInput } from '../../parts/json-input.js';
import { Show } from '../../parts/refused.js';
import { discard, goTo, place, useUnsaved, type Way } from '../../place.js';
import { carryOut } from '../../sandbox.js';
import { declaredOf, pathOf, recordOf } from './ask.js';
import { type Collection, duplicate, template } from './declared.js';
import { readDraft } from './draft.js';
import { Trail } from './trail.js';

/** A record that is there. `id` is its key as it stands in a URL. */
export function EditedRecord({ of, id }: { of: Collection; id: string }) {
  const { api, collection } = of;
  const record = useLoaded(() => recordOf(of, id), []);
  const back = () => leaveFor({ view: 'state', rest: [api, collection, id] });
  const store = (body: Schemas['Record'], dryRun: boolean) => {
    const params = { path: { ...pathOf(of), key: id }, query: { dryRun } };
    return ask(control.PUT('/workspaces/{name}/state/{api}/{collection}/{key}', { params, body }));
  };
  return (
    <>
      <Trail parts={[api, collection, id, 'edit']} />
      <h1>
        Edit {collection} {id}
      </h1>
      <Show loaded={record}>
        {(held) => (
          <Form
            initial={stringify(held, 2)}
            label={`${collection} ${id} as JSON`}
            judge={(draft) => store(draft, true)}
            save={async (draft) => {
              const isDone = await carryOut(`Saved: ${collection} ${id}.`, () => store(draft, false));
              if (isDone) back();
              return isDone;
            }}
            onCancel={back}
          />
        )}
      </Show>
    </>
  );
}

/** A new one; like another whose key the query's `from` is. */
export function NewRecord({ of }: { of: Collection }) {
  const { api, collection } = of;
  const from = place.value.query.get('from');
  const initial = useLoaded(async () => {
    const declared = await declaredOf(of);
    return stringify(from === null ? template(declared) : duplicate(await recordOf(of, from), declared), 2);
  }, []);
  const store = (body: Schemas['Record'], dryRun: boolean) => {
    const params = { path: pathOf(of), query: { dryRun } };
    return ask(control.POST('/workspaces/{name}/state/{api}/{collection}', { params, body }));
  };
  const save = async (draft: Schemas['Record']) => {
    const { key } = await declaredOf(of);
    let stored = '';
    const isDone = await carryOut(`Added to ${collection}.`, async () => {
      const [record] = (await store(draft, false)).records;
      stored = keyText(record?.[key]);
    });
    if (isDone) leaveFor({ view: 'state', rest: [api, collection, stored] }, true);
    return isDone;
  };
  return (
    <>
      <Trail parts={[api, collection, 'new']} />
      <h1>New record of {collection}</h1>
      <Show loaded={initial}>
        {(text) => (
          <Form
            initial={text}
            label={`New record of ${collection} as JSON`}
            judge={(draft) => store(draft, true)}
            save={save}
            onCancel={() =>
              leaveFor({ view: 'state', rest: from === null ? [api, collection] : [api, collection, from] })
            }
          />
        )}
      </Show>
    </>
  );
}

/** Leaves what was written: it is stored, or not wanted. Said by itself, since what a form renders takes effect later. */
function leaveFor(way: Way, replace = false): void {
  discard();
  goTo(way, replace);
}

interface FormProperties {
  readonly initial: string;
  readonly label: string;
  /** Asks what the sandbox would say. @throws {Refusal} with what is wrong */
  readonly judge: (draft: Schemas['Record']) => Promise<unknown>;
  /** Stores it and leaves the form; tells whether it was stored. */
  readonly save: (draft: Schemas['Record']) => Promise<boolean>;
  readonly onCancel: () => void;
}

function Form({ initial, label, judge, save, onCancel }: FormProperties) {
  const [text, setText] = useState(initial);
  const [isSaving, setIsSaving] = useState(false);
  useUnsaved(text !== initial && !isSaving);
  const draft = readDraft(text);
  const rested = useRested(text, 250);
  const verdict = useLoaded(() => verdictOn(rested, judge), [rested]);
  const submit = async () => {
    if (draft.record === undefined || isSaving) return;
    setIsSaving(true);
    if (!(await save(draft.record))) setIsSaving(false);
  };
  const remarks = draft.record === undefined ? none : (verdict.value?.errors ?? none);
  return (
    <>
      <JsonInput initial={initial} label={label} remarks={remarks} onChange={setText} onSave={submit} />
      <p class="verdict" role="status">
        {draft.fault ?? verdict.refusal?.message ?? (text === rested ? told(verdict.value) : '…')}
      </p>
      <p class="actions">
        <button type="button" class="primary" disabled={draft.record === undefined || isSaving} onClick={submit}>
          Save
        </button>
        <button type="button" onClick={onCancel}>
          Cancel
        </button>
        <span class="soft">
          <kbd>Ctrl</kbd>
          <kbd>Enter</kbd> saves; <kbd>Tab</kbd> leaves the editor.
        </span>
      </p>
    </>
  );
}

const none: Schemas['Problem']['errors'] = [];

interface Verdict {
  /** What the sandbox says as a whole; empty if it would store the record. */
  readonly message: string;
  readonly errors: Schemas['Problem']['errors'];
}

/** What the sandbox would say to a text; nothing, if it is no record yet. */
async function verdictOn(text: string, judge: FormProperties['judge']): Promise<Verdict | undefined> {
  const { record } = readDraft(text);
  if (record === undefined) return undefined;
  try {
    await judge(record);
    return { message: '', errors: none };
  } catch (error) {
    if (error instanceof Refusal && error.status !== 0) return { message: error.message, errors: error.errors };
    throw error;
  }
}

function told(verdict: Verdict | undefined): string {
  if (verdict === undefined) return '…';
  if (verdict.message === '') return 'The sandbox would store this.';
  const count = verdict.errors.length;
  if (count === 0) return verdict.message;
  return `The sandbox would refuse this for ${count === 1 ? 'one reason' : `${count} reasons`}, listed above.`;
}
