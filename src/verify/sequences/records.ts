/**
 * Records as lists and answers show them, and when a value counts as kept.
 */
import { isArray, isNumberText, isObject, type JsonValue, stringify } from '../../json.js';
import { compare } from '../../money.js';
import { type Key, keyOfRecord, type Resource } from '../resources.js';
import { amount } from '../values.js';
import type { Step } from './steps.js';

/** What a list shows. */
export interface Listed {
  /** The answer, of several pages the last. */
  readonly step: Step;
  readonly records: readonly JsonValue[];
  readonly keys: readonly Key[];
}

/** The keys that are not among others; of either there may be a hundred thousand. */
export function without(keys: readonly Key[], others: readonly Key[]): readonly Key[] {
  const known = new Set(others);
  return keys.filter((key) => !known.has(key));
}

/** Records with their keys. */
export function listed(resource: Resource, step: Step, records: readonly JsonValue[]): Listed {
  const keys = records.map((record) => keyOfRecord(resource, record)).filter((key) => key !== undefined);
  return { step, records, keys };
}

/** The number of all that a list says that there are; undefined if it says none. */
export function totalOf({ body }: Step): number | undefined {
  for (const part of [body, ...(isObject(body) ? Object.values(body) : [])]) {
    if (!isObject(part)) continue;
    const [, total] =
      Object.entries(part).find(([name]) => /^(?:total|totalcount|total_count|totalItems)$/i.test(name)) ?? [];
    if (typeof total === 'number') return total;
  }
  return undefined;
}

/** Whether a list says that there is more than these. */
export function saysMore(step: Step, records: readonly JsonValue[]): boolean {
  return (totalOf(step) ?? 0) > records.length;
}

/** A scalar as a query says it: a list of one, or of none. */
export function textsOf(value: JsonValue | undefined): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'number' || typeof value === 'boolean' || isNumberText(value) ? [stringify(value)] : [];
}

/** Whether a value was kept: numbers by their amount, instants however they are written, objects by the members that were sent. */
export function alike(sent: JsonValue, stored: JsonValue): boolean {
  const [left, right] = [amount(sent), amount(stored)];
  if (left !== undefined && right !== undefined) return compare(left, right) === 0;
  if (typeof sent === 'string' && typeof stored === 'string') {
    return sent === stored || (/^\d{4}-\d\d-\d\d/.test(sent) && Date.parse(sent) === Date.parse(stored));
  }
  if (isArray(sent) && isArray(stored)) {
    return sent.length === stored.length && sent.every((each, index) => alike(each, stored[index] ?? null));
  }
  if (!isObject(sent) || !isObject(stored)) return sent === stored;
  return Object.entries(sent).every(([name, member]) => {
    const other = stored[name];
    return member === undefined || other === undefined || alike(member, other);
  });
}
