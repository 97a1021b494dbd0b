/**
 * Schemas that no finite value is valid by: a node that must have a node that must have a node.
 */
import { isArray, isNumberText, isObject, type JsonObject, type JsonValue } from './json.js';
import { valueAt } from './json-pointer.js';

/** The references among these whose schemas demand themselves without end. Schemas are those of the engine's own words. */
export function endlessSchemas(schemas: ReadonlyMap<string, JsonObject>): readonly string[] {
  const open = new Set(schemas.keys());
  // A schema ends if all that it demands does; so each that does may show that others do.
  for (let before = -1; before !== open.size; ) {
    before = open.size;
    for (const reference of open) if (ends(schemas.get(reference), open)) open.delete(reference);
  }
  return [...open];
}

/** Whether a schema has a finite value, as far as is known: those behind the open references have none. */
function ends(node: JsonValue | undefined, open: ReadonlySet<string>): boolean {
  if (!isObject(node)) return true;
  if (typeof node.$ref === 'string') return !open.has(node.$ref);
  if (node.nullable === true || isArray(node.enum)) return true;
  const all = (nodes: JsonValue | undefined) => !isArray(nodes) || nodes.every((each) => ends(each, open));
  const some = (nodes: JsonValue | undefined) => !isArray(nodes) || nodes.some((each) => ends(each, open));
  if (!all(node.allOf) || !some(node.anyOf) || !some(node.oneOf)) return false;
  // What holds for objects or lists alone asks nothing of other values.
  if (node.type === 'array') return !(isAboveZero(node.minItems) && !ends(node.items, open));
  if (node.type !== 'object' || !isArray(node.required)) return true;
  return node.required.every((name) => ends(valueAt(node, ['properties', String(name)]), open));
}

function isAboveZero(value: JsonValue | undefined): boolean {
  return typeof value === 'number' ? value > 0 : isNumberText(value);
}
