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
      const before = records.get(key);
      const after = record ?? undefined;
      // A record that was made and taken away by the same request never was there.
      if (before === undefined && after === undefined) continue;
      const how = after === undefined ? 'deleted' : before === undefined ? 'created' : 'changed';
      touched.push({ collection, key, how, before, after });
    }
  }
  return touched;
}
