/**
 * What the tests share: a sandbox on a free port for each test file, and a client that speaks HTTP to one workspace.
 */
import { appendFileSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadDocument, type Rule } from '../src/document.js';
import { type JsonValue, parse } from '../src/json.js';
import { type Sandbox, type SandboxOptions, startSandbox } from '../src/sandbox.js';

/** An answer as it came over the wire. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The body, exactly. */
  readonly text: string;
  /** The body as plain JavaScript (numbers are doubles); `undefined` if it is empty. */
  // biome-ignore lint/suspicious/noExplicitAny: tests pick from answers of every shape
  readonly body: any;
}

export interface SendOptions {
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, in place of `body`. */
  readonly text?: string | Uint8Array;
  /** Added to the credentials and `content-type: application/json`; `undefined` takes one away. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

/** A client of one api in one workspace of its own. */
export interface Client {
  readonly workspace: string;
  /** `path` is the vendor's, with its query: `/Payment/1`. */
  send(method: string, path: string, options?: SendOptions): Promise<Answer>;
  post(path: string, body: unknown, options?: SendOptions): Promise<Answer>;
  get(path: string, options?: SendOptions): Promise<Answer>;
  /** Every record of a collection, as the control API shows it. */
  // biome-ignore lint/suspicious/noExplicitAny: records of every collection
  state(collection: string): Promise<any[]>;
}

let sandbox: Sandbox | undefined;

/**
 * Starts the file's sandbox before its tests and closes it after them. Call once, at the top of a test file. `options`
 * are added to those that all tests share.
 */
export function useSandbox(options: SandboxOptions = {}): void {
  beforeAll(async () => {
    const wanted = process.env.TEST_APIS?.split(',');
    sandbox = await startSandbox({
      port: 0,
      log: false,
      checkRecords: true,
      ...(wanted === undefined ? {} : { apis: wanted }),
      ...options,
    });
  });
  afterAll(async () => {
    await sandbox?.close();
  });
}

/** Where the file's sandbox listens: `http://127.0.0.1:40213`. */
export function baseUrl(): string {
  if (sandbox === undefined) throw new Error('Call useSandbox() at the top of the test file.');
  return sandbox.url;
}

/** A client with the scenario's credentials, in a fresh workspace made from the scenario. */
export async function open(api: string, scenario = 'default'): Promise<Client> {
  const created = await request(`${baseUrl()}/_sandbox/workspaces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ scenario }),
  });
  expect(created.status, created.text).toBe(201);
  const workspace: string = created.body.name;
  const credentials = (await credentialHeaders(api)) ?? {};
  const send = async (method: string, path: string, options: SendOptions = {}): Promise<Answer> => {
    const payload = options.text ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
    const headers: Record<string, string> = {};
    const wanted = {
      ...credentials,
      ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
      ...options.headers,
    };
    for (const [name, value] of Object.entries(wanted)) if (value !== undefined) headers[name.toLowerCase()] = value;
    const answer = await request(`${baseUrl()}/~${workspace}/${api}${path}`, {
      method,
      headers,
      ...(payload === undefined ? {} : { body: typeof payload === 'string' ? payload : Buffer.from(payload) }),
    });
    record({ api, method, path, headers, payload }, answer);
    return answer;
  };
  return {
    workspace,
    send,
    post: (path, body, options = {}) => send('POST', path, { body, ...options }),
    get: (path, options = {}) => send('GET', path, options),
    state: async (collection) => {
      const answer = await request(`${baseUrl()}/_sandbox/workspaces/${workspace}/state/${api}/${collection}`);
      expect(answer.status, answer.text).toBe(200);
      return answer.body.records;
    },
  };
}

/** What a client of a vendor's api sent. */
interface Sent {
  readonly api: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: string | Uint8Array | undefined;
}

/**
 * Keeps what the tests of handlers sent and were answered in the directory RECORD_EXCHANGES, for judge-with-prism.mjs and
 * write-fidelity.mjs. Other tests ask for answers that break the document on purpose.
 */
function record({ payload, ...sent }: Sent, { status, headers, text }: Answer): void {
  const directory = process.env.RECORD_EXCHANGES;
  const { testPath = '', currentTestName = '' } = expect.getState();
  if (directory === undefined || !testPath.includes('/test/handlers/')) return;
  const body = payload === undefined ? null : Buffer.from(payload).toString('base64');
  const answer = { status, headers: Object.fromEntries(headers), text };
  const kept = { test: `${basename(testPath)}: ${currentTestName}`, ...sent, body, answer };
  mkdirSync(directory, { recursive: true });
  appendFileSync(join(directory, `${basename(testPath)}.jsonl`), `${JSON.stringify(kept)}\n`);
}

/** The headers that authenticate a client of the api in the default scenario, names in lower case. */
async function credentialHeaders(api: string): Promise<Record<string, string> | undefined> {
  const { body } = await request(`${baseUrl()}/_sandbox/apis`);
  const found = body.find((entry: { api: string }) => entry.api === api);
  if (found === undefined) throw new Error(`The sandbox serves no api ${api}.`);
  return Object.fromEntries(Object.entries<string>(found.headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** One HTTP request, its answer read whole. */
export async function request(url: string, options: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, options);
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: text === '' ? undefined : parsed(text),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The answer's body with number text kept, for tests of exactness. */
export function exact(answer: Answer): JsonValue {
  return parse(answer.text);
}

/** Both sides of a rule: a request that keeps it and is served, and one that breaks it and is refused. */
export interface RuleTest {
  readonly accepts: (open: (scenario?: string) => Promise<Client>) => Promise<void>;
  readonly refuses: (open: (scenario?: string) => Promise<Client>) => Promise<void>;
}

/**
 * Tests both sides of every `x-rules` entry of an api's document. Fails when a rule has no test or a test has no rule.
 * For a rule that refuses nothing (a default, an order), `refuses` shows the case in which it does not apply.
 */
export function testRules(api: string, tests: Readonly<Record<string, RuleTest>>): void {
  const rules = documentedRules(api);
  describe(`the rules of ${api}`, () => {
    test('each has a test, and each test a rule', () => {
      expect(Object.keys(tests).sort()).toEqual(rules.map((rule) => rule.id).sort());
    });
    for (const [id, { accepts, refuses }] of Object.entries(tests)) {
      test(`${id}: accepts`, () => accepts((scenario) => open(api, scenario)));
      test(`${id}: refuses`, () => refuses((scenario) => open(api, scenario)));
    }
  });
}

/** Every rule of the api's document, in its order. */
export function documentedRules(api: string): readonly Rule[] {
  const seen = new Map<string, Rule>();
  for (const operation of loadDocument(api).operations) {
    for (const rule of operation.rules) seen.set(rule.id, rule);
  }
  return [...seen.values()];
}
