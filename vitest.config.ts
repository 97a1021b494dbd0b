import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** What vitest.long.config.ts runs. */
export const long = ['test/durability/kill.test.ts', 'test/simulation/found.test.ts'];

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Others are for vitest.outside.config.ts and vitest.browser.config.ts.
    exclude: ['test/outside/**', 'test/browser/**', ...long],
    // By default it leaves a core idle, which on a machine of two is half of it.
    maxWorkers: availableParallelism(),
    // Fake timers are not used; what takes longer than this hangs.
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
});
