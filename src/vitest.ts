/**
 * Fixtures for vitest: a sandbox for each test file, a workspace for each test.
 *
 * ```ts
 * import { test } from 'paydouble/vitest';
 * test('pays', async ({ workspace }) => { … });
 * ```
 */
import { test as base } from 'vitest';
import type { WorkspaceClient } from './client/workspace.js';
import { type Sandbox, type SandboxOptions, startSandbox } from './library.js';

interface Fixtures {
  /** How the sandbox is started; nothing is set unless a test file extends it. */
  readonly options: SandboxOptions;
  /** Of the test file; started when the first test asks for it. */
  readonly sandbox: Sandbox;
  /** Of the test alone, from the scenario `default`. */
  readonly workspace: WorkspaceClient;
}

/** vitest's `test` with the fixtures `sandbox` and `workspace`. Extend it for another scenario, seed or clock. */
export const test = base.extend<Fixtures>({
  options: [{}, { scope: 'file' }],
  sandbox: [
    async ({ options }, use) => {
      const sandbox = await startSandbox(options);
      await use(sandbox);
      await sandbox.close();
    },
    { scope: 'file' },
  ],
  workspace: async ({ sandbox }, use) => {
    const workspace = await sandbox.workspace();
    await use(workspace);
    await workspace.close();
  },
});
