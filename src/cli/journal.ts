/**
 * `paydouble journal`: what a workspace's requests asked and were answered.
 */
import { type Command, Option } from 'commander';
import type { Schemas } from '../client/control.js';
import { describeFailure } from '../client/workspace.js';
import { object } from '../document.js';
import { type JsonValue, parse, stringify } from '../json.js';
import {
  addAsking,
  argument,
  type Connection,
  numberArgument,
  type Output,
  readJson,
  readNumber,
  table,
} from './connection.js';

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
      return entries(await client.ask(client.api.GET('/workspaces/{name}/journal', { params, parseAs: 'text' })));
    },
  )
    .option('--workspace <name>', 'the workspace', 'default')
    .addOption(new Option('--limit <number>', 'how many').argParser(readNumber).default(20));
  addAsking<Options>(
    journal,
    'show <number>',
    'One request: what was asked, answered, wrong, not read, and what it changed.',
    ['journal show 7', 'journal show 7 --json'],
    async (client, args, { workspace }) => {
      const params = { path: { name: workspace, number: numberArgument(args, 0) } };
      const asked = client.api.GET('/workspaces/{name}/journal/{number}', { params, parseAs: 'text' });
      const value = await client.ask(asked);
      return { value, text: describe(value) };
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
      const asked = client.api.POST('/workspaces/{name}/journal/find', { params, body: { match }, parseAs: 'text' });
      return entries(await client.ask(asked));
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
      const text = value.held ? 'It holds.' : value.failures.map(describeFailure).join('\n');
      return { value, text, code: value.held ? 0 : 1 };
    },
  ).option('--workspace <name>', 'the workspace', 'default');
  addAsking<Options>(journal, 'clear', 'Empty it.', ['journal clear'], async (client, _, { workspace }) => {
    await client.tell(client.api.DELETE('/workspaces/{name}/journal', { params: { path: { name: workspace } } }));
    return { value: { cleared: workspace }, text: `The journal of ${workspace} is empty.` };
  }).option('--workspace <name>', 'the workspace', 'default');
}

function entries(json: string): Output {
  const { entries }: Pick<Schemas['Journal'], 'entries'> = JSON.parse(json);
  const rows = entries.map(({ number, time, api, response, request, operationId = '', fault = '' }) => {
    const asked = `${request.method} ${request.path}`;
    return [String(number), time, String(response.status), api, asked, operationId, fault];
  });
  return { value: json, text: table(['NUMBER', 'TIME', 'STATUS', 'API', 'REQUEST', 'OPERATION', 'FAULT'], rows) };
}

/** An entry as a person reads it. Bodies keep their numbers. */
function describe(json: string): string {
  const { workspace, time, api, operationId, ...entry }: Schemas['JournalEntry'] = JSON.parse(json);
  const exact = object(parse(json));
  const { request, response } = entry;
  const query = Object.entries(request.query).flatMap(([name, values]) => values.map((value) => `${name}=${value}`));
  const shownQuery = query.length === 0 ? '' : `?${query.join('&')}`;
  const names = (records: readonly Schemas['RecordName'][]) =>
    records.map(({ collection, key }) => `${collection} ${key}`);
  const lists: readonly (readonly [string, readonly string[]])[] = [
    ['fault', entry.fault === undefined ? [] : [entry.fault]],
    ['problem', entry.problems.map(({ pointer = '', message }) => `${pointer} ${message}`.trim())],
    ['violation', entry.violations.map(({ pointer, message }) => `${pointer} ${message}`.trim())],
    ['not read', entry.unread.map(({ in: part, pointer }) => `${part} ${pointer}`)],
    ['created', names(entry.created)],
    ['changed', names(entry.changed)],
    ['deleted', names(entry.deleted)],
  ];
  return [
    `Request ${entry.number} in ${workspace}, ${time}: ${[api, operationId].join(' ').trimEnd()}`,
    `> ${request.method} ${request.path}${shownQuery}`,
    ...message('>', request.headers, exact.request),
    `< ${response.status}`,
    ...message('<', response.headers, exact.response),
    ...lists.flatMap(([name, values]) => values.map((value) => `${name}: ${value}`)),
  ].join('\n');
}

function message(sign: string, headers: { readonly [name: string]: string }, exact: JsonValue | undefined): string[] {
  const { body, text, leftOut } = object(exact);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  if (body !== undefined) lines.push('', ...stringify(body, 2).split('\n'));
  if (typeof text === 'string') lines.push('', ...text.split('\n'));
  if (leftOut === true) lines.push('', '(a body that is not kept)');
  return lines.map((line) => `${sign} ${line}`.trimEnd());
}
