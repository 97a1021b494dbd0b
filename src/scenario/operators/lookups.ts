/**
 * `$pick` and `$of`: values of other records.
 */
import { excerpt } from '../../excerpt.js';
import { isAmount, isObject, type JsonValue, numberText } from '../../json.js';
import { type Argument, nothing } from '../argument.js';
import { Dice, seedOf } from '../dice.js';
import { type Expression, type Item, type Row, signature } from '../expansion.js';
import { Fault } from '../place.js';
import { weighted } from './chances.js';

/** Which of the things that are looked through are meant: those whose properties have these values. */
export interface Filter {
  readonly properties: readonly string[];
  readonly values: (row: Row) => readonly JsonValue[];
}

/** `where: { status: open, customerId: { $same: customerId } }`. */
export function filterOf(argument: Argument, check: (member: Argument, path: string) => void): Filter {
  if (argument.value !== undefined && !isObject(argument.value)) argument.expected('properties with their values');
  const properties = isObject(argument.value) ? Object.keys(argument.value) : [];
  for (const property of properties) check(argument.member(property), property);
  const values = properties.map((property) => argument.member(property).expression());
  return { properties, values: (row) => values.map((value) => value(row)) };
}

/** Reads `among`: the `$name` of templates of a collection. */
export function amongOf(argument: Argument, names: ReadonlySet<string>): string | undefined {
  const among = argument.text('the $name of a template');
  if (among !== undefined && !names.has(among)) {
    argument.complain(`no template has the $name ${among}; known are ${[...names].join(', ') || 'none'}`);
  }
  return among;
}

/** `{ $pick: { from: customers, take: id, by: each-once, among: active, where: { currency: USD } } }`. */
export function pick(argument: Argument): Expression {
  if (!argument.isObject(['from'], ['take', 'by', 'where', 'among'])) return nothing;
  const table = argument.member('from').table();
  if (table === undefined) return nothing;
  const take = argument.member('take').text('the name of a property') ?? table.key;
  argument.member('take').checkProperty(table.name, take);
  const filter = filterOf(argument.member('where'), (member, path) => member.checkProperty(table.name, path));
  const selection = table.select(undefined, amongOf(argument.member('among'), table.names));
  const candidates = (row: Row): readonly Item[] => {
    const values = filter.values(row);
    const found = selection.matching(filter.properties, values);
    if (found.length > 0) return found;
    const which = filter.properties
      .map((property, index) => `${property} ${excerpt(values[index] ?? null)}`)
      .join(', ');
    throw new Fault(argument.place, `nothing to pick: no record of ${table.name}${which && ` has ${which}`}`);
  };
  const choice = choiceOf(argument, table.name, candidates);
  return (row) => {
    const value = choice(row).read(take);
    if (value === undefined) throw new Fault(argument.place, `the picked record of ${table.name} has no ${take}`);
    return value;
  };
}

type Candidates = (row: Row) => readonly Item[];

function choiceOf(argument: Argument, table: string, candidates: Candidates): (row: Row) => Item {
  const by = argument.member('by');
  if (by.value === 'each-once') return eachOnce(argument, table, candidates);
  const dice = argument.seed();
  if (isObject(by.value)) {
    const property = by.isObject(['weight'], []) ? by.member('weight').text('the name of a property') : undefined;
    if (property !== undefined) by.member('weight').checkProperty(table, property);
    return (row) => byWeight(argument, candidates(row), property ?? '', new Dice(dice, row.repetition));
  }
  if (by.value !== undefined && by.value !== 'uniform') by.expected('uniform, each-once or { weight: property }');
  return (row) => {
    const found = candidates(row);
    return required(found[new Dice(dice, row.repetition).below(found.length)]);
  };
}

function byWeight(argument: Argument, found: readonly Item[], property: string, dice: Dice): Item {
  const weights = found.map((item) => {
    const weight = item.read(property);
    if (isAmount(weight) && Number(numberText(weight)) >= 0) return Number(numberText(weight));
    throw new Fault(
      argument.place,
      `expected a weight in ${property}, 0 or above. Received ${excerpt(weight ?? null)}`,
    );
  });
  return required(found[weighted(weights, dice)]);
}

/**
 * Each record at most once in all repetitions of a template. The draws are made in the order of the repetitions, whichever
 * is asked for first, so that they are always the same.
 */
function eachOnce(argument: Argument, table: string, candidates: Candidates): (row: Row) => Item {
  const drawn: Item[] = [];
  const left = new Map<string, Item[]>();
  const seed = argument.seed();
  const draw = (row: Row): Item => {
    const found = candidates(row);
    const id = signature(found.slice(0, 1).map((item) => item.read(item.row.table.key) ?? null));
    const rest = left.get(id) ?? new Dice(seed, seedOf(id)).shuffled(found).reverse();
    left.set(id, rest);
    const item = rest.pop();
    if (item !== undefined) return item;
    const message = `nothing left to pick: each such record of ${table}, ${found.length} in all, is picked once`;
    throw new Fault(argument.place, `${message}; repeat less often, or pick otherwise`);
  };
  return (row) => {
    while (drawn.length <= row.repetition) {
      drawn.push(draw(required(row.table.row(row.template, drawn.length))));
    }
    return required(drawn[row.repetition]);
  };
}

/** `{ $of: { from: invoices, key: { $same: invoiceId }, take: customerId } }`: a property of the record with that key. */
export function of(argument: Argument): Expression {
  if (!argument.isObject(['from', 'key', 'take'], [])) return nothing;
  const table = argument.member('from').table();
  const take = argument.member('take').text('the name of a property');
  if (table === undefined || take === undefined) return nothing;
  argument.member('take').checkProperty(table.name, take);
  const key = argument.member('key').expression();
  const selection = table.select();
  return (row) => {
    const id = key(row);
    const [item] = selection.matching([table.key], [id]);
    if (item === undefined) throw new Fault(argument.place, `there is no record ${excerpt(id)} in ${table.name}`);
    const value = item.read(take);
    if (value !== undefined) return value;
    throw new Fault(argument.place, `record ${excerpt(id)} of ${table.name} has no ${take}`);
  };
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('An operator looked past the end of what it found.');
  return value;
}
