/**
 * Media types by what can be made of JSON values.
 */

/** Whether a media type is JSON, whatever its parameters. */
export function isJsonMediaType(mediaType: string): boolean {
  return /^[^;]*[/+]json\s*(?:;|$)/i.test(mediaType);
}

/** Whether a media type is a form in the manner of a URL's query. */
export function isFormMediaType(mediaType: string): boolean {
  return /^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(mediaType);
}

/** Whether bodies of a media type can be made from JSON values. */
export function isSendable(mediaType: string): boolean {
  return isJsonMediaType(mediaType) || isFormMediaType(mediaType) || /^text\/plain\s*(?:;|$)/i.test(mediaType);
}
