/**
 * The verifications that were started over the control API: one at a time, each in a thread of its own, the last of them
 * kept in memory.
 */
import type { Instant } from '../instant.js';
import {
  type Order,
  type Progress,
  type Report,
  type Served,
  type StartThread,
  startThread,
  type Thread,
} from './thread.js';

/** `broken`: it could not run to its end. */
export type VerificationState = 'running' | 'held' | 'failed' | 'stopped' | 'broken';

/** A verification, and how far it is. */
export interface Verification {
  readonly id: string;
  readonly order: Order;
  readonly state: VerificationState;
  readonly startedAt: Instant;
  /** Absent while it runs. */
  readonly endedAt?: Instant;
  /** Absent until the first request is answered. */
  readonly progress?: Progress;
  /** Absent unless it ran to its end. */
  readonly report?: Report;
  /** Why it is broken. */
  readonly trouble?: string;
}

/** One that is kept, and what ends it. */
interface Kept {
  shown: Verification;
  readonly thread: Thread;
  readonly timer: NodeJS.Timeout;
}

/** More make room, the oldest first. */
const mostKept = 20;

export interface VerificationsOptions {
  readonly served: Served;
  /** When verifications begin and end. */
  readonly realTime: () => Instant;
  /** How long one may take. Absent, ten minutes. */
  readonly mostMilliseconds?: number;
  /** What one runs in. Absent, a thread. */
  readonly start?: StartThread;
}

export class Verifications {
  readonly #options: Required<VerificationsOptions>;
  /** The newest first. */
  #kept: readonly Kept[] = [];
  #count = 0;
  /** Threads that were told to end. */
  readonly #ending = new Set<Promise<void>>();

  constructor(options: VerificationsOptions) {
    this.#options = { mostMilliseconds: 600_000, start: startThread, ...options };
  }

  /** The newest first. */
  all(): readonly Verification[] {
    return this.#kept.map(({ shown }) => shown);
  }

  get(id: string): Verification | undefined {
    return this.#find(id)?.shown;
  }

  /** The one that runs; undefined if none does. */
  get running(): Verification | undefined {
    return this.all().find(({ state }) => state === 'running');
  }

  /** Starts one. None may run. */
  start(order: Order): Verification {
    const { served, realTime, mostMilliseconds, start } = this.#options;
    const id = `v-${++this.#count}`;
    // What a stopped one still tells changes nothing.
    const change = (changed: Partial<Verification>) => {
      const kept = this.#find(id);
      if (kept?.shown.state === 'running') kept.shown = { ...kept.shown, ...changed };
    };
    const thread = start(order, served, {
      progress: (progress) => change({ progress }),
      report: (report) => {
        change({ report });
        this.#end(id, report.findings.length + report.findingsLeftOut === 0 ? 'held' : 'failed');
      },
      trouble: (trouble) => {
        change({ trouble });
        this.#end(id, 'broken');
      },
    });
    const timer = setTimeout(() => {
      change({ trouble: `It was ended after ${mostMilliseconds / 60_000} minutes. Choose fewer phases or examples.` });
      this.#end(id, 'broken');
    }, mostMilliseconds);
    timer.unref();
    const shown: Verification = { id, order, state: 'running', startedAt: realTime() };
    this.#kept = [{ shown, thread, timer }, ...this.#kept].slice(0, mostKept);
    return shown;
  }

  /** Ends one that runs; one that has ended stays as it is. */
  stop(id: string): void {
    this.#end(id, 'stopped');
  }

  /** Throws one away, and ends it before if it runs. */
  remove(id: string): void {
    this.stop(id);
    this.#kept = this.#kept.filter(({ shown }) => shown.id !== id);
  }

  /** Ends the one that runs, and waits until every thread has ended. */
  async close(): Promise<void> {
    if (this.running !== undefined) this.stop(this.running.id);
    await Promise.all(this.#ending);
  }

  #find(id: string): Kept | undefined {
    return this.#kept.find(({ shown }) => shown.id === id);
  }

  #end(id: string, state: VerificationState): void {
    const kept = this.#find(id);
    if (kept === undefined || kept.shown.state !== 'running') return;
    const { thread, timer } = kept;
    clearTimeout(timer);
    kept.shown = { ...kept.shown, state, endedAt: this.#options.realTime() };
    const ending = thread.stop().finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
  }
}
