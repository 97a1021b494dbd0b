/**
 * Contract in a browser: a run with its progress, a report that is read, a run that is stopped.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { baseUrl, request, useSandbox } from '../harness.js';
import { defectivePlaces } from '../verify/defective-api.js';
import { expectAccessible, expectNoSidewaysScrolling, openPage, useBrowser } from './page.js';

const { places, directory } = defectivePlaces();
useSandbox({ places });
useBrowser();
afterAll(() => rmSync(directory, { recursive: true }));
// One runs at a time: a test that fails must not take the others along.
afterEach(async () => {
  const { body } = await request(`${baseUrl()}/_sandbox/verifications`);
  for (const { id, state } of body) if (state === 'running') await end(id);
});

const headers = { 'content-type': 'application/json' };

/** Starts a verification as another client would, and gives its id. */
async function start(api: string, phases: readonly string[]): Promise<string> {
  const body = JSON.stringify({ api, phases, maxExamples: 3 });
  const started = await request(`${baseUrl()}/_sandbox/verifications`, { method: 'POST', headers, body });
  expect(started.status, started.text).toBe(202);
  return started.body.id;
}

/** Runs one to its end. */
async function done(api: string, phases: readonly string[]): Promise<string> {
  const id = await start(api, phases);
  const look = async () => {
    const { body } = await request(`${baseUrl()}/_sandbox/verifications/${id}`);
    expect(body.state).not.toBe('running');
  };
  await vi.waitFor(look, { timeout: 50_000, interval: 100 });
  return id;
}

/** Starts one that comes to no end, and waits until it is in the midst of it. */
async function startEndless(): Promise<string> {
  const file = join(places.handlers, 'looping');
  rmSync(file, { force: true });
  const id = await start('endless', ['positive']);
  await vi.waitFor(() => expect(existsSync(file)).toBe(true), { timeout: 50_000, interval: 100 });
  return id;
}

function end(id: string): Promise<unknown> {
  return request(`${baseUrl()}/_sandbox/verifications/${id}/stop`, { method: 'POST' });
}

/** The card of an api. */
function card(page: Page, api: string) {
  return page.getByRole('region', { name: `The ${api} api` });
}

describe('runs', () => {
  test('one is started with its options, shows how far it is, and its end is told', async () => {
    const page = await openPage('/#/contract');
    const sound = card(page, 'sound');
    await sound.getByText('Never run here.').waitFor();
    await page.getByText('Options', { exact: true }).click();
    for (const phase of ['samples', 'stateful', 'fuzz']) await page.getByLabel(phase).uncheck();
    await page.getByLabel('Seed of the random requests').fill('77');
    await sound.getByRole('button', { name: 'Run The sound api' }).click();
    await sound.getByRole('progressbar', { name: 'How far the run of The sound api is' }).waitFor();
    await page.getByRole('status').getByText('The sound api: no defects in').waitFor({ timeout: 50_000 });
    await sound.getByText('Held').waitFor();
    await sound.getByText('seed 77').waitFor();
    expect(await sound.getByRole('progressbar').count()).toBe(0);
    const { body } = await request(`${baseUrl()}/_sandbox/verifications`);
    expect(body[0]).toMatchObject({ api: 'sound', seed: 77, phases: ['negative', 'positive'], state: 'held' });
    await sound.getByRole('link', { name: 'Read the report on The sound api' }).click();
    await page.getByText('Nothing breaks the document.').waitFor();
    await page.getByText('GET /things/{id}').waitFor();
    await page.keyboard.press('Escape');
    await sound.waitFor();
  });

  test('options that are none are told, and nothing can be run with them', async () => {
    const page = await openPage('/#/contract');
    await page.getByText('Options', { exact: true }).click();
    await page.getByLabel('Seed of the random requests').fill('x');
    await page.getByText('The seed is a whole number.').waitFor();
    expect(await page.getByRole('button', { name: 'Run all' }).isDisabled()).toBe(true);
    await page.getByLabel('Seed of the random requests').fill('1');
    await vi.waitFor(async () => expect(await page.getByRole('button', { name: 'Run all' }).isEnabled()).toBe(true));
  });

  test('one that is under way is found, holds up no page, and is stopped', async () => {
    const id = await startEndless();
    const page = await openPage('/#/contract');
    const endless = card(page, 'endless');
    await endless.getByRole('progressbar').waitFor();
    await endless.getByText('a sandbox is started for it').waitFor();
    expect(await page.getByRole('button', { name: 'Run The sound api' }).isDisabled()).toBe(true);
    await endless.getByRole('button', { name: 'Stop' }).click();
    await endless.getByText('Stopped').waitFor();
    await page.getByRole('status').getByText('The endless api: the run was stopped.').waitFor();
    await page.goto(`${baseUrl()}/#/contract/${id}`);
    await page.getByText('It was stopped on the way').waitFor();
  });

  test('a second one that another client prevents is told', async () => {
    const page = await openPage('/#/contract');
    await card(page, 'sound').waitFor();
    const id = await startEndless();
    await page.getByRole('button', { name: 'Run The sound api' }).click();
    await page.getByRole('status').getByText(`${id} of endless runs`).waitFor();
    await card(page, 'endless').getByRole('progressbar').waitFor();
    await end(id);
    await card(page, 'endless').getByText('Stopped').waitFor();
  });

  test('all run one after the other, and one that ends by itself holds up none of them', async () => {
    const page = await openPage('/#/contract');
    await page.getByText('Options', { exact: true }).click();
    for (const phase of ['samples', 'negative', 'stateful', 'fuzz']) await page.getByLabel(phase).uncheck();
    await page.getByRole('button', { name: 'Run all' }).click();
    await card(page, 'deadly').getByText('waits for the end of the run before it').waitFor();
    await card(page, 'careless').locator('strong', { hasText: 'defects' }).waitFor({ timeout: 50_000 });
    await card(page, 'deadly').getByText('Could not run').waitFor({ timeout: 50_000 });
    await card(page, 'endless').getByRole('progressbar').waitFor({ timeout: 50_000 });
    await card(page, 'sound').getByText('waits for the end of the run before it').waitFor();
    await card(page, 'endless').getByRole('button', { name: 'Stop' }).click();
    await card(page, 'endless').getByText('Stopped').waitFor();
    expect(await page.getByText('waits for the end').count()).toBe(0);
  });
});

