/**
 * The URL of a server as a person gives it: judged before it is used, and never shown with a password.
 */
import { CannotVerify } from './reach.js';

/**
 * The URL of a server that requests are put behind. `option` is the one that it was given by: `--upstream`.
 *
 * @throws {CannotVerify} if it is none of http or https, or has more than a path: a user and password are not sent
 */
export function readServerUrl(option: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new CannotVerify(
      `${option}: received ${withoutUser(text)}; expected the URL of a server: https://test.example/v1`,
    );
  }
  // What was received is not shown: it has a credential.
  if (url.username !== '' || url.password !== '') {
    throw new CannotVerify(
      `${option}: a user and password in the URL are not sent; give them as a header of the client.`,
    );
  }
  if (/[?#]/.test(text)) {
    throw new CannotVerify(`${option}: the URL ends with its path; a query stands in each request.`);
  }
  return url;
}

/** What is no URL may have a credential all the same, and whatever stands before an @ may be part of it. */
export function withoutUser(text: string): string {
  return text.replace(/^([a-z][a-z\d+.-]*:)?(\/\/)?.*@/is, (_, scheme = '', slashes = '') => `${scheme}${slashes}***@`);
}
