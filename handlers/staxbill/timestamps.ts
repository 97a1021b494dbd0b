/**
 * Times as Stax Bill writes them (seed 004, samples), and as it takes them (rule reference-date).
 */
import { formatInstant, type Instant, parseInstant } from '../../src/index.js';

/** Seven fraction digits, and UTC as an offset: `2025-11-03T19:49:47.7534525+00:00`. */
export function timestamp(instant: Instant): string {
  return formatInstant(instant, { digits: 7, zone: '+00:00' });
}

/** A day, or a day and a time, UTC where no zone is said; `undefined` if the calendar or the clock lacks it. */
export function readReferenceDate(text: string): Instant | undefined {
  const dateTime = /[Tt]/.test(text) ? text : `${text}T00:00:00`;
  const hasZone = /(?:[Zz]|[+-]\d{2}:\d{2})$/.test(dateTime);
  return parseInstant(hasZone ? dateTime : `${dateTime}Z`);
}
