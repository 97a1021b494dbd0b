/**
 * Links of a document are read as OpenAPI says, make resources where names do not, and are told where they lead nowhere.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { ApiDocument } from '../../src/document.js';
import type { JsonValue } from '../../src/json.js';
import { loadJudgedDocument } from '../../src/judged-document.js';
import { root } from '../../src/paths.js';
import { type Exchanged, evaluate, linkFaults, linksOfSuccess } from '../../src/verify/links.js';
import { keyOf, resourcesOf } from '../../src/verify/resources.js';
import { ledgerFindings } from './ledger-findings.js';

/** What the sequences find wrong with a ledger that has no defect. */
const sequenceFindings = (document: string) => ledgerFindings(document, undefined, ['stateful']);

const directory = mkdtempSync(join(tmpdir(), 'paydouble-links-'));
afterAll(() => rmSync(directory, { recursive: true }));

const ledgerDocument = join(root, 'test', 'verify', 'ledger.yaml');
const receipt =
  "receipt: { operationRef: '#/paths/~1refunds~1{refundId}~1receipt/get', parameters: { refundId: $response.body#/refundId } }";

/** The ledger's document with another link in the place of the receipt's. */
function withLink(name: string, link: string): string {
  const file = join(directory, `${name}.yaml`);
  const text = readFileSync(ledgerDocument, 'utf8');
  expect(text).toContain(receipt);
  writeFileSync(file, text.replace(receipt, link));
  return file;
}

function operation(document: ApiDocument, operationId: string) {
  const found = document.operations.find((each) => each.operationId === operationId);
  if (found === undefined) throw new Error(`no ${operationId}`);
  return found;
}

describe('runtime expressions', async () => {
  const document = await loadJudgedDocument(ledgerDocument);
  const exchanged: Exchanged = {
    operation: operation(document, 'createPayment'),
    url: 'http://ledger.test/payments?page=2',
    values: { path: {}, query: { page: 2 }, header: { 'X-Client': 'till-1' }, body: { lines: [{ 'a/b': 'x' }] } },
    response: {
      status: 201,
      headers: new Map([['location', '/payments/7']]),
      text: '{"paymentId":7,"note":null}',
      milliseconds: 1,
    },
  };
  test.each<readonly [JsonValue, JsonValue | undefined]>([
    ['$response.body#/paymentId', 7],
    ['$response.body#/note', null],
    ['$response.body#/nothing', undefined],
    ['$response.header.Location', '/payments/7'],
    ['$response.header.Etag', undefined],
    ['$request.query.page', 2],
    ['$request.header.x-client', 'till-1'],
    ['$request.body#/lines/0/a~1b', 'x'],
    ['$request.path.paymentId', undefined],
    ['$url', 'http://ledger.test/payments?page=2'],
    ['$method', 'POST'],
    ['$statusCode', 201],
    ['/payments/{$response.body#/paymentId}/{$request.query.page}', '/payments/7/2'],
    ['/payments/{$response.body#/nothing}', undefined],
    ['open', 'open'],
    [12, 12],
    [{ id: '$response.body#/paymentId' }, { id: 7 }],
  ])('%j gives %j', (expression, value) => {
    expect(evaluate(expression, exchanged)).toEqual(value);
  });
});

describe('resources', () => {
  test('are what links say, where names say nothing', async () => {
    const resources = resourcesOf(await loadJudgedDocument(ledgerDocument));
    const refunds = resources.find(({ create }) => create.operationId === 'createRefund');
    expect(refunds?.reads.map(({ operationId }) => operationId)).toEqual(['getRefund']);
    expect(refunds?.remove?.operationId).toBe('deleteRefund');
    expect(refunds?.byLinksAlone).toBe(true);
  });

  test('have the key that a link names, a Location too', async () => {
    const header = 'refund: { operationId: getRefund, parameters: { refundId: $response.header.Location } }';
    const file = join(directory, 'location.yaml');
    const named = 'refund: { operationId: getRefund, parameters: { refundId: $response.body#/refundId } }';
    writeFileSync(file, readFileSync(ledgerDocument, 'utf8').replace(named, header));
    const document = await loadJudgedDocument(file);
    const create = operation(document, 'createRefund');
    const resource = resourcesOf(document).find((each) => each.create === create);
    if (resource === undefined) throw new Error('no resource');
    const response = {
      status: 201,
      headers: new Map([['location', 'http://x/refunds/9']]),
      text: '{"refundId":4}',
      milliseconds: 1,
    };
    expect(keyOf(resource, { operation: create, url: '', values: {}, response })).toBe('9');
  });
});

describe('a link that leads nowhere is told', () => {
  const wrong = [
    ['no-operation', 'receipt: { operationId: getRecipt }', 'leads to getRecipt, which is no operation'],
    ['no-reference', "receipt: { operationRef: '#/paths/~1recipts/get' }", 'which is no operation'],
    ['nothing-named', 'receipt: { description: Where? }', 'leads to no operation: give it an operationId'],
    [
      'no-parameter',
      'receipt: { operationId: getReceipt, parameters: { id: $response.body#/refundId } }',
      'gives id, which is no parameter of getReceipt',
    ],
    [
      'no-expression',
      'receipt: { operationId: getReceipt, parameters: { refundId: $respons.body#/refundId } }',
      'has $respons.body#/refundId, which is no runtime expression',
    ],
    [
      'no-value',
      'receipt: { operationId: getReceipt, parameters: { path.refundId: $response.body#/id } }',
      'gives nothing for path.refundId: $response.body#/id',
    ],
  ] as const;
  test.each(wrong)('%s', async (name, link, told) => {
    const found = await sequenceFindings(withLink(name, link));
    const own = found.filter(({ check }) => check === 'link_conformance');
    expect(own.map(({ message }) => message)).toEqual([expect.stringContaining(told)]);
    expect(own[0]?.documented).toBe('/paths/~1payments~1{paymentId}~1refunds/post/responses/201/links/receipt');
    expect(found.filter(({ check }) => check !== 'link_conformance')).toEqual([]);
  });

  test('but not one that leads into another document, or to nothing that must be sent', async () => {
    const elsewhere = "receipt: { operationRef: 'https://x.example/openapi.yaml#/paths/~1a/get' }";
    expect(await sequenceFindings(withLink('elsewhere', elsewhere))).toEqual([]);
    const optional = 'receipt: { operationId: listPayments, parameters: { query.status: $response.body#/status } }';
    expect(await sequenceFindings(withLink('optional', optional))).toEqual([]);
  });

  test('whatever the document says, without a server', async () => {
    const document = await loadJudgedDocument(withLink('static', 'receipt: { operationId: nobody }'));
    const faults = linksOfSuccess(document, operation(document, 'createRefund')).map((each) => [
      each.name,
      linkFaults(each).length,
    ]);
    expect(faults).toEqual([
      ['payment', 0],
      ['refund', 0],
      ['receipt', 1],
    ]);
  });
});
