/**
 * What the thread of a verification runs: `paydouble verify <api>` on a sandbox of its own, without a command line.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { checks } from '../verify/case.js';
import { verify } from '../verify/verify.js';
import { describeReport } from './report.js';
import type { Message, Order, Served } from './thread.js';

/** So often it says how far it is: requests come by the thousand. */
const tellMilliseconds = 100;

const { order, served }: { order: Order; served: Served } = workerData;
const { api, phases, excludeChecks, seed, maxExamples } = order;
let toldAt = Number.NEGATIVE_INFINITY;

const { report } = await verify({
  document: api,
  sandbox: { ...served, apis: [api], log: false },
  authority: { credentials: new Map(), headers: [] },
  phases: new Set(phases),
  checks: new Set(checks.filter((check) => !excludeChecks.includes(check))),
  workers: 8,
  timeoutMilliseconds: 10_000,
  seed,
  maxExamples,
  maxMilliseconds: 60_000,
  progress: (phase, done, total, findings) => {
    const now = performance.now();
    if (done < total && now - toldAt < tellMilliseconds) return;
    toldAt = now;
    tell({ phase, done, total, findings });
  },
});
tell({ report: describeReport(report) });

function tell(message: Message): void {
  parentPort?.postMessage(message);
}
