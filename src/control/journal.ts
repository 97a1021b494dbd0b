/**
 * The control API's operations on a workspace's journal: read, ask, verify, empty, listen.
 */
import type { operations } from '../../specs/_sandbox/openapi.js';
import type { ApiDefinition, Stream } from '../api.js';
import type { Entry } from '../journal/entry.js';
import type { Journal } from '../journal/journal.js';
import { JournalRenderer } from '../journal/render.js';
import { EventTexts, journalStream, journalsStream } from '../journal/stream.js';
import { compileCalls, Verification } from '../journal/verify.js';
import { compileMatch, type KnownApis, knownApis, type Matcher } from '../match.js';
import { Problem, type ProblemDetail } from '../problem.js';
import type { Workspace } from '../store/workspace.js';
import { TooMuchWork, Work } from '../work.js';
import type { Steered } from './handlers.js';

type Handlers = ApiDefinition<operations, object>['handlers'];

/** Entries that an answer shows if the request does not say. */
const usual = 100;

/** The handlers of the journal. `found` gives the workspace of a name, or throws. */
export function journalHandlers({ apis, limits, wait, workspaces }: Steered, found: (name: string) => Workspace) {
  const renderer = new JournalRenderer(apis);
  const known = knownApis([...apis.values()].map(({ document }) => document));

  const texts = new EventTexts(renderer);
  let open = 0;

  /** A stream while there is room for it. @throws {Problem} `too-many` if there is none */
  function counted(stream: Stream): Stream {
    if (open >= limits.streams) {
      const message = `There are ${open} live journals open, as many as are allowed. Close one first.`;
      throw new Problem('too-many', { message });
    }
    return (send, close) => {
      open++;
      const stop = stream(send, close);
      return () => {
        open--;
        stop();
      };
    };
  }

  /** Asks entries with a bound on what that takes. @throws {Problem} `invalid-request` for what takes more */
  function ask<T>(question: (asking: JournalRenderer) => T): T {
    try {
      return question(renderer.asking(new Work(limits.matchingSteps)));
    } catch (error) {
      if (!(error instanceof TooMuchWork)) throw error;
      const message = `${error.message}. Ask with simpler paths and expressions, or clear the journal between tests.`;
      throw new Problem('invalid-request', { details: [{ in: 'body', pointer: '', rule: 'limit', message }] });
    }
  }

  /** The entries that match, newest last. */
  function find({ journal }: Workspace, match: Matcher): Entry[] {
    return ask((asking) => [...journal.entries()].filter((entry) => match(asking.see(entry)).length === 0));
  }

  return {
    readJournal: ({ path, query }) => {
      const { journal, name } = found(path.name);
      const { limit = usual, after } = query;
      const wanted = takes(query, known);
      const source = after === undefined ? journal.newestFirst() : journal.entries(after);
      const entries = first(source, limit, wanted);
      if (after === undefined) entries.reverse();
      const shown = entries.map((entry) => renderer.render(entry, name));
      return { status: 200, body: { entries: shown, counters: counters(journal) } };
    },
    readJournalEntry: ({ path }) => {
      const { journal, name } = found(path.name);
      return { status: 200, body: renderer.render(entryOf(journal, path.number), name) };
    },
    readJournalChanges: ({ path }) => {
      const { journal } = found(path.name);
      return { status: 200, body: renderer.changes(entryOf(journal, path.number)) };
    },
    clearJournal: ({ path }) => {
      found(path.name).journal.clear();
      return { status: 204, body: undefined };
    },
    findInJournal: ({ path, body }) => {
      const workspace = found(path.name);
      const matching = find(workspace, compileMatch(body.match, { at: '/match', known }));
      const limit = body.limit ?? usual;
      const shown = limit === 0 ? [] : matching.slice(-limit);
      const entries = shown.map((entry) => renderer.render(entry, workspace.name));
      return { status: 200, body: { entries, count: matching.length, complete: isComplete(workspace.journal) } };
    },
    countInJournal: ({ path, body }) => {
      const workspace = found(path.name);
      const { length: count } = find(workspace, compileMatch(body.match, { at: '/match', known }));
      return { status: 200, body: { count, complete: isComplete(workspace.journal) } };
    },
    verifyJournal: ({ path, body }) => {
      const { journal, name } = found(path.name);
      const calls = compileCalls(body, known);
      const { inOrder = false, nothingElse = false } = body;
      const failures = ask((asking) =>
        new Verification(calls, journal.entries(), asking, name).failures(inOrder, nothingElse),
      );
      return { status: 200, body: { held: failures.length === 0, complete: isComplete(journal), failures } };
    },
    streamJournal: ({ path, query, header }) => {
      const { journal, name } = found(path.name);
      const asked = header['last-event-id'] ?? query.after ?? journal.newest;
      // A number beyond the newest is one of a journal that was here before a reset: all of this one is new.
      const after = asked > journal.newest ? 0 : asked;
      return {
        status: 200,
        body: '',
        stream: counted(journalStream({ journal, workspace: name, texts, after, wait })),
      };
    },
    streamJournals: () => {
      const journalOf = (name: string) => workspaces.get(name)?.journal;
      return {
        status: 200,
        body: '',
        stream: counted(journalsStream({ room: workspaces.journals, journalOf, texts, wait })),
      };
    },
  } satisfies Handlers;
}

