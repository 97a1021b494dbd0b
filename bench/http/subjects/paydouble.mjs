/**
 * paydouble with an api of its own, as anybody would add it: a document, a handler file, a scenario. What it does for a
 * vendor's operation it does here: credentials, validation both ways, state, journal. STATE names a directory to keep the
 * state in; without it, memory alone does.
 */
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packagePlaces } from '../../../dist/src/paths.js';
import { startSandbox } from '../../../dist/src/sandbox.js';
import { credential, document, payment } from '../api.mjs';

const directory = mkdtempSync(join(tmpdir(), 'paydouble-bench-'));
const places = {
  specs: join(directory, 'specs'),
  data: join(directory, 'data'),
  handlers: join(directory, 'handlers'),
};
for (const place of [join(places.specs, 'bench'), join(places.data, 'bench'), places.handlers]) {
  mkdirSync(place, { recursive: true });
}
symlinkSync(join(packagePlaces.specs, '_sandbox'), join(places.specs, '_sandbox'), 'junction');
// JSON is YAML.
writeFileSync(join(places.specs, 'bench', 'openapi.yaml'), JSON.stringify(document(Number(process.env.OPERATIONS))));
const handlers = fileURLToPath(new URL('./paydouble-handlers.mjs', import.meta.url));
writeFileSync(join(places.handlers, 'bench.js'), `export { default } from ${JSON.stringify(handlers)};\n`);
const template = { $repeat: Number(process.env.RECORDS), ...payment(1), id: { $index: 1 } };
const scenario = { credentials: { key: [credential] }, records: { payments: [template] } };
writeFileSync(join(places.data, 'bench', 'default.yaml'), JSON.stringify(scenario));

await startSandbox({
  port: Number(process.env.PORT),
  log: true,
  places,
  ...(process.env.STATE === undefined ? {} : { state: process.env.STATE }),
});
