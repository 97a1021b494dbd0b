/**
 * One kept connection to a sandbox: a simulation sends its requests one after the other, tens of thousands of them.
 */
import { Agent, request } from 'node:http';

/** A request of a vendor's api; the path with its query, the body as it goes over the wire. */
export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
}

export interface Answered {
  readonly status: number;
  readonly text: string;
}

export class Connection {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(private readonly url: string) {}

  /** The answer; `undefined` if the connection broke before it was whole. */
  send({ method, path, body }: Sent, headers: Readonly<Record<string, string>> = {}): Promise<Answered | undefined> {
    const json =
      body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    return new Promise((resolve) => {
      const lost = () => resolve(undefined);
      const asked = request(
        this.url + path,
        { agent: this.#agent, method, headers: { ...json, ...headers } },
        (answer) => {
          let text = '';
          answer.setEncoding('utf8');
          answer.on('data', (piece: string) => {
            text += piece;
          });
          answer.on('error', lost);
          answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
        },
      );
      asked.on('error', lost);
      asked.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
