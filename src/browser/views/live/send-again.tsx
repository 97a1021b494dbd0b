/**
 * A request of the journal, changed where one likes, sent once more.
 */
import { useState } from 'preact/hooks';
import { useRested } from '../../later.js';
import { useLoaded } from '../../loaded.js';
import { Dialog } from '../../parts/dialog.js';
import { Field, Form, type Values } from '../../parts/form.js';
import { say } from '../../sandbox.js';
import { headerLines, headersOf } from './header-lines.js';
import { readEntries } from './journal.js';
import { pathOf } from './row.js';
import type { Sent } from './sent.js';

interface SendAgainProperties {
  /** Whose journal it will stand in. */
  readonly workspace: string;
  readonly sent: Sent;
  readonly onClose: () => void;
  /** Told the number of the new entry. */
  readonly onSent: (number: number) => void;
}

export function SendAgain({ workspace, sent, onClose, onSent }: SendAgainProperties) {
  const { pathname, search } = new URL(sent.url);
  const [headers, setHeaders] = useState(headerLines(sent.headers));
  const [body, setBody] = useState(sent.body ?? '');
  const rested = useRested(body, 250);
  const broken = useLoaded(() => brokenPlace(rested), [rested]).value;
  const submit = async (values: Values): Promise<void> => {
    const [method, path] = [values('method'), values('path')];
    const asked = headersOf(headers);
    const before = await newest(workspace);
    const status = await send(method, path, asked, body);
    const number = await arrived(workspace, before, { method, path, status });
    const told = status === 0 ? 'The request was sent; no answer came.' : `Answered with ${status}.`;
    say(number === undefined ? told : `${told} It is request ${number}.`);
    onClose();
    if (number !== undefined) onSent(number);
  };
  return (
    <Dialog title="Send again" onClose={onClose}>
      <Form action="Send" pointers={[]} send={submit} onClose={onClose}>
        {sent.notes.map((note) => (
          <p key={note} class="note">
            {note}
          </p>
        ))}
        <div class="fields">
          <Field label="Method">
            {(attributes) => (
              <select {...attributes} name="method">
                {[...new Set([sent.method, 'GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'])].map((method) => (
                  <option key={method} value={method} selected={method === sent.method}>
                    {method}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label="Path">
            {(attributes) => (
              <input {...attributes} name="path" required pattern="/.*" defaultValue={`${pathname}${search}`} />
            )}
          </Field>
        </div>
        <Field label="Headers, one a line">
          {(attributes) => (
            <textarea
              {...attributes}
              rows={4}
              value={headers}
              onInput={(event) => setHeaders(event.currentTarget.value)}
              spellcheck={false}
            />
          )}
        </Field>
        <Field
          label="Body"
          hint={broken && /json/i.test(headers) && `No JSON from ${broken} on. It is sent as it stands.`}
        >
          {(attributes) => (
            <textarea
              {...attributes}
              rows={12}
              value={body}
              onInput={(event) => setBody(event.currentTarget.value)}
              spellcheck={false}
            />
          )}
        </Field>
      </Form>
    </Dialog>
  );
}

/** Where a text stops being JSON: `line 3, column 5`; `undefined` if it is some, or nothing. */
async function brokenPlace(text: string): Promise<string | undefined> {
  if (text.trim() === '') return undefined;
  const { brokenAt, placeInWords } = await import('../../parts/json-places.js');
  const broken = brokenAt(text);
  return broken && placeInWords(text, broken);
}

/** Sends it; the status of the answer, 0 if none came. */
async function send(method: string, path: string, headers: Headers, body: string): Promise<number> {
  const hasBody = body !== '' && method !== 'GET' && method !== 'HEAD';
  const request = new Request(path, { method, headers, ...(hasBody ? { body } : {}) });
  try {
    const response = await fetch(request);
    // A fault may cut it on its way; the status came all the same.
    await response.arrayBuffer().catch(() => undefined);
    return response.status;
  } catch {
    return 0;
  }
}

/** The number of the newest entry; 0 if there is none. */
async function newest(name: string): Promise<number> {
  return (await readEntries(name, { limit: 1 })).at(-1)?.number ?? 0;
}

/** The entry of what was just sent: the first behind a number that was asked and answered alike; `undefined` for none. */
async function arrived(name: string, after: number, sent: { method: string; path: string; status: number }) {
  const { method, path, status } = sent;
  const entries = await readEntries(name, { after, limit: 1_000 });
  const found = entries.filter(({ request, response }) => request.method === method && response.status === status);
  return (found.find(({ api, request }) => path.endsWith(`/${api}${pathOf(request)}`)) ?? found[0])?.number;
}
