/**
 * One request: what was sent and answered side by side, what was wrong with it, and what it did to records.
 */
import { useState } from 'preact/hooks';
import { curl } from '../../../curl.js';
import { shellComment } from '../../../shell.js';
import { ask, control, type Schemas, stringify } from '../../control.js';
import { keyText } from '../../key-text.js';
import { useLoaded } from '../../loaded.js';
import { Copy, download } from '../../parts/copy.js';
import { Differences } from '../../parts/differences.js';
import type { Mark } from '../../parts/json.js';
import { Show } from '../../parts/refused.js';
import { goTo, linkTo, place, prefixOf } from '../../place.js';
import { apis, workspaces } from '../../sandbox.js';
import { readEntry } from './journal.js';
import { took } from './list.js';
import { Message } from './message.js';
import { pathOf, statusWord } from './row.js';
import { SendAgain } from './send-again.js';
import { sampleOf, sentOf } from './sent.js';

type Entry = Schemas['JournalEntry'];

interface OpenedEntryProperties {
  readonly workspace: string;
  readonly number: number;
  /** What of the URL's query stays. */
  readonly query: Readonly<Record<string, string>>;
  readonly onClose: () => void;
}

export function OpenedEntry({ workspace, number, query, onClose }: OpenedEntryProperties) {
  const path = { name: workspace, number };
  const entry = useLoaded(() => readEntry(workspace, number), [workspace, number]);
  const changes = useLoaded(
    () => ask(control.GET('/workspaces/{name}/journal/{number}/changes', { params: { path } })),
    [workspace, number],
  );
  return (
    <article class="live-entry" aria-label={`Request ${number}`}>
      <header class="bar">
        <h2>
          Request {number} <span class="live-of">in {workspace}</span>
        </h2>
        <button type="button" class="quiet" onClick={onClose}>
          Close
        </button>
      </header>
      <Show loaded={entry.value?.number === number ? entry : { ...entry, value: undefined }}>
        {(value) => (
          <>
            <Summary entry={value} />
            <Actions entry={value} query={query} />
            <Wrong entry={value} />
            <div class="live-messages">
              <RequestSide entry={value} />
              <AnswerSide entry={value} />
            </div>
            <h3>Records</h3>
            <Added entry={value} />
            <Show loaded={changes}>
              {(differences) => <Differences differences={differences} workspace={workspace} />}
            </Show>
          </>
        )}
      </Show>
    </article>
  );
}

function Summary({ entry: { time, api, operationId, response, milliseconds, fault } }: { entry: Entry }) {
  return (
    <p class="live-summary">
      <span class={`status-${Math.floor(response.status / 100)}`}>
        {response.status === 0 ? '' : `${response.status} `}
        {statusWord(response.status)}
      </span>{' '}
      · {api}
      {operationId === undefined ? ', no operation' : ` ${operationId}`} · {took(Number(milliseconds))} ·{' '}
      {time.replace('T', ' ').replace('Z', ' UTC')}
      {fault !== undefined && (
        <>
          {' '}
          · fault <strong>{fault}</strong>
        </>
      )}
    </p>
  );
}

function Actions({ entry, query }: { entry: Entry; query: Readonly<Record<string, string>> }) {
  const [sends, setSends] = useState(false);
  const api = apis.value?.find((each) => each.api === entry.api);
  if (api === undefined) return null;
  const { workspace, number, operationId } = entry;
  const of = workspace === place.value.workspace ? '' : workspace;
  const sent = sentOf(entry, api, `${location.origin}${prefixOf(workspace)}`);
  const notes = sent.notes.map((note) => `${shellComment(note)}\n`).join('');
  const save = (): void => {
    const scenario = workspaces.value?.find(({ name }) => name === workspace)?.scenario ?? 'default';
    const sample = stringify(sampleOf(entry, api, scenario), 2);
    download(`${operationId}.${workspace}-${number}.json`, `${sample}\n`);
  };
  return (
    <p class="actions">
      <Copy text={`${notes}${curl(sent)}`} what="curl" />
      <button type="button" class="quiet" onClick={() => setSends(true)}>
        Send again
      </button>
      {operationId !== undefined && (
        <button type="button" class="quiet" onClick={save}>
          Save as a sample
        </button>
      )}
      {sends && (
        <SendAgain
          workspace={workspace}
          sent={sent}
          onClose={() => setSends(false)}
          onSent={(number) => goTo({ view: 'live', rest: [number], query: { ...query, of } })}
        />
      )}
    </p>
  );
}

/** What was wrong beside what is marked in the body. */
function Wrong({ entry }: { entry: Entry }) {
  const { problems, violations, unread, request } = entry;
  const elsewhere = problems.filter((each) => each.in !== 'body' || request.body === undefined);
  const parameters = unread.filter((each) => each.in === 'query');
  return (
    <>
      {elsewhere.length > 0 && (
        <section class="live-wrong" aria-label="Problems">
          <h3>{entry.fault === undefined ? 'Why it was refused' : 'What was answered in its place'}</h3>
          <ul>
            {elsewhere.map(({ kind, in: where, pointer, message }) => (
              <li key={`${where}${pointer}${message}`}>
                {where === undefined ? kind : `${where} `}
                {pointer !== undefined && pointer !== '' && <code>{pointer}</code>}: {message}
              </li>
            ))}
          </ul>
        </section>
      )}
      {violations.length > 0 && (
        <section class="live-wrong" aria-label="Violations">
          <h3>Where the sandbox's own answer would have broken the document</h3>
          <ul>
            {violations.map(({ check, pointer, message }) => (
              <li key={`${check}${pointer}${message}`}>
                {check} <code>{pointer}</code>: {message}
              </li>
            ))}
          </ul>
        </section>
      )}
      {parameters.length > 0 && (
        <section class="live-unread" aria-label="Query parameters that nothing reads">
          <h3>Query parameters that nothing reads</h3>
          <ul>
            {parameters.map(({ pointer }) => (
              <li key={pointer}>
                <code>{pointer.slice(1)}</code>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function RequestSide({ entry: { request, problems, unread } }: { entry: Entry }) {
  const { method, headers, body, text, leftOut } = request;
  const marks: Mark[] = [
    ...problems
      .filter((each) => each.in === 'body')
      .map(({ pointer = '', message }): Mark => ({ pointer, kind: 'problem', message })),
    ...unread
      .filter((each) => each.in === 'body')
      .map(({ pointer }): Mark => ({ pointer, kind: 'unread', message: 'Nothing reads this.' })),
  ];
  return (
    <Message
      title="Request"
      line={`${method} ${pathOf(request)}`}
      headers={headers}
      body={body}
      text={text}
      leftOut={leftOut}
      marks={marks}
    />
  );
}

function AnswerSide({ entry: { response } }: { entry: Entry }) {
  const { status, headers, body, text, leftOut } = response;
  const line = status === 0 ? 'no answer' : `${status} ${statusWord(status)}`;
  return <Message title="Answer" line={line} headers={headers} body={body} text={text} leftOut={leftOut} />;
}

/** The way to the records that it added; differences know no names of those. */
function Added({ entry: { workspace, api, created } }: { entry: Entry }) {
  if (created.length === 0) return null;
  return (
    <ul class="live-names">
      {created.map(({ collection, key }) => (
        <li key={`${collection} ${key}`}>
          Added{' '}
          <a href={linkTo({ workspace, view: 'state', rest: [api, collection, keyText(key)] })}>
            {collection} {keyText(key)}
          </a>
        </li>
      ))}
    </ul>
  );
}
