/**
 * A sandbox that runs elsewhere, in a test's hands. It loads no server, so that it runs wherever `fetch` does.
 */
import { ControlClient, type Schemas } from './control.js';
import { WorkspaceClient } from './workspace.js';

export { type ApiClient, type Apis, ControlClient, ControlError, type Schemas, UnreachableError } from './control.js';
export { type ApiName, CollectionClient, VerificationError, WorkspaceClient } from './workspace.js';

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

/** A sandbox that runs elsewhere. Closing it is its owner's affair: `close` does nothing. */
export function attach(url: string, token?: string): Sandbox {
  const control = new ControlClient(url.replace(/\/$/, ''), token);
  return {
    url: control.url,
    control,
    workspace: async (request = {}) => {
      const { name, collections } = await control.ask(control.api.POST('/workspaces', { body: request }));
      return new WorkspaceClient(control, name, Object.keys(collections));
    },
    close: async () => {},
  };
}
