/**
 * A part of a page that may be wider than the window, and is scrolled by itself, with keys too.
 */
import type { ComponentChildren } from 'preact';

/** `label` names it for who cannot see it. */
export function Wide({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    <section class="wide" aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
