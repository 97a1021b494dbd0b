/**
 * `paydouble verify`, without the command line: which document, which server, what kind of run.
 */
import { existsSync } from 'node:fs';
import { loadApis, Scenarios } from '../apis.js';
import { attach } from '../client/sandbox.js';
import { type ApiDocument, documentedApis } from '../document.js';
import { loadJudgedDocument } from '../judged-document.js';
import { packagePlaces } from '../paths.js';
import { readSamples, type Sample } from '../samples.js';
import { startSandbox } from '../sandbox.js';
import { FileError } from '../yaml.js';
import { WireClient } from './client.js';
import { VerifiedContract } from './contract.js';
import { coverageOf } from './coverage.js';
import type { Report } from './report/report.js';
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
  /** Told what of the document is left out or guessed, before anything is sent. */
  readonly note?: (words: string) => void;
}

/** A report, and the document that it speaks of. */
export interface Verified {
  readonly report: Report;
  readonly document: ApiDocument;
}

/**
 * Judges a server by a document.
 *
 * @throws {CannotVerify} if there is no such document, nobody answers, or the credential is refused
 * @throws {FileError} if the document cannot be used
 */
export async function verify(options: VerifyOptions): Promise<Verified> {
  const { document, samples } = await readContract(options.document);
  const target = await makeTarget(document, options);
  for (const words of document.notes) options.note?.(words);
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
    const coverage = coverageOf(contract, result.outcomes);
    return { report: { ...result, title: document.title, url, coverage, startedAt, milliseconds }, document };
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
  if (existsSync(name)) return { document: await loadJudgedDocument(name), samples: [] };
  throw new CannotVerify(`There is no api ${name}, nor a file. Known apis are ${documentedApis().join(', ')}.`);
}

async function makeTarget(document: ApiDocument, { url, authority }: VerifyOptions): Promise<Target> {
  if (url !== undefined) return urlTarget(url, authority);
  if (!documentedApis().includes(document.api)) {
    throw new CannotVerify('For a document of your own, --url says where its server is.');
  }
  const sandbox = await startSandbox();
  return sandboxTarget(attach(sandbox.url).control, document.api, () => sandbox.close());
}

export { CannotVerify, FileError };
