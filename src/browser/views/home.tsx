/**
 * What is served here: each api with a request to paste, its operations and its credentials.
 */
import { signal } from '@preact/signals';
import type { SentRequest } from '../../curl.js';
import type { Schemas } from '../control.js';
import { useLoaded } from '../loaded.js';
import { Copy } from '../parts/copy.js';
import { Show } from '../parts/refused.js';
import { documentationOf, linkTo, place, prefixOf } from '../place.js';
import { apis, detailsOf, workspaces } from '../sandbox.js';
import { languages } from '../snippets.js';

/** The language that requests are shown in; the same for every api. */
const language = signal(localStorage.getItem('language') ?? 'curl');

export function Home() {
  const served = apis.value;
  const count = workspaces.value?.length ?? 1;
  // All at once, so that nothing moves down when the next one is there.
  const all = useLoaded(() => Promise.all((served ?? []).map(({ api }) => detailsOf(api))), [served]);
  return (
    <>
      <h1>A sandbox for {served === undefined ? '' : served.length} payment APIs</h1>
      <p class="lead">
        Point a client at one of these URLs, send the sandbox's credential, and change nothing else. What it does shows
        in <a href={linkTo({ view: 'live' })}>Live</a>.{' '}
        {count === 1 ? 'There is one workspace' : `There are ${count} workspaces`};{' '}
        <a href={linkTo({ view: 'workspaces' })}>make one</a> for each test that is to be alone.
      </p>
      <fieldset class="languages">
        <legend>Language of the requests</legend>
        {languages.map(({ name }) => (
          <button key={name} type="button" aria-pressed={language.value === name} onClick={() => choose(name)}>
            {name}
          </button>
        ))}
      </fieldset>
      <Show loaded={all}>
        {(details) =>
          details.length > 0 &&
          served?.map((api) => (
            <Served key={api.api} api={api} details={details.find((each) => each.api === api.api)} />
          ))
        }
      </Show>
    </>
  );
}

function choose(name: string): void {
  language.value = name;
  localStorage.setItem('language', name);
}

interface ServedProperties {
  readonly api: Schemas['Api'];
  readonly details: Schemas['ApiDetails'] | undefined;
}

function Served({ api, details }: ServedProperties) {
  const firstRequest = details?.firstRequest;
  const { workspace } = place.value;
  const prefix = prefixOf(workspace);
  const base = `${location.origin}${prefix}${api.url}`;
  return (
    <section class="served" aria-labelledby={`api-${api.api}`}>
      <header class="bar">
        <h2 id={`api-${api.api}`}>{api.title}</h2>
        <p class="links">
          <a href={documentationOf(api.api)}>Documentation</a>
          <a href={`${prefix}/${api.api}/openapi.yaml`}>openapi.yaml</a>
          <a href={`${prefix}/${api.api}/openapi.json`}>openapi.json</a>
          <a href={linkTo({ view: 'state', rest: [api.api] })}>Records</a>
        </p>
      </header>
      <p class="base">
        <code>{base}</code> <Copy text={base} what="URL" />
      </p>
      {firstRequest !== undefined && (
        <Snippet request={{ ...firstRequest, url: `${location.origin}${prefix}${firstRequest.path}` }} />
      )}
      <div class="columns">
        <div>
          <table>
            <caption>Operations</caption>
            <tbody>
              {api.operations.map(({ operationId, method, path, summary }) => (
                <tr key={operationId}>
                  <td>
                    <span class={`method method-${method.toLowerCase()}`}>{method}</span>
                  </td>
                  <td>
                    <code>{path}</code>
                  </td>
                  <td>{summary}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        <div>
          <table>
            <caption>Credentials of the scenario default</caption>
            <tbody>
              {api.credentials.map(({ scheme, in: where, parameter, values }) => (
                <tr key={scheme}>
                  <th scope="row">{parameter}</th>
                  <td>{where}</td>
                  <td>
                    <code>{values.join(', ')}</code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </div>
    </section>
  );
}

function Snippet({ request }: { request: SentRequest }) {
  const text = languages.find(({ name }) => name === language.value)?.write(request) ?? '';
  return (
    <div class="snippet">
      <pre>
        <code>{text}</code>
      </pre>
      <Copy text={text} what={language.value} />
    </div>
  );
}
