/**
 * The samples as the vendors' own documents (the seeds) show them.
 *
 * The seeds do not travel with the repository, so what is kept of each of their samples is a digest of its text without
 * white space (seed-digests.json). Where the seeds are at hand, the digests are held against them.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../src/paths.js';

/** Where the seeds are, on the machines that have them. */
export const seeds = join(dirname(root), 'shared', 'seeds');

export const haveSeeds = existsSync(seeds);

/** JSON text with the white space outside strings taken away, nothing else. */
export function withoutWhiteSpace(text: string): string {
  return text.replace(/("(?:[^"\\]|\\.)*")|\s+/g, (_, string?: string) => string ?? '');
}

/** The digest of a sample's text. */
export function digest(text: string): string {
  return createHash('sha256').update(withoutWhiteSpace(text)).digest('hex');
}

/** Where a sample stands in its seed: the text that goes before it. The sample is the next balanced JSON value. */
const anchors: Readonly<Record<string, Readonly<Record<string, readonly [seed: string, ...before: string[]]>>>> = {
  upwell: {
    'createManyCustomerPayments.request.json': ['000', '--data'],
    'createManyCustomerPayments.response.json': ['000', '--data', "\n'\n"],
  },
  logisense: {
    'deletePayment.response.json': ['001', 'DELETE Payment/{id} HTTP/1.1 200 OK'],
    'listPayments.response.json': ['001', 'GET Payment/ HTTP/1.1 200 OK'],
    'listPaymentsPaged.response.json': ['001', 'GET Payment/Paged HTTP/1.1 200 OK'],
    'listPaymentsPagedDetail.response.json': ['001', 'GET Payment/Paged/Detail HTTP/1.1 200 OK'],
    'getPayment.response.json': ['001', 'GET Payment/{id} HTTP/1.1 200 OK'],
    'getPaymentDetail.response.json': ['001', 'GET Payment/{id}/Detail HTTP/1.1 200 OK'],
    'patchPayment.request.json': ['001', 'PATCH Payment/{id} '],
    'patchPayment.response.json': ['001', 'PATCH Payment/{id} ', 'HTTP/1.1 200 OK'],
    'createPayment.request.json': ['001', 'POST Payment/ '],
    'createPayment.response.json': ['001', 'POST Payment/ ', 'HTTP/1.1 200 OK'],
    'updatePayment.request.json': ['001', 'PUT Payment/{id} '],
    'updatePayment.response.json': ['001', 'PUT Payment/{id} ', 'HTTP/1.1 200 OK'],
  },
  midnight: {
    'insertCustomerPayments.request.json': ['002', 'Request Formats', 'Sample:'],
    'insertCustomerPayments.response.json': ['002', 'Response Formats', 'Sample:'],
  },
  nuntiq: { 'upsertPayments.request.json': ['003', 'Default value: true\n    PaymentCreateRequest'] },
  staxbill: {
    'importGlobalPayment.request.json': ['004', 'Request Formats', 'Sample:'],
    'importGlobalPayment.response.json': ['004', 'Response Formats', 'Sample:'],
  },
};

/** The apis whose seeds show samples. */
export const seededApis: readonly string[] = Object.keys(anchors).sort();

/** The names of the files that an api's samples are kept in. */
export function sampleFiles(api: string): readonly string[] {
  return Object.keys(anchors[api] ?? {});
}

/** A sample's text, cut out of its seed. */
export function cutFromSeed(api: string, file: string): string {
  const [seed = '', ...before] = anchors[api]?.[file] ?? [];
  const name = readdirSync(seeds).find((each) => each.startsWith(seed));
  const text = readFileSync(join(seeds, name ?? ''), 'utf8');
  let at = 0;
  for (const anchor of before) {
    const found = text.indexOf(anchor, at);
    if (found === -1) throw new Error(`${name}: ${JSON.stringify(anchor)} is not there.`);
    at = found + anchor.length;
  }
  return balanced(text, at);
}

/** The JSON value that begins at the first bracket after `from`. */
function balanced(text: string, from: number): string {
  const start = from + text.slice(from).search(/[[{]/);
  let depth = 0;
  for (const { 0: token, index } of text.slice(start).matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/g)) {
    if (token === '[' || token === '{') depth++;
    else if (token === ']' || token === '}') depth--;
    if (depth === 0) return text.slice(start, start + index + 1);
  }
  throw new Error('The JSON value has no end.');
}
