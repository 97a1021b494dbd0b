/**
 * Keys in lists: j and k move the focus over what opens rows, and Enter opens one as it does any link or button. Where a list
 * holds what {@link useRows} gives, a press anywhere in a row opens it, too.
 */
import { useEffect, useRef } from 'preact/hooks';
import { useShortcuts } from './keyboard.js';

/** What opens a row bears this attribute: `<a {...opensRow} href=…>`. */
export const opensRow = { 'data-row': '' };

/**
 * `what` names a row: `record`, `workspace or snapshot`. What it gives is for the element of the list to hold, as `ref`; if none
 * does, the rows are those of the whole page.
 */
export function useRows<T extends HTMLElement>(what: string) {
  const list = useRef<T>(null);
  useEffect(() => {
    const element = list.current;
    element?.addEventListener('click', openRow);
    return () => element?.removeEventListener('click', openRow);
  }, []);
  const move = (by: 1 | -1) => moveFocus(list.current ?? document.querySelector<HTMLElement>('main'), by);
  useShortcuts([
    { keys: 'j', does: `Next ${what}; Enter opens it`, run: () => move(1) },
    { keys: 'k', does: `Previous ${what}`, run: () => move(-1) },
  ]);
  return list;
}

function moveFocus(list: HTMLElement | null, by: 1 | -1): void {
  const rows = [...(list?.querySelectorAll<HTMLElement>('[data-row]') ?? [])];
  const focused = document.activeElement;
  // From a button of a row, the next row is the one behind that button.
  const at = rows.findLastIndex((row) => focused !== null && (row === focused || isBefore(row, focused)));
  const isOnRow = at !== -1 && rows[at] === focused;
  const index = by === 1 || isOnRow ? at + by : at;
  rows[Math.min(Math.max(index, 0), rows.length - 1)]?.focus();
}

/** Whether an element stands before another in the page. */
function isBefore(element: Element, other: Element): boolean {
  return (element.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
}

/** A press that is for the row: not for something in it, nor the end of marking a text. */
function openRow({ target }: MouseEvent): void {
  if (!(target instanceof Element) || target.closest('a, button') !== null) return;
  if (getSelection()?.isCollapsed === false) return;
  target.closest('tr')?.querySelector<HTMLElement>('[data-row]')?.click();
}
