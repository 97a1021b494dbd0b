/**
 * A workspace's clock: frozen at an instant, or running at the speed of the real one from where it was set, until the last
 * instant that can be written.
 */
import { addMilliseconds, firstInstant, formatInstant, type Instant, lastInstant, parseInstant } from '../instant.js';
import { isObject, type JsonValue } from '../json.js';

/** Where a clock stands. It changes by being put in another's place. */
export type Clock =
  | { readonly frozen: Instant }
  /** How far it is ahead of the real time; negative if behind. */
  | { readonly aheadMilliseconds: number };

/** What may be done to a clock. */
export type ClockChange =
  /** Stops it: where it stands, or at the instant. */
  | { readonly freeze: Instant | undefined }
  /** Puts it at an instant; it goes on running if it did. */
  | { readonly set: Instant }
  /** Puts it so many milliseconds on, or back; it goes on running if it did. */
  | { readonly advance: number }
  /** Lets it run from where it stands. */
  | { readonly run: true };

/** The real time. */
export const realClock: Clock = { aheadMilliseconds: 0 };

/** What a clock says. */
export function read(clock: Clock, realTime: Instant): Instant {
  if ('frozen' in clock) return clock.frozen;
  if (clock.aheadMilliseconds === 0) return realTime;
  return (
    addMilliseconds(realTime, clock.aheadMilliseconds) ?? (clock.aheadMilliseconds > 0 ? lastInstant : firstInstant)
  );
}

/** The clock after a change; `undefined` if it would stand in no year of four digits. */
export function change(clock: Clock, wanted: ClockChange, realTime: Instant): Clock | undefined {
  const now = read(clock, realTime);
  if ('freeze' in wanted) return { frozen: wanted.freeze ?? now };
  if ('run' in wanted) return runningAt(now, realTime);
  const moved = 'set' in wanted ? wanted.set : addMilliseconds(now, wanted.advance);
  if (moved === undefined) return undefined;
  return 'frozen' in clock ? { frozen: moved } : runningAt(moved, realTime);
}

function runningAt(now: Instant, realTime: Instant): Clock {
  return { aheadMilliseconds: now.epochMilliseconds - realTime.epochMilliseconds };
}

/** A clock as it is kept on disk and shown: `{frozen: "2026-…Z"}` or `{aheadMilliseconds: 0}`. */
export function clockToJson(clock: Clock): { frozen: string } | { aheadMilliseconds: number } {
  if ('frozen' in clock) return { frozen: formatInstant(clock.frozen, { digits: 9, zone: 'Z' }) };
  return { aheadMilliseconds: clock.aheadMilliseconds };
}

/** The reverse of {@link clockToJson}; the real clock for what is not of its form. */
export function clockFromJson(json: JsonValue | undefined): Clock {
  if (!isObject(json)) return realClock;
  const frozen = typeof json.frozen === 'string' ? parseInstant(json.frozen) : undefined;
  if (frozen !== undefined) return { frozen };
  return typeof json.aheadMilliseconds === 'number' ? { aheadMilliseconds: json.aheadMilliseconds } : realClock;
}
