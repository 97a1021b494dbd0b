/**
 * Responses as the document describes them: order, fractions, and everything else as it stands.
 */
import { describe, expect, test } from 'vitest';
import { deepFreeze, isDeeplyFrozen } from '../../src/frozen.js';
import { type JsonObject, parse } from '../../src/json.js';
import { Serializer } from '../../src/serializer.js';
import { makeSchemas } from './fixture.js';

const document = makeSchemas(`
  Decimal: { type: number, format: decimal }
  Number: { type: number }
  Integer: { type: integer, format: int32 }
  Free: { description: Any JSON. }
  Text: { type: string }
  Line: { type: object, properties: { sku: { type: string }, price: { $ref: '#/components/schemas/Decimal' } } }
  Order:
    type: object
    properties:
      id: { type: integer }
      total: { $ref: '#/components/schemas/Decimal' }
      lines: { type: array, items: { $ref: '#/components/schemas/Line' } }
      grid: { type: array, items: { type: array, items: { $ref: '#/components/schemas/Decimal' } } }
      note: { description: Any JSON. }
      by: { type: object, additionalProperties: { $ref: '#/components/schemas/Decimal' } }
  Large: { allOf: [{ $ref: '#/components/schemas/Order' }, { type: object, properties: { weight: { $ref: '#/components/schemas/Decimal' } } }] }
  Refined: { allOf: [{ $ref: '#/components/schemas/Line' }, { properties: { price: { description: Before tax. } } }] }
  LineOrOrder: { oneOf: [{ $ref: '#/components/schemas/Line' }, { $ref: '#/components/schemas/Order' }] }
  Branch:
    type: object
    properties:
      amount: { $ref: '#/components/schemas/Decimal' }
      below: { $ref: '#/components/schemas/Leaf' }
      beside: { type: array, items: { $ref: '#/components/schemas/Branch' } }
  Leaf:
    allOf:
      - { $ref: '#/components/schemas/Branch' }
      - { type: object, properties: { colour: { type: string } } }
  Any: { anyOf: [{ type: string }, { type: array, items: { $ref: '#/components/schemas/Any' } }, { $ref: '#/components/schemas/Decimal' }] }
  First: { oneOf: [{ type: object, properties: { data: { $ref: '#/components/schemas/Line' } } }, { type: object, properties: { data: { type: object, properties: { b: {}, a: {} } } } }] }
  Odd: { type: object, properties: { 'a"b': { $ref: '#/components/schemas/Decimal' }, '': { type: string } } }
`);
const serializer = new Serializer(document.resolve);

function written(schema: string, text: string): string {
  return serializer.write({ $ref: `#/components/schemas/${schema}` }, parse(text));
}

describe('a number of format decimal', () => {
  test.each([
    ['2', '2.0'],
    ['0', '0.0'],
    ['-7', '-7.0'],
    ['2.5', '2.5'],
    ['2.50', '2.50'],
    ['8.0', '8.0'],
    ['12345678901234567890', '12345678901234567890.0'],
    ['1e3', '1000.0'],
    ['1E-2', '0.01'],
    ['1e+21', '1000000000000000000000.0'],
    ['1e-7', '0.0000001'],
    ['null', 'null'],
    ['"2"', '"2"'],
  ])('%s is written %s: always a fraction, never an exponent', (text, expected) => {
    expect(written('Decimal', text)).toBe(expected);
  });

  test.each(['2', '2.50', '1e3', '8.0', '12345678901234567890', 'null'])(
    'any other number is written as it is: %s',
    (text) => {
      for (const schema of ['Number', 'Integer', 'Free', 'Text']) expect(written(schema, text)).toBe(text);
    },
  );
});

