/**
 * What the view asks the control API of journals. The client's own types take numbers apart that keep their text, so that
 * answers are looked at here.
 */
import { ask, control, Refusal, type Schemas } from '../../control.js';
import { isEntry } from './row.js';

type Entry = Schemas['JournalEntry'];

interface Question {
  readonly limit: number;
  /** Only those behind this number, the first of them; absent, the newest. */
  readonly after?: number;
  readonly api?: string;
  readonly operationId?: string;
  readonly status?: string;
}

/** Entries of a workspace, oldest first. */
export async function readEntries(name: string, query: Question): Promise<readonly Entry[]> {
  const journal = await ask(control.GET('/workspaces/{name}/journal', { params: { path: { name }, query } }));
  const entries: readonly unknown[] = journal.entries;
  return entries.filter(isEntry);
}

/** One entry. @throws {Refusal} if it is not there, or no longer */
export async function readEntry(name: string, number: number): Promise<Entry> {
  const params = { path: { name, number } };
  const entry: unknown = await ask(control.GET('/workspaces/{name}/journal/{number}', { params }));
  if (isEntry(entry)) return entry;
  throw new Refusal(`What the sandbox tells of the request ${number} is no entry of a journal.`, 200);
}
