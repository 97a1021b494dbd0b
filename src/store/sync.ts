/**
 * Makes a file, or a directory's list of files, outlast a loss of power.
 */
import { open } from 'node:fs/promises';

/** Resolves when what was written at a path is on the disk. */
export async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  await handle.sync();
  await handle.close();
}
