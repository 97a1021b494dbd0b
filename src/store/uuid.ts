/**
 * UUIDs that look random and are always the same: those of a request are told by its seed and its number. A digest gives
 * them, because to seed a generator of random numbers takes longer than most requests do.
 */
import { hash } from 'node:crypto';

/** A version 4 UUID (RFC 9562, section 5.4) for some numbers; other numbers, or another order of them, have another. */
export function uuidOf(...numbers: readonly number[]): string {
  const digits = hash('sha256', numbers.join(' '));
  const part = (from: number, to: number) => digits.slice(from, to);
  // Two bits of a digit say which variant it is: 8, 9, a or b.
  const variant = ((Number.parseInt(part(16, 17), 16) & 0b0011) | 0b1000).toString(16);
  return `${part(0, 8)}-${part(8, 12)}-4${part(13, 16)}-${variant}${part(17, 20)}-${part(20, 32)}`;
}
