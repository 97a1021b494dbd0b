/**
 * Many changes in one request, all or nothing (rules patch-in-order, patch-all-or-nothing, patch-target).
 */
import { Problem, type ProblemDetail } from '../../src/index.js';
import { deletionFaults, remove } from './deletion.js';
import { broken, codes } from './errors.js';
import { linkOf } from './links.js';
import type { PatchItem, PatchOutcome, StoredPayment, World } from './types.js';
import { paymentView } from './views.js';
import { creationFaults, record, update, updateFaults } from './writes.js';

type Attempt = { readonly outcome: PatchOutcome } | { readonly faults: readonly ProblemDetail[] };

/**
 * Carries the items out in order; each sees what those before it did. What is thrown undoes all of it.
 *
 * @throws {Problem} `rule`, with the faults of every item
 */
export function patch(items: readonly PatchItem[], pathId: number, world: World): PatchOutcome[] {
  const attempts = items.map((item, index) => attempt(item, pathId, world, `/payments/items/${index}`));
  const details = attempts.flatMap((each, index) => ('faults' in each ? ofClient(each.faults, items[index]) : []));
  if (details.length > 0) throw new Problem('rule', { details });
  return attempts.flatMap((each) => ('outcome' in each ? [each.outcome] : []));
}

/** Faults with the number by which the client knows the item, where it gave one. */
function ofClient(faults: readonly ProblemDetail[], item: PatchItem | undefined): readonly ProblemDetail[] {
  const patchClientId = item?.patchClientId ?? null;
  return patchClientId === null ? faults : faults.map((fault) => ({ ...fault, params: { patchClientId } }));
}

function attempt(item: PatchItem, pathId: number, world: World, at: string): Attempt {
  const { patchType, patchClientId: _, ...input } = item;
  if (patchType === 'create') {
    const faults = creationFaults(input, world.state, at);
    return faults.length > 0 ? { faults } : outcome('created', record(input, world), world);
  }
  const id = linkOf(item.identity) ?? pathId;
  const stored = world.state.payments.get(id);
  if (stored === undefined) {
    const message = `'Identity' (${id}) does not exist in 'Payment'. Name a stored payment to ${patchType}.`;
    return { faults: [broken('patch-target', `${at}/identity`, message, codes.linkedRecord, id)] };
  }
  if (patchType === 'delete') {
    const faults = deletionFaults(stored, world.state, at);
    if (faults.length > 0) return { faults };
    remove(stored, world.state);
    return { outcome: { identity: id, action: 'deleted', dtoTypeKey: 'payment' } };
  }
  const faults = updateFaults(stored, input, world.state, at);
  return faults.length > 0 ? { faults } : outcome('updated', update(stored, input, world), world);
}

function outcome(action: 'created' | 'updated', payment: StoredPayment, { state }: World): Attempt {
  const instance = paymentView(payment, state);
  return { outcome: { identity: payment.identity, action, dtoTypeKey: 'payment', instance } };
}
