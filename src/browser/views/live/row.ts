/**
 * One request as the list shows it: small, since thousands are kept. The whole of it is asked for when it is opened.
 */
import type { components } from '../../../../specs/_sandbox/openapi.js';
import { isObject, type JsonValue, stringify } from '../../../json.js';

type Entry = components['schemas']['JournalEntry'];

export interface Row {
  readonly workspace: string;
  /** Counts up from 1 in each workspace. */
  readonly number: number;
  /** What the workspace's clock said: `2026-03-31T23:59:59.000Z`. */
  readonly time: string;
  readonly api: string;
  /** Empty if none matched. */
  readonly operationId: string;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** 0 where a fault let there be no answer. */
  readonly status: number;
  readonly milliseconds: number;
  /** The fault that was applied; empty for none. */
  readonly fault: string;
  /** What a text is looked for in, lower case: path, operation and bodies. */
  readonly searched: string;
}

/** How much of an entry is searched, in characters. */
const mostSearched = 20_000;

export function rowOf(entry: Entry): Row {
  const { workspace, number, time, api, operationId = '', request, response, milliseconds, fault = '' } = entry;
  const path = pathOf(request);
  const bodies = [request, response].map((message) => bodyText(message));
  const searched = [request.method, path, api, operationId, fault, ...bodies].join('\n');
  return {
    workspace,
    number,
    time,
    api,
    operationId,
    method: request.method,
    path,
    status: response.status,
    milliseconds: Number(milliseconds),
    fault,
    searched: searched.slice(0, mostSearched).toLowerCase(),
  };
}

/** An entry's path with its query, as it can be sent. */
export function pathOf({ path, query }: Pick<Entry['request'], 'path' | 'query'>): string {
  const pairs = Object.entries(query).flatMap(([name, values]) =>
    values.map((value): [string, string] => [name, value]),
  );
  const search = new URLSearchParams(pairs).toString();
  return search === '' ? path : `${path}?${search}`;
}

/** A body as text; empty for none. Numbers keep theirs. */
export function bodyText({ body, text }: { readonly body?: JsonValue; readonly text?: string }): string {
  return body === undefined ? (text ?? '') : stringify(body);
}

/** Whether a value that came by the stream is an entry of the journal. */
export function isEntry(value: unknown): value is Entry {
  return isObject(value) && isObject(value.request) && isObject(value.response) && typeof value.number === 'number';
}

/** What a status says, for who cannot see its colour. */
export function statusWord(status: number): string {
  const words = ['no answer', 'goes on', 'succeeded', 'led elsewhere', 'refused', 'failed'];
  return words[Math.floor(status / 100)] ?? 'unknown';
}
