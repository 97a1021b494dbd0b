/**
 * The page of workspaces in a browser: made, forked, loaded, reset, kept, compared; and their clocks.
 */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { control } from '../control-client.js';
import { baseUrl, request, useSandbox } from '../harness.js';
import { expectAccessible, expectNoSidewaysScrolling, newWorkspace, openPage, useBrowser } from './page.js';

useSandbox();
useBrowser();

const at = (workspace: string, query = '') => `/#/~${workspace}/workspaces${query}`;
const describeWorkspace = async (name: string) => (await control('GET', `/workspaces/${name}`)).body;
const row = (page: Page, name: string) =>
  page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const confirm = (page: Page, name: string) => page.getByRole('dialog').getByRole('button', { name }).click();
const said = (page: Page, text: string) => page.locator('.notice').getByText(text).waitFor();

/** A payment of Nuntiq more. */
async function pay(workspace: string, external_payment_id = 'P-1'): Promise<void> {
  const answer = await request(`${baseUrl()}/~${workspace}/nuntiq/payments`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': 'nuntiq-sandbox-key' },
    body: JSON.stringify({ external_payment_id, method: 'ACH', total_amount: 10, currency: 'USD' }),
  });
  expect(answer.status, answer.text).toBe(200);
}

const paymentsOf = async (workspace: string): Promise<number> =>
  (await describeWorkspace(workspace)).collections.nuntiq.payments;

