/**
 * Has Dredd judge the sandbox's answers against the documents that it serves: every documented response of every operation,
 * in each media type, and every example. Exits with 1 if Dredd finds a fault, if a transaction is skipped or missing, or if
 * the hooks did not run.
 *
 * `node scripts/judge-with-dredd.mjs [--api NAME …] [--url URL] [--hooks FILE] [--write]`: `--url` judges a sandbox that runs
 * elsewhere, `--write` renews docs/outside-judges.md.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { operationsOf, readApis, resolve, stringify } from './outside/exchanges.mjs';
import { conclude, keepPage, openSandbox, readOptions, table } from './outside/judgement.mjs';

const dredd = createRequire(import.meta.url).resolve('dredd/bin/dredd');
const ownHooks = fileURLToPath(new URL('outside/dredd-hooks.cjs', import.meta.url));

/**
 * Examples of requests whose answers have no example of their own, so that Dredd makes one up from the schema, and makes an
 * object of what is null here and documented as nullable. Only status and headers of these answers are compared.
 */
const madeUpWrongly = new Set([
  'insertCustomerPayments order',
  'insertCustomerPayments merchant',
  'importGlobalPayment declined',
]);

/** Dredd's name for a transaction, which the hooks know too. Dredd makes one for each media type of a request. */
const keyOf = (file, { request, path, status, mediaType }, requestType) =>
  `${file} ${request.method} ${path} ${requestType} > ${status} > ${mediaType}`;

/** The transactions that Dredd makes of an exchange, by their names. */
function transactionsOf(file, document, exchange) {
  const operation = operationsOf(document).find(({ operationId }) => operationId === exchange.operationId);
  const types = operation.requests.map(([type]) => type);
  const withoutBody = madeUpWrongly.has(`${exchange.operationId} ${exchange.name}`);
  return (types.length === 0 ? ['nothing'] : types).map((type) => {
    const { headers } = exchange.request;
    const sent = types.includes(headers['Content-Type']) ? { ...headers, 'Content-Type': type } : headers;
    const request = { ...exchange.request, headers: sent };
    return [keyOf(file, exchange, type), { ...exchange, request, withoutBody }];
  });
}

/** The exchanges by turn: each response in each media type once. Dredd takes one example of each for a document. */
function turns(exchanges) {
  const made = [];
  const count = new Map();
  for (const exchange of exchanges) {
    const place = keyOf('', exchange, '');
    const turn = count.get(place) ?? 0;
    count.set(place, turn + 1);
    made[turn] = [...(made[turn] ?? []), exchange];
  }
  return made;
}

/** Whether Dredd, which takes the first example of each response, makes these exchanges of the whole document. */
function areFirst(document, exchanges) {
  return operationsOf(document).every(({ operationId, responses }) =>
    responses.every(({ status, content }) =>
      content.every(([mediaType, { examples = {} }]) => {
        const [first = null] = Object.keys(examples);
        return exchanges.some(
          (each) =>
            each.operationId === operationId &&
            each.status === status &&
            each.mediaType === mediaType &&
            each.example === first,
        );
      }),
    ),
  );
}

/** The document with the responses of these exchanges alone, each with its example alone, or with none. */
function reduced(document, exchanges) {
  const paths = {};
  for (const exchange of exchanges) {
    const { path, request } = exchange;
    const { parameters } = document.paths[path];
    const method = request.method.toLowerCase();
    const own = exchanges.filter((each) => each.path === path && each.request.method === request.method);
    const operation = {
      ...document.paths[path][method],
      responses: responsesOf(document, document.paths[path][method], own),
    };
    paths[path] = { ...(parameters === undefined ? {} : { parameters }), ...paths[path], [method]: operation };
  }
  const { openapi, info, components } = document;
  return { openapi, info, paths, components: used(components, paths) };
}

/** The components that something leads to; the others would only be read again. */
function used(components, paths) {
  const found = new Map();
  const waiting = [stringify(paths)];
  for (const text of waiting) {
    for (const [, kind, name] of text.matchAll(/"#\/components\/([^/"]+)\/([^/"]+)"/g)) {
      if (found.has(`${kind}/${name}`)) continue;
      found.set(`${kind}/${name}`, [kind, name]);
      waiting.push(stringify(components[kind][name]));
    }
  }
  const kept = { securitySchemes: components.securitySchemes };
  for (const [kind, name] of found.values()) kept[kind] = { ...kept[kind], [name]: components[kind][name] };
  return kept;
}

function responsesOf(document, operation, exchanges) {
  const responses = {};
  for (const { status, mediaType, example } of exchanges) {
    const response = resolve(document, operation.responses[status]);
    const { examples, ...media } = response.content[mediaType];
    const only = example === null ? {} : { examples: { [example]: examples[example] } };
    const content = { ...responses[status]?.content, [mediaType]: { ...media, ...only } };
    responses[status] = { ...response, content };
  }
  return responses;
}

