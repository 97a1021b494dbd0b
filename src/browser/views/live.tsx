/**
 * The journal as it happens: the requests of a workspace, or of all, and one of them opened at the side.
 */
import './live.css';
import { useCallback, useMemo, useRef, useState } from 'preact/hooks';
import { control, tell } from '../control.js';
import { useShortcuts } from '../keyboard.js';
import { Confirm } from '../parts/dialog.js';
import { goTo, place } from '../place.js';
import { carryOut } from '../sandbox.js';
import { OpenedEntry } from './live/entry.js';
import { filterOf, takes } from './live/filter.js';
import { Filters } from './live/filters.js';
import { useFollowed } from './live/followed.js';
import type { LineState } from './live/line.js';
import { List, listClass } from './live/list.js';
import type { Row } from './live/row.js';
import { mostShown } from './live/rows.js';

const stateText: Readonly<Record<LineState, string>> = {
  opening: 'Connecting …',
  open: 'Connected',
  cut: 'The connection is cut; trying again …',
};

const none: readonly Row[] = [];

export function Live() {
  const { workspace, rest, query } = place.value;
  const filter = filterOf(query);
  const everywhere = query.get('all') === 'yes';
  const { rows, state, forget } = useFollowed(workspace, everywhere, filter);
  const [isAway, setAway] = useState(false);
  const [isPaused, setPaused] = useState(false);
  const [asksToClear, setAsksToClear] = useState(false);
  const current = entryOf(rest[0], query.get('of') ?? workspace);
  const isHeld = rows !== undefined && (isPaused || isAway || current !== undefined);
  const { newer, letGo } = useHeld(rows ?? none, isHeld, current);

  const queryText = query.toString();
  const stays = useMemo(() => {
    const { of, ...others } = Object.fromEntries(new URLSearchParams(queryText));
    return others;
  }, [queryText]);
  const found = useMemo(() => {
    const isTaken = takes(filterOf(new URLSearchParams(queryText)));
    const [later, shown] = [(rows ?? none).slice(0, newer), (rows ?? none).slice(newer)];
    return { later: later.filter(isTaken).length, shown: shown.filter(isTaken), all: shown.length };
  }, [rows, newer, queryText]);
  const { shown } = found;
  const close = (): void => goTo({ view: 'live', query: stays });
  useShortcuts([
    { keys: 'p', does: isPaused ? 'Go on' : 'Pause', run: () => setPaused(!isPaused) },
    ...(current === undefined ? [] : [{ keys: 'Escape', does: 'Close the request', run: close }]),
  ]);

  return (
    <div class={current === undefined ? 'live' : 'live has-entry'}>
      <div class="live-requests">
        <header class="bar">
          <h1>Live</h1>
          <p class={`live-state is-${state}`} role="status">
            {stateText[state]}
          </p>
          <p class="live-actions">
            <button type="button" aria-pressed={isPaused} onClick={() => setPaused(!isPaused)}>
              Pause
            </button>
            <button type="button" onClick={() => setAsksToClear(true)}>
              Clear the journal
            </button>
          </p>
        </header>
        <Filters filter={filter} everywhere={everywhere} />
        <p class="live-count">
          {shown.length === 1 ? '1 request' : `${shown.length} requests`}
          {shown.length > mostShown && `, the newest ${mostShown} are shown`}
          {shown.length < found.all && ` of ${found.all}`}
          {isHeld && ' · paused, '}
          {isHeld && <Newer count={found.later} onShow={letGo} />}
        </p>
        {rows === undefined ? (
          <p class="waiting">…</p>
        ) : (
          <List rows={shown} current={current} query={stays} onAway={setAway} />
        )}
        {rows !== undefined && shown.length === 0 && (
          <p class="soft">
            {rows.length === 0 ? 'No requests yet. Send one, and it shows here.' : 'No request is like that.'}
          </p>
        )}
      </div>
      {current !== undefined && <OpenedEntry key={current.workspace} {...current} query={stays} onClose={close} />}
      {asksToClear && (
        <Confirm
          title={`Clear the journal of ${workspace}?`}
          action="Clear it"
          onClose={() => setAsksToClear(false)}
          onConfirm={async () => {
            const path = { name: workspace };
            const clear = () => tell(control.DELETE('/workspaces/{name}/journal', { params: { path } }));
            if (await carryOut(`The journal of ${workspace} is empty.`, clear)) forget();
          }}
        >
          <p>
            What <strong>{workspace}</strong> was asked and answered is forgotten. Its records stay.
          </p>
        </Confirm>
      )}
    </div>
  );
}

interface EntryName {
  readonly workspace: string;
  readonly number: number;
}

/** The entry that a URL names; `undefined` if it names none. */
function entryOf(number: string | undefined, workspace: string): EntryName | undefined {
  return number !== undefined && /^[1-9]\d{0,14}$/.test(number) ? { workspace, number: Number(number) } : undefined;
}

/** How many requests came while the list stood still, and the way to them. */
function Newer({ count, onShow }: { count: number; onShow: () => void }) {
  return (
    <span role="status">
      {count === 0 ? (
        '0 new'
      ) : (
        <button type="button" class="link" onClick={onShow}>
          {count} new
        </button>
      )}
    </span>
  );
}

/**
 * How many rows are newer than those that are shown while the list stands still; 0 while it does not. `letGo` shows them, and so
 * does it to open one of them: what was sent again is seen.
 */
function useHeld(rows: readonly Row[], isHeld: boolean, opened: EntryName | undefined) {
  const held = useRef<{ readonly newest: Row | undefined } | undefined>(undefined);
  const [, setTimes] = useState(0);
  const countNewer = (): number => {
    if (held.current === undefined) return 0;
    return held.current.newest === undefined ? rows.length : rows.indexOf(held.current.newest);
  };
  const isOpened = ({ workspace, number }: Row): boolean => number === opened?.number && workspace === opened.workspace;
  // The journal may be cleared meanwhile: then what was the newest is nowhere.
  const isOutdated = countNewer() === -1 || rows.slice(0, countNewer()).some(isOpened);
  if (!isHeld) held.current = undefined;
  else if (held.current === undefined || isOutdated) held.current = { newest: rows[0] };
  const letGo = useCallback(() => {
    held.current = undefined;
    document.querySelector(`.${listClass}`)?.scrollTo(0, 0);
    setTimes((times) => times + 1);
  }, []);
  return { newer: countNewer(), letGo };
}
