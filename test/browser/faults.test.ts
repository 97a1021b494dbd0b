/**
 * The page of faults in a browser: rules that the form makes strike requests, and are counted.
 */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { control } from '../control-client.js';
import { type Answer, baseUrl, request, useSandbox } from '../harness.js';
import { expectAccessible, expectNoSidewaysScrolling, newWorkspace, openPage, useBrowser } from './page.js';

useSandbox();
useBrowser();

const at = (workspace: string) => `/#/~${workspace}/faults`;
const add = (page: Page) => page.getByRole('button', { name: 'Add the rule' }).click();
const choose = (page: Page, label: string, value: string) =>
  page.getByLabel(label, { exact: true }).selectOption(value);
const rulesOf = async (workspace: string) => (await control('GET', `/workspaces/${workspace}/faults`)).body;

/** The cells of a rule: takes, strikes, happens, matched, struck. */
const cells = (page: Page, name: string) =>
  page
    .getByRole('row')
    .filter({ has: page.getByText(name, { exact: true }) })
    .getByRole('cell');

function pay(workspace: string, total_amount = 10): Promise<Answer> {
  return request(`${baseUrl()}/~${workspace}/nuntiq/payments`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': 'nuntiq-sandbox-key' },
    body: JSON.stringify({ external_payment_id: 'P-1', method: 'ACH', total_amount, currency: 'USD' }),
  });
}

async function chooseOperation(page: Page): Promise<void> {
  await choose(page, 'API', 'nuntiq');
  await choose(page, 'Operation', 'upsertPayments');
}

describe('a rule of the form', () => {
  test('strikes the request that it takes, and its counts go up by themselves', async () => {
    const workspace = await newWorkspace();
    const page = await openPage(at(workspace));
    await page.getByText('There are no rules').waitFor();
    await chooseOperation(page);
    await choose(page, 'Answer', '400');
    await choose(page, 'Of those requests it strikes', 'first');
    await page.getByLabel('How many').fill('1');
    await page.getByLabel('Where the body has, at this JSON pointer').fill('/total_amount');
    await page.getByLabel('This value').fill('12.00');
    await page.getByLabel('Name', { exact: true }).fill('refused');
    await page.getByRole('region', { name: 'The rule as it will be sent' }).getByText('12.00').waitFor();
    await add(page);
    await cells(page, 'refused')
      .nth(0)
      .getByText('upsertPayments of nuntiq, where body /total_amount is 12.00')
      .waitFor();
    await cells(page, 'refused').nth(2).getByText('answers 400').waitFor();
    expect((await pay(workspace, 10)).status).toBe(200);
    expect((await pay(workspace, 12)).status).toBe(400);
    expect((await pay(workspace, 12)).status).toBe(200);
    await cells(page, 'refused').nth(3).getByText('2', { exact: true }).waitFor();
    await cells(page, 'refused').nth(4).getByText('1', { exact: true }).waitFor();
  });

  test.each<[string, (page: Page) => Promise<unknown>, object]>([
    ['a documented answer', (page) => choose(page, 'Answer', '400'), { respond: { status: 400 } }],
    [
      'a documented example',
      async (page) => {
        await choose(page, 'Answer', '200');
        await choose(page, 'Body', 'array');
      },
      { respond: { status: 200, example: 'array' } },
    ],
    [
      'an answer that is not documented',
      async (page) => {
        await choose(page, 'Answer', 'other');
        await page.getByLabel('Status').fill('418');
        await page.getByLabel('Even if the document does not declare it').check();
      },
      { respond: { status: 418, force: true } },
    ],
    [
      'a 429',
      async (page) => {
        await choose(page, 'The client sees', 'tooMany');
        await page.getByLabel('Retry-After, in seconds').fill('5');
        await page.getByLabel('Even if the document does not declare it').check();
      },
      { tooManyRequests: { retryAfter: 5, force: true } },
    ],
    ['a reset', (page) => choose(page, 'The client sees', 'reset'), { connection: 'reset' }],
    ['half of an answer', (page) => choose(page, 'The client sees', 'half'), { connection: 'half' }],
    ['silence', (page) => choose(page, 'The client sees', 'silent'), { connection: 'silent' }],
    ['a lost reply', (page) => choose(page, 'The client sees', 'loseReply'), { loseReply: true }],
    ['a wait', (page) => choose(page, 'The client sees', 'late'), { latency: { milliseconds: 800 } }],
    ...[
      ['fixed', { milliseconds: 800 }] as const,
      ['uniform', { uniform: [200, 900] }] as const,
      ['normal', { normal: { mean: 300, deviation: 80 } }] as const,
      ['logNormal', { logNormal: { median: 120, sigma: 0.5 } }] as const,
    ].map(([kind, latency]): [string, (page: Page) => Promise<unknown>, object] => [
      `a wait, ${kind}, before a lost reply`,
      async (page) => {
        await choose(page, 'The client sees', 'loseReply');
        await choose(page, 'Wait before it', kind);
      },
      { latency, loseReply: true },
    ]),
  ])('with %s is one that the control API takes', async (_, fill, fault) => {
    const workspace = await newWorkspace();
    const page = await openPage(at(workspace));
    await chooseOperation(page);
    await fill(page);
    await add(page);
    await cells(page, 'fault-1').first().waitFor();
    expect(await rulesOf(workspace)).toMatchObject([
      { name: 'fault-1', rule: { api: 'nuntiq', operationId: 'upsertPayments', fault } },
    ]);
  });

  test.each([
    ['every', 'How many', '3', 'every 3rd', { every: 3 }],
    ['after', 'How many', '2', 'all after the first 2', { after: 2 }],
    ['probability', 'Chance, 0 to 1', '0.5', 'by chance, 50 %', { probability: 0.5 }],
  ])('strikes %s', async (when, label, value, words, expected) => {
    const workspace = await newWorkspace();
    const page = await openPage(at(workspace));
    await choose(page, 'The client sees', 'reset');
    await choose(page, 'Of those requests it strikes', when);
    await page.getByLabel(label).fill(value);
    await add(page);
    await cells(page, 'fault-1').nth(1).getByText(words).waitFor();
    expect((await rulesOf(workspace))[0].rule.when).toEqual(expected);
  });

  test('that is refused says so at its field, and nothing is added', async () => {
    const workspace = await newWorkspace();
    const page = await openPage(at(workspace));
    await chooseOperation(page);
    await choose(page, 'Answer', 'other');
    await page.getByLabel('Status').fill('418');
    await page.getByLabel('Name', { exact: true }).fill('reset');
    await add(page);
    await page.getByText('"reset" is a fault of its own').waitFor();
    await page.getByText('upsertPayments documents no status 418').waitFor();
    expect(await page.getByLabel('Name', { exact: true }).getAttribute('aria-invalid')).toBe('true');
    expect(await page.getByLabel('The client sees').getAttribute('aria-invalid')).toBe('true');
    expect(await rulesOf(workspace)).toEqual([]);
  });

  test('is copied as JSON, as YAML of a scenario and as curl', async () => {
    const workspace = await newWorkspace();
    const page = await openPage(at(workspace));
    await choose(page, 'The client sees', 'reset');
    const copied = async (name: string) => {
      await page.getByRole('button', { name }).click();
      await page
        .locator('.notice')
        .getByText(`Copied: ${name.replace('Copy ', '')}.`)
        .waitFor();
      return page.evaluate(() => navigator.clipboard.readText());
    };
    expect(JSON.parse(await copied('Copy JSON'))).toEqual({ fault: { connection: 'reset' } });
    expect(await copied('Copy YAML of a scenario')).toBe('faults:\n  - {"fault":{"connection":"reset"}}\n');
    expect(await copied('Copy curl')).toContain(`/_sandbox/workspaces/${workspace}/faults' \\\n`);
  });
});

