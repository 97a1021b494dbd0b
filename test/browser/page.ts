/**
 * What the tests of the pages share: a sandbox and a browser for each test file, and a page for each test, whose console and
 * requests must stay clean.
 */
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { baseUrl, request } from '../harness.js';

let browser: Browser | undefined;
const contexts: BrowserContext[] = [];
let faults: string[] = [];

/** What keeps Chromium from asking the network for anything by itself. */
const quiet = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
quiet.push('--disable-component-update', '--disable-sync');

/** What the console calls an error and is none. */
const forgiven = [
  // A refusal that the page shows.
  /the server responded with a status of 4\d\d/,
  // The viewer of documents tries whether it may make code of texts (zod's `Function('')`), and does without it.
  /Note that 'script-src' was not explicitly set/,
];

/** Starts the file's browser before its tests and closes it after them. Call once, behind `useSandbox()`. */
export function useBrowser(): void {
  beforeAll(async () => {
    const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
    browser = await chromium.launch({ executablePath, args: quiet });
  });
  afterEach(async () => {
    const found = faults;
    faults = [];
    await Promise.all(contexts.splice(0).map((context) => context.close()));
    expect(found, 'what the browser complained of').toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
  });
}

/** Opens a path of the sandbox, `/#/live`, on a page of its own. */
export async function openPage(path: string, options: BrowserContextOptions = {}): Promise<Page> {
  if (browser === undefined) throw new Error('Call useBrowser() at the top of the test file.');
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  contexts.push(context);
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: baseUrl() });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.on('pageerror', (error) => faults.push(`thrown: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && !forgiven.some((known) => known.test(message.text())))
      faults.push(`console: ${message.text()}`);
  });
  page.on('request', (asked) => {
    const { origin } = new URL(asked.url());
    if (!asked.url().startsWith('blob:') && !asked.url().startsWith('data:') && origin !== baseUrl()) {
      faults.push(`asked elsewhere: ${asked.url()}`);
    }
  });
  await page.goto(baseUrl() + path);
  return page;
}

/** What the browser complained of so far, for a test that wants it to; it is forgiven. */
export function takeFaults(): readonly string[] {
  return faults.splice(0);
}

/** A new workspace of the scenario `default`, for a test that changes something. */
export async function newWorkspace(scenario = 'default'): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  const made = await request(`${baseUrl()}/_sandbox/workspaces`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ scenario }),
  });
  expect(made.status, made.text).toBe(201);
  return made.body.name;
}

/** Fails for anything on a page that breaks WCAG 2.2 A or AA, as far as a program can tell. */
export async function expectAccessible(page: Page, without: readonly string[] = []): Promise<void> {
  const axe = new AxeBuilder({ page }).withTags([
    'wcag2a',
    'wcag2aa',
    'wcag21a',
    'wcag21aa',
    'wcag22aa',
    'best-practice',
  ]);
  for (const selector of without) axe.exclude(selector);
  const { violations } = await axe.analyze();
  const told = violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target }) => `${id}: ${help}: ${target.join(' ')}`),
  );
  expect(told).toEqual([]);
}

/** Fails where a page has to be scrolled sideways. */
export async function expectNoSidewaysScrolling(page: Page): Promise<void> {
  const { scroll, client } = await page.evaluate(() => ({
    scroll: document.documentElement.scrollWidth,
    client: document.documentElement.clientWidth,
  }));
  expect(scroll, 'the page is wider than the window').toBeLessThanOrEqual(client);
}
