/**
 * Entries as they stand in the files of the state directory: one a line, numbered, with a checksum, so that whatever happens
 * to a file is found: `[7,{"commit":"default",…},"1a2b3c4d"]`.
 */
import { createReadStream } from 'node:fs';
import { crc32 } from 'node:zlib';
import { isArray, isObject, type JsonObject, parse, stringify } from '../json.js';
import { FileError } from '../yaml.js';

/** A line, its end included. */
export function toLine(number: number, entry: JsonObject): string {
  const text = `[${number},${stringify(entry)}`;
  return `${text},"${checksum(text)}"]\n`;
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
  return begun.join('').length;
}

const seal = /,"([0-9a-f]{8})"\]$/;

function readLine(place: string, line: string): [number: number, entry: JsonObject] {
  const text = line.slice(0, -',"12345678"]'.length);
  if (seal.exec(line)?.[1] === checksum(text)) {
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
