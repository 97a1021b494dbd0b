/**
 * Upwell's columns: what each accepts, to the limit, and how it refuses what lies beyond, in Hasura's words.
 */
import { describe, expect, test } from 'vitest';
import { type Client, open, useSandbox } from '../harness.js';

const path = '/api/rest/bulk-customer-payments';
const objects = '$.selectionSet.createCustomerPayments.args.objects';

useSandbox();

const texts = ['checkOrAchNumber', 'id', 'sourceSystem', 'sourceSystemId', 'tenantId'];
const lineTexts = [...texts, 'customerId', 'exchangeRate', 'invoiceId', 'status'];
const dates = ['checkDate', 'transactionDate'];
const times = ['createdAt', 'updatedAt'];
const currencies =
  'AED AUD BRL CAD CHF CNY EGP EUR GBP HKD IDR INR JPY KRW MXN MYR NZD QAR SAR SGD THB TRY TWD USD VND ZAR'.split(' ');

/** A column's value as JSON text, so that numbers keep theirs. */
type Row = readonly [column: string, json: string];

function json(value: unknown): string {
  return JSON.stringify(value);
}

const longText = 'x'.repeat(1000);
const goodTexts = ['""', json(longText), json('😀'.repeat(1000)), '" a \\t\\n\\u2028"', '"__proto__"', 'null'];
const goodAmounts = ['0', '-1', '1.10', '8.0', '0.1', '123', '12345678901234567890', '12345678901234567890.00'];
goodAmounts.push('1e3', '1E-2', '-0.0', '0.000000000000000001', '9'.repeat(64), '1e64', 'null');
const goodDates = ['"2023-12-25"', '"2024-02-29"', '"0001-01-01"', '"9999-12-31"', 'null'];
const goodTimes = ['2023-11-07T05:31:56Z', '2024-12-16T21:57:14.525733+00:00', '2024-02-29T23:59:59.123456789-12:00']
  .concat(['2024-12-16t21:57:14z'])
  .map(json);

function eachOf(columns: readonly string[], values: readonly string[]): Row[] {
  return columns.flatMap((column) => values.map((value) => [column, value] as const));
}

const accepted: readonly Row[] = [
  ...eachOf(
    texts.filter((column) => column !== 'id'),
    goodTexts,
  ),
  ...eachOf(
    ['id'],
    goodTexts.filter((value) => value !== 'null'),
  ),
  ...eachOf(dates, goodDates),
  ...eachOf(times, goodTimes),
  ...eachOf(['currency'], [...currencies.map(json), 'null']),
  ...eachOf(['totalAmount'], goodAmounts),
  ...eachOf(['sourceSystemMeta'], ['null', '{}', '[]', '"<unknown>"', '1.50', 'false']),
];
const acceptedOfLines: readonly Row[] = [
  ...accepted,
  ...eachOf(['customerId', 'exchangeRate', 'invoiceId', 'status'], goodTexts),
  ...eachOf(['fees', 'totalAmountWithFees'], goodAmounts),
  ['notes', json('x'.repeat(10_000))],
  ['notes', 'null'],
];

const hidden = new Set([
  'tenantId',
  'checkDate',
  'checkOrAchNumber',
  'currency',
  'sourceSystemMeta',
  'transactionDate',
]);
for (const column of ['exchangeRate', 'fees', 'totalAmountWithFees', 'notes']) hidden.add(column);

