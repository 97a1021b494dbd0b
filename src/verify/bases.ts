/**
 * Requests that the document itself shows, or that are made from its schemas: the ones that all others are variations of.
 */
import { type Operation, object, type Parameter, text } from '../document.js';
import { generateRequest } from '../generate.js';
import { canStandInHeader } from '../header-text.js';
import type { JsonObject, JsonValue } from '../json.js';
import { valueAt } from '../json-pointer.js';
import { isSendable } from '../media-type.js';
import type { VerifiedContract } from './contract.js';
import { type Draft, textOf } from './request.js';
import { generationTime } from './sites.js';

/** A request to begin from. */
export interface Base extends Draft {
  /** The name of the example; `generated` for one that the document does not show. */
  readonly name: string;
}

/** Requests to begin from, the likeliest to be accepted first: examples of the document, then one made from its schemas. */
export function bases(contract: VerifiedContract, operation: Operation): readonly Base[] {
  const { document } = contract;
  const media = [...(operation.requestBody?.content ?? [])].find(([mediaType]) => isSendable(mediaType));
  const wish = object(document.root['x-first-request']);
  const first = wish.operationId === operation.operationId ? text(wish.example, '') : '';
  const parts = parametersOf(contract, operation, object(wish.parameters));
  if (media === undefined) return [{ name: 'parameters', operation, values: parts }];
  const [mediaType, { schema, examples }] = media;
  const shown = [...examples]
    .sort(([left], [right]) => Number(right === first) - Number(left === first))
    .map(([name, { value }]) => [name, value] as const);
  const made = generateRequest(schema, document.resolve, generationTime);
  return [...shown, ['generated', made] as const].map(([name, body]) => ({
    name,
    operation,
    mediaType,
    values: { ...parts, body },
  }));
}

/** Headers that make a request hang on the state of a thing, which no example knows; and what holds always, if anything does. */
const conditions: ReadonlyMap<string, { readonly always?: string }> = new Map([
  ['if-match', { always: '*' }],
  ['if-none-match', {}],
  ['if-modified-since', {}],
  ['if-unmodified-since', {}],
]);

/** Whether a value can stand in a place of a request: one that the document shows for a header may be no Latin-1. */
function canStand(place: Parameter['in'], value: JsonValue): boolean {
  return (place !== 'header' && place !== 'cookie') || canStandInHeader(textOf(value));
}

/** Parameters by their examples, defaults and schemas: those that must be sent, and those that the document shows a value of. */
function parametersOf({ document }: VerifiedContract, operation: Operation, wished: JsonObject): JsonObject {
  const parts: Record<Parameter['in'], [string, JsonValue][]> = { path: [], query: [], header: [], cookie: [] };
  for (const { name, in: place, required, schema, example } of operation.parameters) {
    const condition = place === 'header' ? conditions.get(name.toLowerCase()) : undefined;
    const shown = condition?.always ?? example ?? (place === 'path' ? valueAt(wished, [name]) : undefined);
    if (!required && (shown === undefined || condition !== undefined)) continue;
    const unshown = { ...document.resolve(schema), example: undefined, default: undefined };
    const made = [schema, unshown].map((each) => generateRequest(each, document.resolve, generationTime));
    const value = [...(shown === undefined ? [] : [shown]), ...made].find((each) => canStand(place, each));
    if (value !== undefined) parts[place].push([name, value]);
  }
  return Object.fromEntries(Object.entries(parts).map(([place, members]) => [place, Object.fromEntries(members)]));
}
