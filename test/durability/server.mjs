/**
 * A sandbox that the test of kills starts and kills: `node server.mjs DIRECTORY`. It says where it listens, and its snapshots
 * come often, so that kills strike them too.
 */
import { startSandbox } from '../../dist/src/sandbox.js';

const [, , state] = process.argv;
const sandbox = await startSandbox({ port: 0, state, apis: ['staxbill'], limits: { stateJournalBytes: 8_000 } });
process.stdout.write(`${sandbox.url}\n`);
