/**
 * Pastes the README's commands: starts the server as it says, runs every curl in it, and compares each answer with the
 * one printed below it, times aside. Exits with 1 and the difference when anything is otherwise.
 *
 * `--write` puts the answers that came into the README instead.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'lossless-json';

const root = fileURLToPath(new URL('..', import.meta.url));
const file = join(root, 'README.md');
const readme = readFileSync(file, 'utf8');
const write = process.argv.includes('--write');
const state = mkdtempSync(join(tmpdir(), 'paydouble-readme-'));

const server = spawn('npm', ['start', '--', '--port', '0', '--state', state], { cwd: root, detached: true });
const url = await new Promise((resolve, reject) => {
  let output = '';
  const read = (chunk) => {
    output += chunk;
    const found = /serves \d+ apis at (\S+)/.exec(output)?.[1];
    if (found !== undefined) resolve(found);
  };
  server.stdout.on('data', read);
  server.stderr.on('data', read);
  server.on('exit', () => reject(new Error(`npm start ended:\n${output}`)));
});

/** Times and made-up workspace names differ from run to run; nothing else may. */
const steady = (text) =>
  text.replace(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)/g, 'TIME').replace(/\s+/g, '');

let commands = 0;
const failures = [];
const checked = readme.replace(
  /```sh\n(curl[\s\S]*?)```(?:(\s*(?:<details>.*\s*)?```json\n)([\s\S]*?)```)?/g,
  (whole, command, answerFence, answer) => {
    commands++;
    const { stdout, stderr, status } = spawnSync(
      'bash',
      ['-c', `${command.replaceAll('http://127.0.0.1:4010', url).replaceAll('curl ', 'curl -sS --fail-with-body ')}`],
      {
        encoding: 'utf8',
      },
    );
    if (status !== 0) failures.push(`${command}\nended with ${status}: ${stderr}`);
    if (answerFence === undefined) return whole;
    if (write) return `\`\`\`sh\n${command}\`\`\`${answerFence}${stringify(parse(stdout), undefined, 2)}\n\`\`\``;
    if (steady(stdout) !== steady(answer)) failures.push(`${command}\nReceived\n${stdout}\nthe README says\n${answer}`);
    return whole;
  },
);
const ended = once(server, 'close');
process.kill(-server.pid, 'SIGTERM');
await ended;
rmSync(state, { recursive: true, force: true });
if (write) writeFileSync(file, checked);
if (failures.length > 0) {
  process.stderr.write(`${failures.join('\n\n')}\n`);
  process.exit(1);
}
process.stdout.write(`${commands} commands of the README did what it says.\n`);
process.exit(0);
