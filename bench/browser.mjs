/**
 * What the pages take: bytes as they are sent compressed, and how soon there is something to see, without a cache.
 * `npm run build && node bench/browser.mjs`; `ROUNDS` (9).
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { startSandbox } from '../dist/src/library.js';

const assets = fileURLToPath(new URL('../dist/browser/assets/', import.meta.url));
const sizes = readdirSync(assets).map((name) => ({ name, bytes: gzipSync(readFileSync(assets + name)).length }));
for (const { name, bytes } of sizes) process.stdout.write(`${(bytes / 1000).toFixed(1).padStart(8)} kB  ${name}\n`);
// The viewer of documents and the editor are libraries, fetched by who opens a document or a record.
const own = sizes.filter(({ name }) => !/^(?:standalone|json-editor)-/.test(name));
process.stdout.write(`${(own.reduce((sum, { bytes }) => sum + bytes, 0) / 1000).toFixed(1).padStart(8)} kB  our own\n`);

const sandbox = await startSandbox();
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
try {
  for (const path of ['/', '/#/live', '/#/state/logisense/payments']) {
    const paints = [];
    for (let round = 0; round < Number(process.env.ROUNDS ?? 9); round++) {
      const context = await browser.newContext();
      const page = await context.newPage();
      await page.goto(sandbox.url + path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      const at = () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime;
      paints.push(await (await page.waitForFunction(at)).jsonValue());
      await context.close();
    }
    process.stdout.write(`${median(paints).toFixed(0).padStart(8)} ms  first paint of ${path}\n`);
  }
} finally {
  await browser.close();
  await sandbox.close();
}
