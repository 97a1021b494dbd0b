/**
 * Where the values of a JSON text stand in it, for who shows what is said of them.
 *
 * The only module that imports @lezer/json.
 */
import { parser } from '@lezer/json';
import { parse } from '../../json.js';
import { pointerTokens } from '../../json-pointer.js';

/** A part of a text, by its characters. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

type Node = ReturnType<typeof parser.parse>['topNode'];

/**
 * Where a JSON pointer leads in a text. Where nothing stands there, what would hold it; of an object or a list that is longer
 * than a line, its first character, so that not all of it is underlined.
 */
export function placeOf(text: string, pointer: string): Span {
  let node = parser.parse(text).topNode.firstChild;
  let place: Span = { from: 0, to: Math.min(1, text.length) };
  for (const token of [undefined, ...(pointerTokens(pointer) ?? [])]) {
    if (token !== undefined) node = node === null ? null : inside(node, token, text);
    if (node === null) return place;
    const { from, to } = node;
    place = text.slice(from, to).includes('\n') ? { from, to: from + 1 } : { from, to };
  }
  return place;
}

function inside(node: Node, token: string, text: string): Node | null {
  if (node.name === 'Array') return values(node)[Number(token)] ?? null;
  // The last of several with one name is the one that counts.
  const member = node.getChildren('Property').findLast((each) => nameOf(each, text) === token);
  return member?.lastChild ?? null;
}

function values(list: Node): Node[] {
  const found: Node[] = [];
  for (let each = list.firstChild; each !== null; each = each.nextSibling) {
    if (!['[', ']', ',', '⚠'].includes(each.name)) found.push(each);
  }
  return found;
}

function nameOf(member: Node, text: string): string | undefined {
  const name = member.getChild('PropertyName');
  if (name === null) return undefined;
  try {
    return String(parse(text.slice(name.from, name.to)));
  } catch {
    return undefined;
  }
}

/** Where a text stops being JSON; `undefined` if it is. */
export function brokenAt(text: string): Span | undefined {
  try {
    parse(text);
    return undefined;
  } catch {
    return firstFault(text);
  }
}

/** Where a part of a text begins, as editors count: `line 3, column 5`. */
export function placeInWords(text: string, { from }: Span): string {
  const before = text.slice(0, from).split('\n');
  return `line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
}

function firstFault(text: string): Span {
  const cursor = parser.parse(text).cursor();
  do {
    if (cursor.type.isError) {
      const to = Math.min(text.length, Math.max(cursor.to, cursor.from + 1));
      return { from: Math.min(cursor.from, Math.max(0, to - 1)), to };
    }
  } while (cursor.next());
  return { from: 0, to: Math.min(1, text.length) };
}
