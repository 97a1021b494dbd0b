/**
 * Which records a transaction makes, changes and takes away. Asked before it is committed, when what was there is known.
 */
import type { ApiChanges } from '../store/transaction.js';
import type { ApiState } from '../store/workspace.js';
import type { Touched } from './entry.js';

const nothing: readonly Touched[] = [];

/** In the order in which they were written; empty if nothing was. `state` is that before the changes. */
export function touchedBy(changes: ApiChanges | undefined, state: ApiState | undefined): readonly Touched[] {
  if (changes === undefined || state === undefined) return nothing;
  const touched: Touched[] = [];
  for (const [collection, written] of changes.collections) {
    const records = state.records(collection);
    for (const [key, record] of written) {
      const was = records.get(key) !== undefined;
      // A record that was made and taken away by the same request never was there.
      if (!was && record === null) continue;
      touched.push({ collection, key, how: record === null ? 'deleted' : was ? 'changed' : 'created' });
    }
  }
  return touched;
}
