/**
 * A record's key as it stands in a URL.
 */
import { type JsonValue, stringify } from './control.js';

export function keyText(key: JsonValue | undefined): string {
  return typeof key === 'string' ? key : stringify(key ?? null);
}
