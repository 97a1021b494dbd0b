/**
 * Keys that go from row to row: `j` and `k` move the focus to what opens the next or the last one, and Enter opens it.
 */
import { useShortcuts } from '../keyboard.js';

/** What opens a row bears this attribute: `<a {...opensRow} href=…>`. */
export const opensRow = { 'data-row': '' };

/** `what` names the rows: `row`, `workspace or snapshot`. */
export function useRows(what: string): void {
  useShortcuts([
    { keys: 'j', does: `Next ${what}; Enter opens it`, run: () => move(1) },
    { keys: 'k', does: `Previous ${what}`, run: () => move(-1) },
  ]);
}

function move(by: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('main [data-row]')];
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
