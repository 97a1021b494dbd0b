/**
 * Runs sequences of random steps until enough requests were made, and makes a sequence that fails as short as it goes.
 *
 * Each sequence has a seed of its own, which is one more than that of the sequence before: the seed that a failure prints
 * makes the failing sequence the first one. `SIMULATION_SEED` gives the first seed, `SIMULATION_PATH` the way to what a
 * sequence was shortened to, `SIMULATION_OPERATIONS` how many requests there are to be for each api.
 */
import fc from 'fast-check';
import { Life, Mismatch, messageOf, type Step, sequences } from './life.js';
import type { Simulated } from './simulated.js';
import { type Planted, Subject } from './subject.js';

export interface Wanted {
  /** How many requests are to be made of the vendor's api, at least. */
  readonly operations: number;
  /** The seed of the first sequence. */
  readonly seed: number;
  /** The way to a shortened sequence, of which that one alone is run. */
  readonly path?: string;
  readonly planted?: Planted;
  /** How often a failing sequence is tried in a shorter form. */
  readonly shortenings?: number;
}

export interface Simulation {
  readonly operations: number;
  readonly sequences: number;
  /** How often each kind of step, fault and status came. */
  readonly tally: ReadonlyMap<string, number>;
}

/** One sequence in so many is lived on a sandbox that keeps its state, and is restarted and killed. */
const durableEvery = 5;

/** @throws {Error} with the seed, the steps and what went wrong */
export async function simulate<Operation, State>(
  simulated: Simulated<Operation, State>,
  { operations, seed, path, planted = {}, shortenings = 500 }: Wanted,
): Promise<Simulation> {
  const subjects = new Map<boolean, Subject>();
  const tally = new Map<string, number>();
  let done = 0;
  let count = 0;
  try {
    while (done < operations) {
      const current = seed + count;
      // By the seed, so that it alone says what is replayed.
      const durable = current % durableEvery === 0;
      const subject = subjects.get(durable) ?? (await Subject.start(simulated.api, durable, planted));
      subjects.set(durable, subject);
      const life = await runOne(simulated, subject, { seed: current, durable, path, shortenings });
      for (const [what, times] of life.tally) tally.set(what, (tally.get(what) ?? 0) + times);
      done += life.asked;
      count++;
      if (path !== undefined) break;
    }
  } finally {
    for (const subject of subjects.values()) await subject.close();
  }
  return { operations: done, sequences: count, tally };
}

interface One {
  readonly seed: number;
  readonly durable: boolean;
  readonly path: string | undefined;
  readonly shortenings: number;
}

async function runOne<Operation, State>(
  simulated: Simulated<Operation, State>,
  subject: Subject,
  { seed, durable, path, shortenings }: One,
): Promise<{ readonly asked: number; readonly tally: ReadonlyMap<string, number> }> {
  const lived: Life<Operation, State>[] = [];
  let failures = 0;
  const property = fc.asyncProperty(sequences(simulated.operations, durable), async (steps) => {
    // Enough was tried: what was found so far is told.
    if (failures > 0 && lived.length > shortenings) return;
    const life = await Life.begin(simulated, subject, seed);
    lived.push(life);
    try {
      await life.live(steps);
    } catch (error) {
      failures++;
      throw error;
    } finally {
      await life.end();
    }
  });
  const details = await fc.check(property, {
    seed,
    numRuns: 1,
    unbiased: true,
    ...(path === undefined ? {} : { path }),
  });
  if (details.failed) throw new Error(report(simulated.api, details, seed));
  return lived[0] ?? { asked: 0, tally: new Map() };
}

function report<Operation>(api: string, details: fc.RunDetails<[readonly Step<Operation>[]]>, seed: number): string {
  const { counterexample, counterexamplePath, errorInstance, numShrinks } = details;
  const steps = counterexample?.[0] ?? [];
  // Those behind it had no part in it.
  const told = errorInstance instanceof Mismatch ? steps.slice(0, errorInstance.steps) : steps;
  return [
    `${api}, seed ${seed}: ${messageOf(errorInstance)}`,
    ...told.map((step, index) => `  ${index + 1}. ${JSON.stringify(step)}`),
    `Shortened ${numShrinks} times. The whole sequence: SIMULATION_SEED=${seed} npm run simulate -- -t ${api}`,
    `These steps alone: SIMULATION_SEED=${seed} SIMULATION_PATH=${counterexamplePath} npm run simulate -- -t ${api}`,
  ].join('\n');
}
