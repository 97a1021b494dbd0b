/**
 * A client's connection with the one to the server that belongs to it. Each client connection has its own: when the server
 * closes one between two requests, the client's is closed, too, and the other way round, so that the client meets what it
 * would meet without a proxy.
 */
import type { Agent } from 'node:http';
import type { Socket } from 'node:net';

export class Line {
  readonly #known = new WeakSet<Socket>();
  /** Called for each exchange that is under way when the client's connection ends. */
  readonly #underWay = new Set<() => void>();

  constructor(
    private readonly client: Socket,
    readonly agent: Agent,
  ) {
    client.once('close', () => {
      for (const end of [...this.#underWay]) end();
      agent.destroy();
    });
  }

  /** Whether no request is under way. */
  get isIdle(): boolean {
    return this.#underWay.size === 0;
  }

  /** An exchange begins; `end` is called if the client's connection ends before it does. */
  begin(end: () => void): void {
    this.#underWay.add(end);
  }

  end(end: () => void): void {
    this.#underWay.delete(end);
  }

  /** Has the client's connection end with one to the server. */
  follow(server: Socket): void {
    if (this.#known.has(server)) return;
    this.#known.add(server);
    server.once('close', () => {
      if (this.isIdle) this.client.destroySoon();
    });
  }
}
