/**
 * The control API, typed by its document. All that the pages know, and all that they do, goes through it.
 *
 * Numbers keep their text, as everywhere in paydouble: an amount of 8.0 is shown as 8.0 and sent as 8.0.
 */
import createClient, { defaultPathSerializer } from 'openapi-fetch';
import type { components, paths } from '../../specs/_sandbox/openapi.js';
import { isObject, type JsonValue, parse, stringify } from '../json.js';

export type Schemas = components['schemas'];

/** The control API refused, or did not answer. `message` says why. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    message: string,
    /** The status of the answer; 0 for none. */
    readonly status: number,
    /** Each thing that is wrong: where, and a sentence. */
    readonly errors: Schemas['Problem']['errors'] = [],
  ) {
    super(message);
  }
}

const tokenKey = 'control-token';

/** What the sandbox printed at its start, where it listens beyond its machine; kept until the tab is closed. */
export function rememberToken(token: string): void {
  sessionStorage.setItem(tokenKey, token);
}

/** What a request to the control API bears. */
function authorization(): Record<string, string> {
  const token = sessionStorage.getItem(tokenKey);
  return token === null ? {} : { Authorization: `Bearer ${token}` };
}

/** `fetch` for openapi-fetch, whose answers are read without loss. */
async function exactly(request: Request): Promise<Response> {
  for (const [name, value] of Object.entries(authorization())) request.headers.set(name, value);
  const response = await fetch(request);
  return Object.assign(response, { json: async () => parse(await response.text()) });
}

const baseUrl = '/_sandbox';

/** Typed by the document: `control.GET('/workspaces')`. */
export const control = createClient<paths>({
  baseUrl,
  fetch: exactly,
  bodySerializer: (body: JsonValue | undefined) => stringify(body ?? null),
});

/** Where an operation is, for a command to paste: `http://127.0.0.1:4010/_sandbox/workspaces/w-1/faults`. */
export function urlOf(path: keyof paths, parameters: Readonly<Record<string, string>>): string {
  return `${location.origin}${baseUrl}${defaultPathSerializer(path, parameters)}`;
}

interface Asked<T> {
  readonly data?: T | undefined;
  readonly error?: unknown;
  readonly response: Response;
}

/** What an operation answers. @throws {Refusal} if it refuses, or nothing answers */
export async function ask<T>(asked: Promise<Asked<T>>): Promise<T> {
  const { data, error, response } = await reach(asked);
  if (response.ok && data !== undefined) return data;
  throw refusal(response.status, error);
}

/** The same for an operation that answers nothing. @throws {Refusal} */
export async function tell(asked: Promise<Asked<unknown>>): Promise<void> {
  const { error, response } = await reach(asked);
  if (!response.ok) throw refusal(response.status, error);
}

async function reach<T>(asked: Promise<Asked<T>>): Promise<Asked<T>> {
  try {
    return await asked;
  } catch {
    throw new Refusal('The sandbox does not answer. Is it still running?', 0);
  }
}

/** A refusal by what came: the control API's own words where there are any. */
export function refusal(status: number, error: unknown): Refusal {
  return isProblem(error)
    ? new Refusal(error.detail, status, error.errors)
    : new Refusal(`The sandbox answered with status ${status}.`, status);
}

function isProblem(value: unknown): value is Schemas['Problem'] {
  return typeof value === 'object' && value !== null && 'detail' in value && 'errors' in value;
}

export { isObject, type JsonValue, parse, stringify };
