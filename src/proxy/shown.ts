/**
 * An exchange as reports show it: credentials and account numbers hidden, as the journal hides them, and long bodies cut.
 */
import { Redactor, type SensitiveNames } from '../journal/redaction.js';
import { isArray, isObject, stringify } from '../json.js';
import type { WireRequest, WireResponse } from '../verify/case.js';
import type { AnyFailure } from '../verify/findings.js';
import { readJson } from '../verify/read-json.js';
import type { Passage } from './forward.js';
import { lines } from './headers.js';
import type { Verdict } from './judge.js';
import { headersOf } from './judge.js';
import { utf8 } from './request-checks.js';

/** What is kept of a body. */
const mostCharacters = 32_768;

/** An exchange to be shown. */
export interface Shown {
  readonly request: WireRequest;
  /** Absent: there was none. */
  readonly response: WireResponse | undefined;
  /** A failure in words that may be shown. */
  failure(failure: AnyFailure): AnyFailure;
  /** A remark in words that may be shown. */
  remark(words: string): string;
}

/** What may be shown of an exchange. */
export function show(names: SensitiveNames, passage: Passage, verdict: Verdict): Shown {
  const redactor = new Redactor(names);
  // What is hidden once is hidden wherever else it stands, also before: so all of it is read first.
  showOnce(redactor, passage, verdict);
  const shown = showOnce(redactor, passage, verdict);
  return {
    ...shown,
    failure: (failure) => ({
      ...failure,
      pointer: redactor.name(failure.pointer),
      message: redactor.message(failure.message),
    }),
    remark: (words) => redactor.message(words),
  };
}

function showOnce(
  redactor: Redactor,
  { request, answer, milliseconds }: Passage,
  { requestBody, answerBody }: Verdict,
): Pick<Shown, 'request' | 'response'> {
  const sent = lines(request.rawHeaders).filter(([name]) => !ofTheHop.has(name.toLowerCase()));
  const body = request.body.length === 0 ? {} : { body: bodyText(redactor, requestBody, request.body.length) };
  const headers =
    answer && [...headersOf(answer)].map(([name, value]) => [name, redactor.parameter(name, value)] as const);
  return {
    request: {
      method: request.method,
      headers: sent.map(([name, value]) => [name, redactor.parameter(name, value)] as const),
      path: redactor.text(request.target),
      ...body,
    },
    response: answer && {
      status: answer.status,
      headers: new Map(headers),
      text: answer.body.length === 0 ? '' : bodyText(redactor, answerBody, answer.body.length),
      milliseconds,
    },
  };
}

/** What a curl makes itself; with an `Accept-Encoding` it would print bytes. */
const ofTheHop: ReadonlySet<string> = new Set([
  'accept-encoding',
  'host',
  'connection',
  'content-length',
  'content-encoding',
  'transfer-encoding',
  'expect',
]);

function bodyText(redactor: Redactor, bytes: Buffer | undefined, length: number): string {
  const text = bytes && utf8(bytes);
  if (text === undefined) return `(${length} bytes that are not shown)`;
  const json = readJson(text);
  const isShown = json instanceof Error || (!isArray(json) && !isObject(json));
  const shown = isShown ? redactor.plainText(text) : stringify(redactor.value(json));
  return shown.length <= mostCharacters ? shown : `${shown.slice(0, mostCharacters)}… (${shown.length} characters)`;
}
