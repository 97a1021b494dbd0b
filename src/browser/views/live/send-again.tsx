/**
 * A request of the journal, changed where one likes, sent once more.
 */
import { useState } from 'preact/hooks';
import { asRefusal } from '../../loaded.js';
import { Dialog } from '../../parts/dialog.js';
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
  const [fault, setFault] = useState('');
  const [isBusy, setBusy] = useState(false);
  const { pathname, search } = new URL(sent.url);
  const submit = async (form: FormData): Promise<void> => {
    setBusy(true);
    setFault('');
    try {
      const [method, path] = [text(form, 'method'), text(form, 'path')];
      const headers = headersOf(text(form, 'headers'));
      const before = await newest(workspace);
      const status = await send(method, path, headers, text(form, 'body'));
      say(status === 0 ? 'The request was sent; no answer came.' : `Answered with ${status}.`);
      const number = await arrived(workspace, before, { method, path, status });
      onClose();
      if (number !== undefined) onSent(number);
    } catch (error) {
      setFault(asRefusal(error).message);
      setBusy(false);
    }
  };
  return (
    <Dialog title="Send again" onClose={onClose}>
      <form
        class="live-send"
        onSubmit={(event) => {
          event.preventDefault();
          submit(new FormData(event.currentTarget));
        }}
      >
        {sent.notes.map((note) => (
          <p key={note} class="live-note">
            {note}
          </p>
        ))}
        <div class="fields">
          <label>
            Method
            <select name="method" defaultValue={sent.method}>
              {[...new Set([sent.method, 'GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'])].map((method) => (
                <option key={method} value={method} selected={method === sent.method}>
                  {method}
                </option>
              ))}
            </select>
          </label>
          <label class="live-text-field">
            Path
            <input name="path" required pattern="/.*" defaultValue={`${pathname}${search}`} />
          </label>
        </div>
        <label class="live-area">
          Headers, one a line
          <textarea name="headers" rows={4} defaultValue={headerLines(sent.headers)} spellcheck={false} />
        </label>
        <label class="live-area">
          Body
          <textarea name="body" rows={12} defaultValue={sent.body ?? ''} spellcheck={false} />
        </label>
        {fault !== '' && (
          <p class="refused" role="alert">
            {fault}
          </p>
        )}
        <p class="actions">
          <button type="submit" class="primary" disabled={isBusy}>
            Send
          </button>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
        </p>
      </form>
    </Dialog>
  );
}

function text(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
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
