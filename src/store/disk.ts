/**
 * The part of the file system that state is written through, so that a test can fill it up, and small steps on it.
 */
import * as files from 'node:fs/promises';

/** node:fs/promises, as far as state is written by it. */
export type Disk = Pick<typeof files, 'open' | 'rename' | 'mkdir' | 'rm'>;

export const systemDisk: Disk = files;

/** Makes a file's content, or a directory's list of files, outlast a loss of power. */
export async function sync(disk: Disk, path: string): Promise<void> {
  const handle = await disk.open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
