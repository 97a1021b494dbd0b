/**
 * `paydouble faults`: what goes wrong on purpose in a workspace.
 */
import { type Command, Option } from 'commander';
import type { Schemas } from '../client/control.js';
import { faultForms, faultOfWord } from '../faults/word.js';
import {
  addAsking,
  argument,
  type Connection,
  type Output,
  readJson,
  readNumber,
  table,
  UsageError,
} from './connection.js';

type Options = Connection & { readonly workspace: string };

interface RuleOptions {
  readonly name?: string;
  readonly api?: string;
  readonly operation?: readonly string[];
  readonly first?: number;
  readonly every?: number;
  readonly after?: number;
  readonly probability?: number;
  readonly force?: boolean;
}

/** Adds the command. */
export function addFaults(program: Command): void {
  const faults = program.command('faults').description('Let a workspace go wrong on purpose.');
  addAsking<Options>(
    faults,
    'list',
    'The rules in order, and how many requests each took and struck.',
    ['faults list', 'faults list --workspace checkout-17 --json'],
    async (client, _, { workspace }) =>
      shown(await client.ask(client.api.GET('/workspaces/{name}/faults', { params: { path: { name: workspace } } }))),
  ).option('--workspace <name>', 'the workspace', 'default');
  addAsking<Options & RuleOptions>(
    faults,
    'add <fault>',
    `Add a rule: ${faultForms.join(', ')}, or a FaultRule in JSON.`,
    [
      'faults add latency:800',
      'faults add status:503 --operation createPayment --first 2 --force',
      'faults add loseReply --operation createPayment --every 3',
      `faults add '{"match": {"method": "POST"}, "fault": {"latency": {"uniform": [200, 900]}}}'`,
    ],
    async (client, args, options) => {
      const params = { path: { name: options.workspace } };
      const body = ruleOf(argument(args, 0), options);
      const value = await client.ask(client.api.POST('/workspaces/{name}/faults', { params, body }));
      return { value, text: value.name };
    },
  )
    .option('--workspace <name>', 'the workspace', 'default')
    .option('--name <name>', 'what it is called; absent, fault-1, fault-2 …')
    .option('--api <api>', 'only requests to this api')
    .option('--operation <operationId...>', 'only requests to these operations')
    .addOption(new Option('--first <count>', 'strike the first so many').argParser(readNumber))
    .addOption(new Option('--every <count>', 'strike every so manieth').argParser(readNumber))
    .addOption(new Option('--after <count>', 'strike all but the first so many').argParser(readNumber))
    .addOption(new Option('--probability <number>', 'strike by chance, 0 to 1').argParser(readNumber))
    .option('--force', 'let the answer be one that the document does not declare');
  addAsking<Options>(
    faults,
    'replace <rules>',
    'Put rules, a list of FaultRules in JSON, in the place of all.',
    [`faults replace '[{"when": {"every": 3}, "fault": {"loseReply": true}}]'`],
    async (client, args, { workspace }) => {
      const params = { path: { name: workspace } };
      const body: Schemas['FaultRule'][] = readJson(argument(args, 0));
      return shown(await client.ask(client.api.PUT('/workspaces/{name}/faults', { params, body })));
    },
  ).option('--workspace <name>', 'the workspace', 'default');
  addAsking<Options>(
    faults,
    'delete <name>',
    'Take a rule away.',
    ['faults delete fault-1'],
    async (client, args, { workspace }) => {
      const fault = argument(args, 0);
      const params = { path: { name: workspace, fault } };
      await client.tell(client.api.DELETE('/workspaces/{name}/faults/{fault}', { params }));
      return { value: { deleted: fault }, text: `${fault} is gone.` };
    },
  ).option('--workspace <name>', 'the workspace', 'default');
  addAsking<Options>(faults, 'clear', 'Take all rules away.', ['faults clear'], async (client, _, { workspace }) => {
    await client.tell(client.api.DELETE('/workspaces/{name}/faults', { params: { path: { name: workspace } } }));
    return { value: { cleared: workspace }, text: `${workspace} has no faults.` };
  }).option('--workspace <name>', 'the workspace', 'default');
}

/** A rule of what the command line says; what the options say wins over the rule's JSON. */
function ruleOf(fault: string, options: RuleOptions): Schemas['FaultRule'] {
  const { name, api, operation, force = false } = options;
  const rule = written(fault, force);
  if (api !== undefined && rule.api !== undefined && api !== rule.api) {
    throw new UsageError(`Received --api ${api} and a rule whose api is ${rule.api}; leave one of them out.`);
  }
  return {
    ...rule,
    ...(name === undefined ? {} : { name }),
    ...(api === undefined ? {} : { api }),
    ...(operation === undefined ? {} : { operationId: [...operation] }),
    ...whenOf(options),
  };
}

function written(fault: string, force: boolean): Schemas['FaultRule'] {
  if (fault.startsWith('{')) return force ? forced(readJson(fault)) : readJson(fault);
  const read = faultOfWord(fault, force);
  if (read !== undefined && 'fault' in read) return read;
  throw new UsageError(read?.wrong ?? `${fault} is no fault. Write ${faultForms.join(', ')}, or a FaultRule in JSON.`);
}

/** The rule with its answer forced, if it has one. */
function forced(rule: Schemas['FaultRule']): Schemas['FaultRule'] {
  const { respond, tooManyRequests } = rule.fault ?? {};
  return {
    ...rule,
    fault: {
      ...rule.fault,
      ...(respond === undefined ? {} : { respond: { ...respond, force: true } }),
      ...(tooManyRequests === undefined ? {} : { tooManyRequests: { ...tooManyRequests, force: true } }),
    },
  };
}

function whenOf({ first, every, after, probability }: RuleOptions): Pick<Schemas['FaultRule'], 'when'> {
  const given = Object.entries({ first, every, after, probability }).filter(([, value]) => value !== undefined);
  return given.length === 0 ? {} : { when: Object.fromEntries(given) };
}

function shown(value: readonly Schemas['Fault'][]): Output {
  const rows = value.map(({ name, matched, struck, rule }) => {
    const { name: _, fault, ...which } = rule;
    return [name, String(matched), String(struck), JSON.stringify(fault), JSON.stringify(which)];
  });
  return { value, text: table(['NAME', 'MATCHED', 'STRUCK', 'FAULT', 'WHICH'], rows) };
}
