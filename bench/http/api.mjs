/**
 * The api that every subject of the benchmark serves: payments, and as many other operations as are wanted beside them.
 */

/** The value that the api's one security scheme accepts. */
export const credential = 'bench-key';

const operationsOfOne = 5;

/** A payment of about 600 bytes. */
export function payment(id) {
  return {
    id,
    reference: `order-${id}`,
    amount: 125.5,
    currency: 'EUR',
    status: 'captured',
    method: { type: 'card', brand: 'visa', lastFour: '4242', expiryMonth: 12, expiryYear: 2030 },
    customer: { id: 1000 + (id % 50), name: 'Ada Byron', email: 'ada@example.com', country: 'GB' },
    lines: [
      { sku: 'book', quantity: 2, unitAmount: 50.25 },
      { sku: 'shipping', quantity: 1, unitAmount: 25 },
    ],
    description: 'Two books, to be sent before the end of the month.',
    createdAt: '2026-01-15T12:00:00Z',
    updatedAt: '2026-01-15T12:00:05Z',
  };
}

/** What a client sends to make a payment. */
export function newPayment() {
  const { id, status, createdAt, updatedAt, ...sent } = payment(1);
  return sent;
}

/** The OpenAPI document with so many operations: five a kind of thing, payments first. */
export function document(operations) {
  const kinds = Array.from({ length: operations / operationsOfOne }, (_, index) =>
    index === 0 ? 'payments' : `things${index}`,
  );
  return {
    openapi: '3.0.3',
    info: { title: 'Bench', version: '1', description: 'An api to measure with.' },
    servers: [{ url: 'http://127.0.0.1:4010/bench' }],
    security: [{ key: [] }],
    paths: Object.assign({}, ...kinds.map(pathsOf)),
    components: {
      securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-Api-Key' } },
      schemas: { Payment: paymentSchema, NewPayment: newPaymentSchema, Problem: problemSchema },
    },
    'x-collections': {
      payments: { description: 'Payments.', key: 'id', schema: { $ref: '#/components/schemas/Payment' } },
    },
    'x-refusals': refusals,
  };
}

const text = (maxLength, more = {}) => ({ type: 'string', maxLength, ...more });
const integer = (minimum, maximum) => ({ type: 'integer', minimum, maximum });
const closed = (properties, required = Object.keys(properties)) => ({
  type: 'object',
  additionalProperties: false,
  required,
  properties,
});

const sentProperties = {
  reference: text(50, { minLength: 1 }),
  amount: { type: 'number', minimum: 0.01, maximum: 1_000_000 },
  currency: text(3, { enum: ['EUR', 'GBP', 'USD'] }),
  method: closed({
    type: text(10, { enum: ['card', 'bank'] }),
    brand: text(20),
    lastFour: text(4, { pattern: '^\\d{4}$' }),
    expiryMonth: integer(1, 12),
    expiryYear: integer(2020, 2100),
  }),
  customer: closed({
    id: integer(1, 2_147_483_647),
    name: text(100),
    email: text(200, { format: 'email' }),
    country: text(2, { pattern: '^[A-Z]{2}$' }),
  }),
  lines: {
    type: 'array',
    minItems: 1,
    maxItems: 100,
    items: closed({
      sku: text(50),
      quantity: integer(1, 1000),
      unitAmount: { type: 'number', minimum: 0, maximum: 1_000_000 },
    }),
  },
  description: text(500),
};

const { reference, amount, currency, method, customer, lines, description } = sentProperties;
const paymentSchema = closed({
  id: integer(1, 2_147_483_647),
  reference,
  amount,
  currency,
  status: text(20, { enum: ['authorized', 'captured', 'refused'] }),
  method,
  customer,
  lines,
  description,
  createdAt: text(40, { format: 'date-time' }),
  updatedAt: text(40, { format: 'date-time' }),
});
const newPaymentSchema = closed(sentProperties, ['reference', 'amount', 'currency', 'method', 'customer', 'lines']);
const problemSchema = { type: 'object', properties: { title: text(200), detail: text(10_000) } };

const json = (schema, example) => ({ 'application/json': { schema, ...(example === undefined ? {} : { example }) } });
const refused = {
  description: 'Refused.',
  content: json({ $ref: '#/components/schemas/Problem' }, { title: 'Refused', detail: 'Why.' }),
};
const refusals = Object.fromEntries(
  [400, 401, 404, 405, 406, 413, 415, 500].map((status) => [String(status), refused]),
);

function pathsOf(kind) {
  const one = { $ref: '#/components/schemas/Payment' };
  const id = { name: 'id', in: 'path', required: true, schema: integer(1, 2_147_483_647) };
  const query = (name, minimum, maximum) => ({ name, in: 'query', schema: integer(minimum, maximum) });
  const answers = (status, schema, example) => ({
    [status]: { description: 'Done.', content: json(schema, example) },
    400: refused,
    401: refused,
    404: refused,
  });
  const requestBody = { required: true, content: json({ $ref: '#/components/schemas/NewPayment' }) };
  const page = Array.from({ length: 20 }, (_, index) => payment(index + 1));
  return {
    [`/${kind}`]: {
      get: {
        operationId: `list-${kind}`,
        parameters: [query('limit', 1, 100), query('offset', 0, 2_147_483_647)],
        responses: answers('200', { type: 'array', items: one }, page),
      },
      post: { operationId: `create-${kind}`, requestBody, responses: answers('201', one, payment(1)) },
    },
    [`/${kind}/{id}`]: {
      parameters: [id],
      get: { operationId: `get-${kind}`, responses: answers('200', one, payment(1)) },
      put: { operationId: `change-${kind}`, requestBody, responses: answers('200', one, payment(1)) },
      delete: {
        operationId: `delete-${kind}`,
        responses: { 204: { description: 'Gone.' }, 401: refused, 404: refused },
      },
    },
  };
}
