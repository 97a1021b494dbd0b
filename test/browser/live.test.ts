/**
 * The live view in a browser: requests as they come, what is found among them, and one of them opened.
 */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Page, Route } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { control } from '../control-client.js';
import { baseUrl, type Client, open, request, useSandbox } from '../harness.js';
import { expectAccessible, expectNoSidewaysScrolling, openPage, useBrowser } from './page.js';

useSandbox();
useBrowser();

const run = promisify(execFile);

const invoice = '6f1c2a5e-9d47-4b0e-8a63-2f5d7c1e4b01';
const markup = '<img src=x onerror=alert(1)><script>alert(2)</script>';

const payment = (changes: object = {}) => ({
  external_payment_id: 'P-1',
  method: 'ACH',
  total_amount: 10.5,
  currency: 'USD',
  ...changes,
});

/** The rows of the list, without their head. */
const rows = (page: Page) => page.getByRole('region', { name: 'Requests' }).locator('tbody tr');

/** The row of the newest request, when it is there. */
const row = (page: Page, text: string) => rows(page).filter({ hasText: text }).first();

const entry = (page: Page, number: number) => page.getByRole('article', { name: `Request ${number}`, exact: true });

/** The live view of a workspace, connected. */
async function watch(client: Client, rest = '', options = {}): Promise<Page> {
  const page = await openPage(`/#/~${client.workspace}/live${rest}`, options);
  await page.getByText('Connected').waitFor();
  return page;
}

async function journal(client: Client) {
  return (await request(`${baseUrl()}/_sandbox/workspaces/${client.workspace}/journal`)).body.entries;
}

