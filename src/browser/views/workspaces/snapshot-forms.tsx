/**
 * The forms that keep a snapshot: of what a workspace holds, or of a file.
 */
import { useState } from 'preact/hooks';
import { ask, control, type Schemas } from '../../control.js';
import { Dialog } from '../../parts/dialog.js';
import { Field, Form, nameFormat, type Values } from '../../parts/form.js';
import { say } from '../../sandbox.js';
import { nameOfFile } from './words.js';

interface FormProperties {
  readonly onTaken: () => void;
  readonly onClose: () => void;
}

export function TakeSnapshot({ workspace, onTaken, onClose }: FormProperties & { workspace: string }) {
  const [replace, setReplace] = useState(false);
  async function send(values: Values): Promise<void> {
    const name = values('name');
    const body = { workspace, replace, ...(name === '' ? {} : { name }) };
    const taken = await ask(control.POST('/snapshots', { body }));
    say(`Kept what ${workspace} holds as ${taken.name}.`);
    onTaken();
    onClose();
  }
  return (
    <Dialog title={`Take a snapshot of ${workspace}`} onClose={onClose}>
      <Form action="Keep it" pointers={['/name']} send={send} onClose={onClose}>
        <Field label="Name" pointer="/name" format={nameFormat} hint="Empty: one is made up.">
          {(attributes) => <input {...attributes} name="name" maxLength={100} autocomplete="off" />}
        </Field>
        <Replace value={replace} onChange={setReplace} />
      </Form>
    </Dialog>
  );
}

export function UploadSnapshot({ onTaken, onClose }: FormProperties) {
  const [replace, setReplace] = useState(false);
  const [file, setFile] = useState<File>();
  const [name, setName] = useState('');
  async function send(): Promise<void> {
    const text = (await file?.text()) ?? '';
    const body: Schemas['SnapshotFile'] = { paydouble: 'snapshot 1', apis: {} };
    const params = { path: { snapshot: name }, query: { replace } };
    // The file goes as the text that it is: an amount of 8.0 is to stay one.
    const asked = control.PUT('/snapshots/{snapshot}', { params, body, bodySerializer: () => text });
    await ask(asked);
    say(`Kept the file as ${name}.`);
    onTaken();
    onClose();
  }
  return (
    <Dialog title="Upload a snapshot" onClose={onClose}>
      <Form action="Keep it" pointers={['/snapshot']} send={send} onClose={onClose}>
        <Field label="File" hint="One that was downloaded here, as it was or edited.">
          {(attributes) => (
            <input
              {...attributes}
              type="file"
              accept=".json,application/json"
              required
              onChange={(event) => {
                const chosen = event.currentTarget.files?.[0];
                setFile(chosen);
                if (chosen !== undefined) setName(nameOfFile(chosen.name));
              }}
            />
          )}
        </Field>
        <Field label="Name" pointer="/snapshot" format={nameFormat}>
          {(attributes) => (
            <input
              {...attributes}
              value={name}
              onInput={(event) => setName(event.currentTarget.value)}
              required
              maxLength={100}
              autocomplete="off"
            />
          )}
        </Field>
        <Replace value={replace} onChange={setReplace} />
      </Form>
    </Dialog>
  );
}

function Replace({ value, onChange }: { value: boolean; onChange: (value: boolean) => void }) {
  return (
    <label class="check">
      <input type="checkbox" checked={value} onChange={(event) => onChange(event.currentTarget.checked)} />
      Put it in the place of a snapshot of the name
    </label>
  );
}
