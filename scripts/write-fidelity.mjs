/**
 * Writes docs/fidelity.md and docs/fidelity/<api>.md: what of each document is the vendor's word, what is public, what comes
 * from the framework, what is assumed, and which test stands for it. Exits with 1 if verify finds a defect, if a rule has no
 * test, or, with `--check`, if a page is not what comes out.
 *
 * `node scripts/write-fidelity.mjs --recorded DIR [--check]`: what the tests of handlers kept, as RECORD_EXCHANGES says.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { checks } from '../dist/src/verify/case.js';
import { verify } from '../dist/src/verify/verify.js';
import { Evidence, systematic } from './fidelity/evidence.mjs';
import { apiPage, overviewPage } from './fidelity/page.mjs';
import { statementsOf } from './fidelity/statements.mjs';
import { readApis } from './outside/exchanges.mjs';
import { openSandbox } from './outside/judgement.mjs';
import { readRecorded } from './outside/recorded.mjs';

/** What `paydouble verify` sends and is answered, without the random requests. */
async function exchangesOf(api) {
  const exchanges = [];
  const { report } = await verify({
    judged: (exchange) => exchanges.push(exchange),
    document: api,
    authority: { credentials: new Map(), headers: [] },
    phases: new Set(systematic),
    checks: new Set(checks),
    seed: 1,
    maxExamples: 1,
    maxMilliseconds: 60_000,
    workers: 8,
    timeoutMilliseconds: 30_000,
  });
  const found = report.findings.map(({ check, message }) => `${api}: ${check}: ${message}`);
  if (found.length > 0) throw new Error(`paydouble verify finds defects:\n${found.join('\n')}`);
  return exchanges;
}

const { values: options } = parseArgs({
  options: { recorded: { type: 'string' }, check: { type: 'boolean', default: false } },
});
if (options.recorded === undefined) {
  process.stderr.write(
    'Say where the tests of handlers kept their exchanges: RECORD_EXCHANGES=DIR npx vitest run test/handlers, then --recorded DIR.\n',
  );
  process.exit(2);
}
const recorded = readRecorded(options.recorded);
const sandbox = await openSandbox();
const apis = [];
try {
  const samples = await (await fetch(`${sandbox.url}/_sandbox/samples`)).json();
  for (const { api, document, exchanges } of await readApis(sandbox.url)) {
    const verified = await exchangesOf(api);
    const evidence = new Evidence(api, document, verified, recorded.get(api) ?? [], exchanges);
    const statements = statementsOf(document).map((each) => ({ ...each, evidence: evidence.of(each) }));
    apis.push({ api, title: document.info.title, statements, samples: samples.filter((sample) => sample.api === api) });
  }
} finally {
  await sandbox.close();
}

const failures = apis.flatMap(({ api, statements }) =>
  statements
    .filter(({ kind, evidence }) => kind === 'rule' && evidence.length === 0)
    .map(({ id }) => `${api}: the rule ${id} has no test of both its sides; see testRules in test/harness.ts.`),
);
const pages = [
  ['docs/fidelity.md', overviewPage(apis)],
  ...apis.map((each) => [`docs/fidelity/${each.api}.md`, apiPage(each)]),
];
for (const [name, text] of pages) {
  const file = fileURLToPath(new URL(`../${name}`, import.meta.url));
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
  if (options.check)
    failures.push(`${name} is not what comes out. node scripts/write-fidelity.mjs --recorded DIR renews it.`);
  else {
    mkdirSync(new URL('.', `file://${file}`), { recursive: true });
    writeFileSync(file, text);
  }
}
process.stderr.write(failures.map((failure) => `${failure}\n`).join(''));
process.exitCode = failures.length === 0 ? 0 : 1;
