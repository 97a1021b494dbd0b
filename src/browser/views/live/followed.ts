/**
 * The rows of the view: the newest that the journal keeps, and all that arrive while the view is open.
 */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { ask, control } from '../../control.js';
import { asked, type Filter } from './filter.js';
import { readEntries } from './journal.js';
import { type LineState, openLine } from './line.js';
import { isEntry, type Row, rowOf } from './row.js';
import { mostKept, withArrivals, withOlder, without } from './rows.js';

/** How many are there at once. */
const first = 200;

export interface Followed {
  /** Newest first; `undefined` until the first are known. */
  readonly rows: readonly Row[] | undefined;
  readonly state: LineState;
  /** Forgets those of the workspace. */
  readonly forget: () => void;
}

/** Follows a workspace, or all of them. What the filter finds among older requests of the workspace is there, too. */
export function useFollowed(workspace: string, everywhere: boolean, filter: Filter): Followed {
  const [rows, setRows] = useState<readonly Row[]>();
  const [state, setState] = useState<LineState>('opening');
  /** The newest number of the workspace that is known. */
  const newest = useRef(0);

  useEffect(() => {
    if (!everywhere) setRows((known) => known?.filter((row) => row.workspace === workspace));
    let waiting: Row[] = [];
    let frame = 0;
    /** A thousand requests a second make the list anew sixty times, not a thousand. */
    const arrive = (row: Row): void => {
      if (row.workspace === workspace) newest.current = row.number;
      waiting.push(row);
      // A page that is not seen has no frames.
      if (waiting.length > 2 * mostKept) waiting = waiting.slice(-mostKept);
      if (frame !== 0) return;
      frame = requestAnimationFrame(() => {
        frame = 0;
        const arrived = waiting.splice(0);
        setRows((known = []) => withArrivals(known, arrived));
      });
    };
    let isFirst = true;
    /** Shows the newest at first; later, what came while the line was cut, unless the line itself tells it. */
    const catchUp = async (): Promise<void> => {
      if (isFirst) {
        const found = await rowsOf(workspace, { limit: first });
        isFirst = false;
        newest.current = Math.max(newest.current, found.at(-1)?.number ?? 0);
        setRows((known = []) => withOlder(known, workspace, found));
        return;
      }
      const [last] = await rowsOf(workspace, { limit: 1 });
      if ((last?.number ?? 0) < newest.current) {
        // The journal began anew.
        newest.current = 0;
        setRows((known = []) => without(known, workspace));
      }
      if (everywhere) for (const row of await rowsOf(workspace, { after: newest.current, limit: 1_000 })) arrive(row);
    };
    const close = openLine({
      open: async (signal) => {
        const asked = { signal, parseAs: 'stream' } as const;
        // The line of all journals tells nothing of what came before it was open, so that is asked for afterwards.
        if (everywhere) return ask(control.GET('/journal/stream', asked));
        await catchUp();
        const params = { path: { name: workspace }, query: { after: newest.current } };
        return ask(control.GET('/workspaces/{name}/journal/stream', { ...asked, params }));
      },
      onOpen: everywhere ? catchUp : undefined,
      onEntry: (data) => {
        if (isEntry(data)) arrive(rowOf(data));
      },
      onState: setState,
    });
    return () => {
      close();
      cancelAnimationFrame(frame);
      setRows((known) => known && withArrivals(known, waiting));
    };
  }, [workspace, everywhere]);

  const { api, operation, status } = filter;
  const isKnown = rows !== undefined;
  useEffect(() => {
    const wanted = asked({ api, operation, status, text: '' });
    if (wanted === undefined || !isKnown) return undefined;
    let isOvertaken = false;
    rowsOf(workspace, { ...wanted, limit: first }).then(
      (found) => {
        if (!isOvertaken) setRows((known = []) => withOlder(known, workspace, found));
      },
      // A name that nothing is served under finds nothing.
      () => {},
    );
    return () => {
      isOvertaken = true;
    };
  }, [workspace, api, operation, status, isKnown]);

  const forget = useCallback(() => setRows((known = []) => without(known, workspace)), [workspace]);
  return { rows, state, forget };
}

/** The newest rows of a workspace, or the first behind a number, oldest first. */
async function rowsOf(...question: Parameters<typeof readEntries>): Promise<readonly Row[]> {
  return (await readEntries(...question)).map(rowOf);
}
