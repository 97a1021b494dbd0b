/**
 * `paydouble verify`: holds a running server to its document.
 */
import { writeFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { checks, type Phase, phases } from '../verify/case.js';
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
    .addOption(
      new Option('--phase <phase>', `one of ${phases.join(', ')}; may be repeated`)
        .default(phases, 'all')
        .argParser(readPhase),
    )
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
    .option('--json', 'print the findings as JSON')
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
      const { readYaml } = await import('../yaml.js');
      process.stdout.write(githubAnnotations(report.findings, readYaml(judged.file).position));
    }
    process.exitCode = report.findings.length === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof CannotVerify || error instanceof FileError)) throw error;
    clearProgress();
    process.stderr.write(`${error.message}\n`);
    process.exitCode = troubleCode;
  }
}

function optionsOf(document: string, options: Options): VerifyOptions {
  const { url, header, credential, phase, workers, timeout, replay, seed, maxExamples, maxTime } = options;
  return {
    document,
    authority: { credentials: new Map(credential), headers: header },
    phases: new Set(phase),
    workers,
    timeoutMilliseconds: timeout * 1000,
    seed,
    maxExamples,
    maxMilliseconds: maxTime * 1000,
    progress: showProgress,
    ...(url === undefined ? {} : { url }),
    ...(replay === undefined ? {} : { replay }),
  };
}

async function writeReports(
  report: Parameters<typeof import('../verify/report/html.js').htmlReport>[0],
  { report: wanted, json }: Options,
) {
  for (const [format, file] of wanted) {
    if (format === 'junit') await writeFile(file, (await import('../verify/report/junit.js')).junitReport(report));
    if (format === 'ctrf') await writeFile(file, (await import('../verify/report/ctrf.js')).ctrfReport(report));
    if (format === 'html') await writeFile(file, (await import('../verify/report/html.js')).htmlReport(report));
  }
  const { terminalReport } = await import('../verify/report/terminal.js');
  const coloured = process.stdout.isTTY && process.env.NO_COLOR === undefined;
  const text = json === true ? `${JSON.stringify(report.findings, null, 2)}\n` : terminalReport(report, coloured);
  process.stdout.write(text);
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

function readPhase(given: string, before: readonly Phase[]): readonly Phase[] {
  const phase = phases.find((each) => each === given);
  if (phase === undefined) throw new InvalidArgumentError(`Known are ${phases.join(', ')}.`);
  return before === phases ? [phase] : [...before, phase];
}

function readCount(given: string): number {
  const count = readNumber(given);
  if (Number.isInteger(count) && count >= 1 && count <= 256) return count;
  throw new InvalidArgumentError('Expected a whole number from 1 to 256.');
}