describe('the list', () => {
  test('shows what came before and what comes, newest first', async () => {
    const client = await open('nuntiq');
    await client.post('/payments', payment());
    const page = await watch(client);
    await rows(page).first().waitFor();
    await client.get('/nothing');
    const line = row(page, '/nuntiq/nothing');
    await line.getByText('404').waitFor();
    await line.getByText('refused').waitFor();
    const all = await rows(page).allInnerTexts();
    expect(all).toHaveLength(2);
    // What tells them apart where the clock stands still.
    expect(all[0]).toMatch(/^2\s[\d:.\s]+GET\s+\/nuntiq\/nothing/);
    expect(all[1]).toMatch(/^1\s[\d:.\s]+POST\s+\/nuntiq\/payments\s+upsertPayments\s+200 succeeded\s+[\d.]+ ms/);
    expect(all[1]).toContain(client.workspace);
  });

  test('filters by api, operation, status and text, and the URL says so', async () => {
    const client = await open('logisense');
    await client.get('/Payment/1');
    await client.get('/Payment/999');
    await client.send('PATCH', '/Payment/1', { body: { detail: 'A very rare text' } });
    await request(`${baseUrl()}/~${client.workspace}/nuntiq/payments`, { method: 'POST', body: '{}' });
    const page = await watch(client);
    const count = (number: number) => page.getByText(number === 1 ? /^1 request/ : new RegExp(`^${number} requests`));
    await count(4).waitFor();
    await page.getByLabel('API').selectOption('nuntiq');
    await count(1).waitFor();
    await row(page, 'upsertPayments').waitFor();
    await page.getByLabel('API').selectOption('logisense');
    await count(3).waitFor();
    await page.getByRole('combobox', { name: 'Operation' }).selectOption('getPayment');
    await count(2).waitFor();
    await page.getByLabel('Status').fill('4xx');
    await count(1).waitFor();
    await row(page, '/Payment/999').waitFor();
    await page.goto(`${baseUrl()}/#/~${client.workspace}/live?status=2`);
    await count(2).waitFor();
    await page.getByRole('heading', { level: 1 }).click();
    await page.keyboard.press('/');
    await page.keyboard.type('VERY RARE');
    await count(1).waitFor();
    await row(page, 'patchPayment').waitFor();
    expect(page.url()).toContain('text=VERY+RARE');
    await page.reload();
    await count(1).waitFor();
    await page.getByLabel('Text in').fill('nothing is like this');
    await page.getByText('No request is like that.').waitFor();
  });

  test('finds older requests than the newest 200', async () => {
    const client = await open('nuntiq');
    await client.post('/payments', payment());
    for (let count = 0; count < 205; count++) await client.get('/nothing');
    const page = await watch(client);
    await page.getByText(/^200 requests/).waitFor();
    await page.getByRole('combobox', { name: 'Operation' }).selectOption('upsertPayments');
    await row(page, '/nuntiq/payments').waitFor();
  });

  test('shows all workspaces where that is wanted, and opens a request of another', async () => {
    const [client, other] = [await open('nuntiq'), await open('nuntiq')];
    const page = await watch(client);
    const begun = page.waitForResponse(/_sandbox\/journal\/stream/);
    await page.getByLabel('All workspaces').check();
    await begun;
    await page.getByText('No requests yet').waitFor();
    await other.post('/payments', payment());
    const later = await open('nuntiq');
    await later.get('/nothing');
    await row(page, later.workspace).waitFor();
    await row(page, other.workspace).getByRole('link').click();
    await entry(page, 1).getByText(`in ${other.workspace}`).waitFor();
    await entry(page, 1).getByText('payment_id').first().waitFor();
    expect(page.url()).toContain(`/~${client.workspace}/live/1`);
    await page.getByLabel('All workspaces').uncheck();
    await page.getByText('No requests yet').waitFor();
  });

  test('stands still while it is paused, scrolled or a request is open, and counts what is new', async () => {
    const client = await open('nuntiq');
    await client.get('/first');
    const page = await watch(client);
    await row(page, '/first').waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await client.get('/second');
    await page.getByText('paused, 1 new').waitFor();
    expect(await rows(page).count()).toBe(1);
    await page.keyboard.press('p');
    await row(page, '/second').waitFor();
    await row(page, '/second').getByRole('link').click();
    await client.get('/third');
    await page.getByRole('status').getByText('1 new').waitFor();
    await page.getByRole('button', { name: '1 new' }).click();
    await row(page, '/third').waitFor();
    await page.getByText('paused, 0 new').waitFor();
    await client.get('/more');
    await page.getByText('paused, 1 new').waitFor();
    await page.keyboard.press('Escape');
    await row(page, '/more').waitFor();
    for (let count = 0; count < 60; count++) await client.get('/many');
    await page.getByText(/^64 requests/).waitFor();
    await page.getByRole('region', { name: 'Requests' }).evaluate((list) => list.scrollTo(0, 500));
    await page.getByText('paused, 0 new').waitFor();
    await client.get('/fourth');
    await page.getByRole('button', { name: '1 new' }).click();
    await row(page, '/fourth').waitFor();
    await page.getByText(/^65 requests$/).waitFor();
  });

  test('is empty when the journal is cleared, and begins anew when the workspace is reset', async () => {
    const client = await open('nuntiq');
    await client.get('/before');
    const page = await watch(client);
    await row(page, '/before').waitFor();
    await page.getByRole('button', { name: 'Clear the journal' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    expect(await journal(client)).toHaveLength(1);
    await page.getByRole('button', { name: 'Clear the journal' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Clear it' }).click();
    await page.getByText('No requests yet').waitFor();
    expect(await journal(client)).toHaveLength(0);
    await client.get('/between');
    await row(page, '/between').waitFor();
    await request(`${baseUrl()}/_sandbox/workspaces/${client.workspace}/reset`, { method: 'POST' });
    await page.getByText('No requests yet').waitFor();
    await client.get('/after');
    await row(page, '/after').waitFor();
    expect(await rows(page).count()).toBe(1);
  });

  test.each([
    { of: 'a workspace', all: false },
    { of: 'all workspaces', all: true },
  ])('goes on behind the last request when the line of $of was cut', async ({ all }) => {
    const client = await open('nuntiq');
    const page = await watch(client, all ? '' : '?all=yes');
    await client.get('/before');
    await row(page, '/before').waitFor();
    const cut = (route: Route) => route.fulfill({ contentType: 'text/event-stream', body: ': begins\n\n' });
    await page.route(/journal\/stream/, cut);
    await page.getByLabel('All workspaces').setChecked(all);
    await page.getByText('The connection is cut').waitFor();
    await client.get('/meanwhile');
    await page.unroute(/journal\/stream/, cut);
    await row(page, '/meanwhile').waitFor();
    await client.get('/later');
    await row(page, '/later').waitFor();
    expect(await rows(page).locator('.live-path').allInnerTexts()).toEqual(
      ['/later', '/meanwhile', '/before'].map((path) => `/nuntiq${path}`),
    );
  });

  test('keys lead through it', async () => {
    const client = await open('nuntiq');
    for (const path of ['/one', '/two', '/three']) await client.get(path);
    const page = await watch(client);
    await row(page, '/one').waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await entry(page, 2).getByText('GET /two').waitFor();
    await page.keyboard.press('j');
    await entry(page, 1).getByText('GET /one').waitFor();
    await page.keyboard.press('k');
    await entry(page, 2).waitFor();
    await page.keyboard.press('Escape');
    await entry(page, 2).waitFor({ state: 'detached' });
  });

  test('stays at hand while thousands of requests come, and shows a thousand of them', async () => {
    const client = await open('nuntiq');
    const page = await watch(client);
    const many = async (count: number) => {
      for (let sent = 0; sent < count; sent++) await client.get(`/load/${sent}`);
    };
    const load = Promise.all(Array.from({ length: 10 }, () => many(500)));
    await row(page, '/load/').waitFor();
    await page.getByLabel('Status').fill('2xx');
    await page.getByText('No request is like that.').waitFor();
    await page.getByLabel('Status').fill('4xx');
    await row(page, '/load/').waitFor();
    await load;
    await page.getByText(/^\d+ requests, the newest 1000 are shown/).waitFor();
    await client.get('/the-last');
    await row(page, '/the-last').waitFor();
    expect(await rows(page).count()).toBe(1_000);
  }, 240_000);
});

describe('a request', () => {
  test('is shown with its answer, what was wrong, and what nothing reads', async () => {
    const client = await open('nuntiq');
    await client.post(
      '/payments?debug=1',
      payment({ colour: 'red', lines: [{ invoice_token: invoice, applied_amount: 1.5 }] }),
    );
    await client.post('/payments', payment({ method: 'PIGEON', lines: [{ applied_amount: 1 }] }));
    await client.post('/payments', payment(), { headers: { 'x-api-key': 'wrong' } });
    const page = await watch(client, '/1');
    const sent = entry(page, 1).getByRole('region', { name: 'Body of the request' });
    await sent.locator('.is-unread', { hasText: '"colour"' }).getByText('Nothing reads this.').waitFor();
    await sent.getByText('1.5', { exact: true }).waitFor();
    await entry(page, 1).getByRole('region', { name: 'Query parameters' }).getByText('debug').waitFor();
    await entry(page, 1).getByRole('region', { name: 'Answer', exact: true }).getByText('payment_id').waitFor();
    await entry(page, 1)
      .getByText(/^\d+ headers$/)
      .click();
    await entry(page, 1).getByText('***-key').waitFor();

    await row(page, '400').getByRole('link').click();
    const wrong = entry(page, 2).getByRole('region', { name: 'Body of the request' });
    await wrong
      .locator('.is-problem', { hasText: '"PIGEON"' })
      .getByText(/must be one of/)
      .waitFor();
    await wrong.locator('.is-problem', { hasText: 'invoice_token is required' }).waitFor();

    await row(page, '401').getByRole('link').click();
    await entry(page, 3)
      .getByRole('region', { name: 'Problems' })
      .getByText(/unauthorized|key/i)
      .first()
      .waitFor();
  });

  test('tells the records that it changed, with the way to them', async () => {
    const client = await open('logisense');
    await client.send('PATCH', '/Payment/4', { body: { detail: 'flat' } });
    await client.send('DELETE', '/Payment/4');
    const page = await watch(client, '/1');
    await entry(page, 1)
      .getByRole('row', { name: /\/detail/ })
      .getByText('"flat"')
      .waitFor();
    const link = entry(page, 1).getByRole('link', { name: 'logisense payments 4' });
    expect(await link.getAttribute('href')).toBe(`#/~${client.workspace}/state/logisense/payments/4`);
    await row(page, 'deletePayment').getByRole('link').click();
    await entry(page, 2).getByText('Removed: logisense payments').click();
    await entry(page, 2).getByText('"flat"').first().waitFor();
  });

  test('tells the records that it added, with the way to them', async () => {
    const client = await open('nuntiq');
    await client.post('/payments', payment());
    const page = await watch(client, '/1');
    const link = entry(page, 1).getByRole('link', { name: 'payments 1005' });
    expect(await link.getAttribute('href')).toBe(`#/~${client.workspace}/state/nuntiq/payments/1005`);
    await entry(page, 1).getByText('Added: nuntiq payments').click();
    await entry(page, 1).getByText('"external_payment_id"').last().waitFor();
  });

  test('that a fault struck names it, and the answer that was none', async () => {
    const client = await open('nuntiq');
    for (const fault of [
      { name: 'down', when: { first: 1 }, fault: { respond: { status: 500, force: true } } },
      { name: 'cut', fault: { connection: 'reset' } },
    ]) {
      const made = await control('POST', `/workspaces/${client.workspace}/faults`, fault);
      expect(made.status, made.text).toBe(201);
    }
    await client.post('/payments', payment());
    await client.post('/payments', payment()).catch(() => undefined);
    const page = await watch(client, '/1');
    await entry(page, 1).getByText('500 failed').first().waitFor();
    await entry(page, 1).locator('.live-summary', { hasText: 'fault down' }).waitFor();
    await row(page, 'no answer').getByRole('link').click();
    await entry(page, 2).getByText('no answer').first().waitFor();
    await entry(page, 2).locator('.live-summary', { hasText: 'fault cut' }).waitFor();
  });

  test('that is not there says so', async () => {
    const client = await open('nuntiq');
    const page = await watch(client, '/7');
    await page.getByText('The journal has no entry 7; it is empty.').first().waitFor();
  });

  test('is copied as a curl that works, and says which credential it has', async () => {
    const client = await open('nuntiq');
    await client.post('/payments?debug=1', payment({ total_amount: 8, beneficiary_account: '99887766554433' }));
    const page = await watch(client, '/1');
    await entry(page, 1).getByRole('button', { name: 'Copy curl' }).click();
    const command = await page.evaluate(() => navigator.clipboard.readText());
    expect(command).toMatch(/^# x-api-key is the sandbox's own credential/);
    expect(command).toContain('# Hidden in the journal, put in your own: /beneficiary_account.');
    const { stdout } = await run('bash', ['-c', `${command} --silent --write-out '\n%{http_code}'`]);
    expect(stdout).toMatch(/\n200$/);
    const [first, second] = await journal(client);
    expect(second.request.query).toEqual(first.request.query);
    expect(second.request.body).toEqual({ ...first.request.body, beneficiary_account: expect.any(String) });
  });

  test('is sent again as it is changed, and the new one opens', async () => {
    const client = await open('nuntiq');
    await client.post('/payments', payment());
    const page = await watch(client, '/1');
    await entry(page, 1).getByRole('button', { name: 'Send again' }).click();
    const dialog = page.getByRole('dialog', { name: 'Send again' });
    await dialog.getByLabel('Headers').fill('no header');
    await dialog.getByRole('button', { name: 'Send', exact: true }).click();
    await dialog.getByText('Received the header "no header"').waitFor();
    await dialog.getByLabel('Headers').fill('x-api-key: nuntiq-sandbox-key\ncontent-type: application/json');
    await dialog.getByLabel('Body').fill('{\n  "external_payment_id": "P-9",\n  method}');
    await dialog.getByText('No JSON from line 3, column 3 on. It is sent as it stands.').waitFor();
    await dialog
      .getByLabel('Body')
      .fill('{"external_payment_id":"P-9","method":"ACH","total_amount":8.0,"currency":"dollars"}');
    await dialog.getByText('No JSON from').waitFor({ state: 'detached' });
    await dialog.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByRole('status').getByText('Answered with 400. It is request 2.').waitFor();
    // The list waits while a request is open; what was sent from here stands in it all the same.
    await rows(page).and(page.locator('.is-current')).getByText('400').waitFor();
    expect(await rows(page).count()).toBe(2);
    await entry(page, 2).getByText('8.0', { exact: true }).waitFor();
    expect(page.url()).toContain(`/~${client.workspace}/live/2`);
    expect((await journal(client))[1].request.body.external_payment_id).toBe('P-9');
  });

  test('is saved as a sample, without credentials and with numbers as they were', async () => {
    const client = await open('nuntiq');
    const text = '{"external_payment_id":"P-1","method":"ACH","total_amount":8.0,"currency":"USD"}';
    await client.send('POST', '/payments', { text });
    const page = await watch(client, '/1');
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      entry(page, 1).getByRole('button', { name: 'Save as a sample' }).click(),
    ]);
    const file = await readFile(await saved.path(), 'utf8');
    expect(file).toContain('"total_amount": 8.0');
    expect(file).not.toMatch(/api-key|\*\*\*/i);
    expect(JSON.parse(file)).toMatchObject({
      api: 'nuntiq',
      operationId: 'upsertPayments',
      method: 'POST',
      path: '/nuntiq/payments',
      scenario: 'default',
      headers: { 'content-type': 'application/json' },
      request: JSON.parse(text),
      response: { payment_id: 1005 },
      deviations: [],
    });
    const { body: samples } = await request(`${baseUrl()}/_sandbox/samples`);
    expect(Object.keys(JSON.parse(file))).toEqual(Object.keys(samples[0]));
  });

  test('whose texts are markup is shown as text', async () => {
    const client = await open('nuntiq');
    await client.post('/payments', payment());
    await client.post('/payments', payment({ beneficiary_name: markup, remittance_memo: markup, [markup]: markup }));
    await client.get(`/${encodeURIComponent(markup)}?${encodeURIComponent(markup)}=${encodeURIComponent(markup)}`);
    const page = await watch(client);
    const dialogs: string[] = [];
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      dialog.dismiss();
    });
    await row(page, '/nuntiq/payments').getByRole('link').click();
    const body = entry(page, 2).getByRole('region', { name: 'Body of the request' });
    await body.getByText(JSON.stringify(markup)).first().waitFor();
    await entry(page, 2)
      .getByRole('row', { name: /remittance_memo/ })
      .getByText(JSON.stringify(markup))
      .waitFor();
    await row(page, 'GET').getByRole('link').click();
    await entry(page, 3)
      .getByText(/GET \/%3Cimg/)
      .waitFor();
    expect(await page.locator('main img, main script').count()).toBe(0);
    expect(dialogs).toEqual([]);
  });
});

describe.each([
  { width: 1280, colorScheme: 'light' as const },
  { width: 390, colorScheme: 'dark' as const },
])('at $width pixels, $colorScheme', ({ width, colorScheme }) => {
  const options = { viewport: { width, height: 800 }, colorScheme };

  async function busy(): Promise<Client> {
    const client = await open('nuntiq');
    await client.post('/payments?debug=1', payment({ colour: 'red' }));
    await client.post('/payments', payment({ method: 'PIGEON', remittance_memo: 'x'.repeat(300), lines: [{}] }));
    await client.post('/payments', payment({ total_amount: 11 }));
    await client.get(`/${'long/'.repeat(40)}`);
    return client;
  }

  test('the list is accessible and fits', async () => {
    const page = await watch(await busy(), '', options);
    await row(page, '400').waitFor();
    await expectAccessible(page);
    await expectNoSidewaysScrolling(page);
  });

  test.each([1, 2, 3])('request %i is accessible and fits', async (number) => {
    const page = await watch(await busy(), `/${number}`, options);
    await entry(page, number).getByText('"total_amount"').first().waitFor();
    await page.getByText('…', { exact: true }).waitFor({ state: 'detached' });
    await expectAccessible(page);
    await expectNoSidewaysScrolling(page);
  });

  test('a request is a page of its own where there is no room beside', async () => {
    const page = await watch(await busy(), '/1', options);
    await entry(page, 1).waitFor();
    expect(await page.getByRole('region', { name: 'Requests' }).isVisible()).toBe(width > 1000);
    await entry(page, 1).getByRole('button', { name: 'Close' }).click();
    await page.getByRole('region', { name: 'Requests' }).waitFor();
  });

  test('the dialog of a request to send again is accessible', async () => {
    const page = await watch(await busy(), '/1', options);
    await entry(page, 1).getByRole('button', { name: 'Send again' }).click();
    await page.getByRole('dialog').waitFor();
    await expectAccessible(page);
    await expectNoSidewaysScrolling(page);
  });
});
