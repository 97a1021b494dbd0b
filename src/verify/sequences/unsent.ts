/**
 * What a change does not mention stays as it is.
 */
import type { Operation } from '../../document.js';
import { excerpt } from '../../excerpt.js';
import type { JsonValue } from '../../json.js';
import type { Key } from '../resources.js';
import { condition, sendChange } from './changes.js';
import { alike } from './records.js';
import type { Shown, Steps } from './steps.js';

/** Members that a server sets at every change. */
const isStamp = /version|revision|updat|modif|chang/i;

/**
 * Says one member of a thing again as it is, with a PATCH that has nothing else: no other member that a client may set
 * changes. What does is put back and tried once more: only what is lost again is told.
 */
export async function judgeUnsent(steps: Steps, read: Operation, update: Operation, key: Key): Promise<void> {
  const names = settable(steps, update);
  const shown = await steps.look(read, key);
  if (shown === undefined) return;
  for (const said of names) {
    const now = await sayAgain(steps, read, update, key, said, shown);
    if (now === undefined) continue;
    const lost = names.filter((name) => name !== said && !isStamp.test(name) && isOther(shown, now, name));
    for (const name of lost) if (await isLostAgain(steps, read, update, key, { said, name }, shown)) return;
    return;
  }
}

async function isLostAgain(
  steps: Steps,
  read: Operation,
  update: Operation,
  key: Key,
  { said, name }: { readonly said: string; readonly name: string },
  shown: Shown,
): Promise<boolean> {
  const restored = await sayAgain(steps, read, update, key, name, shown);
  if (restored === undefined || isOther(shown, restored, name)) return false;
  const again = await sayAgain(steps, read, update, key, said, shown);
  if (again === undefined || !isOther(shown, again, name)) return false;
  const [before, after] = [shown.record[name], again.record[name]].map((value) => excerpt(value));
  const message = `${update.operationId} sent ${said} alone, and ${name}, which it did not send, was ${before} and is ${after}.`;
  steps.fail(again.step, 'lost_update', message);
  return true;
}

/** The thing after a member was sent as it was shown; undefined if that is not carried out. */
async function sayAgain(
  steps: Steps,
  read: Operation,
  update: Operation,
  key: Key,
  name: string,
  shown: Shown,
): Promise<Shown | undefined> {
  const value = shown.record[name];
  if (value === undefined || value === null) return undefined;
  const sent = await sendChange(steps, update, key, { name, value }, await condition(steps, update, key));
  return sent === undefined || sent.response.status >= 300 ? undefined : steps.look(read, key);
}

/** The members that a request may have and may leave out. */
function settable({ sequence: { bases, contract } }: Steps, update: Operation): readonly string[] {
  const base = bases.get(update);
  return (base === undefined ? [] : contract.sitesOf(base)).flatMap(({ tokens: [place, name, ...below], required }) => {
    return place === 'body' && name !== undefined && below.length === 0 && !required ? [String(name)] : [];
  });
}

function isOther({ record: before }: Shown, { record: after }: Shown, name: string): boolean {
  const [one, other]: readonly (JsonValue | undefined)[] = [before[name], after[name]];
  // What was nothing may become something: a default, or what a rule makes of it.
  if (one === undefined || one === null) return false;
  return other === undefined || !alike(one, other) || !alike(other, one);
}
