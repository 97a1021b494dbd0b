/**
 * The pictures in docs/screenshots/, of a sandbox whose clock stands still: `npm run build && node scripts/screenshots.mjs`.
 * They show Debian's chromium, or the one that CHROMIUM names.
 */
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { startSandbox } from '../dist/src/library.js';

const folder = fileURLToPath(new URL('../docs/screenshots/', import.meta.url));
const sandbox = await startSandbox();
const { control } = sandbox;
const workspace = 'checkout-17';
const body = { name: workspace, scenario: 'default', clock: '2026-03-12T09:30:00Z' };
await control.ask(control.api.POST('/workspaces', { body }));
const rule = { name: 'gateway-down', api: 'nuntiq', when: { every: 3 }, fault: { respond: { status: 400 } } };
await control.ask(control.api.POST('/workspaces/{name}/faults', { params: { path: { name: workspace } }, body: rule }));

/** Some requests that succeed, one that is refused, one that sends what nothing reads. */
async function ask() {
  for (const { api } of await control.ask(control.api.GET('/apis'))) {
    const { firstRequest } = await control.ask(control.api.GET('/apis/{api}', { params: { path: { api } } }));
    const { method, path, headers, body } = firstRequest;
    await fetch(`${sandbox.url}/~${workspace}${path}`, { method, headers, body });
  }
  const headers = { Authorization: 'Bearer logisense-sandbox-token', 'Content-Type': 'application/json' };
  const at = `${sandbox.url}/~${workspace}/logisense/Payment/`;
  const payment = { date: '2026-03-12T10:00:00.000Z', accountId: 17, paymentTypeId: 2, amount: 75.5 };
  await fetch(at, { headers });
  await fetch(`${at}1`, { method: 'PUT', headers, body: JSON.stringify({ ...payment, remark: 'by phone' }) });
  await fetch(at, { method: 'POST', headers, body: JSON.stringify({ ...payment, accountId: 4711, amount: -1 }) });
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});

async function picture(name, path, { wait, width = 1280, colorScheme = 'light' }) {
  const page = await browser.newPage({ viewport: { width, height: width === 1280 ? 800 : 844 }, colorScheme });
  await page.goto(`${sandbox.url}${path}`);
  await page.getByText(wait).first().waitFor();
  await page.waitForLoadState('networkidle').catch(() => {});
  await page.screenshot({ path: `${folder}${name}.png` });
  await page.close();
}

try {
  await ask();
  const at = `/#/~${workspace}`;
  await picture('live', `${at}/live/8`, { wait: 'Request 8' });
  await picture('live-phone', `${at}/live`, { wait: 'POST', width: 390, colorScheme: 'dark' });
  await picture('state', `${at}/state/logisense/payments`, { wait: 'payments' });
  await picture('faults', `${at}/faults`, { wait: 'gateway-down' });
  await picture('home', `${at}/`, { wait: 'curl -X', colorScheme: 'dark' });
  const documentation = new URLSearchParams({ api: 'logisense', workspace });
  await picture('documentation', `/_browser/documentation.html?${documentation}#tag/payments/POST/Payment/`, {
    wait: 'Rules that no schema can say',
  });
} finally {
  await browser.close();
  await sandbox.close();
}
