/**
 * Bodies without their Content-Encoding, for judging.
 */
import * as zlib from 'node:zlib';
import { excerpt } from '../excerpt.js';

type Decode = (
  bytes: Uint8Array,
  options: { readonly maxOutputLength: number },
  done: (error: Error | null, decoded: Buffer) => void,
) => void;

function isDecode(value: unknown): value is Decode {
  return typeof value === 'function';
}

// Node has it from 22.15 on, its types with it.
const zstd: unknown = Reflect.get(zlib, 'zstdDecompress');

const decoders: ReadonlyMap<string, Decode> = new Map<string, Decode>([
  ['gzip', zlib.gunzip],
  ['x-gzip', zlib.gunzip],
  ['deflate', inflate],
  ['br', zlib.brotliDecompress],
  ...(isDecode(zstd) ? [['zstd', zstd] as const] : []),
]);

/** Some servers leave out the frame that HTTP asks for. */
function inflate(...[bytes, options, done]: Parameters<Decode>): void {
  zlib.inflate(bytes, options, (error, decoded) => {
    if (codeOf(error) === 'Z_DATA_ERROR') zlib.inflateRaw(bytes, options, done);
    else done(error, decoded);
  });
}

/** Takes all encodings off a body, the last one first. Gives why that cannot be done, in a few words. */
export async function decode(
  bytes: Buffer,
  contentEncoding: string | undefined,
  most: number,
): Promise<Buffer | Error> {
  const encodings = (contentEncoding ?? '')
    .split(',')
    .map((each) => each.trim().toLowerCase())
    .filter((each) => each !== '' && each !== 'identity');
  let decoded = bytes;
  for (const encoding of encodings.reverse()) {
    const decoder = decoders.get(encoding);
    if (decoder === undefined) return new Error(`Content-Encoding ${excerpt(encoding)} is not known`);
    const next = await new Promise<Buffer | Error>((resolve) => {
      decoder(decoded, { maxOutputLength: most }, (error, whole) => {
        if (error === null) resolve(whole);
        else if (codeOf(error) === 'ERR_BUFFER_TOO_LARGE')
          resolve(new Error(`longer than ${most} bytes without ${encoding}`));
        else resolve(new Error(`it is said to be ${encoding} and is not`));
      });
    });
    if (next instanceof Error) return next;
    decoded = next;
  }
  return decoded;
}

function codeOf(error: Error | null): unknown {
  return error !== null && 'code' in error ? error.code : undefined;
}
