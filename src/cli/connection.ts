/**
 * What every command that speaks to a running sandbox shares: where it is, how it answers, how it fails.
 */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { ControlClient, ControlError, UnreachableError } from '../client/control.js';
import { parse, stringify } from '../json.js';
import { reasonOf } from '../reason.js';
import { describeTrouble, problemOf, UsageError } from './trouble.js';

export { UsageError };

/**
 * The exit code if a command could not do what it was told: wrong usage, nobody there, refused. As with `diff` and `grep`,
 * 0 and 1 are answers: 1 says that something differs or does not hold.
 */
export const troubleCode = 2;

/** The options of such a command. */
export interface Connection {
  /** Where the sandbox is. */
  readonly url: string;
  /** What it printed at its start, if it listens beyond its machine. */
  readonly token?: string;
  /** Whether to print JSON for programs rather than text for people. */
  readonly json?: boolean;
}

/** What a command prints: for programs and for people. */
export interface Output {
  /** For programs. Where records are shown, it is the answer's JSON as text: their numbers keep what they are written as. */
  readonly value: object | string;
  readonly text: string;
  /** The exit code, where it is not 0. */
  readonly code?: number;
}

/** Adds a command that asks a running sandbox. `run` gives what is printed. */
export function addAsking<Options>(
  parent: Command,
  usage: string,
  description: string,
  examples: readonly string[],
  run: (client: ControlClient, args: readonly string[], options: Options & Connection) => Promise<Output>,
): Command {
  const command = parent.command(usage).description(description);
  command
    .addOption(new Option('--url <url>', 'where the sandbox is').env('SANDBOX_URL').default('http://127.0.0.1:4010'))
    .addOption(new Option('--token <token>', 'what it printed at its start').env('SANDBOX_TOKEN'))
    .option('--json', 'print JSON')
    .addHelpText('after', `\nExamples:\n${examples.map((example) => `  paydouble ${example}`).join('\n')}\n`)
    .action(async () => {
      const options = command.opts<Options & Connection>();
      await print(
        () => run(new ControlClient(options.url.replace(/\/$/, ''), options.token), command.args, options),
        command,
        options,
      );
    });
  return command;
}

async function print(run: () => Promise<Output>, command: Command, { json = false }: Connection): Promise<void> {
  try {
    const { value, text, code = 0 } = await run();
    const exact = typeof value === 'string' ? value : JSON.stringify(value);
    const printed = json ? stringify(parse(exact), 2) : text;
    if (printed !== '') process.stdout.write(`${printed}\n`);
    process.exitCode = code;
  } catch (error) {
    if (!(error instanceof ControlError || error instanceof UnreachableError || error instanceof UsageError))
      throw error;
    if (json) process.stdout.write(`${JSON.stringify(problemOf(error), null, 2)}\n`);
    process.stderr.write(`${inOptions(describeTrouble(error), command)}\n`);
    process.exitCode = troubleCode;
  }
}

/** What asks for a member of a request, as the command's option of that name. */
function inOptions(text: string, command: Command): string {
  return text.replace(/\b(add|send) (?:"(\w+)": true|(\w+)=true)/g, (written, verb, member, parameter) => {
    const option = `--${member ?? parameter}`;
    return command.options.some(({ long }) => long === option) ? `${verb} ${option}` : written;
  });
}

/** A number of the command line, for an option. */
export function readNumber(text: string): number {
  const number = Number(text);
  if (text.trim() === '' || Number.isNaN(number)) throw new InvalidArgumentError('Expected a number.');
  return number;
}

/** A number of the command line that is no option's. */
export function numberArgument(args: readonly string[], index: number): number {
  const given = argument(args, index);
  if (given.trim() !== '' && !Number.isNaN(Number(given))) return Number(given);
  throw new UsageError(`Received ${given}; expected a number.`);
}

/** JSON of the command line; what it must be, the control API says. */
export function readJson(text: string) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${text} is no JSON: ${reasonOf(error)}`);
  }
}

/** Rows as a table: columns as wide as their widest cell, two spaces between them. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => all.reduce((width, row) => Math.max(width, row[column]?.length ?? 0), 0));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The argument at a place; commander has seen to it that it is there. */
export function argument(args: readonly string[], index: number): string {
  return args[index] ?? '';
}