describe('a report', () => {
  test('tells defects: check, message, places, request, answer and a curl that works here', async () => {
    const id = await done('careless', ['negative', 'positive']);
    const page = await openPage(`/#/contract/${id}`);
    const { body } = await request(`${baseUrl()}/_sandbox/verifications/${id}`);
    const defect = page.getByRole('article').filter({ hasText: 'not_a_server_error' }).first();
    await defect.getByText(body.report.findings[0].message).first().waitFor();
    await defect.getByText(`#${body.report.findings[0].documented}`).waitFor();
    await defect.getByRole('button', { name: 'Copy curl' }).click();
    const curl = await page.evaluate(() => navigator.clipboard.readText());
    expect(curl).toContain(`${baseUrl()}/careless/things/`);
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Answer 500' }).waitFor();
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save as JSON' }).click();
    const file = await (await saved).path();
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(body);
  });

  test('is shown by check, and moved through with keys', async () => {
    const id = await done('careless', ['negative', 'positive']);
    const page = await openPage(`/#/contract/${id}`);
    const { body } = await request(`${baseUrl()}/_sandbox/verifications/${id}`);
    const { findings } = body.report;
    await page.getByRole('article').first().waitFor();
    expect(await page.getByRole('article').count()).toBe(findings.length);
    const focused = () => page.evaluate(() => document.activeElement?.id);
    await page.keyboard.press('j');
    expect(await focused()).toBe('defect-0');
    await page.keyboard.press('k');
    expect(await focused()).toBe('defect-0');
    await page.getByRole('button', { name: /^not_a_server_error/ }).click();
    const own = findings.filter(({ check }: { check: string }) => check === 'not_a_server_error');
    await vi.waitFor(async () => expect(await page.getByRole('article').count()).toBe(own.length));
    await page.reload();
    await vi.waitFor(async () => expect(await page.getByRole('article').count()).toBe(own.length));
  });

  test('is thrown away when that is confirmed, and one that there is not says so', async () => {
    const id = await done('sound', ['positive']);
    const page = await openPage(`/#/contract/${id}`);
    await page.getByRole('button', { name: 'Throw away' }).click();
    await page.getByRole('button', { name: 'Throw it away' }).click();
    await page.getByRole('heading', { level: 1, name: 'Contract' }).waitFor();
    await vi.waitFor(async () => expect(await page.getByRole('link', { name: id, exact: true }).count()).toBe(0));
    await page.goto(`${baseUrl()}/#/contract/${id}`);
    await page.getByText(`There is no verification ${id}.`).first().waitFor();
  });

  test('of one that could not run says why', async () => {
    const id = await done('deadly', ['positive']);
    const page = await openPage(`/#/contract/${id}`);
    await page.getByText('It ended without a report, with code 3.').waitFor();
  });
});

describe.each([
  { width: 1280, colorScheme: 'light' as const },
  { width: 390, colorScheme: 'dark' as const },
])('at $width pixels, $colorScheme', ({ width, colorScheme }) => {
  const look = { viewport: { width, height: 800 }, colorScheme };

  test('what was run and what runs is accessible and fits', async () => {
    await done('careless', ['positive']);
    const id = await startEndless();
    const page = await openPage('/#/contract', look);
    await page.getByRole('progressbar').waitFor();
    await page.getByText('Options', { exact: true }).click();
    await expectAccessible(page);
    await expectNoSidewaysScrolling(page);
    await end(id);
    await card(page, 'endless').getByText('Stopped').waitFor();
  });

  test('a report with a defect is accessible and fits', async () => {
    const id = await done('careless', ['negative', 'positive']);
    const page = await openPage(`/#/contract/${id}`, look);
    await page.getByRole('article').first().waitFor();
    for (const summary of await page.locator('.finding summary').all()) await summary.click();
    await page.getByRole('heading', { name: 'Answer 500' }).first().waitFor();
    await expectAccessible(page);
    await expectNoSidewaysScrolling(page);
  });
});