test('rules are deleted one by one, and all at once when that is confirmed', async () => {
  const workspace = await newWorkspace();
  for (const name of ['one', 'two', 'three']) {
    await control('POST', `/workspaces/${workspace}/faults`, { name, fault: { loseReply: true } });
  }
  const page = await openPage(at(workspace));
  await page.getByRole('button', { name: 'Delete two' }).click();
  await page.getByRole('button', { name: 'Delete it' }).click();
  await cells(page, 'two').first().waitFor({ state: 'detached' });
  expect((await rulesOf(workspace)).map(({ name }: { name: string }) => name)).toEqual(['one', 'three']);
  await page.getByRole('button', { name: 'Clear all' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  expect(await rulesOf(workspace)).toHaveLength(2);
  await page.getByRole('button', { name: 'Clear all' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Clear them' }).click();
  await page.getByText('There are no rules').waitFor();
  expect(await rulesOf(workspace)).toEqual([]);
});

test('keys go from rule to rule, open one, and lead to the form', async () => {
  const workspace = await newWorkspace();
  for (const name of ['one', 'two']) {
    await control('POST', `/workspaces/${workspace}/faults`, { name, fault: { loseReply: true } });
  }
  const page = await openPage(at(workspace));
  await cells(page, 'two').first().waitFor();
  for (const key of ['j', 'j', 'j', 'k', 'j', 'Enter']) await page.keyboard.press(key);
  await page.getByRole('region', { name: 'The rule two' }).getByText('loseReply').waitFor();
  expect(await page.getByRole('region', { name: 'The rule one' }).isVisible()).toBe(false);
  await page.keyboard.press('n');
  expect(await page.getByLabel('API', { exact: true }).evaluate((field) => field === document.activeElement)).toBe(
    true,
  );
});

describe.each([
  { width: 1280, colorScheme: 'light' as const },
  { width: 390, colorScheme: 'dark' as const },
])('at $width pixels, $colorScheme', ({ width, colorScheme }) => {
  test('rules, the form and what it was refused are accessible and fit', async () => {
    const workspace = await newWorkspace();
    await control('POST', `/workspaces/${workspace}/faults`, {
      name: 'n'.repeat(100),
      match: { header: { 'x-long': 'v'.repeat(300) } },
      fault: { latency: { logNormal: { median: 5, sigma: 1 } } },
    });
    const page = await openPage(at(workspace), { viewport: { width, height: 800 }, colorScheme });
    await chooseOperation(page);
    await choose(page, 'Answer', 'other');
    await choose(page, 'Wait before it', 'normal');
    await add(page);
    await page.getByText('upsertPayments documents no status 503').waitFor();
    await expectAccessible(page);
    await expectNoSidewaysScrolling(page);
  });
});
