/**
 * How Midnight refuses a whole request, and that nothing breaks it: every refusal in ASP.NET's form, nothing recorded.
 */
import { describe, expect, test } from 'vitest';
import { type Client, open, type SendOptions, useSandbox } from '../harness.js';

useSandbox();

const path = '/v1/Generic/CustomerPaymentInsert';
const json = 'application/json; charset=utf-8';

/** A payment that any of the tables' requests could have brought along. */
const good = {
  CustomerId: 3,
  AmountBilled: 10,
  CustomerPaymentDetailList: [{ OrderId: 1, PaymentLabel: 'Services', AmountBilled: 10 }],
};

async function everything(client: Client): Promise<unknown> {
  const names = ['customers', 'orders', 'payments', 'paymentDetails', 'errorMessages'];
  return Promise.all(names.map((name) => client.state(name)));
}

/** Sends what must be refused; gives the answer, the state being as it was. */
async function refused(status: number, method: string, at: string, options: SendOptions = {}) {
  const client = await open('midnight');
  const before = await everything(client);
  const answer = await client.send(method, at, options);
  expect(answer.status, answer.text).toBe(status);
  expect(await everything(client)).toEqual(before);
  return answer;
}

describe('refusals', () => {
  test.each([
    ['/v1/Generic/CustomerPaymentDelete', 'GET'],
    ['/v1/Generic', 'POST'],
    ['/v2/Generic/CustomerPaymentInsert', 'POST'],
    ['/v1/Generic/CustomerPaymentInsert/1', 'POST'],
    ['/', 'GET'],
    ['/v1/Generic/%00', 'POST'],
    ['/v1/Generic/%zz?a=%zz', 'POST'],
    [`/v1/${'x'.repeat(12_000)}`, 'POST'],
  ])('404 for %s', async (at, method) => {
    const answer = await refused(404, method, at, method === 'GET' ? {} : { body: [good] });
    expect(answer.headers.get('content-type')).toBe(json);
    expect(Object.keys(answer.body)).toEqual(['Message', 'MessageDetail']);
    expect(answer.body.Message).toMatch(/^No HTTP resource was found that matches the request URI '\//);
  });

  test.each(['GET', 'PUT', 'PATCH', 'DELETE'])('405 for %s', async (method) => {
    const answer = await refused(405, method, path);
    expect(answer.headers.get('allow')).toBe('POST');
    expect(answer.body).toEqual({ Message: `The requested resource does not support http method '${method}'.` });
  });

  test.each(['text/html', 'application/xml', 'application/json;q=0', 'image/*'])(
    '406 for Accept %s',
    async (accept) => {
      const answer = await refused(406, 'POST', path, { body: [good], headers: { accept } });
      expect(Object.keys(answer.body)).toEqual(['Message']);
      expect(answer.body.Message).toContain(accept);
    },
  );

  test.each([
    'application/x-www-form-urlencoded',
    'text/plain',
    'application/xml',
    'application/json; charset=utf-16',
    `text/${'x'.repeat(12_000)}`,
  ])('415 for Content-Type %s', async (type) => {
    const answer = await refused(415, 'POST', path, { text: 'CustomerId=3', headers: { 'content-type': type } });
    expect(Object.keys(answer.body)).toEqual(['Message']);
    expect(answer.body.Message).toContain(`The request entity's media type '${type.slice(0, 1000)}`);
  });

  test.each([
    ['larger', JSON.stringify([{ ...good, OrderNumber: 'x'.repeat(1_100_000) }])],
    ['deeper', `${'['.repeat(100)}${']'.repeat(100)}`],
    ['deeper by far', '['.repeat(500_000)],
    ['longer', JSON.stringify(Array.from({ length: 10_001 }, () => 1))],
  ])('413 for a body that is %s', async (_, text) => {
    const answer = await refused(413, 'POST', path, { text });
    expect(Object.keys(answer.body)).toEqual(['Message']);
  });

  test.each([
    ['no JSON', '[{'],
    ['a trailing comma', '[1,]'],
    ['a word', 'hello'],
    ['white space', '  '],
    ['empty', ''],
    ['no UTF-8', Uint8Array.of(0x5b, 0x22, 0xff, 0x22, 0x5d)],
    ['two values', '[][]'],
    ['NaN', '[{"CustomerId":NaN}]'],
    ['a byte order mark and half an array', '\uFEFF['],
  ])('400 for a body that is %s', async (_, text) => {
    const answer = await refused(400, 'POST', path, { text });
    expect(answer.body).toEqual({
      Message: 'The request is invalid.',
      ModelState: { customerPayments: [expect.any(String)] },
    });
  });

  test.each([
    ['null', 'null'],
    [JSON.stringify(good), 'an object'],
    ['3', '3'],
    ['8.0', '8.0'],
    ['"x"', '"x"'],
    ['true', 'true'],
  ])('400 for the body %s, which is no array', async (text, shown) => {
    const answer = await refused(400, 'POST', path, { text });
    expect(answer.body).toEqual({
      Message: 'The request is invalid.',
      ModelState: { customerPayments: [`Received ${shown}; customerPayments is documented as array.`] },
    });
  });

  test('an empty array is no refusal', async () => {
    const answer = await refused(200, 'POST', path, { body: [] });
    expect(answer.text).toBe('[]');
  });
});

describe('what schemas carry', () => {
  const at = (place: string) => `customerPayments[0]${place}`;
  const part = (changes: object) => ({
    CustomerPaymentDetailList: [{ ...good.CustomerPaymentDetailList[0], ...changes }],
  });

  test.each<[string, string, string]>([
    ['{"CustomerId":"3"}', at('.CustomerId'), 'Received "3"; CustomerId is documented as integer.'],
    ['{"CustomerId":null}', at('.CustomerId'), 'Received null; CustomerId is documented as integer.'],
    ['{"CustomerId":3.5}', at('.CustomerId'), 'Received 3.5; CustomerId is documented as integer.'],
    ['{"CustomerId":[3]}', at('.CustomerId'), 'Received an array; CustomerId is documented as integer.'],
    ['{"AmountBilled":"8.0"}', at('.AmountBilled'), 'Received "8.0"; AmountBilled is documented as number.'],
    ['{"AmountBilled":{"a":1}}', at('.AmountBilled'), 'Received an object; AmountBilled is documented as number.'],
    ['{"AmountBilled":true}', at('.AmountBilled'), 'Received true; AmountBilled is documented as number.'],
    ['{"RequestSource":3}', at('.RequestSource'), 'Received 3; RequestSource is documented as string or null.'],
    ['{"RequestSource":8.0}', at('.RequestSource'), 'Received 8.0; RequestSource is documented as string or null.'],
    ['{"OrderNumber":["a"]}', at('.OrderNumber'), 'Received an array; OrderNumber is documented as string or null.'],
    [
      '{"CustomerPaymentDetailList":{}}',
      at('.CustomerPaymentDetailList'),
      'Received an object; CustomerPaymentDetailList is documented as array or null.',
    ],
    ['7', at(''), 'Received 7; each payment is documented as object.'],
    ['8.0', at(''), 'Received 8.0; each payment is documented as object.'],
    ['null', at(''), 'Received null; each payment is documented as object.'],
    ['[]', at(''), 'Received an array; each payment is documented as object.'],
    [
      '{"CustomerPaymentDetailList":[null]}',
      at('.CustomerPaymentDetailList[0]'),
      'Received null; each detail is documented as object.',
    ],
    [
      '{"CustomerPaymentDetailList":[{},{"OrderId":"1"}]}',
      at('.CustomerPaymentDetailList[1].OrderId'),
      'Received "1"; OrderId is documented as integer.',
    ],
    [
      JSON.stringify({ CustomerId: 'x'.repeat(200) }),
      at('.CustomerId'),
      `Received "${'x'.repeat(80)}"…; CustomerId is documented as integer.`,
    ],
  ])('a wrong type: %s', async (payment, place, text) => {
    const answer = await refused(400, 'POST', path, { text: `[${payment}]` });
    expect(answer.body).toEqual({ Message: 'The request is invalid.', ModelState: { [place]: [text] } });
  });

  const long = 'x'.repeat(255);
  const tooLong = (field: string) => `The field ${field} must be a string with a maximum length of 255.`;
  const escrow = { CustomerId: 3, AmountBilled: 1, RequestSource: 'PRCMerchant' };
  const many = (length: number) => Array.from({ length }, () => ({ PaymentLabel: 'Escrow', AmountBilled: 0.001 }));

  test.each<[string, object, object, string, string | RegExp]>([
    ['OrderNumber', { OrderNumber: long }, { OrderNumber: `${long}x` }, '.OrderNumber', tooLong('OrderNumber')],
    [
      'RequestSource',
      { RequestSource: long },
      { RequestSource: `${long}x` },
      '.RequestSource',
      tooLong('RequestSource'),
    ],
    [
      'PaymentLabel',
      part({ PaymentLabel: long }),
      part({ PaymentLabel: `${long}x` }),
      '.CustomerPaymentDetailList[0].PaymentLabel',
      tooLong('PaymentLabel'),
    ],
    ['CustomerId above', { CustomerId: 2147483647 }, { CustomerId: 2147483648 }, '.CustomerId', /2147483647/],
    ['CustomerId below', { CustomerId: -2147483648 }, { CustomerId: -2147483649 }, '.CustomerId', /-2147483648/],
    [
      'OrderId above',
      part({ OrderId: 2147483647 }),
      part({ OrderId: 2147483648 }),
      '.CustomerPaymentDetailList[0].OrderId',
      /2147483647/,
    ],
    [
      'details',
      { CustomerPaymentDetailList: many(1000) },
      { CustomerPaymentDetailList: many(1001) },
      '.CustomerPaymentDetailList',
      "The field CustomerPaymentDetailList must be a string or array type with a maximum length of '1000'.",
    ],
  ])('the limit of %s', async (_, within, beyond, place, text) => {
    const client = await open('midnight');
    expect((await client.post(path, [{ ...escrow, ...within }])).status).toBe(200);
    const answer = await refused(400, 'POST', path, { body: [{ ...escrow, ...beyond }] });
    const texts = [typeof text === 'string' ? text : expect.stringMatching(text)];
    expect(answer.body).toEqual({ Message: 'The request is invalid.', ModelState: { [at(place)]: texts } });
  });

  test('the number of payments', async () => {
    const client = await open('midnight');
    const payments = (length: number) => Array.from({ length }, () => escrow);
    expect((await client.post(path, payments(1000))).body).toHaveLength(1000);
    const answer = await refused(400, 'POST', path, { body: payments(1001) });
    const text = "The field customerPayments must be a string or array type with a maximum length of '1000'.";
    expect(answer.body.ModelState).toEqual({ customerPayments: [text] });
  });

  test.each([
    ['10000000000000000000000000000', '10000000000000000000000000000.01'],
    ['-10000000000000000000000000000', '-10000000000000000000000000001'],
    ['1e28', '1.1e28'],
    ['1.0e-64', '1.0e-65'],
    ['0.00000000000000000000000000000000000000000000000000000000000001', `0.${'0'.repeat(62)}1`],
  ])('an amount of %s, but not of %s', async (within, beyond) => {
    const text = (amount: string) => `[{"CustomerId":3,"RequestSource":"PRCMerchant","AmountBilled":${amount}}]`;
    const client = await open('midnight');
    expect((await client.send('POST', path, { text: text(within) })).status).toBe(200);
    const answer = await refused(400, 'POST', path, { text: text(beyond) });
    expect(Object.keys(answer.body.ModelState)).toEqual([at('.AmountBilled')]);
  });

  test('everything that is wrong is told at once', async () => {
    const body = [
      good,
      { ...good, CustomerId: 'a', OrderNumber: 1 },
      { CustomerPaymentDetailList: [{ OrderId: 'b' }] },
    ];
    const answer = await refused(400, 'POST', path, { body });
    expect(Object.keys(answer.body.ModelState).sort()).toEqual([
      'customerPayments[1].CustomerId',
      'customerPayments[1].OrderNumber',
      'customerPayments[2].CustomerPaymentDetailList[0].OrderId',
    ]);
  });

  test('unknown properties are ignored', async () => {
    const client = await open('midnight');
    const answer = await client.post(path, [{ ...good, PaymentNote: 'thanks', ...part({ Note: 1 }) }]);
    expect(answer.body).toEqual([{ CustomerPaymentId: 3, CustomerPaymentNumber: 'CP-000003', Error: null }]);
  });
});

describe('media types', () => {
  test.each([
    ['application/json', undefined, json],
    ['text/json', undefined, json],
    ['text/json; charset=utf-8', 'text/json', 'text/json; charset=utf-8'],
    ['application/json', 'text/json', 'text/json; charset=utf-8'],
    ['application/json', 'text/json;q=0.5, application/json', json],
    ['APPLICATION/JSON', '*/*', json],
    [undefined, 'text/*', 'text/json; charset=utf-8'],
  ])('Content-Type %s and Accept %s: %s', async (type, accept, answered) => {
    const client = await open('midnight');
    // Bytes: fetch would name a media type of its own for a string.
    const text = new TextEncoder().encode(JSON.stringify([good]));
    const answer = await client.send('POST', path, { text, headers: { 'content-type': type, accept } });
    expect(answer.status, answer.text).toBe(200);
    expect(answer.headers.get('content-type')).toBe(answered);
    expect(answer.body[0].CustomerPaymentId).toBe(3);
  });

  test('a refusal goes out in the media type that was asked for', async () => {
    const answer = await refused(400, 'POST', path, { text: 'null', headers: { accept: 'text/json' } });
    expect(answer.headers.get('content-type')).toBe('text/json; charset=utf-8');
  });
});

describe('hostile input is answered, and records nothing', () => {
  const one = (members: string) => `[{"CustomerId":3,"AmountBilled":1,${members}}]`;

  test.each([
    ['null bytes', one('"RequestSource":"\\u0000\\u0000"'), 200],
    ['emoji', one(`"RequestSource":"${'😀'.repeat(100)}"`), 200],
    ['half an emoji', one('"RequestSource":"\\ud83d"'), 200],
    ['a right-to-left override', one('"RequestSource":"\u202ePRCMerchant"'), 200],
    ['__proto__ as a payment', '[{"__proto__":{"CustomerId":3,"AmountBilled":1,"RequestSource":"PRCMerchant"}}]', 200],
    ['__proto__ in another case', '[{"__PROTO__":{},"customerId":99}]', 200],
    ['__proto__ as a label', one('"CustomerPaymentDetailList":[{"PaymentLabel":"__proto__","AmountBilled":1}]'), 200],
    ['constructor', one('"constructor":{"prototype":{"AmountBilled":1}}'), 200],
    ['the source __proto__', one('"RequestSource":"__proto__"'), 200],
    ['1e400', '[{"CustomerId":3,"AmountBilled":1e400}]', 400],
    ['1e999999999', '[{"CustomerId":3,"AmountBilled":1e999999999}]', 400],
    ['-1e999999999 for an id', '[{"CustomerId":-1e999999999}]', 400],
    ['1e-999999999', '[{"CustomerId":3,"AmountBilled":1e-999999999}]', 400],
    ['a number of ten thousand digits', `[{"CustomerId":3,"AmountBilled":${'9'.repeat(10_000)}}]`, 400],
    ['a source of ten thousand digits', one(`"RequestSource":${'9'.repeat(10_000)}`), 400],
    ['an id of a hundred digits', `[{"CustomerId":${'3'.repeat(100)}}]`, 400],
    ['a sixty-deep unknown property', one(`"x":${'['.repeat(60)}${']'.repeat(60)}`), 200],
    ['a huge unknown number', one('"x":1e999999999'), 200],
    ['arrays in place of objects', '[[[]]]', 400],
    ['objects in place of arrays', '{"0":{"CustomerId":3}}', 400],
    ['a thousand wrong types', JSON.stringify(Array.from({ length: 1000 }, () => ({ CustomerId: [] }))), 400],
    ['the body as a string', JSON.stringify(JSON.stringify([good])), 400],
  ])('%s', async (_, text, status) => {
    const answer = await refused(status, 'POST', path, { text });
    const failed = status === 200 ? answer.body.every((each: { Error: unknown }) => each.Error !== null) : true;
    expect(failed).toBe(true);
  });

  test('Object.prototype is as it was', async () => {
    await refused(200, 'POST', path, { text: '[{"__proto__":{"polluted":true},"customerid":9,"__PROTO__":1}]' });
    expect('polluted' in {}).toBe(false);
  });

  test('strings come back as they were sent', async () => {
    const client = await open('midnight');
    const OrderNumber = 'Grüße 😀 \u0000 \u202e "quoted" \\ \ud83d';
    const answer = await client.post(path, [
      { CustomerId: 3, AmountBilled: 1, RequestSource: 'PRCMerchant', OrderNumber },
    ]);
    expect(answer.body[0].Error).toBeNull();
    expect((await client.state('payments')).at(-1).orderNumber).toBe(OrderNumber);
  });

  test('the longest errors stay within what is documented', async () => {
    const worst = { PaymentLabel: '\u0000'.repeat(255), AmountBilled: -1, OrderId: 99 };
    const parts = Array.from({ length: 600 }, () => worst);
    const body = [
      { CustomerId: -1, AmountBilled: -1, RequestSource: '\u0001'.repeat(255), CustomerPaymentDetailList: parts },
    ];
    const answer = await refused(200, 'POST', path, { body });
    expect(answer.body[0].Error.ErrorMessage).toHaveLength(6);
    expect(answer.text.length).toBeLessThan(20_000);
  });
});
