/**
 * What the tests of handlers asked and were answered, judged by Prism: test/harness.ts keeps it where RECORD_EXCHANGES says.
 * The upstream of the proxy answers as the sandbox did, so that Prism judges what the tests saw, and changes nothing for them.
 */
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { stringify } from './exchanges.mjs';
import { table } from './judgement.mjs';
import { startProxy, violationsOf } from './prism-proxy.mjs';

/** Headers that belong to one connection, and not to what is said over it. */
const ofTheConnection = ['connection', 'content-length', 'keep-alive', 'transfer-encoding', 'date'];

/** The exchanges in a directory by api, in the order of files and lines. */
export function readRecorded(directory) {
  const byApi = new Map();
  for (const file of readdirSync(directory).sort()) {
    for (const line of readFileSync(join(directory, file), 'utf8').trim().split('\n')) {
      const exchange = JSON.parse(line);
      byApi.set(exchange.api, [...(byApi.get(exchange.api) ?? []), exchange]);
    }
  }
  return byApi;
}

/** A server that answers a request as the exchange did whose number its header `x-exchange` bears. */
export async function startReplay(exchanges) {
  const server = createServer((request, response) => {
    const number = request.headers['x-exchange'];
    const { status, headers, text } = exchanges[Number(number)].answer;
    const kept = Object.entries(headers).filter(([name]) => !ofTheConnection.includes(name));
    request.resume();
    // Of a body that Prism sends otherwise than it says, the rest would be read as the next request of the same connection.
    response.writeHead(status, { ...Object.fromEntries(kept), 'x-exchange': number, connection: 'close' }).end(text);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Sends a recorded request through a proxy; gives the answer. Not by fetch, which forbids headers that tests send. */
export function resend(proxy, { method, path, headers, body }, number) {
  const bytes = body === null ? undefined : Buffer.from(body, 'base64');
  const kept = Object.entries(headers).filter(([name]) => !ofTheConnection.includes(name));
  // Prism takes a credential of the scheme `basic` for one only if it is a user and a password in base64.
  const authorization = headers.authorization?.replace(
    /^Basic .*/i,
    `Basic ${Buffer.from('user:password').toString('base64')}`,
  );
  const believed = authorization === undefined ? {} : { authorization };
  const length = bytes === undefined ? {} : { 'content-length': bytes.length };
  return new Promise((done, fail) => {
    const sent = httpRequest(
      `${proxy}${path}`,
      { method, headers: { ...Object.fromEntries(kept), ...believed, ...length, 'x-exchange': number } },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () => done({ status: response.statusCode, headers: response.headers, text }));
      },
    );
    sent.on('error', fail);
    sent.end(bytes);
  });
}

/** What Prism says of an answer that stands under `x-refusals`, which it does not know. */
const aboutRefusals = [
  /NO_PATH_MATCHED|NO_METHOD_MATCHED/,
  /^Selected route not found$/,
  /^Unable to match the returned status/,
];

/** Why Prism cannot judge a recorded exchange, as it answered; `undefined` if it could. */
function beyond(document, { headers, path, answer }, { status, headers: seenHeaders, text = '', violations }) {
  const types = [headers['content-type'], answer.headers['content-type']];
  if (types.some((type) => type?.startsWith('text/json'))) return 'text/json';
  const judged = seenHeaders?.['x-exchange'] !== undefined;
  const said = judged ? violations.map(({ message }) => message) : [text];
  const isRefusal = String(answer.status) in document['x-refusals'];
  const isElsewhere = !(path.split('?')[0] in document.paths) && answer.status < 400;
  if ((isRefusal || isElsewhere) && said.some((each) => aboutRefusals.some((pattern) => pattern.test(each)))) {
    return isRefusal ? 'x-refusals' : "servers' path";
  }
  // It reads a body before it judges it, and gives up on one that is no JSON, or too deep; so did the sandbox.
  const gaveUp = !judged && [undefined, 400, 500].includes(status);
  return gaveUp && answer.status >= 400 ? 'unreadable' : undefined;
}

/**
 * What Prism says of a recorded exchange. There are bodies that end its process, as those that nest too deep; what comes next
 * is judged by another, and the one who ended it is asked once more, since it may only have come too late.
 */
async function ask(proxy, exchange, number) {
  for (let attempt = 1; ; attempt++) {
    try {
      const seen = await resend(proxy.current.url, exchange, number);
      return { ...seen, violations: violationsOf(seen.headers['sl-violations'] ?? null) };
    } catch (error) {
      await proxy.current.stop();
      proxy.current = await proxy.start();
      if (attempt === 2) return { text: `Prism broke the connection: ${error.message}`, violations: [] };
    }
  }
}

/** A proxy that can be started anew. */
async function makeProxy(file, upstream, flags) {
  const start = () => startProxy(file, upstream, flags);
  return { start, current: await start() };
}

function faultsOf({ test, method, path, answer }, { headers, text, violations }) {
  const name = `${test}: ${method} ${path}, ${answer.status}`;
  if (headers?.['x-exchange'] === undefined) return [`${name}: Prism did not let it through. ${text.slice(0, 1000)}`];
  return violations
    .filter(({ location }) => answer.status < 400 || location[0] === 'response')
    .map(({ severity, location, message }) => `${name}: ${severity} ${location.join('.')}: ${message}`);
}

/**
 * Has Prism judge what was recorded: exchanges that succeeded with `--errors`, refusals by their answers alone. Gives the
 * table; adds what is wrong to the failures.
 */
export async function judgeRecorded(directory, apis, work, failures) {
  const recorded = readRecorded(directory);
  const rows = [];
  for (const { api, document } of apis) {
    const exchanges = recorded.get(api) ?? [];
    if (exchanges.length === 0) failures.push(`${directory} holds no exchange of ${api}; did the tests run?`);
    const file = join(work, `${api}-recorded.json`);
    writeFileSync(file, stringify(document));
    const replay = await startReplay(exchanges);
    const flags = [['--errors'], ['--validate-request=false']];
    const [strict, lenient] = await Promise.all(flags.map((each) => makeProxy(file, replay.url, each)));
    const counts = { passed: 0, 'text/json': 0, 'x-refusals': 0, "servers' path": 0, unreadable: 0 };
    try {
      for (const [number, exchange] of exchanges.entries()) {
        const seen = await ask(exchange.answer.status < 400 ? strict : lenient, exchange, number);
        const reason = beyond(document, exchange, seen);
        const faults = reason === undefined ? faultsOf(exchange, seen) : [];
        failures.push(...faults);
        if (faults.length === 0) counts[reason ?? 'passed']++;
      }
    } finally {
      await Promise.all([strict.current.stop(), lenient.current.stop()]);
      replay.stop();
    }
    rows.push([api, exchanges.length, ...Object.values(counts)]);
  }
  const head = ['recorded', 'exchanges', 'passed', 'text/json', 'x-refusals', "servers' path", 'unreadable'];
  return `\n${table(head, rows)}`;
}
