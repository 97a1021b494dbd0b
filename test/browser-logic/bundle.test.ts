/**
 * What a browser fetches to show the pages: our own code stays small, and nothing in it leads elsewhere.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { pages } from '../../src/paths.js';

const assets = join(pages, 'assets');
/** The viewer of documents and the editor are libraries, fetched by who opens a document or edits a record. */
const own = readdirSync(assets).filter((name) => !/^(?:standalone|json-editor)-/.test(name));

test('our own code is below 150 kB, compressed', () => {
  const bytes = own.reduce((sum, name) => sum + gzipSync(readFileSync(join(assets, name))).length, 0);
  expect(bytes).toBeGreaterThan(10_000);
  expect(bytes).toBeLessThan(150_000);
});

test('home fetches neither the viewer nor the editor', () => {
  const html = readFileSync(join(pages, 'index.html'), 'utf8');
  expect(html).toMatch(/assets\/index-/);
  expect(html).not.toMatch(/standalone-|json-editor-|https?:\/\//);
});
