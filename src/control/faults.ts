/**
 * The control API's operations on a workspace's faults: list, add, replace, take away.
 */
import type { components, operations } from '../../specs/_sandbox/openapi.js';
import type { ApiDefinition } from '../api.js';
import { isWrittenRule, judgeRule, judgeRules, type RuleComplaint } from '../faults/judge.js';
import { bytesOf, type Rule } from '../faults/rule.js';
import { isObject, type JsonObject, stringify } from '../json.js';
import { Problem } from '../problem.js';
import type { Workspace } from '../store/workspace.js';
import type { Steered } from './handlers.js';

type Handlers = ApiDefinition<operations, object>['handlers'];

/** The handlers of faults. `found` gives the workspace of a name, or throws. */
export function faultHandlers({ apis, limits, workspaces }: Steered, found: (name: string) => Workspace) {
  /** Refuses rules that take too much, before they are judged. `leaving` is what makes room for them. */
  function requireRoom(rules: readonly JsonObject[], single: boolean, leaving: number): void {
    const sizes = rules.map((rule) => Buffer.byteLength(stringify(rule)));
    const long = sizes.findIndex((size) => size > limits.faultBytes);
    if (long !== -1) throw tooLong(single ? '' : `/${long}`, limits.faultBytes);
    const others = workspaces.all().reduce((sum, { faults }) => sum + faults.bytes, -leaving);
    if (rules.reduce((sum, rule) => sum + bytesOf(rule), others) > limits.allFaultsBytes) {
      const message = `The faults of all workspaces take at most ${limits.allFaultsBytes} bytes (limits.allFaultsBytes). Take some away first.`;
      throw new Problem('too-many', { message });
    }
  }

  /** @throws {Problem} `invalid-request` with all that is wrong with a rule */
  function judged(rule: unknown): JsonObject {
    if (!isObject(rule)) throw new Error('A rule that the document calls valid is no object.');
    requireRoom([rule], true, 0);
    refuse(judgeRule(rule, apis));
    return rule;
  }

  return {
    readFaults: ({ path }) => ({ status: 200, body: found(path.name).faults.rules.map(describe) }),
    addFault: ({ path, body }) => {
      const { name, faults } = found(path.name);
      const rule = judged(body);
      if (body.name !== undefined && faults.find(body.name) !== undefined) throw taken(body.name);
      if (faults.rules.length >= limits.faults) throw tooMany(limits.faults);
      const added = faults.add(rule);
      const Location = `/_sandbox/workspaces/${encodeURIComponent(name)}/faults/${added.name}`;
      return { status: 201, body: describe(added), headers: { Location } };
    },
    replaceFaults: ({ path, body }) => {
      const { faults } = found(path.name);
      const rules: readonly unknown[] = body;
      const objects = rules.filter(isObject);
      if (objects.length > limits.faults) throw tooMany(limits.faults);
      requireRoom(objects, false, faults.bytes);
      refuse(judgeRules(objects, apis));
      return { status: 200, body: faults.replace(objects).map(describe) };
    },
    clearFaults: ({ path }) => {
      found(path.name).faults.replace([]);
      return { status: 204, body: undefined };
    },
    removeFault: ({ path }) => {
      const { faults } = found(path.name);
      const names = faults.rules.map(({ name }) => name).join(', ');
      if (!faults.remove(path.fault)) throw noFault(path.fault, names);
      return { status: 204, body: undefined };
    },
  } satisfies Handlers;
}

function refuse(complaints: readonly RuleComplaint[]): void {
  if (complaints.length === 0) return;
  const details = complaints.map(({ pointer, rule, message }) => ({ in: 'body', pointer, rule, message }) as const);
  throw new Problem('invalid-request', { details });
}

function describe({ name, json, matched, struck }: Rule): components['schemas']['Fault'] {
  if (!isWrittenRule(json)) throw new Error(`The fault ${name} is kept although it breaks its schema.`);
  return { name, matched, struck, rule: json };
}

function taken(name: string): Problem {
  const message = `There is a fault ${name} already. Choose another name, or take it away first.`;
  return new Problem('conflict', { details: [{ in: 'body', pointer: '/name', rule: 'unique', message }] });
}

function tooMany(most: number): Problem {
  return new Problem('too-many', { message: `A workspace has at most ${most} faults. Take one away first.` });
}

function tooLong(pointer: string, most: number): Problem {
  const message = `A fault has at most ${most} bytes as JSON (limits.faultBytes).`;
  return new Problem('content-too-large', { details: [{ in: 'body', pointer, rule: 'limit', message }] });
}

function noFault(name: string, names: string): Problem {
  const message = `There is no fault ${name}. ${names === '' ? 'The workspace has none' : `Known are ${names}`}.`;
  return new Problem('not-found', { details: [{ in: 'path', pointer: '/fault', rule: 'exists', message }] });
}
