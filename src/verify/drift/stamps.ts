/**
 * What servers were sent, and what they stamped: a value that the client chose is no stamp, wherever it stands.
 */
import { parseInstant } from '../../instant.js';
import { isArray, isNumberText, isObject, type JsonValue, numberText } from '../../json.js';
import { pathAndQuery } from '../../path-and-query.js';
import type { WireRequest, WireResponse } from '../case.js';
import { readJson } from '../read-json.js';

/** A stamp is given while the request is under way; clocks may be a little apart. */
const mostMilliseconds = 60_000;

/** Whether a text is the time at which the answer was given, by the answer's own Date header. */
export function isStampOfNow(text: string, { headers }: WireResponse): boolean {
  const instant = parseInstant(text);
  const now = Date.parse(headers.get('date') ?? '');
  return instant !== undefined && Math.abs(instant.epochMilliseconds - now) < mostMilliseconds;
}

/** The values that bodies of requests had, by the names of their members; and the stamps that answers had. */
export class Sent {
  readonly #values = new Set<string>();
  readonly #stamps = new Set<string>();

  note({ body, headers }: WireRequest): void {
    if (body === undefined) return;
    const type = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
    if (type.startsWith('application/x-www-form-urlencoded')) {
      for (const [name, text] of new URLSearchParams(body)) this.#values.add(`${name}\n${text}`);
      return;
    }
    const value = readJson(body);
    if (!(value instanceof Error)) this.#noteValue(value, '');
  }

  /** Whether one of the texts was sent under a name. */
  hasOne(name: string, texts: readonly string[]): boolean {
    return texts.some((text) => this.#values.has(`${name}\n${text}`));
  }

  noteStamp(text: string): void {
    this.#stamps.add(text);
  }

  /** Whether a request asks for a stamp of the first server: the second one's is another, and which, nobody can say. */
  asksForStamp({ path }: WireRequest): boolean {
    const [, query] = pathAndQuery(path);
    return [...new URLSearchParams(query).values()].some((text) => this.#stamps.has(text));
  }

  #noteValue(value: JsonValue, name: string): void {
    if (isArray(value)) for (const element of value) this.#noteValue(element, name);
    else if (isObject(value)) for (const [own, member] of Object.entries(value)) this.#noteValue(member ?? null, own);
    else this.#values.add(`${name}\n${isNumberText(value) ? numberText(value) : String(value)}`);
  }
}
