#!/usr/bin/env node
/**
 * The command line. `serve` runs a sandbox, `scenarios` reads files; the other commands speak to a sandbox that runs, over
 * its control API. Each command has its file in src/cli/.
 */
import { program } from './cli/program.js';

// Whoever reads, such as `head`, may have enough before everything is written.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

await program.parseAsync();
