/**
 * The verdict on a response: status, media type, headers and body against what the document declares.
 */
import type { DocumentedResponse, Operation } from './document.js';
import type { JsonValue } from './json.js';
import { responseMediaType } from './negotiation.js';
import type { Validator } from './validator.js';

/** A response before it is written. */
export interface JudgedResponse {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  /** `undefined` for none. */
  readonly body: JsonValue | undefined;
}

/** Where a response breaks the document. */
export interface Violation {
  readonly check: 'status_code_conformance' | 'response_headers_conformance' | 'response_schema_conformance';
  /** JSON pointer into the body; empty for the response as a whole. */
  readonly pointer: string;
  /** "Received …; documented …". */
  readonly message: string;
}

/** The response that a set of responses declares for a status: the status itself, its range, or the default. */
export function findResponse(
  responses: ReadonlyMap<string, DocumentedResponse>,
  status: number,
): DocumentedResponse | undefined {
  return responses.get(String(status)) ?? responses.get(`${String(status)[0]}XX`) ?? responses.get('default');
}

/** The response that a status has in an operation, or, for refusals, in the document's `x-refusals`. */
export function documentedResponse(
  operation: Operation | undefined,
  refusals: ReadonlyMap<string, DocumentedResponse>,
  status: number,
): DocumentedResponse | undefined {
  const own = operation && findResponse(operation.responses, status);
  return own ?? (status >= 400 ? findResponse(refusals, status) : undefined);
}

/** Every place where the response breaks what is documented; empty if it conforms. */
export function judge(
  response: JudgedResponse,
  documented: DocumentedResponse | undefined,
  validator: Validator,
): readonly Violation[] {
  if (documented === undefined) {
    const message = `Received status ${response.status}; the document declares no such response.`;
    return [{ check: 'status_code_conformance', pointer: '', message }];
  }
  return [...judgeHeaders(response, documented), ...judgeBody(response, documented, validator)];
}

function judgeHeaders(response: JudgedResponse, documented: DocumentedResponse): Violation[] {
  if (documented.headers.size === 0) return [];
  const sent = new Set(Object.keys(response.headers).map((name) => name.toLowerCase()));
  return [...documented.headers]
    .filter(([name, { required }]) => required && !sent.has(name.toLowerCase()))
    .map(([name]) => ({
      check: 'response_headers_conformance',
      pointer: '',
      message: `Received no header ${name}; documented as required.`,
    }));
}

function judgeBody(response: JudgedResponse, documented: DocumentedResponse, validator: Validator): Violation[] {
  const mediaType = responseMediaType(documented, undefined);
  if (mediaType === undefined) {
    if (response.body === undefined) return [];
    return [{ check: 'response_schema_conformance', pointer: '', message: 'Received a body; documented: none.' }];
  }
  if (response.body === undefined) {
    const message = `Received no body; documented: ${mediaType}.`;
    return [{ check: 'response_schema_conformance', pointer: '', message }];
  }
  const schema = documented.content.get(mediaType)?.schema ?? {};
  return validator
    .check(schema, 'response', response.body, 'body')
    .map(({ pointer, message }) => ({ check: 'response_schema_conformance', pointer, message }));
}
