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

/** A media type without its parameters, in lower case. */
export function essence(mediaType: string): string {
  return mediaType.split(';', 1).join('').trim().toLowerCase();
}

/** Whether a documented media type or range (`application/*`, `application/*+json`) covers one, both whatever their parameters. */
export function covers(documented: string, mediaType: string): boolean {
  const [range, sent] = [essence(documented), essence(mediaType)];
  if (range === sent || range === '*/*') return true;
  const [before = '', after] = range.split('/*');
  return after !== undefined && sent.startsWith(`${before}/`) && sent.endsWith(after);
}
