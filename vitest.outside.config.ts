import { mergeConfig } from 'vitest/config';
import base from './vitest.config.js';

/** The tests of the outside judges: they start Dredd and Prism, which takes longer than all of ours. `.ci/run` runs them. */
const config = mergeConfig(base, { test: { testTimeout: 240_000 } });
config.test.include = ['test/outside/**/*.test.ts'];
config.test.exclude = [];
export default config;
