/**
 * Lists that are paged by cursors: an answer says by itself where the next page begins, if it says so in a way that can be
 * read in one way only.
 */
import type { Parameter } from '../../document.js';
import { isObject, type JsonValue } from '../../json.js';
import { scalarText } from '../links.js';
import { plain } from '../resources.js';
import type { Listed } from './records.js';

/** Where a list goes on: at a cursor, nowhere, or that cannot be told. */
export type NextPage = { readonly cursor: string } | 'end' | 'unclear';

const nextNames = ['next', 'nextcursor', 'nextpage', 'nextpagetoken', 'nexttoken', 'endcursor', 'continuationtoken'];
const moreNames = ['hasmore', 'hasnext', 'hasnextpage'];
/** Parameters that take the key of the last record. */
const afterNames = ['after', 'startingafter', 'startafter'];

/** Where a list goes on after a page. `followed`: whether an earlier page led to this one. */
export function nextPage(
  { step, records, keys }: Listed,
  parameter: Parameter,
  followed: boolean,
  size: number | undefined,
): NextPage {
  const members = membersOf(step.body);
  const more = members.find(([name, value]) => moreNames.includes(plain(name)) && typeof value === 'boolean')?.[1];
  if (more === false || records.length === 0) return 'end';
  const nexts = members.filter(([name]) => nextNames.includes(plain(name)));
  const cursors = new Set(nexts.flatMap(([, value]) => cursorsIn(value, parameter)));
  const [cursor] = cursors;
  if (cursors.size > 1) return 'unclear';
  if (cursor !== undefined) return { cursor };
  const last = keys.at(-1);
  if (more === true && afterNames.includes(plain(parameter.name)) && last !== undefined) return { cursor: last };
  if (more === true || nexts.some(([, value]) => value !== null && value !== '')) return 'unclear';
  const isShort = size !== undefined && records.length < size;
  return nexts.length > 0 || followed || isShort ? 'end' : 'unclear';
}

/** The members of an answer, and of the objects in it: `{paging: {next}}`. Records are no part of it. */
function membersOf(body: JsonValue | undefined): readonly (readonly [string, JsonValue])[] {
  return Object.entries(isObject(body) ? body : {}).flatMap(([name, value = null]) => [
    [name, value] as const,
    ...(isObject(value) && !nextNames.includes(plain(name)) ? membersOf(value) : []),
  ]);
}

/** The cursor that a member is: as it stands, or in a URL under the parameter's name. */
function cursorsIn(value: JsonValue, parameter: Parameter): readonly string[] {
  if (isObject(value)) return cursorsIn(value.href ?? value.url ?? null, parameter);
  const text = scalarText(value) ?? '';
  if (text === '') return [];
  if (!/^https?:|^[/?]/.test(text)) return [text];
  const { searchParams } = new URL(text, 'http://paydouble.invalid');
  const cursor = searchParams.get(parameter.name);
  return cursor === null ? [] : [cursor];
}
