/**
 * Keys in a list: j and k move the focus over the links that open its rows, and Enter follows one as it follows any link. So
 * does a press anywhere in a row.
 */
import { useEffect, useRef } from 'preact/hooks';
import { useShortcuts } from './keyboard.js';

/** For the element of a list to hold; in each row the link that opens it has `data-row`. `what` is a row: `record`. */
export function useRows<T extends HTMLElement>(what: string) {
  const list = useRef<T>(null);
  const move = (step: 1 | -1) => {
    const links = [...(list.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [])];
    const at = links.findIndex((link) => link.matches(':focus'));
    const next = at === -1 ? (step === 1 ? 0 : links.length - 1) : at + step;
    links[Math.max(0, Math.min(next, links.length - 1))]?.focus();
  };
  useEffect(() => {
    const element = list.current;
    element?.addEventListener('click', openRow);
    return () => element?.removeEventListener('click', openRow);
  }, []);
  useShortcuts([
    { keys: 'j', does: `Next ${what}; Enter opens it`, run: () => move(1) },
    { keys: 'k', does: `Previous ${what}`, run: () => move(-1) },
  ]);
  return list;
}

/** A press that is for the row: not for something in it, nor the end of marking a text. */
function openRow({ target }: MouseEvent): void {
  if (!(target instanceof Element) || target.closest('a, button') !== null) return;
  if (getSelection()?.isCollapsed === false) return;
  target.closest('tr')?.querySelector<HTMLElement>('[data-row]')?.click();
}
