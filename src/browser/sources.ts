/**
 * An API's document for readers: where each behaviour comes from (`x-source`) and the rules that no schema can say (`x-rules`)
 * become part of the descriptions, which every viewer shows; and examples whose numbers a viewer would write in its own way
 * become the texts that they are.
 */
import { isArray, isObject, type JsonObject, type JsonValue, stringify } from '../json.js';

const words: Readonly<Record<string, string>> = {
  seed: "the vendor's documentation",
  public: 'public',
  framework: 'the framework that the vendor builds on',
  assumed: 'assumed',
};

/** `server`: the sandbox's URL of the api, which alone can be tried. */
export function withSources(document: JsonObject, server: string): JsonObject {
  return { ...members(document), servers: [{ url: server, description: 'This sandbox.' }] };
}

function members(node: JsonObject): JsonObject {
  const copied = Object.fromEntries(Object.entries(node).map(([name, each]) => [name, copy(name, each)]));
  const told = [sourceOf(node['x-source']), rulesOf(node['x-rules'])].filter((each) => each !== '');
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

function sourceOf(source: JsonValue | undefined): string {
  if (!isObject(source)) return '';
  const from = words[String(source.from)] ?? String(source.from);
  const see = typeof source.see === 'string' ? `: ${source.see}` : '';
  const because = typeof source.because === 'string' ? `${see === '' ? ':' : ';'} ${source.because}` : '';
  return `*Source, ${from}${see}${because}.*`;
}

function rulesOf(rules: JsonValue | undefined): string {
  if (!isArray(rules) || rules.length === 0) return '';
  const lines = rules
    .filter(isObject)
    .map((rule) => `- **${String(rule.id)}**: ${String(rule.rule).trim()} ${sourceOf(rule['x-source'])}`);
  return ['**Rules that no schema can say**', ...lines].join('\n');
}
