/**
 * The control API's operations on a workspace's faults: list, add, replace, take away.
 */
import type { components, operations } from '../../specs/_sandbox/openapi.js';
import type { ApiDefinition } from '../api.js';
import { isWrittenRule, judgeRule, judgeRules, type RuleComplaint } from '../faults/judge.js';
import type { Rule } from '../faults/rule.js';
import { isObject, type JsonObject } from '../json.js';
import { Problem } from '../problem.js';
import type { Workspace } from '../store/workspace.js';
import type { Steered } from './handlers.js';

type Handlers = ApiDefinition<operations, object>['handlers'];

/** The handlers of faults. `found` gives the workspace of a name, or throws. */
export function faultHandlers({ apis, limits }: Steered, found: (name: string) => Workspace) {
  /** @throws {Problem} `invalid-request` with all that is wrong with a rule */
  function judged(rule: unknown): JsonObject {
    if (!isObject(rule)) throw new Error('A rule that the document calls valid is no object.');
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
      refuse(judgeRules(objects, apis));
      if (objects.length > limits.faults) throw tooMany(limits.faults);
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

function noFault(name: string, names: string): Problem {
  const message = `There is no fault ${name}. ${names === '' ? 'The workspace has none' : `Known are ${names}`}.`;
  return new Problem('not-found', { details: [{ in: 'path', pointer: '/fault', rule: 'exists', message }] });
}
