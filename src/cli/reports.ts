/**
 * The reports that `verify` and `proxy` write: into files, for a person, for GitHub.
 */
import { writeFile } from 'node:fs/promises';
import { InvalidArgumentError, Option } from 'commander';
import type { ApiDocument } from '../document.js';
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

/** Writes the wanted reports. @throws {UsageError} if a file cannot be written */
export async function writeReports(report: Report, wanted: readonly WantedReport[]): Promise<void> {
  for (const [format, file] of wanted) await writeText(file, await formats[format](report));
}

/** Writes a file that the command line names, in one piece or many. @throws {UsageError} if it cannot be written */
export async function writeText(file: string, text: string | Iterable<string>): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    throw new UsageError(`Cannot write ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
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
