/**
 * Whether files are as they were when they were read, told without reading them again.
 */
import { statSync } from 'node:fs';

/** Files that were looked for, each with its {@link stampOf} at that moment. */
export type Looked = Map<string, string>;

/** What changes when a file does: its time, its size and which file it is; empty if it is not there. */
export function stampOf(file: string): string {
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? '' : `${stat.mtimeNs} ${stat.size} ${stat.ino}`;
}

/** Whether each file is as it was; one that was not there still is not. */
export function areUnchanged(looked: Looked): boolean {
  return [...looked].every(([file, stamp]) => stampOf(file) === stamp);
}