describe('workspaces', () => {
  test('are listed with what they are, searched, and switched between by keys', async () => {
    const [left, right] = [await newWorkspace(), await newWorkspace('month-end')];
    await pay(left);
    const page = await openPage(at(left));
    await row(page, left).getByText('(current)').waitFor();
    expect(await row(page, left).getByRole('cell').nth(1).textContent()).toBe('1');
    await row(page, right).getByText('frozen at 2026-03-31 17:00:00 UTC').waitFor();
    await row(page, right).getByRole('button', { name: 'Copy URL' }).click();
    await said(page, 'Copied: URL.');
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${baseUrl()}/~${right}`);
    await page.keyboard.press('/');
    await page.keyboard.type(right);
    await page.getByText(/^1 of \d+$/).waitFor();
    await page.getByRole('heading', { level: 1 }).click();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: `Clock of ${right}` }).waitFor();
  });

  test('are made from a scenario with all that a request may say, and refused at the field that is wrong', async () => {
    const page = await openPage('/#/workspaces');
    await row(page, 'default').waitFor();
    await page.keyboard.press('n');
    const dialog = page.getByRole('dialog', { name: 'Make a workspace' });
    await dialog.getByLabel('Name', { exact: true }).fill('default');
    await dialog.getByLabel('Which').selectOption('month-end');
    await dialog.getByRole('region', { name: 'The story of month-end' }).getByText('staxbill').waitFor();
    await dialog.getByText('More', { exact: true }).click();
    await dialog.getByLabel('Seed of the random numbers').fill('7');
    await dialog.getByLabel('Clock frozen at, in UTC').fill('2026-05-01T12:30:15');
    await dialog.getByLabel('Seconds without a request').fill('600');
    await dialog.getByRole('button', { name: 'Make it' }).click();
    await dialog.getByText('There is a workspace default already.').waitFor();
    expect(await dialog.getByLabel('Name', { exact: true }).getAttribute('aria-invalid')).toBe('true');
    await dialog.getByLabel('Name', { exact: true }).fill('a b');
    await dialog.getByRole('button', { name: 'Make it' }).click();
    await dialog.getByText('"a b" is not like that.').waitFor();
    expect(await dialog.innerText()).not.toContain('^[');
    await dialog.getByLabel('Name', { exact: true }).fill('made.by_form-1');
    await dialog.getByRole('button', { name: 'Make it' }).click();
    await page.getByRole('heading', { name: 'Clock of made.by_form-1' }).waitFor();
    expect(await describeWorkspace('made.by_form-1')).toMatchObject({
      scenario: 'month-end',
      seed: 7,
      clock: { now: '2026-05-01T12:30:15.000Z', frozen: true },
      expiresAt: expect.any(String),
    });
  });

  test('are forked as they are now, reset and thrown away', async () => {
    const workspace = await newWorkspace();
    const before = await paymentsOf(workspace);
    await pay(workspace);
    const page = await openPage(at(workspace));
    await press(page, `Fork ${workspace}`);
    await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill(`${workspace}.fork`);
    await page.getByRole('dialog').getByRole('button', { name: 'Make it' }).click();
    await page.getByRole('heading', { name: `Clock of ${workspace}.fork` }).waitFor();
    expect(await paymentsOf(`${workspace}.fork`)).toBe(before + 1);
    await press(page, `Reset ${workspace}`);
    await confirm(page, 'Reset it');
    await said(page, `${workspace} is as it was made.`);
    expect(await paymentsOf(workspace)).toBe(before);
    expect(await paymentsOf(`${workspace}.fork`)).toBe(before + 1);
    await press(page, `Throw away ${workspace}.fork`);
    await confirm(page, 'Cancel');
    expect(await paymentsOf(`${workspace}.fork`)).toBe(before + 1);
    await press(page, `Throw away ${workspace}.fork`);
    await confirm(page, 'Throw it away');
    // What was looked at is gone, so the page looks at another.
    await page.getByRole('heading', { name: 'Clock of default' }).waitFor();
    expect((await control('GET', `/workspaces/${workspace}.fork`)).status).toBe(404);
    expect(await page.getByRole('button', { name: 'Throw away default' }).count()).toBe(0);
  });

  test('take a scenario, the one that is looked at, and keep their name', async () => {
    const workspace = await newWorkspace();
    const page = await openPage(at(workspace));
    await page.getByText('declines', { exact: true }).click();
    await page
      .locator('.scenarios li')
      .filter({ hasText: 'declines' })
      .getByText('nuntiq', { exact: true })
      .first()
      .waitFor();
    await press(page, `Load declines into ${workspace}`);
    await confirm(page, 'Put it there');
    await said(page, `${workspace} goes on from the scenario declines.`);
    await row(page, workspace).getByText('declines').waitFor();
    expect((await describeWorkspace(workspace)).scenario).toBe('declines');
  });
});

describe('a clock', () => {
  const timer = (page: Page) => page.getByRole('timer');

  test('is frozen, put on, set and run', async () => {
    const workspace = await newWorkspace();
    await control('POST', `/workspaces/${workspace}/clock`, { freeze: '2026-01-30T12:00:00Z' });
    const page = await openPage(at(workspace));
    const shows = (text: string) => timer(page).getByText(text).waitFor();
    await shows('2026-01-30 12:00:00 UTC');
    await press(page, 'Advance the clock by a day');
    await shows('2026-01-31 12:00:00 UTC');
    await press(page, 'Advance the clock by 30 days');
    await shows('2026-03-02 12:00:00 UTC');
    await press(page, 'Advance the clock by an hour');
    await shows('2026-03-02 13:00:00 UTC');
    await press(page, 'Advance the clock by a second');
    await shows('2026-03-02 13:00:01 UTC');
    await page.getByLabel('By a duration').fill('a while');
    await press(page, 'Advance');
    await page.getByText('Received "a while"; expected an ISO 8601 duration').waitFor();
    await page.getByLabel('By a duration').fill('-P1DT1S');
    await press(page, 'Advance');
    await shows('2026-03-01 13:00:00 UTC');
    await page.getByLabel('To a date and time in UTC').fill('2027-12-31T23:59:58');
    await press(page, 'Set');
    await shows('2027-12-31 23:59:58 UTC');
    await press(page, 'Let it run');
    // It ticks by itself.
    await shows('2028-01-01 00:00:0');
    await press(page, 'Freeze');
    await page.getByRole('button', { name: 'Let it run' }).waitFor();
    expect((await describeWorkspace(workspace)).clock).toMatchObject({ frozen: true });
  });
});

describe('a snapshot', () => {
  test('is taken, compared, restored, made a workspace of and thrown away', async () => {
    const workspace = await newWorkspace();
    const before = await paymentsOf(workspace);
    const page = await openPage(at(workspace));
    await press(page, `Take a snapshot of ${workspace}`);
    await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill(`${workspace}-kept`);
    await page.getByRole('dialog').getByRole('button', { name: 'Keep it' }).click();
    await row(page, `${workspace}-kept`).waitFor();
    await press(page, `Compare ${workspace}-kept`);
    await page.getByText('0 changed, 0 added, 0 removed.').waitFor();
    await page.getByText('No record changed.').waitFor();
    await pay(workspace);
    await control('PATCH', `/workspaces/${workspace}/state/nuntiq/payments/1001`, { total_amount: 7.5 });
    await press(page, 'Compare again');
    await page.getByText('1 changed, 1 added, 0 removed.').waitFor();
    await page.getByRole('row').filter({ hasText: '/total_amount' }).getByText('7.5', { exact: true }).waitFor();
    await press(page, `Restore ${workspace}-kept into ${workspace}`);
    await confirm(page, 'Put it there');
    await said(page, `${workspace} goes on from the snapshot ${workspace}-kept.`);
    expect(await paymentsOf(workspace)).toBe(before);
    await press(page, `Make a workspace of ${workspace}-kept`);
    await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill(`${workspace}-again`);
    await page.getByRole('dialog').getByLabel('Look at it when it is made').uncheck();
    await page.getByRole('dialog').getByRole('button', { name: 'Make it' }).click();
    await row(page, `${workspace}-again`).waitFor();
    await press(page, `Throw away the snapshot ${workspace}-kept`);
    await confirm(page, 'Throw it away');
    await row(page, `${workspace}-kept`).waitFor({ state: 'detached' });
    expect((await control('GET', `/snapshots/${workspace}-kept`)).status).toBe(404);
  });

  test('goes to a file and comes from one, to the byte, and is compared with another', async () => {
    const workspace = await newWorkspace();
    await control('POST', '/snapshots', { name: `${workspace}-a`, workspace });
    const page = await openPage(at(workspace));
    const [file] = await Promise.all([page.waitForEvent('download'), press(page, `Download ${workspace}-a`)]);
    expect(file.suggestedFilename()).toBe(`${workspace}-a.json`);
    const text = await readFile(await file.path(), 'utf8');
    expect(text).toBe((await control('GET', `/snapshots/${workspace}-a`)).text);
    const upload = async (name: string, content: string) => {
      const dialog = page.getByRole('dialog', { name: 'Upload a snapshot' });
      const buffer = Buffer.from(content);
      await dialog.getByLabel('File').setInputFiles({ name, mimeType: 'application/json', buffer });
      await dialog.getByRole('button', { name: 'Keep it' }).click();
    };
    await press(page, 'Upload a file');
    await upload(`${workspace}-a.json`, text);
    await page.getByText(`There is a snapshot ${workspace}-a already.`).waitFor();
    await upload(`${workspace} b.json`, '{"paydouble": "snapshot 1"}');
    await page.getByRole('dialog').getByRole('alert').getByText('apis').first().waitFor();
    await upload(`${workspace} b.json`, text.replace('2480.50', '2480.75'));
    await row(page, `${workspace}-b`).getByText('uploaded').waitFor();
    await press(page, `Compare ${workspace}-a`);
    await page.getByLabel('To', { exact: true }).selectOption(`snapshot ${workspace}-b`);
    await page.getByText('1 changed, 0 added, 0 removed.').waitFor();
    await page.getByRole('row').filter({ hasText: '2480.50' }).getByText('2480.75').waitFor();
    await page.reload();
    await page.getByText('1 changed, 0 added, 0 removed.').waitFor();
  });

  test('that differs in thousands of records shows the first, and says how many there are', async () => {
    const workspace = await newWorkspace('month-end');
    await control('POST', '/snapshots', { name: `${workspace}-many`, workspace });
    await control('POST', `/workspaces/${workspace}/restore`, { scenario: 'empty' });
    const page = await openPage(at(workspace, `?from=${workspace}-many`));
    await page.getByText(/The first 200 of \d{4} are shown\./).waitFor();
    expect(await page.locator('.difference').count()).toBe(200);
  });
});

describe.each([
  { width: 1280, colorScheme: 'light' as const },
  { width: 390, colorScheme: 'dark' as const },
])('at $width pixels, $colorScheme', ({ width, colorScheme }) => {
  test('the page, its form and a long name are accessible and fit', async () => {
    const workspace = await newWorkspace();
    const long = `${width}-${'n'.repeat(90)}`;
    await control('POST', '/workspaces', { name: long, workspace });
    await control('POST', '/snapshots', { name: long, workspace });
    await pay(long);
    const page = await openPage(at(long, `?from=${long}`), { viewport: { width, height: 800 }, colorScheme });
    await page.getByText('0 changed, 1 added, 0 removed.').waitFor();
    await expectAccessible(page);
    await expectNoSidewaysScrolling(page);
    // Nothing of a table is out of sight.
    for (const table of await page.getByRole('region', { name: 'Table of the' }).all()) {
      expect(await table.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
    }
    await page.keyboard.press('n');
    await page.getByRole('dialog').getByText('More', { exact: true }).click();
    await expectAccessible(page);
    await expectNoSidewaysScrolling(page);
  });
});
