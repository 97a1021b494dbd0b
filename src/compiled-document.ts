/**
 * Documents as JSON, which is read in a tenth of the time that YAML takes. The build makes one of each document, under a
 * name that its text gives: what was changed since is not found there, and read as it is.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from './json.js';
import { root } from './paths.js';
import { readYaml, type YamlFile } from './yaml.js';

/** Where the build puts them. */
export const compiledDirectory = join(root, 'dist', 'documents');

/** The name of a document's JSON. */
export function compiledName(yaml: string): string {
  return `${createHash('sha256').update(yaml).digest('hex').slice(0, 32)}.json`;
}

/** Reads a document's YAML, or the JSON that the build made of it. @throws {FileError} if it cannot be read or is no YAML */
export function readDocument(file: string): YamlFile {
  if (!existsSync(file)) return readYaml(file);
  const compiled = join(compiledDirectory, compiledName(readFileSync(file, 'utf8')));
  if (!existsSync(compiled)) return readYaml(file);
  let yaml: YamlFile | undefined;
  return {
    file,
    value: parse(readFileSync(compiled, 'utf8')),
    position: (pointer) => {
      // Only a mistake is ever looked up.
      yaml ??= readYaml(file);
      return yaml.position(pointer);
    },
  };
}
