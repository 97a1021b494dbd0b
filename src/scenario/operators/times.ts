/**
 * `$time`: dates and date-times, relative to the scenario's clock, to other values, or fixed.
 */

import { object, text } from '../../document.js';
import { excerpt } from '../../excerpt.js';
import { formatInstant, type Instant, parseInstant } from '../../instant.js';
import { isObject, type JsonValue } from '../../json.js';
import { type Argument, nothing } from '../argument.js';
import { Dice } from '../dice.js';
import type { Expression, Row } from '../expansion.js';
import { Fault } from '../place.js';

const duration = /^(-?)P(?=.)(?:(\d+)W)?(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

const second = 1000;
const units = [7 * 86_400 * second, 86_400 * second, 3_600 * second, 60 * second, second];

/** Milliseconds of a duration in ISO 8601 that has weeks, days, hours, minutes and seconds; `undefined` if it is none. */
export function parseDuration(value: string): number | undefined {
  const match = duration.exec(value);
  if (match === null) return undefined;
  const [, sign, ...counts] = match;
  const total = counts.reduce((sum, count, index) => sum + Number(count ?? 0) * (units[index] ?? 0), 0);
  return sign === '-' ? -total : total;
}

/** Milliseconds since 1970. */
type Moment = (row: Row, start: number) => number;

const expected = "a date, a date-time with its zone or a duration: '2026-01-31', '2026-01-31T09:00:00Z', -P30D, PT12H";

/**
 * `{ $time: { from: '2026-01-01', to: P30D } }`: from one time to another; without `to`, `from` itself. A duration in `from`
 * counts from the scenario's clock, and one in `to` counts from `from`.
 */
export function time(argument: Argument): Expression {
  if (!argument.isObject(['from'], ['to', 'plus', 'step', 'form', 'digits', 'zone'])) return nothing;
  const { clock } = argument.scope;
  const from = momentOf(argument.member('from'));
  const to = argument.member('to').value === undefined ? undefined : momentOf(argument.member('to'));
  const plus = lengthOf(argument.member('plus')) ?? 0;
  const step = Math.max(1, lengthOf(argument.member('step')) ?? 1);
  if (clock === undefined && isDuration(argument.member('from').value)) {
    argument.complain('a duration in from counts from the clock, and this scenario has none; give it a clock');
  }
  const write = writer(argument);
  const seed = argument.seed();
  return (row) => {
    const start = from(row, clock?.epochMilliseconds ?? 0);
    const end = to?.(row, start) ?? start;
    if (end < start) throw new Fault(argument.place, 'expected a time in to that is not before from');
    const steps = new Dice(seed, row.repetition).below(Math.floor((end - start) / step) + 1);
    return write(start + steps * step + plus);
  };
}

function isDuration(value: JsonValue | undefined): boolean {
  return typeof value === 'string' && parseDuration(value) !== undefined;
}

function lengthOf(argument: Argument): number | undefined {
  const given = argument.text('a duration, such as P30D or PT12H');
  if (given === undefined) return undefined;
  const length = parseDuration(given);
  if (length === undefined) argument.expected('a duration, such as P30D or PT12H');
  return length;
}

function momentOf(argument: Argument): Moment {
  const fixed = isObject(argument.value) ? undefined : momentFrom(argument.value ?? null);
  if (fixed !== undefined) return (_, start) => fixed(start);
  if (!isObject(argument.value)) argument.expected(expected);
  const expression = argument.expression();
  return (row, start) => {
    const value = expression(row);
    const moment = momentFrom(value);
    if (moment === undefined) throw new Fault(argument.place, `expected ${expected}. Received ${excerpt(value)}`);
    return moment(start);
  };
}

function momentFrom(value: JsonValue): ((start: number) => number) | undefined {
  if (typeof value !== 'string') return undefined;
  const length = parseDuration(value);
  if (length !== undefined) return (start) => start + length;
  const instant = parseInstant(/^\d{4}-\d\d-\d\d$/.test(value) ? `${value}T00:00:00Z` : value);
  return instant === undefined ? undefined : () => instant.epochMilliseconds;
}

/** Writes a time in the form that is asked for; where none is, in the form that the property's schema has. */
function writer(argument: Argument): (milliseconds: number) => JsonValue {
  const given = argument.member('form');
  const form = given.value === undefined ? formOf(argument) : given.word(['date-time', 'date']);
  const digits = argument.member('digits').integer('the digits of a second, 0 to 9', 0, 9) ?? 3;
  const zone = argument.member('zone').word(['Z', '+00:00']);
  return (milliseconds) => {
    const instant: Instant = { epochMilliseconds: milliseconds, nanoseconds: 0 };
    if (Math.abs(milliseconds) > 253_402_300_799_999) {
      throw new Fault(argument.place, 'expected a time in a year of four digits');
    }
    const written = formatInstant(instant, { digits, zone });
    return form === 'date' ? written.slice(0, 10) : written;
  };
}

function formOf({ path, scope }: Argument): string {
  const [property = ''] = path.split('/').slice(2, 3);
  const record = scope.document.resolve(scope.declaration.schema);
  return text(scope.document.resolve(object(record.properties)[property]).format, 'date-time');
}
