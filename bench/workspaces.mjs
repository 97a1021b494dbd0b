/**
 * What workspaces cost in memory: 1,000 forks of the scenario `large`, each with a change of its own, against one copy of
 * its records. Run `node --expose-gc bench/workspaces.mjs` after `npm run build`.
 *
 * Figures are ratios within one run; megabytes are for orientation.
 */
import { documentedApis } from '../dist/src/document.js';
import { parse, stringify } from '../dist/src/json.js';
import { startSandbox } from '../dist/src/sandbox.js';

const forks = 1_000;

const heap = () => {
  for (let round = 0; round < 3; round++) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
};
const megabytes = (bytes) => (bytes / 1_048_576).toFixed(1);

const sandbox = await startSandbox({ port: 0, log: false });
const { workspaces } = sandbox;
const first = workspaces.create('first', { origin: { scenario: 'large' } });
const records = documentedApis().flatMap((api) => {
  const state = first.apis.get(api);
  return [...(state?.scenario.collections.values() ?? [])].flatMap((base) => [...base.values()]);
});

/** A fork with a change of its own in every api. */
function fork(number) {
  const workspace = workspaces.create(`fork-${number}`, { origin: { workspace: 'first' } });
  for (const api of documentedApis()) {
    const transaction = workspace.begin(api);
    const [name] = workspace.apis.get(api)?.scenario.collections.keys() ?? [];
    const [record] = name === undefined ? [] : transaction.collection(name).all().slice(0, 1);
    if (record !== undefined) transaction.collection(name).replace({ ...record });
    transaction.commit();
  }
}

// What is made once, such as the order of a collection, is no fork's.
fork(0);
const before = heap();
const started = performance.now();
for (let number = 1; number <= forks; number++) fork(number);
const took = performance.now() - started;
const after = heap();
const forked = after - before;
const copy = parse(stringify(records));
const oneCopy = heap() - after;

process.stdout.write(
  [
    `records of large:          ${copy.length}`,
    `one copy of them:          ${megabytes(oneCopy)} MB`,
    `${forks} forks, each changed: ${megabytes(forked)} MB, ${(forked / oneCopy).toFixed(2)} of one copy`,
    `${forks} copies would take:   ${megabytes(oneCopy * forks)} MB, ${((oneCopy * forks) / forked).toFixed(0)} times as much`,
    `a fork with five changes:  ${(took / forks).toFixed(2)} ms`,
    '',
  ].join('\n'),
);
await sandbox.close();
