/**
 * Numbers of chance for faults: worked out from what they are for, not drawn one after the other, so that faults neither
 * shift the numbers that handlers draw nor each other's.
 */

/** A number from 0 up to, not including, 1: always the same for the same seeds. */
export function draw(...seeds: readonly number[]): number {
  let state = 0x9e3779b9;
  for (const seed of seeds) {
    state = mix(state ^ (seed | 0));
    // What is beyond 32 bits counts too.
    state = mix(state + Math.floor(seed / 4_294_967_296));
  }
  return (mix(state) >>> 0) / 4_294_967_296;
}

/** Spreads every bit over all of them, as MurmurHash3 ends. */
function mix(bits: number): number {
  let mixed = bits | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  mixed ^= mixed >>> 16;
  return (mixed + 0x6d2b79f5) | 0;
}
