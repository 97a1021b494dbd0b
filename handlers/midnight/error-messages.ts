/**
 * From broken rules to a payment's `Error`. The vendor shows the form, Key and Message, and publishes neither keys nor
 * texts; whoever knows them keeps them in the collection errorMessages.
 */
import type { Collection } from '../../src/index.js';
import type { Fault } from './faults.js';
import type { Collections, ErrorMessage } from './types.js';

/** How many texts one Message joins; a payment may have a thousand details. */
const mostTexts = 5;

type KnownMessages = Pick<Collection<Collections['errorMessages']>, 'get'>;

/** One entry for each property that is wrong (rule errors-by-key), in the order in which they were found. */
export function errorMessages(faults: readonly Fault[], known: KnownMessages): ErrorMessage[] {
  const entries = new Map<string, { readonly Key: string; readonly texts: Set<string> }>();
  for (const { rule, property, message } of faults) {
    const { Key, Message } = known.get(rule) ?? { Key: property, Message: message };
    // By our own property too: two rules that a scenario gives the same Key stay two entries, as the vendor's sample has.
    const group = `${property} ${Key}`;
    const entry = entries.get(group) ?? { Key, texts: new Set<string>() };
    entry.texts.add(Message);
    entries.set(group, entry);
  }
  return [...entries.values()].map(({ Key, texts }) => ({ Key, Message: joined([...texts]) }));
}

function joined(texts: readonly string[]): string {
  const more = texts.length - mostTexts;
  return [...texts.slice(0, mostTexts), ...(more > 0 ? [`And ${more} more.`] : [])].join(' ');
}
