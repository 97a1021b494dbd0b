/**
 * A request of the journal as it can be sent again. The journal hides credentials and account numbers: credentials are those
 * of the sandbox in their place, and of what else is hidden it is told where.
 */
import type { components } from '../../../../specs/_sandbox/openapi.js';
import type { SentRequest } from '../../../curl.js';
import { isAmount, isArray, isObject, type JsonObject, type JsonValue, numberText } from '../../../json.js';
import { escapePointer } from '../../../json-pointer.js';
import { bodyText, pathOf } from './row.js';

type Schemas = components['schemas'];
type Entry = Schemas['JournalEntry'];
type Api = Pick<Schemas['Api'], 'url' | 'headers' | 'credentials'>;

export interface Sent extends SentRequest {
  /** What is otherwise than it was sent, in sentences; empty if nothing is. */
  readonly notes: readonly string[];
}

/** What the client's own machinery sends anew each time. */
const ownHeaders: ReadonlySet<string> = new Set([
  'host',
  'connection',
  'keep-alive',
  'content-length',
  'transfer-encoding',
  'accept-encoding',
  'user-agent',
  'expect',
  'origin',
  'referer',
  'cookie',
]);

/** The request, for a URL such as `http://127.0.0.1:4010/~w-1` before the api's own. */
export function sentOf(entry: Entry, api: Api, prefix: string): Sent {
  const { request } = entry;
  const notes: string[] = [];
  const headers = Object.entries(request.headers)
    .filter(([name]) => !ownHeaders.has(name) && !name.startsWith('sec-'))
    .map(([name, value]) => [name, filled(name, value, 'header', api, notes)] as const);
  const query = Object.entries(request.query).map(
    ([name, values]) => [name, values.map((value) => filled(name, value, 'query', api, notes))] as const,
  );
  const hidden = request.body === undefined ? [] : [...hiddenIn(request.body)];
  if (hidden.length > 0 || request.text?.includes(mask)) {
    notes.push(`Hidden in the journal, put in your own: ${hidden.length === 0 ? 'the body' : hidden.join(', ')}.`);
  }
  if (request.path.includes(mask)) notes.push('Hidden in the journal, put in your own: a part of the path.');
  if (request.leftOut === true) notes.push('The body was too long for the journal, and is left out.');
  const body = bodyText(request);
  return {
    method: request.method,
    url: `${prefix}${api.url}${pathOf({ path: request.path, query: Object.fromEntries(query) })}`,
    headers: Object.fromEntries(headers),
    ...(body === '' ? {} : { body }),
    notes,
  };
}

/** The form in which a documented sample is told at /_sandbox/samples; credentials are left out. */
export function sampleOf(entry: Entry, api: Api, scenario: string): JsonObject {
  const { request, response, operationId = null } = entry;
  const credentials = new Set(Object.keys(api.headers).map((name) => name.toLowerCase()));
  const headers = Object.entries(request.headers).filter(
    ([name, value]) =>
      !ownHeaders.has(name) && !name.startsWith('sec-') && !credentials.has(name) && !value.includes(mask),
  );
  // A content type is no credential, although the sandbox tells both together.
  const type = Object.entries(request.headers).filter(([name]) => name === 'content-type');
  return {
    api: entry.api,
    operationId,
    method: request.method,
    path: `${api.url}${pathOf(request)}`,
    scenario,
    headers: Object.fromEntries([...headers, ...type]),
    request: request.body ?? request.text ?? null,
    response: response.body ?? response.text ?? null,
    deviations: [],
  };
}

/** What the journal writes in the place of something, or of its beginning. */
const mask = '***';

function filled(name: string, value: string, where: 'header' | 'query', api: Api, notes: string[]): string {
  if (!value.includes(mask)) return value;
  const known =
    where === 'header'
      ? Object.entries(api.headers).find(([each]) => each.toLowerCase() === name)?.[1]
      : api.credentials.find((each) => each.in === 'query' && each.parameter === name)?.values[0];
  notes.push(
    known === undefined
      ? `Hidden in the journal, put in your own: ${name}.`
      : `${name} is the sandbox's own credential; the one that was sent is hidden in the journal.`,
  );
  return known ?? value;
}

/** Where the journal hides values of a body. */
function* hiddenIn(value: JsonValue, pointer = ''): Iterable<string> {
  if (isArray(value)) for (const [index, each] of value.entries()) yield* hiddenIn(each, `${pointer}/${index}`);
  else if (isObject(value)) {
    for (const [name, each] of Object.entries(value)) {
      if (each !== undefined) yield* hiddenIn(each, `${pointer}/${escapePointer(name)}`);
    }
  } else if ((isAmount(value) ? numberText(value) : String(value)).includes(mask)) yield pointer;
}
