#!/usr/bin/env node
/**
 * The command line. `serve` runs a sandbox, `scenarios` reads files; the other commands speak to a sandbox that runs, over
 * its control API. Each command has its file in src/cli/.
 *
 * Exit codes: 0, it is done; 1, it was refused, does not hold, or cannot start; 2, the sandbox cannot be reached.
 */
import { program } from './cli/program.js';

await program.parseAsync();
