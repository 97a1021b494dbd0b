/**
 * `paydouble serve`.
 */
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { isLocal } from '../control/guard.js';
import { curl } from '../curl.js';
import { firstRequest } from '../first-request.js';
import { limitNames, readLimits } from '../limits.js';
import type { Sandbox } from '../sandbox.js';
import { type Durability, durabilities } from '../store/durability.js';
import { version } from '../version.js';
import { FileError } from '../yaml.js';
import { troubleCode } from './connection.js';
import { dataOption } from './data-option.js';
import { firstOf } from './signals.js';

interface ServeOptions {
  readonly port: number;
  readonly host: string;
  readonly state: string;
  readonly fresh: boolean;
  readonly durability: Durability;
  readonly data: readonly string[];
  readonly limit: readonly (readonly [string, number])[];
}

/** Adds the command, which starts a sandbox and keeps it until a signal ends it. */
export function addServe(program: Command): void {
  program
    .command('serve', { isDefault: true })
    .description('Serve every api in specs/.')
    .addOption(
      new Option('--port <number>', 'where to listen; 0 for any port that is free')
        .env('PORT')
        .default(4010)
        .argParser(readPort),
    )
    .addOption(new Option('--host <host>', 'the address to listen on').env('HOST').default('127.0.0.1'))
    .option('--state <directory>', 'where the state is kept', '.paydouble')
    .option('--fresh', 'throw the kept state away and begin anew; what is damaged is set aside', false)
    .addOption(
      new Option(
        '--durability <when>',
        'when a change is answered: once the disk has it (full), once the operating system has it (relaxed), or at once, and nothing is kept (memory)',
      )
        .choices(durabilities)
        .default('full'),
    )
    .addOption(dataOption())
    .addOption(
      new Option('--limit <name=number>', 'how much of something is taken; may be repeated')
        .default([], 'those of docs/limits.md')
        .argParser((text: string, before: ServeOptions['limit']) => [...before, readLimit(text)]),
    )
    .addHelpText(
      'after',
      '\nSANDBOX_TOKEN in the environment is what the control API asks for when it listens beyond this machine.\n\nExamples:\n  paydouble serve\n  paydouble serve --port 0 --state /tmp/sandbox --fresh\n  paydouble serve --data ./scenarios\n',
    )
    // As the default command it gets every word that is no command.
    .allowExcessArguments()
    .action((options: ServeOptions, command: Command) => {
      const [word] = command.args;
      if (options.durability === 'memory' && command.getOptionValueSource('state') === 'cli') {
        return program.error('error: --durability memory keeps nothing: leave --state out, or choose full or relaxed.');
      }
      if (word === undefined) return serve(options);
      return program.error(`error: there is no command ${word}. "paydouble help" lists those that there are.`);
    });
}

function readLimit(text: string): readonly [string, number] {
  const [, name = '', number = ''] = /^([^=]+)=(\d{1,15})$/.exec(text) ?? [];
  if (number === '') throw new InvalidArgumentError('Expected a name and a whole number: bodyBytes=2097152.');
  if (!limitNames.includes(name))
    throw new InvalidArgumentError(`There is no limit ${name}; known are ${limitNames.join(', ')}.`);
  if (Number(number) < 1) throw new InvalidArgumentError('A limit is at least 1.');
  return [name, Number(number)];
}

/** A port of the command line. */
export function readPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65535) return port;
  throw new InvalidArgumentError('Expected a whole number from 0 to 65535.');
}

async function serve({ port, host, state, fresh, durability, data, limit }: ServeOptions): Promise<void> {
  const token = isLocal(host) ? undefined : (process.env.SANDBOX_TOKEN ?? crypto.randomUUID());
  // Loaded here, so that other commands need not wait for the server.
  const { ListenError, startSandbox } = await import('../sandbox.js');
  const { InUseError } = await import('../store/durable.js');
  try {
    const sandbox = await startSandbox({
      port,
      host,
      ...(durability === 'memory' ? {} : { state: resolve(state) }),
      durability,
      fresh,
      data,
      limits: readLimits(limit),
      ...(token === undefined ? {} : { token }),
    });
    void stopOnSignal(sandbox);
    process.stdout.write(greeting(sandbox, kept(resolve(state), durability), token));
  } catch (error) {
    if (!(error instanceof FileError) && !(error instanceof ListenError)) throw error;
    // What is wrong with documents and scenarios begins with its file, a line each.
    const isOneLine = error instanceof InUseError || error instanceof ListenError;
    process.stderr.write(`paydouble cannot start${isOneLine ? ': ' : '.\n'}${error.message}\n`);
    process.exitCode = troubleCode;
  }
}

function greeting({ url, apis, workspaces }: Sandbox, state: string, token: string | undefined): string {
  const lines = [`paydouble ${version} serves ${apis.size} apis at ${url}`, ''];
  for (const api of apis.values()) {
    const request = firstRequest(api, workspaces.default.credentials(api.name));
    const command = request === undefined ? '' : curl({ ...request, url: `${url}${request.path}` });
    lines.push(`${api.document.title}: ${url}/${api.name}`, command.replace(/^(?=.)/gm, '  '), '');
  }
  lines.push(
    `Documents, credentials, samples: ${url}/`,
    `Control API: ${url}/_sandbox (samples, scenarios, workspaces)`,
    `State: ${state}`,
    'Stop: Ctrl-C',
  );
  if (token !== undefined) lines.push(`The control API wants "Authorization: Bearer ${token}".`);
  return `${lines.join('\n')}\n`;
}

/** Where the state is, and what becomes of it. */
function kept(directory: string, durability: Durability): string {
  if (durability === 'memory') return 'in memory; it ends with the server (--durability memory)';
  return `${directory} (--fresh begins anew${durability === 'relaxed' ? '; a loss of power may take the last second' : ''})`;
}

/** The first signal finishes what is under way and writes the state; a second one leaves at once. */
async function stopOnSignal(sandbox: Sandbox): Promise<void> {
  await firstOf(['SIGINT', 'SIGTERM']);
  process.stdout.write('paydouble finishes what is under way.\n');
  await sandbox.close();
  process.exit(0);
}
