/**
 * What Dredd is helped with where it judges the ledger (test/verify/ledger.ts): it sends no key for `apiKey`, has no request
 * that leads to a refusal, and asks one server alone. Every refusal that is documented is given one request, and each
 * document, one for each defect, its own server. What came of it is written to a report, since Dredd passes over hooks that
 * do not load.
 */
const { appendFileSync, readFileSync } = require('node:fs');
const { basename } = require('node:path');
const hooks = require('hooks');

const { ports, report } = JSON.parse(readFileSync(process.env.DREDD_PLAN, 'utf8'));

/** What is changed of Dredd's own request so that it is refused, by status and operation. */
const refused = {
  '400 GET /payments': (transaction) => {
    transaction.fullPath = '/payments?size=0';
  },
  '400 POST /payments': ({ request }) => {
    request.body = '{"currency":"EUR"}';
  },
  '400 PATCH /payments/{paymentId}': ({ request }) => {
    request.body = '{"note":17}';
  },
  '412 PATCH /payments/{paymentId}': ({ request }) => {
    request.headers['If-Match'] = '"of another version"';
  },
};

/** The path of an operation, for a thing of a name. */
const pathOf = ({ origin }, name) => origin.resourceName.replaceAll(/\{[^}]+\}/g, name);

/** The same, where it is the same for every operation. */
const refusedAnywhere = {
  400: (transaction) => {
    transaction.fullPath = pathOf(transaction, 'first');
  },
  401: ({ request }) => {
    delete request.headers['X-Key'];
  },
  404: (transaction) => {
    transaction.fullPath = pathOf(transaction, '999999');
  },
  415: ({ request }) => {
    request.headers['Content-Type'] = 'application/xml';
  },
};

/** The first payment and the first refund are deleted before these are asked. */
const onSecond = new Set(['/payments/{paymentId}/refunds', '/refunds/{refundId}/receipt']);

hooks.beforeEach((transaction, done) => {
  const { request, origin, expected } = transaction;
  const { statusCode } = expected;
  transaction.port = ports[basename(origin.filename)];
  request.headers['X-Key'] = 'ledger-key';
  if (onSecond.has(origin.resourceName)) transaction.fullPath = pathOf(transaction, '2');
  const change = refused[`${statusCode} ${request.method} ${origin.resourceName}`] ?? refusedAnywhere[statusCode];
  change?.(transaction);
  done();
});

hooks.afterEach(({ origin, test, fail, name }, done) => {
  const fields = Object.entries(test?.results?.fields ?? {});
  const wrong = fields.filter(([, { valid }]) => !valid).map(([field]) => field);
  const entry = { file: basename(origin.filename), name, valid: test?.valid === true && !fail, wrong };
  appendFileSync(report, `${JSON.stringify({ ...entry, message: fail || test?.message })}\n`);
  done();
});
