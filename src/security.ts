/**
 * Credentials: taken out of a request for each security scheme of an operation, and held against those of the scenario.
 */
import type { ApiDocument, Operation, SecurityScheme } from './document.js';
import { type Headers, readCookies } from './message.js';
import { Problem, type ProblemDetail } from './problem.js';

/** The accepted values by security scheme. */
export type Credentials = ReadonlyMap<string, readonly string[]>;

/** The names of the security schemes that a document's operations ask for. */
export function schemesOf({ operations }: ApiDocument): readonly string[] {
  return [...new Set(operations.flatMap(({ security }) => security.flat().map(({ name }) => name)))];
}

/**
 * Lets a request pass that satisfies one of the operation's security requirements.
 *
 * @throws {Problem} `unauthenticated`, with a detail for each scheme of the first requirement that is not satisfied
 */
export function authenticate(operation: Operation, headers: Headers, query: URLSearchParams, known: Credentials): void {
  const { security } = operation;
  if (security.length === 0) return;
  const isMet = (scheme: SecurityScheme) => isAccepted(presented(scheme, headers, query), scheme, known);
  if (security.some((schemes) => schemes.every(isMet))) return;
  const [first = []] = security;
  throw new Problem('unauthenticated', {
    details: first
      .filter((scheme) => !isMet(scheme))
      .map((scheme) => refusal(scheme, presented(scheme, headers, query))),
  });
}

/** Every credential that a request offers for the schemes of an operation, accepted or not. */
export function offeredCredentials(
  operation: Operation,
  headers: Headers,
  query: URLSearchParams,
): readonly { readonly scheme: string; readonly value: string }[] {
  const schemes = new Set(operation.security.flat());
  return [...schemes].flatMap((scheme) =>
    presented(scheme, headers, query).map((value) => ({ scheme: scheme.name, value })),
  );
}

/** What the header `WWW-Authenticate` of a 401 says: a challenge for each HTTP scheme; `undefined` if there is none. */
export function challenge(operation: Operation | undefined): string | undefined {
  const schemes = new Set((operation?.security ?? []).flat().filter(({ type }) => type === 'http'));
  const names = [...new Set([...schemes].map(({ scheme }) => scheme ?? ''))];
  if (names.length === 0) return undefined;
  return names.map((name) => `${name.charAt(0).toUpperCase()}${name.slice(1)} realm="sandbox"`).join(', ');
}

/**
 * The values that a request offers for a scheme. A header may be sent twice, and a proxy may have joined two by a comma,
 * so every occurrence and every part of one counts.
 */
function presented(scheme: SecurityScheme, headers: Headers, query: URLSearchParams): readonly string[] {
  if (scheme.type === 'http') {
    const prefix = `${scheme.scheme} `;
    return parts(headers.all('authorization'))
      .filter((value) => value.toLowerCase().startsWith(prefix))
      .map((value) => value.slice(prefix.length).trim());
  }
  if (scheme.in === 'query') return query.getAll(scheme.parameter);
  if (scheme.in === 'cookie')
    return [readCookies(headers).get(scheme.parameter)].filter((value) => value !== undefined);
  return parts(headers.all(scheme.parameter));
}

function parts(values: readonly string[]): readonly string[] {
  const [only] = values;
  if (values.length <= 1 && (only === undefined || !/^\s|,|\s$/.test(only))) return only === '' ? [] : values;
  const all = values.flatMap((value) => [value, ...value.split(',')]).map((value) => value.trim());
  return [...new Set(all)].filter((value) => value !== '');
}

function isAccepted(values: readonly string[], { name }: SecurityScheme, known: Credentials): boolean {
  const accepted = known.get(name) ?? [];
  return values.some((value) => accepted.includes(value));
}

function refusal(scheme: SecurityScheme, values: readonly string[]): ProblemDetail {
  const place =
    scheme.in === 'header' ? `the header ${scheme.parameter}` : `the ${scheme.in} parameter ${scheme.parameter}`;
  const form = scheme.type === 'http' ? ` in the form "${scheme.scheme} …"` : '';
  const missing = values.length === 0;
  return {
    in: scheme.in,
    pointer: `/${scheme.parameter}`,
    rule: missing ? 'credential-missing' : 'credential-wrong',
    message: missing
      ? `No credential for ${scheme.name} in ${place}${form}.`
      : `The credential for ${scheme.name} in ${place} is not accepted. GET /_sandbox/apis lists those that are.`,
    params: { scheme: scheme.name },
  };
}

/** The headers that authenticate a client for an operation, from the accepted values; for lists and examples. */
export function credentialHeaders(operation: Operation, known: Credentials): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const scheme of operation.security[0] ?? []) {
    const [value] = known.get(scheme.name) ?? [];
    if (value === undefined || scheme.in === 'query') continue;
    const name = scheme.in === 'cookie' ? 'Cookie' : canonical(scheme);
    const text = scheme.in === 'cookie' ? `${scheme.parameter}=${value}` : withScheme(scheme, value);
    headers[name] = name in headers ? `${headers[name]}${scheme.in === 'cookie' ? '; ' : ', '}${text}` : text;
  }
  return headers;
}

function canonical(scheme: SecurityScheme): string {
  return scheme.type === 'http' ? 'Authorization' : scheme.parameter;
}

function withScheme(scheme: SecurityScheme, value: string): string {
  if (scheme.type !== 'http') return value;
  const name = scheme.scheme ?? '';
  return `${name.charAt(0).toUpperCase()}${name.slice(1)} ${value}`;
}
