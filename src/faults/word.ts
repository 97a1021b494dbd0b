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

/** What a word was read as: a fault, or what is wrong with the number in it. */
export type ReadWord = { readonly fault: WrittenFault } | { readonly wrong: string };

/** The forms with a number: its name, from where to where it goes, and the fault. */
const numbered: Readonly<
  Record<
    string,
    readonly [name: string, least: number, most: number, make: (number: number, force: boolean) => WrittenFault]
  >
> = {
  latency: ['whole milliseconds', 0, 60_000, (milliseconds) => ({ latency: { milliseconds } })],
  status: ['a status', 200, 599, (status, force) => ({ respond: { status, force } })],
  429: ['whole seconds of Retry-After', 0, 86_400, (retryAfter, force) => ({ tooManyRequests: { retryAfter, force } })],
};

/** The fault that a word means; `undefined` if it means none. `force`: whether its answer may break the document. */
export function faultOfWord(word: string, force: boolean): ReadWord | undefined {
  if (word === 'loseReply') return { fault: { loseReply: true } };
  if (word === 'reset' || word === 'half' || word === 'silent') return { fault: { connection: word } };
  const [kind = '', ...rest] = word.split(':');
  const form = Object.hasOwn(numbered, kind) ? numbered[kind] : undefined;
  if (form === undefined) return undefined;
  const [name, least, most, make] = form;
  const given = rest.join(':');
  const number = /^\d{1,6}$/.test(given) ? Number(given) : Number.NaN;
  if (number >= least && number <= most) return { fault: make(number, force) };
  const received = rest.length === 0 ? 'no number' : given;
  return {
    wrong: `${kind}: takes ${name} from ${least} to ${most}, as in ${kind}:${least + 200}. Received ${received}.`,
  };
}
