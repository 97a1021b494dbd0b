/**
 * What a document states, thing by thing: its operations, credentials, parameters, responses, rules, and the properties of what
 * goes over the wire, each with where it comes from (`x-source`, its own or that of the nearest part around it).
 *
 * The records that the sandbox keeps (`…Record`) are none of it: a client never sees them.
 */
import { operationsOf } from '../outside/exchanges.mjs';

/** The kinds of things, in the order in which they are told. */
export const kinds = [
  'operation',
  'credential',
  'parameter',
  'request property',
  'answer property',
  'response',
  'rule',
];

const escaped = (name) => String(name).replaceAll('~', '~0').replaceAll('/', '~1');
const fromToken = (name) => name.replaceAll('~1', '/').replaceAll('~0', '~');

/** What stands at a pointer. */
export function at(document, pointer) {
  const names = pointer.split('/').slice(1).map(fromToken);
  return names.reduce((node, name) => node?.[name], document);
}

/** A node and where it stands, its reference followed. */
export function place(document, pointer) {
  const node = at(document, pointer);
  return typeof node?.$ref === 'string' ? place(document, node.$ref.slice(1)) : { node, pointer };
}

/** The sources of the part at a pointer, or of the nearest part around it; none if there is none. */
function sourcesOf(document, pointer) {
  for (let here = pointer; here !== ''; here = here.slice(0, here.lastIndexOf('/'))) {
    const source = at(document, here)?.['x-source'];
    if (source !== undefined) return [source].flat();
  }
  return [];
}

/** The sources of a property: a shared type that is one value says more of it than what it stands in. */
function sourcesOfProperty(document, pointer) {
  const { node, pointer: own } = place(document, pointer);
  const isValue = node.type !== 'object' && node.type !== 'array' && node.properties === undefined;
  return sourcesOf(document, isValue && node['x-source'] !== undefined ? own : pointer);
}

/** Everything that a document states. */
export function statementsOf(document) {
  const found = new Map();
  const add = (kind, pointer, name, more = {}) => {
    const key = `${kind} ${more.id ?? pointer}`;
    const known = found.get(key);
    if (known === undefined)
      found.set(key, {
        kind,
        pointers: [pointer],
        name,
        sources: more.sources ?? sourcesOf(document, pointer),
        ...more,
      });
    else known.pointers.push(pointer);
  };
  for (const { path, method } of operationsOf(document)) {
    const pointer = `/paths/${escaped(path)}/${method.toLowerCase()}`;
    const operation = at(document, pointer);
    add('operation', pointer, `\`${method} ${path}\``);
    const parameters = [`/paths/${escaped(path)}/parameters`, `${pointer}/parameters`];
    for (const list of parameters) {
      for (const index of (at(document, list) ?? []).keys()) {
        const { node, pointer: own } = place(document, `${list}/${index}`);
        add('parameter', own, `\`${node.name}\` (${node.in})`);
      }
    }
    const body = place(document, `${pointer}/requestBody`);
    for (const type of Object.keys(body.node?.content ?? {})) {
      addProperties(document, `${body.pointer}/content/${escaped(type)}/schema`, (own, name) =>
        add('request property', own, name, { sources: sourcesOfProperty(document, own) }),
      );
    }
    for (const status of Object.keys(operation.responses)) addResponse(document, `${pointer}/responses/${status}`, add);
    for (const [index, { id, rule }] of (operation['x-rules'] ?? []).entries()) {
      add('rule', `${pointer}/x-rules/${index}`, `**${id}**: ${rule.trim()}`, { id });
    }
  }
  for (const status of Object.keys(document['x-refusals'] ?? {})) addResponse(document, `/x-refusals/${status}`, add);
  for (const name of Object.keys(document.components.securitySchemes)) {
    add('credential', `/components/securitySchemes/${name}`, `\`${name}\``);
  }
  return [...found.values()].sort((left, right) => kinds.indexOf(left.kind) - kinds.indexOf(right.kind));
}

