/**
 * `paydouble workspaces` and `paydouble reset`.
 */
import { type Command, Option } from 'commander';
import type { Schemas } from '../client/control.js';
import { addAsking, argument, readNumber, table } from './connection.js';

interface CreateOptions {
  readonly scenario?: string;
  readonly from?: string;
  readonly snapshot?: string;
  readonly seed?: number;
  readonly clock?: string;
  readonly ttl?: number;
}

/** Adds the commands. */
export function addWorkspaces(program: Command): void {
  const workspaces = program.command('workspaces').description('List, make, show and delete workspaces.');
  addAsking(workspaces, 'list', 'Every workspace.', ['workspaces list', 'workspaces list --json'], async (client) => {
    const value = await client.ask(client.api.GET('/workspaces'));
    return { value, text: table(['NAME', 'SCENARIO', 'REQUESTS', 'CLOCK'], value.map(row)) };
  });
  addAsking<CreateOptions>(
    workspaces,
    'create [name]',
    'Make a workspace from a scenario, a workspace or a snapshot.',
    [
      'workspaces create checkout-17',
      'workspaces create --from checkout-17 --ttl 3600',
      "workspaces create --clock '2026-03-31T23:59:59Z'",
    ],
    async (client, [name], options) => {
      const body = { ...(name === undefined ? {} : { name }), ...requestOf(options) };
      const value = await client.ask(client.api.POST('/workspaces', { body }));
      return { value, text: `${client.url}${value.url}/<api>` };
    },
  )
    .option('--scenario <name>', 'a scenario; by default `default`')
    .option('--from <workspace>', 'a workspace, as it is now')
    .option('--snapshot <name>', 'a snapshot')
    .addOption(new Option('--seed <number>', 'of the random numbers').argParser(readNumber))
    .option('--clock <date-time>', 'where the clock is frozen')
    .addOption(new Option('--ttl <seconds>', 'how long it lives without a request').argParser(readNumber));
  addAsking(
    workspaces,
    'show <name>',
    'One workspace, and how many records it holds.',
    ['workspaces show default'],
    async (client, args) => {
      const params = { path: { name: argument(args, 0) } };
      const value = await client.ask(client.api.GET('/workspaces/{name}', { params }));
      const sizes = Object.entries(value.collections).flatMap(([api, collections]) =>
        Object.entries(collections).map(([collection, size]) => [api, collection, String(size)]),
      );
      return {
        value,
        text: `${table(['NAME', 'SCENARIO', 'REQUESTS', 'CLOCK'], [row(value)])}\n\n${table(['API', 'COLLECTION', 'RECORDS'], sizes)}`,
      };
    },
  );
  addAsking(
    workspaces,
    'load <name> <scenario>',
    'Go on, in a workspace, from a scenario: what it held is gone.',
    ['workspaces load default month-end'],
    async (client, args) => {
      const [name, scenario] = [argument(args, 0), argument(args, 1)];
      const asked = { params: { path: { name } }, body: { scenario } };
      const value = await client.ask(client.api.POST('/workspaces/{name}/restore', asked));
      return { value, text: `${name} goes on from ${scenario}.` };
    },
  );
  addAsking(
    workspaces,
    'delete <name>',
    'Throw a workspace away.',
    ['workspaces delete checkout-17'],
    async (client, args) => {
      const name = argument(args, 0);
      await client.tell(client.api.DELETE('/workspaces/{name}', { params: { path: { name } } }));
      return { value: { deleted: name }, text: `${name} is gone.` };
    },
  );
  addAsking(
    program,
    'reset [workspace]',
    'Put a workspace back to how it was made; by default the one of the name default.',
    ['reset', 'reset checkout-17'],
    async (client, [name = 'default']) => {
      const value = await client.ask(client.api.POST('/workspaces/{name}/reset', { params: { path: { name } } }));
      return { value, text: `${name} is as it was made.` };
    },
  );
}

function row({ name, scenario, requests, clock }: Schemas['Workspace']): string[] {
  return [name, scenario, String(requests), `${clock.now}${clock.frozen ? ' (frozen)' : ''}`];
}

function requestOf({ scenario, from, snapshot, seed, clock, ttl }: CreateOptions): Schemas['WorkspaceRequest'] {
  return {
    ...(scenario === undefined ? {} : { scenario }),
    ...(from === undefined ? {} : { workspace: from }),
    ...(snapshot === undefined ? {} : { snapshot }),
    ...(seed === undefined ? {} : { seed }),
    ...(clock === undefined ? {} : { clock }),
    ...(ttl === undefined ? {} : { ttlSeconds: ttl }),
  };
}
