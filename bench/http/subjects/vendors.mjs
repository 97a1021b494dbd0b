/** paydouble as it is shipped, with its five apis and their first scenarios, in memory. */
import { startSandbox } from '../../../dist/src/sandbox.js';

await startSandbox({ port: Number(process.env.PORT), log: true });
