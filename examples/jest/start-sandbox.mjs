import { startSandbox } from 'paydouble';

/** One sandbox for all test files, in jest's own process: its workers find it by the environment. */
export default async function start() {
  globalThis.sandbox = await startSandbox();
  process.env.SANDBOX_URL = globalThis.sandbox.url;
}
