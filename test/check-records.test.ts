/**
 * The option `checkRecords`, which the tests of all handlers switch on: what a handler writes is judged like the records of a
 * scenario.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packagePlaces } from '../src/paths.js';
import { type Sandbox, startSandbox } from '../src/sandbox.js';
import { request } from './harness.js';

const document = `
openapi: 3.0.3
info: { title: Things, version: '1' }
paths:
  /things:
    post:
      operationId: putThing
      requestBody: { content: { application/json: { schema: { type: object } } } }
      responses: { '204': { description: Stored. } }
x-collections:
  things: { key: id, references: { owner: things }, schema: { $ref: '#/components/schemas/Thing' } }
components:
  schemas:
    Thing: { type: object, required: [id], properties: { id: { type: integer }, owner: { type: integer } } }
`;
/** Stores whatever it is sent. */
const handler = `export default {
  dialect: (problem) => ({ status: problem.status, body: { error: problem.message } }),
  handlers: { putThing: ({ body }, { state }) => { state.things.insert(body); return { status: 204 }; } },
};
`;

let directory: string;
const sandboxes = new Map<boolean, Sandbox>();

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'paydouble-records-'));
  const place = (name: string) => join(directory, name);
  const places = { specs: place('specs'), data: place('data'), handlers: place('handlers') };
  const files = {
    [join(places.specs, 'things', 'openapi.yaml')]: document,
    [join(places.data, 'things', 'default.yaml')]: 'records: { things: [{ id: 1 }] }\n',
    [join(places.handlers, 'things.ts')]: handler,
  };
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  for (const checkRecords of [true, false]) {
    const options = { port: 0, log: false, places: { ...packagePlaces, ...places }, apis: ['things'], checkRecords };
    sandboxes.set(checkRecords, await startSandbox(options));
  }
});
afterAll(async () => {
  for (const sandbox of sandboxes.values()) await sandbox.close();
  await rm(directory, { recursive: true });
});

async function put(record: object, checkRecords = true) {
  const { url } = sandboxes.get(checkRecords) ?? expect.fail();
  const headers = { 'content-type': 'application/json' };
  const answer = await request(`${url}/things/things`, { method: 'POST', headers, body: JSON.stringify(record) });
  return { ...answer, total: (await request(`${url}/_sandbox/workspaces/default/state/things/things`)).body.total };
}

describe('a handler', () => {
  test('stores what may be stored', async () => {
    expect(await put({ id: 2, owner: 1 })).toMatchObject({ status: 204, total: 2 });
    expect(await put({ id: 3, owner: 3 })).toMatchObject({ status: 204, total: 3 });
  });

  test.each([
    ['a record that breaks its schema', { id: 10, owner: 'x' }, '/things/10/owner: /owner: must be integer.'],
    ['a dangling reference', { id: 10, owner: 9 }, '/things/10/owner: There is no record 9 in things.'],
  ])('that writes %s is told of it, and nothing is stored', async (_, record, message) => {
    const { status, text, total } = await put(record);
    expect([status, total]).toEqual([500, 3]);
    expect(text).toContain(message);
  });

  test('is trusted otherwise', async () => {
    expect((await put({ id: 10, owner: 9 }, false)).status).toBe(204);
  });
});
