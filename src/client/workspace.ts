/**
 * A workspace in a test's hands: its URL, its state, its clock, its journal. Everything goes over the control API.
 */
import type { Apis } from '../../specs/apis.js';
import {
  type ApiClient,
  type ControlClient,
  ControlError,
  makeApiClient,
  type Schemas,
  unknownApi,
} from './control.js';

/** What a journal was asked to verify did not hold. `message` tells what was expected, what came, and what came near. */
export class VerificationError extends Error {
  override readonly name = 'VerificationError';

  constructor(readonly verdict: Schemas['JournalVerdict']) {
    super(verdict.failures.map(describeFailure).join('\n'));
  }
}

/** An api of the package; one of your own is named by a type argument: `workspace.url<'acme'>('acme')`. */
export type ApiName = keyof Apis & string;

/** One workspace of a sandbox. */
export class WorkspaceClient {
  constructor(
    private readonly control: ControlClient,
    readonly name: string,
    /** The apis that are served; absent, any name is taken. */
    private readonly apis?: readonly string[],
  ) {}

  /**
   * Where an api is in this workspace, without a slash at the end: a client's base URL.
   *
   * @throws {ControlError} if it is not served
   */
  url<Api extends string = ApiName>(api: NoInfer<Api>): string {
    if (this.apis?.includes(api) === false) throw unknownApi(api, this.apis);
    return `${this.control.url}/~${this.name}/${api}`;
  }

  /** The headers that authenticate a client of the api. */
  headers<Api extends string = ApiName>(api: NoInfer<Api>): Promise<Record<string, string>> {
    return this.control.headers(api);
  }

  /** A client of the api that is typed by its document and authenticated. */
  async client<Api extends ApiName>(api: Api): Promise<ApiClient<Api>> {
    return makeApiClient<Api>(this.url(api), await this.headers(api));
  }

