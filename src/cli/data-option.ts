/**
 * `--data DIR`, which several commands have.
 */
import { resolve } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import { isDirectory } from '../paths.js';

/** Directories of scenarios that are looked at before the package's own; may be given more than once. */
export function dataOption(): Option {
  return new Option('--data <directory>', "scenarios of your own, looked at before the package's; may be repeated")
    .default([], 'none')
    .argParser((given: string, before: readonly string[]) => [...before, readDirectory(given)]);
}

function readDirectory(given: string): string {
  const directory = resolve(given);
  if (isDirectory(directory)) return directory;
  throw new InvalidArgumentError(`Expected a directory that exists; there is none at ${directory}.`);
}
