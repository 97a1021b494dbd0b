/**
 * All commands of the command line. The files of src/cli/ are the only ones that import commander.
 */
import { Command } from 'commander';
import { version } from '../version.js';
import { addClock } from './clock.js';
import { troubleCode } from './connection.js';
import { addFaults } from './faults.js';
import { addJournal } from './journal.js';
import { addProxy } from './proxy.js';
import { addScenarios } from './scenarios.js';
import { addServe } from './serve.js';
import { addSnapshots } from './snapshots.js';
import { addVerify } from './verify.js';
import { addWorkspaces } from './workspaces.js';

const exitCodes = `
Exit codes: 0, done, or yes. 1, no: it differs, does not hold, a scenario is wrong.
            2, it could not run, or be asked: wrong usage, no sandbox there, refused; the server cannot start.
`;

/** `paydouble`; without a command it serves. */
export const program = new Command('paydouble')
  .description('A stateful, exact test double for payment APIs, driven by OpenAPI documents.')
  .version(version)
  .showSuggestionAfterError()
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : troubleCode))
  .addHelpText('after', exitCodes);

addServe(program);
addScenarios(program);
addWorkspaces(program);
addSnapshots(program);
addClock(program);
addFaults(program);
addJournal(program);
addVerify(program);
addProxy(program);