  /** What the workspace is: scenario, clock, how many records there are. */
  describe(): Promise<Schemas['Workspace']> {
    return this.control.ask(this.control.api.GET('/workspaces/{name}', this.#path));
  }

  /** Back to how it was made, with an empty journal. */
  async reset(): Promise<void> {
    await this.control.tell(this.control.api.POST('/workspaces/{name}/reset', this.#path));
  }

  /** Keeps what it holds now; the name is made up if none is given. */
  async takeSnapshot(name?: string): Promise<string> {
    const body = { workspace: this.name, replace: true, ...(name === undefined ? {} : { name }) };
    return (await this.control.ask(this.control.api.POST('/snapshots', { body }))).name;
  }

  /** Goes on from what a snapshot holds. */
  async restore(snapshot: string): Promise<void> {
    await this.control.tell(this.control.api.POST('/workspaces/{name}/restore', { ...this.#path, body: { snapshot } }));
  }

  /** Goes on from a scenario; what it held is gone. */
  async load(scenario: string): Promise<void> {
    await this.control.tell(this.control.api.POST('/workspaces/{name}/restore', { ...this.#path, body: { scenario } }));
  }

  /** What was added, removed and changed since a snapshot. */
  since(snapshot: string): Promise<Schemas['Differences']> {
    const params = { path: { snapshot }, query: { workspace: this.name } };
    return this.control.ask(this.control.api.GET('/snapshots/{snapshot}/diff', { params }));
  }

  /** The records of one collection. */
  state<Api extends string = ApiName>(api: NoInfer<Api>, collection: string): CollectionClient {
    return new CollectionClient(this.control, { name: this.name, api, collection });
  }

  /** The clock that every stamp of the workspace comes from. */
  readonly clock = {
    /** Stops it: where it stands, or at a date-time with its zone. */
    freeze: (at = 'now') => this.#changeClock({ freeze: at }),
    /** Puts it at a date-time with its zone; it goes on running if it did. */
    set: (at: string) => this.#changeClock({ set: at }),
    /** Puts it on by an ISO 8601 duration, such as `P1DT12H`, or back by `-PT30S`. */
    advance: (by: string) => this.#changeClock({ advance: by }),
    /** Lets it run from where it stands. */
    run: () => this.#changeClock({ run: true }),
    /** What it says. */
    read: () => this.control.ask(this.control.api.GET('/workspaces/{name}/clock', this.#path)),
  };

  /** What goes wrong on purpose: rules in order; of those that strike a request, the first wins. */
  readonly faults = {
    /** The rules, and how many requests each took and struck. */
    list: () => this.control.ask(this.control.api.GET('/workspaces/{name}/faults', this.#path)),
    /** Adds a rule behind the others; without a name it gets one. */
    add: (rule: Schemas['FaultRule']): Promise<Schemas['Fault']> =>
      this.control.ask(this.control.api.POST('/workspaces/{name}/faults', { ...this.#path, body: rule })),
    /** Puts rules in the place of all. */
    replace: (rules: Schemas['FaultRule'][]): Promise<Schemas['Fault'][]> =>
      this.control.ask(this.control.api.PUT('/workspaces/{name}/faults', { ...this.#path, body: rules })),
    /** Takes a rule away. */
    delete: (fault: string): Promise<void> => {
      const params = { path: { name: this.name, fault } };
      return this.control.tell(this.control.api.DELETE('/workspaces/{name}/faults/{fault}', { params }));
    },
    /** Takes all rules away. */
    clear: () => this.control.tell(this.control.api.DELETE('/workspaces/{name}/faults', this.#path)),
  };

  /** What the workspace's requests asked, were answered and changed. */
  readonly journal = {
    /** The newest entries, newest last. */
    entries: async (limit = 100): Promise<Schemas['JournalEntry'][]> => {
      const params = { ...this.#path.params, query: { limit } };
      return (await this.control.ask(this.control.api.GET('/workspaces/{name}/journal', { params }))).entries;
    },
    /** The entries that match. */
    find: async (match: Schemas['RequestMatch']): Promise<Schemas['JournalEntry'][]> => {
      const asked = this.control.api.POST('/workspaces/{name}/journal/find', { ...this.#path, body: { match } });
      return (await this.control.ask(asked)).entries;
    },
    /** How many requests match. */
    count: async (match: Schemas['RequestMatch']): Promise<number> => {
      const asked = this.control.api.POST('/workspaces/{name}/journal/count', { ...this.#path, body: { match } });
      return (await this.control.ask(asked)).count;
    },
    /** @throws {VerificationError} if the requests were not those */
    verify: async (
      calls: Schemas['JournalExpectation']['calls'],
      how: { inOrder?: boolean; nothingElse?: boolean } = {},
    ): Promise<void> => {
      const body = { calls, ...how };
      const asked = this.control.api.POST('/workspaces/{name}/journal/verify', { ...this.#path, body });
      const verdict = await this.control.ask(asked);
      if (!verdict.held) throw new VerificationError(verdict);
    },
    /** Empties it. */
    clear: () => this.control.tell(this.control.api.DELETE('/workspaces/{name}/journal', this.#path)),
  };

  /** Throws the workspace away, if it is still there. */
  async close(): Promise<void> {
    try {
      await this.control.tell(this.control.api.DELETE('/workspaces/{name}', this.#path));
    } catch (error) {
      // Closed before, or gone because nobody used it for its ttlSeconds.
      if (!(error instanceof ControlError && error.status === 404)) throw error;
    }
  }

  get #path() {
    return { params: { path: { name: this.name } } };
  }

  #changeClock(body: Schemas['ClockChange']): Promise<Schemas['Clock']> {
    return this.control.ask(this.control.api.POST('/workspaces/{name}/clock', { ...this.#path, body }));
  }
}

/** The records of one collection of a workspace. */
export class CollectionClient {
  constructor(
    private readonly control: ControlClient,
    private readonly path: { name: string; api: string; collection: string },
  ) {}

  /**
   * Every record, those of the scenario first; at most 10,000. `search`: those with the text in any value; `where`: those with
   * a value, `status:SETTLED`; `sort`: by a property, `-amount` for descending.
   */
  async list(how: { search?: string; where?: string; sort?: string } = {}): Promise<Schemas['Record'][]> {
    const params = { path: this.path, query: { ...how, limit: 10_000 } };
    return (await this.control.ask(this.control.api.GET('/workspaces/{name}/state/{api}/{collection}', { params })))
      .records;
  }

  /** The record of a key. */
  get(key: string | number): Promise<Schemas['Record']> {
    return this.control.ask(this.control.api.GET('/workspaces/{name}/state/{api}/{collection}/{key}', this.#one(key)));
  }

  /** Adds a record, or several, all or none. */
  async insert(records: Schemas['Record'] | Schemas['Record'][]): Promise<Schemas['Record'][]> {
    const params = { path: this.path };
    const asked = this.control.api.POST('/workspaces/{name}/state/{api}/{collection}', { params, body: records });
    return (await this.control.ask(asked)).records;
  }

  /** Puts members in the place of those that are stored. */
  patch(key: string | number, members: Schemas['Record']): Promise<Schemas['Record']> {
    const asked = { ...this.#one(key), body: members };
    return this.control.ask(this.control.api.PATCH('/workspaces/{name}/state/{api}/{collection}/{key}', asked));
  }

  /** Puts a whole record in the place of the one that is stored; its key may be left out. */
  replace(key: string | number, record: Schemas['Record']): Promise<Schemas['Record']> {
    const asked = { ...this.#one(key), body: record };
    return this.control.ask(this.control.api.PUT('/workspaces/{name}/state/{api}/{collection}/{key}', asked));
  }

  /** Takes the record of a key away. */
  delete(key: string | number): Promise<void> {
    return this.control.tell(
      this.control.api.DELETE('/workspaces/{name}/state/{api}/{collection}/{key}', this.#one(key)),
    );
  }

  #one(key: string | number) {
    return { params: { path: { ...this.path, key: String(key) } } };
  }
}

/** A failed call of a verification, and the requests that came near, a line each. */
export function describeFailure({
  call,
  expected,
  received,
  because,
  requests,
  nearest,
}: Schemas['JournalVerdict']['failures'][number]): string {
  const told = nearest.filter(({ differences }) => differences.length > 0);
  const near = told.map(({ entry, differences }) => {
    const places = differences.map(
      (each) => `${each.at}: expected ${show(each.expected)}, received ${show(each.received)}`,
    );
    return `  near it: request ${entry.number}, ${places.join('; ')}`;
  });
  const what = call === undefined ? 'Other requests' : `Call ${call}`;
  const reason = because === undefined ? '' : `; ${because}`;
  return [`${what}: expected ${expected}, received ${received}${numbered(requests)}${reason}.`, ...near].join('\n');
}

/** `: request 4`, `: requests 1, 2, 3 …` */
function numbered(requests: readonly number[]): string {
  if (requests.length === 0) return '';
  const shown = requests.slice(0, 10).join(', ');
  return `: request${requests.length === 1 ? '' : 's'} ${shown}${requests.length > 10 ? ' …' : ''}`;
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
