/**
 * The frame around every view: where one is, in which workspace, and where one can go.
 */
import type { ComponentType } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useEvery } from './every.js';
import { listenToKeys, useShortcuts } from './keyboard.js';
import { KeyList } from './parts/key-list.js';
import { NoticeLine } from './parts/notice-line.js';
import { Token } from './parts/token.js';
import { WorkspaceChoice } from './parts/workspace-choice.js';
import { documentationOf, goTo, linkTo, place } from './place.js';
import { apis, look, trouble, workspaces } from './sandbox.js';
import { nextTheme } from './theme.js';
import { Contract } from './views/contract.js';
import { Faults } from './views/faults.js';
import { Home } from './views/home.js';
import { Live } from './views/live.js';
import { State } from './views/state.js';
import { Workspaces } from './views/workspaces.js';

interface View {
  readonly view: string;
  readonly title: string;
  /** What leads there, after `g`. */
  readonly key: string;
  readonly component: ComponentType;
}

const views: readonly View[] = [
  { view: '', title: 'Home', key: 'h', component: Home },
  { view: 'live', title: 'Live', key: 'l', component: Live },
  { view: 'state', title: 'State', key: 's', component: State },
  { view: 'workspaces', title: 'Workspaces', key: 'w', component: Workspaces },
  { view: 'faults', title: 'Faults', key: 'f', component: Faults },
  { view: 'contract', title: 'Contract', key: 'c', component: Contract },
];

/** How often it is looked whether the sandbox answers, and how the workspace is that is looked at. */
const lookMilliseconds = 5_000;

export function App() {
  const [asksForKeys, setAsksForKeys] = useState(false);
  const { view, workspace } = place.value;
  const current = views.find((each) => each.view === view);
  useEffect(listenToKeys, []);
  useEffect(() => {
    look();
  }, [workspace, view]);
  useEvery(lookMilliseconds, look);
  useFocusKept();
  useEffect(() => {
    document.title = `${current?.title ?? 'No such page'} · paydouble`;
  }, [current]);
  useShortcuts([
    { keys: '?', does: 'Show these keys', run: () => setAsksForKeys(true) },
    ...views.map(({ view, title, key }) => ({ keys: `g ${key}`, does: `Go to ${title}`, run: () => goTo({ view }) })),
    { keys: 'g d', does: 'Go to Documentation', run: () => location.assign(documentation()) },
  ]);
  return (
    <>
      <button type="button" class="skip" onClick={skip}>
        Skip to the content
      </button>
      <header class="frame">
        <a class="brand" href={linkTo({ view: '' })}>
          paydouble
        </a>
        <nav aria-label="Pages">
          {views.map(({ view, title }) => (
            <a key={view} href={linkTo({ view })} aria-current={current?.view === view ? 'page' : undefined}>
              {title}
            </a>
          ))}
          <a href={documentation()}>Documentation</a>
        </nav>
        <WorkspaceChoice />
        <div class="frame-end">
          <button type="button" class="quiet" onClick={nextTheme}>
            Theme
          </button>
          <button type="button" class="quiet" onClick={() => setAsksForKeys(true)}>
            Keys
          </button>
        </div>
      </header>
      {trouble.value?.status === 0 && (
        <p class="unreachable" role="alert">
          {trouble.value.message} What is shown may be old.
        </p>
      )}
      <main id="main" tabIndex={-1}>
        <Content current={current} />
      </main>
      <NoticeLine />
      {asksForKeys && <KeyList onClose={() => setAsksForKeys(false)} />}
    </>
  );
}

/** Where what had the focus is gone with the place that one has left, the next key goes on in the content. */
function useFocusKept(): void {
  const { view, rest } = place.value;
  const isFirst = useRef(true);
  useEffect(() => {
    if (!isFirst.current && document.activeElement === document.body) skip();
    isFirst.current = false;
  }, [view, rest.join('/')]);
}

/** Moves the focus past the frame. */
function skip(): void {
  document.querySelector<HTMLElement>('#main')?.focus();
}

/** The documentation of the first api, in the workspace that is looked at. */
function documentation(): string {
  return documentationOf(apis.value?.[0]?.api ?? '');
}

function Content({ current }: { current: View | undefined }) {
  const { value: refused } = trouble;
  // While nothing answers, what is on the page stays: somebody may be writing.
  if (refused !== undefined && (refused.status !== 0 || workspaces.value === undefined))
    return <Token trouble={refused} />;
  if (current === undefined) {
    return (
      <>
        <h1>No such page</h1>
        <p>
          Nothing is shown at <code>{location.hash}</code>. <a href={linkTo({ view: '' })}>Go home</a>.
        </p>
      </>
    );
  }
  const { workspace } = place.value;
  if (workspaces.value !== undefined && !workspaces.value.some(({ name }) => name === workspace)) {
    return (
      <>
        <h1>No such workspace</h1>
        <p>
          There is no workspace <code>{workspace}</code>; it was thrown away, or never made.{' '}
          <a href={linkTo({ workspace: 'default', view: 'workspaces' })}>See those that there are</a>.
        </p>
      </>
    );
  }
  const Shown = current.component;
  return <Shown key={workspace} />;
}
