/**
 * `paydouble verify`: holds a running server to its document.
 */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { headerName, headerValue, isHeaderName } from '../header-text.js';
import { pointerTokens } from '../json-pointer.js';
import { type Check, checks, driftChecks, type Phase, phases } from '../verify/case.js';
import { coverageCounts, coverageKinds } from '../verify/coverage.js';
import type { Report, RunReport } from '../verify/report/report.js';
import { baseUrlOf } from '../verify/target.js';
import type { Compared, VerifyOptions } from '../verify/verify.js';
import { readNumber, troubleCode, UsageError } from './connection.js';
import {
  annotate,
  checkWritable,
  reportOption,
  type WantedReport,
  writeReports,
  writeTerminalReport,
} from './reports.js';

type Pairs = readonly (readonly [name: string, value: string])[];

interface Options {
  readonly url?: string;
  readonly header: Pairs;
  readonly credential: Pairs;
  readonly against?: string;
  readonly and?: string;
  readonly headerA: Pairs;
  readonly headerB: Pairs;
  readonly credentialA: Pairs;
  readonly credentialB: Pairs;
  readonly ignore: readonly string[];
  readonly phase: readonly Phase[];
  readonly workers: number;
  readonly timeout: number;
  readonly seed: number;
  readonly maxExamples: number;
  readonly maxTime: number;
  readonly report: readonly WantedReport[];
  readonly replay?: string;
  readonly json?: boolean;
  readonly check: readonly Check[];
  readonly excludeCheck: readonly Check[];
  readonly cases?: string;
  readonly minCoverage: Pairs;
}

/** No request can have another. */
const headerForm = new RegExp(`^(${headerName})\\s*:\\s*(${headerValue})$`);
const headerExpected = "'Name: value'";
const credentialForm = /^([^=]+)=(.*)$/;
const allChecks: readonly Check[] = [...checks, ...driftChecks];

const examples = `
Phases: samples (each documented request, as it is shown), negative (every constraint broken, one at a time), positive
(every variation that the document allows), stateful (make, read, list, change, delete, by links or names), fuzz (random
requests). Checks: ${checks.join(', ')}.

With --against and --and, every request is sent to both servers, one at a time, and what differs between their answers is
told: A is the first, B the second. Checks: ${driftChecks.join(', ')}.
--header and --credential are for both, their forms with -a and -b for one; a sandbox that is started has its own.

Exit codes: 0, all held, or no difference. 1, defects, or differences. 2, it could not run.

Examples:
  paydouble verify acme
  paydouble verify acme --url https://test.example --header 'Authorization: Basic …'
  paydouble verify ./openapi.yaml --url http://127.0.0.1:8080 --phase negative --report junit=report.xml
  paydouble verify acme --against https://test.example --header-a 'Authorization: Basic …'
  paydouble verify acme --against https://old.example --and https://new.example --ignore /meta --ignore X-Request-Id
  paydouble verify acme --replay negative/createPayment/body/amount/type
`;

