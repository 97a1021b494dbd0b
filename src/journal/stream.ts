/**
 * A journal as server-sent events. The journal itself is the queue: one event is on its way to a listener, and the next is
 * rendered when that has left, so that a slow listener costs nothing and misses only what makes room.
 */
import type { Stream } from '../api.js';
import type { Wait } from '../delivery.js';
import { stringify } from '../json.js';
import type { Entry } from './entry.js';
import type { Journal } from './journal.js';
import type { JournalRenderer } from './render.js';

/** How long a stream is silent before it shows that it is alive. */
export const heartbeatMilliseconds = 15_000;

/** What is streamed, and how. */
export interface JournalStream {
  readonly journal: Journal;
  /** Its name. */
  readonly workspace: string;
  readonly renderer: JournalRenderer;
  /** The number behind which the stream begins. */
  readonly after: number;
  readonly wait: Wait;
}

/** The entries behind the number `after`, those to come included. */
export function journalStream({ journal, workspace, renderer, after, wait }: JournalStream): Stream {
  return (send, close) => {
    const stopped = new AbortController();
    let last = after;
    let busy = false;
    let resting = false;

    /** Sends one text, and the next event when it has left: no more than one ever waits for a listener that does not read. */
    function sendOne(text: string): void {
      busy = true;
      send(text, () => {
        busy = false;
        pump();
        if (!busy) rest();
      });
    }

    function pump(): void {
      if (busy || stopped.signal.aborted) return;
      const [entry] = journal.entries(last);
      const missed = missing(journal, last, entry);
      if (missed !== undefined) {
        last = missed.to;
        sendOne(`id: ${last}\nevent: evicted\ndata: ${JSON.stringify(missed)}\n\n`);
      } else if (entry !== undefined) {
        last = entry.number;
        sendOne(`id: ${last}\nevent: entry\ndata: ${stringify(renderer.render(entry, workspace))}\n\n`);
      }
    }

    /** Beats if nothing else is sent meanwhile. One wait at a time, and none before the last text has left. */
    function rest(): void {
      if (resting || stopped.signal.aborted) return;
      resting = true;
      const wake = (): void => {
        resting = false;
        if (!busy && !stopped.signal.aborted) sendOne(': heartbeat\n\n');
      };
      wait(heartbeatMilliseconds, stopped.signal).then(wake, wake);
    }

    sendOne(': the journal begins\n\n');
    // Later, so that the request that is being recorded is answered first.
    const forget = journal.listen({ added: () => void setImmediate(pump), ended: close });
    return () => {
      forget();
      stopped.abort();
    };
  };
}

/** The numbers behind `last` that are no longer kept; `undefined` if the next one is there or to come. */
function missing(journal: Journal, last: number, next: Entry | undefined): { from: number; to: number } | undefined {
  const to = next === undefined ? journal.newest : next.number - 1;
  return to > last ? { from: last + 1, to } : undefined;
}
