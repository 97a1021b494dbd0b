/**
 * An api with planted defects, for what verifies apis that are served: things that are read, and whose handlers break the
 * document, end their thread, or never come to an end, as each operation says.
 */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Places } from '../../src/paths.js';

/** What a handler does wrong. */
const defects = {
  /** Keeps its document. */
  sound: 'return { status: 200, body: { id: path.id } };',
  /** A member that must be there is not: the sandbox's own check of answers makes it a 500. */
  careless: 'return { status: 200, body: {} };',
  /** Ends the thread that it runs in. */
  deadly: 'process.exit(3);',
  /** Comes to no end; a file `looping` beside it says that it has begun. */
  endless: "writeFileSync(new URL('./looping', import.meta.url), ''); for (;;);",
} as const;

type Defect = keyof typeof defects;

/** A directory with an api for each defect, called like it; whoever asks removes it. */
export function defectivePlaces(): { readonly places: Places; readonly directory: string } {
  const directory = mkdtempSync(join(tmpdir(), 'paydouble-defective-'));
  const places = {
    specs: join(directory, 'specs'),
    data: join(directory, 'data'),
    handlers: join(directory, 'handlers'),
  };
  mkdirSync(places.handlers);
  for (const defect of ['sound', 'careless', 'deadly', 'endless'] satisfies Defect[]) write(places, defect);
  return { places, directory };
}

function write(places: Places, defect: Defect): void {
  for (const place of [places.specs, places.data]) mkdirSync(join(place, defect), { recursive: true });
  const handlers = `import { writeFileSync } from 'node:fs';
export default {
  dialect: ({ status, message }) => ({ status, body: { error: message } }),
  handlers: { getThing: ({ path }) => { ${defects[defect]} } },
};
`;
  // The tests read the one, and threads of the built engine the other.
  for (const extension of ['ts', 'js']) writeFileSync(join(places.handlers, `${defect}.${extension}`), handlers);
  writeFileSync(join(places.data, defect, 'default.yaml'), 'story: Nothing is kept.\nrecords: {}\n');
  writeFileSync(
    join(places.specs, defect, 'openapi.yaml'),
    `openapi: 3.0.3
info: { title: The ${defect} api, version: '1' }
paths:
  /things/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: integer, minimum: 1, maximum: 9 }, example: 7 }]
    get:
      operationId: getThing
      responses:
        '200':
          description: The thing.
          content:
            application/json: { schema: { $ref: '#/components/schemas/Thing' } }
        '400': &refused
          description: It is not asked as it should be.
          content:
            application/json: { schema: { $ref: '#/components/schemas/Refusal' } }
        '404': *refused
        '406': *refused
        '500': *refused
x-refusals:
  '404': { description: There is no such path., content: { application/json: { schema: { $ref: '#/components/schemas/Refusal' } } } }
  '405':
    description: There is no such method.
    headers: { Allow: { required: true, schema: { type: string } } }
    content: { application/json: { schema: { $ref: '#/components/schemas/Refusal' } } }
components:
  schemas:
    Thing: { type: object, required: [id], properties: { id: { type: integer } } }
    Refusal: { type: object, required: [error], properties: { error: { type: string } } }
`,
  );
}
