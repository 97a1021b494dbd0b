/**
 * What requests cost: paydouble beside bare node:http, Express and other test doubles, in one run, alternating, so that
 * what else the machine does meets all of them. `npm run bench`; with `-- --quick`, a look in two minutes.
 *
 * Writes its figures into docs/performance.md, between its marks.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { client, load, requests, vendorRequests } from './client.mjs';
import { names, start, usual } from './subjects.mjs';

const quick = process.argv.includes('--quick');
const rounds = quick ? 1 : 5;
const seconds = quick ? 1 : 3;
const page = fileURLToPath(new URL('../../docs/performance.md', import.meta.url));

const memoryOf = ({ child }) => Number(execFileSync('ps', ['-o', 'rss=', '-p', String(child.pid)])) / 1024;
const median = (numbers) => [...numbers].sort((left, right) => left - right)[Math.floor(numbers.length / 2)];
const ratio = (part, whole) => (part / whole).toFixed(2);
const say = (line) => process.stdout.write(`${line}\n`);

/** Medians of each subject for its request; the subjects take turns. */
async function compare(subjects, requestOf) {
  const results = new Map(subjects.map((subject) => [subject, []]));
  for (const subject of subjects) await load(subject, requestOf(subject), 1);
  for (let round = 0; round < rounds; round++) {
    for (const subject of subjects) results.get(subject).push(await load(subject, requestOf(subject), seconds));
  }
  return subjects.map((subject) => {
    const all = results.get(subject);
    return { perSecond: median(all.map((each) => each.perSecond)), p99: median(all.map((each) => each.p99)) };
  });
}

/** Starts several, uses them, and ends them whatever happens. */
async function together(starts, use) {
  const subjects = [];
  try {
    for (const each of starts) subjects.push(await start(...each));
    return await use(subjects);
  } finally {
    for (const subject of subjects) await subject.close();
  }
}

function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

/** Requests a second as a share of bare node:http's, for every subject and request, and what memory they take. */
async function throughput() {
  return together(
    names.map((name) => [name]),
    async (subjects) => {
      const idle = subjects.map(memoryOf);
      const measured = [];
      /** After each request: reads come first, and what writes make stays. */
      const loaded = [];
      for (const [name, request] of Object.entries(requests)) {
        measured.push(await compare(subjects, () => request));
        loaded.push(subjects.map(memoryOf));
        say(
          `${name}: ${measured
            .at(-1)
            .map(({ perSecond }) => Math.round(perSecond))
            .join(', ')} a second`,
        );
      }
      const [gets] = measured;
      const rows = subjects.map(({ name }, index) => [
        name,
        ...measured.map((each) => ratio(each[index].perSecond, each[0].perSecond)),
        ratio(gets[index].p99, gets[0].p99),
        idle[index].toFixed(0),
        ...[loaded.at(-2), loaded.at(-1)].map((each) => each[index].toFixed(0)),
      ]);
      const head = ['subject', ...Object.keys(requests), 'p99 of GET', 'MB idle', 'after reads', 'after writes'];
      return table(head, rows);
    },
  );
}

/** One subject in two forms: the second as a share of the first. */
async function shares(comparisons) {
  const rows = [];
  for (const [claim, request, first, second] of comparisons) {
    const [one, other] = await together([first, second], (subjects) => compare(subjects, () => requests[request]));
    rows.push([claim, request, ratio(other.perSecond, one.perSecond)]);
    say(rows.at(-1).join(': '));
  }
  return table(['of paydouble alone', 'request', 'share'], rows);
}

/** What the five vendors' own operations reach, as a share of bare node:http's GET or POST. */
async function vendors() {
  return together([['bare node:http'], ['paydouble, five vendors']], async ([bare, sandbox]) => {
    const rows = [];
    for (const [name, request] of Object.entries(vendorRequests)) {
      const ready = requests[request.body === undefined ? 'GET by id' : 'POST'];
      const [one, other] = await compare([bare, sandbox], (subject) => (subject === bare ? ready : request));
      rows.push([name, ratio(other.perSecond, one.perSecond)]);
      say(rows.at(-1).join(': '));
    }
    return table(['request', 'share'], rows);
  });
}

/** From the start of the process to the answer to a first request. */
async function startUp() {
  const times = new Map(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      const subject = await start(name);
      times.get(name).push(subject.milliseconds);
      await subject.close();
    }
  }
  const prism = median(times.get("Prism's mock"));
  return table(
    ['subject', 'first answer, ms', "of Prism's mock"],
    names.map((name) => [name, median(times.get(name)).toFixed(0), ratio(median(times.get(name)), prism)]),
  );
}

const many = { ...usual, operations: 600 };
const large = { ...usual, records: 100_000 };
const durable = 'paydouble, durable';
const memory = 'paydouble, in memory';

const parts = [
  ['Requests a second, as a share of bare node:http with ready bytes', await throughput()],
  [
    'What it depends on',
    await shares([
      ['600 operations, of 15', 'GET by id', [memory], [memory, many]],
      ['100,000 records, of 100', 'GET by id', [memory], [memory, large]],
      ['100,000 records, of 100, durable', 'POST', [durable], [durable, large]],
      ['durable, of in memory', 'POST', [memory], [durable]],
      ['answers judged, of not judged', 'GET by id', ['paydouble, unjudged'], [memory]],
      ['answers judged, of not judged', 'POST', ['paydouble, unjudged'], [memory]],
    ]),
  ],
  ["The five vendors' own operations, as a share of bare node:http with ready bytes", await vendors()],
  ['Start', await startUp()],
];

const require = createRequire(import.meta.url);
const rootRequire = createRequire(new URL('../../package.json', import.meta.url));
const versionOf = (from, name) =>
  JSON.parse(
    readFileSync(
      from.resolve
        .paths(name)
        .map((each) => `${each}/${name}/package.json`)
        .find(exists),
      'utf8',
    ),
  ).version;
function exists(file) {
  try {
    readFileSync(file);
    return true;
  } catch {
    return false;
  }
}
const versions = [
  `Node ${process.versions.node}`,
  ...['express', 'openapi-backend', '@stoplight/prism-cli'].map((name) => `${name} ${versionOf(rootRequire, name)}`),
  `@mockoon/cli ${versionOf(require, '@mockoon/cli')}`,
  client,
];
const date = new Date().toISOString().slice(0, 10);
const head = `${date}, ${cpus().length} cores, ${versions.join(', ')}; medians of ${rounds} rounds of ${seconds} s, 32 connections; load of the machine at the end ${loadavg()[0].toFixed(1)}.`;
const text = [head, ...parts.map(([title, tables]) => `**${title}**\n\n${tables}`)].join('\n\n');
say(text);
if (!quick) {
  const marks = ['<!-- npm run bench -->', '<!-- until here -->'];
  const [before, rest] = readFileSync(page, 'utf8').split(marks[0]);
  const [, after] = (rest ?? `${marks[1]}\n`).split(marks[1]);
  writeFileSync(page, `${before}${marks[0]}\n${text}\n${marks[1]}${after}`);
}
