/**
 * The verdict on stored records: given once for each version and schema, and each time for what can change.
 */
import { expect, test } from 'vitest';
import { deepFreeze } from '../../src/frozen.js';
import { type JsonObject, parse } from '../../src/json.js';
import { Validator } from '../../src/validator.js';
import { makeSchemas } from './fixture.js';

const document = makeSchemas(`
  Payment: { type: object, required: [id], properties: { id: { type: integer }, lines: { type: array, items: { type: string } } } }
  Named: { type: object, required: [name], properties: { name: { type: string } } }
  Page: { type: object, properties: { items: { type: array, items: { $ref: '#/components/schemas/Payment' } } } }
`);

const reference = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` });

function makeCheck() {
  const validator = new Validator(document);
  return (name: string, value: JsonObject) =>
    validator.check(reference(name), 'response', value, 'body').map(({ message }) => message);
}

/** A record that counts how often its `id` is read. */
function counted(id: unknown) {
  let reads = 0;
  const record = Object.defineProperty({}, 'id', {
    enumerable: true,
    get: () => {
      reads++;
      return id;
    },
  });
  return { record: deepFreeze(record as JsonObject), reads: () => reads };
}

test('a record that conformed is not looked at again, alone or in a page', () => {
  const check = makeCheck();
  const { record, reads } = counted(1);
  expect(check('Payment', record)).toEqual([]);
  const before = reads();
  expect(before).toBeGreaterThan(0);
  expect(check('Payment', record)).toEqual([]);
  expect(check('Page', { items: [record, record] })).toEqual([]);
  expect(reads()).toBe(before);
});

test('a record that does not conform is told each time, with its place', () => {
  const check = makeCheck();
  const { record } = counted('one');
  for (let time = 0; time < 2; time++) {
    expect(check('Payment', record)).toEqual(['/id: must be integer. Received "one".']);
    expect(check('Page', { items: [deepFreeze({ id: 1 }), record] })).toEqual([
      '/items/1/id: must be integer. Received "one".',
    ]);
  }
});

test('a verdict is that of one schema', () => {
  const check = makeCheck();
  const record = deepFreeze(parse('{"id":1}')) as JsonObject;
  expect(check('Payment', record)).toEqual([]);
  expect(check('Named', record)).toEqual(['The body: name is required.']);
  expect(check('Payment', record)).toEqual([]);
});

test('what can change is judged each time, also where only something within it can', () => {
  const check = makeCheck();
  const lines: unknown[] = ['a'];
  const fresh = { id: 1, lines } as JsonObject;
  const half = Object.freeze({ id: 1, lines }) as JsonObject;
  expect([...check('Payment', fresh), ...check('Payment', half)]).toEqual([]);
  lines.push(1);
  const wrong = ['/lines/1: must be string. Received 1.'];
  expect(check('Payment', fresh)).toEqual(wrong);
  expect(check('Payment', half)).toEqual(wrong);
});
