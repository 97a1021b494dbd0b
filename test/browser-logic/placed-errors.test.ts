/**
 * Which field of a form a refusal stands at.
 */
import { expect, test } from 'vitest';
import { inWords, placeErrors } from '../../src/browser/placed-errors.js';

const fields = ['/name', '/fault', '/fault/latency'];

test.each([
  ['/name', '/name'],
  ['/fault/latency/uniform/0', '/fault/latency'],
  ['/fault/respond/status', '/fault'],
  ['/names', ''],
  ['/match', ''],
  ['', ''],
])('an error at %j stands at %j', (pointer, field) => {
  const error = { pointer, rule: 'type', message: 'wrong' };
  expect([...placeErrors([error], fields)]).toEqual([[field, [error]]]);
});

test('a field has all that is wrong with it', () => {
  const errors = [
    { pointer: '/name', rule: 'type', message: 'one' },
    { pointer: '/name', rule: 'pattern', message: 'two' },
  ];
  expect(placeErrors(errors, fields).get('/name')).toEqual(errors);
});

test('a pattern is told in the words of the field, where it has some', () => {
  const error = {
    pointer: '/name',
    rule: 'pattern',
    message: '/name: must match pattern "^[a-z]+$". Received "a. b".',
  };
  expect(inWords(error, true)).toBe('"a. b" is not like that.');
  expect(inWords({ ...error, message: 'wrong' }, true)).toBe('This is not like that.');
  expect(inWords(error, false)).toBe(error.message);
  expect(inWords({ ...error, rule: 'maxLength', message: 'too long' }, true)).toBe('too long');
});
