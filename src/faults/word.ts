/**
 * A fault in a word, as `Prefer: fault=…` and the command line have it: `latency:800`, `status:503`, `429:30`, `reset`,
 * `half`, `silent`, `loseReply`.
 */

/** The words that are faults of their own, which no rule may be named. */
export const faultWords = ['reset', 'half', 'silent', 'loseReply'] as const;

/** How a fault is put in a word, for messages. */
export const faultForms = ['latency:MILLISECONDS', 'status:STATUS', '429:SECONDS', ...faultWords] as const;

/** A fault as a rule writes it: a FaultEffect of the control API's document. */
export type WrittenFault =
  | { latency: { milliseconds: number } }
  | { respond: { status: number; force: boolean } }
  | { tooManyRequests: { retryAfter: number; force: boolean } }
  | { connection: 'reset' | 'half' | 'silent' }
  | { loseReply: true };

/** The fault that a word means; `undefined` if it means none. `force`: whether its answer may break the document. */
export function faultOfWord(word: string, force: boolean): WrittenFault | undefined {
  if (word === 'loseReply') return { loseReply: true };
  if (word === 'reset' || word === 'half' || word === 'silent') return { connection: word };
  const [, kind, digits] = /^(latency|status|429):(\d{1,6})$/.exec(word) ?? [];
  if (kind === undefined) return undefined;
  const number = Number(digits);
  if (kind === 'latency' && number <= 60_000) return { latency: { milliseconds: number } };
  if (kind === '429' && number <= 86_400) return { tooManyRequests: { retryAfter: number, force } };
  if (kind === 'status' && number >= 200 && number <= 599) return { respond: { status: number, force } };
  return undefined;
}
