/**
 * `paydouble verify`, without the command line: which document, which server, what kind of run.
 */
import { existsSync } from 'node:fs';
import { type Api, loadApis, Scenarios } from '../apis.js';
import { attach, type ControlClient } from '../client/sandbox.js';
import { type ApiDocument, documentedApis, object } from '../document.js';
import { loadJudgedDocument } from '../judged-document.js';
import { packagePlaces } from '../paths.js';
import { readSamples, type Sample } from '../samples.js';
import { type Sandbox, type SandboxOptions, startSandbox } from '../sandbox.js';
import { schemesOf } from '../security.js';
import { FileError } from '../yaml.js';
import { type Check, driftChecks } from './case.js';
import { WireClient } from './client.js';
import { VerifiedContract } from './contract.js';
import { coverageOf } from './coverage.js';
import { type Aside, type Server, TwoServers } from './drift/two-servers.js';
import { type Examiner, OneServer } from './examiner.js';
import { CannotVerify } from './reach.js';
import { Given } from './report/given.js';
import { phaseCounts, type RunReport, testsOf } from './report/report.js';
import type { Authority } from './request.js';
import { Run, type RunOptions } from './run.js';
import { readServerUrl } from './server-url.js';
import { sandboxAuthority, sandboxTarget, type Target, urlTarget } from './target.js';

/** What to verify, and how. */
export interface VerifyOptions extends Omit<RunOptions, 'samples' | 'missingCredentials'> {
  /** The id of an api of ours, or the path of a document. */
  readonly document: string;
  /** Where the server is; absent: a sandbox that is started for the run. */
  readonly url?: string;
  readonly authority: Authority;
  /** Two servers to compare, in the place of one to judge; `url` and `authority` do not count then. */
  readonly compared?: Compared;
  /** What a sandbox that is started for the run is started with; `places` are those of `document`, too. Absent: the package's own. */
  readonly sandbox?: Pick<SandboxOptions, 'apis' | 'places' | 'data' | 'limits' | 'log'>;
  /** How long an answer may take. */
  readonly timeoutMilliseconds: number;
  /** Told what of the document is left out or guessed, before anything is sent. */
  readonly note?: (words: string) => void;
}

/** Two servers to compare. */
export interface Compared {
  readonly first: Server;
  /** Absent: a sandbox that is started for the run. */
  readonly second?: Server;
  /** JSON pointers into answers, and names of headers, that do not count. */
  readonly ignored: readonly string[];
}

/** A report, and the document that it speaks of. */
export interface Verified {
  readonly report: RunReport;
  readonly document: ApiDocument;
}

/**
 * Judges a server by a document, or compares two.
 *
 * @throws {CannotVerify} if there is no such document, a URL is none of a server, nobody answers, or the credential is refused
 * @throws {FileError} if the document cannot be used
 */
export async function verify(options: VerifyOptions): Promise<Verified> {
  checkUrls(options);
  const client = new WireClient(options.workers, options.timeoutMilliseconds);
  const { contract, samples, target, examiner, url, limits, aside } = await prepare(options, client);
  const { document } = contract;
  const authorities = authoritiesOf(options);
  const given = new Given(document, authorities);
  for (const words of document.notes) options.note?.(words);
  const startedAt = new Date();
  const began = performance.now();
  try {
    checkSchemes(document, authorities);
    const missingCredentials = authorities.every(isEmpty) ? schemesOf(document) : [];
    const { judged } = options;
    const hidden: RunOptions['judged'] =
      judged && ((exchange, judgement) => judged(given.exchange(exchange), given.judgement(judgement)));
    const runOptions = { ...options, ...limits, samples, missingCredentials, ...(hidden && { judged: hidden }) };
    const run = new Run(contract, target, examiner, runOptions);
    const result = given.result(await run.run());
    if (options.replay !== undefined && result.outcomes.length === 0) {
      const likest = run.likest(options.replay);
      const near = likest.length === 0 ? '' : ` Nearest are ${likest.join(', ')}.`;
      const phase = options.replay.startsWith('stateful/')
        ? ' Run --phase stateful: what it comes to names its ids.'
        : '';
      throw new CannotVerify(`There is no case ${options.replay} in this document.${near || phase}`);
    }
    if (result.outcomes.length === 0) {
      const chosen = [...options.phases].join(', ');
      const hint = options.phases.has('samples')
        ? ' A sample is a documented request with its documented answer, of an api that is served here.'
        : '';
      throw new CannotVerify(`Nothing was sent: for this document there are no cases of ${chosen}.${hint}`);
    }
    for (const words of result.notes) options.note?.(words);
    const milliseconds = performance.now() - began;
    const report: RunReport = {
      ...result,
      tool: 'paydouble verify',
      title: document.title,
      url,
      startedAt,
      milliseconds,
      counts: phaseCounts(result.outcomes),
      notes: [...document.notes, ...result.notes],
      coverage: coverageOf(contract, result),
      tests: testsOf(result.outcomes),
      ...(aside === undefined ? {} : { aside: aside() }),
    };
    return { report, document };
  } catch (error) {
    // It may name the last request, with what stands in its URL.
    throw error instanceof CannotVerify ? new CannotVerify(given.text(error.message)) : error;
  } finally {
    client.close();
    await target.close();
  }
}

/** @throws {CannotVerify} if a server's URL is none that requests can be put behind */
function checkUrls({ url, compared }: VerifyOptions): void {
  if (compared === undefined) {
    if (url !== undefined) readServerUrl('--url', url);
    return;
  }
  readServerUrl('--against', compared.first.baseUrl);
  if (compared.second !== undefined) readServerUrl('--and', compared.second.baseUrl);
}

