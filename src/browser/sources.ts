/**
 * An API's document for readers: where each behaviour comes from (`x-source`) and the rules that no schema can say (`x-rules`)
 * become part of the descriptions, which every viewer shows; and examples whose numbers a viewer would write in its own way
 * become the texts that they are.
 */
import { holdsNumberText, isArray, isObject, type JsonObject, type JsonValue, stringify } from '../json.js';

const words: Readonly<Record<string, string>> = {
  seed: "the vendor's documentation",
  public: 'public',
  framework: 'the framework that the vendor builds on',
  assumed: 'assumed',
};

/** `server`: the sandbox's URL of the api, which alone can be tried. */
export function withSources(document: JsonObject, server: string): JsonObject {
  const told = members(document);
  const components = isObject(told.components) ? told.components : {};
  const schemes = isObject(components.securitySchemes) ? components.securitySchemes : {};
  const shown = Object.fromEntries(Object.entries(schemes).map(([name, scheme]) => [name, asHeader(scheme)]));
  return {
    ...told,
    servers: [{ url: server, description: 'This sandbox.' }],
    components: { ...components, securitySchemes: shown },
  };
}

/**
 * A viewer makes of `Basic` a user's name and password in Base64, and a vendor may want something else behind that word: the
 * whole header is shown in its place, and filled in.
 */
function asHeader(scheme: JsonValue | undefined): JsonValue | undefined {
  if (!isObject(scheme) || scheme.type !== 'http' || scheme.scheme === 'bearer') return scheme;
  const { description } = scheme;
  return { type: 'apiKey', in: 'header', name: 'Authorization', ...(description === undefined ? {} : { description }) };
}

function members(node: JsonObject): JsonObject {
  const copied = Object.fromEntries(Object.entries(node).map(([name, each]) => [name, copy(name, each)]));
  const told = [sourceOf(node['x-source']), rulesOf(node['x-rules']), noteOf(node.content)].filter(
    (each) => each !== '',
  );
  if (told.length === 0) return copied;
  const own = typeof node.description === 'string' ? [node.description] : [];
  return { ...copied, description: [...own, ...told].join('\n\n') };
}

function copy(name: string, value: JsonValue | undefined): JsonValue | undefined {
  if (name === 'x-source' || name === 'x-rules') return value;
  if (name === 'examples' && isObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, example]) => [key, exact(example)]));
  }
  if (isArray(value)) return value.map((each) => (isObject(each) ? members(each) : each));
  return isObject(value) ? members(value) : value;
}

/** An example whose value is the text that goes over the wire. */
function exact(example: JsonValue | undefined): JsonValue | undefined {
  if (!isObject(example) || example.value === undefined || typeof example.value === 'string') return example;
  return { ...example, value: stringify(example.value, 2) };
}

/** What a reader must know of examples that the viewer shows in its own way: it writes 8.0 as 8. */
function noteOf(content: JsonValue | undefined): string {
  if (!isObject(content) || !holdsNumberText(content)) return '';
  return 'The viewer may show numbers of an example in its own way, 8.0 as 8; they are sent as they stand in the document.';
}

function sourceOf(source: JsonValue | undefined): string {
  if (!isObject(source)) return '';
  const from = words[String(source.from)] ?? String(source.from);
  const told = [source.see, source.because].filter((each) => typeof each === 'string');
  return `Source: ${from}${told.length === 0 ? '' : ` (${told.map(plain).join('; ')})`}.`;
}

function rulesOf(rules: JsonValue | undefined): string {
  if (!isArray(rules) || rules.length === 0) return '';
  const lines = rules
    .filter(isObject)
    .map((rule) => `- **${plain(String(rule.id))}**: ${String(rule.rule).trim()} ${sourceOf(rule['x-source'])}`);
  return ['**Rules that no schema can say**', ...lines].join('\n');
}

/** A text that Markdown leaves as it is. */
function plain(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|~]/g, '\\$&');
}
