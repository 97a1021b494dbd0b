/**
 * State in a browser: collections as tables, and records that are read, followed, made, changed and deleted.
 */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { control } from '../control-client.js';
import { useSandbox } from '../harness.js';
import { expectAccessible, expectNoSidewaysScrolling, newWorkspace, openPage, useBrowser } from './page.js';

useSandbox();
useBrowser();

/** The texts of a table's column, by its number from 1. */
async function column(page: Page, number: number): Promise<string[]> {
  return page.locator(`table.records tbody tr :nth-child(${number}):is(td, th)`).allInnerTexts();
}

/** Adds records over the control API. */
async function add(workspace: string, collection: string, records: unknown): Promise<void> {
  const added = await control('POST', `/workspaces/${workspace}/state/${collection}`, records);
  expect(added.status, added.text).toBe(201);
}

/** Puts a text in the place of what an editor holds. */
async function write(page: Page, text: string): Promise<void> {
  await page.locator('.cm-content').click();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText(text);
}

const stored = (page: Page) => page.getByText('The sandbox would store this.');

describe('collections', () => {
  test('of every api stand with their counts, and keys lead into them', async () => {
    const workspace = await newWorkspace();
    const page = await openPage(`/#/~${workspace}/state`);
    const { body } = await control('GET', `/workspaces/${workspace}`);
    for (const sizes of Object.values<Record<string, number>>(body.collections)) {
      for (const [collection, size] of Object.entries(sizes)) {
        await page
          .getByRole('row', { name: new RegExp(`^${collection} ${size} `) })
          .first()
          .waitFor();
      }
    }
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'payments' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { level: 1, name: 'logisense' }).waitFor();
  });
});