interface Filter {
  readonly api?: string | undefined;
  readonly operationId?: string | undefined;
  readonly status?: string | undefined;
}

/** Which entries a list shows. @throws {Problem} `invalid-request` for a name that nothing is served under */
function takes({ api, operationId, status }: Filter, known: KnownApis): (entry: Entry) => boolean {
  const own = api === undefined ? undefined : known.get(api);
  const ids = (own === undefined ? [...known.values()] : [own]).flatMap(({ operationIds }) => [...operationIds]);
  const faults: ProblemDetail[] = [];
  if (api !== undefined && own === undefined) faults.push(unknown('api', api, [...known.keys()]));
  if (operationId !== undefined && !ids.includes(operationId)) faults.push(unknown('operationId', operationId, ids));
  if (faults.length > 0) throw new Problem('invalid-request', { details: faults });
  const range = status?.toLowerCase().replaceAll('x', '');
  return (entry) =>
    (api === undefined || entry.api === api) &&
    (operationId === undefined || entry.operation?.operationId === operationId) &&
    (range === undefined || String(entry.answer.status).startsWith(range));
}

function unknown(name: string, received: string, all: readonly string[]): ProblemDetail {
  const message = `Nothing is served under ${name} ${received}. Known are ${all.join(', ')}.`;
  return { in: 'query', pointer: `/${name}`, rule: 'exists', message };
}

function first(entries: Iterable<Entry>, limit: number, wanted: (entry: Entry) => boolean): Entry[] {
  const taken: Entry[] = [];
  for (const entry of entries) {
    if (taken.length >= limit) break;
    if (wanted(entry)) taken.push(entry);
  }
  return taken;
}

function counters(journal: Journal) {
  const byOperation = journal.counters.map(({ api, operationId, status, count }) => ({
    api,
    ...(operationId === undefined ? {} : { operationId }),
    status,
    count,
  }));
  return { total: journal.total, evicted: journal.evicted, bytes: journal.bytes, byOperation };
}

function isComplete(journal: Journal): boolean {
  return journal.evicted === 0;
}

/** @throws {Problem} `not-found` */
function entryOf(journal: Journal, number: number): Entry {
  const entry = journal.get(number);
  if (entry !== undefined) return entry;
  const [oldest] = journal.entries();
  const kept = oldest === undefined ? 'it is empty' : `it keeps ${oldest.number} to ${journal.newest}`;
  const message = `The journal has no entry ${number}; ${kept}.`;
  throw new Problem('not-found', { details: [{ in: 'path', pointer: '/number', rule: 'exists', message }] });
}