/** What is sent to authenticate, at each server whose URL is given. */
function authoritiesOf({ url, authority, compared }: VerifyOptions): readonly Authority[] {
  if (compared === undefined) return url === undefined ? [] : [authority];
  return [compared.first, ...(compared.second === undefined ? [] : [compared.second])].map(
    (server) => server.authority,
  );
}

function isEmpty({ credentials, headers }: Authority): boolean {
  return credentials.size === 0 && headers.length === 0;
}

/** @throws {CannotVerify} if a credential is given for a scheme that there is not */
function checkSchemes(document: ApiDocument, authorities: readonly Authority[]): void {
  const known = new Set([
    ...Object.keys(object(object(document.root.components).securitySchemes)),
    ...schemesOf(document),
  ]);
  const unknown = new Set(
    authorities.flatMap(({ credentials }) => [...credentials.keys()].filter((name) => !known.has(name))),
  );
  if (unknown.size === 0) return;
  const all = known.size === 0 ? 'the document has none' : `known are ${[...known].join(', ')}`;
  throw new CannotVerify(`There is no security scheme ${[...unknown].join(', ')}; ${all}.`);
}

/** What is judged by, and what it shows. */
interface Contract {
  readonly document: ApiDocument;
  readonly samples: readonly Sample[];
}

/**
 * The document of an api of ours, with its samples, or that of a file.
 *
 * @throws {CannotVerify} if there is neither
 * @throws {FileError} if the document cannot be used
 */
export async function readContract(name: string): Promise<Contract> {
  if (documentedApis().includes(name)) {
    const apis = await loadApis(packagePlaces);
    return contractOf(name, apis, new Scenarios(apis, [packagePlaces.data]));
  }
  if (existsSync(name)) return { document: await loadJudgedDocument(name), samples: [] };
  throw new CannotVerify(`There is no api ${name}, nor a file. Known apis are ${documentedApis().join(', ')}.`);
}

/** What a run is made on. */
interface Prepared {
  readonly contract: VerifiedContract;
  readonly samples: readonly Sample[];
  readonly target: Target;
  readonly examiner: Examiner;
  /** Where it is, for people. */
  readonly url: string;
  /** In the place of what was asked for. */
  readonly limits?: Pick<RunOptions, 'checks' | 'workers'>;
  /** What was left aside; absent where one server is judged. */
  readonly aside?: () => readonly Aside[];
}

const startedSandbox = 'a sandbox that was started for the run';

async function prepare(options: VerifyOptions, client: WireClient): Promise<Prepared> {
  const { document: name, url, authority, compared } = options;
  if (compared !== undefined) return prepareTwo(options, compared, client);
  if (url === undefined) {
    return onSandbox(options, '--url says where its server is', async ({ document, samples, sandbox, control }) => {
      const contract = new VerifiedContract(document);
      const target = await sandboxTarget(control, name, () => sandbox.close());
      return { contract, samples, target, examiner: new OneServer(contract, client), url: startedSandbox };
    });
  }
  const { document, samples } = await readContract(name);
  const contract = new VerifiedContract(document);
  return { contract, samples, target: urlTarget(url, authority), examiner: new OneServer(contract, client), url };
}

async function prepareTwo(
  options: VerifyOptions,
  { first, second, ignored }: Compared,
  client: WireClient,
): Promise<Prepared> {
  const { document: name, checks: chosen } = options;
  const checks = new Set<Check>(driftChecks.filter((check) => chosen.has(check)));
  if (checks.size === 0) {
    throw new CannotVerify(`No check is left: two servers are compared by ${driftChecks.join(', ')}.`);
  }
  const compare = ({ document, samples }: Contract, other: Server, where: string, close: () => Promise<void>) => {
    const contract = new VerifiedContract(document);
    const examiner = new TwoServers(contract, client, [first, other], ignored);
    return {
      contract,
      samples,
      target: { ...urlTarget(first.baseUrl, first.authority), close },
      examiner,
      url: `A ${first.baseUrl}, B ${where}`,
      // One at a time: both servers are to see the same requests in the same order.
      limits: { checks, workers: 1 },
      aside: () => examiner.aside,
    };
  };
  if (second !== undefined) return compare(await readContract(name), second, second.baseUrl, async () => {});
  return onSandbox(options, '--and says where the second server is', async ({ sandbox, control, ...contract }) => {
    const server = { baseUrl: `${sandbox.url}/${name}`, authority: await sandboxAuthority(control, name) };
    return compare(contract, server, startedSandbox, () => sandbox.close());
  });
}

/** An api of ours and a sandbox that serves it, both from what is read once. */
interface Served extends Contract {
  readonly sandbox: Sandbox;
  readonly control: ControlClient;
}

/** Makes something of an api of ours on a sandbox that is started for it; closes that if it cannot be made. */
async function onSandbox<Made>(
  { document: name, sandbox: options = {} }: VerifyOptions,
  otherwise: string,
  make: (served: Served) => Promise<Made>,
) {
  if (!documentedApis(options.places?.specs).includes(name)) {
    await readContract(name);
    throw new CannotVerify(`For a document of your own, ${otherwise}.`);
  }
  const sandbox = await startSandbox(options);
  try {
    const contract = contractOf(name, sandbox.apis, sandbox.scenarios);
    return await make({ ...contract, sandbox, control: attach(sandbox.url).control });
  } catch (error) {
    await sandbox.close();
    throw error;
  }
}

function contractOf(name: string, apis: ReadonlyMap<string, Api>, scenarios: Scenarios): Contract {
  const api = apis.get(name);
  if (api === undefined) throw new Error(`The api ${name} has a document and was not loaded.`);
  return { document: api.document, samples: readSamples(api, scenarios) };
}

export { CannotVerify, FileError };
