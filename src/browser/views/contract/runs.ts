/**
 * The verifications of the sandbox, as far as the page knows them: asked for again while one runs and the page is looked at,
 * or others wait for its end; started one after the other.
 */
import { computed, signal } from '@preact/signals';
import { ask, control, type Refusal, tell } from '../../control.js';
import { asRefusal } from '../../loaded.js';
import { apis, complain, say } from '../../sandbox.js';
import { type Form, type Options, readForm, summary, usualForm, type Verification } from './words.js';

/** The newest first; `undefined` until they are known. */
export const runs = signal<readonly Verification[] | undefined>(undefined);

/** Why they could not be asked for; `undefined` if they could. */
export const refusal = signal<Refusal | undefined>(undefined);

/** How the next run is made, as it stands on the page. */
export const form = signal<Form>(usualForm);

/** What is wrong with it; nothing most of the time. */
export const wrong = computed<readonly string[]>(() => {
  const read = readForm(form.value);
  return 'phases' in read ? [] : read;
});

/** How the next run is made; `undefined` while something is wrong with it. */
export const options = computed<Options | undefined>(() => {
  const read = readForm(form.value);
  return 'phases' in read ? read : undefined;
});

/** What waits for the end of the run before it, with the options of the moment at which all were asked for. */
export const waiting = signal<readonly { readonly api: string; readonly options: Options }[]>([]);

/** How often it is asked how far a run is, while somebody looks and while nobody does but others wait. */
const lookedAtMilliseconds = 500;
const unseenMilliseconds = 5_000;

let timer: ReturnType<typeof setTimeout> | undefined;

/** The title of an api, or its id until that is known. */
export function titleOf(api: string): string {
  return apis.value?.find((each) => each.api === api)?.title ?? api;
}

/** The one that runs; undefined if none does. */
export function running(): Verification | undefined {
  return runs.value?.find(({ state }) => state === 'running');
}

/** Asks how it stands, tells the end of what ran, starts what waits, and looks again while there is something to see. */
export async function look(): Promise<void> {
  clearTimeout(timer);
  const before = running();
  try {
    runs.value = await ask(control.GET('/verifications'));
    refusal.value = undefined;
  } catch (error) {
    refusal.value = asRefusal(error);
    // Nobody knows when it answers again.
    waiting.value = [];
  }
  const after = runs.value?.find(({ id }) => id === before?.id);
  if (after !== undefined && after.state !== 'running') say(summary(titleOf(after.api), after));
  const [next, ...others] = waiting.value;
  if (next !== undefined && running() === undefined && refusal.value === undefined) {
    waiting.value = others;
    await begin(next.api, next.options);
  }
  lookLater();
}

function lookLater(): void {
  clearTimeout(timer);
  const isSeen = document.visibilityState === 'visible';
  const isWaitedFor = waiting.value.length > 0;
  if (!isWaitedFor && (running() === undefined || !isSeen)) return;
  timer = setTimeout(look, isSeen ? lookedAtMilliseconds : unseenMilliseconds);
}

document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible' && running() !== undefined) look();
});

async function begin(api: string, { phases, seed, maxExamples }: Options): Promise<void> {
  try {
    const body = { api, phases: [...phases], seed, maxExamples };
    const started = await ask(control.POST('/verifications', { body }));
    runs.value = [started, ...(runs.value ?? [])];
  } catch (error) {
    complain(error);
  }
}

/** Starts a run of one api. */
export async function run(api: string, how: Options): Promise<void> {
  await begin(api, how);
  await look();
}

/** Runs every api, one after the other. */
export async function runAll(how: Options): Promise<void> {
  waiting.value = (apis.value ?? []).map(({ api }) => ({ api, options: how }));
  await look();
}

/** Stops the run, and what waits for its end. */
export async function stop({ id }: Verification): Promise<void> {
  waiting.value = [];
  const params = { path: { verification: id } };
  await tell(control.POST('/verifications/{verification}/stop', { params })).catch(complain);
  await look();
}

/** Throws away what a run came to. */
export async function remove(id: string): Promise<void> {
  const params = { path: { verification: id } };
  await tell(control.DELETE('/verifications/{verification}', { params })).catch(complain);
  await look();
}
