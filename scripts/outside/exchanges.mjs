/**
 * What outside judges see: for each answer that a document declares, a request that gets it. Every documented response of
 * every operation in each of its media types is there, and every example of a request or a response.
 *
 * All is read from a running sandbox, over HTTP: the documents that it serves, its credentials, its samples.
 */
import { parse, stringify } from 'lossless-json';

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

/** JSON that no operation takes: too deep for the sandbox. */
const tooDeep = `${'['.repeat(65)}${']'.repeat(65)}`;

/** The answer to an example of a request where it is no success, by `<operationId> <example>`. */
const refusedExamples = {
  'upsertPayments documented': { status: '400', example: 'invalid' },
};

/** The request for an answer that the document's own examples do not get, by `<operationId> <status> <example>`. */
const requests = {
  'patchPayment 404': { detail: 'Of nobody' },
  'upsertPayments 207 partly': [
    { external_payment_id: 'CHK-5520', method: 'CHECK', total_amount: 310, currency: 'USD' },
    {
      external_payment_id: 'TRF-88',
      method: 'SEPA',
      total_amount: 1,
      currency: 'EUR',
      lines: [{ invoice_token: '00000000-0000-4000-8000-000000000000', applied_amount: 1 }],
    },
  ],
  'upsertPayments 400 unknownInvoice': {
    external_payment_id: 'TRF-88',
    method: 'SEPA',
    total_amount: 1,
    currency: 'EUR',
    lines: [{ invoice_token: '00000000-0000-4000-8000-000000000000', applied_amount: 1 }],
  },
  'createManyCustomerPayments 400 missingVariable': {},
  'createManyCustomerPayments 400 duplicateId': {
    inputs: [{ id: '1f0c5a9e-7f53-4d55-9df7-2f0f2a3a6e01' }, { id: '1f0c5a9e-7f53-4d55-9df7-2f0f2a3a6e01' }],
  },
  'createManyCustomerPayments 400 several': { inputs: [{ checkDate: 'soon', totalAmount: 'much' }] },
  'insertCustomerPayments 200 recorded': [
    {
      CustomerId: 3,
      AmountBilled: 1,
      CustomerPaymentDetailList: [{ OrderId: 1, PaymentLabel: 'Services', AmountBilled: 1 }],
    },
    {
      CustomerId: 99,
      AmountBilled: 1,
      CustomerPaymentDetailList: [{ OrderId: 1, PaymentLabel: 'Services', AmountBilled: 1 }],
    },
  ],
  'importGlobalPayment 404': { customerId: 99_999, amount: 1, globalPaymentsTransactionId: 'TRN_404' },
  'importGlobalPayment 409': {
    customerId: 7001,
    amount: 900,
    globalPaymentsReferenceId: 'gp-card-4242',
    globalPaymentsTransactionId: 'TRN_409',
    paymentAllocations: [{ invoiceId: 502, amount: 900 }],
  },
};

