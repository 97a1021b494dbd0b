/**
 * Credentials and account numbers out of what is shown. What names them is found by the names of headers, parameters and
 * members, card numbers by their digits; a value that was found once is hidden wherever else it stands.
 */
import type { ApiDocument } from '../document.js';
import { isArray, isObject, type JsonValue, numberText } from '../json.js';

/** Endings of names that say what must not be shown, as words in lower case. */
const sensitiveEndings: ReadonlySet<string> = new Set([
  ...[
    'account',
    'iban',
    'bban',
    'pan',
    'card',
    'cvv',
    'cvc',
    'cvv2',
    'cvc2',
    'csc',
    'routing',
    'transit',
    'pin',
    'ssn',
  ],
  ...['password', 'passwd', 'passphrase', 'passcode', 'secret', 'token', 'authorization', 'cookie', 'bearer', 'apikey'],
  ...['account', 'routing', 'transit', 'card', 'bank', 'iban', 'aba'].flatMap((word) => [
    `${word} number`,
    `${word} num`,
    `${word} no`,
    `${word} nr`,
  ]),
  ...[
    'api',
    'secret',
    'private',
    'access',
    'auth',
    'merchant',
    'signing',
    'encryption',
    'shared',
    'license',
    'client',
  ].map((word) => `${word} key`),
  ...['security code', 'sort code', 'verification value', 'verification code'],
]);

/** Names that say nothing by themselves: a card's `number` is one by the name of what it stands in, an error's `Key` none. */
const vague: ReadonlySet<string> = new Set(['number', 'num', 'no', 'nr', 'value', 'key']);

/** What a client sends before its credential. */
const schemes = /^(?:basic|bearer|digest|negotiate|token)$/i;

/** A digit row as a card has it: 12 to 19 digits, together or in groups of four, or of four, six and four or five. */
const cardNumbers =
  /(?<![\w-]|\d\.)(?:\d{12,19}|\d{4}([ -])\d{4}\1\d{4}(?:\1\d{1,4}){1,2}|\d{4}([ -])\d{6}\2\d{4,5})(?![\w-]|\.\d)/g;

