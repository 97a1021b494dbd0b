import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // vitest.outside.config.ts runs these.
    exclude: ['test/outside/**'],
    // By default it leaves a core idle, which on a machine of two is half of it.
    maxWorkers: availableParallelism(),
    // Fake timers are not used; what takes longer than this hangs.
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
});
