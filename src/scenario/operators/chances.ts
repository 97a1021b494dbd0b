/**
 * `$choose` and `$amount`: values by chance.
 */
import { isAmount, isObject, type JsonValue, numberText } from '../../json.js';
import { compare, multiply, subtract, sum } from '../../money.js';
import { type Argument, nothing } from '../argument.js';
import { withDigits } from '../decimals.js';
import { Dice } from '../dice.js';
import type { Expression } from '../expansion.js';
import { Fault } from '../place.js';

/** `{ $choose: [a, b] }`, each as likely, or with `weights`; `{ $choose: { open: 5, paid: 3 } }`: texts by weight. */
export function choose(argument: Argument, companions: Argument): Expression {
  const named = isObject(argument.value) ? Object.keys(argument.value) : [];
  const values =
    named.length > 0 ? named.map((name) => () => name) : argument.elements().map((each) => each.expression());
  const given = named.length > 0 ? argument : companions.member('weights');
  const parts = named.length > 0 ? named.map((name) => argument.member(name)) : given.elements();
  const weights = given.value === undefined ? values.map(() => 1) : parts.map(weightOf);
  if (values.length === 0) argument.expected('a list of values, or values with their weights');
  else if (weights.length !== values.length) given.expected(`${values.length} weights, one for each value`);
  const seed = argument.seed();
  return (row) => values[weighted(weights, new Dice(seed, row.repetition))]?.(row) ?? null;
}

function weightOf(argument: Argument): number {
  const weight = isAmount(argument.value) ? Number(numberText(argument.value)) : -1;
  if (weight >= 0 && Number.isFinite(weight)) return weight;
  argument.expected('a weight: a number, 0 or above');
  return 0;
}

/** The number of an element, each as likely as its weight says. */
export function weighted(weights: readonly number[], dice: Dice): number {
  let left = dice.fraction() * weights.reduce((total, weight) => total + weight, 0);
  for (const [index, weight] of weights.entries()) {
    left -= weight;
    if (left < 0) return index;
  }
  return Math.max(0, weights.length - 1);
}

/** `{ $amount: { from: 10.00, to: 500.00, digits: 2 } }`: a decimal with exact text, both limits included. */
export function amount(argument: Argument): Expression {
  if (!argument.isObject(['from', 'to'], ['digits'])) return nothing;
  const digits = argument.member('digits').integer('the digits after the point, 0 to 9', 0, 9) ?? 2;
  const [from, to] = [limitOf(argument.member('from')), limitOf(argument.member('to'))];
  const [unit, step] = [Number(`1e${digits}`), Number(`1e-${digits}`)];
  const seed = argument.seed();
  return (row) => {
    const [least, most] = [from(row), to(row)];
    if (!isAmount(least) || !isAmount(most) || compare(least, most) > 0) {
      const received = `from ${text(least)} to ${text(most)}`;
      throw new Fault(argument.place, `expected amounts, from at most as large as to. Received ${received}`);
    }
    const steps = Number(numberText(multiply(subtract(most, least), unit)));
    const drawn = new Dice(seed, row.repetition).below(Math.floor(steps) + 1);
    return withDigits(sum([least, multiply(drawn, step)]), digits);
  };
}

function limitOf(argument: Argument): Expression {
  const literal = !isObject(argument.value);
  if (literal && !isAmount(argument.value)) argument.expected('an amount, such as 10.00');
  return argument.expression();
}

function text(value: JsonValue): string {
  return isAmount(value) ? numberText(value) : JSON.stringify(value);
}
