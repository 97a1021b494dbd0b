/**
 * `paydouble verify`, without the command line: which document, which server, what kind of run.
 */
import { existsSync } from 'node:fs';
import { type Api, loadApis, Scenarios } from '../apis.js';
import { attach } from '../client/sandbox.js';
import { type ApiDocument, documentedApis, loadDocumentFile } from '../document.js';
import { packagePlaces } from '../paths.js';
import { readSamples, type Sample } from '../samples.js';
import { startSandbox } from '../sandbox.js';
import { FileError } from '../yaml.js';
import { WireClient } from './client.js';
import { VerifiedContract } from './contract.js';
import { coverageOf } from './coverage.js';
import { phaseCounts, type RunReport, testsOf } from './report/report.js';
import type { Authority } from './request.js';
import { CannotVerify, Run, type RunOptions } from './run.js';
import { sandboxTarget, type Target, urlTarget } from './target.js';

/** What to verify, and how. */
export interface VerifyOptions extends Omit<RunOptions, 'samples'> {
  /** The id of an api of ours, or the path of a document. */
  readonly document: string;
  /** Where the server is; absent: a sandbox that is started for the run. */
  readonly url?: string;
  readonly authority: Authority;
  /** How long an answer may take. */
  readonly timeoutMilliseconds: number;
}

/** A report, and the document that it speaks of. */
export interface Verified {
  readonly report: RunReport;
  readonly document: ApiDocument;
}

/**
 * Judges a server by a document.
 *
 * @throws {CannotVerify} if there is no such document, nobody answers, or the credential is refused
 * @throws {FileError} if the document cannot be used
 */
export async function verify(options: VerifyOptions): Promise<Verified> {
  const { document, samples, target } = await prepare(options);
  const client = new WireClient(options.workers, options.timeoutMilliseconds);
  const startedAt = new Date();
  const began = performance.now();
  try {
    const contract = new VerifiedContract(document);
    const result = await new Run(contract, target, client, { ...options, samples }).run();
    if (options.replay !== undefined && result.outcomes.length === 0) {
      throw new CannotVerify(`There is no case ${options.replay} in this document.`);
    }
    const url = options.url ?? 'a sandbox that was started for the run';
    const milliseconds = performance.now() - began;
    const report: RunReport = {
      ...result,
      tool: 'paydouble verify',
      title: document.title,
      url,
      startedAt,
      milliseconds,
      counts: phaseCounts(result.outcomes),
      notes: [],
      coverage: coverageOf(contract, result),
      tests: testsOf(result.outcomes),
    };
    return { report, document };
  } finally {
    client.close();
    await target.close();
  }
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
  if (existsSync(name)) return { document: loadDocumentFile(name), samples: [] };
  throw new CannotVerify(`There is no api ${name}, nor a file. Known apis are ${documentedApis().join(', ')}.`);
}

/** What is judged, by what. */
interface Prepared extends Contract {
  readonly target: Target;
}

async function prepare({ document: name, url, authority }: VerifyOptions): Promise<Prepared> {
  if (url === undefined && documentedApis().includes(name)) return onSandbox(name);
  const contract = await readContract(name);
  if (url === undefined) throw new CannotVerify('For a document of your own, --url says where its server is.');
  return { ...contract, target: urlTarget(url, authority) };
}

/** An api of ours and a sandbox that serves it, both from what is read once. */
async function onSandbox(name: string): Promise<Prepared> {
  const sandbox = await startSandbox();
  try {
    const target = await sandboxTarget(attach(sandbox.url).control, name, () => sandbox.close());
    return { ...contractOf(name, sandbox.apis, sandbox.scenarios), target };
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
