/**
 * What a sandbox counts for Prometheus: requests and how long they took, and how full it is. Labels come from the documents
 * alone, so there are never more series than documented answers.
 *
 * The only module that imports prom-client.
 */
import type * as Prometheus from 'prom-client';
import { Durations } from './durations.js';
import { loadPackage } from './load-package.js';
import { madeLater } from './made-later.js';

/** What is looked up when somebody asks. */
export interface Levels {
  workspaces(): number;
  snapshots(): number;
  /** Bytes that the journals of all workspaces take. */
  journalBytes(): number;
  /** Answers that wait for what their requests changed to be on the disk. */
  waitingForDisk(): number;
  /** Changes that are not on the disk yet. */
  journalLag(): number;
}

/** Bounds in seconds: an answer takes a fraction of a millisecond, unless a fault delays it. */
const buckets = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.1, 1];

/** The metrics of one sandbox. */
export class Metrics {
  /** The levels; who never asks for them does not wait for prom-client. */
  readonly #registry = madeLater(() => makeRegistry(this.levels));
  readonly #durations = new Durations(
    'paydouble_request_duration_seconds',
    'How long requests took to answer, faults and disk aside, by api, operationId (empty if none matched) and status.',
    buckets,
  );

  constructor(private readonly levels: Levels) {}

  /** The media type of {@link text}. */
  get contentType(): string {
    return this.#registry().contentType;
  }

  /** Counts an answer. `operationId` is `undefined` if no operation matched. */
  answered(api: string, operationId: string | undefined, status: number, milliseconds: number): void {
    this.#durations.observe(api, operationId ?? '', status, milliseconds / 1000);
  }

  /** Everything, in Prometheus's text format. */
  async text(): Promise<string> {
    return `${this.#durations.text()}\n\n${await this.#registry().metrics()}`;
  }
}

function makeRegistry(levels: Levels): Prometheus.Registry {
  const { Gauge, Registry } = loadPackage<typeof Prometheus>('prom-client');
  const registry = new Registry();
  const gauge = (name: string, help: string, read: () => number) => {
    const made: Prometheus.Gauge = new Gauge({ name, help, registers: [registry], collect: () => made.set(read()) });
  };
  gauge('paydouble_workspaces', 'Workspaces that there are.', levels.workspaces);
  gauge('paydouble_snapshots', 'Snapshots that there are.', levels.snapshots);
  gauge('paydouble_request_journal_bytes', 'About what the journals of all workspaces take.', levels.journalBytes);
  gauge('paydouble_answers_waiting_for_disk', 'Answers that wait for their changes to be kept.', levels.waitingForDisk);
  gauge('paydouble_state_journal_lag', 'Changes that are not kept on the disk yet.', levels.journalLag);
  gauge('process_resident_memory_bytes', 'Memory of the process.', () => process.memoryUsage.rss());
  gauge(
    'paydouble_heap_used_bytes',
    'Memory of the process that JavaScript uses.',
    () => process.memoryUsage().heapUsed,
  );
  return registry;
}
