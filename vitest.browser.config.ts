import { defineConfig } from 'vitest/config';

/** What runs in a browser, which `npm test` does not ask for: Debian's chromium, or the one that CHROMIUM names. */
export default defineConfig({
  test: {
    include: ['test/browser/**/*.test.ts'],
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
