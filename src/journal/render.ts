/**
 * An entry as it is told: bodies read, what nothing reads found, credentials and account numbers hidden. Done when somebody
 * asks, never while a request is answered.
 */
import type { components } from '../../specs/_sandbox/openapi.js';
import type { Key } from '../api.js';
import type { Api } from '../apis.js';
import { formatInstant } from '../instant.js';
import { isObject, type JsonObject, type JsonValue, parse } from '../json.js';
import { pointerTokens } from '../json-pointer.js';
import type { Difference, Seen } from '../match.js';
import { Headers } from '../message.js';
import type { ProblemDetail } from '../problem.js';
import { type LoneRecord, versionDifferences } from '../store/differences.js';
import { Work } from '../work.js';
import type { Entry, Touched } from './entry.js';
import { Redactor, SensitiveNames } from './redaction.js';
import { findUnread } from './unread.js';

type Schemas = components['schemas'];
export type JournalEntry = Schemas['JournalEntry'];

/** A body as it was sent: JSON, or text that is none; neither for no body. */
interface Body {
  readonly json?: JsonValue;
  readonly text?: string;
}

/** Tells the entries of every workspace; it keeps what it reads of the documents. */
export class JournalRenderer {
  /** `work` is what asking for entries may take, by default nothing; `names`, what another has read of the documents. */
  constructor(
    private readonly apis: ReadonlyMap<string, Api>,
    readonly work = new Work(0),
    private readonly names = new Map<string, SensitiveNames>(),
  ) {}

  /** One that reads the same documents, with work of its own: for one question. */
  asking(work: Work): JournalRenderer {
    return new JournalRenderer(this.apis, work, this.names);
  }

  /** An entry as the control API shows it, redacted. */
  render(entry: Entry, workspace: string): JournalEntry {
    const redactor = this.#redactor(entry);
    const { at, api, operation, violations, milliseconds, touched, fault, number } = entry;
    return {
      number,
      time: formatInstant(at, { digits: 3, zone: 'Z' }),
      workspace,
      api,
      ...(operation === undefined ? {} : { operationId: operation.operationId }),
      request: renderRequest(entry, redactor),
      response: renderResponse(entry, redactor),
      problems: renderProblems(entry, redactor),
      violations: violations.map(({ check, pointer, message }) => ({
        check,
        pointer: redactor.name(pointer),
        message: redactor.message(message),
      })),
      milliseconds,
      created: names(touched, 'created', redactor),
      changed: names(touched, 'changed', redactor),
      deleted: names(touched, 'deleted', redactor),
      ...(fault === undefined ? {} : { fault }),
      unread: this.#unread(entry, redactor),
    };
  }

  /** An entry as a match sees it, as it was. Bodies are read only if the match asks for them. */
  see(entry: Entry): Seen {
    const { api, operation, request, answer, fault } = entry;
    let body: Body | undefined;
    let response: Body | undefined;
    return {
      api,
      operationId: operation?.operationId,
      method: request.method,
      path: request.path,
      query: new URLSearchParams(request.query),
      headers: new Headers(request.rawHeaders),
      status: answer.status,
      faults: fault?.split(', ') ?? [],
      work: this.work,
      get body() {
        body ??= requestBody(entry);
        return body.json;
      },
      get response() {
        response ??= responseBody(entry);
        return response.json;
      },
    };
  }

  /** Differences of an entry, what was received redacted. */
  differences(entry: Entry, differences: readonly Difference[]): Schemas['Difference'][] {
    const redactor = this.#redactor(entry);
    return differences.map(({ at, expected, received }) => {
      if (received === undefined) return { at, expected };
      return { at, expected, received: redactDifference(at, received, redactor) };
    });
  }

  /** What an entry's request did to records, redacted. Which members differ is told also where both are hidden. */
  changes(entry: Entry): Schemas['Differences'] {
    const redactor = this.#redactor(entry);
    for (const { before, after } of entry.touched)
      for (const version of [before, after]) if (version !== undefined) redactor.value(version);
    const { added, removed, changed } = versionDifferences(entry.api, entry.touched);
    const lone = ({ record, ...where }: LoneRecord) => ({ ...where, record: redactRecord(record, redactor) });
    return {
      added: added.map(lone),
      removed: removed.map(lone),
      changed: changed.map(({ members, key, ...where }) => ({
        ...where,
        key: redactKey(key, redactor),
        members: members.map(({ pointer, before, after }) => ({
          pointer: redactor.name(pointer),
          before: redactAt(pointer, before, redactor),
          after: redactAt(pointer, after, redactor),
        })),
      })),
    };
  }