/** A value in a failed test's name. */
function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 20)}… (${text.length} characters)` : text;
}

/** Escapes that the answer writes otherwise, as JSON allows. */
function rewritten(value: string): string {
  return value.startsWith('"') ? json(JSON.parse(value)) : value;
}

describe('accepts', () => {
  test.each(accepted.map((row) => [row[0], short(row[1]), row[1]]))('%s %s', async (column, _, value) => {
    const client = await open('upwell', 'empty');
    const answer = await client.send('POST', path, { text: `{"inputs":[{"${column}":${value}}]}` });
    expect(answer.status, answer.text).toBe(200);
    if (column !== 'tenantId') expect(answer.text).toContain(`"${column}":${rewritten(value)}`);
    expect(await client.state('payments')).toHaveLength(1);
  });

  test.each(acceptedOfLines.map((row) => [row[0], short(row[1]), row[1]]))(
    'in a line item: %s %s',
    async (column, _, value) => {
      const client = await open('upwell', 'empty');
      const text = `{"inputs":[{"paymentLineItems":{"data":[{"${column}":${value}}]}}]}`;
      const answer = await client.send('POST', path, { text });
      expect(answer.status, answer.text).toBe(200);
      if (!hidden.has(column)) expect(answer.text).toContain(`"${column}":${rewritten(value)}`);
      const [line] = await client.state('paymentLineItems');
      expect(line[column]).toEqual(JSON.parse(value));
    },
  );

  test('a thousand payments and a thousand line items', async () => {
    const client = await open('upwell', 'empty');
    const data = Array.from({ length: 1000 }, () => ({}));
    const answer = await client.post(path, { inputs: [...data.slice(1), { paymentLineItems: { data } }] });
    expect(answer.status).toBe(200);
    expect(await client.state('payments')).toHaveLength(1000);
    expect(await client.state('paymentLineItems')).toHaveLength(1000);
  });
});

type Refused = readonly [column: string, value: string, error: string, code: string];

function notNull(relation: string): (column: string) => Refused {
  return (column) => [
    column,
    'null',
    `Not-NULL violation. null value in column "${column}" of relation "${relation}" violates not-null constraint`,
    'constraint-violation',
  ];
}

const kinds = [
  ['1', 'Number', 'a number'],
  ['1.50', 'Number', 'a number'],
  ['true', 'Boolean', 'a boolean'],
  ['[]', 'Array', 'a list'],
  ['["x"]', 'Array', 'a list'],
  ['{}', 'Object', 'an object'],
] as const;

function refusedTexts(columns: readonly string[]): Refused[] {
  return columns.flatMap((column): Refused[] => [
    ...kinds.map(([value, , found]): Refused => {
      return [column, value, `expected a string for type 'String', but found ${found}`, 'validation-failed'];
    }),
    [column, json(`${longText}x`), 'value too long for type character varying(1000)', 'data-exception'],
    [column, '"a\\u0000b"', 'invalid byte sequence for encoding "UTF8": 0x00', 'data-exception'],
  ]);
}

const badDates: readonly (readonly [string, string])[] = [
  ['2023-02-30', 'date/time field value out of range: "2023-02-30"'],
  ['2023-02-29', 'date/time field value out of range: "2023-02-29"'],
  ['2023-13-01', 'date/time field value out of range: "2023-13-01"'],
  ['2023-00-10', 'date/time field value out of range: "2023-00-10"'],
  ['yesterday', 'invalid input syntax for type date: "yesterday"'],
  ['', 'invalid input syntax for type date: ""'],
  ['2023-12-25T00:00:00Z', 'invalid input syntax for type date: "2023-12-25T00:00:00Z"'],
  ['12/25/2023', 'invalid input syntax for type date: "12/25/2023"'],
  ['٢٠٢٣-١٢-٢٥', 'invalid input syntax for type date: "٢٠٢٣-١٢-٢٥"'],
];

const badTimes: readonly (readonly [string, string])[] = [
  ['2023-02-30T00:00:00Z', 'date/time field value out of range: "2023-02-30T00:00:00Z"'],
  ['2023-11-07T24:31:56Z', 'date/time field value out of range: "2023-11-07T24:31:56Z"'],
  ['2023-11-07T05:60:56+00:00', 'date/time field value out of range: "2023-11-07T05:60:56+00:00"'],
  ['2023-11-07', 'invalid input syntax for type timestamp with time zone: "2023-11-07"'],
  ['2023-11-07T05:31:56', 'invalid input syntax for type timestamp with time zone: "2023-11-07T05:31:56"'],
  ['now', 'invalid input syntax for type timestamp with time zone: "now"'],
];

function refusedOfEveryRow(relation: string): Refused[] {
  const listed = currencies.map((currency) => `'${currency}'`).join(', ');
  const noCurrency = (found: string) =>
    `expected one of the values [${listed}] for type 'CurrenciesEnum', but found '${found}'`;
  return [
    ...['id', ...times].map(notNull(relation)),
    ...eachOf(dates, ['']).flatMap(([column]) =>
      badDates.map(([v, e]): Refused => [column, json(v), e, 'data-exception']),
    ),
    ...eachOf(times, ['']).flatMap(([column]) =>
      badTimes.map(([v, e]): Refused => [column, json(v), e, 'data-exception']),
    ),
    ...kinds.flatMap(([value, name, found]): Refused[] => [
      ['checkDate', value, `parsing Day failed, expected String, but encountered ${name}`, 'parse-failed'],
      ['updatedAt', value, `parsing UTCTime failed, expected String, but encountered ${name}`, 'parse-failed'],
      ['currency', value, `expected an enum value for type 'CurrenciesEnum', but found ${found}`, 'validation-failed'],
    ]),
    ...['usd', 'XXX', '', 'USD '].map(
      (value): Refused => ['currency', json(value), noCurrency(value), 'validation-failed'],
    ),
  ];
}

function refusedAmounts(columns: readonly string[]): Refused[] {
  const wrong = [
    ['"123"', 'String'],
    ['""', 'String'],
    ['false', 'Boolean'],
    ['[1]', 'Array'],
    ['{}', 'Object'],
  ] as const;
  const excessive = ['1e400', '1e999999999', '-1e-999999999', '9'.repeat(65), '1e65'];
  return columns.flatMap((column) => [
    ...wrong.map(([value, name]): Refused => {
      return [column, value, `parsing Scientific failed, expected Number, but encountered ${name}`, 'parse-failed'];
    }),
    ...excessive.map((value): Refused => [column, value, 'value overflows numeric format', 'data-exception']),
  ]);
}

const refusedOfPayments: readonly Refused[] = [
  ...refusedTexts(texts),
  ...refusedOfEveryRow('payments'),
  ...refusedAmounts(['totalAmount']),
];
const refusedOfLines: readonly Refused[] = [
  ...refusedTexts(lineTexts),
  ...refusedOfEveryRow('payment_line_items'),
  ...refusedAmounts(['fees', 'totalAmount', 'totalAmountWithFees']),
  ['notes', json('x'.repeat(10_001)), 'value too long for type character varying(10000)', 'data-exception'],
];

function named(all: readonly Refused[]): (readonly [string, string, Refused])[] {
  return all.map((refused) => [refused[0], short(refused[1]), refused] as const);
}

/** Sends a body that must be refused, and shows that nothing was stored. */
async function refuse(client: Client, text: string, problem: object): Promise<void> {
  const answer = await client.send('POST', path, { text });
  expect([answer.status, answer.body]).toEqual([400, problem]);
  expect(await client.state('payments')).toHaveLength(0);
  expect(await client.state('paymentLineItems')).toHaveLength(0);
}

describe('refuses', () => {
  test.each(named(refusedOfPayments))('%s %s', async (column, _, [, value, error, code]) => {
    const client = await open('upwell', 'empty');
    const problem = { path: `${objects}[1].${column}`, error, code };
    await refuse(client, `{"inputs":[{"id":"good"},{"${column}":${value}}]}`, problem);
  });

  test.each(named(refusedOfLines))('in a line item: %s %s', async (column, _, [, value, error, code]) => {
    const client = await open('upwell', 'empty');
    const problem = { path: `${objects}[0].paymentLineItems.data[1].${column}`, error, code };
    await refuse(client, `{"inputs":[{"paymentLineItems":{"data":[{},{"${column}":${value}}]}}]}`, problem);
  });
});

const failed = 'validation-failed';

/** Whole bodies, and the one problem that each has. */
const shapes: readonly (readonly [body: string, path: string, error: string, code: string])[] = [
  ['{}', '$', 'expecting a value for non-nullable variable: "inputs"', failed],
  ['{"inputs":null}', objects, 'expected a list, but found null', failed],
  ['{"inputs":{}}', objects, 'expected a list, but found an object', failed],
  ['{"inputs":"[]"}', objects, 'expected a list, but found a string', failed],
  ['{"inputs":8.0}', objects, 'expected a list, but found a number', failed],
  ['{"inputs":[null]}', `${objects}[0]`, "unexpected null value for type 'PaymentsInsertInput'", failed],
  [
    '{"inputs":[{},[]]}',
    `${objects}[1]`,
    "expected an object for type 'PaymentsInsertInput', but found a list",
    failed,
  ],
  [
    '{"inputs":[8.0]}',
    `${objects}[0]`,
    "expected an object for type 'PaymentsInsertInput', but found a number",
    failed,
  ],
  ['{"inputs":[],"input":{}}', '$', 'Unexpected variable input', 'bad-request'],
  ['{"inputs":[],"__proto__":{}}', '$', 'Unexpected variable __proto__', 'bad-request'],
  [
    '{"inputs":[{"amount":1}]}',
    `${objects}[0].amount`,
    `field "amount" not found in type: 'PaymentsInsertInput'`,
    failed,
  ],
  [
    '{"inputs":[{"customerId":"c"}]}',
    `${objects}[0].customerId`,
    `field "customerId" not found in type: 'PaymentsInsertInput'`,
    failed,
  ],
  ['{"inputs":[{"ID":"c"}]}', `${objects}[0].ID`, `field "ID" not found in type: 'PaymentsInsertInput'`, failed],
  [
    '{"inputs":[{"__proto__":{"id":"x"}}]}',
    `${objects}[0].__proto__`,
    `field "__proto__" not found in type: 'PaymentsInsertInput'`,
    failed,
  ],
  [
    `{"inputs":[{"it's a/b~":1}]}`,
    `${objects}[0]['it\\'s a/b~']`,
    `field "it's a/b~" not found in type: 'PaymentsInsertInput'`,
    failed,
  ],
  ['{"inputs":[{"0":1}]}', `${objects}[0]['0']`, `field "0" not found in type: 'PaymentsInsertInput'`, failed],
  ['{"inputs":[{"":1}]}', `${objects}[0]['']`, `field "" not found in type: 'PaymentsInsertInput'`, failed],
  [
    '{"inputs":[{"paymentLineItems":"none"}]}',
    `${objects}[0].paymentLineItems`,
    "expected an object for type 'PaymentLineItemsArrRelInsertInput', but found a string",
    failed,
  ],
  [
    '{"inputs":[{"paymentLineItems":[]}]}',
    `${objects}[0].paymentLineItems`,
    "expected an object for type 'PaymentLineItemsArrRelInsertInput', but found a list",
    failed,
  ],
  [
    '{"inputs":[{"paymentLineItems":{"onConflict":{}}}]}',
    `${objects}[0].paymentLineItems.onConflict`,
    `field "onConflict" not found in type: 'PaymentLineItemsArrRelInsertInput'`,
    failed,
  ],
  [
    '{"inputs":[{"paymentLineItems":{"data":{}}}]}',
    `${objects}[0].paymentLineItems.data`,
    'expected a list, but found an object',
    failed,
  ],
  [
    '{"inputs":[{"paymentLineItems":{"data":[null]}}]}',
    `${objects}[0].paymentLineItems.data[0]`,
    "unexpected null value for type 'PaymentLineItemsInsertInput'",
    failed,
  ],
  [
    '{"inputs":[{"paymentLineItems":{"data":["x"]}}]}',
    `${objects}[0].paymentLineItems.data[0]`,
    "expected an object for type 'PaymentLineItemsInsertInput', but found a string",
    failed,
  ],
  [
    '{"inputs":[{"paymentLineItems":{"data":[{"paymentLineItems":{}}]}}]}',
    `${objects}[0].paymentLineItems.data[0].paymentLineItems`,
    `field "paymentLineItems" not found in type: 'PaymentLineItemsInsertInput'`,
    failed,
  ],
  [
    `{"inputs":[${Array(1001).fill('{}')}]}`,
    objects,
    'expected a list of at most 1000 elements, but found 1001',
    failed,
  ],
  [
    `{"inputs":[{"paymentLineItems":{"data":[${Array(1001).fill('{}')}]}}]}`,
    `${objects}[0].paymentLineItems.data`,
    'expected a list of at most 1000 elements, but found 1001',
    failed,
  ],
  ['null', '$', 'Error in $: expected Object, but encountered Null', 'invalid-json'],
  ['[]', '$', 'Error in $: expected Object, but encountered Array', 'invalid-json'],
  ['"inputs"', '$', 'Error in $: expected Object, but encountered String', 'invalid-json'],
  ['8.0', '$', 'Error in $: expected Object, but encountered Number', 'invalid-json'],
  ['true', '$', 'Error in $: expected Object, but encountered Boolean', 'invalid-json'],
];

