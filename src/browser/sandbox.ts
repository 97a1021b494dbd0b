/**
 * What every view shares: the apis that are served, the workspaces, and what was last said to the user.
 */
import { signal } from '@preact/signals';
import { ask, control, type Schemas } from './control.js';
import { asRefusal } from './loaded.js';
import { goTo, place } from './place.js';

/** The apis that are served; `undefined` until they are known. */
export const apis = signal<readonly Schemas['Api'][] | undefined>(undefined);

/** The workspaces, in the order in which they were made; `undefined` until they are known. */
export const workspaces = signal<readonly Schemas['Workspace'][] | undefined>(undefined);

/** Why the sandbox could not be asked; `undefined` if it could. */
export const trouble = signal<{ readonly message: string; readonly status: number } | undefined>(undefined);

/** What an api's document declares; it stays as it is for as long as the page is open, and is asked for once. */
const details = new Map<string, Promise<Schemas['ApiDetails']>>();

export function detailsOf(api: string): Promise<Schemas['ApiDetails']> {
  const asked = details.get(api) ?? ask(control.GET('/apis/{api}', { params: { path: { api } } }));
  details.set(api, asked);
  asked.catch(() => details.delete(api));
  return asked;
}

/** Asks for {@link apis} and {@link workspaces} anew; views that change one call it. */
export async function refresh(): Promise<void> {
  try {
    const [served, all] = await Promise.all([
      apis.peek() ?? ask(control.GET('/apis')),
      ask(control.GET('/workspaces')),
    ]);
    apis.value = served;
    workspaces.value = all;
    trouble.value = undefined;
  } catch (error) {
    trouble.value = asRefusal(error);
  }
}

/**
 * Asks how the workspace that is looked at is now. There may be thousands of others: they are asked for only when this one, or
 * the sandbox, does not answer as before.
 */
export async function look(): Promise<void> {
  if (workspaces.peek() === undefined || trouble.peek() !== undefined) return refresh();
  const { workspace } = place.peek();
  try {
    const now = await ask(control.GET('/workspaces/{name}', { params: { path: { name: workspace } } }));
    const known = workspaces.peek() ?? [];
    if (!known.some(({ name }) => name === workspace)) return refresh();
    workspaces.value = known.map((each) => (each.name === workspace ? now : each));
  } catch {
    return refresh();
  }
}

/** The workspace that the page looks at; `undefined` until it is known, or if there is none of the name. */
export function currentWorkspace(): Schemas['Workspace'] | undefined {
  return workspaces.value?.find(({ name }) => name === place.value.workspace);
}

/** Goes on looking at the same kind of thing in another workspace. What only the old one has is left behind. */
export function switchTo(workspace: string): void {
  const { view, rest } = place.peek();
  goTo({ workspace, view, rest: view === 'state' ? rest.slice(0, 2) : [] });
}

/** A line for the user about what they just did. */
export interface Notice {
  readonly text: string;
  readonly isTrouble: boolean;
}

/** The last one; `undefined` when it was read. */
export const notice = signal<Notice | undefined>(undefined);

/** Tells what was done. */
export function say(text: string): void {
  notice.value = { text, isTrouble: false };
}

/** Tells why something could not be done. */
export function complain(error: unknown): void {
  const { message, errors } = asRefusal(error);
  const more = errors.map((each) => each.message).filter((each) => !message.includes(each));
  notice.value = { text: [message, ...more].join(' '), isTrouble: true };
}

/** Does something and says that it is done, or why not. Tells whether it was. */
export async function carryOut(done: string, action: () => Promise<unknown>): Promise<boolean> {
  try {
    await action();
    say(done);
    return true;
  } catch (error) {
    complain(error);
    return false;
  } finally {
    await refresh();
  }
}
