/**
 * What the engine's unit tests share: a document from a few lines of OpenAPI, and random numbers that a seed replays.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type ApiDocument, loadDocument, type Operation } from '../../src/document.js';
import type { ProblemDetail } from '../../src/problem.js';
import { Problem } from '../../src/problem.js';

/** A document of these parts: `paths`, `components`, in YAML as they stand in the file. */
export function makeDocument(parts: string): ApiDocument {
  const specs = mkdtempSync(join(tmpdir(), 'paydouble-engine-'));
  try {
    mkdirSync(join(specs, 'acme'));
    const head = "openapi: 3.0.3\ninfo: { title: Acme, version: '1' }\n";
    const paths = /^paths:/m.test(parts) ? '' : 'paths: {}\n';
    writeFileSync(join(specs, 'acme', 'openapi.yaml'), `${head}${paths}${parts}`);
    return loadDocument('acme', specs);
  } finally {
    rmSync(specs, { recursive: true });
  }
}

/** A document whose only contents are these component schemas, each on a line: `Money: { type: number }`. */
export function makeSchemas(lines: string): ApiDocument {
  return makeDocument(`components:\n  schemas:\n${indent(lines, 4)}\n`);
}

function indent(lines: string, by: number): string {
  const [first = ''] = lines.split('\n').filter((line) => line.trim() !== '');
  const had = first.length - first.trimStart().length;
  return lines
    .split('\n')
    .map((line) => ' '.repeat(by) + line.slice(had))
    .join('\n');
}

/** The document's operation of that id. */
export function operationOf(document: ApiDocument, operationId: string): Operation {
  const found = document.operations.find((operation) => operation.operationId === operationId);
  if (found === undefined) throw new Error(`The document has no operation ${operationId}.`);
  return found;
}

/** The problem that an action is refused with. */
export function refusal(action: () => unknown): Problem {
  try {
    action();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  return expect.fail('expected a Problem, none was thrown');
}

/** Details as `pointer rule`, for tables. */
export function places(details: readonly ProblemDetail[]): string[] {
  return details.map(({ pointer, rule }) => `${pointer} ${rule}`);
}

/** Random numbers of a seed (mulberry32): whole ones from 0 to one below `limit`. */
export function dice(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

/** The seed of this run's random tests: `SEED=7 npx vitest run test/engine` replays it. */
export const runSeed = Number(process.env.SEED ?? 20260101);
