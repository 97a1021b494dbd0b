/**
 * Named values in a text that is no JSON, or no longer: forms, parts of a multipart body, XML, `name: value` and
 * `name=value` in anything else. Every way through a text is a single one, however it was made up.
 */

/** What is hidden in a text, and how. */
export interface Hiding {
  /** Whether values of that name are hidden. */
  isSensitive(name: string): boolean;
  /** What stands in the place of a value. */
  hide(value: string): string;
}

/** The text with every value hidden whose name is sensitive; escapes in it are read first. */
export function hideNamed(text: string, hiding: Hiding): string {
  const bare = unescaped(text);
  if (isForm.test(bare)) return hideInForm(bare, hiding);
  const parts = bare.split(boundary);
  const shown = parts.length === 1 ? bare : parts.map((part) => hideInPart(part, hiding)).join('');
  return hidePairs(shown.includes('<') ? hideInXml(shown, hiding) : shown, hiding);
}

/** `\u0070` is a p, in a name as well as in a value. */
function unescaped(text: string): string {
  return text.replace(/\\u([\da-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

/** What `application/x-www-form-urlencoded` looks like. */
const isForm = /^[^\s<>{}"'&=]+=[^\s<>{}"']*$/;

function hideInForm(text: string, { isSensitive, hide }: Hiding): string {
  const pairs = text.split('&').map((pair) => {
    const at = pair.indexOf('=');
    const value = pair.slice(at + 1);
    return at === -1 || value === '' || !isSensitive(decoded(pair.slice(0, at)))
      ? pair
      : `${pair.slice(0, at)}=${hide(decoded(value))}`;
  });
  return pairs.join('&');
}

/** A form's text without its percent signs; where they are wrong, the text itself. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

/** The lines between the parts of a multipart body; they stay. */
const boundary = /(^--[^\r\n]{1,100}\r?\n|\r?\n--[^\r\n]{1,100})/;

function hideInPart(part: string, { isSensitive, hide }: Hiding): string {
  const blank = /\r?\n\r?\n/.exec(part);
  if (blank === null) return part;
  const [, name] = /;\s{0,20}name="?([^"\r\n;]{1,200})/i.exec(part.slice(0, blank.index)) ?? [];
  if (name === undefined || !isSensitive(name)) return part;
  const start = blank.index + blank[0].length;
  return `${part.slice(0, start)}${hide(part.slice(start))}`;
}

const tags = /<(\/?)([\w.:-]{1,100})([^<>]*)>|[^<]+|</g;

/** Hides the text of elements whose name, or that of an element around them, is sensitive. Attributes are pairs. */
function hideInXml(text: string, { isSensitive, hide }: Hiding): string {
  /** The sensitive element, and how many of its name are open within it. */
  let element: string | undefined;
  let open = 0;
  return text.replace(tags, (token: string, end?: string, name?: string, rest?: string) => {
    if (name === undefined) return element === undefined || token.trim() === '' ? token : hide(token.trim());
    if (element === undefined && end === '' && !rest?.endsWith('/') && isSensitive(localName(name))) {
      element = name;
      open = 1;
    } else if (name === element && !rest?.endsWith('/')) open += end === '' ? 1 : -1;
    if (open === 0) element = undefined;
    return token;
  });
}

function localName(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1);
}

/**
 * What stands between a name, quoted or not, and its value. It is looked for from there backwards: from every letter of a long
 * text onwards takes a hundred times as long.
 */
const named = /[:=](?<=(?:"([^"\\\r\n]{1,100})"|'([^'\\\r\n]{1,100})'|([\w.%-]{1,100}))\s{0,20}[:=])\s{0,20}/g;

/** A value: quoted, in brackets, or up to where another thing begins. */
const valued = /"(?:[^"\\]|\\[\s\S])*"?|'(?:[^'\\]|\\[\s\S])*'?|[[{]|[^\s,;&}\]<>"']+/y;

/** A scheme of credentials, whose credential comes behind it. */
const schemed = /(?:basic|bearer|digest|negotiate|token)\s{1,20}/iy;

function hidePairs(text: string, { isSensitive, hide }: Hiding): string {
  let shown = '';
  let done = 0;
  named.lastIndex = 0;
  for (let match = named.exec(text); match !== null; match = named.exec(text)) {
    const [whole, double, single, plain = ''] = match;
    if (!isSensitive(decoded(double ?? single ?? plain))) continue;
    const start = match.index + whole.length;
    schemed.lastIndex = start;
    const scheme = schemed.exec(text)?.[0] ?? '';
    valued.lastIndex = start + scheme.length;
    const [value] = valued.exec(text) ?? [];
    if (value === undefined) continue;
    const from = start + scheme.length;
    const isOpen = value === '{' || value === '[';
    const end = isOpen ? closing(text, from) : from + value.length;
    const quote = /^["']/.exec(value)?.[0] ?? '';
    const bare = text.slice(from + quote.length, quote !== '' && value.endsWith(quote) ? end - 1 : end);
    shown += `${text.slice(done, from)}${quote}${bare === '' ? '' : hide(bare)}${quote}`;
    done = end;
    named.lastIndex = end;
  }
  return shown + text.slice(done);
}

/** Where the bracket at a place closes; the end of the text if it never does. */
function closing(text: string, from: number): number {
  const parts = /"(?:[^"\\]|\\[\s\S])*"?|[[\]{}]/g;
  parts.lastIndex = from;
  let depth = 0;
  for (let match = parts.exec(text); match !== null; match = parts.exec(text)) {
    if (match[0] === '{' || match[0] === '[') depth++;
    else if (match[0].length === 1 && match[0] !== '"') depth--;
    if (depth === 0) return parts.lastIndex;
  }
  return text.length;
}