/** `"name": "value"`, `name=value`, in a text that is no JSON. */
const pairs = /(["']?)([\w.-]{1,100})\1\s*[:=]\s*("(?:[^"\\]|\\.)*"?|[^\s,;&}\]]+)/g;

/** Shorter values may stand anywhere by chance, and are hidden only where their name says so. */
const leastKnown = 6;

/** More values are hidden only where their name says so: each is looked for in every text. */
const mostKnown = 100;

/** How much of a received value a message quotes, see excerpt.ts. */
const mostQuoted = 80;

/** `***`, with the last four characters of what is longer than eight. */
export function mask(text: string): string {
  return text.length > 8 ? `***${text.slice(-4)}` : '***';
}

/** What of an api's names is a credential, and what is an id although it sounds like one. */
export class SensitiveNames {
  /** Headers and query parameters that carry credentials, lower case. */
  readonly #credentials: ReadonlySet<string>;
  /** Keys of collections, and properties that name a record: `invoice_token`. */
  readonly #ids: ReadonlySet<string>;

  constructor(document: ApiDocument | undefined) {
    const used = (document?.operations ?? []).flatMap(({ security }) => security.flat());
    this.#credentials = new Set(
      used.map((scheme) => (scheme.in === 'cookie' ? 'cookie' : scheme.parameter.toLowerCase())),
    );
    const collections = document?.collections ?? [];
    this.#ids = new Set(collections.flatMap(({ key, references }) => [key, ...references.keys()]));
  }

  /** Whether a header or query parameter carries a credential or an account number. */
  parameter(name: string): boolean {
    return this.#credentials.has(name.toLowerCase()) || this.member(name, undefined);
  }

  /** Whether a body's member does; `parent` is the name of the member that it stands in. */
  member(name: string, parent: string | undefined): boolean {
    if (this.#ids.has(name)) return false;
    const words = wordsOf(name);
    if (endsSensitively(words)) return true;
    if (words.length !== 1 || !vague.has(words[0] ?? '')) return false;
    return parent !== undefined && endsSensitively([...wordsOf(parent), ...words]);
  }
}

/** `beneficiaryAccount_number` -> beneficiary, account, number; the last one in the singular. */
function wordsOf(name: string): readonly string[] {
  const words = name
    .replace(/([a-z\d])([A-Z])|([A-Z])([A-Z][a-z])/g, '$1$3 $2$4')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((word) => word !== '');
  return words.map((word, index) => (index === words.length - 1 && word.length > 3 ? word.replace(/s$/, '') : word));
}

function endsSensitively(words: readonly string[]): boolean {
  return sensitiveEndings.has(words.at(-1) ?? '') || sensitiveEndings.has(words.slice(-2).join(' '));
}

/** Redacts one request and its answer; what it found in them once, it hides from then on. */
export class Redactor {
  /** Values that were found, to be hidden wherever else they stand. */
  readonly #known = new Set<string>();

  constructor(private readonly names: SensitiveNames) {}

  /** A text without what was found before and without card numbers. */
  text(text: string): string {
    let shown = text;
    for (const known of this.#known) if (shown.includes(known)) shown = replaceWhole(shown, known);
    return shown.replace(cardNumbers, (digits) => (passesLuhn(digits.replace(/[ -]/g, '')) ? mask(digits) : digits));
  }

  /** The value of a header or query parameter. */
  parameter(name: string, value: string): string {
    if (!this.names.parameter(name) || value === '') return this.text(value);
    this.#remember(value);
    for (const part of value.split(/[\s,;]+/))
      if (!schemes.test(part)) this.#remember(part.replace(/^[^=]*=(?=.)/, ''));
    return mask(value);
  }

  /** A body that is no JSON. */
  plainText(text: string): string {
    const named = text.replace(pairs, (pair: string, _quote: string, name: string, value: string) => {
      if (!this.names.member(name, undefined)) return pair;
      const bare = value.replace(/^"|"$/g, '');
      this.#remember(bare);
      return `${pair.slice(0, pair.length - value.length)}${value.startsWith('"') ? `"${mask(bare)}"` : mask(bare)}`;
    });
    return this.text(named);
  }

  /** A JSON value. `name` is the member that it is, `parent` the one in which that stands; absent at the top. */
  value(value: JsonValue, name?: string, parent?: string): JsonValue {
    if (isArray(value)) return value.map((element) => this.value(element, name, parent));
    if (isObject(value)) {
      const members = Object.entries(value).map(([each, member]) => [
        this.text(each),
        member === undefined ? undefined : this.value(member, each, name),
      ]);
      return Object.fromEntries(members);
    }
    if (value === null || typeof value === 'boolean' || value === '') return value;
    const text = typeof value === 'string' ? value : numberText(value);
    if (name !== undefined && this.names.member(name, parent)) {
      this.#remember(text);
      return mask(text);
    }
    const shown = typeof value === 'string' || isWhole(text) ? this.text(text) : text;
    return shown === text ? value : shown;
  }

  #remember(value: string): void {
    if (value.length < leastKnown || this.#known.size >= mostKnown) return;
    this.#known.add(value);
    if (value.length > mostQuoted) this.#known.add(value.slice(0, mostQuoted));
  }
}

/** An amount's digits are not held for an account's. */
function isWhole(text: string): boolean {
  return /^\d+$/.test(text);
}

/** Puts the mask in the place of every occurrence that is not part of a longer word. */
function replaceWhole(text: string, known: string): string {
  const pieces = text.split(known);
  return pieces.reduce((before, after) => {
    const isPart = /\w$/.test(before) && /^\w/.test(known);
    const goesOn = /^\w/.test(after) && /\w$/.test(known);
    return `${before}${isPart || goesOn ? known : mask(known)}${after}`;
  });
}

/** The check digit of card numbers (ISO/IEC 7812). */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = Number(digits[digits.length - 1 - index]);
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0 && /[1-9]/.test(digits);
}
