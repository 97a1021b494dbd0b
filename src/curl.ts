/**
 * A request as a curl command, for people to paste.
 */
import { quote } from './shell.js';

/** A request that can be sent as it is. */
export interface SentRequest {
  readonly method: string;
  /** Absolute. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Absent for none. */
  readonly body?: string;
}

/** For a POSIX shell, over several lines. The body goes as the text that it is, line ends and all. */
export function curl({ method, url, headers, body }: SentRequest): string {
  return [
    `curl -X ${method} ${quote(url)}`,
    ...Object.entries(headers).map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`),
    ...(body === undefined ? [] : [`--data-binary ${quote(body)}`]),
  ].join(' \\\n  ');
}
