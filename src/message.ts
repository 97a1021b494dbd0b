/**
 * A request as the lifecycle sees it, and an answer as it leaves: HTTP without sockets.
 */

import type { Stream } from './api.js';
import type { Delivery } from './delivery.js';

/** A request, its body read whole. */
export interface HttpRequest {
  /** Upper case. */
  readonly method: string;
  /** The path below the api, as the client wrote it, not decoded: `/Payment/1`. */
  readonly path: string;
  /** What stands behind the `?`; empty if nothing. */
  readonly query: string;
  /** Header names and values in turn, as they came over the wire, repeated ones included. */
  readonly rawHeaders: readonly string[];
  /** The body's bytes; empty if there is none. `undefined` if it was not kept. */
  readonly body: Uint8Array | undefined;
  /** Why the body was not read. Absent, it was. */
  readonly unread?: string;
}

/** No body. */
export const noBytes = new Uint8Array();

/** An answer, serialised. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  /** Empty for none. Bytes and not a text: they are counted, kept and sent, and a text would be turned into them for each. */
  readonly body: Uint8Array;
  /** Resolves when what the request changed is on the disk: answer then. `undefined`: at once. */
  readonly kept?: Promise<void> | undefined;
  /** What goes on after the headers, in the place of the body. Absent: nothing does. */
  readonly stream?: Stream;
  /** What a fault does to it on its way. Absent: it goes out at once, whole. */
  readonly delivery?: Delivery;
  /** The number of its entry in the workspace's journal, while `kept` is awaited. */
  readonly entry?: number;
}

/**
 * The headers of a request, by name in any case; looked for in the raw ones, because Node drops repeated ones, and few of
 * them are ever asked for.
 */
export class Headers {
  constructor(private readonly raw: readonly string[]) {}

  /** Every value of a header, one for each time that it was sent. */
  all(name: string): readonly string[] {
    const values: string[] = [];
    const wanted = name.toLowerCase();
    for (let index = 0; index + 1 < this.raw.length; index += 2) {
      const each = this.raw[index];
      const value = this.raw[index + 1];
      if (each?.length === name.length && each.toLowerCase() === wanted && value !== undefined) values.push(value);
    }
    return values;
  }

  /** The header's value, repeated ones joined by a comma; `undefined` if it was not sent. */
  get(name: string): string | undefined {
    const [first, ...more] = this.all(name);
    return first === undefined || more.length === 0 ? first : [first, ...more].join(', ');
  }

  /** All of them by lower-case name, joined. */
  joined(): Record<string, string> {
    const all = new Map<string, string>();
    for (let index = 0; index + 1 < this.raw.length; index += 2) {
      const name = (this.raw[index] ?? '').toLowerCase();
      const value = this.raw[index + 1] ?? '';
      const before = all.get(name);
      all.set(name, before === undefined ? value : `${before}, ${value}`);
    }
    return Object.fromEntries(all);
  }
}

/** The cookies of a request by name. */
export function readCookies(headers: Headers): Map<string, string> {
  const pairs = headers
    .all('cookie')
    .flatMap((header) => header.split(';'))
    .map((pair) => pair.trim())
    .filter((pair) => pair.includes('='));
  return new Map(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const));
}
