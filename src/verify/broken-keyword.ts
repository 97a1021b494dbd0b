/**
 * Where in a document the keyword stands that a value breaks.
 */
import { type ApiDocument, object } from '../document.js';
import { isArray, isObject, type JsonObject, type JsonValue } from '../json.js';

/** Schemas refer to themselves and to many others: so many are looked at, no document needs more. */
const mostSchemas = 1_000;

/** What is wrong with a value, as the validator tells it. */
interface Broken {
  /** JSON pointer to the part of the value. */
  readonly pointer: string;
  /** The keyword. */
  readonly rule: string;
}

/**
 * JSON pointer to the keyword that a part of a value breaks, `schema` standing at `at`. Where alternatives leave open which
 * of them was meant, or the keyword stands nowhere, the pointer to what is known: the schema of the part, or of what it is
 * part of.
 */
export function brokenKeyword(document: ApiDocument, schema: JsonValue, at: string, broken: Broken): string {
  const [, ...tokens] = broken.pointer.split('/');
  return find(document, schema, at, tokens, broken.rule, { schemas: mostSchemas }).at;
}

/** How far a search came. */
interface Found {
  readonly at: string;
  /** How many tokens it did not come to; less than none where it found the keyword. */
  readonly left: number;
}

function find(
  document: ApiDocument,
  node: JsonValue,
  given: string,
  tokens: readonly string[],
  rule: string,
  left: { schemas: number },
): Found {
  const at = isObject(node) && typeof node.$ref === 'string' ? node.$ref.replace(/^#/, '') : given;
  const schema = document.resolve(node);
  const here: Found = { at, left: tokens.length };
  if (left.schemas-- <= 0) return here;
  const [token, ...rest] = tokens;
  if (token === undefined && schema[rule] !== undefined) return { at: `${at}/${rule}`, left: -1 };
  const part = token === undefined ? undefined : partOf(schema, token);
  const own = part && find(document, part.node, `${at}/${part.name}`, rest, rule, left);
  const among = (keyword: 'allOf' | 'oneOf' | 'anyOf') => {
    const parts = schema[keyword];
    return (isArray(parts) ? parts : []).map((each, index) =>
      find(document, each, `${at}/${keyword}/${index}`, tokens, rule, left),
    );
  };
  const chosen = [...among('oneOf'), ...among('anyOf')].filter((each) => each.left < 0);
  const found = [here, ...(own === undefined ? [] : [own]), ...among('allOf'), ...(chosen.length === 1 ? chosen : [])];
  return found.reduce((best, each) => (each.left < best.left ? each : best));
}

/** What a schema says of a member or an element, and under which name. */
function partOf(schema: JsonObject, token: string): { readonly node: JsonValue; readonly name: string } | undefined {
  const property = object(schema.properties)[token.replaceAll('~1', '/').replaceAll('~0', '~')];
  if (property !== undefined) return { node: property, name: `properties/${token}` };
  for (const name of ['items', 'additionalProperties'] as const) {
    const node = schema[name];
    if (isObject(node) && (name !== 'items' || /^\d+$/.test(token))) return { node, name };
  }
  return undefined;
}
