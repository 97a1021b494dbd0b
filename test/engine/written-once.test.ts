/**
 * Texts that are kept: a record goes to the disk as it was written for an answer, where that is what JavaScript writes.
 */
import { assert, constantFrom, jsonValue, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deepFreeze } from '../../src/frozen.js';
import { isObject, type JsonObject, parse, stringify } from '../../src/json.js';
import { Serializer } from '../../src/serializer.js';
import { toLine } from '../../src/store/lines.js';
import { keepText, plainText, writtenText } from '../../src/written-once.js';
import { makeSchemas } from './fixture.js';

const document = makeSchemas(`
  Payment:
    type: object
    properties:
      id: { type: integer }
      amount: { type: number, format: decimal }
      lines: { type: array, items: { type: object, properties: { sku: { type: string }, price: { type: number } } } }
      tags: { type: array }
      more: { type: object, additionalProperties: { type: number, format: decimal } }
  Reversed: { type: object, properties: { more: {}, tags: {}, lines: {}, amount: {}, id: {} } }
`);
const serializer = new Serializer(document.resolve);
const write = (value: JsonObject, schema = 'Payment') =>
  serializer.write({ $ref: `#/components/schemas/${schema}` }, value);

function object(text: string): JsonObject {
  const value = parse(text);
  if (!isObject(value)) throw new Error(`${text} is no object.`);
  return deepFreeze(value);
}

describe('a record that was written for an answer', () => {
  test.each([
    [
      'in the order of the schema',
      '{"id":1,"amount":8.5,"lines":[{"sku":"a","price":2}],"tags":["x"],"more":{"a":1.5}}',
    ],
    ['with some of its members', '{"amount":0.25,"tags":[]}'],
    ['with undocumented members at its end', '{"id":1,"note":"n","other":{"b":1,"a":[2]}}'],
    ['with none', '{}'],
  ])('is known by that text: %s', (_, text) => {
    const value = object(text);
    expect(plainText(value)).toBeUndefined();
    expect(write(value)).toBe(text);
    expect(plainText(value)).toBe(text);
  });

  test.each([
    ['in another order', '{"amount":8.5,"id":1}'],
    ['with another order within', '{"lines":[{"price":2,"sku":"a"}]}'],
    ['with an undocumented member between others', '{"id":1,"note":"n","amount":8.5}'],
    ['with a fraction that is written on it', '{"id":1,"amount":8}'],
    ['with such a fraction deep within', '{"more":{"a":1}}'],
    ['with a number kept as text', '{"id":1.0}'],
    ['with one in what no schema describes', '{"tags":[1.0]}'],
    ['with one in an undocumented member', '{"note":{"a":1.0}}'],
  ])('is not, where JavaScript writes another: %s', (_, text) => {
    const value = object(text);
    write(value);
    expect(plainText(value)).toBeUndefined();
  });

  test('has a text for each schema, and one of them may be plain', () => {
    const value = object('{"id":1,"amount":8.5}');
    expect(write(value, 'Reversed')).toBe('{"amount":8.5,"id":1}');
    expect(plainText(value)).toBeUndefined();
    expect(write(value)).toBe('{"id":1,"amount":8.5}');
    expect(plainText(value)).toBe('{"id":1,"amount":8.5}');
    expect(write(value, 'Reversed')).toBe('{"amount":8.5,"id":1}');
  });
});

test('nothing is kept of what can change, be it only within', () => {
  const way = {};
  const within = { list: [1] };
  const value: JsonObject = Object.freeze({ within });
  keepText(value, way, '{}', true);
  expect([writtenText(value, way), plainText(value)]).toEqual([undefined, undefined]);
});

test('a line of the state is the same, whether or not its record was written before', () => {
  const name = constantFrom('id', 'amount', 'lines', 'tags', 'more', 'note', '__proto__', '1');
  assert(
    property(record({ name, other: name, value: jsonValue(), and: jsonValue() }), ({ name, other, value, and }) => {
      const text = JSON.stringify(
        Object.fromEntries([
          [name, value],
          [other, and],
          ['list', [{ [other]: value }]],
        ]),
      );
      const entry = (payment: JsonObject): JsonObject => ({
        commit: 'default',
        changes: {
          payments: [
            [1, payment],
            [2, null],
          ],
        },
      });
      const [fresh, answered] = [object(text), object(text)];
      write(answered);
      expect(toLine(7, entry(answered))).toBe(toLine(7, entry(fresh)));
      expect(toLine(7, entry(fresh))).toContain(`[7,${stringify(entry(fresh))},`);
    }),
    { numRuns: 2_000 },
  );
});
