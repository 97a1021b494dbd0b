/**
 * Headers on their way through: all of them, as they were written, but those that are of one connection.
 */

/** Of one connection, whatever its Connection header names. Transfer-Encoding is kept: bodies go on framed as they came. */
const ofTheConnection: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'proxy-connection', 'upgrade']);

/** What a Connection header cannot take away: without it the message would be another. */
const ofTheMessage: ReadonlySet<string> = new Set(['content-length', 'host', 'te', 'trailer', 'transfer-encoding']);

/** Names and values in turn, as they came over the wire. */
export type RawHeaders = readonly string[];

/** Header lines, repeated ones included, in their order. */
export function lines(raw: RawHeaders): readonly [name: string, value: string][] {
  return raw.flatMap((name, index): [string, string][] => (index % 2 === 0 ? [[name, raw[index + 1] ?? '']] : []));
}

/** Whether a header was sent. */
export function has(raw: RawHeaders, wanted: string): boolean {
  return raw.some((name, index) => index % 2 === 0 && name.toLowerCase() === wanted);
}

/** The headers that go on; `without` are further ones that do not, in lower case. */
export function passedOn(raw: RawHeaders, without: readonly string[] = []): string[] {
  const named = lines(raw)
    .filter(([name]) => name.toLowerCase() === 'connection')
    .flatMap(([, value]) => value.toLowerCase().split(','))
    .map((name) => name.trim())
    .filter((name) => !ofTheMessage.has(name));
  const left = new Set([...ofTheConnection, ...named, ...without]);
  return lines(raw)
    .filter(([name]) => !left.has(name.toLowerCase()))
    .flat();
}

/** The headers of a request as the server gets them: its own Host in the place of the proxy's. */
export function forServer(raw: RawHeaders, host: string): string[] {
  const headers = lines(passedOn(raw, isChunked(raw) ? [] : ['trailer']));
  const sent = headers.map(([name, value]) => (name.toLowerCase() === 'host' ? [name, host] : [name, value]));
  return (has(raw, 'host') ? sent : [['Host', host], ...sent]).flat();
}

/** The headers of an answer as the client gets them. A client of HTTP/1.0 knows no chunks. */
export function forClient(raw: RawHeaders, httpVersion: string): string[] {
  if (httpVersion === '1.0') return passedOn(raw, ['transfer-encoding', 'trailer']);
  return passedOn(raw, isChunked(raw) ? [] : ['trailer']);
}

/** Whether a header says where the body ends. */
export function isFramed(raw: RawHeaders): boolean {
  return has(raw, 'content-length') || has(raw, 'transfer-encoding');
}

function isChunked(raw: RawHeaders): boolean {
  return lines(raw).some(([name, value]) => name.toLowerCase() === 'transfer-encoding' && /\bchunked\b/i.test(value));
}
