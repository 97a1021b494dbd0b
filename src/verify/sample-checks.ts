/**
 * Whether an answer is the documented sample: the same value everywhere but where a deviation is listed, or, on a server of
 * other data, the same shape and types.
 */
import { isArray, isNumberText, isObject, type JsonValue, stringify } from '../json.js';
import type { Expectation, Failure, WireResponse } from './case.js';
import { readJson } from './read-json.js';

/** Every place where the answer is not the sample, and, where values count, every deviation that was not needed. */
export function sampleFailures(
  { response, deviations, exact }: Extract<Expectation, { kind: 'sample' }>,
  { status, text }: WireResponse,
  documented: string,
): readonly Failure[] {
  const failure = (pointer: string, message: string): Failure => ({
    check: 'sample_exactness',
    pointer,
    message,
    documented,
  });
  if (status >= 400) return [failure('', `Received ${status}; documented: the sample's success.`)];
  const received = readJson(text);
  if (received instanceof Error) return [failure('', `Received no JSON: ${received.message}`)];
  if (!exact) return shapeDifferences(response, received, '').map(([pointer, message]) => failure(pointer, message));
  const different = differences(response, received);
  const listed = deviations.map(({ pointer }) => pointer);
  const cover = (pointer: string) => listed.find((each) => pointer === each || pointer.startsWith(`${each}/`));
  const needed = new Set(different.map(({ pointer }) => cover(pointer)));
  return [
    ...different
      .filter(({ pointer }) => cover(pointer) === undefined)
      .map((each) =>
        failure(each.pointer, `Received ${each.received ?? 'nothing'}; documented ${each.documented ?? 'nothing'}.`),
      ),
    ...listed
      .filter((pointer) => !needed.has(pointer))
      .map((pointer) => failure(pointer, 'Received the documented value; the listed deviation is not needed.')),
  ];
}

/** A leaf that is otherwise in two values, as JSON text. */
export interface LeafDifference {
  readonly pointer: string;
  readonly documented: string | undefined;
  readonly received: string | undefined;
}

/** The leaves that differ, numbers by their text. */
export function differences(documented: JsonValue, received: JsonValue): readonly LeafDifference[] {
  const [left, right] = [leaves(documented), leaves(received)];
  return [...new Set([...left.keys(), ...right.keys()])]
    .filter((pointer) => left.get(pointer) !== right.get(pointer))
    .map((pointer) => ({ pointer, documented: left.get(pointer), received: right.get(pointer) }));
}

/** Every leaf of a value by its pointer; empty arrays and objects are leaves. */
function leaves(value: JsonValue, pointer = ''): ReadonlyMap<string, string> {
  const inner: readonly (readonly [string | number, JsonValue | undefined])[] = isArray(value)
    ? value.map((element, index) => [index, element] as const)
    : isObject(value)
      ? Object.entries(value)
      : [];
  if (inner.length === 0) return new Map([[pointer, stringify(value)]]);
  return new Map(inner.flatMap(([name, member]) => [...leaves(member ?? null, `${pointer}/${name}`)]));
}

/** Where the types of two values differ, or a member is missing. An empty list, or a null, tells nothing of what could be there. */
function shapeDifferences(documented: JsonValue, received: JsonValue, pointer: string): (readonly [string, string])[] {
  if (documented === null || received === null) return [];
  const [wanted, given] = [typeName(documented), typeName(received)];
  if (wanted !== given) return [[pointer, `Received ${given}; documented ${wanted}.`]];
  if (isArray(documented) && isArray(received)) {
    const [first] = documented;
    return first === undefined
      ? []
      : received.flatMap((each, index) => shapeDifferences(first, each, `${pointer}/${index}`));
  }
  if (!isObject(documented) || !isObject(received)) return [];
  return Object.entries(documented).flatMap(([name, member]) => {
    const at = `${pointer}/${name}`;
    const other = received[name];
    return other === undefined
      ? [[at, 'Received nothing; documented in the sample.'] as const]
      : shapeDifferences(member ?? null, other, at);
  });
}

function typeName(value: JsonValue): string {
  if (isNumberText(value) || typeof value === 'number') return 'a number';
  if (isArray(value)) return 'an array';
  if (isObject(value)) return 'an object';
  return value === null ? 'null' : `a ${typeof value}`;
}
