/**
 * How long the `large` scenarios take to load, as a share of what reading the same records as JSON takes in the same run.
 *
 * `npm run build && node bench/scenarios.mjs`. Exits with 1 if one takes longer than two seconds.
 */
import { loadApis, Scenarios } from '../dist/src/apis.js';
import { parse, stringify } from '../dist/src/json.js';
import { packagePlaces } from '../dist/src/paths.js';

const rounds = 5;
const limitMilliseconds = 2_000;

const apis = await loadApis(packagePlaces);

/** The median of several runs, in milliseconds. */
function median(action) {
  const times = Array.from({ length: rounds }, () => {
    const begun = performance.now();
    action();
    return performance.now() - begun;
  });
  return times.sort((left, right) => left - right)[Math.floor(rounds / 2)] ?? 0;
}

let slow = false;
process.stdout.write('api          records   as JSON   scenario   share   first\n');
for (const [api, { document, validator }] of apis) {
  const begun = performance.now();
  const scenario = new Scenarios(apis, [packagePlaces.data]).load(api, 'large');
  const first = performance.now() - begun;
  const texts = document.collections.map(({ name, schema }) => ({
    schema,
    text: stringify([...(scenario.collections.get(name)?.values() ?? [])]),
  }));
  const records = [...scenario.collections.values()].reduce((sum, { size }) => sum + size, 0);
  const json = median(() => {
    for (const { schema, text } of texts) {
      for (const record of parse(text)) validator.check(schema, 'response', record, 'body');
    }
  });
  const load = median(() => new Scenarios(apis, [packagePlaces.data]).load(api, 'large'));
  slow ||= first > limitMilliseconds;
  const columns = [`${records}`, `${json.toFixed(0)} ms`, `${load.toFixed(0)} ms`, (load / json).toFixed(1)];
  const padded = columns.map((column, index) => column.padStart([7, 9, 10, 7][index]));
  process.stdout.write(`${api.padEnd(12)} ${padded.join(' ')} ${`${first.toFixed(0)} ms`.padStart(7)}\n`);
}
if (slow) {
  process.stderr.write(`A first load took more than ${limitMilliseconds} ms.\n`);
  process.exitCode = 1;
}
