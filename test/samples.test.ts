/**
 * Every documented sample: kept to the byte, given on demand, and given by behaviour with no deviation that is not listed
 * and none listed that is not needed.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { documentedApis } from '../src/document.js';
import { isArray, isObject, type JsonValue, numberText, parse, stringify } from '../src/json.js';
import { packagePlaces } from '../src/paths.js';
import type { Sample } from '../src/samples.js';
import { differences } from '../src/verify/sample-checks.js';
import { baseUrl, request, useSandbox } from './harness.js';
import { cutFromSeed, digest, haveSeeds, sampleFiles, seededApis, withoutWhiteSpace } from './seed-samples.js';

const digests: Record<string, Record<string, string>> = JSON.parse(
  readFileSync(new URL('./seed-digests.json', import.meta.url), 'utf8'),
);

useSandbox();

/** The names of all objects in their order, so that an order that differs is seen. */
function shape(value: JsonValue): JsonValue {
  if (isArray(value)) return value.map(shape);
  if (isObject(value)) return Object.entries(value).map(([name, member]) => [name, shape(member ?? null)]);
  return typeof value === 'object' && value !== null ? numberText(value).replace(/\d/g, '') : null;
}

async function listed(): Promise<readonly { sample: Sample; exact: { request: JsonValue; response: JsonValue } }[]> {
  const answer = await request(`${baseUrl()}/_sandbox/samples`);
  const exact = parse(answer.text);
  const samples: Sample[] = answer.body;
  return samples.map((sample, index) => {
    const entry = isArray(exact) ? exact[index] : undefined;
    if (!isObject(entry)) throw new Error('The list of samples is no list of objects.');
    return { sample, exact: { request: entry.request ?? null, response: entry.response ?? null } };
  });
}

/** Sends a sample's request to a fresh workspace of its scenario. */
async function send(sample: Sample, body: JsonValue, headers: Record<string, string> = {}) {
  const workspace = await request(`${baseUrl()}/_sandbox/workspaces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ scenario: sample.scenario }),
  });
  return request(`${baseUrl()}/~${workspace.body.name}${sample.path}`, {
    method: sample.method,
    headers: { ...sample.headers, ...headers },
    ...(body === null ? {} : { body: stringify(body) }),
  });
}

// The seeds do not travel with the repository; their digests do. `npx vitest run test/samples.test.ts -u` makes them anew.
test.skipIf(!haveSeeds)('the digests are those of the seeds', async () => {
  const all = seededApis.map((api) => {
    const files = sampleFiles(api).map((file) => [file, digest(cutFromSeed(api, file))]);
    return [api, Object.fromEntries(files)];
  });
  await expect(`${JSON.stringify(Object.fromEntries(all), null, 2)}\n`).toMatchFileSnapshot('./seed-digests.json');
});

for (const api of documentedApis()) {
  const folder = join(packagePlaces.specs, api, 'samples');
  const cards = readdirSync(folder).filter((file) => file.endsWith('.yaml'));

  describe(`the samples of ${api}`, () => {
    test.each(sampleFiles(api))('%s is kept as the seed has it, white space aside', (file) => {
      expect(digest(readFileSync(join(folder, file), 'utf8'))).toBe(digests[api]?.[file]);
    });

    test('nothing is kept that the seed does not show', () => {
      const kept = readdirSync(folder).filter((file) => file.endsWith('.json'));
      expect(kept.sort()).toEqual([...sampleFiles(api)].sort());
    });

    test.each(cards.map((card) => card.replace('.yaml', '')))('%s, on demand', async (operationId) => {
      const found = (await listed()).find(({ sample }) => sample.api === api && sample.operationId === operationId);
      if (found === undefined) throw new Error(`${operationId} is not listed.`);
      const { sample, exact } = found;
      if (exact.response === null) return;
      const answer = await send(sample, exact.request, { Prefer: 'example=documented' });
      expect(answer.status).toBe(200);
      const file = readFileSync(join(folder, `${operationId}.response.json`), 'utf8');
      expect(withoutWhiteSpace(answer.text)).toBe(withoutWhiteSpace(file));
    });

    test.each(cards.map((card) => card.replace('.yaml', '')))('%s, by behaviour', async (operationId) => {
      const found = (await listed()).find(({ sample }) => sample.api === api && sample.operationId === operationId);
      if (found === undefined) throw new Error(`${operationId} is not listed.`);
      const { sample, exact } = found;
      const answer = await send(sample, exact.request);
      if (exact.response === null) {
        expect(answer.status).toBeLessThan(500);
        return;
      }
      expect(answer.status, answer.text).toBe(200);
      const received = parse(answer.text);
      const pointers = sample.deviations.map(({ pointer }) => pointer);
      const covered = (pointer: string) => pointers.find((each) => pointer === each || pointer.startsWith(`${each}/`));
      const different = differences(exact.response, received).map(({ pointer }) => pointer);
      expect(different.filter((pointer) => covered(pointer) === undefined)).toEqual([]);
      const needed = new Set(different.map(covered));
      expect(pointers.filter((pointer) => !needed.has(pointer))).toEqual([]);
      if (sample.deviations.length === 0) expect(shape(received)).toEqual(shape(exact.response));
    });
  });
}
