/**
 * Answers that do not simply go out: late ones, and those whose connection is cut. The waits of all of them end when the
 * sandbox closes, and each when its client goes.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from './log.js';
import type { HttpAnswer } from './message.js';

/** Resolves after so many milliseconds; the signal says that nobody waits any longer. */
export type Wait = (milliseconds: number, signal: AbortSignal) => Promise<void>;

/** What an answer meets on its way to the client. */
export interface Delivery {
  /** How long it waits after what the request changed is kept. Absent: not at all. */
  readonly delayMilliseconds?: number;
  /**
   * `reset`: the connection is reset in the place of an answer. `half`: it is closed after half of the body, or reset
   * where the answer has none. `silent`: nothing comes until either side closes. Absent: the answer goes out whole.
   */
  readonly cut?: 'reset' | 'half' | 'silent';
}

/** Really waits; a process does not stay up for it. */
export async function systemWait(milliseconds: number, signal: AbortSignal): Promise<void> {
  await pause(milliseconds, undefined, { ref: false, signal });
}

/** The answers of a server that wait. */
export class Deliveries {
  /** What ends each wait at once. */
  readonly #waiting = new Set<() => void>();
  #closed = false;

  constructor(
    private readonly wait: Wait,
    /** How many may wait at once. One that would be too many goes out without its wait; a silent one is reset. */
    private readonly most: number,
    private readonly log: Pick<Log, 'warn'>,
  ) {}

  /** Delivers an answer; `send` writes it whole. */
  async deliver(
    request: IncomingMessage,
    response: ServerResponse,
    answer: HttpAnswer,
    send: (answer: HttpAnswer) => void,
  ): Promise<void> {
    const { delayMilliseconds = 0, cut } = answer.delivery ?? {};
    if (delayMilliseconds > 0) await this.#delay(response, delayMilliseconds);
    if (response.destroyed) return;
    // Of an answer without a body there is no half: its headers alone would be all of it.
    const bodiless = request.method === 'HEAD' || answer.status === 204 || answer.body.length === 0;
    if (cut === 'reset' || (cut === 'half' && bodiless)) request.socket.resetAndDestroy();
    else if (cut === 'silent') this.#silence(request, response);
    else if (cut === 'half') sendHalf(request.socket, response, answer);
    else send(answer);
  }

  /** Ends every wait: late answers go out now, silent connections are reset. */
  end(): void {
    this.#closed = true;
    for (const stop of [...this.#waiting]) stop();
  }

  #delay(response: ServerResponse, milliseconds: number): Promise<void> {
    if (!this.#hasRoom()) return Promise.resolve();
    return new Promise((resolve) => {
      const abort = new AbortController();
      const stop = (): void => {
        this.#waiting.delete(stop);
        response.off('close', stop);
        abort.abort();
        resolve();
      };
      this.#waiting.add(stop);
      response.on('close', stop);
      this.wait(milliseconds, abort.signal).then(stop, stop);
    });
  }

  #silence({ socket }: IncomingMessage, response: ServerResponse): void {
    if (!this.#hasRoom()) {
      socket.resetAndDestroy();
      return;
    }
    const stop = (): void => {
      socket.resetAndDestroy();
    };
    this.#waiting.add(stop);
    response.on('close', () => this.#waiting.delete(stop));
  }

  #hasRoom(): boolean {
    if (this.#closed) return false;
    if (this.#waiting.size < this.most) return true;
    this.log.warn({ waiting: this.most }, 'as many answers wait as may; a fault does not let another one wait');
    return false;
  }
}

/** The headers with the length of the whole body, half of the body, and the end of the connection. */
function sendHalf(socket: Socket, response: ServerResponse, answer: HttpAnswer): void {
  const { body: bytes } = answer;
  response.writeHead(answer.status, { ...answer.headers, 'Content-Length': bytes.length });
  response.flushHeaders();
  const half = bytes.subarray(0, Math.floor(bytes.length / 2));
  // Behind the headers in the queue: when this is written, they are.
  (half.length > 0 ? response : socket).write(half, () => socket.destroy());
}
