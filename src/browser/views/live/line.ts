/**
 * The line on which server-sent events come: opened again whenever it is cut. It is asked for as everything is, since the
 * browser's own EventSource cannot send a token.
 *
 * The only module that imports eventsource-parser.
 */
import { createParser } from 'eventsource-parser';
import { type JsonValue, parse } from '../../control.js';

export type LineState = 'opening' | 'open' | 'cut';

export interface LineOptions {
  /** Asks for the stream each time the line is opened; it may throw where the sandbox does not answer. */
  readonly open: (signal: AbortSignal) => Promise<Response['body']>;
  /** Called each time when the line is open, before anything comes; absent, nothing is. It may throw, too. */
  readonly onOpen?: (() => Promise<void>) | undefined;
  /** Told of the data of each event that is an entry. */
  readonly onEntry: (data: JsonValue) => void;
  readonly onState: (state: LineState) => void;
}

/** How long it is waited before a line that was cut is opened again. */
const pauseMilliseconds = 1_000;

/** Opens a line, and returns what closes it. */
export function openLine({ open, onOpen, onEntry, onState }: LineOptions): () => void {
  const stopped = new AbortController();
  const { signal } = stopped;

  async function readOnce(): Promise<void> {
    const stream = await open(signal);
    if (stream === null) return;
    onState('open');
    await onOpen?.();
    const parser = createParser({
      onEvent: ({ event, data }) => {
        if (event === 'entry' && !signal.aborted) onEntry(parse(data));
      },
    });
    const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
    for (let read = await reader.read(); !read.done; read = await reader.read()) parser.feed(read.value);
  }

  async function keepOpen(): Promise<void> {
    while (!signal.aborted) {
      // However it ended, it is opened again; what is wrong with the sandbox itself is told by the frame of the page.
      await readOnce().catch(() => {});
      if (signal.aborted) return;
      onState('cut');
      await new Promise((resolve) => setTimeout(resolve, pauseMilliseconds));
    }
  }

  onState('opening');
  keepOpen();
  return () => stopped.abort();
}