function addResponse(document, pointer, add) {
  const { node, pointer: own } = place(document, pointer);
  add('response', own, `**${pointer.slice(pointer.lastIndexOf('/') + 1)}** ${node.description.trim()}`);
  for (const type of Object.keys(node.content ?? {})) {
    addProperties(document, `${own}/content/${escaped(type)}/schema`, (property, name) =>
      add('answer property', property, name, { sources: sourcesOfProperty(document, property) }),
    );
  }
}

/** Every property that a schema leads to, by its name within its component. */
function addProperties(document, pointer, add, seen = new Set(), name = '') {
  const { node, pointer: own } = place(document, pointer);
  if (node === undefined || seen.has(own)) return;
  seen.add(own);
  const component = /^\/components\/schemas\/([^/]+)$/.exec(own)?.[1];
  const within = component ?? name;
  for (const [property] of Object.entries(node.properties ?? {})) {
    const full = `${within}.${property}`;
    add(`${own}/properties/${escaped(property)}`, full);
    addProperties(document, `${own}/properties/${escaped(property)}`, add, seen, full);
  }
  if (node.items !== undefined) addProperties(document, `${own}/items`, add, seen, within);
  if (typeof node.additionalProperties === 'object') {
    addProperties(document, `${own}/additionalProperties`, add, seen, within);
  }
  for (const keyword of ['allOf', 'anyOf', 'oneOf']) {
    for (const index of (node[keyword] ?? []).keys())
      addProperties(document, `${own}/${keyword}/${index}`, add, seen, within);
  }
}

/** Where the document states the property that a pointer into a value leads to; `undefined` if it leads to none. */
export function propertyAt(document, schema, tokens, property = undefined) {
  const { node, pointer } = place(document, schema);
  const [token, ...rest] = tokens;
  if (token === undefined || node === undefined) return property;
  if (node.properties !== undefined && Object.hasOwn(node.properties, token)) {
    const own = `${pointer}/properties/${escaped(token)}`;
    return propertyAt(document, own, rest, own);
  }
  if (node.items !== undefined && /^\d+$/.test(token)) return propertyAt(document, `${pointer}/items`, rest, property);
  for (const keyword of ['allOf', 'anyOf', 'oneOf']) {
    for (const index of (node[keyword] ?? []).keys()) {
      const found = propertyAt(document, `${pointer}/${keyword}/${index}`, tokens);
      if (found !== undefined) return found;
    }
  }
  return property;
}

/** The properties of a document that a body has, each with whether it is more than null; `tell` may be told one twice. */
export function walkBody(document, pointer, value, tell) {
  const { node, pointer: own } = place(document, pointer);
  if (node === undefined || typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    if (node.items !== undefined) for (const each of value) walkBody(document, `${own}/items`, each, tell);
  } else {
    for (const [name, each] of Object.entries(value)) {
      const property = `${own}/properties/${escaped(name)}`;
      if (node.properties !== undefined && Object.hasOwn(node.properties, name)) {
        tell(property, each !== null);
        walkBody(document, property, each, tell);
      } else if (typeof node.additionalProperties === 'object') {
        walkBody(document, `${own}/additionalProperties`, each, tell);
      }
    }
  }
  for (const index of (node.allOf ?? []).keys()) walkBody(document, `${own}/allOf/${index}`, value, tell);
  for (const keyword of ['anyOf', 'oneOf']) {
    for (const index of (node[keyword] ?? []).keys()) {
      const alternative = `${own}/${keyword}/${index}`;
      if (isMeant(document, alternative, value)) walkBody(document, alternative, value, tell);
    }
  }
}

/** Whether an alternative may be the one that a value is: the value has what it requires. */
function isMeant(document, pointer, value) {
  const { node } = place(document, pointer);
  if (node.type === 'array' || node.type === 'object') {
    if (Array.isArray(value) !== (node.type === 'array')) return false;
  }
  return (node.required ?? []).every((name) => Object.hasOwn(value, name));
}