/** Adds the command. */
export function addVerify(program: Command): void {
  program
    .command('verify <document>')
    .description('Hold a server to an OpenAPI document: an api of ours by its id, or any by its file.')
    .option('--url <url>', 'where the server is; without it, our own sandbox is started')
    .addOption(
      pairs('--header <header>', "sent with every request: 'Name: value'; may be repeated", headerForm, headerExpected),
    )
    .addOption(
      pairs(
        '--credential <credential>',
        'for a security scheme: scheme=value; may be repeated',
        credentialForm,
        'scheme=value',
      ),
    )
    .addOption(new Option('--against <url>', 'compare two servers: where the first is').conflicts('url'))
    .option('--and <url>', 'where the second is; without it, our own sandbox is started')
    .addOption(pairs('--header-a <header>', 'for the first of two servers alone', headerForm, headerExpected))
    .addOption(pairs('--header-b <header>', 'for the second of two servers alone', headerForm, headerExpected))
    .addOption(
      pairs('--credential-a <credential>', 'for the first of two servers alone', credentialForm, 'scheme=value'),
    )
    .addOption(
      pairs('--credential-b <credential>', 'for the second of two servers alone', credentialForm, 'scheme=value'),
    )
    .addOption(
      new Option('--ignore <place>', 'of two servers: a JSON pointer into answers, or a header; may be repeated')
        .default([], 'none')
        .argParser((given: string, before: readonly string[]) => [...before, readPlace(given)]),
    )
    .addOption(several('--phase <phase>', 'only this phase; may be repeated', phases, 'all'))
    .addOption(new Option('--workers <number>', 'requests at once').argParser(wholeNumber(1, 256)).default(8))
    .addOption(new Option('--timeout <seconds>', 'how long an answer may take').argParser(readSeconds).default(10))
    .addOption(reportOption())
    .addOption(
      new Option('--seed <number>', 'of the random requests')
        .argParser(wholeNumber(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER))
        .default(1),
    )
    .addOption(
      new Option('--max-examples <number>', 'random requests for each operation')
        .argParser(wholeNumber(0, 1_000_000))
        .default(100),
    )
    .addOption(new Option('--max-time <seconds>', 'for all random requests').argParser(readSeconds).default(60))
    .option('--replay <id>', 'run one case again')
    .addOption(several('--check <check>', 'only this check; may be repeated', allChecks, 'all'))
    .addOption(several('--exclude-check <check>', 'not this check; may be repeated', allChecks))
    .addOption(
      pairs(
        '--min-coverage <share>',
        `fail below it, in percent: constraint=95; of ${coverageKinds.join(', ')}; may be repeated`,
        new RegExp(`^(${coverageKinds.join('|')})=(100|\\d\\d?(?:\\.\\d+)?)$`),
        `a kind and a percentage up to 100, constraint=95; kinds are ${coverageKinds.join(', ')}`,
      ),
    )
    .option('--cases <file>', 'write every request with what came of it, a line of JSON each')
    .option('--json', 'print the report as JSON')
    .addHelpText('after', examples)
    .action(async (document: string, options: Options) => {
      if (options.against === undefined) {
        const only = [...new Set(onlyForTwo.filter((name) => given(options[name])))];
        if (only.length > 0) {
          const names = only.map((name) => `--${name.replace(/[AB]$/, (side) => `-${side.toLowerCase()}`)}`);
          program.error(`error: ${names.join(', ')} is for two servers: --against says where the first is.`);
        }
      }
      await run(document, options);
    });
}

const onlyForTwo = ['and', 'headerA', 'headerB', 'credentialA', 'credentialB', 'ignore'] as const;

function given(value: string | readonly unknown[] | undefined): boolean {
  return value !== undefined && value.length > 0;
}

async function run(document: string, options: Options): Promise<void> {
  const { CannotVerify, FileError, verify } = await import('../verify/verify.js');
  const { caseEntry } = await import('../verify/report/cases.js');
  const { CaseFile } = await import('../verify/report/case-file.js');
  const { cases } = options;
  let file: InstanceType<typeof CaseFile> | undefined;
  const keep: VerifyOptions['judged'] = (exchange, judgement) => {
    if (cases === undefined) return;
    // A run that cannot begin leaves the file of the one before.
    file ??= new CaseFile(cases, note);
    file.write(caseEntry(exchange, judgement));
  };
  try {
    checkWritable(options.report, cases);
    const { report, document: judged } = await verify({ ...optionsOf(document, options), judged: keep });
    clearProgress();
    await tell(report, options);
    await annotate(report, judged);
    await writeReports(report, options.report);
    process.exitCode = report.findings.length === 0 && isCovered(report, options) ? 0 : 1;
    if (file?.isWhole === false) process.exitCode = troubleCode;
  } catch (error) {
    if (!(error instanceof CannotVerify || error instanceof FileError || error instanceof UsageError)) throw error;
    clearProgress();
    process.stderr.write(`${error.message}\n`);
    process.exitCode = troubleCode;
  } finally {
    file?.close();
  }
}

function note(words: string): void {
  process.stderr.write(`note: ${words}\n`);
}

function optionsOf(document: string, options: Options): VerifyOptions {
  const { url, header, credential, phase, workers, timeout, replay, seed, maxExamples, maxTime, check, excludeCheck } =
    options;
  return {
    document,
    authority: { credentials: new Map(credential), headers: header },
    phases: new Set(phase),
    checks: new Set(check.filter((each) => !excludeCheck.includes(each))),
    workers,
    timeoutMilliseconds: timeout * 1000,
    seed,
    maxExamples,
    maxMilliseconds: maxTime * 1000,
    progress: showProgress,
    note,
    ...(options.against === undefined ? {} : { compared: comparedOf(options.against, options) }),
    ...(url === undefined ? {} : { url }),
    ...(replay === undefined ? {} : { replay }),
  };
}

