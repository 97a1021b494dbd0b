/**
 * Bodies of requests, read off the wire: each up to a limit, and all that are under way up to another, so that a thousand
 * clients who send slowly cannot fill the memory.
 */
import type { IncomingMessage } from 'node:http';
import { noBytes } from './message.js';

/** A body whole, or the reason why it was not read. */
export type Body = Uint8Array | string;

/** How much of a body that is not kept is passed over, so that the client reads its refusal, before the line is cut. */
const mostDiscarded = 134_217_728;

/** Whether a request says that a body follows. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0;
}

/** Reads the bodies of one server. */
export class Bodies {
  /** What those that are under way have taken so far. */
  #bytes = 0;

  constructor(private readonly mostTogether: number) {}

  /** Hands the body on, at once if there is none. A client that goes away before its end is forgotten: nobody waits. */
  read(request: IncomingMessage, most: number, take: (body: Body) => void): void {
    if (!hasBody(request)) {
      take(noBytes);
      return;
    }
    const chunks: Buffer[] = [];
    let length = 0;
    let kept = 0;
    let refusal: string | undefined;
    let given = false;
    const makeRoom = () => {
      this.#bytes -= kept;
      kept = 0;
    };
    const give = (body: Body) => {
      makeRoom();
      if (!given) take(body);
      given = true;
    };
    const refuse = (reason: string) => {
      makeRoom();
      chunks.length = 0;
      refusal = reason;
    };
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (refusal !== undefined) {
        if (length > mostDiscarded) give(refusal);
      } else if (length > most) refuse(tooLong(most));
      else if (this.#bytes + chunk.length > this.mostTogether) refuse(tooMany(this.mostTogether));
      else {
        kept += chunk.length;
        this.#bytes += chunk.length;
        chunks.push(chunk);
      }
    });
    request.on('end', () => {
      const [first = noBytes] = chunks;
      give(refusal ?? (chunks.length <= 1 ? first : Buffer.concat(chunks)));
    });
    request.on('error', (error) => refuse(error.message));
  }
}

function tooMany(most: number): string {
  return `The bodies of all requests under way take more than ${most} bytes (limits.allBodiesBytes). Send it again later.`;
}

/** Why a body that is longer than `most` is not read. */
export function tooLong(most: number): string {
  return `The body is longer than ${most} bytes.`;
}
