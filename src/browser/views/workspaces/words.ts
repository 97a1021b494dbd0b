/**
 * What the page of workspaces reckons and says, without a browser.
 */
import type { components } from '../../../../specs/_sandbox/openapi.js';

type Schemas = components['schemas'];

/** How many records a workspace holds in all. */
export function recordsIn(collections: Schemas['Workspace']['collections']): number {
  return Object.values(collections)
    .flatMap((sizes) => Object.values(sizes))
    .reduce((sum, size) => sum + size, 0);
}

const last = Date.parse('9999-12-31T23:59:59.999Z');

/** What a clock says, so many milliseconds after it was asked; one that runs stops at the end of the year 9999. */
export function clockAfter({ now, frozen }: Schemas['Clock'], milliseconds: number): string {
  if (frozen) return now;
  return new Date(Math.min(Date.parse(now) + milliseconds, last)).toISOString();
}

/** A date and time as a field of a form has them, in UTC, as the control API takes them: `2026-03-31T23:59:00Z`. */
export function inUtc(local: string): string {
  return `${local.length === '2026-03-31T23:59'.length ? `${local}:00` : local}Z`;
}

/** The name that a file's snapshot may have: what stands before the file's ending, with dashes for what no name has. */
export function nameOfFile(file: string): string {
  return file
    .replace(/\.json$/i, '')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 100);
}
