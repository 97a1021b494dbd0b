/**
 * All commands of the command line. The files of src/cli/ are the only ones that import commander.
 */
import { Command } from 'commander';
import { version } from '../version.js';
import { addClock } from './clock.js';
import { addJournal } from './journal.js';
import { scenariosCommand } from './scenarios.js';
import { serveCommand } from './serve.js';
import { addSnapshots } from './snapshots.js';
import { addWorkspaces } from './workspaces.js';

/** `paydouble`; without a command it serves. */
export const program = new Command('paydouble')
  .description('A stateful, exact test double for payment APIs, driven by OpenAPI documents.')
  .version(version)
  .showSuggestionAfterError()
  .addCommand(serveCommand(), { isDefault: true })
  .addCommand(scenariosCommand());

addWorkspaces(program);
addSnapshots(program);
addClock(program);
addJournal(program);
