/**
 * The documented samples: the cards in `specs/<api>/samples/`, with what it takes to send them.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Api, Scenarios } from './apis.js';
import { object, text } from './document.js';
import { isArray, type JsonObject, type JsonValue, parse } from './json.js';
import { credentialHeaders } from './security.js';
import { FileError, readYaml, type YamlFile } from './yaml.js';

/** A value of the answer that differs from the sample. */
export interface Deviation {
  readonly pointer: string;
  readonly reason: 'echo' | 'relation' | 'filler';
  readonly because: string;
}

export interface Sample {
  readonly api: string;
  readonly operationId: string;
  readonly method: string;
  /** On this server, parameters filled in: `/logisense/Payment/1`. */
  readonly path: string;
  readonly scenario: string;
  readonly headers: Readonly<Record<string, string>>;
  /** `null` if there is none. */
  readonly request: JsonValue;
  /** `null` if the vendor shows none. */
  readonly response: JsonValue;
  readonly deviations: readonly Deviation[];
}

/**
 * Reads every sample of an api.
 *
 * @throws {FileError} if a card names an operation, file or reason that does not exist
 */
export function readSamples(api: Api, scenarios: Scenarios): readonly Sample[] {
  const folder = join(dirname(api.document.file), 'samples');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => readSample(api, scenarios, folder, readYaml(join(folder, file))));
}

function readSample(api: Api, scenarios: Scenarios, folder: string, card: YamlFile): Sample {
  const root = object(card.value);
  const operation = api.document.operations.find(({ operationId }) => operationId === root.operationId);
  if (operation === undefined) {
    throw new FileError(`${card.position('/operationId')}: ${text(root.operationId, 'none')} is no operation.`);
  }
  const scenario = text(root.scenario, 'default');
  const { credentials } = scenarios.load(api.name, scenarios.has(api.name, scenario) ? scenario : 'default');
  const request = root.request === undefined ? null : content(folder, root.request);
  return {
    api: api.name,
    operationId: operation.operationId,
    method: operation.method,
    path: `/${api.name}${fill(operation.path, object(root.parameters))}`,
    scenario,
    headers: {
      ...credentialHeaders(operation, credentials),
      ...(request === null ? {} : { 'Content-Type': 'application/json' }),
    },
    request,
    response: root.response === undefined ? null : content(folder, root.response),
    deviations: (isArray(root.deviations) ? root.deviations : []).map((each, index) =>
      deviation(card, object(each), index),
    ),
  };
}

function content(folder: string, file: JsonValue): JsonValue {
  return parse(readFileSync(join(folder, text(file, '')), 'utf8'));
}

/** Fills a path template; parameters that it does not name go into the query. */
function fill(template: string, parameters: JsonObject): string {
  let path = template;
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    const filled = path.replace(`{${name}}`, encodeURIComponent(text(value, '')));
    if (filled === path) query.set(name, text(value, ''));
    path = filled;
  }
  return query.size === 0 ? path : `${path}?${query}`;
}

function deviation(card: YamlFile, given: JsonObject, index: number): Deviation {
  const { reason } = given;
  if (reason !== 'echo' && reason !== 'relation' && reason !== 'filler') {
    throw new FileError(`${card.position(`/deviations/${index}`)}: reason is echo, relation or filler.`);
  }
  return { pointer: text(given.pointer, ''), reason, because: text(given.because, '') };
}
