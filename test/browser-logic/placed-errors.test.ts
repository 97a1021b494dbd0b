/**
 * Which field of a form a refusal stands at.
 */
import { expect, test } from 'vitest';
import { placeErrors } from '../../src/browser/placed-errors.js';

const fields = ['/name', '/fault', '/fault/latency'];

test.each([
  ['/name', '/name'],
  ['/fault/latency/uniform/0', '/fault/latency'],
  ['/fault/respond/status', '/fault'],
  ['/names', ''],
  ['/match', ''],
  ['', ''],
])('an error at %j stands at %j', (pointer, field) => {
  expect([...placeErrors([{ pointer, message: 'wrong' }], fields)]).toEqual([[field, ['wrong']]]);
});

test('a field has all that is wrong with it', () => {
  const errors = [
    { pointer: '/name', message: 'one' },
    { pointer: '/name', message: 'two' },
  ];
  expect(placeErrors(errors, fields).get('/name')).toEqual(['one', 'two']);
});
