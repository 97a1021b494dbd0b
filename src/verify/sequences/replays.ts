/**
 * What an idempotency key promises: however often and however fast a request comes again, one thing is made.
 */
import { isObject } from '../../json.js';
import { idempotencyHeader } from '../idempotency.js';
import { type Key, keyOf } from '../resources.js';
import { put } from '../sites.js';
import { edges } from '../values.js';
import { alike } from './records.js';
import type { Step, Steps } from './steps.js';

/** Repeats a creation: the same one, another one with the same key, and two at once. */
export async function judgeReplays(steps: Steps): Promise<void> {
  const { create } = steps.resource;
  const header = idempotencyHeader(create);
  if (header === undefined) return;
  const parts = (key: string) => ({ [`header/${header.name}`]: key });
  const one = (step: Step | undefined) =>
    step !== undefined && step.response.status < 300 ? keyOf(steps.resource, step) : undefined;
  const told = (first: Key | undefined, again: Step | undefined, how: string) => {
    const second = one(again);
    if (again === undefined || first === undefined || second === undefined || first === second) return;
    steps.fail(again, 'replay_replays', `The same ${header.name} ${how} made ${first}, and then ${second}.`);
  };
  const key = steps.newIdempotencyKey(header);
  const first = await steps.send(create, 'create', parts(key));
  told(one(first), await steps.ask(create, 'create again', parts(key)), 'twice');
  if (first !== undefined) await judgeOther(steps, first, told);
  const otherKey = steps.newIdempotencyKey(header);
  const both = await Promise.all(
    ['one of two creations at once', 'the other of two creations at once'].map((what) =>
      steps.ask(create, what, parts(otherKey)),
    ),
  );
  told(one(both[0]), both[1], 'in two requests at once');
}

/** The same key with something else in the body makes nothing new, and changes nothing. */
async function judgeOther(
  steps: Steps,
  first: Step,
  told: (first: Key | undefined, again: Step | undefined, how: string) => void,
): Promise<void> {
  const { create, reads } = steps.resource;
  const key = keyOf(steps.resource, first);
  const [read] = reads;
  const other = otherBody(steps, first);
  const before = read && key !== undefined ? await steps.look(read, key) : undefined;
  if (other === undefined) return;
  told(key, await steps.askWith(create, 'create another', other), 'with another body');
  const after = read && key !== undefined ? await steps.look(read, key) : undefined;
  if (before === undefined || after === undefined || alike(before.record, after.record)) return;
  const message = `A creation with the key of an earlier one and another body changed what that one had made, ${key}.`;
  steps.fail(after.step, 'replay_replays', message);
}

/** The parts of a valid request whose body is another one; undefined if none can be made. */
function otherBody({ sequence: { contract, bases }, resource: { create } }: Steps, { values }: Step) {
  const base = bases.get(create);
  if (base === undefined || !isObject(values.body)) return undefined;
  for (const { tokens, placed } of contract.sitesOf(base)) {
    if (tokens[0] !== 'body') continue;
    for (const { value } of edges(placed.schema, undefined)) {
      const changed = value === undefined ? undefined : put(values, tokens, value);
      if (changed?.body === undefined || alike(values.body, changed.body)) continue;
      if (contract.faults(create, changed).length === 0) return changed;
    }
  }
  return undefined;
}
