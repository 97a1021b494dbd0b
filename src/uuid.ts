/**
 * UUIDs that look random and are always the same for what they are made of. A digest gives them: to seed a generator of
 * random numbers takes longer than most requests do.
 */

/** The first digits of a hexadecimal digest, of at least 32, in the form of a version 4 UUID (RFC 9562, section 5.4). */
export function uuidOf(digest: string): string {
  return digest.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*/, '$1-$2-4$3-8$4-$5');
}