describe('order and fractions', () => {
  test.each<[string, string, string, string]>([
    ['properties stand in the order of the schema', 'Line', '{"price":2,"sku":"a"}', '{"sku":"a","price":2.0}'],
    [
      'unknown ones come last, as they stand',
      'Line',
      '{"z":2,"price":1,"y":{"b":1,"a":2},"sku":"a"}',
      '{"sku":"a","price":1.0,"z":2,"y":{"b":1,"a":2}}',
    ],
    ['absent ones are left out', 'Order', '{"total":1}', '{"total":1.0}'],
    ['null is null', 'Order', '{"lines":null,"total":null,"note":null}', '{"total":null,"lines":null,"note":null}'],
    [
      'arrays of objects',
      'Order',
      '{"lines":[{"price":1,"sku":"a"},{"price":2.50}]}',
      '{"lines":[{"sku":"a","price":1.0},{"price":2.50}]}',
    ],
    ['arrays of arrays', 'Order', '{"grid":[[1,2.5],[],[3]]}', '{"grid":[[1.0,2.5],[],[3.0]]}'],
    [
      'free JSON stays as it was sent',
      'Order',
      '{"note":{"b":1,"a":[1e3,2.0]},"id":1}',
      '{"id":1,"note":{"b":1,"a":[1e3,2.0]}}',
    ],
    ['values of a map', 'Order', '{"by":{"b":1,"a":2.50}}', '{"by":{"b":1.0,"a":2.50}}'],
    ['an allOf is one object', 'Large', '{"weight":1,"total":2,"id":3}', '{"id":3,"total":2.0,"weight":1.0}'],
    ['a part may say more of a property', 'Refined', '{"price":1,"sku":"a"}', '{"sku":"a","price":1.0}'],
    [
      'alternatives tell their orders together',
      'LineOrOrder',
      '{"total":1,"id":2,"price":3,"sku":"a"}',
      '{"sku":"a","price":3.0,"id":2,"total":1.0}',
    ],
    ['alternatives of one property too', 'First', '{"data":{"price":1,"sku":"a"}}', '{"data":{"sku":"a","price":1.0}}'],
    ['the other alternative of it as well', 'First', '{"data":{"a":1,"b":2}}', '{"data":{"b":2,"a":1}}'],
    [
      'a schema within itself',
      'Branch',
      '{"beside":[{"beside":[],"amount":1}],"amount":2}',
      '{"amount":2.0,"beside":[{"amount":1.0,"beside":[]}]}',
    ],
    [
      'a schema within its own part',
      'Branch',
      '{"below":{"colour":"red","below":{"colour":"blue","amount":1},"amount":2}}',
      '{"below":{"amount":2.0,"below":{"amount":1.0,"colour":"blue"},"colour":"red"}}',
    ],
    ['an alternative of itself', 'Any', '["a",[1,["b",2]]]', '["a",[1.0,["b",2.0]]]'],
    ['names that need escapes', 'Odd', '{"":"x","a\\"b":1}', '{"a\\"b":1.0,"":"x"}'],
    [
      'a __proto__ is a property like any other',
      'Line',
      '{"__proto__":{"sku":1},"sku":"a"}',
      '{"sku":"a","__proto__":{"sku":1}}',
    ],
    ['what an object inherits is not written', 'Odd', '{}', '{}'],
    [
      'an array where an object is described stays as it is',
      'Line',
      '[{"price":1,"sku":"a"}]',
      '[{"price":1,"sku":"a"}]',
    ],
    ['an object where an array is described stays as it is', 'Any', '{"b":1,"a":2}', '{"b":1,"a":2}'],
  ])('%s', (_, schema, text, expected) => {
    expect(written(schema, text)).toBe(expected);
    // The second time it is read from memory.
    expect(written(schema, text)).toBe(expected);
  });

  test('undefined members are left out, known or not', () => {
    const value = { sku: undefined, price: 1, other: undefined };
    expect(serializer.write({ $ref: '#/components/schemas/Line' }, value)).toBe('{"price":1.0}');
  });

  test('a described __proto__ is written in its place, if the value has one of its own', () => {
    const schema = parse('{"properties":{"__proto__":{"type":"number","format":"decimal"},"a":{}}}');
    expect(serializer.write(schema, parse('{"a":1,"__proto__":2}'))).toBe('{"__proto__":2.0,"a":1}');
    expect(serializer.write(schema, parse('{"a":1}'))).toBe('{"a":1}');
  });
});

describe('what cannot change is written once', () => {
  const line = { $ref: '#/components/schemas/Line' };

  /** An object that counts how often its `sku` is read. */
  function counted(price: unknown) {
    let reads = 0;
    const value = Object.defineProperty({ price }, 'sku', {
      enumerable: true,
      get: () => {
        reads++;
        return 'a';
      },
    });
    return { value: value as JsonObject, reads: () => reads };
  }

  test('a stored record, alone and within what is made anew for each answer', () => {
    const { value, reads } = counted(2);
    const stored = deepFreeze(value);
    expect(serializer.write(line, stored)).toBe('{"sku":"a","price":2.0}');
    const before = reads();
    expect(serializer.write(line, stored)).toBe('{"sku":"a","price":2.0}');
    expect(serializer.write({ $ref: '#/components/schemas/Order' }, { lines: [stored], id: 1 })).toBe(
      '{"id":1,"lines":[{"sku":"a","price":2.0}]}',
    );
    expect(reads()).toBe(before);
  });

  test('by each schema as that schema has it', () => {
    const stored = deepFreeze(parse('{"price":2,"sku":"a"}'));
    expect(serializer.write(line, stored)).toBe('{"sku":"a","price":2.0}');
    expect(serializer.write({ $ref: '#/components/schemas/Free' }, stored)).toBe('{"price":2,"sku":"a"}');
    expect(serializer.write(line, stored)).toBe('{"sku":"a","price":2.0}');
  });

  test('what can change is written each time, also where only something within it can', () => {
    const price = [1];
    const fresh = { sku: 'a', price };
    const half = Object.freeze({ sku: 'a', price });
    expect(serializer.write(line, fresh)).toBe(serializer.write(line, half));
    price.push(2);
    expect(serializer.write(line, fresh)).toBe('{"sku":"a","price":[1,2]}');
    expect(serializer.write(line, half)).toBe('{"sku":"a","price":[1,2]}');
  });
});

test('a record that is frozen at its surface alone is frozen whole', () => {
  const lines = [{ sku: 'a' }];
  const record = deepFreeze(Object.freeze({ lines }));
  expect(() => lines.push({ sku: 'b' })).toThrow(TypeError);
  expect(isDeeplyFrozen(record)).toBe(true);
  expect(isDeeplyFrozen({ record })).toBe(false);
});
