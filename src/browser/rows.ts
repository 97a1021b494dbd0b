/**
 * Keys in a list: j and k move the focus over the links that open its rows, and Enter follows one as it follows any link.
 */
import { useRef } from 'preact/hooks';
import { useShortcuts } from './keyboard.js';

/** What goes to the link of a row, for the list's element to hold. `what` is a row: `record`. */
export function useRows<T extends HTMLElement>(what: string) {
  const list = useRef<T>(null);
  const move = (step: 1 | -1) => {
    const links = [...(list.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [])];
    const at = links.findIndex((link) => link.matches(':focus'));
    const next = at === -1 ? (step === 1 ? 0 : links.length - 1) : at + step;
    links[Math.max(0, Math.min(next, links.length - 1))]?.focus();
  };
  useShortcuts([
    { keys: 'j', does: `Next ${what}; Enter opens it`, run: () => move(1) },
    { keys: 'k', does: `Previous ${what}`, run: () => move(-1) },
  ]);
  return list;
}