async function get(url, path) {
  const response = await fetch(`${url}${path}`);
  const text = await response.text();
  if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${text}`);
  return parse(text);
}

/**
 * Every api that the sandbox serves, with its document and its exchanges.
 *
 * @param {string} url the sandbox's
 * @param {readonly string[]} wanted names of apis; none: all
 */
export async function readApis(url, wanted = []) {
  const listed = await get(url, '/_sandbox/apis');
  const samples = await get(url, '/_sandbox/samples');
  const missing = wanted.filter((name) => !listed.some(({ api }) => api === name));
  if (missing.length > 0) throw new Error(`The sandbox serves no api ${missing.join(', ')}.`);
  const apis = listed.filter(({ api }) => wanted.length === 0 || wanted.includes(api));
  return Promise.all(
    apis.map(async ({ api, headers }) => {
      const document = await get(url, `/${api}/openapi.json`);
      const own = samples.filter((sample) => sample.api === api);
      return { api, document, exchanges: new Reader(api, document, headers, own).exchanges() };
    }),
  );
}

/** What a local `$ref` points at; anything else is itself. */
export function resolve(document, node) {
  if (typeof node?.$ref !== 'string') return node;
  const names = node.$ref.slice(2).split('/');
  return names.reduce((at, name) => at[name.replaceAll('~1', '/').replaceAll('~0', '~')], document);
}

/** The operations of a document, references at their responses and parameters followed. */
export function operationsOf(document) {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    methods
      .filter((method) => method in item)
      .map((method) => {
        const operation = item[method];
        const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])];
        return {
          operationId: operation.operationId,
          summary: operation.summary,
          method: method.toUpperCase(),
          path,
          parameters: parameters.map((each) => resolve(document, each)),
          requests: Object.entries(resolve(document, operation.requestBody)?.content ?? {}),
          responses: Object.entries(operation.responses).map(([status, response]) => ({
            status,
            content: Object.entries(resolve(document, response).content ?? {}),
          })),
        };
      }),
  );
}

/** Makes the exchanges of one api. */
class Reader {
  constructor(api, document, headers, samples) {
    this.api = api;
    this.document = document;
    this.headers = headers;
    this.samples = samples;
  }

  exchanges() {
    return operationsOf(this.document).flatMap((operation) =>
      operation.responses.flatMap(({ status, content }) =>
        content.flatMap(([mediaType, { examples = {} }]) => this.#answers(operation, status, mediaType, examples)),
      ),
    );
  }

  /** The exchanges that get one response in one media type: those of its first example first. */
  #answers(operation, status, mediaType, examples) {
    const names = Object.keys(examples);
    const success = operation.responses.find((response) => response.status.startsWith('2'))?.status;
    const asked = this.#requestExamples(operation, mediaType)
      .map(([name, value]) => {
        const answer = refusedExamples[`${operation.operationId} ${name}`] ?? { status: success };
        return { name, value, status: answer.status, example: answer.example ?? (names.includes(name) ? name : null) };
      })
      .filter((each) => each.status === status)
      .map(({ name, value, example }) => this.#exchange(operation, status, mediaType, example, name, value));
    const got = new Set(asked.map(({ example }) => example));
    const others = (names.length === 0 ? (asked.length === 0 ? [null] : []) : names)
      .filter((name) => !got.has(name))
      .map((name) => this.#other(operation, status, mediaType, name));
    const rank = ({ example }) => (example === null ? names.length : names.indexOf(example));
    return [...asked, ...others].sort((left, right) => rank(left) - rank(right));
  }

  /** The examples of a request in the media type of the answer, or in the first; without a body, the sample or nothing. */
  #requestExamples(operation, mediaType) {
    const content = new Map(operation.requests);
    const [first] = content.values();
    if (first === undefined) {
      const sample = this.samples.find(({ operationId }) => operationId === operation.operationId);
      return [[sample === undefined ? 'none' : 'documented', undefined]];
    }
    return Object.entries((content.get(mediaType) ?? first).examples ?? {}).map(([name, { value }]) => [name, value]);
  }

  /** The request that an example of the document is; a sample's, in the scenario that its card names. */
  #exchange(operation, status, mediaType, example, name, value) {
    const sample = this.samples.find(({ operationId }) => operationId === operation.operationId);
    const exchange = this.#made(operation, status, mediaType, example, value === undefined ? null : stringify(value));
    exchange.name = name;
    if (name !== 'documented' || sample === undefined) return exchange;
    exchange.scenario = sample.scenario;
    exchange.request.path = sample.path.slice(`/${this.api}`.length);
    Object.assign(exchange.request.headers, sample.headers, contentType(exchange.request.body, mediaType));
    return exchange;
  }

  /** A request for an answer that no example of a request gets. */
  #other(operation, status, mediaType, example) {
    const { operationId } = operation;
    const [[, first] = [], second] = this.#requestExamples(operation, mediaType);
    // A sample may need the scenario of its own; any other example is one of the default scenario.
    const usual = second?.[1] ?? first;
    const body = usual === undefined ? null : stringify(usual);
    const own = requests[`${operationId} ${status}${example === null ? '' : ` ${example}`}`];
    const exchange = this.#made(operation, status, mediaType, example, own === undefined ? body : JSON.stringify(own));
    const { request } = exchange;
    const inPath = operation.parameters.find((parameter) => parameter.in === 'path');
    const inQuery = operation.parameters.find((parameter) => parameter.in === 'query');
    if (own !== undefined && inPath === undefined) return exchange;
    const { content } = operation.responses.find((response) => response.status === status);
    const firstOfStatus = content.every(([, { examples = {} }]) => [null, Object.keys(examples)[0]].includes(example));
    const isFirstMediaType = content[0][0] === mediaType;
    if (status === '401' && firstOfStatus) {
      for (const name of Object.keys(this.headers)) delete request.headers[name];
    } else if (status === '406' && isFirstMediaType) {
      request.headers.Accept = 'application/xml';
    } else if (status === '413') {
      request.body = tooDeep;
    } else if (status === '415') {
      request.headers['Content-Type'] = 'application/xml';
    } else if (status === '400' && body !== null) {
      request.body = '"text"';
    } else if (status === '400' && inPath !== undefined) {
      request.path = operation.path.replace(`{${inPath.name}}`, 'first');
    } else if (status === '400' && inQuery !== undefined) {
      request.path = `${operation.path}?${inQuery.name}=first`;
    } else if (status === '404' && inPath !== undefined) {
      request.path = operation.path.replace(`{${inPath.name}}`, '999999');
    } else {
      exchange.onDemand = true;
      request.headers.Prefer = `code=${status}${example === null ? '' : `, example=${example}`}`;
    }
    return exchange;
  }

  #made(operation, status, mediaType, example, body) {
    const path = operation.parameters
      .filter((parameter) => parameter.in === 'path')
      .reduce((at, { name, example: value }) => at.replace(`{${name}}`, String(value ?? 1)), operation.path);
    return {
      api: this.api,
      operationId: operation.operationId,
      summary: operation.summary,
      path: operation.path,
      status,
      mediaType,
      /** The response's example that the answer is held against; null: none. */
      example,
      /** Whether the answer is asked for by `Prefer`, since no request leads to it. */
      onDemand: false,
      scenario: 'default',
      request: {
        method: operation.method,
        path,
        headers: { ...this.headers, Accept: mediaType, ...contentType(body, mediaType) },
        body,
      },
    };
  }
}

function contentType(body, mediaType) {
  return body === null ? {} : { 'Content-Type': mediaType };
}

/** Makes a workspace of its own for an exchange, `more` said of it; gives its name. */
export async function makeWorkspace(url, scenario, more = {}) {
  const response = await fetch(`${url}/_sandbox/workspaces`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ scenario, ...more }),
  });
  const text = await response.text();
  if (response.status !== 201) throw new Error(`A workspace of the scenario ${scenario}: ${response.status} ${text}`);
  return JSON.parse(text).name;
}

export { stringify };
