#!/usr/bin/env node
/**
 * The command line: `paydouble serve`, `paydouble scenarios`. Each command has its file in src/cli/.
 */
import { program } from './cli/program.js';

await program.parseAsync();
