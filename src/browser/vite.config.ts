/**
 * Builds the pages into dist/browser, which src/home.ts serves: the app at `/`, its files below `/_browser/`.
 */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: at('.'),
  base: '/_browser/',
  logLevel: 'warn',
  build: {
    outDir: at('../../dist/browser'),
    emptyOutDir: true,
    target: 'es2023',
    // The viewer of documents is one file of its own, and is fetched by who opens one.
    chunkSizeWarningLimit: 6_000,
    // Nothing may be a data: URL; the pages' Content-Security-Policy lets only files of the sandbox in.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: [at('index.html'), at('documentation.html')] },
  },
});
