/**
 * How much of anything the sandbox takes. Beyond it the answer is a refusal, never a crash or a hang.
 */
import type { JsonLimits } from './json.js';

export interface Limits {
  /** The longest body; longer ones get a 413 without being read. */
  readonly bodyBytes: number;
  readonly json: JsonLimits;
  /** The longest body that the control API takes: a snapshot, or many records. */
  readonly uploadBytes: number;
  /** What the bodies of all requests that are under way may take together. */
  readonly allBodiesBytes: number;
  /** How many connections may be open at once; one more is closed. */
  readonly connections: number;
  /** How many snapshots may be kept at once. */
  readonly snapshots: number;
  /** What the uploaded snapshots that are kept may take together, as JSON. */
  readonly allUploadsBytes: number;
  /** How many workspaces may live at once. */
  readonly workspaces: number;
  /** How long a client may take to send its headers, and the whole request. */
  readonly headersMilliseconds: number;
  readonly requestMilliseconds: number;
  /** What a workspace's journal may take; the oldest entries make room. */
  readonly journalBytes: number;
  /** What the journals of all workspaces may take together; the oldest entries of the largest make room. */
  readonly allJournalsBytes: number;
  /** How long the state directory's journal gets before it is asked whether a snapshot is worth it. */
  readonly stateJournalBytes: number;
  /** How many answers may wait at once because of a fault; one more goes out without its wait. */
  readonly waitingAnswers: number;
  /** How many streams of journals may be open at once. */
  readonly streams: number;
  /** How many faults a workspace may have. */
  readonly faults: number;
  /** How long a fault may be as JSON. */
  readonly faultBytes: number;
  /** What the faults of all workspaces may take together: as JSON, matches thirty times more; not those of scenarios. */
  readonly allFaultsBytes: number;
  /** What finding out by paths and expressions which requests are meant may take for one request; see work.ts. */
  readonly matchingSteps: number;
}

export const defaultLimits: Limits = {
  bodyBytes: 1_048_576,
  json: { depth: 64, arrayLength: 10_000 },
  uploadBytes: 67_108_864,
  allBodiesBytes: 268_435_456,
  connections: 5_000,
  snapshots: 1_000,
  allUploadsBytes: 268_435_456,
  workspaces: 10_000,
  headersMilliseconds: 10_000,
  requestMilliseconds: 30_000,
  journalBytes: 8_388_608,
  allJournalsBytes: 268_435_456,
  stateJournalBytes: 16_777_216,
  waitingAnswers: 1_000,
  streams: 250,
  faults: 100,
  faultBytes: 1_048_576,
  allFaultsBytes: 67_108_864,
  matchingSteps: 100_000_000,
};

/** The limits of the control API where they are not those of vendors' requests. */
export function uploadLimits({ uploadBytes, json }: Limits): Pick<Limits, 'bodyBytes' | 'json'> {
  return { bodyBytes: uploadBytes, json: { depth: json.depth, arrayLength: 1_000_000 } };
}

/** The names under which {@link readLimits} knows limits: those of {@link Limits}, and `json.depth`, `json.arrayLength`. */
export const limitNames: readonly string[] = Object.entries(defaultLimits).flatMap(([name, value]) =>
  typeof value === 'number' ? [name] : Object.keys(value).map((member) => `${name}.${member}`),
);

/** Limits by their names; of one that is given twice the last counts. Names that there are not are passed over. */
export function readLimits(given: Iterable<readonly [string, number]>): Limits {
  const { 'json.depth': depth, 'json.arrayLength': arrayLength, ...numbers } = Object.fromEntries(given);
  const json = { depth: depth ?? defaultLimits.json.depth, arrayLength: arrayLength ?? defaultLimits.json.arrayLength };
  return { ...defaultLimits, ...numbers, json };
}
