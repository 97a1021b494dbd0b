import { mergeConfig } from 'vitest/config';
import base, { long } from './vitest.config.js';

/** What takes its time: servers that are killed a hundred times, and simulations that must find something. `npm run test:long`, which `.ci/run` runs. */
const config = mergeConfig(base, { test: { testTimeout: 600_000 } });
config.test.include = [...long];
config.test.exclude = [];
export default config;
