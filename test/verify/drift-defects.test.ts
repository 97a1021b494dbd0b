/**
 * Two servers that differ in nothing but ids and stamps are the same, and each defect of one is told where it is.
 */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadJudgedDocument } from '../../src/judged-document.js';
import { root } from '../../src/paths.js';
import { type Check, type DriftCheck, driftChecks, type Phase, phases } from '../../src/verify/case.js';
import { WireClient } from '../../src/verify/client.js';
import { VerifiedContract } from '../../src/verify/contract.js';
import { type Aside, TwoServers } from '../../src/verify/drift/two-servers.js';
import type { Finding } from '../../src/verify/findings.js';
import { Run } from '../../src/verify/run.js';
import { urlTarget } from '../../src/verify/target.js';
import { type Defect, defects } from './ledger.js';
import { withTwoLedgers } from './two-ledgers.js';

/** The phases that send the same requests whatever chance says. */
const systematic = phases.filter((phase) => phase !== 'fuzz');

const contract = new VerifiedContract(await loadJudgedDocument(join(root, 'test', 'verify', 'ledger.yaml')));

/** Where a ledger without a defect and one with it differ. */
function differences(
  defect: Defect | undefined,
  chosen: readonly Phase[] = systematic,
): Promise<{ readonly findings: readonly Finding[]; readonly aside: readonly Aside[] }> {
  return withTwoLedgers(defect, async (first, second) => {
    const authority = { credentials: new Map([['key', 'ledger-key']]), headers: [] };
    const client = new WireClient(2, 10_000);
    try {
      const servers = [
        { baseUrl: first, authority },
        { baseUrl: second, authority },
      ] as const;
      const examiner = new TwoServers(contract, client, servers, []);
      const { findings } = await new Run(contract, urlTarget(first, authority), examiner, {
        phases: new Set(chosen),
        checks: new Set<Check>(driftChecks),
        workers: 1,
        samples: [],
        seed: 1,
        maxExamples: 100,
        maxMilliseconds: 60_000,
      }).run();
      return { findings, aside: examiner.aside };
    } finally {
      client.close();
    }
  });
}

/** A difference by its check, operation and place: `type_drift createPayment /amount`. */
function nameOf({ check, operationId, pointer }: Finding): string {
  const place = pointer.replaceAll(/\/\d+(?=\/|$)/g, '/0');
  return [check, operationId ?? '(no operation)', place].join(' ').trim();
}

describe('servers that differ in ids and stamps', () => {
  test('are the same; what is left aside is told with its place', async () => {
    const { findings, aside } = await differences(undefined);
    expect(findings.map(({ message }) => message)).toEqual([]);
    expect(aside.map(({ what, place }) => `${what} ${place}`).sort()).toEqual([
      'ids createPayment /paymentId',
      'ids createPayment location',
      'ids createRefund /paymentId',
      'ids createRefund /refundId',
      'ids getPayment /paymentId',
      'ids getReceipt /refund/paymentId',
      'ids getReceipt /refund/refundId',
      'ids getRefund /paymentId',
      'ids getRefund /refundId',
      'ids listPayments /items/0/paymentId',
      'ids updatePayment /paymentId',
      'stamps createPayment /createdAt',
      'stamps getPayment /createdAt',
      'stamps getPayment etag',
      'stamps headPayment etag',
      'stamps listPayments /items/0/createdAt',
      'stamps updatePayment /createdAt',
    ]);
    for (const { place, count } of aside) if (place.startsWith('listPayments')) expect(count).toBeGreaterThan(1);
  });

  test('are the same for random requests', async () => {
    expect((await differences(undefined, ['fuzz'])).findings.map(({ message }) => message)).toEqual([]);
  });
});

test('random requests find a difference too, and the same one at every run', async () => {
  const found = async () => {
    const { findings } = await differences('500 on a wrong type', ['fuzz']);
    return findings.map((finding) => [nameOf(finding), finding.request.body]);
  };
  const first = await found();
  expect(first.map(([name]) => name)).toContain('status_drift createPayment');
  expect(await found()).toEqual(first);
});

