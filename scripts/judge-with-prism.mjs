/**
 * Has Prism's validation proxy judge what passes through it between a client and the sandbox: every documented sample, every
 * example of a request, and requests that are refused. Exits with 1 if Prism finds a fault, or if a request did not pass
 * through it.
 *
 * For each api there are two proxies. `prism proxy --errors` is in front of requests that are to succeed: it turns any that
 * breaks the document back, and any answer that does. It lets no wrong request through, so those go through a proxy without
 * `--errors`, and what it finds is read from its header `sl-violations`.
 *
 * `node scripts/judge-with-prism.mjs [--api NAME …] [--url URL] [--recorded DIR] [--write]`: `--url` judges a sandbox that
 * runs elsewhere, `--recorded` what our own tests kept there as well, `--write` renews docs/outside-judges.md.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeWorkspace, readApis, stringify } from './outside/exchanges.mjs';
import { conclude, keepPage, openSandbox, readOptions, table } from './outside/judgement.mjs';
import { startProxy, violationsOf } from './outside/prism-proxy.mjs';
import { judgeRecorded } from './outside/recorded.mjs';

/** Whether Prism cannot judge an exchange: it reads text/json as one string, and holds that against the schema. */
const isBeyondPrism = ({ mediaType }) => !mediaType.startsWith('application/');

/**
 * A key for one workspace. Prism takes a credential of the scheme `basic` for one only if it is a user and a password in
 * base64, as RFC 7617 has it; a vendor's key need not look so, the workspace's own may.
 */
const basicKey = () => Buffer.from(`user:${randomUUID()}`).toString('base64');

/** The credentials that the workspace of a request wants beside the scenario's, and the headers of the request. */
function credentialsFor({ api, request }, document) {
  const { Authorization, ...others } = request.headers;
  if (!Authorization?.startsWith('Basic ')) return { headers: request.headers, more: {} };
  const schemes = Object.entries(document.components.securitySchemes);
  const [name] = schemes.find(([, { type, scheme }]) => type === 'http' && scheme === 'basic') ?? [];
  if (name === undefined) return { headers: request.headers, more: {} };
  const key = basicKey();
  return { headers: { ...others, Authorization: `Basic ${key}` }, more: { credentials: { [api]: { [name]: key } } } };
}

/** Sends an exchange's request through a proxy; gives what Prism found. */
async function judge(sandbox, proxy, exchange, document) {
  const { method, path, body } = exchange.request;
  const { headers, more } = credentialsFor(exchange, document);
  const workspace = await makeWorkspace(sandbox, exchange.scenario, more);
  const response = await fetch(`${proxy}${path}`, {
    method,
    headers: { ...headers, 'X-Sandbox-Workspace': workspace },
    ...(body === null ? {} : { body }),
  });
  const text = await response.text();
  const violations = violationsOf(response.headers.get('sl-violations'));
  const journal = await (await fetch(`${sandbox}/_sandbox/workspaces/${workspace}/journal`)).json();
  return { status: String(response.status), text, violations, reached: journal.entries.length === 1 };
}

const nameOf = ({ api, operationId, status, name, example }) =>
  `${api} ${operationId}: ${status}${name === undefined ? '' : ` to ${name}`}${example === null ? '' : ` ${example}`}`;

/** What is wrong with an exchange as Prism saw it. */
function faultsOf(exchange, isRefusal, { status, text, violations, reached }) {
  const told = violations.map(({ location, severity, message }) => `${severity} ${location.join('.')}: ${message}`);
  if (!reached) return [`${nameOf(exchange)}: Prism did not let it through. ${status} ${text.slice(0, 1000)}`];
  if (status !== exchange.status) return [`${nameOf(exchange)}: received ${status} ${text.slice(0, 1000)}`];
  // Of a refused request Prism may find faults, of its answer none; of one that succeeds, neither, not even a warning.
  const counted = told.filter((_, index) => !isRefusal || violations[index].location[0] === 'response');
  return counted.map((each) => `${nameOf(exchange)}: ${each}`);
}

/** Has both proxies of an api judge its exchanges; gives a row of the table. */
async function judgeApi(sandbox, directory, failures, { api, document, exchanges }) {
  const file = join(directory, `${api}.json`);
  writeFileSync(file, stringify(document));
  const [strict, lenient] = await Promise.all(
    [['--errors'], []].map((flags) => startProxy(file, `${sandbox}/${api}`, flags)),
  );
  const counts = { valid: 0, refused: 0, agreed: 0, passed: 0, beyond: 0 };
  try {
    for (const exchange of exchanges) {
      if (isBeyondPrism(exchange)) {
        counts.beyond++;
        continue;
      }
      const isRefusal = !exchange.status.startsWith('2');
      counts[isRefusal ? 'refused' : 'valid']++;
      const seen = await judge(sandbox, (isRefusal ? lenient : strict).url, exchange, document);
      const faults = faultsOf(exchange, isRefusal, seen);
      failures.push(...faults);
      if (faults.length === 0) counts.passed++;
      if (isRefusal && seen.violations.some(({ location }) => location[0] === 'request')) counts.agreed++;
    }
  } finally {
    await Promise.all([strict.stop(), lenient.stop()]);
  }
  const { valid, refused, agreed, passed, beyond } = counts;
  return [api, exchanges.length, valid, refused, agreed, passed, beyond];
}

const options = readOptions();
const directory = mkdtempSync(join(tmpdir(), 'paydouble-prism-'));
const sandbox = await openSandbox(options.url);
const failures = [];
try {
  const apis = await readApis(sandbox.url, options.api);
  const rows = [];
  for (const each of apis) rows.push(await judgeApi(sandbox.url, directory, failures, each));
  const head = ['api', 'requests', 'with --errors', 'refused', 'wrong for Prism too', 'passed', 'not expressible'];
  const part = table(head, rows);
  const isWhole = options.api.length === 0 && options.url === undefined;
  if (isWhole && failures.length === 0) failures.push(...keepPage('prism', part, options.write));
  const recorded =
    options.recorded === undefined ? '' : await judgeRecorded(options.recorded, apis, directory, failures);
  conclude(`${part}\n${recorded}`, failures);
} finally {
  await sandbox.close();
  rmSync(directory, { recursive: true, force: true });
}
