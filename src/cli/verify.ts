/**
 * `paydouble verify`: holds a running server to its document.
 */
import { writeFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Check, checks, type Phase, phases } from '../verify/case.js';
import { coverageCounts } from '../verify/coverage.js';
import type { Report } from '../verify/report/report.js';
import type { VerifyOptions } from '../verify/verify.js';
import { readNumber, troubleCode } from './connection.js';

interface Options {
  readonly url?: string;
  readonly header: readonly (readonly [string, string])[];
  readonly credential: readonly (readonly [string, string])[];
  readonly phase: readonly Phase[];
  readonly workers: number;
  readonly timeout: number;
  readonly seed: number;
  readonly maxExamples: number;
  readonly maxTime: number;
  readonly report: readonly (readonly [string, string])[];
  readonly replay?: string;
  readonly json?: boolean;
  readonly check: readonly Check[];
  readonly excludeCheck: readonly Check[];
  readonly cases?: string;
  readonly minCoverage: readonly (readonly [string, string])[];
}

const formats = ['junit', 'ctrf', 'html'] as const;

const examples = `
Phases: samples (each documented request, as it is shown), positive (every variation that the document allows), negative
(every constraint broken, one at a time). Checks: ${checks.join(', ')}.

Exit codes: 0, all held. 1, defects. 2, it could not run.

Examples:
  paydouble verify acme
  paydouble verify acme --url https://test.example --header 'Authorization: Basic …'
  paydouble verify ./openapi.yaml --url http://127.0.0.1:8080 --phase negative --report junit=report.xml
  paydouble verify acme --replay negative/createPayment/body/amount/type
`;

/** Adds the command. */
export function addVerify(program: Command): void {
  program
    .command('verify <document>')
    .description('Hold a server to an OpenAPI document: an api of ours by its id, or any by its file.')
    .option('--url <url>', 'where the server is; without it, our own sandbox is started')
    .addOption(
      pairs('--header <header>', "sent with every request: 'Name: value'; may be repeated", /^([^:]+):\s*(.*)$/),
    )
    .addOption(
      pairs('--credential <credential>', 'for a security scheme: scheme=value; may be repeated', /^([^=]+)=(.*)$/),
    )
    .addOption(several('--phase <phase>', 'only this phase; may be repeated', phases, 'all'))
    .addOption(new Option('--workers <number>', 'requests at once').argParser(readCount).default(8))
    .addOption(new Option('--timeout <seconds>', 'how long an answer may take').argParser(readNumber).default(10))
    .addOption(
      pairs(
        '--report <report>',
        `${formats.join(', ')} into a file: junit=report.xml; may be repeated`,
        /^([a-z]+)=(.+)$/,
      ),
    )
    .addOption(new Option('--seed <number>', 'of the random requests').argParser(readNumber).default(1))
    .addOption(
      new Option('--max-examples <number>', 'random requests for each operation').argParser(readNumber).default(100),
    )
    .addOption(new Option('--max-time <seconds>', 'for all random requests').argParser(readNumber).default(60))
    .option('--replay <id>', 'run one case again')
    .addOption(several('--check <check>', 'only this check; may be repeated', checks, 'all'))
    .addOption(several('--exclude-check <check>', 'not this check; may be repeated', checks))
    .addOption(
      pairs(
        '--min-coverage <share>',
        'fail below it: constraint=95 or response=40, in percent',
        /^(constraint|response)=(\d+(?:\.\d+)?)$/,
      ),
    )
    .option('--cases <file>', 'write every request with what came of it, a line of JSON each')
    .option('--json', 'print the report as JSON')
    .addHelpText('after', examples)
    .action(async (document: string, options: Options) => {
      for (const [format] of options.report) {
        if (!formats.some((each) => each === format)) {
          program.error(`error: there is no report ${format}; known are ${formats.join(', ')}.`);
        }
      }
      await run(document, options);
    });
}

async function run(document: string, options: Options): Promise<void> {
  const { CannotVerify, FileError, verify } = await import('../verify/verify.js');
  try {
    const { report, document: judged } = await verify(optionsOf(document, options));
    clearProgress();
    await writeReports(report, options);
    if (process.env.GITHUB_ACTIONS === 'true') {
      const { githubAnnotations } = await import('../verify/report/github.js');
      process.stdout.write(githubAnnotations(report.findings, judged.position));
    }
    process.exitCode = report.findings.length === 0 && isCovered(report, options) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof CannotVerify || error instanceof FileError)) throw error;
    clearProgress();
    process.stderr.write(`${error.message}\n`);
    process.exitCode = troubleCode;
  }
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
    note: (words) => process.stderr.write(`note: ${words}\n`),
    ...(url === undefined ? {} : { url }),
    ...(replay === undefined ? {} : { replay }),
  };
}

async function writeReports(report: Report, { report: wanted, json, cases }: Options) {
  for (const [format, file] of wanted) {
    if (format === 'junit') await writeFile(file, (await import('../verify/report/junit.js')).junitReport(report));
    if (format === 'ctrf') await writeFile(file, (await import('../verify/report/ctrf.js')).ctrfReport(report));
    if (format === 'html') await writeFile(file, (await import('../verify/report/html.js')).htmlReport(report));
  }
  if (cases !== undefined) {
    const { casesFile } = await import('../verify/report/cases.js');
    await writeFile(cases, casesFile(report.outcomes));
  }
  const { jsonReport } = await import('../verify/report/json.js');
  const { terminalReport } = await import('../verify/report/terminal.js');
  const coloured = process.stdout.isTTY && process.env.NO_COLOR === undefined;
  const text = json === true ? jsonReport(report) : terminalReport(report, coloured);
  process.stdout.write(text);
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
function pairs(flags: string, description: string, form: RegExp): Option {
  return new Option(flags, description)
    .default([], 'none')
    .argParser((given: string, before: readonly (readonly [string, string])[]) => {
      const [, name, value] = form.exec(given) ?? [];
      if (name === undefined || value === undefined) throw new InvalidArgumentError(`Received ${given}.`);
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

function readCount(given: string): number {
  const count = readNumber(given);
  if (Number.isInteger(count) && count >= 1 && count <= 256) return count;
  throw new InvalidArgumentError('Expected a whole number from 1 to 256.');
}
