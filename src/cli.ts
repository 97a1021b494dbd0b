#!/usr/bin/env node
/**
 * The command line. `serve` runs a sandbox; the other commands speak to one that runs, over its control API.
 *
 * Exit codes: 0, it is done; 1, it was refused, does not hold, or cannot start; 2, the sandbox cannot be reached.
 */
import { Command } from 'commander';
import { addClock } from './cli/clock.js';
import { addJournal } from './cli/journal.js';
import { addServe } from './cli/serve.js';
import { addSnapshots } from './cli/snapshots.js';
import { addWorkspaces } from './cli/workspaces.js';
import { version } from './sandbox.js';

const program = new Command('paydouble')
  .description('A stateful, exact test double for payment APIs, driven by OpenAPI documents.')
  .version(version)
  .showSuggestionAfterError();

addServe(program);
addWorkspaces(program);
addSnapshots(program);
addClock(program);
addJournal(program);

await program.parseAsync();
