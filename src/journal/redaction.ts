/**
 * Credentials and account numbers out of what is shown. What names them is found by the names of headers, parameters and
 * members, card numbers by their digits; a value that was found once is hidden wherever else it stands, unless it may well be
 * something else there (docs/decisions/hidden-credentials.md).
 */
import type { ApiDocument } from '../document.js';
import { isArray, isObject, type JsonValue, numberText, parse, stringify } from '../json.js';
import { decoded, type Hiding, hideNamed } from './named-text.js';

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
    'acct',
    'track',
    'track1',
    'track2',
    'track data',
  ],
  ...[
    'credential',
    'pwd',
    'password',
    'passwd',
    'passphrase',
    'passcode',
    'secret',
    'token',
    'authorization',
    'cookie',
    'bearer',
    'apikey',
  ],
  ...['account', 'acct', 'routing', 'transit', 'card', 'bank', 'iban', 'aba'].flatMap((word) => [
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

/** A parameter of a URL, behind its path or within it. */
const parameters = /([?&;])([^\s?&;=/"'<>#]{1,100})=([^\s&;"'<>#]+)/g;

/** Who a URL says that it is. */
const users = /(\b[a-z][a-z\d+.-]{0,20}:\/\/)[^\s/@"'<>]{1,1000}@/gi;

/** What may be percent-encoded. */
const words = /[\w.~%+-]+/g;

/** Shorter values may stand anywhere by chance, and are hidden only where their name says so, and where a message quotes them. */
const leastKnown = 6;

/** The same holds for what may be a word of a language, `string` say: letters alone, no more than a word has. */
const ordinaryWord = /^(?:[A-Z]?[a-z]{1,15}|[A-Z]{1,16})$/;

/** A text as a message quotes it. */
const quotations = /"(?:[^"\\]|\\.)*"/g;

/** Of values that are no single word, each is looked for in every text; with more of them, every text is hidden. */
const mostPhrases = 100;

/** How much of a received value a message quotes, see excerpt.ts. */
const mostQuoted = 80;

/** `***`, with the last four characters of what is longer than eight. */
export function mask(text: string): string {
  return text.length > 8 ? `***${text.slice(-4)}` : '***';
}

/** What of an api's names is a credential, what is an id although it sounds like one, and which values are everybody's. */
export class SensitiveNames {
  /** Headers and query parameters that carry credentials, lower case. */
  readonly #credentials: ReadonlySet<string>;
  /** Keys of collections, and properties that name a record: `invoice_token`. */
  readonly #ids: ReadonlySet<string>;
  /** What the document itself shows: examples, defaults, the values of an enumeration. */
  readonly #documented: ReadonlySet<string>;

  constructor(document: ApiDocument | undefined) {
    const used = (document?.operations ?? []).flatMap(({ security }) => security.flat());
    this.#credentials = new Set(
      used.map((scheme) => (scheme.in === 'cookie' ? 'cookie' : scheme.parameter.toLowerCase())),
    );
    const collections = document?.collections ?? [];
    this.#ids = new Set(collections.flatMap(({ key, references }) => [key, ...references.keys()]));
    this.#documented = new Set(document === undefined ? [] : shownIn(document.root, false));
  }

  /** Whether the document shows a value to everybody. */
  isDocumented(value: string): boolean {
    return this.#documented.has(value);
  }

  /** Whether a header or query parameter carries a credential or an account number. */
  parameter(name: string): boolean {
    return this.#credentials.has(name.toLowerCase()) || this.member(name, undefined);
  }

  /** Whether a name is that of a record's key. */
  isId(name: string): boolean {
    return this.#ids.has(name);
  }

  /** Whether a body's member does; `parent` is the name of the member that it stands in. */
  member(name: string, parent: string | undefined): boolean {
    if (this.isId(name)) return false;
    const words = wordsOf(name);
    if (endsSensitively(words)) return true;
    if (words.length !== 1 || !vague.has(words[0] ?? '')) return false;
    return parent !== undefined && endsSensitively([...wordsOf(parent), ...words]);
  }
}

const showing: ReadonlySet<string> = new Set(['example', 'examples', 'default', 'enum', 'const']);

/** The texts and numbers that a part of a document shows. `isShown`: all that is in it. */
function* shownIn(node: JsonValue, isShown: boolean): Iterable<string> {
  if (isArray(node)) for (const each of node) yield* shownIn(each, isShown);
  else if (isObject(node)) {
    for (const [name, each] of Object.entries(node)) {
      if (each !== undefined) yield* shownIn(each, isShown || showing.has(name));
    }
  } else if (isShown && node !== null && typeof node !== 'boolean') {
    yield typeof node === 'string' ? node : numberText(node);
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
  const last = words.at(-1) ?? '';
  return sensitiveEndings.has(last) || joinedEndings.has(last) || sensitiveEndings.has(words.slice(-2).join(' '));
}

/** `accountnumber`, in which no word can be told from the next. */
const joinedEndings: ReadonlySet<string> = new Set([...sensitiveEndings].map((ending) => ending.replace(' ', '')));

/** Redacts one request and its answer; what it found in them once, it hides from then on. */
export class Redactor {
  /** Values that were found, to be hidden wherever else they stand: single words, which a look-up finds, and others. */
  readonly #words = new Set<string>();
  readonly #phrases = new Set<string>();
  /** Values that were found and may be something else elsewhere: hidden only where a message quotes them. */
  readonly #ordinary = new Set<string>();
  readonly #hiding: Hiding;

  constructor(private readonly names: SensitiveNames) {
    this.#hiding = {
      isSensitive: (name) => names.parameter(name),
      hide: (value) => this.#hide(value),
    };
  }

  /** A text without what was found before, without card numbers, and without what URLs in it carry. */
  text(text: string): string {
    return this.#phrases.size >= mostPhrases && text.length >= leastKnown ? mask('') : this.name(text);
  }

  /** A sentence about what was received, which quotes it. */
  message(text: string): string {
    const bare = text.replace(quotations, (quoted) =>
      this.#ordinary.has(unquoted(quoted)) ? `"${mask('')}"` : quoted,
    );
    return this.text(bare);
  }

  /** A name or a pointer: like a text, but not hidden altogether where there is too much to hide. */
  name(text: string): string {
    const bare = text
      .replace(users, (_, scheme: string) => `${scheme}${mask('')}@`)
      .replace(parameters, (pair: string, mark: string, name: string, value: string) =>
        this.names.parameter(decoded(name)) ? `${mark}${name}=${this.#hide(decoded(value))}` : pair,
      );
    const shown = this.#plainly(bare);
    if (!shown.includes('%')) return shown;
    return shown.replace(words, (word) => {
      const read = word.includes('%') ? decoded(word) : word;
      const hidden = read === word ? word : this.#plainly(read);
      return hidden === read ? word : hidden;
    });
  }

  /** The value of a header or query parameter. */
  parameter(name: string, value: string): string {
    if (value === '') return value;
    return this.names.parameter(name) ? this.#hide(value) : this.#written(value);
  }

  /** A body that is no JSON. */
  plainText(text: string): string {
    return this.text(hideNamed(text, this.#hiding));
  }

  /** A JSON value. `name` is the member that it is, `parent` the one in which that stands; absent at the top. */
  value(value: JsonValue, name?: string, parent?: string): JsonValue {
    return this.#value(value, name, parent, false);
  }

  /** A JSON value by the names of the members that lead to it, the outermost first. */
  at(names: readonly string[], value: JsonValue): JsonValue {
    const around = names.slice(0, -1);
    const isBelow = around.some((name, index) => this.names.member(name, around[index - 1]));
    return this.#value(value, names.at(-1), names.at(-2), isBelow);
  }

  /** `isBelow`: it stands in a member that is hidden; then only keys of records are shown. */
  #value(value: JsonValue, name: string | undefined, parent: string | undefined, isBelow: boolean): JsonValue {
    const isHidden = name !== undefined && !this.names.isId(name) && (isBelow || this.names.member(name, parent));
    if (isArray(value)) return value.map((element) => this.#value(element, name, parent, isBelow));
    if (isObject(value)) {
      const members = Object.entries(value).map(([each, member]) => [
        this.name(each),
        member === undefined ? undefined : this.#value(member, each, name, isHidden),
      ]);
      return Object.fromEntries(members);
    }
    if (value === null || typeof value === 'boolean' || value === '') return value;
    const text = typeof value === 'string' ? value : numberText(value);
    if (isHidden) return this.#hide(text);
    if (typeof value === 'string') return this.#written(text);
    const shown = isWhole(text) ? this.text(text) : text;
    return shown === text ? value : shown;
  }

  /** A text that may be JSON itself, or have names and values. */
  #written(text: string): string {
    if (/^\s*[[{"]/.test(text)) {
      try {
        const json = parse(text);
        const shown = stringify(this.value(json));
        return shown === stringify(json) ? this.text(text) : shown;
      } catch {
        // No JSON after all.
      }
    }
    return this.plainText(text);
  }

  #hide(value: string): string {
    // Hidden before, by another of the ways in which a text names its values.
    if (/^\*{3}.{0,4}$/.test(value)) return mask('');
    this.#remember(value);
    for (const part of value.split(/[\s,;]+/))
      if (!schemes.test(part)) this.#remember(part.replace(/^[^=]*=(?=.)/, ''));
    return mask(value);
  }

  #plainly(text: string): string {
    let shown = text;
    for (const phrase of this.#phrases) if (shown.includes(phrase)) shown = replaceWhole(shown, phrase);
    if (this.#words.size > 0) shown = shown.replace(/\w+/g, (word) => (this.#words.has(word) ? mask(word) : word));
    return shown.replace(cardNumbers, (digits) => (passesLuhn(digits.replace(/[ -]/g, '')) ? mask(digits) : digits));
  }

  #remember(value: string): void {
    if (value.length < leastKnown || ordinaryWord.test(value) || this.names.isDocumented(value)) {
      this.#ordinary.add(value);
      return;
    }
    for (const each of value.length > mostQuoted ? [value, value.slice(0, mostQuoted)] : [value]) {
      if (/^\w+$/.test(each)) this.#words.add(each);
      else if (this.#phrases.size < mostPhrases) this.#phrases.add(each);
    }
  }
}

/** What stands between quotation marks; the text itself where they are none of JSON. */
function unquoted(quoted: string): string {
  try {
    return String(parse(quoted));
  } catch {
    return quoted;
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
