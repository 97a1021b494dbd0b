/**
 * Nothing that is on a page moves while the rest of it is loaded.
 */
import { describe, expect, test } from 'vitest';
import { baseUrl, open, useSandbox } from '../harness.js';
import { openPage, useBrowser } from './page.js';

useSandbox();
useBrowser();

/** What the browser adds up where things move that nobody touched; 0.1 is what is still called good. */
const most = 0.05;

describe.each([1280, 390])('at %d pixels', (width) => {
  test.each([
    ['', 'curl -X'],
    ['live', 'succeeded'],
    ['state', 'payments'],
    ['state/logisense/payments', '2026-01-10T14'],
    ['state/logisense/payments/1', 'accountId'],
    ['workspaces', 'quarter-close'],
    ['faults', 'New rule'],
    ['contract', 'Run all'],
  ])('of #/%s', async (view, shown) => {
    const client = await open('logisense');
    await client.get('/Payment/1');
    const page = await openPage('/_browser/theme.js', { viewport: { width, height: 800 } });
    await page.addInitScript(() => {
      const seen: number[] = [];
      Object.assign(window, { shifts: seen });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if ('value' in entry) seen.push(Number(entry.value));
      }).observe({ type: 'layout-shift', buffered: true });
    });
    await page.goto(`${baseUrl()}/#/~${client.workspace}/${view}`);
    await page.getByText(shown).first().waitFor();
    await page.waitForLoadState('networkidle', { timeout: 3_000 }).catch(() => {});
    const shifts = await page.evaluate(() => ('shifts' in window && Array.isArray(window.shifts) ? window.shifts : []));
    expect(shifts.reduce((sum: number, each: number) => sum + each, 0)).toBeLessThan(most);
  });
});
