/**
 * Journals as server-sent events. The journal itself is the queue: one event is on its way to a listener, and the next is
 * rendered when that has left, so that a slow listener costs nothing and misses only what makes room.
 */
import type { Stream } from '../api.js';
import type { Wait } from '../delivery.js';
import { stringify } from '../json.js';
import type { Entry } from './entry.js';
import type { Journal } from './journal.js';
import type { JournalRenderer } from './render.js';
import type { JournalRoom } from './room.js';

/** How many texts are kept, and how long they may be together, in characters. */
const mostTexts = 64;
const mostLength = 4_194_304;

/** Entries as the streams tell them: those that were told last are written once for all who listen. */
export class EventTexts {
  readonly #texts = new Map<Entry, string>();
  #length = 0;

  constructor(private readonly renderer: JournalRenderer) {}

  of(entry: Entry, workspace: string): string {
    const known = this.#texts.get(entry);
    if (known !== undefined) return known;
    const text = stringify(this.renderer.render(entry, workspace));
    this.#texts.set(entry, text);
    this.#length += text.length;
    for (const [oldest, { length }] of this.#texts) {
      if (this.#texts.size <= mostTexts && this.#length <= mostLength) break;
      this.#texts.delete(oldest);
      this.#length -= length;
    }
    return text;
  }
}

/** How long a stream is silent before it shows that it is alive. */
export const heartbeatMilliseconds = 15_000;

/** What is streamed, and how. */
export interface JournalStream {
  readonly journal: Journal;
  /** Its name. */
  readonly workspace: string;
  readonly texts: EventTexts;
  /** The number behind which the stream begins. */
  readonly after: number;
  readonly wait: Wait;
}

/** The entries behind the number `after`, those to come included. */
export function journalStream({ journal, workspace, texts, after, wait }: JournalStream): Stream {
  let last = after;
  return eventStream({
    wait,
    listen: (added, ended) => journal.listen({ added, ended }),
    next: () => {
      const [entry] = journal.entries(last);
      const missed = missing(journal, last, entry);
      if (missed !== undefined) {
        last = missed.to;
        return event(String(last), 'evicted', JSON.stringify(missed));
      }
      if (entry === undefined) return undefined;
      last = entry.number;
      return event(String(last), 'entry', texts.of(entry, workspace));
    },
  });
}

/** Whose journals are streamed, and how. */
export interface JournalsStream {
  readonly room: Pick<JournalRoom, 'listen'>;
  /** The journal of a workspace as it is now; `undefined` if that is gone. */
  readonly journalOf: (workspace: string) => Journal | undefined;
  readonly texts: EventTexts;
  readonly wait: Wait;
}

/** The entries to come of every journal of a room; in the order in which they came, unless they come faster than they leave. */
export function journalsStream({ room, journalOf, texts, wait }: JournalsStream): Stream {
  /** The last number that was sent, by workspace, of those that have more to send. */
  const waiting = new Map<string, number>();
  return eventStream({
    wait,
    listen: (added) =>
      room.listen((workspace, number) => {
        // A number that is no further on is one of a journal that began anew.
        if (number <= (waiting.get(workspace) ?? number)) waiting.set(workspace, number - 1);
        added();
      }),
    next: () => {
      for (const [workspace, last] of waiting) {
        // It comes behind the others, so that a busy one does not keep them waiting.
        waiting.delete(workspace);
        const journal = journalOf(workspace);
        if (journal === undefined) continue;
        const [entry] = journal.entries(last);
        const missed = missing(journal, last, entry);
        const sent = missed?.to ?? entry?.number;
        if (sent === undefined) continue;
        waiting.set(workspace, sent);
        const id = `${workspace}/${sent}`;
        if (missed !== undefined) return event(id, 'evicted', JSON.stringify({ workspace, ...missed }));
        if (entry !== undefined) return event(id, 'entry', texts.of(entry, workspace));
      }
      return undefined;
    },
  });
}

interface EventSource {
  /** The next event to send; `undefined` while there is none. */
  readonly next: () => string | undefined;
  /** Calls `added` when there is something new and `ended` when nothing more will come, until what it returns is called. */
  readonly listen: (added: () => void, ended: () => void) => () => void;
  readonly wait: Wait;
}

function eventStream({ next, listen, wait }: EventSource): Stream {
  return (send, close) => {
    const stopped = new AbortController();
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
      const text = next();
      if (text !== undefined) sendOne(text);
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
    const forget = listen(() => void setImmediate(pump), close);
    return () => {
      forget();
      stopped.abort();
    };
  };
}

function event(id: string, name: string, data: string): string {
  return `id: ${id}\nevent: ${name}\ndata: ${data}\n\n`;
}

/** The numbers behind `last` that are no longer kept; `undefined` if the next one is there or to come. */
function missing(journal: Journal, last: number, next: Entry | undefined): { from: number; to: number } | undefined {
  const to = next === undefined ? journal.newest : next.number - 1;
  return to > last ? { from: last + 1, to } : undefined;
}
