/**
 * What changes promise: a change is kept, touches no other thing, and does not undo what another client changed before.
 */
import type { Operation } from '../../document.js';
import { excerpt } from '../../excerpt.js';
import { isObject, type JsonObject, type JsonValue } from '../../json.js';
import { valueAt } from '../../json-pointer.js';
import { type Key, keyOfRecord } from '../resources.js';
import { put } from '../sites.js';
import { edges } from '../values.js';
import { alike, type Listed, without } from './records.js';
import type { Parts, Shown, Step, Steps } from './steps.js';

/** Changes a thing: what is read afterwards is what was sent. */
export async function judgeChange(steps: Steps, update: Operation, key: Key): Promise<void> {
  const changed = await steps.send(update, 'update', await condition(steps, update, key), key);
  if (changed === undefined) return;
  for (const read of steps.resource.reads) {
    const shown = await steps.read(read, key, `${update.operationId} changed ${key}`);
    if (shown !== undefined) steps.same(shown, changed.values.body, 'update_is_stored', update);
  }
}

/** Changes a thing to what others are not: they stay as they are. */
export async function judgeOthers(steps: Steps, update: Operation, key: Key): Promise<void> {
  const { reads, lists } = steps.resource;
  const [read, list] = [reads[0], lists[0]];
  const shown = read && (await steps.look(read, key));
  const before = list && (await steps.all(list));
  if (list === undefined || shown === undefined || before === undefined) return;
  const others = (all: Listed, { name, value }: Change) =>
    all.records.flatMap((record) => {
      const other = keyOfRecord(steps.resource, record);
      const member = isObject(record) ? record[name] : undefined;
      return other === key || other === undefined || member === undefined || alike(value, member) ? [] : [other];
    });
  for (const change of changes(steps, update, shown.record)) {
    const unlike = others(before, change);
    if (unlike.length === 0) continue;
    const changed = await sendChange(steps, update, key, change, await condition(steps, update, key));
    if (changed === undefined || changed.response.status >= 300) continue;
    const after = await steps.all(list);
    if (after === undefined) return;
    const changedToo = without(unlike, others(after, change));
    const took = without(changedToo, without(changedToo, after.keys));
    if (took.length === 0) return;
    const message = `${update.operationId} changed ${change.name} of ${key} to ${excerpt(change.value)}, and of ${took.slice(0, 10).join(', ')} too.`;
    steps.fail(after.step, 'others_are_untouched', message);
    return;
  }
}

/** A change of one member. */
export interface Change {
  readonly name: string;
  readonly value: JsonValue;
}

/** Two clients read the same thing, and each changes another member of it: neither change may be lost. */
export async function judgeLostUpdates(steps: Steps, update: Operation, key: Key): Promise<void> {
  const [read] = steps.resource.reads;
  if (read === undefined) return;
  // A PUT says everything anew: without a condition, the later one counts.
  if (update.method === 'PATCH') await judgeOtherMembers(steps, read, update, key);
  if (conditionOf(update) !== undefined && showsTag(read)) await judgeStale(steps, read, update, key);
}

/** Changes one member, then another: the first is as it was left. */
async function judgeOtherMembers(steps: Steps, read: Operation, update: Operation, key: Key): Promise<void> {
  const kept = await keptChange(steps, read, update, key);
  if (kept === undefined) return;
  const { change, before, after } = kept;
  const others = changes(steps, update, after.record).filter(({ name }) => name !== change.name);
  for (const other of others) {
    const changed = await sendChange(steps, update, key, other, await condition(steps, update, key));
    if (changed === undefined || changed.response.status >= 300) continue;
    const shown = await steps.look(read, key);
    if (shown === undefined || !isLost(change, before, shown)) return;
    // One change may bring another with it; saying again what is so already may not.
    const same = { name: other.name, value: shown.record[other.name] ?? other.value };
    await sendChange(steps, update, key, change, await condition(steps, update, key));
    await sendChange(steps, update, key, same, await condition(steps, update, key));
    const again = await steps.look(read, key);
    if (again === undefined || !isLost(change, before, again)) return;
    const message = `One ${update.operationId} sent ${change.name} ${excerpt(change.value)}, the next ${other.name} alone, and now ${change.name} is ${excerpt(again.record[change.name])}.`;
    steps.fail(again.step, 'lost_update', message);
    return;
  }
}

/** A server may have made something new of a change; but what was there before it, or nothing, is a change that is lost. */
function isLost({ name }: Change, before: Shown, { record }: Shown): boolean {
  const now = record[name];
  return now === undefined || now === null || alike(before.record[name] ?? null, now);
}

