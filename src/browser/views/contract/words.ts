/**
 * What a verification has come to, in words and as a share; it needs no browser.
 */
import type { components } from '../../../../specs/_sandbox/openapi.js';

export type Verification = components['schemas']['Verification'];
export type Phase = Verification['phases'][number];

/** The phases in the order in which they run, and what each does. */
export const phaseTexts: readonly { readonly phase: Phase; readonly does: string; readonly counts: string }[] = [
  { phase: 'samples', does: 'sends each documented request as it is shown', counts: 'requests' },
  { phase: 'negative', does: 'breaks every constraint, one at a time', counts: 'requests' },
  { phase: 'positive', does: 'sends every variation that the document allows', counts: 'requests' },
  { phase: 'stateful', does: 'makes, reads, lists, changes and deletes things', counts: 'kinds of things' },
  { phase: 'fuzz', does: 'sends random requests', counts: 'operations' },
];

/** How much of the whole is done, from 0 to 1, each phase being as much as any other; undefined until that is known. */
export function share({ phases, phase, done, total }: Verification): number | undefined {
  if (phase === undefined || total === undefined) return undefined;
  const before = phases.indexOf(phase);
  return (before + (total === 0 ? 1 : done / total)) / phases.length;
}

/** Where it is: `negative, 120 of 812 requests`. */
export function stepOf({ phase, done, total }: Verification): string {
  if (phase === undefined || total === undefined) return 'a sandbox is started for it';
  const counts = phaseTexts.find((each) => each.phase === phase)?.counts ?? 'requests';
  return `${phase}, ${done} of ${total} ${counts}`;
}

/** `no defects`, `one defect`, `3 defects`. */
export function defects(count: number): string {
  if (count === 0) return 'no defects';
  return count === 1 ? 'one defect' : `${count} defects`;
}

/** What it came to: `Held`, `3 defects`, `Stopped`. */
export function verdict({ state, findings }: Pick<Verification, 'state' | 'findings'>): string {
  if (state === 'failed') return capital(defects(findings));
  return { running: 'Running', held: 'Held', stopped: 'Stopped', broken: 'Could not run' }[state];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** How long it took: `12.3 s`, `2 min 5 s`; empty while it runs. */
export function duration({ startedAt, endedAt }: Pick<Verification, 'startedAt' | 'endedAt'>): string {
  if (endedAt === undefined) return '';
  const seconds = (Date.parse(endedAt) - Date.parse(startedAt)) / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** Its end in a sentence, for who was waiting. */
export function summary(title: string, run: Verification): string {
  const { state, findings, trouble } = run;
  if (state === 'held') return `${title}: no defects in ${duration(run)}.`;
  if (state === 'failed') return `${title}: ${defects(findings)} in ${duration(run)}.`;
  if (state === 'stopped') return `${title}: the run was stopped.`;
  return `${title}: the run could not come to its end. ${trouble ?? ''}`.trimEnd();
}

/** A curl of a run, whose own sandbox is gone, for the one that is asked: `base` is `http://127.0.0.1:4010/~checkout-17`. */
export function curlTo(base: string, curl: string): string {
  return curl.replaceAll(/http:\/\/127\.0\.0\.1:\d+\/~[^/']+(?=\/)/g, () => base);
}

/** How a run is made. */
export interface Options {
  readonly phases: readonly Phase[];
  readonly seed: number;
  readonly maxExamples: number;
}

/** The same as it stands in a form. */
export interface Form {
  readonly phases: readonly Phase[];
  readonly seed: string;
  readonly maxExamples: string;
}

/** As `paydouble verify` has them. */
export const usualForm: Form = { phases: phaseTexts.map(({ phase }) => phase), seed: '1', maxExamples: '100' };

const mostExamples = 1_000_000;

/** The options that stand in a form, or a sentence for each thing that is wrong with it. */
export function readForm({ phases, seed, maxExamples }: Form): Options | readonly string[] {
  const seedNumber = wholeNumber(seed, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  const examples = wholeNumber(maxExamples, 0, mostExamples);
  if (phases.length > 0 && seedNumber !== undefined && examples !== undefined) {
    return { phases, seed: seedNumber, maxExamples: examples };
  }
  return [
    ...(phases.length === 0 ? ['Choose a phase.'] : []),
    ...(seedNumber === undefined ? ['The seed is a whole number.'] : []),
    ...(examples === undefined ? [`Random requests are a whole number from 0 to ${mostExamples}.`] : []),
  ];
}

/** The whole number that stands in a field; undefined if none does, or one beyond the bounds. */
function wholeNumber(text: string, least: number, most: number): number | undefined {
  const number = Number(text);
  return /^\s*-?\d+\s*$/.test(text) && number >= least && number <= most ? number : undefined;
}

/** How many defects and requests each check found, in the order in which they were found first. */
export function byCheck(
  findings: readonly { readonly check: string; readonly count: number }[],
): readonly { readonly check: string; readonly defects: number; readonly requests: number }[] {
  const checks = [...new Set(findings.map(({ check }) => check))];
  return checks.map((check) => {
    const own = findings.filter((each) => each.check === check);
    return { check, defects: own.length, requests: own.reduce((sum, { count }) => sum + count, 0) };
  });
}
