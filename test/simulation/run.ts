/**
 * The test of one api's simulation. `npm test` runs a short part, always the same; `npm run simulate`, and so CI, ten thousand
 * requests of each api, others each time.
 */
import { expect, test } from 'vitest';
import { simulate } from './simulate.js';
import type { Simulated } from './simulated.js';

const isWhole = process.env.npm_lifecycle_event === 'simulate';
const { SIMULATION_OPERATIONS, SIMULATION_SEED, SIMULATION_PATH: path } = process.env;
const operations = Number(SIMULATION_OPERATIONS ?? (isWhole ? 10_000 : 400));
const seed = Number(SIMULATION_SEED ?? (isWhole ? Math.floor(Math.random() * 2 ** 30) : 20_261_121));

/** Long enough for ten thousand requests on a machine that is busy otherwise. */
const patience = 600_000;

/** Declares the test. It prints the seed, and what came of it. */
export function simulation<Operation, State>(simulated: Simulated<Operation, State>): void {
  const { api } = simulated;
  test(
    api,
    async () => {
      console.log(`${api}: SIMULATION_SEED=${seed}`);
      const done = await simulate(simulated, { operations, seed, ...(path === undefined ? {} : { path }) });
      const tally = [...done.tally].sort(([left], [right]) => left.localeCompare(right));
      const told = tally.map(([what, times]) => `${what} ${times}`).join(', ');
      console.log(`${api}: ${done.operations} requests in ${done.sequences} sequences (${told})`);
      if (path === undefined) expect(done.operations).toBeGreaterThanOrEqual(operations);
    },
    patience,
  );
}
