/**
 * The documentation in a browser: every operation from its document, with sources, samples, and requests that can be tried.
 */
import type { Locator } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { documentedApis, loadDocument } from '../../src/document.js';
import { baseUrl, request, useSandbox } from '../harness.js';
import { expectAccessible, expectNoSidewaysScrolling, newWorkspace, openPage, useBrowser } from './page.js';

useSandbox();
useBrowser();

/**
 * What of the viewer's own axe finds fault with, and we cannot mend (docs/decisions/viewer-of-documents.md): fields and buttons
 * without a name, and lists that scroll, which browsers let keys reach by themselves.
 */
const ofTheViewer = [
  '.code-input-lite__editor',
  'button[aria-controls^="scalar-refs"]',
  '.endpoints',
  '.max-h-\\[60vh\\]',
];

const url = (api: string, workspace?: string) =>
  `/_browser/documentation.html?${new URLSearchParams({ api, ...(workspace === undefined ? {} : { workspace }) })}`;

describe.each(documentedApis())('%s', (api) => {
  test('every operation is there, with where its behaviour comes from and the rules that no schema can say', async () => {
    const page = await openPage(url(api));
    const { operations, title } = loadDocument(api);
    await page.getByRole('heading', { level: 1, name: title }).waitFor();
    for (const { summary } of operations) {
      const link = page.getByRole('link', { name: summary }).first();
      await link.click();
      await page.getByRole('heading', { name: summary }).first().waitFor();
    }
    await page.getByText('Rules that no schema can say').first().waitFor();
    await page.getByText("Source: the vendor's documentation").first().waitFor();
  });

  test('a request is tried with credentials filled in, in the workspace that is looked at', async () => {
    const workspace = await newWorkspace();
    const page = await openPage(url(api, workspace));
    const [operation] = loadDocument(api).operations;
    await page
      .getByRole('link', { name: operation?.summary ?? '' })
      .first()
      .click();
    await page
      .getByRole('button', { name: /Test Request/ })
      .first()
      .click();
    await page.getByRole('button', { name: /^Send/ }).first().click();
    await expect
      .poll(async () => {
        const { body } = await request(`${baseUrl()}/_sandbox/workspaces/${workspace}/journal?api=${api}`);
        return body.entries.map((entry: { operationId: string }) => entry.operationId);
      })
      .toEqual([operation?.operationId]);
    const { body } = await request(`${baseUrl()}/_sandbox/workspaces/${workspace}/journal?api=${api}`);
    expect(body.entries[0].problems.map(({ kind }: { kind: string }) => kind)).not.toContain('unauthenticated');
  });
});

test('a sample is sent as it stands in the document: numbers keep their text', async () => {
  const page = await openPage(url('staxbill'));
  const [operation] = loadDocument('staxbill').operations;
  await page
    .getByRole('link', { name: operation?.summary ?? '' })
    .first()
    .click();
  await page.getByText('The viewer may show numbers of an example in its own way').first().waitFor();
  await page
    .getByRole('button', { name: /Test Request/ })
    .first()
    .click();
  const sent = page.waitForRequest((asked) => asked.method() === 'POST');
  await page.getByRole('button', { name: /^Send/ }).first().click();
  expect((await sent).postData()).toContain('"amount": 2.0,');
});

test('an api that is not served is told, and another can be chosen', async () => {
  const page = await openPage(url('nobody'));
  await page.getByText('There is no api nobody. Choose one above.').waitFor();
  await page.getByRole('link', { name: loadDocument('upwell').title }).click();
  await page.getByRole('heading', { level: 1, name: loadDocument('upwell').title }).waitFor();
});

test('on a phone, what sends a request and its body are within the window', async () => {
  const page = await openPage(url('nuntiq'), { viewport: { width: 390, height: 800 } });
  await page
    .getByRole('button', { name: /Test Request/ })
    .first()
    .click();
  const send = page.getByRole('button', { name: /^Send/ }).first();
  await send.waitFor();
  const right = async (part: Locator) => part.evaluate((element) => element.getBoundingClientRect().right);
  await expect.poll(() => right(send)).toBeLessThanOrEqual(390);
  const body = page.locator('.scalar-client .cm-editor').last();
  await expect.poll(() => right(body)).toBeLessThanOrEqual(390);
});

describe.each([
  { width: 1280, colorScheme: 'light' as const },
  { width: 390, colorScheme: 'dark' as const },
])('at $width pixels, $colorScheme', ({ width, colorScheme }) => {
  test('it is accessible and fits', async () => {
    const page = await openPage(url('upwell'), { viewport: { width, height: 800 }, colorScheme });
    await page.getByText('Rules that no schema can say').first().waitFor();
    await expectAccessible(page, ofTheViewer);
    await expectNoSidewaysScrolling(page);
  });
});
