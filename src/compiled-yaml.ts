/**
 * YAML files as JSON, which is read in a tenth of the time, and without yaml being loaded. The build makes JSON of each
 * document and scenario, under a name that its text gives: what was changed since is not found there, and read as it is. A
 * file that holds JSON already, which is YAML too, is read as that.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isArray, isObject, JsonTooLarge, type JsonValue, MalformedJson, membersWritten, parse } from './json.js';
import { root } from './paths.js';
import { readText, readYaml, type YamlFile } from './yaml.js';

/** Where the build puts what it makes. */
export const compiledDirectory = join(root, 'dist', 'compiled');

/** The name of the JSON that is made of a YAML text. */
export function compiledName(yaml: string): string {
  return `${createHash('sha256').update(yaml).digest('hex').slice(0, 32)}.json`;
}

/** Reads a file of YAML, by the JSON of it if there is any. @throws {FileError} if it cannot be read or is no YAML */
export function readCompiled(file: string): YamlFile {
  const value = asJson(readText(file));
  if (value === undefined) return readYaml(file);
  let yaml: YamlFile | undefined;
  return {
    file,
    value,
    position: (pointer) => {
      // Only a mistake is ever looked up.
      yaml ??= readYaml(file);
      return yaml.position(pointer);
    },
  };
}

/** The value of a text that is JSON, or that the build has made JSON of; undefined of any other. */
function asJson(text: string): JsonValue | undefined {
  if (/^\s*[{[]/.test(text)) return readJson(text);
  const compiled = join(compiledDirectory, compiledName(text));
  return existsSync(compiled) ? parse(readFileSync(compiled, 'utf8')) : undefined;
}

/** Undefined for what is no JSON, or none that YAML reads alike: it refuses a key that comes twice. */
function readJson(text: string): JsonValue | undefined {
  try {
    const value = parse(text);
    return countMembers(value) === membersWritten(text) ? value : undefined;
  } catch (error) {
    if (error instanceof MalformedJson || error instanceof JsonTooLarge) return undefined;
    throw error;
  }
}

function countMembers(value: JsonValue | undefined): number {
  if (isArray(value)) return value.reduce((sum: number, element) => sum + countMembers(element), 0);
  if (!isObject(value)) return 0;
  return Object.values(value).reduce((sum: number, member) => sum + 1 + countMembers(member), 0);
}
