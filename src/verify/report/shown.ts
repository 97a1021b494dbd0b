/**
 * What servers and clients sent, as reports show it: never longer than a report bears, and never what a terminal obeys.
 */
import type { WireRequest } from '../case.js';
import type { AnyFailure, Finding } from '../findings.js';

/** Of a message or a pointer, which may quote names of any length. */
const mostOfWords = 2_000;

/** Of a body. */
const mostOfBody = 32_768;

/** Of a curl, which is to be run: only what no shell would take is cut. */
const mostOfCurl = 250_000;

/** The beginning of a text that is too long, and how long it is; never cut within a surrogate pair. */
export function cut(text: string, most: number = mostOfBody): string {
  if (text.length <= most) return text;
  const beginning = text.slice(0, most).replace(/[\uD800-\uDBFF]$/, '');
  // A part of a text keeps the whole of it in memory; a copy does not.
  return structuredClone(`${beginning}\n… (${text.length} characters)`);
}

/** A failure that is not longer than a report bears. */
export function shownFailure<Kind extends AnyFailure>(failure: Kind): Kind {
  return { ...failure, message: cut(failure.message, mostOfWords), pointer: cut(failure.pointer, mostOfWords) };
}

/** A request that is not longer than a report bears. */
export function shownRequest(request: WireRequest): WireRequest {
  const { path, body } = request;
  return { ...request, path: cut(path), ...(body === undefined ? {} : { body: cut(body) }) };
}

/** A finding with its request and answer, none of them longer than a report bears. */
export function shownFinding(finding: Finding): Finding {
  const { request, other } = finding;
  return {
    ...shownFailure(finding),
    request: shownRequest(request),
    ...shownAnswer(finding),
    ...(other === undefined ? {} : { other: shownAnswer(other) }),
  };
}

function shownAnswer({ response, curl }: Pick<Finding, 'response' | 'curl'>): Pick<Finding, 'response' | 'curl'> {
  return { response: response && { ...response, text: cut(response.text) }, curl: cut(curl, mostOfCurl) };
}

/** A text in one line: what moves a cursor, changes colours, ends a line or turns its direction, as `\u001b`. */
export function inOneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/gu, (each) => {
    return `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
