/**
 * `paydouble verify`, without the command line: which document, which server, what kind of run.
 */
import { existsSync } from 'node:fs';
import { loadApis, Scenarios } from '../apis.js';
import { attach } from '../client/sandbox.js';
import { type ApiDocument, documentedApis, loadDocumentFile } from '../document.js';
import { packagePlaces } from '../paths.js';
import { readSamples, type Sample } from '../samples.js';
import { startSandbox } from '../sandbox.js';
import { FileError } from '../yaml.js';
import { type Check, driftChecks } from './case.js';
import { WireClient } from './client.js';
import { VerifiedContract } from './contract.js';
import { coverageOf } from './coverage.js';
import { type Aside, type Server, TwoServers } from './drift/two-servers.js';
import { type Examiner, OneServer } from './examiner.js';
import { CannotVerify } from './reach.js';
import type { Report } from './report/report.js';
import type { Authority } from './request.js';
import { Run, type RunOptions } from './run.js';
import { sandboxAuthority, sandboxTarget, type Target, urlTarget } from './target.js';

/** What to verify, and how. */
export interface VerifyOptions extends Omit<RunOptions, 'samples'> {
  /** The id of an api of ours, or the path of a document. */
  readonly document: string;
  /** Where the server is; absent: a sandbox that is started for the run. */
  readonly url?: string;
  readonly authority: Authority;
  /** Two servers to compare, in the place of one to judge; `url` and `authority` do not count then. */
  readonly compared?: Compared;
  /** How long an answer may take. */
  readonly timeoutMilliseconds: number;
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
  readonly report: Report;
  readonly document: ApiDocument;
}

/**
 * Judges a server by a document, or compares two.
 *
 * @throws {CannotVerify} if there is no such document, nobody answers, or the credential is refused
 * @throws {FileError} if the document cannot be used
 */
export async function verify(options: VerifyOptions): Promise<Verified> {
  const { document, samples } = await readContract(options.document);
  const client = new WireClient(options.workers, options.timeoutMilliseconds);
  const contract = new VerifiedContract(document);
  const { target, examiner, url, limits, aside } = await examined(contract, client, options);
  const startedAt = new Date();
  const began = performance.now();
  try {
    const result = await new Run(contract, target, examiner, { ...options, ...limits, samples }).run();
    if (options.replay !== undefined && result.outcomes.length === 0) {
      throw new CannotVerify(`There is no case ${options.replay} in this document.`);
    }
    const milliseconds = performance.now() - began;
    const coverage = coverageOf(contract, result.outcomes);
    const left = aside === undefined ? {} : { aside: aside() };
    return { report: { ...result, ...left, title: document.title, url, coverage, startedAt, milliseconds }, document };
  } finally {
    client.close();
    await target.close();
  }
}

async function readContract(name: string): Promise<{ document: ApiDocument; samples: readonly Sample[] }> {
  if (documentedApis().includes(name)) {
    const apis = await loadApis(packagePlaces);
    const api = apis.get(name);
    if (api !== undefined) {
      return { document: api.document, samples: readSamples(api, new Scenarios(apis, [packagePlaces.data])) };
    }
  }
  if (existsSync(name)) return { document: loadDocumentFile(name), samples: [] };
  throw new CannotVerify(`There is no api ${name}, nor a file. Known apis are ${documentedApis().join(', ')}.`);
}

/** What a run is made on. */
interface Examined {
  readonly target: Target;
  readonly examiner: Examiner;
  /** Where it is, for people. */
  readonly url: string;
  readonly limits?: Pick<RunOptions, 'checks' | 'workers'>;
  /** What was left aside; absent where one server is judged. */
  readonly aside?: () => readonly Aside[];
}

async function examined(contract: VerifiedContract, client: WireClient, options: VerifyOptions): Promise<Examined> {
  const { url, authority, compared } = options;
  if (compared !== undefined) return examineTwo(contract, client, compared, options.checks);
  const examiner = new OneServer(contract, client);
  if (url !== undefined) return { target: urlTarget(url, authority), examiner, url };
  const { sandbox, control } = await ownSandbox(contract.document, '--url says where its server is');
  const target = await sandboxTarget(control, contract.document.api, () => sandbox.close());
  return { target, examiner, url: 'a sandbox that was started for the run' };
}

async function examineTwo(
  contract: VerifiedContract,
  client: WireClient,
  { first, second: given, ignored }: Compared,
  chosen: ReadonlySet<Check>,
): Promise<Examined> {
  const checks = new Set<Check>(driftChecks.filter((check) => chosen.has(check)));
  if (checks.size === 0) {
    throw new CannotVerify(`No check is left: two servers are compared by ${driftChecks.join(', ')}.`);
  }
  const { server: second, close } = given === undefined ? await sandboxServer(contract.document) : ownServer(given);
  const examiner = new TwoServers(contract, client, [first, second], ignored);
  return {
    target: { ...urlTarget(first.baseUrl, first.authority), close },
    examiner,
    url: `A ${first.baseUrl}, B ${given === undefined ? 'a sandbox that was started for the run' : given.baseUrl}`,
    // One at a time: both servers are to see the same requests in the same order.
    limits: { checks, workers: 1 },
    aside: () => examiner.aside,
  };
}

function ownServer(server: Server) {
  return { server, close: async () => {} };
}

/** An api of a sandbox that is started for the run, as one server. */
async function sandboxServer(document: ApiDocument) {
  const { sandbox, control } = await ownSandbox(document, '--and says where the second server is');
  const authority = await sandboxAuthority(control, document.api);
  return { server: { baseUrl: `${sandbox.url}/${document.api}`, authority }, close: () => sandbox.close() };
}

async function ownSandbox({ api }: ApiDocument, otherwise: string) {
  if (!documentedApis().includes(api)) throw new CannotVerify(`For a document of your own, ${otherwise}.`);
  const sandbox = await startSandbox();
  return { sandbox, control: attach(sandbox.url).control };
}

export { CannotVerify, FileError };
