/**
 * `paydouble clock`: read, freeze, set, advance and run a workspace's clock.
 */
import type { Command } from 'commander';
import type { Schemas } from '../client/control.js';
import { addAsking, argument, type Connection, type Output } from './connection.js';

type Options = Connection & { readonly workspace: string };

const changes: readonly [
  usage: string,
  description: string,
  example: string,
  of: (at: string) => Schemas['ClockChange'],
][] = [
  [
    'freeze [instant]',
    'Stop it: where it stands, or at an instant.',
    "clock freeze '2026-03-31T23:59:59Z'",
    (at) => ({ freeze: at || 'now' }),
  ],
  [
    'set <instant>',
    'Put it at an instant; it goes on running if it did.',
    "clock set '2026-04-01T00:00:00Z'",
    (at) => ({ set: at }),
  ],
  [
    'advance <duration>',
    'Put it on, or back, by an ISO 8601 duration.',
    'clock advance -PT12H',
    (by) => ({ advance: by }),
  ],
  ['run', 'Let it run from where it stands.', 'clock run', () => ({ run: true })],
];

/** Adds the command. */
export function addClock(program: Command): void {
  const clock = program.command('clock').description("Steer a workspace's clock.");
  addAsking<Options>(
    clock,
    'read',
    'What it says.',
    ['clock read', 'clock read --workspace checkout-17'],
    async (client, _, { workspace }) =>
      shown(await client.ask(client.api.GET('/workspaces/{name}/clock', { params: { path: { name: workspace } } }))),
  ).option('--workspace <name>', 'the workspace', 'default');
  for (const [usage, description, example, of] of changes) {
    const command = addAsking<Options>(clock, usage, description, [example], async (client, args, { workspace }) => {
      const params = { path: { name: workspace } };
      const body = of(argument(args, 0));
      return shown(await client.ask(client.api.POST('/workspaces/{name}/clock', { params, body })));
    }).option('--workspace <name>', 'the workspace', 'default');
    // A duration may begin with a minus, which is no option.
    if (usage.startsWith('advance')) command.allowUnknownOption();
  }
}

function shown(value: Schemas['Clock']): Output {
  return { value, text: `${value.now}${value.frozen ? ' (frozen)' : ''}` };
}
