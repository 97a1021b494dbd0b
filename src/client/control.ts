/**
 * A client of the control API, typed by its document. The command line and the library are thin over it.
 *
 * The only module that imports openapi-fetch.
 */
import createClient, { type Client } from 'openapi-fetch';
import type { components, paths } from '../../specs/_sandbox/client.js';
import type { Apis } from '../../specs/apis.js';

export type Schemas = components['schemas'];

/** What each api's document has under `paths`, by the api's name. */
export type { Apis };

/** A client of one api, typed by its document: `client.POST('/payments', { body })`. */
export type ApiClient<Api extends keyof Apis> = Client<Apis[Api]>;

/** The control API refused. `message` says why; `errors` names each member that is wrong. */
export class ControlError extends Error {
  override readonly name = 'ControlError';

  /** The status of the answer. */
  readonly status: number;
  /** Each thing that is wrong: where, and a sentence. */
  readonly errors: Schemas['Problem']['errors'];

  constructor(
    /** The refusal as it came. */
    readonly problem: Schemas['Problem'],
  ) {
    super(problem.detail);
    this.status = problem.status;
    this.errors = problem.errors;
  }
}

/** The control API cannot be reached, or something else answers there. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

/** What a request to the control API gives: openapi-fetch's answer. */
interface Asked<T> {
  readonly data?: T | undefined;
  readonly error?: unknown;
  readonly response: Response;
}

/** The control API of a sandbox. */
export class ControlClient {
  /** Typed by the document: `client.api.GET('/workspaces')`. */
  readonly api: Client<paths>;

  constructor(
    /** Where the sandbox is: `http://127.0.0.1:4010`. */
    readonly url: string,
    /** What the sandbox printed at its start, if it listens beyond its machine. */
    token?: string,
  ) {
    const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
    this.api = createClient<paths>({ baseUrl: `${url}/_sandbox`, headers });
  }

  /**
   * What an operation answers.
   *
   * @throws {ControlError} if it refuses
   * @throws {UnreachableError} if nothing, or something else, answers
   */
  async ask<T>(asked: Promise<Asked<T>>): Promise<T> {
    const { data, error, response } = await this.#reach(asked);
    if (response.ok && data !== undefined) return data;
    throw refusal(response, error, this.url);
  }

  /** The same for an operation that answers nothing. */
  async tell(asked: Promise<Asked<unknown>>): Promise<void> {
    const { error, response } = await this.#reach(asked);
    if (!response.ok) throw refusal(response, error, this.url);
  }

  /**
   * Keeps a snapshot's file under a name, in the place of one that has it unless `replace` is false. It is sent as the text
   * that it is: an amount of 8.0 is to stay one.
   */
  upload(snapshot: string, file: string, replace = true): Promise<Schemas['Snapshot']> {
    const body: Schemas['SnapshotFile'] = { paydouble: 'snapshot 1', apis: {} };
    const asked = this.api.PUT('/snapshots/{snapshot}', {
      params: { path: { snapshot }, query: { replace } },
      body,
      bodySerializer: () => file,
    });
    return this.ask(asked);
  }

  /** The headers that authenticate a client of an api in the scenario `default`. */
  async headers(api: string): Promise<Record<string, string>> {
    const apis = await this.ask(this.api.GET('/apis'));
    const found = apis.find((each) => each.api === api);
    if (found !== undefined) return { ...found.headers };
    const known = apis.map((each) => each.api);
    throw unknownApi(api, known);
  }

  async #reach<T>(asked: Promise<Asked<T>>): Promise<Asked<T>> {
    try {
      return await asked;
    } catch (error) {
      const reason = error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : '';
      const isUrl = /^https?:\/\//i.test(this.url);
      if (!isUrl) throw new UnreachableError(`${this.url} is no URL: http:// is missing. Write http://${this.url}.`);
      throw new UnreachableError(`No sandbox answers at ${this.url}: ${reason}. Start one with "paydouble serve".`);
    }
  }
}

/** A client of an api in a workspace. */
export function makeApiClient<Api extends keyof Apis>(
  baseUrl: string,
  headers: Readonly<Record<string, string>>,
): ApiClient<Api> {
  return createClient<Apis[Api]>({ baseUrl, headers });
}

function refusal(response: Response, error: unknown, url: string): Error {
  if (!isProblem(error)) {
    return new UnreachableError(`What answers at ${url} is no paydouble sandbox (status ${response.status}).`);
  }
  return new ControlError(error);
}

/** Nothing is served under the name. */
export function unknownApi(api: string, known: readonly string[]): ControlError {
  const detail = `There is no api ${api}. Known are ${known.join(', ')}.`;
  const errors = [{ in: 'path', pointer: '/api', rule: 'exists', message: detail } as const];
  return new ControlError({ type: 'urn:paydouble:problem:not-found', title: 'Not found', status: 404, detail, errors });
}

function isProblem(value: unknown): value is Schemas['Problem'] {
  return typeof value === 'object' && value !== null && 'detail' in value && 'errors' in value;
}
