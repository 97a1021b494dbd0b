/**
 * Which page a client asks for (rule page-inputs). The engine has judged the documented spellings; names in another case
 * are read and judged here, alike.
 */
import { Problem, type ProblemDetail } from '../../src/index.js';
import type { World } from './types.js';

export interface Page {
  readonly pageNumber: number;
  readonly pageSize: number;
  readonly excludeTotalCount: boolean;
}

const mostOnPage = 10_000;
const mostPages = 2_147_483_647;

/** @throws {Problem} `invalid-request`, with a detail for each value that is none */
export function pageOf({ rawQuery, rawHeaders }: World): Page {
  const query = new Map([...rawQuery].map(([name, value]) => [name.toLowerCase(), value]));
  const details: ProblemDetail[] = [];
  const read = (name: string): { text: string; where: 'query' | 'header' } | undefined => {
    const asked = query.get(name.toLowerCase());
    if (asked !== undefined) return { text: asked, where: 'query' };
    const header = rawHeaders[name.toLowerCase()];
    return header === undefined ? undefined : { text: header, where: 'header' };
  };
  const number = (name: string, otherwise: number, most: number): number => {
    const given = read(name);
    if (given === undefined) return otherwise;
    const value = Number(given.text);
    if (/^[1-9]\d*$/.test(given.text) && value <= most) return value;
    const message = `'${name}' MUST be a whole number from 1 to ${most}. Received '${given.text.slice(0, 80)}'.`;
    details.push({ in: given.where, pointer: `/${name}`, rule: 'page-inputs', message });
    return otherwise;
  };
  const flag = (name: string): boolean => {
    const given = read(name);
    if (given === undefined) return false;
    if (!['true', 'false'].includes(given.text)) {
      const message = `'${name}' MUST be true or false. Received '${given.text.slice(0, 80)}'.`;
      details.push({ in: given.where, pointer: `/${name}`, rule: 'page-inputs', message });
    }
    return given.text === 'true';
  };
  const page = {
    pageNumber: number('pageNumber', 1, mostPages),
    pageSize: number('pageSize', 20, mostOnPage),
    excludeTotalCount: flag('excludeTotalCount'),
  };
  if (details.length > 0) throw new Problem('invalid-request', { details });
  return page;
}

/** A page of views, with the count of all unless it is left out. */
export function pageOfViews<Item, View>(
  page: Page,
  items: readonly Item[],
  view: (item: Item) => View,
): { pagination: Page; pagedResults: { totalCount?: number; items: View[] } } {
  const start = (page.pageNumber - 1) * page.pageSize;
  const shown = items.slice(start, start + page.pageSize).map(view);
  const count = page.excludeTotalCount ? {} : { totalCount: items.length };
  return { pagination: page, pagedResults: { ...count, items: shown } };
}
