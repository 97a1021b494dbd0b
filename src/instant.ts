/**
 * Points in time, as the workspace's clock gives them and as vendors write them.
 *
 * .NET vendors print seven fraction digits, PostgreSQL six, JavaScript three, so an instant keeps nine.
 */

/** A point in time, UTC: whole milliseconds since 1970 and the nanoseconds within the millisecond (0 to 999999). */
export interface Instant {
  readonly epochMilliseconds: number;
  readonly nanoseconds: number;
}

/** How a vendor writes an instant. */
export interface InstantFormat {
  /** Fraction digits, 0 to 9. */
  readonly digits: number;
  /** How UTC is written: `Z` or `+00:00`. */
  readonly zone: 'Z' | '+00:00';
}

const dateTime = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})$/;

const earliest = Date.parse('0000-01-01T00:00:00.000Z');
const latest = Date.parse('9999-12-31T23:59:59.999Z');

/** The first and the last instant in a year of four digits, to the millisecond. */
export const firstInstant: Instant = { epochMilliseconds: earliest, nanoseconds: 0 };
export const lastInstant: Instant = { epochMilliseconds: latest, nanoseconds: 0 };

/**
 * Reads an RFC 3339 date-time with its zone; `undefined` if it is none, names a day that the calendar lacks, or is in no
 * year of four digits in UTC, in which it could not be written. Digits after the ninth of a fraction are dropped.
 */
export function parseInstant(text: string): Instant | undefined {
  // Read by places, which is half the time of a pattern's groups: every answer has such texts in it.
  if (!dateTime.test(text)) return undefined;
  const number = (from: number, to: number) => Number(text.slice(from, to));
  const [year, month, day] = [number(0, 4), number(5, 7), number(8, 10)];
  const [hour, minute, second] = [number(11, 13), number(14, 16), number(17, 19)];
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const zone = text.at(-6) === '+' || text.at(-6) === '-' ? text.slice(-6) : '+00:00';
  const [offsetHour, offsetMinute] = [Number(zone.slice(1, 3)), Number(zone.slice(4))];
  if (offsetHour > 23 || offsetMinute > 59) return undefined;
  const offset = (zone.startsWith('-') ? -1 : 1) * (offsetHour * 60 + offsetMinute) * 60_000;
  const fraction = fractionOf(text);
  // To Date.UTC, the years below 100 are those of the twentieth century; every four hundredth begins the same calendar.
  const cycles = year < 400 ? 1 : 0;
  const utc =
    Date.UTC(year + cycles * 400, month - 1, day, hour, minute, second, Math.trunc(fraction / 1_000_000)) -
    cycles * millisecondsOf400Years;
  const epochMilliseconds = utc - offset;
  if (epochMilliseconds < earliest || epochMilliseconds > latest) return undefined;
  return { epochMilliseconds, nanoseconds: fraction % 1_000_000 };
}

/** The nanoseconds within the second of a date-time; digits after the ninth are dropped. */
function fractionOf(text: string): number {
  if (text[19] !== '.') return 0;
  const digits = /^\d{1,9}/.exec(text.slice(20))?.[0] ?? '';
  return Number(digits.padEnd(9, '0'));
}

const millisecondsOf400Years = 146_097 * 86_400_000;

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Writes an instant as a vendor does: `2025-11-03T19:49:47.7599871+00:00` is seven digits and `+00:00`. */
export function formatInstant(instant: Instant, format: InstantFormat): string {
  const iso = new Date(instant.epochMilliseconds).toISOString();
  const fraction = iso.slice(-4, -1) + String(instant.nanoseconds).padStart(6, '0');
  const shown = format.digits > 0 ? `.${fraction.slice(0, format.digits)}` : '';
  return `${iso.slice(0, -5)}${shown}${format.zone}`;
}

/** Negative if `left` is earlier, 0 if both are the same instant, positive if it is later. */
export function compareInstants(left: Instant, right: Instant): number {
  return left.epochMilliseconds - right.epochMilliseconds || left.nanoseconds - right.nanoseconds;
}

const duration = /^([+-]?)P(?!$)(?:(\d+)W)?(?:(\d+)D)?(?:T(?!$)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d{1,3}))?S)?)?$/;

/**
 * Reads an ISO 8601 duration of weeks, days, hours, minutes and seconds, such as `P1DT12H` or `-PT0.5S`, in milliseconds.
 * `undefined` if it is none, is longer than ten thousand years, or counts months or years, whose length depends on where
 * one starts.
 */
export function parseDuration(text: string): number | undefined {
  const match = text.length <= 50 ? duration.exec(text) : null;
  if (match === null) return undefined;
  const [, sign, ...parts] = match;
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = parts.slice(0, 5).map((part) => Number(part ?? 0));
  const milliseconds = Number((parts[5] ?? '').padEnd(3, '0'));
  const total = ((((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000 + milliseconds;
  if (total > latest - earliest) return undefined;
  return sign === '-' ? -total : total;
}

/** An instant so many milliseconds later, or earlier; `undefined` if it is in no year of four digits. */
export function addMilliseconds(
  { epochMilliseconds, nanoseconds }: Instant,
  milliseconds: number,
): Instant | undefined {
  const moved = epochMilliseconds + milliseconds;
  return moved < earliest || moved > latest ? undefined : { epochMilliseconds: moved, nanoseconds };
}
