/**
 * Links are followed: what an answer leads to is there, and a link that cannot lead anywhere is told.
 */
import type { Operation } from '../../document.js';
import { follow, linkFaults, linksOf, linksOfSuccess, type PlacedLink, parameterOf } from '../links.js';
import { isAbout, type Key } from '../resources.js';
import type { Step, Steps } from './steps.js';

/** Statuses that say that there is nothing. */
const nothingThere = new Set([404, 410]);

/** Follows the links of an answer that only read; tells of all that are wrong. */
export async function followReading(steps: Steps, from: Step): Promise<void> {
  for (const placed of linksFrom(steps, from)) {
    for (const fault of linkFaults(placed)) tellWrong(steps, from, placed, fault);
    if (isReading(placed.target)) await followLink(steps, placed, from);
  }
}

/** Follows the links of a creation that do something to what was made, and that no other sequence follows: each to a new one. */
export async function followActing(steps: Steps): Promise<void> {
  const { create, parameters } = steps.resource;
  for (const { name, target } of linksOfSuccess(steps.sequence.contract.document, create)) {
    if (target === undefined || isReading(target) || parameters.has(target)) continue;
    const from = await steps.send(create, 'create for a link');
    const placed = from && linksFrom(steps, from).find((each) => each.name === name);
    if (from !== undefined && placed !== undefined) await followLink(steps, placed, from);
  }
}

/** What links lead to is about a deleted thing no more. */
export async function followToDeleted(steps: Steps, made: Step, key: Key, gone: string): Promise<void> {
  for (const placed of linksFrom(steps, made)) {
    const { target } = placed;
    if (target === undefined || !isReading(target) || steps.resource.parameters.has(target)) continue;
    const values = steps.values(target);
    const { values: linked } = follow(placed, values ?? {}, made);
    if (values === undefined || !Object.values(Object(linked.path)).some((value) => String(value) === key)) continue;
    const step = await steps.askWith(target, `follow ${placed.name} after delete`, linked);
    if (step === undefined || step.response.status >= 300 || !isAbout(steps.resource, step.body, key)) continue;
    steps.fail(
      step,
      'use_after_free',
      `${gone}, and ${target.operationId} still gives ${step.response.status} with it.`,
    );
  }
}

function linksFrom({ sequence: { contract } }: Steps, { operation, response }: Step): readonly PlacedLink[] {
  return linksOf(contract.document, operation, response.status);
}

function isReading(target: Operation | undefined): boolean {
  return target?.method === 'GET' || target?.method === 'HEAD';
}

async function followLink(steps: Steps, placed: PlacedLink, from: Step): Promise<void> {
  const { target, link, name } = placed;
  const values = target && steps.values(target);
  if (target === undefined || values === undefined) return;
  const followed = follow(placed, values, from);
  if (followed.nothing.length > 0) {
    tellWrong(steps, from, placed, `gives nothing for ${followed.nothing.join(', ')}`);
    return;
  }
  const step = await steps.askWith(target, `follow ${name}`, followed.values);
  const given = Object.keys(link.parameters).map((each) => parameterOf(target, each));
  // What else the path names, the link does not promise.
  const isWhole = target.parameters.every((each) => each.in !== 'path' || given.includes(each));
  if (step === undefined || !isWhole || !nothingThere.has(step.response.status)) return;
  const message = `${from.operation.operationId} links to ${target.operationId} (${name}), and that gives ${step.response.status}.`;
  steps.fail(step, 'ensure_resource_availability', message);
}

function tellWrong(steps: Steps, from: Step, { name, documented }: PlacedLink, fault: string): void {
  steps.fail(from, 'link_conformance', `The link ${name} ${fault}.`, documented);
}
