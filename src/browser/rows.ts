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
 * does, the rows are those of the whole page. `isOpen`: one of them is open beside the list, so that to go to another is to open
 * it.
 */
export function useRows<T extends HTMLElement>(what: string, isOpen = false) {
  const list = useRef<T>(null);
  useEffect(() => {
    const element = list.current;
    element?.addEventListener('click', openRow);
    return () => element?.removeEventListener('click', openRow);
  }, []);
  const move = (by: 1 | -1) => {
    const rows = [...(list.current ?? document).querySelectorAll<HTMLElement>('[data-row]')];
    const focused = document.activeElement;
    const isOnRow = rows.some((row) => row === focused);
    const row = next(rows, isOpen && !isOnRow ? rows.find(({ ariaCurrent }) => ariaCurrent === 'true') : focused, by);
    row?.focus();
    if (isOpen) row?.click();
  };
  useShortcuts([
    { keys: 'j', does: `Next ${what}; Enter opens it`, run: () => move(1) },
    { keys: 'k', does: `Previous ${what}`, run: () => move(-1) },
  ]);
  return list;
}

/** The row that one comes to from an element: from a button of a row, the next is the one behind that button. */
function next(rows: readonly HTMLElement[], from: Element | null | undefined, by: 1 | -1): HTMLElement | undefined {
  const at = rows.findLastIndex((row) => from != null && (row === from || isBefore(row, from)));
  const isOnRow = at !== -1 && rows[at] === from;
  const index = by === 1 || isOnRow ? at + by : at;
  return rows[Math.min(Math.max(index, 0), rows.length - 1)];
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