function comparedOf(against: string, options: Options): Compared {
  const { and, header, credential, headerA, headerB, credentialA, credentialB, ignore } = options;
  const server = (url: string, headers: Pairs, credentials: Pairs) => {
    // What is for one server comes after, and in the place of, what is for both.
    const names = new Set(headers.map(([name]) => name.toLowerCase()));
    const shared = header.filter(([name]) => !names.has(name.toLowerCase()));
    return {
      baseUrl: baseUrlOf(url),
      authority: { credentials: new Map([...credential, ...credentials]), headers: [...shared, ...headers] },
    };
  };
  return {
    first: server(against, headerA, credentialA),
    ...(and === undefined ? {} : { second: server(and, headerB, credentialB) }),
    ignored: ignore,
  };
}

async function tell(made: RunReport, options: Options): Promise<void> {
  const { json } = options;
  const left = options.check.filter((each) => !options.excludeCheck.includes(each));
  const judged = left.length === allChecks.length ? [] : [judgedBy(left)];
  const report = { ...made, notes: [...made.notes, ...judged] };

  if (json === true) process.stdout.write((await import('../verify/report/json.js')).jsonReport(report));
  else await writeTerminalReport(report, process.stdout);
}

/** Which checks counted, in words. */
function judgedBy(left: readonly Check[]): string {
  const without = allChecks.filter((each) => !left.includes(each));
  return left.length <= without.length
    ? `Judged: ${left.join(', ') || 'nothing'} only.`
    : `Judged: all but ${without.join(', ')}.`;
}

/** Whether enough was exercised; says what was not. */
function isCovered({ coverage }: Report, { minCoverage }: Options): boolean {
  const short = coverageCounts(coverage).flatMap(({ kind, exercised, total }) => {
    const share = total === 0 ? 100 : (exercised / total) * 100;
    return minCoverage
      .filter(([name, least]) => name === kind && share < Number(least))
      .map(([, least]) => `${kind}s: ${share.toFixed(1)} % exercised, ${least} % wanted.\n`);
  });
  process.stderr.write(short.join(''));
  return short.length === 0;
}

/** On a terminal, one line that says how far it is. */
function showProgress(phase: Phase, done: number, total: number): void {
  if (!process.stderr.isTTY || (done % 20 !== 0 && done !== total)) return;
  const filled = Math.round((done / total) * 30);
  process.stderr.write(`\r${phase.padEnd(9)} ${'█'.repeat(filled)}${'░'.repeat(30 - filled)} ${done}/${total} `);
}

function clearProgress(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
}

/** An option that may be repeated, each time a name and a value. */
function pairs(flags: string, description: string, form: RegExp, expected: string): Option {
  return new Option(flags, description).default([], 'none').argParser((given: string, before: Pairs) => {
    const [, name, value] = form.exec(given) ?? [];
    if (name === undefined || value === undefined) {
      throw new InvalidArgumentError(`Received ${given}. Expected ${expected}.`);
    }
    return [...before, [name.trim(), value.trim()] as const];
  });
}

/** An option that may be repeated, one of some words each time. With a name for all of them, all are what it is without. */
function several<Word extends string>(
  flags: string,
  description: string,
  known: readonly Word[],
  all?: string,
): Option {
  const absent: readonly Word[] = all === undefined ? [] : known;
  return new Option(flags, description)
    .default(absent, all ?? 'none')
    .argParser((given: string, before: readonly Word[]) => {
      const word = known.find((each) => each === given);
      if (word === undefined) throw new InvalidArgumentError(`Known are ${known.join(', ')}.`);
      return before === absent ? [word] : [...before, word];
    });
}

/** A place of answers that does not count. */
function readPlace(given: string): string {
  const isPlace = given.startsWith('/') ? pointerTokens(given) !== undefined : isHeaderName(given);
  if (isPlace) return given;
  throw new InvalidArgumentError('Expected a JSON pointer, such as /items/0/note, or the name of a header.');
}

function readSeconds(given: string): number {
  const seconds = readNumber(given);
  if (seconds > 0 && seconds <= 3600) return seconds;
  throw new InvalidArgumentError('Expected seconds, above 0 and at most 3600.');
}

/** Reads a whole number between two others. */
function wholeNumber(least: number, most: number): (given: string) => number {
  return (given) => {
    const number = readNumber(given);
    if (Number.isSafeInteger(number) && number >= least && number <= most) return number;
    throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`);
  };
}
