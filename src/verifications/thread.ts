/**
 * The thread that a verification runs in, so that vendors' requests are carried out meanwhile
 * (docs/decisions/verify-in-the-browser.md): what it is told to do, what it tells, and how it is ended.
 */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { components } from '../../specs/_sandbox/openapi.js';
import { built } from '../paths.js';
import type { SandboxOptions } from '../sandbox.js';
import type { checks, Phase } from '../verify/case.js';

/** What the sandbox of a verification is started with, so that it serves what this one does. */
export type Served = Pick<SandboxOptions, 'places' | 'data' | 'limits'>;

/** What to verify, and how. */
export interface Order {
  readonly api: string;
  readonly phases: readonly Phase[];
  /** The checks that do not count. */
  readonly excludeChecks: readonly (typeof checks)[number][];
  readonly seed: number;
  readonly maxExamples: number;
}

/** How far it is: so much of a phase, and so many defects in all. */
export interface Progress {
  readonly phase: Phase;
  readonly done: number;
  readonly total: number;
  readonly findings: number;
}

export type Report = components['schemas']['VerificationReport'];

/** What the thread tells; a report comes last. */
export type Message = Progress | { readonly report: Report };

/** What a thread comes to. */
export interface Listener {
  progress(progress: Progress): void;
  /** It ran to its end. */
  report(report: Report): void;
  /** It could not. Nothing is told after this, nor after a report. */
  trouble(words: string): void;
}

/** A thread that runs. */
export interface Thread {
  /** Ends it wherever it is; resolves when it has ended. */
  stop(): Promise<void>;
}

/** Beyond this much memory the thread alone is ended. */
const mostMegabytes = 1_024;

/** Starts a thread; it never throws, and the listener hears how it ends. */
export type StartThread = (order: Order, served: Served, listener: Listener) => Thread;

export const startThread: StartThread = (order, served, listener) => {
  // What it runs is compiled: threads read no TypeScript.
  const worker = new Worker(join(built, 'verifications', 'worker.js'), {
    workerData: { order, served },
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: mostMegabytes },
  });
  let ended = false;
  const end = (tell: () => void) => {
    if (!ended) tell();
    ended = true;
  };
  worker.on('message', (message: Message) => {
    if (!('report' in message)) {
      if (!ended) listener.progress(message);
      return;
    }
    end(() => listener.report(message.report));
    void worker.terminate();
  });
  worker.on('error', (error: Error) => end(() => listener.trouble(error.message)));
  worker.on('exit', (code) => end(() => listener.trouble(`It ended without a report, with code ${code}.`)));
  return {
    stop: async () => {
      ended = true;
      await worker.terminate();
    },
  };
};
