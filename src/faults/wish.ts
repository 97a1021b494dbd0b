/**
 * A fault that a client wishes for one request, `Prefer: fault=…`: the name of a rule, or the fault itself in a word.
 */
import { tooManyRequests } from './effect.js';
import { fixed } from './latency.js';
import type { Fault } from './rule.js';

/** The words that are faults of their own, which no rule may be named. */
export const faultWords = ['reset', 'half', 'silent', 'loseReply'] as const;

/** How a fault is wished for, for messages. */
export const faultForms = ['latency:MILLISECONDS', 'status:STATUS', '429:SECONDS', ...faultWords] as const;

/** The fault that a word means; `undefined` if it means none. */
export function readFaultWord(word: string): Fault | undefined {
  const [kind = '', digits, ...rest] = word.split(':');
  if (digits === undefined) return connectionFault(kind);
  if (rest.length > 0 || !/^\d{1,6}$/.test(digits)) return undefined;
  const number = Number(digits);
  if (kind === 'latency' && number <= 60_000) return { latency: fixed(number), effect: undefined };
  if (kind === '429' && number <= 86_400) return { latency: undefined, effect: tooManyRequests(number, true) };
  if (kind !== 'status' || number < 200 || number > 599) return undefined;
  // A wish for one request needs no more leave to break the document than this: docs/decisions/forced-faults.md.
  return {
    latency: undefined,
    effect: { kind: 'respond', status: number, headers: {}, force: true, at: '/respond' },
  };
}

function connectionFault(word: string): Fault | undefined {
  if (word === 'loseReply') return { latency: undefined, effect: { kind: 'loseReply' } };
  if (word !== 'reset' && word !== 'half' && word !== 'silent') return undefined;
  return { latency: undefined, effect: { kind: 'connection', cut: word } };
}
