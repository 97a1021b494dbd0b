/**
 * What the two judges share: how they are asked, the sandbox that they judge, the table, and the generated part of
 * docs/outside-judges.md.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const page = new URL('../../docs/outside-judges.md', import.meta.url);

/** The options that both judges take. */
export function readOptions() {
  const { values } = parseArgs({
    options: {
      api: { type: 'string', multiple: true, default: [] },
      url: { type: 'string' },
      hooks: { type: 'string' },
      recorded: { type: 'string' },
      write: { type: 'boolean', default: false },
    },
  });
  return values;
}

/** The sandbox at the url, or one of the build, in this process, on a free port. */
export async function openSandbox(url) {
  if (url !== undefined) return { url, close: async () => {} };
  const { startSandbox } = await import('../../dist/src/library.js');
  return startSandbox();
}

/** Lines of equal columns, the first ones texts, the others numbers. */
export function table(head, rows) {
  const lines = [head, ...rows].map((cells) => cells.map(String));
  const widths = head.map((_, column) => Math.max(...lines.map((cells) => cells[column].length)));
  const line = (cells) =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join(' | ')} |`;
  const rule = `|${widths.map((width, column) => (column === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  const [first, ...others] = lines;
  return [line(first), rule, ...others.map(line)].join('\n');
}

/** Puts a judge's part into the page, or says that the page has another; gives the failures. */
export function keepPage(judge, part, write) {
  const text = readFileSync(page, 'utf8');
  const [begin, end] = [`<!-- ${judge}: generated -->\n`, `<!-- ${judge}: end -->\n`];
  const [from, to] = [text.indexOf(begin) + begin.length, text.indexOf(end)];
  if (from < begin.length || to < 0) return [`docs/outside-judges.md has no place for ${judge}: ${begin.trim()}`];
  const kept = `${text.slice(0, from)}\n${part.trim()}\n\n${text.slice(to)}`;
  if (kept === text) return [];
  if (!write) {
    return [
      `docs/outside-judges.md is not what ${judge} found. node scripts/judge-with-${judge}.mjs --write renews it.`,
    ];
  }
  writeFileSync(page, kept);
  return [];
}

/** Prints what was found, and what failed; sets the exit code. */
export function conclude(part, failures) {
  process.stdout.write(`${part.trim()}\n`);
  process.stderr.write(failures.map((failure) => `\n${failure}\n`).join(''));
  process.exitCode = failures.length === 0 ? 0 : 1;
}
