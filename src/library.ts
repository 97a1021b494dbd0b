/**
 * The library: a sandbox in a test's own process, a workspace for each test.
 *
 * ```ts
 * import { startSandbox } from 'paydouble';
 * const sandbox = await startSandbox();
 * const workspace = await sandbox.workspace({ scenario: 'default', clock: '2026-03-31T23:59:59Z' });
 * ```
 */
import { ControlClient, type Schemas } from './client/control.js';
import { WorkspaceClient } from './client/workspace.js';
import { type SandboxOptions, startSandbox as start } from './sandbox.js';

export { type ApiClient, ControlClient, ControlError, type Schemas, UnreachableError } from './client/control.js';
export { CollectionClient, VerificationError, WorkspaceClient } from './client/workspace.js';
export * from './index.js';
export { ListenError, type SandboxOptions, version } from './sandbox.js';
export { FileError } from './yaml.js';

/** A sandbox that listens. */
export interface Sandbox {
  /** `http://127.0.0.1:40213` */
  readonly url: string;
  /** Its control API. */
  readonly control: ControlClient;
  /** A new workspace: by default of the scenario `default`, with a name that is made up. */
  workspace(request?: Schemas['WorkspaceRequest']): Promise<WorkspaceClient>;
  /** Finishes what is under way, and stops. */
  close(): Promise<void>;
}

/**
 * Starts a sandbox in this process, on a free port of this machine unless told otherwise, its state in memory, silent.
 *
 * @throws {FileError} if a document, handler or scenario is wrong
 * @throws {ListenError} if the port cannot be had
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await start({ log: false, ...options });
  return { ...attach(sandbox.url, options.token), close: () => sandbox.close() };
}

/** A sandbox that runs elsewhere. Closing it is its owner's affair: `close` does nothing. */
export function attach(url: string, token?: string): Sandbox {
  const control = new ControlClient(url.replace(/\/$/, ''), token);
  return {
    url: control.url,
    control,
    workspace: async (request = {}) => {
      const { name } = await control.ask(control.api.POST('/workspaces', { body: request }));
      return new WorkspaceClient(control, name);
    },
    close: async () => {},
  };
}