  /** One that knows what is to be hidden in an entry, so that it is hidden where it stands before its name, too. */
  #redactor(entry: Entry): Redactor {
    let names = this.names.get(entry.api);
    if (names === undefined) {
      names = new SensitiveNames(this.apis.get(entry.api)?.document);
      this.names.set(entry.api, names);
    }
    const redactor = new Redactor(names);
    renderRequest(entry, redactor);
    renderResponse(entry, redactor);
    return redactor;
  }

  #unread(entry: Entry, redactor: Redactor): Schemas['JournalEntry']['unread'] {
    const document = this.apis.get(entry.api)?.document;
    if (document === undefined || entry.operation === undefined) return [];
    const query = new URLSearchParams(entry.request.query);
    const unread = findUnread(document, entry.operation, query, requestBody(entry).json);
    return unread.map((each) => ({ ...each, pointer: redactor.name(each.pointer) }));
  }
}

function renderRequest(entry: Entry, redactor: Redactor): JournalEntry['request'] {
  const { request } = entry;
  const sent = headers(new Headers(request.rawHeaders).joined(), redactor);
  const query = [...new URLSearchParams(request.query)].map(
    ([name, value]) => [redactor.name(name), redactor.parameter(name, value)] as const,
  );
  const values = new Map<string, string[]>();
  for (const [name, value] of query) values.set(name, [...(values.get(name) ?? []), value]);
  const body = shown(requestBody(entry), redactor);
  return {
    method: request.method,
    path: redactor.text(request.path),
    query: Object.fromEntries(values),
    headers: sent,
    ...body,
    ...(request.body === undefined ? { leftOut: true } : {}),
  };
}

function renderResponse(entry: Entry, redactor: Redactor): JournalEntry['response'] {
  const { answer, leftOut } = entry;
  const sent = headers(answer.headers, redactor);
  const body = shown(responseBody(entry), redactor);
  return { status: answer.status, headers: sent, ...body, ...(leftOut ? { leftOut } : {}) };
}

function headers(all: Readonly<Record<string, string>>, redactor: Redactor): Record<string, string> {
  return Object.fromEntries(
    Object.entries(all).map(([name, value]) => [redactor.name(name), redactor.parameter(name, value)]),
  );
}

function requestBody({ request }: Entry): Body {
  return request.body === undefined ? {} : read(Buffer.from(request.body).toString('utf8'));
}

function responseBody({ answer }: Entry): Body {
  return read(Buffer.from(answer.body).toString('utf8'));
}

function read(text: string): Body {
  if (text === '') return {};
  try {
    return { json: parse(text) };
  } catch {
    // No JSON, or deeper than anything reads.
    return { text };
  }
}

function shown({ json, text }: Body, redactor: Redactor): { body?: JsonValue; text?: string } {
  if (json !== undefined) return { body: redactor.value(json) };
  return text === undefined ? {} : { text: redactor.plainText(text) };
}

function renderProblems({ problem }: Entry, redactor: Redactor): JournalEntry['problems'] {
  if (problem === undefined) return [];
  const { kind, message, details } = problem;
  if (details.length === 0) return [{ kind, message: redactor.message(message) }];
  return details.map((detail) => renderDetail(kind, detail, redactor));
}

function renderDetail(kind: string, detail: ProblemDetail, redactor: Redactor): JournalEntry['problems'][number] {
  const { pointer, rule, message, received } = detail;
  const told = { kind, in: detail.in, pointer: redactor.name(pointer), rule };
  if (received === undefined) return { ...told, message: redactor.message(message) };
  // Before the message: the redactor then knows what the message quotes.
  const value = redactAt(pointer, received, redactor);
  return { ...told, message: redactor.message(message), received: value };
}

function redactDifference(at: string, received: JsonValue, redactor: Redactor): JsonValue {
  const space = at.indexOf(' ');
  const part = space === -1 ? at : at.slice(0, space);
  const place = at.slice(space + 1);
  if (part !== 'header' && part !== 'query') return redactAt(place.replace(/[.[\]'"]+/g, '/'), received, redactor);
  const each = (value: JsonValue): JsonValue => redactor.parameter(place, String(value));
  return Array.isArray(received) ? received.map(each) : each(received);
}

/** A value by the names that lead to it: the parts of a pointer or path that are no indexes. */
function redactAt(pointer: string, value: JsonValue, redactor: Redactor): JsonValue {
  const tokens = pointerTokens(pointer) ?? pointer.split('/');
  return redactor.at(
    tokens.filter((token) => token !== '' && !/^(?:\d+|\*|\$)$/.test(token)),
    value,
  );
}

function names(touched: readonly Touched[], wanted: Touched['how'], redactor: Redactor): Schemas['RecordName'][] {
  return touched
    .filter(({ how }) => how === wanted)
    .map(({ collection, key }) => ({ collection, key: redactKey(key, redactor) }));
}

/** As the record itself shows it. */
function redactKey(key: Key, redactor: Redactor): Key {
  const shown = redactor.text(String(key));
  return shown === String(key) ? key : shown;
}

function redactRecord(record: JsonObject, redactor: Redactor): JsonObject {
  const shown = redactor.value(record);
  return isObject(shown) ? shown : {};
}
