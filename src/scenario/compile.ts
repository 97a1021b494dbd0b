/**
 * From the records of scenario files to templates: each value that holds operators becomes an expression.
 */
import { excerpt } from '../excerpt.js';
import { isArray, isObject, type JsonObject, type JsonValue } from '../json.js';
import { Argument, nothing, type Scope } from './argument.js';
import type { Expression, Template } from './expansion.js';
import { nameOf, placeIn, type RecordSource } from './merge.js';
import { amount, choose } from './operators/chances.js';
import { of, pick } from './operators/lookups.js';
import { least, less, most, plus, sumOf, times } from './operators/sums.js';
import { fakerValue, index, same, template } from './operators/texts.js';
import { time } from './operators/times.js';

interface Operator {
  readonly compile: (argument: Argument, companions: Argument) => Expression;
  /** What may stand beside it. */
  readonly companions?: readonly string[];
}

/** A value as it stands, whatever is in it. */
const literal: Operator = {
  compile:
    ({ value }) =>
    () =>
      value ?? null,
};

const operators: Readonly<Record<string, Operator>> = {
  $index: { compile: index },
  $template: { compile: template, companions: ['index'] },
  $faker: { compile: fakerValue, companions: ['with'] },
  $amount: { compile: amount },
  $time: { compile: time },
  $choose: { compile: choose, companions: ['weights'] },
  $pick: { compile: pick },
  $same: { compile: same },
  $of: { compile: of },
  $sum: { compile: sumOf, companions: ['digits'] },
  $plus: { compile: plus, companions: ['digits'] },
  $less: { compile: less, companions: ['digits'] },
  $times: { compile: times, companions: ['digits'] },
  $least: { compile: least, companions: ['digits'] },
  $most: { compile: most, companions: ['digits'] },
  $literal: literal,
};

/** The most records that one template makes. */
const mostRepetitions = 1_000_000;

/** Members of a record that are instructions and not part of it. */
const instructions = ['$repeat', '$name', '$like', '$remove'];

/**
 * A record of a file, ready to be computed. `number` counts the templates of the collection from 0, and names the random
 * numbers of one without a `$name`.
 */
export function compileRecord(source: RecordSource, number: number, scope: Omit<Scope, 'properties'>): Template {
  const { value } = source;
  const name = nameOf(value);
  if (!isTemplate(value)) {
    return { source, name, repeat: 1, literal: isObject(value) ? value : {}, members: new Map() };
  }
  const record = isObject(value) ? value : {};
  const properties = Object.keys(record).filter((property) => !property.startsWith('$'));
  const path = `${scope.declaration.name}/${name ?? number}`;
  const within = { ...scope, properties: new Set(properties) };
  const argumentOf = (property: string) =>
    new Argument(record[property], placeIn(source, `/${property}`), `${path}/${property}`, within, compileValue);
  for (const member of Object.keys(record).filter((each) => each.startsWith('$') && !instructions.includes(each))) {
    const known = Object.keys(operators).includes(member) ? 'an operator stands in the place of a value' : 'not known';
    argumentOf(member).complain(`${member}: ${known}; a record itself may have ${instructions.join(', ')}`);
  }
  argumentOf('$name').text('a name for the template');
  const most = `a whole number from 0 to ${mostRepetitions}`;
  const repeat = argumentOf('$repeat').integer(most, 0, mostRepetitions) ?? 1;
  const members = properties.map((property) => [property, argumentOf(property).expression()] as const);
  return { source, name, repeat, literal: undefined, members: new Map(members) };
}

/** Whether a value holds an operator, anywhere in it. */
export function isTemplate(value: JsonValue | undefined): boolean {
  if (isArray(value)) return value.some(isTemplate);
  if (!isObject(value)) return false;
  return Object.entries(value).some(([name, member]) => name.startsWith('$') || isTemplate(member));
}

function compileValue(value: JsonValue | undefined, argument: Argument): Expression {
  if (!isTemplate(value)) return Object.assign(() => value ?? null, { constant: true } as const);
  const members = isObject(value) ? Object.keys(value) : [];
  if (members.some((name) => name.startsWith('$'))) return compileOperator(members, argument);
  const names = isArray(value) ? value.map((_, index) => String(index)) : members;
  const parts = names.map((name) => [name, argument.member(name).expression()] as const);
  return Object.assign(isArray(value) ? arrayOf(parts, argument) : objectOf(parts, argument), {
    parts: new Map(parts),
  });
}

type Parts = readonly (readonly [string, Expression])[];

function arrayOf(parts: Parts, argument: Argument): Expression {
  const path = argument.recordPath();
  return (row) => parts.map(([name, part]) => row.compute(`${path}.${name}`, part));
}

function objectOf(parts: Parts, argument: Argument): Expression {
  const path = argument.recordPath();
  return (row): JsonObject =>
    Object.fromEntries(parts.map(([name, part]) => [name, row.compute(`${path}.${name}`, part)]));
}

function compileOperator(members: readonly string[], argument: Argument): Expression {
  const named = members.filter((name) => name.startsWith('$'));
  const [name = ''] = named;
  const operator = Object.hasOwn(operators, name) ? operators[name] : undefined;
  if (named.length > 1 || operator === undefined) {
    argument.complain(
      `expected one operator of ${Object.keys(operators).join(', ')}. Received ${excerpt(named.join(', '))}`,
    );
    return nothing;
  }
  const companions = operator.companions ?? [];
  for (const beside of members.filter((each) => each !== name && !companions.includes(each))) {
    const allowed = companions.length === 0 ? 'nothing' : companions.join(', ');
    argument.member(beside).complain(`${beside} may not stand beside ${name}; expected ${allowed}`);
  }
  return operator.compile(argument.member(name), argument);
}
