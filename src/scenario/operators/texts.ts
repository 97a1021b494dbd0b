/**
 * `$index`, `$template` and `$faker`: numbers and texts of a repetition.
 */
import type * as Locale from '@faker-js/faker/locale/en_US';
import { isAmount, isArray, isObject, type JsonValue, numberText, parse } from '../../json.js';
import { loadPackage } from '../../load-package.js';
import { reasonOf } from '../../reason.js';
import { type Argument, nothing } from '../argument.js';
import type { Expression, Row } from '../expansion.js';
import { Fault } from '../place.js';

/** `{ $index: 7001 }`, `{ $index: { from: 1, step: 10 } }`: the number of the repetition. */
export function index(argument: Argument): Expression {
  const count = counter(argument);
  return ({ repetition }) => count(repetition);
}

function counter(argument: Argument): (repetition: number) => number {
  const given = isObject(argument.value) ? argument.member('from') : argument;
  if (isObject(argument.value)) argument.isObject([], ['from', 'step']);
  const least = Number.MIN_SAFE_INTEGER;
  const from = given.integer('a whole number to count from', least) ?? 1;
  const step = isObject(argument.value) ? (argument.member('step').integer('a whole number', least) ?? 1) : 1;
  return (repetition) => from + step * repetition;
}

/** `{ $faker: person.firstName }`, `{ $faker: number.int, with: { max: 9 } }`. */
export function fakerValue(argument: Argument, companions: Argument): Expression {
  const name = argument.text('the name of a method of faker, such as person.firstName') ?? '';
  const given = companions.member('with').value;
  const call = methodOf(name, given === undefined ? [] : isArray(given) ? given : [given]);
  if (call === undefined) {
    argument.complain(
      `faker has no ${name}; expected a method such as person.firstName or number.int, see https://fakerjs.dev/api/`,
    );
    return nothing;
  }
  return guarded(argument, name, call);
}

/** `{ $template: 'INV-{{index:5}} {{company.name}} {{same:lastName}}' }`. */
export function template(argument: Argument, companions: Argument): Expression {
  const pattern = argument.text('a text, with {{ }} around what is to be filled in') ?? '';
  const count = counter(companions.member('index'));
  const parts = [...pattern.matchAll(/\{\{(.*?)\}\}|((?:(?!\{\{)[\s\S])+|\{\{)/g)].map(([, tag, text]): Expression => {
    return tag === undefined ? () => text ?? '' : filled(tag.trim(), argument, count);
  });
  // Each part has random numbers of its own, so that a part before it changes nothing.
  return (row) => parts.map((part) => shown(part(row))).join('');
}

function filled(tag: string, argument: Argument, count: (repetition: number) => number): Expression {
  const indexed = /^index(?::(\d{1,2}))?$/.exec(tag);
  if (indexed !== null) return ({ repetition }) => String(count(repetition)).padStart(Number(indexed[1] ?? 0), '0');
  const same = /^same:(.+)$/.exec(tag)?.[1];
  if (same !== undefined) return sameAs(argument, same);
  const [, name = tag, parameters = ''] = /^([\w.]+)(?:\((.*)\))?$/.exec(tag) ?? [];
  const call = methodOf(name, parametersOf(parameters));
  if (call !== undefined) return guarded(argument, tag, call);
  argument.complain(
    `{{${tag}}} is not known; expected {{index}}, {{index:5}}, {{same:property}} or a method of faker, such as {{person.firstName}}`,
  );
  return nothing;
}

/** `{ $same: lastName }`: another property of this record. */
export function same(argument: Argument): Expression {
  const path = argument.text('the name of another property of this record');
  return path === undefined ? nothing : sameAs(argument, path);
}

function sameAs(argument: Argument, path: string): Expression {
  const [first = ''] = path.split('.');
  if (!argument.scope.properties.has(first)) {
    const known = [...argument.scope.properties].join(', ');
    argument.complain(`this record has no property ${first}; it has ${known}`);
  }
  return (row) => {
    const value = row.readPath(path);
    if (value === undefined) throw new Fault(argument.place, `this record has nothing at ${path}`);
    return value;
  };
}

/** JSON between brackets, as faker's mustache has it; `undefined` if it is none. */
function parametersOf(text: string): readonly JsonValue[] | undefined {
  if (text.trim() === '') return [];
  try {
    const parameters = parse(`[${text}]`);
    return isArray(parameters) ? parameters : undefined;
  } catch {
    return undefined;
  }
}

/** This faker serves scenarios alone: requests have another. Loaded when a scenario names the first of its methods. */
function library(): typeof Locale.faker {
  return loadPackage<typeof Locale>('@faker-js/faker/locale/en_US').faker;
}

/** A call of a method of faker that exists; `undefined` for any other name. */
function methodOf(name: string, parameters: readonly JsonValue[] | undefined): (() => unknown) | undefined {
  const [module = '', method = '', ...rest] = name.split('.');
  if (rest.length > 0 || parameters === undefined) return undefined;
  const faker = library();
  if (!Object.hasOwn(faker, module)) return undefined;
  const found: unknown = Reflect.get(faker, module);
  if (typeof found !== 'object' || found === null || !Object.hasOwn(found, method)) return undefined;
  const call: unknown = Reflect.get(found, method);
  if (typeof call !== 'function') return undefined;
  const plain = parameters.map(asPlain);
  return () => Reflect.apply(call, found, plain);
}

/** faker knows doubles alone. */
function asPlain(value: JsonValue): unknown {
  if (isAmount(value)) return Number(numberText(value));
  if (isArray(value)) return value.map(asPlain);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, asPlain(member ?? null)]));
}

/** Dates of faker's count from the scenario's clock, or where it has none from here. */
const otherwise = Date.parse('2026-01-01T00:00:00.000Z');

/** A call of faker with random numbers of the value's own. */
function guarded(argument: Argument, name: string, call: () => unknown): Expression {
  const seed = argument.seed();
  const extra = [...name].reduce((sum, character) => sum + (character.codePointAt(0) ?? 0), 0);
  const faker = library();
  return ({ repetition }: Row) => {
    faker.seed([seed, repetition, extra]);
    faker.setDefaultRefDate(argument.scope.clock?.epochMilliseconds ?? otherwise);
    return asJson(attempt(argument, name, call));
  };
}

function attempt(argument: Argument, name: string, call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    throw new Fault(argument.place, `faker's ${name}: ${reasonOf(error)}`);
  }
}

function asJson(value: unknown): JsonValue {
  if (typeof value === 'bigint') return parse(String(value));
  return value === undefined ? null : parse(JSON.stringify(value) ?? 'null');
}

function shown(value: JsonValue): string {
  if (isAmount(value)) return numberText(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}
