/**
 * Every documented request as it is shown, with the answer that is shown for it.
 */
import { stringify } from '../../json.js';
import type { Sample } from '../../samples.js';
import type { Case } from '../case.js';
import type { VerifiedContract } from '../contract.js';
import { type Authority, render } from '../request.js';
import { operationPointer } from '../sites.js';
import { CaseList } from './case-list.js';

/** The cases of an api's samples. `exact`: whether values count, or shape and types alone. */
export function sampleCases(
  { document }: VerifiedContract,
  samples: readonly Sample[],
  authority: Authority,
  exact: boolean,
): readonly Case[] {
  return samples.flatMap(({ api, operationId, path, request, response, deviations, scenario }) => {
    const operation = document.operations.find((each) => each.operationId === operationId);
    if (operation === undefined || response === null) return [];
    const [mediaType] = operation.requestBody?.content.keys() ?? [];
    const draft = { operation, values: {}, ...(mediaType === undefined ? {} : { mediaType }) };
    const body = request === null ? {} : { body: stringify(request) };
    const wire = render(document, draft, authority, { path: path.slice(api.length + 1), ...body });
    const list = new CaseList('samples', operation);
    const documented = `${operationPointer(operation)}/responses`;
    const subject = { in: 'request', pointer: '', constraint: 'documented', documented };
    list.add(subject, wire, { kind: 'sample', response, deviations, exact }, scenario);
    return list.cases;
  });
}
