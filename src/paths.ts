/**
 * Where the package's own files are. The same from `src/` (tests) and from `dist/src/` (the built server).
 */
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

function packageRoot(): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(directory, 'package.json'))) {
    const parent = dirname(directory);
    if (parent === directory) throw new Error('No package.json above the engine: the installation is incomplete.');
    directory = parent;
  }
  return directory;
}

/** The folder that holds package.json, specs/ and data/. */
export const root = packageRoot();

/** Where the apis are. */
export interface Places {
  /** A folder for each api, with its document and samples. */
  readonly specs: string;
  /** A folder for each api, with its scenarios. */
  readonly data: string;
  /** A module for each api that has behaviour of its own: compiled, or as it was written. */
  readonly handlers: string;
}

/** The package's own: handlers stand beside the engine, compiled in dist/ and as written in tests. */
export const packagePlaces: Places = {
  specs: join(root, 'specs'),
  data: join(root, 'data'),
  handlers: join(dirname(dirname(fileURLToPath(import.meta.url))), 'handlers'),
};

/** The engine as `npm run build` makes it; where the engine runs from its sources, threads that it starts run from here. */
export const built = join(root, 'dist', 'src');

/** The pages for browsers, as `npm run build` makes them of src/browser. */
export const pages = join(root, 'dist', 'browser');

/** Whether there is a directory of that name. */
export function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** `.ts` where the engine runs from its sources, `.js` where it was built. */
export const moduleExtension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
