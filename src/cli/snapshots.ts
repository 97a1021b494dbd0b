/**
 * `paydouble snapshot`: take, list, restore, compare; to a file and from one.
 */
import { readFile, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { ControlClient } from '../client/control.js';
import { object } from '../document.js';
import { isArray, isObject, type JsonObject, type JsonValue, parse, stringify } from '../json.js';
import { addAsking, argument, table, UsageError } from './connection.js';

interface Replacing {
  readonly replace?: boolean;
}

/** Adds the command. */
export function addSnapshots(program: Command): void {
  const snapshot = program.command('snapshot').description('Keep what a workspace holds, and go back to it.');
  addAsking(snapshot, 'list', 'Every snapshot.', ['snapshot list'], async (client) => {
    const value = await client.ask(client.api.GET('/snapshots'));
    const rows = value.map((each) => [each.name, each.workspace ?? '(uploaded)', each.scenario, each.takenAt]);
    return { value, text: table(['NAME', 'WORKSPACE', 'SCENARIO', 'TAKEN'], rows) };
  });
  addAsking<{ workspace: string } & Replacing>(
    snapshot,
    'take [name]',
    'Keep what a workspace holds now.',
    ['snapshot take before-refund', 'snapshot take before-refund --replace --workspace checkout-17'],
    async (client, [name], { workspace, replace = false }) => {
      const body = { workspace, replace, ...(name === undefined ? {} : { name }) };
      const value = await client.ask(client.api.POST('/snapshots', { body }));
      return { value, text: value.name };
    },
  )
    .option('--workspace <name>', 'the workspace', 'default')
    .option('--replace', 'put it in the place of a snapshot of the name');
  addAsking<{ workspace: string }>(
    snapshot,
    'restore <name>',
    'Go on, in a workspace, from a snapshot.',
    ['snapshot restore before-refund'],
    async (client, args, { workspace }) => {
      const params = { path: { name: workspace } };
      const body = { snapshot: argument(args, 0) };
      const value = await client.ask(client.api.POST('/workspaces/{name}/restore', { params, body }));
      return { value, text: `${workspace} goes on from ${body.snapshot}.` };
    },
  ).option('--workspace <name>', 'the workspace', 'default');
  addAsking(
    snapshot,
    'download <name> [file]',
    'Write a snapshot to a file, or print it.',
    ['snapshot download before-refund before-refund.json'],
    download,
  );
  addAsking<Replacing>(
    snapshot,
    'upload <name> <file>',
    'Keep a file as a snapshot.',
    ['snapshot upload before-refund before-refund.json --replace'],
    upload,
  ).option('--replace', 'put it in the place of a snapshot of the name');
  addAsking<{ workspace?: string }>(
    snapshot,
    'diff <name> [other]',
    'What is otherwise in another snapshot, or in a workspace now. Exit code 1 if anything is.',
    ['snapshot diff before-refund after-refund', 'snapshot diff before-refund --workspace checkout-17'],
    async (client, args, { workspace }) => {
      const other = args[1];
      if (other !== undefined && workspace !== undefined) {
        throw new UsageError(`Received the snapshot ${other} and --workspace ${workspace}; compare with one of them.`);
      }
      const query = other === undefined ? { workspace: workspace ?? 'default' } : { snapshot: other };
      const params = { path: { snapshot: argument(args, 0) }, query };
      const value = await client.ask(client.api.GET('/snapshots/{snapshot}/diff', { params, parseAs: 'text' }));
      const lines = describe(object(parse(value)));
      return {
        value,
        text: lines.length === 0 ? 'Nothing is otherwise.' : lines.join('\n'),
        code: lines.length === 0 ? 0 : 1,
      };
    },
  ).option('--workspace <name>', 'the workspace, if no other snapshot is named; by default `default`');
  addAsking(
    snapshot,
    'delete <name>',
    'Throw a snapshot away.',
    ['snapshot delete before-refund'],
    async (client, args) => {
      const name = argument(args, 0);
      await client.tell(client.api.DELETE('/snapshots/{snapshot}', { params: { path: { snapshot: name } } }));
      return { value: { deleted: name }, text: `${name} is gone.` };
    },
  );
}

async function download(client: ControlClient, args: readonly string[]) {
  const params = { path: { snapshot: argument(args, 0) } };
  const file = args[1];
  // As text: an amount of 8.0 is to stay one.
  const text = await client.ask(client.api.GET('/snapshots/{snapshot}', { params, parseAs: 'text' }));
  if (file === undefined) return { value: text, text: text.trimEnd() };
  await writeFile(file, text).catch((error: Error) => {
    throw new UsageError(`${file} cannot be written: ${error.message}`);
  });
  return { value: { file }, text: file };
}

async function upload(client: ControlClient, args: readonly string[], { replace = false }: Replacing) {
  const [name, file] = [argument(args, 0), argument(args, 1)];
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new UsageError(`${file} cannot be read: ${error.message}`);
  });
  const value = await client.upload(name, text, replace);
  return { value, text: value.name };
}

/** Differences, a line for each record. */
function describe({ added, removed, changed }: JsonObject): readonly string[] {
  const lone = (sign: string) => (each: JsonObject) => `${sign} ${name(each)} ${stringify(each.record ?? null)}`;
  return [
    ...objects(added).map(lone('+')),
    ...objects(removed).map(lone('-')),
    ...objects(changed).map((each) => {
      const places = objects(each.members).map(
        ({ pointer, before, after }) => `${pointer} ${shown(before)} -> ${shown(after)}`,
      );
      return `~ ${name(each)} ${each.key} ${places.join(', ')}`;
    }),
  ];
}

function name({ api, collection }: JsonObject): string {
  return `${api} ${collection}`;
}

function objects(list: JsonValue | undefined): readonly JsonObject[] {
  return isArray(list) ? list.filter(isObject) : [];
}

function shown(value: JsonValue | undefined): string {
  return value === undefined ? 'nothing' : stringify(value);
}
