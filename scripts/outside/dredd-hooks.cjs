/**
 * What Dredd is told of each transaction, by plan: the request that leads to the documented answer, in a workspace of its
 * own. Dredd loads hooks by require, and skips a file that it cannot load with a warning and a good exit code; so all that
 * happens here is written to a report, and the one who started Dredd reads it.
 */
const { appendFileSync, readFileSync } = require('node:fs');
const { basename } = require('node:path');
const hooks = require('hooks');

const { url, plan, report } = JSON.parse(readFileSync(process.env.DREDD_PLAN, 'utf8'));

const note = (entry) => appendFileSync(report, `${JSON.stringify(entry)}\n`);

/** The transaction's name in the plan, taken before its request is changed. */
const keys = new Map();

function keyOf(transaction) {
  const { origin, request } = transaction;
  const type = request.headers['Content-Type'] ?? 'nothing';
  const key = `${basename(origin.filename)} ${request.method} ${origin.resourceName} ${type} > ${origin.exampleName}`;
  keys.set(transaction, keys.get(transaction) ?? key);
  return keys.get(transaction);
}

async function makeWorkspace(scenario) {
  const response = await fetch(`${url}/_sandbox/workspaces`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ scenario }),
  });
  if (response.status !== 201) throw new Error(`no workspace of ${scenario}: ${await response.text()}`);
  return (await response.json()).name;
}

async function prepare(transaction) {
  const planned = plan[keyOf(transaction)];
  if (planned === undefined) throw new Error('Nothing is planned for this transaction.');
  const workspace = await makeWorkspace(planned.scenario);
  const { method, path, headers, body } = planned.request;
  // Dredd knows neither keys nor the servers' path, and would put all requests into one workspace.
  transaction.fullPath = `/~${workspace}/${planned.api}${path}`;
  transaction.request = { ...transaction.request, method, headers, body: body ?? '' };
  // Dredd compares media types to the letter, the charset too, which OpenAPI has no place for.
  transaction.expected.headers['Content-Type'] = `${planned.mediaType}; charset=utf-8`;
  if (planned.withoutBody) delete transaction.expected.body;
}

note({ event: 'loaded' });

// A failure is put on the transaction: what a hook throws after it has waited is lost.
hooks.beforeEach((transaction, done) => {
  prepare(transaction).then(
    () => done(),
    (error) => {
      transaction.fail = error.message;
      done();
    },
  );
});

hooks.afterEach((transaction, done) => {
  const { test, real, skip, fail, expected } = transaction;
  note({
    event: 'transaction',
    key: keyOf(transaction),
    passed: test?.valid === true && !skip && !fail,
    skipped: skip === true,
    comparesBody: expected.body !== undefined && expected.body !== '',
    status: real?.statusCode,
    message: fail || test?.message || 'Dredd got no answer.',
    body: real?.body?.slice(0, 500),
  });
  done();
});
