/**
 * What a run came to, in one line: verdict, when, how long, seed.
 */
import type { ComponentChildren } from 'preact';
import { moment } from '../../parts/workspace-choice.js';
import { duration, type Verification, verdict } from './words.js';

const marks = { running: '…', held: '✓', failed: '✗', stopped: '–', broken: '!' } as const;

/** `children` stand at its end. */
export function VerdictLine({ run, children }: { run: Verification; children?: ComponentChildren }) {
  return (
    <p class="verdict-line">
      <Verdict run={run} />
      <time dateTime={run.startedAt}>{moment(run.startedAt)}</time>
      {run.endedAt !== undefined && <span>{duration(run)}</span>}
      <span>seed {run.seed}</span>
      {children}
    </p>
  );
}

export function Verdict({ run }: { run: Pick<Verification, 'state' | 'findings'> }) {
  return (
    <strong class={`run-verdict is-${run.state}`}>
      <span aria-hidden="true">{marks[run.state]}</span> {verdict(run)}
    </strong>
  );
}