describe('refuses the body', () => {
  test.each(shapes.map((shape) => [short(shape[0]), shape] as const))('%s', async (_, [body, at, error, code]) => {
    await refuse(await open('upwell', 'empty'), body, { path: at, error, code });
  });

  test('with everything that is wrong, in the order of the rows', async () => {
    const text =
      '{"inputs":[{"totalAmount":"1"},{"amount":1,"checkDate":"x"},{"paymentLineItems":{"data":[{"fees":true}]}}]}';
    await refuse(await open('upwell', 'empty'), text, {
      path: `${objects}[0].totalAmount`,
      error: 'parsing Scientific failed, expected Number, but encountered String',
      code: 'parse-failed',
      internal: [
        {
          path: `${objects}[1].amount`,
          error: `field "amount" not found in type: 'PaymentsInsertInput'`,
          code: failed,
        },
        { path: `${objects}[1].checkDate`, error: 'invalid input syntax for type date: "x"', code: 'data-exception' },
        {
          path: `${objects}[2].paymentLineItems.data[0].fees`,
          error: 'parsing Scientific failed, expected Number, but encountered Boolean',
          code: 'parse-failed',
        },
      ],
    });
  });

  test('with as many problems as are listed, and a word on the rest', async () => {
    const client = await open('upwell', 'empty');
    const answer = await client.post(path, { inputs: Array(500).fill({ id: 1 }) });
    expect(answer.status).toBe(400);
    expect(answer.body.path).toBe(`${objects}[0].id`);
    expect(answer.body.internal).toHaveLength(100);
    expect(answer.body.internal.at(-1)).toEqual({ path: '$', error: 'And 400 more.', code: failed });
    expect(await client.state('payments')).toEqual([]);
  });
});
