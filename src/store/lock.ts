/**
 * The lock of a state directory: one process at a time. It is the operating system's own, held by an open file, so it ends
 * with its process however that ends, and nothing has to be found stale (docs/decisions/durable-state.md).
 *
 * The only module that imports fs-native-extensions.
 */
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { tryLock } from 'fs-native-extensions';

/** Locks a directory, and resolves to what lets go of it; to `undefined` if it is locked already. */
export async function lock(directory: string): Promise<(() => Promise<void>) | undefined> {
  const handle = await open(join(directory, 'lock'), 'a');
  if (tryLock(handle.fd)) return () => handle.close();
  await handle.close();
  return undefined;
}
