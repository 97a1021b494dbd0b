/**
 * What is simulated: a sandbox that is closed, killed and opened again in the middle, and its control API.
 */
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { isArray, isObject, type JsonObject, type JsonValue, parse } from '../../src/json.js';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox.js';
import { WorkingCopy } from '../../src/store/transaction.js';
import type { Workspace } from '../../src/store/workspace.js';
import { type Answered, Connection, type Sent } from './connection.js';

/** Defects that are planted, to see them found. */
export interface Planted {
  /** A folder with handlers that are used in place of the package's. */
  readonly handlers?: string;
  /** Called with each sandbox that was started. */
  readonly inSandbox?: (sandbox: Sandbox) => void;
  /** Called with the copy of a state directory before it is opened. */
  readonly inCopy?: (directory: string) => void;
}

/** A sandbox with one api; with `durable`, it keeps its state in a directory. */
export class Subject {
  readonly #directories: string[] = [];
  #sandbox: Sandbox | undefined;
  #connection: Connection | undefined;
  /** The headers that authenticate a client of the api. */
  #credentials: Readonly<Record<string, string>> = {};

  private constructor(
    readonly api: string,
    private readonly planted: Planted,
  ) {}

  static async start(api: string, durable: boolean, planted: Planted): Promise<Subject> {
    const subject = new Subject(api, planted);
    await subject.#open(durable ? subject.#directory() : undefined);
    return subject;
  }

  /** A request of the vendor's api; `undefined` if the connection broke before an answer was whole. */
  ask(
    workspace: string,
    { path, ...sent }: Sent,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answered | undefined> {
    const prefixed = { ...sent, path: `/~${workspace}/${this.api}${path}` };
    return this.#connected.send(prefixed, { ...this.#credentials, ...headers });
  }

  /** A collection's records as they are stored: over the control API they would take longer than all the rest. */
  records(workspace: string, collection: string): readonly JsonObject[] {
    const records = this.#found(workspace).apis.get(this.api)?.records(collection);
    return records === undefined ? [] : new WorkingCopy(() => records).all();
  }

  /** What a workspace's clock says, in milliseconds. */
  now(workspace: string): number {
    return this.#found(workspace).now().epochMilliseconds;
  }

  /** A request of the control API, which must succeed. */
  async control(method: string, path: string, body?: unknown): Promise<JsonValue> {
    const sent = { method, path: `/_sandbox${path}`, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const answer = await this.#connected.send(sent);
    if (answer === undefined || answer.status >= 300) {
      throw new Error(`The control API refused ${method} ${path}: ${answer?.status} ${answer?.text}`);
    }
    return answer.text === '' ? null : parse(answer.text);
  }

  /** Closes the sandbox as it should be, and opens its directory again. */
  async restart(): Promise<void> {
    await this.#stop();
    await this.#open(this.#directories.at(-1));
  }

  /** Opens what stood in the directory when the sandbox was killed: a copy of it, taken while it runs. */
  async restartKilled(): Promise<void> {
    const from = this.#directories.at(-1) ?? '';
    const copy = this.#directory();
    // A lock belongs to the process that holds it, and goes with it.
    const isKept = (file: string) => !basename(file).includes('lock');
    for (const name of readdirSync(from).filter(isKept))
      cpSync(join(from, name), join(copy, name), { recursive: true });
    await this.#stop();
    this.planted.inCopy?.(copy);
    await this.#open(copy);
  }

  async close(): Promise<void> {
    await this.#stop();
    for (const directory of this.#directories) rmSync(directory, { recursive: true, force: true });
  }

  #found(name: string): Workspace {
    const workspace = this.#sandbox?.workspaces.get(name);
    if (workspace === undefined) throw new Error(`There is no workspace ${name}.`);
    return workspace;
  }

  get #connected(): Connection {
    if (this.#connection === undefined) throw new Error('The sandbox does not run.');
    return this.#connection;
  }

  async #open(state: string | undefined): Promise<void> {
    const { handlers, inSandbox } = this.planted;
    const options: SandboxOptions = {
      log: false,
      apis: [this.api],
      checkRecords: true,
      // Nobody waits for what is late on purpose.
      wait: async () => {},
      ...(state === undefined ? {} : { state }),
      ...(handlers === undefined ? {} : { places: { handlers } }),
    };
    this.#sandbox = await startSandbox(options);
    inSandbox?.(this.#sandbox);
    this.#connection = new Connection(this.#sandbox.url);
    const apis = await this.control('GET', '/apis');
    const [described] = isArray(apis) ? apis : [];
    const headers = isObject(described) && isObject(described.headers) ? described.headers : {};
    this.#credentials = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
  }

  async #stop(): Promise<void> {
    this.#connection?.close();
    await this.#sandbox?.close();
    this.#sandbox = undefined;
  }

  #directory(): string {
    const directory = mkdtempSync(join(tmpdir(), 'paydouble-simulation-'));
    this.#directories.push(directory);
    return directory;
  }
}

/** The member of an object; `null` if there is none. */
export function member(value: JsonValue | undefined, name: string): JsonValue {
  return isObject(value) ? (value[name] ?? null) : null;
}

/** A list of objects. */
export function objects(value: JsonValue): readonly JsonObject[] {
  return isArray(value) ? value.filter(isObject) : [];
}
