/**
 * Values as a server reads them off a form or a structured parameter, where everything is text: `12` that was sent for a text
 * is a text.
 */
import { type ApiDocument, object } from '../document.js';
import { isArray, isObject, type JsonValue, stringify } from '../json.js';
import { typedText } from '../parameters.js';
import type { SiteFinder } from './sites.js';

/** Each text, number and flag of a value as its schema asks for it. */
export function asRead(
  document: ApiDocument,
  sites: SiteFinder,
  node: JsonValue | undefined,
  value: JsonValue,
): JsonValue {
  const { schema } = sites.placeOf(node, value);
  if (isArray(value)) return value.map((each) => asRead(document, sites, schema.items, each));
  if (!isObject(value)) return typedText(document, schema, typeof value === 'string' ? value : stringify(value));
  const properties = object(schema.properties);
  const members = Object.entries(value).map(([name, member]) => {
    const own = properties[name] ?? object(schema.additionalProperties);
    return [name, asRead(document, sites, own, member ?? null)] as const;
  });
  return Object.fromEntries(members);
}
