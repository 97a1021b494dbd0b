/**
 * How long a fault lets an answer wait.
 */
import { isArray, type JsonObject } from '../json.js';
import { numeric, objectAt } from './read.js';

/** Longer than a minute no answer waits. */
export const mostMilliseconds = 60_000;

/** How long, in milliseconds, by two numbers from 0 to 1 that chance gives. */
export type Latency = (first: () => number, second: () => number) => number;

/** A latency of a rule, `{milliseconds}`, `{uniform}` or `{normal}`; `undefined` if it is none. */
export function readLatency(json: JsonObject): Latency | undefined {
  if (json.milliseconds !== undefined) return fixed(numeric(json.milliseconds));
  if (isArray(json.uniform)) {
    const [least, most] = json.uniform.map(numeric);
    return (first) => cap((least ?? 0) + first() * ((most ?? 0) - (least ?? 0)));
  }
  const normal = objectAt(json, 'normal');
  if (normal === undefined) return undefined;
  const [mean, deviation] = [numeric(normal.mean), numeric(normal.deviation)];
  return (first, second) => cap(mean + deviation * standardNormal(first(), second()));
}

/** The same at every request. */
function fixed(milliseconds: number): Latency {
  return () => cap(milliseconds);
}

/** A whole number of milliseconds that an answer may wait. */
export function cap(milliseconds: number): number {
  return Math.round(Math.min(Math.max(milliseconds, 0), mostMilliseconds));
}

/** Box and Muller's way from two even numbers to one of the normal distribution. */
function standardNormal(first: number, second: number): number {
  return Math.sqrt(-2 * Math.log(1 - first)) * Math.cos(2 * Math.PI * second);
}
