/**
 * Midnight's three credentials, two of which share a header. Over node:http, because fetch joins repeated headers.
 */
import { request as httpRequest } from 'node:http';
import { describe, expect, test } from 'vitest';
import { baseUrl, open, useSandbox } from '../harness.js';

useSandbox();

const prc = 'prc-sandbox-token';
const midnight = 'midnight-sandbox-token';
const key = 'mis-sandbox-key';

const body = JSON.stringify([
  { CustomerId: 3, AmountBilled: 10, CustomerPaymentDetailList: [{ PaymentLabel: 'Escrow', AmountBilled: 10 }] },
]);

interface Credentials {
  /** Each element is sent as a header of its own. */
  readonly Authorization?: readonly string[];
  readonly MISKEY?: readonly string[];
}

/** Sends a payment that is right but for its credentials, and gives status and body. */
function send(workspace: string, credentials: Credentials): Promise<{ status: number; text: string }> {
  const headers: Record<string, string | string[]> = { 'content-type': 'application/json' };
  for (const [name, values] of Object.entries(credentials)) headers[name] = [...values];
  return new Promise((resolve, reject) => {
    const url = `${baseUrl()}/~${workspace}/midnight/v1/Generic/CustomerPaymentInsert`;
    const outgoing = httpRequest(url, { method: 'POST', headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

describe('accepted', () => {
  test.each<[string, Credentials]>([
    ['two headers', { Authorization: [prc, midnight], MISKEY: [key] }],
    ['two headers, the other way round', { Authorization: [midnight, prc], MISKEY: [key] }],
    ['one header, joined', { Authorization: [`${prc}, ${midnight}`], MISKEY: [key] }],
    ['one header, joined without a space', { Authorization: [`${prc},${midnight}`], MISKEY: [key] }],
    ['one header, joined the other way round', { Authorization: [`${midnight}, ${prc}`], MISKEY: [key] }],
    ['one header, joined with spaces around', { Authorization: [`  ${prc}  ,  ${midnight}  `], MISKEY: [key] }],
    ['a third token beside them', { Authorization: ['another', prc, midnight], MISKEY: [key] }],
    ['each of them twice', { Authorization: [prc, midnight, prc, midnight], MISKEY: [key] }],
  ])('%s', async (_, credentials) => {
    const client = await open('midnight');
    const answer = await send(client.workspace, credentials);
    expect(answer).toEqual({
      status: 200,
      text: '[{"CustomerPaymentId":3,"CustomerPaymentNumber":"CP-000003","Error":null}]',
    });
  });
});

describe('refused, and nothing is recorded', () => {
  test.each<[string, Credentials]>([
    ['none at all', {}],
    ['no Authorization', { MISKEY: [key] }],
    ['no MISKEY', { Authorization: [prc, midnight] }],
    ['no MISKEY, tokens joined', { Authorization: [`${prc}, ${midnight}`] }],
    ['only the PRC token', { Authorization: [prc], MISKEY: [key] }],
    ['only the Midnight token', { Authorization: [midnight], MISKEY: [key] }],
    ['the PRC token twice', { Authorization: [prc, prc], MISKEY: [key] }],
    ['the Midnight token twice', { Authorization: [midnight, midnight], MISKEY: [key] }],
    ['the PRC token twice, joined', { Authorization: [`${prc}, ${prc}`], MISKEY: [key] }],
    ['the Midnight token twice, joined', { Authorization: [`${midnight}, ${midnight}`], MISKEY: [key] }],
    ['a wrong PRC token', { Authorization: ['wrong', midnight], MISKEY: [key] }],
    ['a wrong Midnight token', { Authorization: [prc, 'wrong'], MISKEY: [key] }],
    ['a wrong PRC token, joined', { Authorization: [`wrong, ${midnight}`], MISKEY: [key] }],
    ['a wrong Midnight token, joined', { Authorization: [`${prc}, wrong`], MISKEY: [key] }],
    ['a wrong MISKEY', { Authorization: [prc, midnight], MISKEY: ['wrong'] }],
    ['an empty MISKEY', { Authorization: [prc, midnight], MISKEY: [''] }],
    ['an empty Authorization', { Authorization: [''], MISKEY: [key] }],
    ['the tokens without a comma', { Authorization: [`${prc} ${midnight}`], MISKEY: [key] }],
    ['the tokens in another case', { Authorization: [prc.toUpperCase(), midnight.toUpperCase()], MISKEY: [key] }],
    ['the tokens as Bearer', { Authorization: [`Bearer ${prc}`, `Bearer ${midnight}`], MISKEY: [key] }],
    ['a token in the place of the key', { Authorization: [midnight, key], MISKEY: [prc] }],
  ])('%s', async (_, credentials) => {
    const client = await open('midnight');
    const before = await client.state('payments');
    const answer = await send(client.workspace, credentials);
    expect(answer).toEqual({
      status: 401,
      text: '{"Message":"Authorization has been denied for this request."}',
    });
    expect(await client.state('payments')).toEqual(before);
  });
});
