/**
 * Where the package's own files are. The same from `src/` (tests) and from `dist/src/` (the built server).
 */
import { existsSync } from 'node:fs';
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

/** specs/: a folder for each api, with its document and samples. */
export const specs = join(root, 'specs');

/** data/: a folder for each api, with its scenarios. */
export const data = join(root, 'data');

/** The folder of the compiled (or, in tests, the written) handlers, beside the engine's own. */
export const handlers = join(dirname(dirname(fileURLToPath(import.meta.url))), 'handlers');

/** `.ts` where the engine runs from its sources, `.js` where it was built. */
export const moduleExtension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
