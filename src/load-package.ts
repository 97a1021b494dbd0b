/**
 * Packages loaded by `require`: those that few starts need, when they are first needed, and those whose text Node would
 * search for the names of their exports if they were imported, which takes longer than loading them
 * (docs/decisions/starting.md).
 */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** A package in CommonJS's form, loaded by the first call. The caller's module imports its types, and is its only one. */
export function loadPackage<Package>(name: string): Package {
  return require(name);
}