describe('a table', () => {
  test('of ten thousand records is searched, sorted and paged, and its place is a link', async () => {
    const workspace = await newWorkspace('large');
    const page = await openPage(`/#/~${workspace}/state/logisense/payments`);
    await page.getByText('1–50 of 10,000 records').waitFor();
    expect(await column(page, 1)).toHaveLength(50);

    await page.getByRole('button', { name: 'identity' }).click();
    await page.getByRole('columnheader', { name: 'identity' }).and(page.locator('[aria-sort=ascending]')).waitFor();
    await page.getByRole('button', { name: 'identity' }).click();
    await page.getByRole('rowheader', { name: '10000', exact: true }).waitFor();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText('51–100 of 10,000 records').waitFor();
    await page.getByRole('rowheader', { name: '9950', exact: true }).waitFor();
    await page.keyboard.press(']');
    await page.getByText('101–150 of 10,000 records').waitFor();
    await page.keyboard.press('[');
    await page.keyboard.press('[');
    await page.getByText('1–50 of 10,000 records').waitFor();

    await page.keyboard.press('/');
    await page.keyboard.type('999.9');
    const matching = await control('GET', `/workspaces/${workspace}/state/logisense/payments?search=999.9`);
    await page.getByText(`1–${matching.body.total} of ${matching.body.total} records`).waitFor();
    expect(matching.body.total).toBeGreaterThan(1);
    expect(matching.body.total).toBeLessThan(50);
    expect(new URL(page.url()).hash).toContain('search=999.9');
    await page.reload();
    await page.getByText(`1–${matching.body.total} of ${matching.body.total} records`).waitFor();
    expect(await page.getByLabel('Search in every value').inputValue()).toBe('999.9');
    await page.getByLabel('Search in every value').fill('nowhere at all');
    await page.getByText('There are no such records.').waitFor();
  });

  test('sorts amounts by their value and shows them as they are written', async () => {
    const workspace = await newWorkspace();
    const invoice = JSON.stringify((await control('GET', `/workspaces/${workspace}/state/staxbill/invoices/502`)).body);
    const like = (id: number, amount: string) =>
      invoice
        .replace(/"invoiceId":502/, `"invoiceId":${id}`)
        .replace(/"outstandingBalance":[\d.]+/, `"outstandingBalance":${amount}`);
    await add(workspace, 'staxbill/invoices', `[${like(901, '8.00')},${like(902, '10.0')},${like(903, '9.50')}]`);
    const page = await openPage(`/#/~${workspace}/state/staxbill/invoices?sort=outstandingBalance`);
    await page.getByRole('rowheader', { name: '901', exact: true }).waitFor();
    const ids = await column(page, 1);
    expect(ids.filter((id) => id.startsWith('90'))).toEqual(['901', '903', '902']);
    const row = page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: '901', exact: true }) });
    await row.getByText('8.00', { exact: true }).first().waitFor();
  });

  test.each([1280, 390])(
    'cuts no number and no key, and a long text in the row that has the focus neither: %i',
    async (width) => {
      const workspace = await newWorkspace();
      const [like] = (await control('GET', `/workspaces/${workspace}/state/upwell/payments`)).body.records;
      const id = `key-${'x'.repeat(60)}`;
      await add(workspace, 'upwell/payments', JSON.stringify({ ...like, id, sourceSystemId: 'a b '.repeat(40) }));
      const invoice = JSON.stringify(
        (await control('GET', `/workspaces/${workspace}/state/staxbill/invoices/502`)).body,
      );
      const amount = '123456789012345678901234567890.12';
      const long = invoice
        .replace('"invoiceId":502', '"invoiceId":901')
        .replace(/"outstandingBalance":[\d.]+/, `"outstandingBalance":${amount}`);
      await add(workspace, 'staxbill/invoices', long);
      const cut = (page: Page, selector: string) =>
        page
          .locator(`table.records ${selector}`)
          .evaluateAll((cells) =>
            cells.filter((each) => each.scrollWidth > each.clientWidth).map((each) => each.textContent),
          );
      const page = await openPage(`/#/~${workspace}/state/staxbill/invoices?search=901`, {
        viewport: { width, height: 800 },
      });
      await page.locator('table.records tbody tr').first().waitFor();
      expect(await cut(page, ':is(td.number, tbody th)')).toEqual([]);
      await page.goto(`${page.url().split('#')[0]}#/~${workspace}/state/upwell/payments?search=${id}`);
      await page.getByRole('rowheader', { name: id }).waitFor();
      expect(await cut(page, 'tbody th')).toEqual([]);
      if (width === 1280) expect(await cut(page, 'td')).not.toEqual([]);
      await page.keyboard.press('j');
      expect(await cut(page, 'td')).toEqual([]);
      await page.getByText(/\d+ of \d+ columns are shown; a record itself shows all\./).waitFor();
    },
  );

  test('j and k move, Enter opens, and a press anywhere in a row does', async () => {
    const page = await openPage('/#/state/nuntiq/payments');
    await page.locator('table.records tbody tr').nth(1).waitFor();
    const [first = '', second = ''] = await column(page, 1);
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: `payments ${second}` }).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('table.records tbody tr').first().locator('td').last().click();
    await page.getByRole('heading', { level: 1, name: `payments ${first}` }).waitFor();
  });

  test('tells what it is refused, and what is not there', async () => {
    const page = await openPage('/#/state/nuntiq/payments?sort=amout');
    await page.getByRole('alert').getByText('Records of payments have no amout.').first().waitFor();
    await page.goto(`${page.url().split('#')[0]}#/state/nuntiq/nothing`);
    await page.getByRole('alert').getByText('nuntiq has no collection nothing. It has invoices').waitFor();
    await page.goto(`${page.url().split('#')[0]}#/state/nuntiq/payments/5`);
    await page.getByRole('alert').getByText('payments has no record 5.').first().waitFor();
  });
});

