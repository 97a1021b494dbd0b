/**
 * A received value as an error text shows it: JSON, cut after eighty characters, and never within a surrogate pair.
 */
import { isNumberText } from './json.js';

const mostCharacters = 80;

/** `"abc"`, `12.50`, `null`, `an array`, `an object`; `nothing` for what is absent. */
export function excerpt(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object' && value !== null && !isNumberText(value)) return 'an object';
  const text = String(value);
  const shown = beginning(text);
  const json = typeof value === 'string' ? JSON.stringify(shown) : shown;
  return shown === text ? json : `${json}…`;
}

/** A text as it is, cut after eighty characters. */
export function cut(text: string): string {
  const shown = beginning(text);
  return shown === text ? shown : `${shown}…`;
}

/** The first eighty characters of a text. */
function beginning(text: string): string {
  return text.length > mostCharacters ? text.slice(0, mostCharacters).replace(/[\uD800-\uDBFF]$/, '') : text;
}
