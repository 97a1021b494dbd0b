/**
 * How long a fault lets an answer wait.
 */
import { isArray, type JsonObject } from '../json.js';
import { numeric, objectAt } from './read.js';

/** Longer than a minute no answer waits. */
export const mostMilliseconds = 60_000;

/** How long, in milliseconds, by two numbers from 0 to 1 that chance gives. */
export type Latency = (first: () => number, second: () => number) => number;

/** A latency of a rule: `{milliseconds}`, `{uniform}`, `{normal}` or `{logNormal}`; `undefined` if it is none. */
export function readLatency(json: JsonObject): Latency | undefined {
  if (json.milliseconds !== undefined) return fixed(numeric(json.milliseconds));
  if (isArray(json.uniform)) {
    const [least, most] = json.uniform.map(numeric);
    return (first) => cap((least ?? 0) + first() * ((most ?? 0) - (least ?? 0)));
  }
  const normal = objectAt(json, 'normal');
  if (normal !== undefined) {
    const [mean, deviation, most] = [numeric(normal.mean), numeric(normal.deviation), mostOf(normal)];
    return (first, second) => cap(mean + deviation * standardNormal(first(), second()), most);
  }
  const logNormal = objectAt(json, 'logNormal');
  if (logNormal === undefined) return undefined;
  const [median, sigma, most] = [numeric(logNormal.median), numeric(logNormal.sigma), mostOf(logNormal)];
  return (first, second) => cap(median * Math.exp(sigma * standardNormal(first(), second())), most);
}

/** The longest wait that a distribution with a tail may give. */
function mostOf({ most }: JsonObject): number {
  return most === undefined ? mostMilliseconds : numeric(most);
}

/** The same at every request. */
function fixed(milliseconds: number): Latency {
  return () => cap(milliseconds);
}

/** A whole number of milliseconds that an answer may wait, never above `most`, which is whole. */
export function cap(milliseconds: number, most = mostMilliseconds): number {
  return Math.round(Math.min(Math.max(milliseconds, 0), most));
}

/** Box and Muller's way from two even numbers to one of the normal distribution. */
function standardNormal(first: number, second: number): number {
  return Math.sqrt(-2 * Math.log(1 - first)) * Math.cos(2 * Math.PI * second);
}
