/**
 * Media types: of the body that the client sent, and of the answer that it will take.
 */
import Negotiator from 'negotiator';
import type { DocumentedResponse, Operation } from './document.js';
import { covers } from './media-type.js';
import type { Headers } from './message.js';
import { Problem } from './problem.js';

/**
 * The documented media type of the request's body. Without a Content-Type it is the first documented one.
 *
 * @throws {Problem} `unsupported-media-type` for a media type that is not documented, another charset than UTF-8, or an
 *   encoding such as gzip
 */
export function requestMediaType(operation: Operation, headers: Headers): string {
  const documented = [...(operation.requestBody?.content.keys() ?? [])];
  const encoding = headers.get('content-encoding')?.trim().toLowerCase();
  if (encoding !== undefined && encoding !== '' && encoding !== 'identity') {
    throw refused('content-encoding', `Content-Encoding ${encoding} is not accepted; send the body as it is.`);
  }
  const header = headers.get('content-type');
  const [first = 'application/json'] = documented;
  if (header === undefined || header.trim() === '' || header === documented[0]) return first;
  const [type = '', ...parameters] = header.split(';').map((part) => part.trim().toLowerCase());
  const found = documented.find((mediaType) => covers(mediaType, type));
  if (found === undefined) {
    throw refused('content-type', `Received Content-Type ${type}; documented: ${documented.join(', ')}.`);
  }
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length);
  if (charset !== undefined && !['utf-8', 'utf8'].includes(charset.replaceAll('"', ''))) {
    throw refused('content-type', `Received charset ${charset}; JSON is read as UTF-8.`);
  }
  return found;
}

function refused(header: string, message: string): Problem {
  return new Problem('unsupported-media-type', {
    details: [{ in: 'header', pointer: `/${header}`, rule: 'media-type', message }],
  });
}

/**
 * The media type of the answer: the first of the success response's that the client prefers.
 *
 * @throws {Problem} `not-acceptable` if it takes none of them
 */
export function answerMediaType(operation: Operation, headers: Headers): string {
  const documented = successMediaTypes(operation);
  const [first = 'application/json'] = documented;
  if (documented.length === 0) return first;
  const preferred = preferredMediaType(documented, headers);
  if (preferred !== undefined) return preferred;
  const accept = headers.get('accept');
  throw new Problem('not-acceptable', {
    details: [
      {
        in: 'header',
        pointer: '/accept',
        rule: 'media-type',
        message: `Received Accept ${accept}; documented: ${documented.join(', ')}.`,
      },
    ],
  });
}

/** The one of some media types that the client prefers, the first if it states no preference; `undefined` if it takes none. */
export function preferredMediaType(mediaTypes: readonly string[], headers: Headers): string | undefined {
  const accept = headers.get('accept');
  const [first] = mediaTypes;
  // What most clients send needs no negotiation.
  if (accept === undefined || accept === '*/*' || accept === first) return first;
  return new Negotiator({ headers: { accept } }).mediaType([...mediaTypes]);
}

const successes = new WeakMap<Operation, readonly string[]>();

function successMediaTypes(operation: Operation): readonly string[] {
  const known = successes.get(operation);
  if (known !== undefined) return known;
  const [, response] = [...operation.responses].find(([status]) => status.startsWith('2')) ?? [];
  const mediaTypes = [...(response?.content.keys() ?? [])];
  successes.set(operation, mediaTypes);
  return mediaTypes;
}

/** The media type in which a response goes out: the wanted one where it is documented, else the first that is. */
export function responseMediaType(response: DocumentedResponse, wanted: string | undefined): string | undefined {
  if (wanted !== undefined && response.content.has(wanted)) return wanted;
  const [first] = response.content.keys();
  return first;
}
