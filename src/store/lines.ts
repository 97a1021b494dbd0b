/**
 * Entries as they stand in the files of the state directory: one a line, numbered, with a checksum, so that whatever happens
 * to a file is found: `[7,{"commit":"default",…},"1a2b3c4d"]`.
 */
import { createReadStream } from 'node:fs';
import { crc32 } from 'node:zlib';
import { isArray, isObject, type JsonObject, parse, stringify, stringifyKnowing } from '../json.js';
import { plainText } from '../written-once.js';
import { FileError } from '../yaml.js';

/** A line, its end included. */
export function toLine(number: number, entry: JsonObject): string {
  const text = `[${number},${stringifyKnowing(entry, recordText)}`;
  return `${text},"${checksum(text)}"]\n`;
}

/** The text of a record: as it was written for an answer, if it was just so. What is not frozen is no record. */
function recordText(value: JsonObject): string | undefined {
  return plainText(value) ?? (Object.isFrozen(value) ? stringify(value) : undefined);
}

/** Eight hexadecimal digits that change with every text: CRC-32. */
export function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}

/**
 * Reads a file's lines in turn, in pieces: it may be longer than a text can be.
 *
 * @returns how many characters there are behind the last line's end; 0 for a file that is whole
 * @throws {FileError} for the first line that is not as it was written
 */
export async function readLines(file: string, take: (number: number, entry: JsonObject) => void): Promise<number> {
  let position = 0;
  /** A line that has not ended yet. Its pieces are put together once: it may be long. */
  let begun: string[] = [];
  for await (const piece of createReadStream(file, { encoding: 'utf8', highWaterMark: 262_144 })) {
    const [first = '', ...rest] = String(piece).split('\n');
    begun.push(first);
    for (const next of rest) {
      take(...readLine(`${file}:${++position}`, begun.join('')));
      begun = [next];
    }
  }
  const rest = begun.join('');
  if (!isWhole(rest)) return rest.length;
  take(...readLine(`${file}:${++position}`, rest));
  return 0;
}

const seal = /,"([0-9a-f]{8})"\]$/;

/** Whether a line is as it was written, whether or not its end came along. */
function isWhole(line: string): boolean {
  return seal.exec(line)?.[1] === checksum(line.slice(0, -',"12345678"]'.length));
}

function readLine(place: string, line: string): [number: number, entry: JsonObject] {
  if (isWhole(line)) {
    const value = parse(line);
    if (isArray(value) && typeof value[0] === 'number' && isObject(value[1])) return [value[0], value[1]];
  }
  throw damaged(place);
}

/** What is said of a file that is not as it was written; nothing has changed then. */
export function damaged(place: string, how = 'it is not as it was written'): FileError {
  return new FileError(
    `${place}: damaged: ${how}. Put a copy of the file in its place, or begin anew with --fresh, which sets it aside.`,
  );
}
