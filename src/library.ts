/**
 * The library: a sandbox in a test's own process, a workspace for each test.
 *
 * ```ts
 * import { startSandbox } from 'paydouble';
 * const sandbox = await startSandbox();
 * const workspace = await sandbox.workspace({ scenario: 'default', clock: '2026-03-31T23:59:59Z' });
 * ```
 */
import { attach, type Sandbox } from './client/sandbox.js';
import { type SandboxOptions, startSandbox as start } from './sandbox.js';

export * from './client/sandbox.js';
export * from './index.js';
export { ListenError, type SandboxOptions } from './sandbox.js';
export { version } from './version.js';
export { FileError } from './yaml.js';

/**
 * Starts a sandbox in this process, on a free port of this machine unless told otherwise, its state in memory, silent.
 *
 * @throws {FileError} if a document, handler, scenario or directory of scenarios is wrong
 * @throws {ListenError} if the port cannot be had
 * @throws {TypeError} for an option that there is not
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await start({ log: false, ...options });
  return { ...attach(sandbox.url, options.token), close: () => sandbox.close() };
}
