/**
 * Both ends of a wire, byte by byte: a server that says what a test says, and a client that sends what a test sends.
 */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** One end of a connection: what came over it, and what is sent. */
export class End {
  #received = '';
  #isClosed = false;
  #told: () => void = () => {};
  reset = false;

  constructor(readonly socket: Socket) {
    socket.setNoDelay();
    socket.on('data', (chunk: Buffer) => {
      this.#received += chunk.toString('latin1');
      this.#told();
    });
    socket.on('error', () => {
      this.reset = true;
    });
    socket.on('close', () => {
      this.#isClosed = true;
      this.#told();
    });
  }

  /** All that came until now, as latin1. */
  get received(): string {
    return this.#received;
  }

  send(text: string): void {
    this.socket.write(Buffer.from(text, 'latin1'));
  }

  /** All that came, when it has what is waited for. */
  async until(wanted: string): Promise<string> {
    await this.#wait(() => this.#received.includes(wanted));
    return this.#received;
  }

  /** All that came but for the headers of the connection, when it is as long as a message. */
  async message(like: string): Promise<string> {
    await this.#wait(() => withoutConnection(this.#received).length >= like.length);
    return withoutConnection(this.#received);
  }

  /** All that came, when the other side has ended it. */
  async closed(): Promise<string> {
    await this.#wait(() => this.#isClosed);
    return this.#received;
  }

  async #wait(isThere: () => boolean): Promise<void> {
    while (!isThere()) {
      if (this.#isClosed) throw new Error(`The connection ended after ${JSON.stringify(this.#received)}`);
      await new Promise<void>((resolve) => {
        this.#told = resolve;
      });
    }
  }
}

/** A server whose connections a test takes one by one. */
export class RawServer {
  readonly #server: Server;
  readonly #ends: End[] = [];
  #waiting: ((end: End) => void)[] = [];

  constructor() {
    this.#server = createServer((socket) => {
      const end = new End(socket);
      const next = this.#waiting.shift();
      if (next === undefined) this.#ends.push(end);
      else next(end);
      this.sockets.push(socket);
    });
  }

  readonly sockets: Socket[] = [];

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  }

  /** The next connection that comes. */
  async connection(): Promise<End> {
    const end = this.#ends.shift();
    return end ?? new Promise((resolve) => this.#waiting.push(resolve));
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
    this.#server.close();
  }
}

/** Connects to a server by its URL. */
export async function dial(url: string): Promise<End> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  return new End(socket);
}

/** Without the header that each side says for its own connection. */
export function withoutConnection(message: string): string {
  return message.replace(/^(?:Connection|Keep-Alive): [^\r\n]*\r\n/gim, '');
}