/** Runs Dredd once, over all documents; gives what it said and how it ended. */
async function run(directory, url, files, hooks) {
  const [first, ...others] = files;
  const more = others.flatMap((file) => ['--path', file]);
  const given = [first, url, ...more, '--hookfiles', hooks, '--loglevel', 'warning', '--no-color'];
  const child = spawn(process.execPath, [dredd, ...given], {
    cwd: directory,
    env: { ...process.env, DREDD_PLAN: join(directory, 'plan.json') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  const code = await new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', done);
  });
  return { code, output };
}

/** What Dredd says that it passes over, without the places. */
function passedOver(output) {
  const said = [...output.matchAll(/API description parser warning in .*?\): (.*)/g)].map(([, text]) =>
    text.replace(/ \(\d+ occurances\)/, ''),
  );
  return [...new Set(said)].sort();
}

const options = readOptions();
const directory = mkdtempSync(join(tmpdir(), 'paydouble-dredd-'));
const sandbox = await openSandbox(options.url);
const failures = [];
try {
  const apis = await readApis(sandbox.url, options.api);
  const planned = new Map();
  const files = [];
  for (const { api, document, exchanges } of apis) {
    turns(exchanges).forEach((own, turn) => {
      const file = `${api}-${turn + 1}.json`;
      const judged = areFirst(document, own) ? document : reduced(document, own);
      writeFileSync(join(directory, file), stringify(judged));
      files.push(file);
      for (const [key, transaction] of own.flatMap((exchange) => transactionsOf(file, document, exchange))) {
        planned.set(key, transaction);
      }
    });
  }
  const report = join(directory, 'report.jsonl');
  writeFileSync(
    join(directory, 'plan.json'),
    JSON.stringify({ url: sandbox.url, plan: Object.fromEntries(planned), report }),
  );
  const { code, output } = await run(directory, sandbox.url, files, options.hooks ?? ownHooks);

  const entries = existsSync(report)
    ? readFileSync(report, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    : [];
  const seen = new Map(entries.filter(({ event }) => event === 'transaction').map((entry) => [entry.key, entry]));
  if (!entries.some(({ event }) => event === 'loaded'))
    failures.push('The hooks did not run: Dredd did not load their file.');
  const nameOf = ({ api, operationId, status, mediaType, example, name = '', request }) => {
    const sent = `${request.headers['Content-Type'] ?? ''} ${name}`.trim();
    return `${api} ${operationId}: ${status} ${mediaType} ${example ?? ''}`.trim() + (sent === '' ? '' : ` to ${sent}`);
  };
  for (const [key, exchange] of planned) {
    const entry = seen.get(key);
    if (entry === undefined) failures.push(`${nameOf(exchange)} was not judged: Dredd made no transaction of it.`);
    else if (!entry.passed) {
      const answer = entry.status === undefined ? '' : `\nReceived ${entry.status}: ${entry.body}`;
      failures.push(`${nameOf(exchange)}${entry.skipped ? ' was skipped' : ''}: ${entry.message.trim()}${answer}`);
    }
  }
  for (const key of seen.keys())
    if (!planned.has(key)) failures.push(`${key} is not planned, and was judged by nothing.`);
  const count = /complete: (\d+) passing, (\d+) failing, (\d+) errors, (\d+) skipped, (\d+) total/.exec(output);
  const [passing, , , , total] = (count ?? []).slice(1).map(Number);
  if (passing !== planned.size || total !== planned.size) {
    failures.push(`Dredd counts ${count?.[0] ?? 'nothing'}; ${planned.size} transactions are planned.`);
  }
  if (code !== 0 || failures.length > 0) failures.push(`Dredd ended with ${code}:\n${output.slice(-4000)}`);

  const rows = apis.map(({ api, document }) => {
    const own = [...planned].filter(([, transaction]) => transaction.api === api);
    const judged = own.map(([key]) => seen.get(key));
    const passed = judged.filter((entry) => entry?.passed);
    const refusals = Object.values(document['x-refusals'] ?? {}).map((response) => resolve(document, response));
    const beyond = refusals.flatMap((response) => Object.keys(response.content)).length;
    return [
      api,
      operationsOf(document).length,
      own.length,
      passed.length,
      own.filter(([, { onDemand }]) => onDemand).length,
      passed.filter(({ comparesBody }) => !comparesBody).length,
      beyond,
    ];
  });
  const head = ['api', 'operations', 'transactions', 'passed', 'on demand', 'body not compared', 'not expressible'];
  const warnings = passedOver(output).map((text) => `- ${text}`);
  const part = `${table(head, rows)}\n\nWhat Dredd says that it passes over:\n\n${warnings.join('\n')}`;
  const isWhole = options.api.length === 0 && options.url === undefined && options.hooks === undefined;
  if (isWhole && failures.length === 0) failures.push(...keepPage('dredd', part, options.write));
  conclude(table(head, rows), failures);
} finally {
  await sandbox.close();
  rmSync(directory, { recursive: true, force: true });
}
