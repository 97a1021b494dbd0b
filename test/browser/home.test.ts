/**
 * The home page in a browser: what is served, and requests that work when they are pasted.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { control } from '../control-client.js';
import { baseUrl, request, useSandbox } from '../harness.js';
import { expectAccessible, expectNoSidewaysScrolling, newWorkspace, openPage, useBrowser } from './page.js';

useSandbox();
useBrowser();

const run = promisify(execFile);

describe('home', () => {
  test('names every api with its operations, credentials and documents', async () => {
    const page = await openPage('/');
    const { body: apis } = await request(`${baseUrl()}/_sandbox/apis`);
    for (const { title, operations, credentials, api } of apis) {
      const section = page.getByRole('region', { name: title });
      for (const { summary } of operations) await section.getByText(summary, { exact: true }).waitFor();
      for (const { values } of credentials) await section.getByText(values.join(', ')).first().waitFor();
      const document = await section.getByRole('link', { name: 'openapi.json' }).getAttribute('href');
      expect(document).toBe(`/${api}/openapi.json`);
    }
  });

  test('every curl works as it is pasted, in the workspace that is looked at', async () => {
    const workspace = await newWorkspace();
    const page = await openPage(`/#/~${workspace}/`);
    const { body: apis } = await request(`${baseUrl()}/_sandbox/apis`);
    for (const { title, api } of apis) {
      await page.getByRole('region', { name: title }).getByRole('button', { name: 'Copy curl' }).click();
      const command = await page.evaluate(() => navigator.clipboard.readText());
      const { stdout } = await run('bash', ['-c', `${command} --silent --write-out '\n%{http_code}'`]);
      expect(stdout, command).toMatch(/\n20\d$/);
      const { body } = await request(`${baseUrl()}/_sandbox/workspaces/${workspace}/journal?api=${api}`);
      expect(body.entries).toHaveLength(1);
    }
  });

  test('the choice of a language stays', async () => {
    const page = await openPage('/');
    await page.getByRole('button', { name: 'Python', exact: true }).click();
    await page.getByText('import requests').first().waitFor();
    await page.reload();
    await page.getByText('import requests').first().waitFor();
    expect(await page.getByRole('button', { name: 'Python', exact: true }).getAttribute('aria-pressed')).toBe('true');
  });
});

describe('the frame', () => {
  test('keys lead everywhere, and ? lists them', async () => {
    const page = await openPage('/');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('w');
    await page.getByRole('heading', { level: 1, name: 'Workspaces' }).waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).getByText('Go to Live').waitFor();
    await page.getByLabel('Keys do something').uncheck();
    await page.keyboard.press('Escape');
    await page.keyboard.press('g');
    await page.keyboard.press('l');
    expect(new URL(page.url()).hash).toBe('#/workspaces');
  });

  test('the focus is where one was when a dialog is closed, and in the content when a page is left', async () => {
    const page = await openPage('/#/state/staxbill/customers/7001');
    const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim());
    await page.getByRole('button', { name: 'Delete' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    expect(await focused()).toBe('Delete');
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { level: 1, name: 'customers' }).waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('main');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('State');
  });

  test('asks again for the workspace that is looked at alone, and says when it has vanished', async () => {
    const workspace = await newWorkspace();
    const page = await openPage('/_browser/theme.js');
    await page.clock.install();
    await page.goto(`${baseUrl()}/#/~${workspace}/faults`);
    await page.getByText('clock runs').waitFor();
    const asked: string[] = [];
    page.on('request', (each) => asked.push(new URL(each.url()).pathname));
    await control('POST', `/workspaces/${workspace}/clock`, { freeze: '2026-01-30T12:00:00Z' });
    await page.clock.runFor(5_000);
    await page.getByText('frozen 2026-01-30 12:00:00').waitFor();
    expect(asked).toContain(`/_sandbox/workspaces/${workspace}`);
    expect(asked).not.toContain('/_sandbox/workspaces');
    await control('DELETE', `/workspaces/${workspace}`);
    await page.clock.runFor(5_000);
    await page.getByRole('heading', { name: 'No such workspace' }).waitFor();
    expect(asked).toContain('/_sandbox/workspaces');
    await control('POST', '/workspaces', { name: workspace });
    await page.clock.runFor(5_000);
    await page.getByRole('heading', { name: `Faults of ${workspace}` }).waitFor();
  });

  test('a place that is none, and a workspace that is none, say so and lead on', async () => {
    const page = await openPage('/#/nowhere');
    await page.getByRole('heading', { name: 'No such page' }).waitFor();
    await page.goto(`${baseUrl()}/#/~gone/live`);
    await page.getByRole('heading', { name: 'No such workspace' }).waitFor();
    await page.getByRole('link', { name: 'See those that there are' }).click();
    await page.getByRole('heading', { level: 1, name: 'Workspaces' }).waitFor();
  });
});

describe.each([
  { width: 1280, colorScheme: 'light' as const },
  { width: 390, colorScheme: 'dark' as const },
])('at $width pixels, $colorScheme', ({ width, colorScheme }) => {
  test('home is accessible and fits', async () => {
    const page = await openPage('/', { viewport: { width, height: 800 }, colorScheme });
    await page.getByRole('button', { name: 'Copy curl' }).first().waitFor();
    await expectAccessible(page);
    await expectNoSidewaysScrolling(page);
  });
});
