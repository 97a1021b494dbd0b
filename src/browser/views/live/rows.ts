/**
 * The rows of the list, newest first, as requests arrive: from one workspace or from all of them.
 */
import type { Row } from './row.js';

/** Older ones are let go. */
export const mostKept = 5_000;

/** Rows of the list in the document; a browser is slow with more. */
export const mostShown = 1_000;

/**
 * The rows with those that arrived, oldest first. A number that a workspace had before is one that is told again, or the
 * workspace's journal began anew; then its rows tell of requests that are gone.
 */
export function withArrivals(rows: readonly Row[], arrived: readonly Row[]): readonly Row[] {
  let kept = rows;
  let fresh: readonly Row[] = [];
  const newest = newestNumbers(rows);
  for (const row of arrived) {
    const last = newest.get(row.workspace);
    if (last !== undefined && row.number <= last) {
      if (fresh.some((each) => isSame(each, row)) || kept.some((each) => isSame(each, row))) continue;
      kept = without(kept, row.workspace);
      fresh = without(fresh, row.workspace);
    }
    newest.set(row.workspace, row.number);
    fresh = [row, ...fresh];
  }
  return [...fresh, ...kept].slice(0, mostKept);
}

/** The rows with older ones of a workspace at the end; those that are there already are passed over. */
export function withOlder(rows: readonly Row[], workspace: string, found: readonly Row[]): readonly Row[] {
  const known = new Set(rows.filter((row) => row.workspace === workspace).map(({ number }) => number));
  const more = found.filter(({ number }) => !known.has(number));
  if (more.length === 0) return rows;
  const oldest = Math.min(...known);
  const newer = rows.filter((row) => row.workspace !== workspace || row.number >= oldest);
  const older = [...rows.filter((row) => !newer.includes(row)), ...more];
  return [...newer, ...older.sort((left, right) => right.number - left.number)].slice(0, mostKept);
}

/** The rows of all other workspaces. */
export function without(rows: readonly Row[], workspace: string): readonly Row[] {
  return rows.filter((row) => row.workspace !== workspace);
}

/** The newest number of each workspace. */
function newestNumbers(rows: readonly Row[]): Map<string, number> {
  const newest = new Map<string, number>();
  for (const { workspace, number } of rows) if (!newest.has(workspace)) newest.set(workspace, number);
  return newest;
}

/** Whether both are the same request: no two take equally long to the millionth part of a millisecond. */
function isSame(left: Row, right: Row): boolean {
  return (
    left.number === right.number &&
    left.workspace === right.workspace &&
    left.time === right.time &&
    left.milliseconds === right.milliseconds
  );
}
