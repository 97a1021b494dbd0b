import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Fake timers are not used; what takes longer than this hangs.
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
});
