/**
 * `paydouble scenarios list | check | show`: what workspaces can be made from.
 */
import { statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import type { Api, Scenarios } from '../apis.js';
import { isObject, type JsonObject, type JsonValue, stringify } from '../json.js';
import { packagePlaces } from '../paths.js';
import { isSeveral } from '../scenario/layers.js';
import { scenarioToJson } from '../store/scenario-json.js';
import { FileError, readYaml, shownPath, toYaml } from '../yaml.js';
import { troubleCode } from './connection.js';
import { dataOption } from './data-option.js';
import { problemOf, UsageError } from './trouble.js';

interface Options {
  readonly api?: string;
  readonly json?: boolean;
  readonly data: readonly string[];
}

/** What all three commands begin with. */
interface Known {
  /** Those that are asked about. */
  readonly apis: readonly string[];
  readonly scenarios: Scenarios;
  readonly served: ReadonlyMap<string, Api>;
}

const examples = `
A scenario is wrong: the exit code is 1, and each error names file, line and column.

Examples:
  paydouble scenarios list --json
  paydouble scenarios check
  paydouble scenarios check ./scenarios/quarter-close.yaml
  paydouble scenarios show quarter-close > expanded.yaml
`;

/** Adds the command. */
export function addScenarios(program: Command): void {
  const command = program
    .command('scenarios')
    .description('List, check and show the scenarios that workspaces are made from.')
    .addHelpText('after', examples);
  const add = (name: string, description: string) =>
    command
      .command(name)
      .description(description)
      .option('--api <api>', 'of this api alone')
      .option('--json', 'for scripts: JSON in place of text', false)
      .addOption(dataOption());
  add('list', 'Every scenario, with its story.').action((options: Options) => run(options, list));
  add('check [file]', 'Check one file, or every scenario.').action((file: string | undefined, options: Options) =>
    run(options, (known) => check(known, options, file)),
  );
  add('show <name>', 'A scenario with every record computed, as YAML that is a scenario itself.').action(
    (name: string, options: Options) => run(options, (known) => show(known, options, name)),
  );
}

/** Runs a command; `false` from it, or a file that is wrong, is the exit code 1. What there is not cannot be asked about: 2. */
async function run(options: Options, command: (known: Known, options: Options) => boolean): Promise<void> {
  try {
    if (!command(await readKnown(options, packagePlaces.data), options)) process.exitCode = 1;
  } catch (error) {
    if (!(error instanceof FileError || error instanceof UsageError)) throw error;
    const isUsage = error instanceof UsageError;
    if (isUsage && options.json === true) process.stdout.write(`${JSON.stringify(problemOf(error), null, 2)}\n`);
    process.stderr.write(`${error.message}\n`);
    process.exitCode = isUsage ? troubleCode : 1;
  }
}

async function readKnown(options: Options, packaged: string): Promise<Known> {
  // Loaded here, so that other commands need not wait for the engine.
  const apis = await import('../apis.js');
  const served = await apis.loadApis(packagePlaces);
  if (options.api !== undefined && !served.has(options.api)) {
    throw new UsageError(`There is no api ${options.api}. Known are ${[...served.keys()].join(', ')}.`);
  }
  const scenarios = new apis.Scenarios(served, [...options.data, packaged]);
  return { apis: options.api === undefined ? [...served.keys()] : [options.api], scenarios, served };
}

function list({ apis, scenarios }: Known, { json }: Options): boolean {
  const wrong = new Wrong();
  const found = apis.flatMap((api) =>
    scenarios.names(api).flatMap((scenario) => {
      const story = wrong.attempt(() => scenarios.story(api, scenario));
      return story === undefined ? [] : [{ scenario, api, story }];
    }),
  );
  if (json === true) process.stdout.write(`${stringify(found, 2)}\n`);
  else for (const { scenario, api, story } of found) process.stdout.write(`${api}/${scenario}\n${wrapped(story)}\n\n`);
  for (const line of wrong.lines) process.stderr.write(`${line}\n`);
  return wrong.lines.length === 0;
}

/** What is wrong with files, each line once. */
class Wrong {
  readonly #lines = new Set<string>();

  get lines(): readonly string[] {
    return [...this.#lines];
  }

  /** What the action gives; `undefined` if a file is wrong. */
  attempt<Given>(action: () => Given): Given | undefined {
    try {
      return action();
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      for (const line of error.message.split('\n')) this.#lines.add(line);
      return undefined;
    }
  }
}

/** A paragraph in lines of at most 96 characters, indented. */
function wrapped(paragraph: string): string {
  return paragraph
    .replace(/\s+/g, ' ')
    .replace(/(.{1,94})(?: |$)/g, '  $1\n')
    .trimEnd();
}

function show({ apis, scenarios }: Known, { json }: Options, name: string): boolean {
  const having = apis.filter((api) => scenarios.names(api).includes(name));
  if (having.length === 0) {
    const known = [...new Set(apis.flatMap((api) => scenarios.names(api)))].sort();
    throw new UsageError(`There is no scenario ${name} of ${apis.join(', ')}. Known are ${known.join(', ')}.`);
  }
  const shown = having.map((api) => [api, scenarioToJson(scenarios.load(api, name))] as const);
  const [[, only] = ['', {}]] = shown;
  const value: JsonObject = shown.length === 1 ? only : { apis: Object.fromEntries(shown) };
  process.stdout.write(json === true ? `${stringify(value, 2)}\n` : toYaml(value));
  return true;
}

function check(known: Known, options: Options, file: string | undefined): boolean {
  const wrong = new Wrong();
  let checked = 0;
  const each = file === undefined ? everything(known) : inFile(known, options, resolve(file));
  wrong.attempt(() => {
    for (const action of each) {
      checked++;
      wrong.attempt(action);
    }
  });
  report(wrong.lines, checked, options.json === true);
  return wrong.lines.length === 0;
}

/** What reads each scenario that there is. */
function* everything({ apis, scenarios, served }: Known): Iterable<() => unknown> {
  for (const file of scenarios.layers.several()) yield () => requireApis(file, served);
  for (const folder of scenarios.layers.folders().filter((each) => !served.has(basename(each)))) {
    yield () => refuseFolder(folder, served);
  }
  for (const api of apis) {
    for (const name of scenarios.names(api)) yield () => scenarios.load(api, name);
  }
}

/** What reads each scenario of a file: one, or one for each of several apis. */
function* inFile(known: Known, options: Options, file: string): Iterable<() => unknown> {
  requireFile(file);
  const yaml = readYaml(file);
  const several = isSeveral(yaml);
  const folder = several ? dirname(file) : dirname(dirname(file));
  const scenarios = known.scenarios.withDirectories([folder, ...options.data, packagePlaces.data]);
  if (several) {
    yield () => requireApis(file, known.served);
    for (const api of apisOf(yaml.value).filter((each) => known.apis.includes(each)))
      yield () => scenarios.loadFile(api, file);
    return;
  }
  const api = options.api ?? basename(dirname(file));
  if (!known.served.has(api)) {
    const apis = [...known.served.keys()].join(', ');
    throw new UsageError(`${file}: of which api is it? Put it into a folder of the api's name, or say --api: ${apis}.`);
  }
  yield () => scenarios.loadFile(api, file);
}

/** @throws {UsageError} if there is nothing to check under that name, or a directory */
function requireFile(file: string): void {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) throw new UsageError(`${file} cannot be read: there is no such file.`);
  if (found.isDirectory()) {
    throw new UsageError(`${file} is a directory. Check one file, or all that is in it with --data ${file}.`);
  }
}

function apisOf(value: JsonValue): readonly string[] {
  return isObject(value) && isObject(value.apis) ? Object.keys(value.apis) : [];
}

/** @throws {FileError} if a file for several apis has one that there is not */
function requireApis(file: string, served: ReadonlyMap<string, Api>): void {
  const yaml = readYaml(file);
  const lines = apisOf(yaml.value)
    .filter((api) => !served.has(api))
    .map(
      (api) => `${yaml.position(`/apis/${api}`)}: there is no api ${api}; known are ${[...served.keys()].join(', ')}`,
    );
  if (lines.length > 0) throw new FileError(lines.join('\n'));
}

/** @throws {FileError} that says what the folder should be called */
function refuseFolder(folder: string, served: ReadonlyMap<string, Api>): never {
  const known = [...served.keys()].join(', ');
  throw new FileError(
    `${shownPath(folder)}: there is no api ${basename(folder)}, so its files are not read; known are ${known}`,
  );
}

function report(wrong: readonly string[], checked: number, json: boolean): void {
  if (json) {
    const errors = wrong.map((line) => {
      const [, file, at, column, message] = /^(.*?):(\d+):(\d+): ([\s\S]*)$/.exec(line) ?? [];
      if (file === undefined) return { message: line };
      return { file, line: Number(at), column: Number(column), message: message ?? '' };
    });
    process.stdout.write(`${stringify({ checked, errors }, 2)}\n`);
  } else if (wrong.length === 0) process.stdout.write(`${checked} checked, nothing is wrong.\n`);
  else process.stderr.write(`${wrong.join('\n')}\n`);
}
