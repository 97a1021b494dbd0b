/**
 * `$sum`, `$plus`, `$less`, `$times`, `$least` and `$most`: decimal arithmetic, with the digits of what is computed with.
 */
import { excerpt } from '../../excerpt.js';
import { type Amount, isAmount, isArray, type JsonValue } from '../../json.js';
import { compare, multiply, subtract, sum } from '../../money.js';
import { type Argument, nothing } from '../argument.js';
import { inScaleOf, withDigits } from '../decimals.js';
import type { Expression, Row } from '../expansion.js';
import { Fault } from '../place.js';
import { amongOf, filterOf } from './lookups.js';

/** `{ $sum: { of: payments.allocations, take: amount, where: { invoiceId: { $same: id } } } }`; null and absent are 0. */
export function sumOf(argument: Argument, companions: Argument): Expression {
  if (!argument.isObject(['of', 'take'], ['where', 'among'])) return nothing;
  const [collection = '', ...path] = (argument.member('of').text('the name of a collection') ?? '').split('.');
  const table = argument.scope.tables.get(collection);
  const take = argument.member('take').text('the name of a property');
  const digits = digitsOf(companions);
  if (table === undefined) argument.member('of').table();
  if (table === undefined || take === undefined) return nothing;
  const elements = path.length === 0 ? undefined : path.join('.');
  const check = (member: Argument, property: string) => {
    // What elements of an array have is checked when their records are.
    if (elements === undefined) member.checkProperty(table.name, property);
  };
  if (elements !== undefined) argument.member('of').checkProperty(table.name, elements);
  check(argument.member('take'), take);
  const filter = filterOf(argument.member('where'), check);
  const selection = table.select(elements, amongOf(argument.member('among'), table.names));
  return (row) => {
    const found = selection.matching(filter.properties, filter.values(row));
    const amounts = found.map((item) => amountOf(argument, item.read(take) ?? 0));
    return inScaleOf(sum(amounts), amounts, digits);
  };
}

/** `{ $plus: [a, b] }`: the sum. */
export const plus = calculation((amounts, digits) => inScaleOf(sum(amounts), amounts, digits));

/** `{ $less: [a, b, c] }`: the first, less the others. */
export const less = calculation((amounts, digits) => {
  const [first = 0, ...others] = amounts;
  return inScaleOf(subtract(first, sum(others)), amounts, digits);
});

/** `{ $times: [a, b], digits: 2 }`: the product, rounded half up where digits are given. */
export const times = calculation((amounts, digits) => {
  const product = amounts.reduce(multiply, 1);
  return digits === undefined ? product : withDigits(product, digits);
});

/** `{ $least: [a, b] }`: the smallest. */
export const least = calculation((amounts, digits) => {
  return inScaleOf(
    amounts.reduce((left, right) => (compare(left, right) <= 0 ? left : right)),
    amounts,
    digits,
  );
});

/** `{ $most: [a, b] }`: the largest. */
export const most = calculation((amounts, digits) => {
  return inScaleOf(
    amounts.reduce((left, right) => (compare(left, right) >= 0 ? left : right)),
    amounts,
    digits,
  );
});

type Calculate = (amounts: readonly Amount[], digits: number | undefined) => Amount;

function calculation(calculate: Calculate): (argument: Argument, companions: Argument) => Expression {
  return (argument, companions) => {
    const digits = digitsOf(companions);
    if (!isArray(argument.value) || argument.value.length === 0) {
      argument.expected('a list of amounts to compute with');
      return nothing;
    }
    const operands = argument.elements().map((element) => ({ element, expression: element.expression() }));
    return (row: Row) => {
      return calculate(
        operands.map(({ element, expression }) => amountOf(element, expression(row))),
        digits,
      );
    };
  };
}

function digitsOf(companions: Argument): number | undefined {
  return companions.member('digits').integer('the digits after the point, 0 to 20', 0, 20);
}

function amountOf(argument: Argument, value: JsonValue): Amount {
  if (isAmount(value)) return value;
  throw new Fault(argument.place, `expected an amount to compute with. Received ${excerpt(value)}`);
}
