/**
 * What breaks the document's schemas, in the words of whoever would refuse it at Upwell: Hasura's REST layer (variables), its
 * GraphQL parser (shapes, names, enums), its JSON reader (numbers), or PostgreSQL (dates, nulls, text).
 *
 * Texts and codes: vendors.md, 000, Errors; where it gives a template and no text, Hasura's and PostgreSQL's own.
 */
import { isArray, isNumberText, isObject, type JsonValue, type ProblemDetail } from '../../src/index.js';
import { fieldPath } from './path.js';

/** One problem, as Hasura tells it. */
export type HasuraError = { readonly path: string; readonly error: string; readonly code: string };

/** Says a schema problem as Hasura does. */
export function schemaError(detail: ProblemDetail): HasuraError {
  const place = placeOf(detail.pointer);
  if (detail.rule === 'additionalProperties') return unknownName(detail, place);
  if (place.kind === 'variables') return variablesError(detail);
  const path = fieldPath(detail.pointer);
  if (detail.rule === 'type') return { path, ...typeError(detail, place) };
  return { path, ...valueError(detail, place) };
}

/** What stands at a place in the body: all variables, a list, an object of a type, or a row's column. */
type Place =
  | { readonly kind: 'variables' }
  | { readonly kind: 'list' }
  | { readonly kind: 'object'; readonly type: string }
  | { readonly kind: 'column'; readonly relation: string; readonly column: string };

function placeOf(pointer: string): Place {
  const tokens = pointer.split('/').slice(1);
  const column = tokens.at(-1) ?? '';
  switch (tokens.length) {
    case 0:
      return { kind: 'variables' };
    case 1:
      return { kind: 'list' };
    case 2:
      return { kind: 'object', type: 'PaymentsInsertInput' };
    case 3:
      if (column === 'paymentLineItems') return { kind: 'object', type: 'PaymentLineItemsArrRelInsertInput' };
      return { kind: 'column', relation: 'payments', column };
    case 4:
      return { kind: 'list' };
    case 5:
      return { kind: 'object', type: 'PaymentLineItemsInsertInput' };
    default:
      return { kind: 'column', relation: 'payment_line_items', column };
  }
}

function unknownName({ pointer, params }: ProblemDetail, place: Place): HasuraError {
  const name = String(params?.additionalProperty);
  if (place.kind !== 'object') return { path: '$', error: `Unexpected variable ${name}`, code: 'bad-request' };
  const error = `field "${name}" not found in type: '${place.type}'`;
  return { path: fieldPath(pointer, name), error, code: 'validation-failed' };
}

/** The body as a whole: no object, or without `inputs`. An empty body has no variables, which is the same. */
function variablesError({ rule, received, message }: ProblemDetail): HasuraError {
  if (rule === 'required') {
    const error = 'expecting a value for non-nullable variable: "inputs"';
    return { path: '$', error, code: 'validation-failed' };
  }
  if (rule === 'type') {
    const error = `Error in $: expected Object, but encountered ${jsonName(received)}`;
    return { path: '$', error, code: 'invalid-json' };
  }
  return { path: '$', error: message, code: 'validation-failed' };
}

type Words = Omit<HasuraError, 'path'>;

function typeError({ received, params }: ProblemDetail, place: Place): Words {
  const found = graphqlName(received);
  if (place.kind === 'list') return invalid(`expected a list, but found ${found}`);
  if (place.kind === 'object') {
    if (received === null) return invalid(`unexpected null value for type '${place.type}'`);
    return invalid(`expected an object for type '${place.type}', but found ${found}`);
  }
  if (place.kind !== 'column') return invalid('expected an object');
  const { relation, column } = place;
  if (received === null) {
    const error = `Not-NULL violation. null value in column "${column}" of relation "${relation}" violates not-null constraint`;
    return { error, code: 'constraint-violation' };
  }
  if (params?.type === 'number') return unreadable('Scientific', 'Number', received);
  if (column === 'currency') return invalid(`expected an enum value for type '${currencyType}', but found ${found}`);
  if (isDate(column)) return unreadable('Day', 'String', received);
  if (isTimestamp(column)) return unreadable('UTCTime', 'String', received);
  return invalid(`expected a string for type 'String', but found ${found}`);
}

function valueError({ rule, received, params, message }: ProblemDetail, place: Place): Words {
  const column = place.kind === 'column' ? place.column : '';
  switch (rule) {
    case 'enum': {
      const values = isArray(params?.allowedValues) ? params.allowedValues.filter((value) => value !== null) : [];
      const listed = values.map((value) => `'${String(value)}'`).join(', ');
      return invalid(
        `expected one of the values [${listed}] for type '${currencyType}', but found '${String(received)}'`,
      );
    }
    case 'format':
      return refusedByPostgres(formatError(column, received));
    case 'maxLength':
      return refusedByPostgres(`value too long for type character varying(${String(params?.limit)})`);
    case 'pattern':
      // The only pattern is that of text without null characters.
      return refusedByPostgres('invalid byte sequence for encoding "UTF8": 0x00');
    case 'maxItems': {
      const count = isArray(received) ? received.length : 'more';
      return invalid(`expected a list of at most ${String(params?.limit)} elements, but found ${count}`);
    }
    default:
      return invalid(message);
  }
}

/** PostgreSQL tells what is no date from one that the calendar lacks. */
function formatError(column: string, received: JsonValue | undefined): string {
  if (!isDate(column) && !isTimestamp(column)) return 'value overflows numeric format';
  const text = String(received);
  const wellFormed = isDate(column) ? writtenDate : writtenTimestamp;
  if (wellFormed.test(text)) return `date/time field value out of range: "${text}"`;
  return `invalid input syntax for type ${isDate(column) ? 'date' : 'timestamp with time zone'}: "${text}"`;
}

const writtenDate = /^\d{4}-\d{2}-\d{2}$/;
const writtenTimestamp = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})$/;

/** What Hasura would call the enum of currencies; the vendor shows no name. */
const currencyType = 'CurrenciesEnum';

/** checkDate, transactionDate */
function isDate(column: string): boolean {
  return column.endsWith('Date');
}

/** createdAt, updatedAt */
function isTimestamp(column: string): boolean {
  return column.endsWith('At');
}

function invalid(error: string): Words {
  return { error, code: 'validation-failed' };
}

function refusedByPostgres(error: string): Words {
  return { error, code: 'data-exception' };
}

function unreadable(type: string, expected: string, received: JsonValue | undefined): Words {
  const error = `parsing ${type} failed, expected ${expected}, but encountered ${jsonName(received)}`;
  return { error, code: 'parse-failed' };
}

/** A JSON value's kind as Hasura's JSON reader calls it. */
function jsonName(value: JsonValue | undefined): string {
  if (value === null || value === undefined) return 'Null';
  if (typeof value === 'string') return 'String';
  if (typeof value === 'boolean') return 'Boolean';
  if (typeof value === 'number' || isNumberText(value)) return 'Number';
  return isArray(value) ? 'Array' : 'Object';
}

/** A JSON value's kind as its GraphQL parser calls it. */
function graphqlName(value: JsonValue | undefined): string {
  if (value === null || value === undefined) return 'null';
  if (isObject(value)) return 'an object';
  if (isArray(value)) return 'a list';
  if (typeof value === 'string') return 'a string';
  return typeof value === 'boolean' ? 'a boolean' : 'a number';
}