/** The kinds of difference that a defect shows as, by the check that stands for it where one server is judged. */
const shownAs: Partial<Record<Check, readonly DriftCheck[]>> = {
  status_code_conformance: ['status_drift'],
  response_schema_conformance: ['member_drift', 'type_drift', 'null_drift', 'value_drift', 'body_drift'],
  response_headers_conformance: ['header_drift'],
  content_type_conformance: ['media_type_drift'],
  negative_data_rejection: ['status_drift', 'value_drift'],
  missing_required_header: ['status_drift'],
  ignored_auth: ['status_drift'],
  unsupported_method: ['status_drift'],
  positive_data_acceptance: ['status_drift'],
  not_a_server_error: ['status_drift'],
  answer_arrives: ['answer_drift'],
  ensure_resource_availability: ['status_drift', 'list_drift'],
  use_after_free: ['status_drift', 'list_drift'],
  stored_as_sent: ['value_drift', 'null_drift', 'list_drift'],
  update_is_stored: ['null_drift', 'value_drift'],
  lost_update: ['status_drift', 'null_drift', 'value_drift'],
  others_are_untouched: ['value_drift', 'list_drift'],
  list_is_complete: ['list_drift', 'value_drift'],
  page_size_is_kept: ['list_drift'],
  filter_is_applied: ['list_drift'],
  sort_is_applied: ['order_drift'],
  replay_replays: ['identity_drift', 'status_drift'],
  refusal_changes_nothing: ['list_drift'],
};

/** Those that requests which are refused show; the other phases would take their time. */
const ofRefusals: readonly Check[] = [
  'negative_data_rejection',
  'missing_required_header',
  'ignored_auth',
  'unsupported_method',
  'not_a_server_error',
  'answer_arrives',
];

/** Those that a comparison does not tell, each with its reason. */
const untold: Partial<Record<Defect, string>> = {
  'two replays at once make two': 'requests are sent one at a time',
  'HEAD differs from GET': "only its ETag differs, and ETags are each server's own",
};

/** Those whose breach is in the answer itself: the judge says that it is the second server's. */
const inAnswers: readonly Check[] = [
  'status_code_conformance',
  'response_schema_conformance',
  'response_headers_conformance',
  'content_type_conformance',
  'not_a_server_error',
];

describe('a defect of one server is told', () => {
  const every = Object.keys(defects).filter((name): name is Defect => name in defects);
  const all = every.filter((name) => untold[name] === undefined);
  const rows = new Map<Defect, string>();

  test.each(all)('%s', async (defect) => {
    const standing = defects[defect];
    const { findings } = await differences(defect, ofRefusals.includes(standing) ? ['negative'] : systematic);
    const telling = findings.filter(({ check }) => shownAs[standing]?.some((each) => each === check));
    expect(telling, findings.map(({ message }) => message).join('\n')).not.toEqual([]);
    for (const { curl, other } of telling) expect([curl, other?.curl]).toEqual([curlLine, curlLine]);
    const isJudged = inAnswers.includes(standing);
    const first = telling.find(({ message }) => !isJudged || message.includes('B breaks the document: '));
    expect(first, 'B breaks the document').toBeDefined();
    const by = systematic.filter((phase) => first?.cases.some((id) => id.startsWith(phase)));
    rows.set(defect, `| ${defect} | ${first && nameOf(first)} | ${by.join(', ')} |`);
  });

  test.each(every.filter((name) => untold[name] !== undefined))('or its reason: %s', async (defect) => {
    expect((await differences(defect)).findings.map(({ message }) => message)).toEqual([]);
    rows.set(defect, `| ${defect} | not told: ${untold[defect]} | |`);
  });

  // `npx vitest run test/verify -u` writes it anew.
  test('the table of defects in the documentation is fresh', async () => {
    const table = [...head, ...every.map((defect) => rows.get(defect) ?? `| ${defect} | not told | |`), ''].join('\n');
    await expect(table).toMatchFileSnapshot('../../docs/compared-defects.md');
  });
});

const curlLine = expect.stringMatching(/^curl (?:-I|-i -X [A-Z]+) 'http/);

const head = [
  '# Defects of one of two servers',
  '',
  'Generated by test/verify/drift-defects.test.ts: a server that keeps its document is compared with one that breaks it in one way at a time (test/verify/ledger.ts), and that has other ids and other stamps. Without a defect they are the same. The first difference that tells it is shown.',
  '',
  '| defect | told as | found in phase |',
  '|---|---|---|',
];
