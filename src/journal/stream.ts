/**
 * A journal as server-sent events. The journal itself is the queue: one event is on its way to a listener, and the next is
 * rendered when that has left, so that a slow listener costs nothing and misses only what makes room.
 */
import type { Stream } from '../api.js';
import { stringify } from '../json.js';
import type { Entry } from './entry.js';
import type { Journal } from './journal.js';
import type { JournalRenderer } from './render.js';

const heartbeatMilliseconds = 15_000;

/** The entries behind the number `after`, those to come included. */
export function journalStream(journal: Journal, workspace: string, renderer: JournalRenderer, after: number): Stream {
  return (send, close) => {
    let last = after;
    let busy = false;
    let stopped = false;

    function pump(): void {
      if (busy || stopped) return;
      const [entry] = journal.entries(last);
      const missed = missing(journal, last, entry);
      if (missed === undefined && entry === undefined) return;
      busy = true;
      if (missed !== undefined) last = missed.to;
      else if (entry !== undefined) last = entry.number;
      const event =
        missed === undefined && entry !== undefined
          ? `id: ${entry.number}\nevent: entry\ndata: ${stringify(renderer.render(entry, workspace))}\n\n`
          : `id: ${last}\nevent: evicted\ndata: ${JSON.stringify(missed)}\n\n`;
      send(event, () => {
        busy = false;
        pump();
      });
    }

    const heartbeat = setInterval(() => {
      if (!busy) send(': heartbeat\n\n');
    }, heartbeatMilliseconds);
    heartbeat.unref();
    send(': the journal begins\n\n');
    // Later, so that the request that is being recorded is answered first.
    const later = () => void setImmediate(pump);
    const forget = journal.listen({ added: later, ended: close });
    later();
    return () => {
      clearInterval(heartbeat);
      forget();
      stopped = true;
    };
  };
}

/** The numbers behind `last` that are no longer kept; `undefined` if the next one is there or to come. */
function missing(journal: Journal, last: number, next: Entry | undefined): { from: number; to: number } | undefined {
  const to = next === undefined ? journal.newest : next.number - 1;
  return to > last ? { from: last + 1, to } : undefined;
}
