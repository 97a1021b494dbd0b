/**
 * What is wrong with a payment, in one text: the `message` of a 400, and the `error` of an entry.
 *
 * Of the vendor's own texts only `unknown invoice_token: …` is known (vendors.md, 003); the others are ours.
 */
import { isArray, isNumberText, isObject, type JsonValue, type ProblemDetail } from '../../src/index.js';

/** Everything that is wrong, in the order of the schema, then the rules. */
export function messageOf(details: readonly ProblemDetail[]): string {
  const telling = withoutConsequences(withoutOtherForm(details));
  const unknown = telling.filter(({ rule }) => rule === 'invoice-token-known').map(({ received }) => String(received));
  const texts = telling.filter(({ rule }) => rule !== 'invoice-token-known').map(textOf);
  if (unknown.length > 0) texts.push(`unknown invoice_token: ${[...new Set(unknown)].join(', ')}`);
  return [...new Set(texts)].join(' ');
}

/**
 * A body is a payment or an array. Whoever sent one of them and made a mistake within it need not hear that it is not the
 * other; whoever sent neither hears of both.
 */
function withoutOtherForm(details: readonly ProblemDetail[]): readonly ProblemDetail[] {
  const within = details.filter(({ rule, pointer }) => pointer !== '' || rule !== 'type');
  const [whole] = details;
  if (within.length > 0 || whole === undefined) return within;
  const forms = new Set(details.map(({ params }) => String(params?.type)));
  return [{ ...whole, params: { type: [...forms] } }];
}

/** Of a value of the wrong type nothing else is told: that a number is none of the documented words. */
function withoutConsequences(details: readonly ProblemDetail[]): readonly ProblemDetail[] {
  const mistyped = new Set(details.filter(({ rule }) => rule === 'type').map(({ pointer }) => pointer));
  return details.filter(({ rule, pointer }) => rule === 'type' || !mistyped.has(pointer));
}

function textOf(detail: ProblemDetail): string {
  const { rule, pointer, params, received, message } = detail;
  const name = nameOf(pointer);
  if (rule === 'required' && typeof params?.missingProperty === 'string') {
    return `${name === '' ? '' : `${name}.`}${params.missingProperty} is required.`;
  }
  const documented = documentedBy(detail);
  if (documented === undefined) return message;
  return `Received ${name === '' ? '' : `${name} `}${shown(received)}; documented: ${documented}.`;
}

/** `/lines/0/invoice_token` is `lines[0].invoice_token`. No documented name needs a pointer's escapes. */
function nameOf(pointer: string): string {
  const tokens = pointer.split('/').slice(1);
  return tokens.reduce((name, token) => {
    if (/^\d+$/.test(token)) return `${name}[${token}]`;
    return name === '' ? token : `${name}.${token}`;
  }, '');
}

const formats: Readonly<Record<string, string>> = {
  'date-time': 'a date-time of RFC 3339 with its zone, such as 2024-07-29T15:51:28.071Z',
  uuid: 'a UUID',
  number: 'a number of at most 64 characters and an exponent of at most 64',
};

/** What is documented in the place of what was received; `undefined` for what the engine says well enough. */
function documentedBy({ rule, params }: ProblemDetail): string | undefined {
  switch (rule) {
    case 'type':
      return typeName(params?.type);
    case 'enum':
      return isArray(params?.allowedValues) ? params.allowedValues.map(String).join(', ') : undefined;
    case 'pattern':
      // The only pattern of a request is that of the currency (seed 003).
      return '3 letters, such as USD';
    case 'format':
      return formats[String(params?.format)];
    case 'minLength':
      return `at least ${String(params?.limit)} characters`;
    case 'maxLength':
      return `at most ${String(params?.limit)} characters`;
    case 'maxItems':
      return `at most ${String(params?.limit)} elements`;
    default:
      return undefined;
  }
}

/** `string` is "a string"; `["string", "null"]` is "a string or null". */
function typeName(type: JsonValue | undefined): string {
  if (isArray(type)) return type.map(typeName).join(' or ');
  const name = String(type);
  if (name === 'null') return name;
  return /^[aeiou]/.test(name) ? `an ${name}` : `a ${name}`;
}

/** A value as a text shows it: JSON, a long string cut, never within a character. */
function shown(value: JsonValue | undefined): string {
  if (isNumberText(value)) return value.value.length > 80 ? `${value.value.slice(0, 77)}…` : value.value;
  if (isArray(value)) return 'an array';
  if (isObject(value)) return 'an object';
  if (typeof value !== 'string') return String(value);
  const characters = Array.from(value);
  return JSON.stringify(characters.length > 80 ? `${characters.slice(0, 77).join('')}…` : value);
}
