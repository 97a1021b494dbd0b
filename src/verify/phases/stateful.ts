/**
 * Sequences on what operations make: it can be read, is listed, holds what was sent, changes when it is changed, and is gone
 * when it is deleted; lists list, a request that may be repeated is carried out once, and links lead somewhere.
 */
import type { Operation } from '../../document.js';
import { isObject } from '../../json.js';
import { scalarText } from '../links.js';
import { type Key, type Resource, recordIn } from '../resources.js';
import { condition, judgeChange, judgeLostUpdates, judgeOthers } from '../sequences/changes.js';
import { followActing, followReading, followToDeleted } from '../sequences/followed.js';
import { judgeList, judgeTotal, makeVaried } from '../sequences/lists.js';
import { type Listed, listed, without } from '../sequences/records.js';
import { judgeReplays } from '../sequences/replays.js';
import { type Sequence, type Shown, type Step, Steps } from '../sequences/steps.js';
import { judgeUnsent } from '../sequences/unsent.js';

/** Runs every sequence that a resource's operations allow, one after the other. */
export async function runSequences(sequence: Sequence, resource: Resource): Promise<void> {
  const steps = new Steps(sequence, resource);
  const { create, lists, reads, updates, remove } = resource;
  if (!(await makesNewOnes(steps))) {
    const answered = await steps.send(create, 'ask');
    if (answered !== undefined) await followReading(steps, answered);
    return;
  }
  const before = new Map<Operation, Listed | undefined>();
  for (const list of lists) before.set(list, await steps.all(list));
  const one = await steps.make('create');
  if (one === undefined) return;
  const { made, key } = one;
  for (const read of reads) {
    const shown = await steps.read(read, key, `${create.operationId} made ${key}`);
    if (shown === undefined) continue;
    steps.same(shown, made.values.body, 'stored_as_sent', create);
    await judgeHead(steps, shown, key);
  }
  await followReading(steps, made);
  for (const [list, earlier] of before) if (earlier !== undefined) await judgeListed(steps, list, earlier, made, key);
  for (const update of updates) {
    for (const judge of [judgeChange, judgeOthers, judgePatch, judgeLostUpdates, judgePatch]) {
      steps.begin(made);
      await judge(steps, update, key);
    }
  }
  steps.begin();
  if (lists.length > 0) await makeVaried(steps);
  for (const list of lists) await judgeList(steps, list, key);
  steps.begin();
  await judgeReplays(steps);
  steps.begin();
  await followActing(steps);
  steps.begin(made);
  if (remove !== undefined) await judgeRemoval(steps, remove, made, key);
}

/** Whether a creation makes one: what only links call so may be a search, or name what was there before. */
async function makesNewOnes(steps: Steps): Promise<boolean> {
  const { parameters, byLinksAlone } = steps.resource;
  if (parameters.size === 0) return false;
  if (!byLinksAlone) return true;
  const [one, other] = [await steps.make('create'), await steps.make('create another')];
  return one !== undefined && other !== undefined && one.key !== other.key;
}

/** A PATCH leaves what it does not mention, before the thing was ever changed and after. */
async function judgePatch(steps: Steps, update: Operation, key: Key): Promise<void> {
  const [read] = steps.resource.reads;
  if (update.method === 'PATCH' && read !== undefined) await judgeUnsent(steps, read, update, key);
}

/** A HEAD says what a GET says, but for the body. */
async function judgeHead(steps: Steps, { step: read }: Shown, key: Key): Promise<void> {
  const { operations } = steps.sequence.contract.document;
  const head = operations.find(({ method, path }) => method === 'HEAD' && path === read.operation.path);
  const answer = head && (await steps.ask(head, 'head', {}, key));
  if (answer === undefined) return;
  const said = ({ response }: Step) => [
    ['status', String(response.status)] as const,
    ...['content-type', 'content-length', 'etag', 'last-modified'].map(
      (name) => [name, response.headers.get(name)] as const,
    ),
  ];
  const wanted = new Map(said(read));
  for (const [name, value] of said(answer)) {
    const other = wanted.get(name);
    if (value === undefined || other === undefined || value === other) continue;
    const message = `HEAD of ${key} gives ${name} ${value}, and GET ${other}.`;
    steps.fail(answer, 'head_matches_get', message);
  }
}

async function judgeListed(steps: Steps, list: Operation, before: Listed, made: Step, key: Key): Promise<void> {
  const after = await steps.all(list);
  if (after === undefined) return;
  const { create } = steps.resource;
  const record = after.records.map((each) => recordIn(steps.resource, each, key)).find((each) => each !== undefined);
  if (record === undefined) {
    const message = `${create.operationId} made ${key}, and ${list.operationId} does not list it.`;
    steps.fail(after.step, 'ensure_resource_availability', message);
  } else {
    steps.same({ step: after.step, record }, made.values.body, 'stored_as_sent', create);
  }
  const more = after.keys.length - before.keys.length;
  if (more > 1) {
    const message = `One ${create.operationId}, and ${list.operationId} lists ${more} more than before.`;
    steps.fail(after.step, 'stored_as_sent', message);
  }
  judgeTotal(steps, after);
}

/** Deletes the thing: it is gone wherever it could be seen, and nothing else is. */
async function judgeRemoval(steps: Steps, remove: Operation, made: Step, key: Key): Promise<void> {
  const { reads, lists, updates } = steps.resource;
  const [list] = lists;
  const before = list && (await steps.all(list));
  const parts = await condition(steps, remove, key);
  const removed = await steps.send(remove, 'delete', parts, key);
  if (removed === undefined) return;
  const gone = `${remove.operationId} deleted ${key}`;
  for (const read of reads) tellStillThere(steps, await steps.send(read, 'read after delete', {}, key), gone);
  tellStillThere(steps, await steps.send(remove, 'delete after delete', parts, key), gone);
  for (const update of updates) {
    const updated = await steps.send(update, 'update after delete', {}, key);
    // An update that speaks of other things too may be carried out; one that answers with what is gone may not.
    if (recordIn(steps.resource, updated?.body, key) !== undefined) tellStillThere(steps, updated, gone);
  }
  await followToDeleted(steps, made, key, gone);
  for (const each of lists) {
    const after = await steps.all(each);
    if (after === undefined) continue;
    if (after.keys.includes(key)) {
      steps.fail(after.step, 'use_after_free', `${gone}, and ${each.operationId} still lists it.`);
    }
    judgeTotal(steps, after);
    if (each === list && before !== undefined) judgeOthersLeft(steps, before, after, key, gone);
  }
}

/** Nothing went with a deleted thing but what refers to it. */
function judgeOthersLeft(steps: Steps, before: Listed, after: Listed, key: Key, gone: string): void {
  const others = before.records.filter(
    (record) => !Object.values(isObject(record) ? record : {}).some((value) => scalarText(value) === key),
  );
  const lost = without(listed(steps.resource, before.step, others).keys, after.keys);
  if (lost.length === 0) return;
  steps.fail(after.step, 'others_are_untouched', `${gone}, and ${lost.slice(0, 10).join(', ')} went with it.`);
}

function tellStillThere(steps: Steps, step: Step | undefined, gone: string): void {
  if (step === undefined) return;
  const message = `${gone}, and ${step.operation.operationId} of it still gives ${step.response.status}.`;
  steps.fail(step, 'use_after_free', message);
}