describe('a record', () => {
  test('leads to those that it names and to those that name it', async () => {
    const page = await openPage('/#/state/staxbill/customers/7001');
    const json = page.getByRole('region', { name: 'customers 7001' });
    await json.getByRole('link', { name: '9001' }).click();
    await page.getByRole('heading', { level: 1, name: 'paymentMethods 9001' }).waitFor();
    await page.getByRole('region', { name: 'paymentMethods 9001' }).getByRole('link', { name: '7001' }).click();
    await page.getByRole('link', { name: '3 of invoices' }).click();
    await page.getByText('1–3 of 3 records').waitFor();
    await page.getByText('customerId is 7001').waitFor();
    await page.locator('table.records td a', { hasText: '7001' }).first().click();
    await page.getByRole('heading', { level: 1, name: 'customers 7001' }).waitFor();
    await page.goBack();
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.getByText('customerId is 7001').waitFor({ state: 'detached' });
  });

  test('shows what others changed when it is loaded again', async () => {
    const workspace = await newWorkspace();
    const page = await openPage(`/#/~${workspace}/state/staxbill/customers/7001`);
    await page.getByText('"Amara"').waitFor();
    await control('PATCH', `/workspaces/${workspace}/state/staxbill/customers/7001`, { firstName: 'Grace' });
    await page.getByRole('button', { name: 'Reload' }).click();
    await page.getByText('"Grace"').waitFor();
  });

  test.each(['a/b', 'a?b=c', 'a#b', '~a', 'a%2Fb', 'Ключ 日本 😀', '<img src=x>', '50% "x" \\'])(
    'has the key %s',
    async (key) => {
      const workspace = await newWorkspace();
      const payments = `/workspaces/${workspace}/state/upwell/payments`;
      const [like] = (await control('GET', payments)).body.records;
      await add(workspace, 'upwell/payments', { ...like, id: key });
      const page = await openPage(`/#/~${workspace}/state/upwell/payments?sort=-id`);
      await page.getByRole('rowheader', { name: key, exact: true }).getByRole('link').click();
      await page.getByRole('heading', { level: 1, name: `payments ${key}` }).waitFor();
      await page.reload();
      await page.getByRole('button', { name: 'Edit' }).click();
      await page.locator('.cm-content').waitFor();
      await stored(page).waitFor();
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText(`Saved: payments ${key}.`).waitFor();
      await page.getByRole('button', { name: 'Delete' }).click();
      await page.getByRole('button', { name: 'Delete it' }).click();
      await page.getByText(`Deleted: payments ${key}.`).waitFor();
      expect((await control('GET', `${payments}/${encodeURIComponent(key)}`)).status).toBe(404);
    },
  );

  test('whose text is markup stays text', async () => {
    const workspace = await newWorkspace();
    const markup = '<img src=x onerror="document.title=1"><script>document.title=1</script>';
    await add(workspace, 'staxbill/customers', { id: 8000, currency: 'USD', firstName: markup });
    const page = await openPage(`/#/~${workspace}/state/staxbill/customers`);
    await page.getByText(markup).waitFor();
    await page.getByRole('link', { name: '8000' }).click();
    await page.getByRole('region', { name: 'customers 8000' }).getByText('<script>').waitFor();
    await page.getByRole('button', { name: 'Edit' }).click();
    await page.locator('.cm-content').getByText('<script>').waitFor();
    expect(await page.locator('main img, main script').count()).toBe(0);
    expect(await page.title()).toContain('paydouble');
  });

  test('that is gone or in the way is told of', async () => {
    const workspace = await newWorkspace();
    const page = await openPage(`/#/~${workspace}/state/staxbill/customers/7001`);
    await page.getByRole('button', { name: 'Delete' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete customers 7001?' });
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Delete' }).click();
    await dialog.getByRole('button', { name: 'Delete it' }).click();
    await page.getByRole('status').getByText('is named by 6 others (paymentMethods 9001,').waitFor();
    expect((await control('GET', `/workspaces/${workspace}/state/staxbill/customers/7001`)).status).toBe(200);
  });
});

describe('the editor', () => {
  test('keeps the text of numbers, and what is not touched', async () => {
    const workspace = await newWorkspace();
    const path = `/workspaces/${workspace}/state/staxbill/invoices`;
    const invoice = JSON.stringify((await control('GET', `${path}/502`)).body);
    const text = invoice
      .replace(/"invoiceId":502/, '"invoiceId":901')
      .replace(/"outstandingBalance":[\d.]+/, '"outstandingBalance":8.00');
    await add(workspace, 'staxbill/invoices', text);
    const page = await openPage(`/#/~${workspace}/state/staxbill/invoices/901?edit=1`);
    await page.locator('.cm-content').getByText('8.00').waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved: invoices 901.').waitFor();
    expect((await control('GET', `${path}/901`)).text).toBe(text);
    await page.getByRole('button', { name: 'Edit' }).click();
    await page.locator('.cm-content').waitFor();
    await write(page, text.replace('8.00', '12.50'));
    await stored(page).waitFor();
    await page.keyboard.press('Control+Enter');
    await page.getByRole('region', { name: 'invoices 901' }).getByText('12.50').waitFor();
    expect((await control('GET', `${path}/901`)).text).toContain('"outstandingBalance":12.50');
  });

  test('leaves what was stored without asking, however soon what it renders takes effect', async () => {
    const workspace = await newWorkspace();
    const page = await openPage(`/#/~${workspace}/state/staxbill/customers/7001`);
    // At once, in the place of the next frame: before the browser has told that the place is another.
    await page.evaluate(() => {
      const { setTimeout: wait } = window;
      const soon = (run: () => void, milliseconds = 0) =>
        milliseconds === 0 ? queueMicrotask(run) : wait(run, milliseconds);
      Object.assign(window, { requestAnimationFrame: queueMicrotask, setTimeout: soon });
    });
    await page.getByRole('button', { name: 'Edit' }).click();
    await page.locator('.cm-content').waitFor();
    await write(page, '{ "currency": "EUR" }');
    await stored(page).waitFor();
    await page.keyboard.press('Control+Enter');
    await page.getByRole('region', { name: 'customers 7001' }).getByText('EUR').waitFor();
  });

  test('shows what is wrong where it is, the sandbox’s word as it is written, and no Save while it is no JSON', async () => {
    const workspace = await newWorkspace();
    const page = await openPage(`/#/~${workspace}/state/staxbill/customers/7001?edit=1`);
    const save = page.getByRole('button', { name: 'Save' });
    await stored(page).waitFor();
    await write(page, '{\n  "currency": 5,\n  "defaultPaymentMethodId": 99\n}');
    await page.getByText('The sandbox would refuse this for 2 reasons').waitFor();
    await page.locator('.cm-lintRange-error', { hasText: /^5$/ }).waitFor();
    const told = page.getByRole('list', { name: 'What is wrong' });
    await told.getByText('There is no record 99 in paymentMethods.').waitFor();
    await told.getByRole('button', { name: '/defaultPaymentMethodId' }).click();
    await page.keyboard.type('1');
    await told.getByText('There is no record 199 in paymentMethods.').waitFor();
    await save.click();
    await page.getByRole('status').getByText('There is no record 199 in paymentMethods.').waitFor();
    await write(page, '{ "currency": "USD", }');
    await page.getByText('This is no JSON yet.').waitFor();
    await told.getByText('this is no JSON.').waitFor();
    await told.getByRole('button', { name: 'From line 1, column 22 on' }).click();
    await page.keyboard.type(' ');
    await told.getByRole('button', { name: 'From line 1, column 23 on' }).waitFor();
    await page.locator('.cm-lintRange-error').first().waitFor();
    expect(await save.isDisabled()).toBe(true);
    await write(page, '{ "currency": "EUR" }');
    await stored(page).waitFor();
    expect((await control('GET', `/workspaces/${workspace}/state/staxbill/customers/7001`)).body.currency).toBe('USD');
    await save.click();
    // The editor's heading has the words, too, with one before them.
    await page.getByRole('heading', { level: 1, name: 'customers 7001', exact: true }).waitFor();
    expect((await control('GET', `/workspaces/${workspace}/state/staxbill/customers/7001`)).text).toBe(
      '{"id":7001,"currency":"EUR"}',
    );
  });

  test('a new record begins with what it must have, and a duplicate with another', async () => {
    const workspace = await newWorkspace();
    const page = await openPage(`/#/~${workspace}/state/staxbill/customers`);
    await page.getByRole('button', { name: 'New record' }).click();
    await page.locator('.cm-content').getByText('"currency"').waitFor();
    await write(page, '{ "currency": "USD", "firstName": "Ada" }');
    await stored(page).waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { level: 1, name: 'customers 7003' }).waitFor();
    await page.getByRole('button', { name: 'Duplicate' }).click();
    await page.locator('.cm-content').getByText('"Ada"').waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { level: 1, name: 'customers 7004' }).waitFor();
    await page.goto(`${page.url().split('#')[0]}#/~${workspace}/state`);
    await page.getByRole('row', { name: /^customers 4 / }).waitFor();
  });

  test('holds no one who goes with Tab, and Cancel changes nothing', async () => {
    const workspace = await newWorkspace();
    const page = await openPage(`/#/~${workspace}/state/staxbill/customers/7001?edit=1`);
    await stored(page).waitFor();
    await write(page, '{ "currency": "EUR" }');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Save');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('"Amara"').waitFor();
  });
});

describe.each([
  { width: 1280, colorScheme: 'light' as const },
  { width: 390, colorScheme: 'dark' as const },
])('at $width pixels, $colorScheme', ({ width, colorScheme }) => {
  test.each([
    ['collections', '/#/state', 'table.collections td'],
    ['a table', '/#/state/nuntiq/payments?where=currency:USD&sort=-payment_id', 'table.records td'],
    ['a record', '/#/state/staxbill/customers/7001', '.naming a'],
    ['the editor', '/#/state/staxbill/customers/7001?edit=1', '.cm-content'],
  ])('%s is accessible and fits', async (_, path, shown) => {
    const page = await openPage(path, { viewport: { width, height: 800 }, colorScheme });
    await page.locator(shown).first().waitFor();
    if (path.includes('edit')) {
      await write(page, '{ "currency": 5, "defaultPaymentMethodId": 99 }');
      await page.getByText('for 2 reasons').waitFor();
    }
    await expectAccessible(page);
    await expectNoSidewaysScrolling(page);
  });
});
