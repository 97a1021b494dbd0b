/**
 * Does what the pages say: starts the server with the page's own command, pastes every other block of shell commands in
 * order, and compares what comes with what is printed below it, times and keys of chance aside. A block that cannot be run
 * says why in a comment before it: `<!-- not run: … -->`. Exits with 1 and the difference when anything is otherwise.
 *
 * `node scripts/check-pages.mjs [--write] [PAGE …]`; `--write` puts the answers that came into the pages instead.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'lossless-json';

const root = fileURLToPath(new URL('..', import.meta.url));
const pages = [
  'README.md',
  'docs/testing-with-paydouble.md',
  'docs/scenarios.md',
  'docs/faults.md',
  'docs/journal.md',
  'docs/contract-testing.md',
];
const write = process.argv.includes('--write');
const named = process.argv.slice(2).filter((argument) => argument !== '--write');
const command = `node ${join(root, 'dist', 'src', 'cli.js')}`;

/** A block of commands, with the comment before it and the answer below it. */
const block =
  /(?:<!-- not run: (?<why>[^\n]*) -->\n)?```sh\n(?<commands>[\s\S]*?)```(?:(?<fence>\s*(?:<details>.*\s*)?```(?<kind>json|text)\n)(?<answer>[\s\S]*?)```)?/g;

/** Times differ from run to run, as do durations and ports; nothing else may. */
const steady = (text) =>
  text
    .replace(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)/g, 'TIME')
    .replace(/\bduration(?:_ms|Milliseconds)?\W+[\d.]+/g, 'DURATION')
    .replace(/http:\/\/127\.0\.0\.1:\d+/g, 'URL')
    .replace(/\s+/g, '');

/** JSON with a line for each member, numbers as they are written. */
function spread(json) {
  try {
    return stringify(parse(json), undefined, 2);
  } catch {
    return json.trimEnd();
  }
}

/** Starts a server as a page says, on a free port and with a state of its own. */
async function start(how, directory) {
  const [program, ...parameters] = how.split(' ');
  const given = [
    ...parameters,
    ...(program === 'npm' ? ['--'] : []),
    '--port',
    '0',
    '--state',
    join(directory, 'state'),
  ];
  const cwd = program === 'npm' ? root : directory;
  const server = spawn(program, given, { cwd, detached: true });
  const url = await new Promise((resolve, reject) => {
    let output = '';
    const read = (chunk) => {
      output += chunk;
      const found = /serves \d+ apis at (\S+)/.exec(output)?.[1];
      if (found !== undefined) resolve(found);
    };
    server.stdout.on('data', read);
    server.stderr.on('data', read);
    server.on('exit', () => reject(new Error(`${how} ended:\n${output}`)));
  });
  return {
    url,
    stop: async () => {
      const ended = once(server, 'close');
      process.kill(-server.pid, 'SIGTERM');
      await ended;
    },
  };
}

/** The command that starts a server, if that is what a block does. */
const starting = (commands) => /^(?:npm ci && )?(npm start|npx paydouble serve)(.*)$/m.exec(commands);

/** A directory as a project's that has paydouble installed. */
function makeProject() {
  const directory = mkdtempSync(join(tmpdir(), 'paydouble-page-'));
  mkdirSync(join(directory, 'node_modules'));
  symlinkSync(root, join(directory, 'node_modules', 'paydouble'));
  writeFileSync(join(directory, 'package.json'), '{ "type": "module" }\n');
  return directory;
}

/** Runs a page; gives its text with the answers that came, and what was otherwise. */
async function check(page) {
  const text = readFileSync(join(root, page), 'utf8');
  const directory = makeProject();
  const failures = [];
  let ran = 0;
  let left = 0;
  let server;
  let checked = '';
  let from = 0;
  try {
    for (const found of text.matchAll(block)) {
      const { why, commands, fence, kind, answer } = found.groups;
      checked += text.slice(from, found.index);
      from = found.index + found[0].length;
      checked += found[0];
      if (why !== undefined) {
        left++;
        continue;
      }
      const serve = starting(commands);
      if (serve !== null) {
        await server?.stop();
        server = await start(`${serve[1].replace('npx paydouble', command)}${serve[2]}`.trim(), directory);
        ran++;
        continue;
      }
      server ??= await start(`${command} serve`, directory);
      const run = commands
        .replaceAll('http://127.0.0.1:4010', server.url)
        .replaceAll('npx paydouble', command)
        // An answer that is printed below may be a refusal; one that is not must not be.
        .replaceAll(/\bcurl /g, answer === undefined ? 'curl -sS --fail-with-body ' : 'curl -sS ');
      const { stdout, stderr, status } = spawnSync('bash', ['-e', '-c', run], {
        cwd: directory,
        env: { ...process.env, SANDBOX_URL: server.url },
        encoding: 'utf8',
      });
      ran++;
      if (status !== 0) failures.push(`${page}:\n${commands}\nended with ${status}: ${stderr}${stdout}`);
      if (answer === undefined) continue;
      if (write) {
        const shown = kind === 'json' ? spread(stdout) : stdout.trimEnd();
        const kept = shown.replaceAll(server.url, 'http://127.0.0.1:4010');
        checked = `${checked.slice(0, -found[0].length)}\`\`\`sh\n${commands}\`\`\`${fence}${kept}\n\`\`\``;
      } else if (steady(stdout) !== steady(answer)) {
        failures.push(`${page}:\n${commands}\nReceived\n${stdout}${stderr}\nthe page says\n${answer}`);
      }
    }
    checked += text.slice(from);
    if (write && failures.length === 0) writeFileSync(join(root, page), checked);
    process.stdout.write(
      `${page}: ${ran} blocks of commands did what it says${left === 0 ? '' : `, ${left} not run`}.\n`,
    );
  } finally {
    await server?.stop();
    rmSync(directory, { recursive: true, force: true });
  }
  return failures;
}

const failures = [];
for (const page of named.length === 0 ? pages : named) failures.push(...(await check(page)));
process.stderr.write(failures.map((failure) => `\n${failure}\n`).join(''));
process.exit(failures.length === 0 ? 0 : 1);