/** A change on the condition that nobody changed the thing since, although somebody did: it is refused, and nothing is lost. */
async function judgeStale(steps: Steps, read: Operation, update: Operation, key: Key): Promise<void> {
  const kept = await keptChange(steps, read, update, key);
  if (kept === undefined) return;
  const { change, before, after } = kept;
  const tag = tagOf(before);
  if (tag === undefined) return;
  // A weak tag may stay the same.
  if (tag === tagOf(after) && !tag.startsWith('W/')) {
    const message = `${change.name} was changed to ${excerpt(change.value)}, and ETag is still ${tag}.`;
    steps.fail(after.step, 'lost_update', message);
    return;
  }
  const other = changes(steps, update, after.record).at(-1);
  const stale = { [`header/${conditionOf(update)}`]: tag };
  const answer = other && (await sendChange(steps, update, key, other, stale));
  if (other === undefined || answer === undefined || tag === tagOf(after)) return;
  if (answer.response.status < 300) {
    const message = `${update.operationId} with If-Match ${tag} gives ${answer.response.status}, although that is the ETag from before the last change; documented: a refusal.`;
    steps.fail(answer, 'lost_update', message);
    return;
  }
  const shown = await steps.look(read, key);
  if (shown === undefined || shownSame(after.record, shown.record)) return;
  const message = `${update.operationId} with a stale If-Match is refused with ${answer.response.status}, and ${key} was changed all the same.`;
  steps.fail(shown.step, 'lost_update', message);
}

function shownSame(one: JsonObject, other: JsonObject): boolean {
  return alike(one, other) && alike(other, one);
}

/** A first change that is stored as it was sent, with the thing before and after it; undefined if none is. */
async function keptChange(steps: Steps, read: Operation, update: Operation, key: Key) {
  const before = await steps.look(read, key);
  if (before === undefined) return undefined;
  for (const change of changes(steps, update, before.record)) {
    const tag = tagOf(before);
    const parts =
      conditionOf(update) === undefined || tag === undefined ? {} : { [`header/${conditionOf(update)}`]: tag };
    const changed = await sendChange(steps, update, key, change, parts);
    if (changed === undefined || changed.response.status >= 300) continue;
    const after = await steps.look(read, key);
    const stored = after?.record[change.name];
    if (after === undefined || stored === undefined) return undefined;
    if (alike(change.value, stored)) return { change, before, after };
  }
  return undefined;
}

/** Changes of one member each that a thing does not show yet, the likeliest to be accepted first; at most one of a member. */
function changes(steps: Steps, update: Operation, record: JsonObject): readonly Change[] {
  const base = steps.sequence.bases.get(update);
  if (base === undefined) return [];
  const sites = steps.sequence.contract
    .sitesOf(base)
    .filter(({ tokens }) => tokens[0] === 'body' && tokens.length === 2);
  return sites.flatMap(({ tokens, placed, carrier }) => {
    const name = String(tokens[1]);
    const shown = record[name];
    const values = [valueAt(carrier, tokens), ...edges(placed.schema, undefined).map(({ value }) => value)];
    const value = values.find((each) => {
      if (each === undefined || each === null || shown === undefined || alike(each, shown)) return false;
      const changed = changing(steps, update, { name, value: each });
      return changed !== undefined && steps.sequence.contract.faults(update, changed).length === 0;
    });
    return value === undefined ? [] : [{ name, value }];
  });
}

/** A request that changes one member: with PATCH it has nothing else that may be left out. */
function changing(steps: Steps, update: Operation, { name, value }: Change, parts: Parts = {}, key?: Key) {
  const base = steps.sequence.bases.get(update);
  const values = steps.values(update, parts, key);
  if (base === undefined || values === undefined) return undefined;
  const left = steps.sequence.contract.sitesOf(base).filter(({ tokens, required }) => {
    return update.method === 'PATCH' && tokens[0] === 'body' && tokens.length === 2 && !required;
  });
  let changed: JsonObject | undefined = values;
  for (const { tokens } of left) changed = changed && put(changed, tokens, undefined);
  return changed && put(changed, ['body', name], value);
}

/** Sends a change of one member; with PATCH nothing else that may be left out. */
export async function sendChange(
  steps: Steps,
  update: Operation,
  key: Key,
  change: Change,
  parts: Parts,
): Promise<Step | undefined> {
  const values = changing(steps, update, change, parts, key);
  return values && steps.askWith(update, `change ${change.name}`, values);
}

/** What an operation must be sent with, so that it is carried out: the tag of the thing as it is now, where it asks for one. */
export async function condition(steps: Steps, operation: Operation, key: Key): Promise<Parts> {
  const [read] = steps.resource.reads;
  const name = conditionOf(operation);
  const tag = name === undefined || read === undefined ? undefined : tagOf(await steps.look(read, key));
  return tag === undefined ? {} : { [`header/${name}`]: tag };
}

/** The parameter by which a client says which state it knows; undefined if there is none. */
function conditionOf({ parameters }: Operation): string | undefined {
  return parameters.find(({ name, in: place }) => place === 'header' && name.toLowerCase() === 'if-match')?.name;
}

function showsTag({ responses }: Operation): boolean {
  return [...responses.values()].some(({ headers }) =>
    [...headers.keys()].some((name) => name.toLowerCase() === 'etag'),
  );
}

function tagOf(shown: Shown | undefined): string | undefined {
  return shown?.step.response.headers.get('etag');
}
