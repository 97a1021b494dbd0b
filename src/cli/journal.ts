/**
 * `paydouble journal`: what a workspace's requests asked and were answered.
 */
import { type Command, Option } from 'commander';
import type { Schemas } from '../client/control.js';
import { addAsking, argument, type Connection, readJson, readNumber, table } from './connection.js';

type Options = Connection & { readonly workspace: string; readonly limit?: number };

/** Adds the command. */
export function addJournal(program: Command): void {
  const journal = program.command('journal').description("Read, ask and empty a workspace's journal.");
  addAsking<Options>(
    journal,
    'list',
    'The newest requests, newest last.',
    ['journal list', 'journal list --limit 5 --json'],
    async (client, _, { workspace, limit = 20 }) => {
      const params = { path: { name: workspace }, query: { limit } };
      const value = await client.ask(client.api.GET('/workspaces/{name}/journal', { params }));
      return { value, text: table(['NUMBER', 'TIME', 'STATUS', 'REQUEST', 'OPERATION'], value.entries.map(row)) };
    },
  )
    .option('--workspace <name>', 'the workspace', 'default')
    .addOption(new Option('--limit <number>', 'how many').argParser(readNumber).default(20));
  addAsking<Options>(
    journal,
    'show <number>',
    'One request, whole.',
    ['journal show 7'],
    async (client, args, { workspace }) => {
      const params = { path: { name: workspace, number: Number(argument(args, 0)) } };
      const value = await client.ask(client.api.GET('/workspaces/{name}/journal/{number}', { params }));
      return { value, text: JSON.stringify(value, null, 2) };
    },
  ).option('--workspace <name>', 'the workspace', 'default');
  addAsking<Options>(
    journal,
    'find <match>',
    'The requests that match, a RequestMatch in JSON.',
    [`journal find '{"operationId": "createPayment", "status": "4xx"}'`],
    async (client, args, { workspace }) => {
      const params = { path: { name: workspace } };
      const match: Schemas['RequestMatch'] = readJson(argument(args, 0));
      const body = { match };
      const value = await client.ask(client.api.POST('/workspaces/{name}/journal/find', { params, body }));
      return { value, text: table(['NUMBER', 'TIME', 'STATUS', 'REQUEST', 'OPERATION'], value.entries.map(row)) };
    },
  ).option('--workspace <name>', 'the workspace', 'default');
  addAsking<Options>(
    journal,
    'verify <expectation>',
    'Whether the requests were those. Exit code 1 if they were not.',
    [`journal verify '{"calls": [{"match": {"operationId": "createPayment"}, "times": 2}]}'`],
    async (client, args, { workspace }) => {
      const params = { path: { name: workspace } };
      const body: Schemas['JournalExpectation'] = readJson(argument(args, 0));
      const value = await client.ask(client.api.POST('/workspaces/{name}/journal/verify', { params, body }));
      const lines = value.failures.map(
        ({ call, expected, received }) => `Call ${call ?? '(others)'}: expected ${expected}, received ${received}.`,
      );
      return { value, text: value.held ? 'It holds.' : lines.join('\n'), code: value.held ? 0 : 1 };
    },
  ).option('--workspace <name>', 'the workspace', 'default');
  addAsking<Options>(journal, 'clear', 'Empty it.', ['journal clear'], async (client, _, { workspace }) => {
    await client.tell(client.api.DELETE('/workspaces/{name}/journal', { params: { path: { name: workspace } } }));
    return { value: { cleared: workspace }, text: `The journal of ${workspace} is empty.` };
  }).option('--workspace <name>', 'the workspace', 'default');
}

function row({ number, time, response, request, operationId }: Schemas['JournalEntry']): string[] {
  return [String(number), time, String(response.status), `${request.method} ${request.path}`, operationId ?? ''];
}
