/**
 * `paydouble proxy`: stands between a client and its server, and judges both.
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { type Command, Option } from 'commander';
import type { ProxyOptions, RunningProxy } from '../proxy/proxy.js';
import type { Report } from '../verify/report/report.js';
import { troubleCode, UsageError } from './connection.js';
import {
  annotate,
  checkWritable,
  reportOption,
  type WantedReport,
  writeReports,
  writeTerminalReport,
} from './reports.js';
import { readPort } from './serve.js';
import { firstOf, leaveOn } from './signals.js';

interface Options {
  readonly upstream: string;
  readonly upstreamCa?: string;
  readonly insecure?: boolean;
  readonly port: number;
  readonly host: string;
  readonly failOn: FailOn;
  readonly report: readonly WantedReport[];
  readonly cases?: string;
}

const failures = ['request', 'response', 'any', 'none'] as const;
type FailOn = (typeof failures)[number];

const examples = `
What passes is not changed, but for Host, which becomes the server's. Defects are told as they are found, and in a report at
the end: when a signal comes, or when the command ends that stands behind --. The command gets the proxy's URL in
PAYDOUBLE_PROXY_URL; what it prints is its own, and the proxy prints to standard error. Credentials and account numbers are
shown as ***, with the last four characters of long ones.

Exit codes: 0, all held. 1, violations of a side that --fail-on names. 2, it could not run, or no request came. A command
that fails ends it with the command's own code.

Examples:
  paydouble proxy acme --upstream https://test.example/v1 --port 4020
  paydouble proxy ./openapi.yaml --upstream http://127.0.0.1:8080 --fail-on request -- npm test
`;

/** Adds the command. */
export function addProxy(program: Command): void {
  program
    .command('proxy <document> [command...]')
    .description('Judge a client and its server by an OpenAPI document: an api of ours by its id, or any by its file.')
    .requiredOption('--upstream <url>', 'where the server is')
    .option('--upstream-ca <file>', 'certificates, as PEM, that the server is trusted by')
    .option('--insecure', 'trust any certificate of the server')
    .addOption(
      new Option('--port <number>', 'where to listen; 0 for any port that is free').default(0).argParser(readPort),
    )
    .option('--host <host>', 'the address to listen on', '127.0.0.1')
    .addOption(new Option('--fail-on <side>', 'whose violations end it with 1').choices(failures).default('any'))
    .addOption(reportOption())
    .option('--cases <file>', 'write every exchange, a line of JSON each')
    .addHelpText('after', examples)
    .action(run);
}

async function run(document: string, command: readonly string[], options: Options): Promise<void> {
  // Loaded here, so that other commands need not wait for it.
  const { CannotVerify, FileError, ListenError, startProxy } = await import('../proxy/proxy.js');
  // What a command prints is its own.
  const output = command.length === 0 ? process.stdout : process.stderr;
  try {
    checkWritable(options.report, options.cases);
    const proxy = await startProxy(optionsOf(document, options));
    output.write(`paydouble proxy at ${proxy.url}, for ${proxy.upstream}: ${proxy.document.title}\n`);
    const code = await (command.length === 0 ? firstOf(endings).then(() => 0) : ended(command, proxy));
    const report = await proxy.close();
    await writeTerminalReport(report, output);
    await annotate(report, proxy.document);
    await writeReports(report, options.report);
    process.exitCode = code === 0 ? verdict(report, options.failOn) : code;
  } catch (error) {
    const isKnown = [CannotVerify, FileError, ListenError, UsageError].some((kind) => error instanceof kind);
    if (!isKnown || !(error instanceof Error)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = troubleCode;
  }
}

function optionsOf(document: string, options: Options): ProxyOptions {
  const { upstream, upstreamCa, insecure = false, port, host, cases } = options;
  return {
    document,
    upstream,
    trust: { insecure, ...(upstreamCa === undefined ? {} : { ca: upstreamCa }) },
    port,
    host,
    told: (line) => process.stderr.write(`${line}\n`),
    ...(cases === undefined ? {} : { cases }),
  };
}

/** The exit code where no command gives one. */
function verdict({ counts }: Report, failOn: FailOn): number {
  const [requests, answers] = counts;
  // What judged nothing has not held.
  if ((requests?.judged ?? 0) + (answers?.judged ?? 0) === 0 && failOn !== 'none') return troubleCode;
  const request = (requests?.failed ?? 0) > 0 && (failOn === 'request' || failOn === 'any');
  const response = (answers?.failed ?? 0) > 0 && (failOn === 'response' || failOn === 'any');
  return request || response ? 1 : 0;
}

/** What ends a proxy, and the command that it was started for. */
const endings = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs a command, and gives its exit code when it has ended.
 *
 * @throws {UsageError} if there is no such command
 */
async function ended([name = '', ...parameters]: readonly string[], { url, close }: RunningProxy): Promise<number> {
  const env = { ...process.env, PAYDOUBLE_PROXY_URL: url };
  const child = spawn(name, parameters, { stdio: 'inherit', env });
  const passOn = (signal: NodeJS.Signals) => {
    // A terminal has sent it to the command as well.
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  };
  for (const signal of endings) process.on(signal, passOn);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.on('error', (error) => reject(new UsageError(`Cannot run ${name}: ${error.message}`)));
      child.on('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
    });
  } catch (error) {
    await close();
    throw error;
  } finally {
    // The command's own signals end with it.
    for (const signal of endings) process.off(signal, passOn);
    leaveOn(endings);
  }
}
