/**
 * The reports that `verify` and `proxy` write: into files, for a person, for GitHub.
 */
import { accessSync, constants, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import type { ApiDocument } from '../document.js';
import { reasonOf } from '../reason.js';
import type { Report } from '../verify/report/report.js';
import { UsageError } from './trouble.js';

const formats = {
  junit: async (report: Report) => (await import('../verify/report/junit.js')).junitReport(report),
  ctrf: async (report: Report) => (await import('../verify/report/ctrf.js')).ctrfReport(report),
  html: async (report: Report) => (await import('../verify/report/html.js')).htmlReport(report),
  json: async (report: Report) => (await import('../verify/report/json.js')).jsonReport(report),
};
type Format = keyof typeof formats;

/** A report that is wanted: in which format, into which file. */
export type WantedReport = readonly [format: Format, file: string];

/** `--report junit=report.xml`, which may be repeated. */
export function reportOption(): Option {
  const names = Object.keys(formats).join(', ');
  return new Option('--report <report>', `${names} into a file: junit=report.xml; may be repeated`)
    .default([], 'none')
    .argParser((given: string, before: readonly WantedReport[]): readonly WantedReport[] => {
      const [, name = '', file] = /^([a-z]+)=(.+)$/.exec(given) ?? [];
      if (file === undefined) throw new InvalidArgumentError('Expected a format and a file: junit=report.xml.');
      if (!isFormat(name)) throw new InvalidArgumentError(`There is no report ${name}; known are ${names}.`);
      return [...before, [name, file]];
    });
}

function isFormat(name: string): name is Format {
  return Object.hasOwn(formats, name);
}

/**
 * Whether the reports that are wanted, and the file for cases, can be written, before minutes are spent on what goes into them.
 *
 * @throws {UsageError} with a line for each that cannot
 */
export function checkWritable(wanted: readonly WantedReport[], cases: string | undefined): void {
  const files = [...wanted.map(([, file]) => file), ...(cases === undefined ? [] : [cases])];
  const reasons = files.flatMap((file) => {
    const reason = whyNotWritable(file);
    return reason === undefined ? [] : [`Cannot write ${file}: ${reason}`];
  });
  if (reasons.length > 0) throw new UsageError(reasons.join('\n'));
}

function whyNotWritable(file: string): string | undefined {
  const directory = dirname(file);
  try {
    const there = statSync(file, { throwIfNoEntry: false });
    if (there?.isDirectory()) return 'it is a directory; name a file in it.';
    if (there === undefined && statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) {
      return `there is no directory ${directory}; make it first.`;
    }
    accessSync(there === undefined ? directory : file, constants.W_OK);
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}

/** Writes the wanted reports, all that can be. @throws {UsageError} with a line for each file that cannot */
export async function writeReports(report: Report, wanted: readonly WantedReport[]): Promise<void> {
  const reasons: string[] = [];
  for (const [format, file] of wanted) {
    const text = await formats[format](report);
    await writeFile(file, text).catch((error: Error) => reasons.push(`Cannot write ${file}: ${error.message}`));
  }
  if (reasons.length > 0) throw new UsageError(reasons.join('\n'));
}

/** The report for a person, with colours where `stream` is a terminal. */
export async function writeTerminalReport(report: Report, stream: NodeJS.WriteStream): Promise<void> {
  const { terminalReport } = await import('../verify/report/terminal.js');
  stream.write(terminalReport(report, stream.isTTY && process.env.NO_COLOR === undefined));
}

/** In a workflow of GitHub, findings as annotations of the document's lines. */
export async function annotate({ findings }: Report, document: ApiDocument): Promise<void> {
  if (process.env.GITHUB_ACTIONS !== 'true') return;
  const { githubAnnotations } = await import('../verify/report/github.js');
  // A workflow reads them there as well, and standard output may be a report of JSON.
  process.stderr.write(githubAnnotations(findings, document.position));
}
