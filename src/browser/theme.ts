/**
 * Light or dark: as the system says, until the user says otherwise.
 */
import { say } from './sandbox.js';

const themes = ['system', 'light', 'dark'] as const;

/** Goes from what the system says to light, to dark, and back. */
export function nextTheme(): void {
  const { dataset } = document.documentElement;
  const index = themes.findIndex((theme) => theme === (dataset.theme ?? 'system'));
  const next = themes[(index + 1) % themes.length] ?? 'system';
  if (next === 'system') delete dataset.theme;
  else dataset.theme = next;
  localStorage.setItem('theme', next);
  say(next === 'system' ? 'Light or dark as the system says.' : `The theme is ${next}.`);
}
