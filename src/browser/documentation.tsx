/**
 * The documentation of one api: its document in Scalar's viewer, with credentials filled in and this sandbox to try it on.
 */
import './frame.css';
import './documentation.css';
import { render } from 'preact';
import { useRef } from 'preact/hooks';
import scalar from '../../node_modules/@scalar/api-reference/dist/browser/standalone.js?url';
import { ask, control, isObject, parse, type Schemas, stringify } from './control.js';
import { asRefusal, useLoaded } from './loaded.js';
import { Refused } from './parts/refused.js';
import { prefixOf } from './place.js';
import { withSources } from './sources.js';

/** What the viewer's file puts on the page. */
interface Viewer {
  createApiReference(element: Element, options: object): { readonly destroy?: () => void };
}

declare global {
  interface Window {
    readonly Scalar?: Viewer;
  }
}

const query = new URLSearchParams(location.search);
const api = query.get('api') ?? '';
const workspace = query.get('workspace') ?? 'default';
const prefix = prefixOf(workspace);
const home = prefix === '' ? '/' : `/#${prefix}/`;

function Documentation() {
  const apis = useLoaded(() => ask(control.GET('/apis')), []);
  const found = apis.value?.find((each) => each.api === api);
  return (
    <>
      <div class="frame one-line">
        <nav aria-label="Documentation">
          <a class="brand" href={home}>
            ← paydouble
          </a>
          {(apis.value ?? []).map((each) => (
            <a key={each.api} href={linkTo(each.api)} aria-current={each.api === api ? 'page' : undefined}>
              {each.title}
            </a>
          ))}
        </nav>
      </div>
      {apis.refusal !== undefined && <Refused refusal={apis.refusal} />}
      {found === undefined && apis.value !== undefined && (
        <p class="waiting">There is no api {api}. Choose one above.</p>
      )}
      {found !== undefined && <View served={found} />}
    </>
  );
}

/** Another api's documentation, in the same workspace. */
function linkTo(name: string): string {
  return `?${new URLSearchParams({ api: name, ...(workspace === 'default' ? {} : { workspace }) })}`;
}

function View({ served }: { served: Schemas['Api'] }) {
  const element = useRef<HTMLDivElement>(null);
  const refused = useLoaded(async () => {
    document.title = `${served.title} · paydouble`;
    const [content] = await Promise.all([readDocument(), load(scalar)]);
    if (element.current !== null) window.Scalar?.createApiReference(element.current, options(content, served));
  }, [served.api]);
  return (
    <div class="documentation">
      {refused.refusal !== undefined && <Refused refusal={asRefusal(refused.refusal)} />}
      <div ref={element} />
    </div>
  );
}

/** The document as the sandbox serves it. */
async function readDocument(): Promise<string> {
  const response = await fetch(`${prefix}/${encodeURIComponent(api)}/openapi.json`);
  const document = parse(await response.text(), { depth: 512, arrayLength: 1_000_000 });
  if (!response.ok || !isObject(document)) throw new Error(`The document could not be had: status ${response.status}.`);
  return stringify(withSources(document, `${location.origin}${prefix}/${api}`));
}

/** Loads a script once. */
function load(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = url;
    script.addEventListener('load', () => resolve());
    script.addEventListener('error', () => reject(new Error('The viewer could not be loaded. Run "npm run build".')));
    document.head.append(script);
  });
}

/** Nothing is fetched from elsewhere, and nothing is told to anybody. */
function options(content: string, { credentials, headers }: Schemas['Api']) {
  const sent = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const filledIn = credentials.map(({ scheme, parameter, values: [value = ''] }) => {
    // Of an HTTP scheme that is shown as its header, the header's whole text: `Basic KEY`.
    const whole = sent.get(parameter.toLowerCase()) ?? '';
    const isWhole = /^(?!Bearer )\w+ /.test(whole) && whole.endsWith(` ${value}`) && !whole.includes(',');
    return [scheme, { value: isWhole ? whole : value, token: value }] as const;
  });
  return {
    content,
    authentication: {
      preferredSecurityScheme: [credentials.map(({ scheme }) => scheme)],
      securitySchemes: Object.fromEntries(filledIn),
    },
    theme: 'none',
    forceDarkModeState: isDark() ? 'dark' : 'light',
    hideDarkModeToggle: true,
    withDefaultFonts: false,
    telemetry: false,
    showDeveloperTools: 'never',
    mcp: { disabled: true },
    agent: { disabled: true },
    hideClientButton: true,
    persistAuth: false,
    documentDownloadType: 'none',
    defaultOpenAllTags: true,
  };
}

/** As the other pages are: what this browser was told, or what the system says. */
function isDark(): boolean {
  const { theme } = document.documentElement.dataset;
  return theme === undefined ? matchMedia('(prefers-color-scheme: dark)').matches : theme === 'dark';
}

const root = document.querySelector('#app');
if (root !== null) {
  root.replaceChildren();
  render(<Documentation />, root);
}
