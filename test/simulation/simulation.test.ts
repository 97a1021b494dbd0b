/**
 * Long random lives of each api's workspaces, held against a model (see simulate.ts).
 *
 * `npm test` runs a short part of it, always the same; `npm run simulate`, and CI, ten thousand requests of each api, others
 * each time.
 */
import { expect, test } from 'vitest';
import { logisense } from './logisense.js';
import { midnight } from './midnight.js';
import { nuntiq } from './nuntiq.js';
import { simulate } from './simulate.js';
import type { Simulated } from './simulated.js';
import { staxbill } from './staxbill.js';
import { upwell } from './upwell.js';

const { SIMULATION_OPERATIONS = '500', SIMULATION_SEED = '20261121', SIMULATION_PATH: path } = process.env;
const operations = Number(SIMULATION_OPERATIONS);
const seed = SIMULATION_SEED === 'random' ? Math.floor(Math.random() * 2 ** 30) : Number(SIMULATION_SEED);

async function run<Operation, State>(simulated: Simulated<Operation, State>): Promise<void> {
  const wanted = { operations, seed, ...(path === undefined ? {} : { path }) };
  const done = await simulate(simulated, wanted);
  const tally = [...done.tally].sort(([left], [right]) => left.localeCompare(right));
  console.log(
    `${simulated.api}: seed ${seed}, ${done.operations} requests in ${done.sequences} sequences (${tally.map(([what, times]) => `${what} ${times}`).join(', ')})`,
  );
  if (path === undefined) expect(done.operations).toBeGreaterThanOrEqual(operations);
}

const patience = 600_000;

test('upwell', () => run(upwell), patience);
test('nuntiq', () => run(nuntiq), patience);
test('midnight', () => run(midnight), patience);
test('staxbill', () => run(staxbill), patience);
test('logisense', () => run(logisense), patience);
