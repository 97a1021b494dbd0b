/**
 * Keys that do something on a page, and the list of them that `?` shows. Who reads with other means can switch them off
 * (WCAG 2.1.4).
 */
import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';

/** A key, or two one after the other: `j`, `/`, `Escape`, `g l`. */
export interface Shortcut {
  readonly keys: string;
  /** What it does, for the list. */
  readonly does: string;
  readonly run: () => void;
}

const groups = signal<readonly (readonly Shortcut[])[]>([]);

/** All that do something now, those of the page's frame first. */
export function shortcuts(): readonly Shortcut[] {
  return groups.value.flat();
}

const storageKey = 'shortcuts';

/** Whether keys do anything. */
export const enabled = signal(localStorage.getItem(storageKey) !== 'off');

export function setEnabled(on: boolean): void {
  enabled.value = on;
  localStorage.setItem(storageKey, on ? 'on' : 'off');
}

/** Makes keys do something while a component is shown. */
export function useShortcuts(own: readonly Shortcut[]): void {
  const latest = useRef(own);
  latest.current = own;
  const names = own.map(({ keys }) => keys).join();
  useEffect(() => {
    const group = latest.current.map(({ keys, does }, index) => ({
      keys,
      does,
      run: () => latest.current[index]?.run(),
    }));
    groups.value = [...groups.peek(), group];
    return () => {
      groups.value = groups.peek().filter((each) => each !== group);
    };
  }, [names]);
}

/** The first of two keys, until the second comes. */
let pending = '';

/** Hears every key of the page. Call once. */
export function listenToKeys(): void {
  window.addEventListener('keydown', (event) => {
    if (!enabled.peek() || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (isTyping(event.target) || document.querySelector('dialog[open]') !== null) return;
    const all = shortcuts().toReversed();
    const keys = pending === '' ? event.key : `${pending} ${event.key}`;
    pending = '';
    const found = all.find((each) => each.keys === keys) ?? all.find((each) => each.keys === event.key);
    if (found !== undefined) {
      event.preventDefault();
      found.run();
    } else if (all.some((each) => each.keys.startsWith(`${event.key} `))) {
      pending = event.key;
    }
  });
}

/** Whether a key that comes there is text. */
function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target instanceof HTMLTextAreaElement ||
      target instanceof HTMLSelectElement ||
      isText(target))
  );
}

function isText(target: HTMLElement): boolean {
  return (
    target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'submit', 'range'].includes(target.type)
  );
}
